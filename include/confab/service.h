/* SPDX-License-Identifier: MIT
 *
 * The service around the channels: user classes, bans with hours, protection against attacks, and
 * registered channels, which are there whoever comes or goes. The host configures all of it at once
 * as a JSON text, and gets it back as one, to keep it wherever it keeps things. Ranges and defaults
 * are those of Microsoft Exchange 5.5 (spec chat-sdk §4).
 *
 * The text is one object; every member may be missing and then has its default; unknown members,
 * members that are there twice, and numbers that are not whole are errors. Texts are UTF-8, one
 * line each.
 *
 *   dynamic_channels       true     users make channels by joining them
 *   operator_owns_dynamic  false    operators of the server own channels that users made
 *   channel_ranks          true     false: nobody becomes operator or owner of a channel
 *   dynamic_limit          0        0..48000: members of a channel that users made; 0: any
 *   default_limit          0        0..48000: of one without a limit of its own; 0: any
 *   protection             "none"   "none", "low", "medium", "high": delays after acts, see below
 *   classes                []       user classes, at most 1000
 *   bans                   []       bans, at most 1000
 *   channels               []       registered channels, at most channels_max with all others
 *
 * A class: of those that match, the first by name is a user's, from when it registers.
 *
 *   name                   needed   1..63 bytes, unique without case
 *   protocols              []       of "irc", "ircv3", "ircx", "mic": what it speaks; empty: any
 *   logon                  "any"    "any", "authenticated", "anonymous"
 *   ident_mask             ""       user@host with * and ?, 63 bytes; matches verified hosts only
 *   address_mask           ""       likewise, of the address
 *   hours                  ""       "09:00-17:30", in UTC, over midnight too; empty: always
 *   no_logon               false    its users do not register, operators neither
 *   no_own                 false    they are neither operators nor owners of channels
 *   no_create              false    they make no channels
 *   no_join_dynamic        false    they enter registered channels only
 *   address_connections    0        0..1000000: connections of one address; 0: any number
 *   channels               0        0..1000000: that a user is in; 0: channels_per_user_max
 *   message_delay_s        0        0..10: added to each delay of the protection
 *   nick_delay_s           0        0..3600: between changes of nick; 3600: never
 *   input_bytes            1024     0..4096: unread input; 0: input_backlog_bytes_max
 *   output_kilobytes       64       1..1024: unsent output, in place of output_backlog_bytes_max
 *
 * Operators of the server are bound by no class but for no_logon and address_connections, and have
 * 1024 kilobytes of output. A ban keeps those from registering who match all its parts; not all may
 * be open. Who is on already stays when one is added or its hours begin, as is recommended for the
 * lists of ACCESS (spec ircx §11.3): a host that wants them gone kills them.
 *
 *   nick, user, host       ""       with * and ?; 23, 63, 127 bytes; host: name or address
 *   hours                  ""       as of a class
 *   reason                 ""       63 bytes, shown to who is kept out
 *
 * A registered channel owns its name, and whoever comes first gets no rank. Its members change its
 * topic, modes, properties and lists as usual, and confab_service_get shows them as they are.
 *
 *   name                   needed   a legal name, unique
 *   modes                  of a new channel; names of modes in small letters, such as "moderated",
 *                                   "topic_locked", "auth_only" (CONFAB_CMODE_*, but for those that
 *                                   the engine sets itself)
 *   topic, topic_by        ""       and who set it
 *   topic_at, created      0        Unix seconds; 0: now
 *   key                    ""       what a JOIN must show
 *   limit                  0        0..2147483647 members; 0: none of its own
 *   autostart              false    listed while it is empty; else only its name is taken
 *   operator_owns          false    operators of the server enter it as owners
 *   properties             {}       SUBJECT, ONJOIN, OWNERKEY, ...: texts as PROP has them; ACCOUNT
 *                                   lets in only those whose account is that one, of that domain
 *                                   ("DOMAIN\name" and masks too)
 *   access                 []       list_entries_max of each: `list` ("ban", "exception",
 *                                   "invite", "grant", "voice", "operator", "owner"), `mask` (both
 *                                   needed), `reason`, `by`, `set`, `expires` (Unix s; 0: never),
 *                                   `by_owner` (only owners remove it)
 *
 * Seconds that a connection waits before its next command is read, after what it did:
 *
 *                          low  medium  high
 *   data, request, reply     1       2     3
 *   invitation               2       4     5
 *   joining                  2       3     4
 *   a wrong channel key      2       4     5
 *   a message                1       2     3
 *   of a channel's operator  1       1     2 */
#ifndef CONFAB_SERVICE_H
#define CONFAB_SERVICE_H

#include <confab/engine.h>

CONFAB_DECLS_BEGIN

/* Takes a whole configuration in the place of the one before. Registered channels that are new are
 * opened; those that differ are changed, and their members told; those that are missing become
 * channels like any other, and end if nobody is in them. A channel that users made under a name
 * that is now registered becomes that one. Connections get their classes anew; nobody is put out.
 * Errors: ERR_ARG (the text is no such configuration: confab_engine_last_error has the place in it,
 * and words such as "classes[2].hours: must be hours"); ERR_REENTRANT; ERR_NOMEM. Nothing changed
 * then.
 * [call: outside-hook] [emits: yes] [allocs: yes] [since: 0.1] */
CONFAB_API confab_status CONFAB_CALL confab_service_set(confab_engine *engine, confab_str json);

/* Writes the configuration as it is now, in the one form that it has: setting it again changes
 * nothing. Bytes in a text that are no UTF-8 are written as question marks. `*needed` is how many
 * bytes it has; what `size` has no room for is not written, and the answer is CONFAB_AGAIN: null
 * and 0 ask for the length alone. There is no NUL at the end.
 * Errors: ERR_ARG.
 * [call: const] [emits: no] [allocs: no] [since: 0.1] */
CONFAB_API confab_status CONFAB_CALL confab_service_get(const confab_engine *engine, char *out,
                                                        size_t size, size_t *needed);

CONFAB_DECLS_END

#endif
