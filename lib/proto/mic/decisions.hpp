// SPDX-License-Identifier: MIT
//
// What the specification of MIC leaves open, and how it is decided here: nobody has the original
// server. 1 to 27 are the open questions of spec/mic.md §16 under their numbers, the rest came up
// while this was written. Code refers to them as (decisions.hpp, N). "The client" is chatsock.dll,
// the only one whose needs are known, and mschat.ocx a program that uses it. Only reasons live
// here: codec and session hold the code.

#pragma once

//  1  The answer to the probe is `YESMIC 1` or `YESMIC 0`, then the packages with one space before
//     each, then CR LF. The flag is always there, because the client takes the first word for it.
//  2  EVENTRESULT with NONE goes out for those requests that cause no event to their sender and no
//     answer, so that a program can tell done from lost: away, ban, unban and keyword by
//     SETPROPERTY, KILLUSER, closing a channel that one is not in. The client is silent about it.
//     Messages and invitations are not confirmed: for them silence is success.
//  3  Any Protocol and Version is accepted and BADPROTOCOLVERSION never sent: nothing is known that
//     differs by them, so a refusal would only keep clients out. Description is the real name that
//     IRC shows; where it is empty, Name is.
//  4  EVENTADDNETWORK and EVENTADDSERVER are not sent. The client ignores them, and programs take
//     the first message after the log-on for its verdict. The encoders exist for other front ends.
//  5  Users, channels and members draw from one counter, by ones, that passes over what id_usable
//     refuses and over numbers still in use. The client keeps all in one table; it would spread
//     steps of 16 no better (it drops four bits, then takes a remainder) and they would come round
//     sixteen times as soon.
//  6  The object of EVENTRESULT is 0 for CREATECHANNEL and OPENCHANNEL, so that the error reaches
//     whoever called, and the Uid of the request, or 0, for SENDINVITE, SENDUSER and KILLUSER.
//  7  EVENTSSPI has version 0 and repeats the sequence byte of the leg it answers. The client looks
//     at neither.
//  8  CTIME and SERVER_TIME are seconds since 1970, IDLE is seconds. IPADDR holds the four bytes of
//     an IPv4 address in network order, as the UDP address does, and 0 for IPv6 or where it is
//     hidden. HACCT is 0: what is private to the server stays there. SYSTEM and USER1 are answered
//     UNKNOWNPROP, for a number without meaning helps nobody.
//  9  Who is killed gets EVENTDELUSER for himself, with DROPCONNECTION and the reason, and is
//     closed; others get EVENTDELMEMBER in each channel. When a channel is closed each member gets
//     EVENTDELMEMBER for its own member; EVENTDELCHANNEL does nothing in the client and is not
//     sent.
// 10  A knock is a failed OPENCHANNEL for want of an invitation, the right keyword or room, in a
//     channel with mode KNOCK. Hosts get EVENTKNOCK; who knocked gets the plain reason, because the
//     client has words for INVITEONLY and none for KNOCK.
// 11  In a FEED channel nobody but oneself is told of coming and going, and so all is said by the
//     channel itself there, as by somebody who is no member: see 23. In an AUDITORIUM hosts see
//     everybody, others see hosts and themselves. Counts include everybody: so does the limit.
// 12  CREATECHANNEL ends with Subject, ClientGuid, ServiceGuid and Account, in the order of their
//     lengths, as in every other message whose order is known.
// 13  MaxRecords is how many records are sent at most; LAST then stands on the final one, and
//     MOREDATA is not sent, as it would take the next query off the client's queue. AND and OR have
//     no precedence: left to right. The wildcards of MASK are those of IRC, `*` and `?`.
// 14  CHANNEL_BANNED is read as the masks with one space between them, as many whole ones as 255
//     characters hold, and by hosts only.
// 15  Datagrams are the host's to offer, per connection: the sockets are its own. Where it offers
//     none, address, port and cookie are 0, and the client then offers no broadcast. One is
//     believed that comes from the address of the connection (not from a port of it: routers
//     change ports), names a member of its user and its channel, and holds the cookie that this
//     connection was given for it, which is random; what is not is dropped in silence, so that
//     nobody can have answers sent to others. Not believed and not offered: addresses that were
//     only claimed. Ports are taken from 1024 up, by SETPROPERTY or with the request that enters
//     the channel, and confirmed (2). A datagram is data like that of SENDMSG, in rules, limits
//     and filters, but that it does not wait where its sender is too fast; its refusal comes by
//     the connection. It goes to those members alone who named a port. By the connection, SENDUDP
//     is answered NOBROADCAST.
// 16  A character that the receiver's page lacks is `?` in texts and in names, never left out, so
//     that a reader sees that something was there; a name is addressed by its id. Names are never
//     cut below what their length byte can say: half a name would be somebody else's.
// 17  Bodies with flag DATA are nobody's business but the clients'. Whether a client sent poses
//     that way does not matter: they pass.
// 18  Bits outside a word's mask are ignored, the planned ones of the open word among them. A join
//     always comes with its member list, for the client waits for it.
// 19  A taken alias is refused with ALIASEXIST, and one that is missing or illegal with
//     BADUSERALIAS, for which the client has words (it has none for NOALIAS). Names are not made
//     up: the client would not learn its own before it is on a channel.
// 20  What the engine's rate limits refuse is answered FLOODING and dropped, and the connection
//     goes on. Who lets his output grow over its bound is closed, as every connection is.
// 21  A member that the sender cannot see is to him no member: UNKNOWNID.
// 22  A password comes in clear and is the host's to check, with Name as the account, whatever its
//     syntax. A wrong one is answered BADACCOUNT, on which the client asks its user again.
// 23  A message from somebody who is no member comes from the channel itself, with `<nick> ` before
//     its text. The client drops every other sender, and shows this one without a name.
// 24  The page of ANSI strings is an option of each listener, windows-1252 unless told otherwise,
//     any single-byte page of Windows, or UTF-8 for clients of today. There are no double-byte
//     pages: their tables hold ten thousands of entries, and whether lengths then count characters
//     or bytes is not known.
// 25  The keyword of CREATECHANNEL is the keyword of the channel. A host key cannot be set over
//     MIC, which has no property for it; who opens a channel with its host key becomes host.
// 26  How programs show a null sender is not known: see 23, which needs no answer.
// 27  Neither the creator nor the joiner of a channel is ever in its member list.
// 28  A frame that cannot be read is answered BADMESSAGE, one whose fields cannot be meant
//     BADPARAMETER, and a reserved type NOTSUPPORTED; see refusal.hpp for each case. None of them
//     breaks the connection but a length that leaves no way to find the next frame.
// 29  Bytes behind the last part make a frame unreadable. Every known client counts exactly, and
//     what one reader skips another might not: filters must see all that a frame says.
// 30  A body that is too long in a receiver's form (ANSI to wide doubles it) is not cut but split
//     by the session; `measure` says where. Reasons are cut there to 63 characters.
// 31  EVENTWHISPER with ten targets and 2000 bytes would be one byte too long: the last targets are
//     then left out of the list, for only their names are lost, and every one still gets it.
// 32  Topics of more than 95 characters, and other texts beyond the table of properties, are cut
//     when they are written: clients of the time had buffers of that size.
// 33  The topic of CREATECHANNEL is an act of its own, for filters judge topics. The client is
//     shown it with its new channel all the same, as its sequence wants, and gets an EVENTPROP with
//     what became of it where that is something else.
// 34  NOALIAS, NOREALNAME, NOREMOTE, SYSOPISHOST and ROOMCHAT are kept and shown and change
//     nothing: there are no real names to force, no remote users, and the core has rights of its
//     own for operators. LOCAL shows in the name.
// 35  A join that a filter hides in shadow is into a channel whose numbers nobody else has, so that
//     the client can enter the real one later: it refuses a number that it knows.
// 36  GUIDs of CREATECHANNEL are acts after it, like its topic (33), which set the properties that
//     IRCX has: ClientGuid CLIENTGUID, and ServiceGuid SERVICEPATH, the nearest, which operators of
//     a channel may not set, for it may name code to load. They stand there as text,
//     "{D6526FE0-E651-11CF-99CB-00C04FD64497}", for that is what IRCX clients write and what names
//     a control in Windows' registry, and go out as the 16 bytes of a struct GUID again; a path
//     that is no GUID has no bytes. 16 bytes of 0 are COM's word for none; another length than 0
//     and 16 is answered BADCHANNELGUID before anything is done.
// 37  User modes that are asked for at log-on become acts after it: EVENTADDUSER shows what a new
//     user has, and an EVENTPROP from and to the user what he then got.
// 38  A filter that drops a question in silence gives the client of MIC an empty answer: it tells
//     answers apart by counting them.
// 39  A channel for MIC alone may be called like a user. Commands of other protocols find channels
//     by names with `#` or `&` alone, so such a name can take nobody's messages.
// 40  A channel is shown in the form of the request that opened it, and an answer has that of its
//     question: clients that log on with wide strings refuse them in channels without UNICODE. What
//     goes to no channel has the form of the log-on.
// 41  In lines, a text of MIC is parted at its line ends, 16 times at most, and where a line is
//     full; an ACTION and a pose of Comic Chat come again with each piece. So nothing is lost, and
//     one frame never becomes hundreds of lines.
// 42  The user mode EVENT is not given, and EVENTADDUSER shows that: MIC has no message for what it
//     wants. Who has MICONLY is no user to talk to for those who speak anything else (401 in IRC,
//     as spec/mic.md §10 has it), in a channel that both are in too; what is said to a whole
//     channel it hears. Like the protocol's own mask, it is asked for at log-on and never later.
// 43  SENDINVITE may name a channel that does not exist: its client allows that. Nothing is kept of
//     it.
// 44  A query over networks or servers is about the one that there is: one record, if it meets the
//     conditions. A server can be asked for its network's number too. Domains, classes, portals and
//     services are no objects here: NOMATCHES. SERVER_IPADDR, IPPORT, HOPS and UPLINK are 0.
// 45  Whose address failed too often to prove who it is (911 of IRCX) is answered BANNED, for which
//     the client has words that fit, and which does not make it ask for another password, as
//     BADACCOUNT does. The connection goes on as after every log-on that failed: it may log on
//     without a password.
