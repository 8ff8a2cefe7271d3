// SPDX-License-Identifier: MIT
//
// The row of MIC: intents as frames of a client, which names everything by ids that it was told,
// and what it is sent as lines of text in which those ids are names again: two runs of one scene
// give the same text though their ids differ. What an intent means stands elsewhere.
#include "q265267/protocols.hpp"

#include <array>

using confab::test::engine_fixture;
using confab::test::mic_client;
using confab::test::mic_event;
using confab::test::mic_property;

namespace q265267 {

namespace {

constexpr std::uint32_t group_channels = 0xffff0007U;
constexpr std::uint16_t prop_modes = 0x1002, prop_modes2 = 0x1802, prop_alias = 0x3302,
                        prop_away = 0x3307, prop_name = 0x3401, prop_keyword = 0x3402,
                        prop_topic = 0x3403, prop_subject = 0x3404, prop_limit = 0x1408,
                        prop_ban = 0x7410, prop_unban = 0xb410, prop_members = 0x140b;

// The bits of a channel's mode word, in the order of CONFAB_CMODE_*; 0: MIC has no such mode.
constexpr std::array<std::uint32_t, 6> channel_bits{0x10, 0x20, 0x40, 0x08, 0x04, 0x01};

const mic_client &of(const client &self) { return *self.mic; }

std::string change(const client &self, std::uint32_t oid, const mic_property &value) {
  return of(self).build.set_property(oid, {value});
}

std::string switch_bits(const client &self, std::uint32_t oid, std::uint32_t bits, bool set) {
  return change(self, oid, {prop_modes2, set ? bits : 0, bits, {}});
}

std::string mode_change(const intent &what, const client &self) {
  const bool set = what.set != 0;
  const std::uint32_t cid = of(self).cid_of(what.name);
  if (what.type == CONFAB_EVENT_MEMBER_CHANGE)
    return switch_bits(self, of(self).mid_of(what.name, what.nick),
                       what.rank == CONFAB_RANK_VOICE ? 1 : 2, set);
  if (what.type == CONFAB_EVENT_ACCESS)
    return change(self, cid, {set ? prop_ban : prop_unban, 0, 0, what.mask});
  if (what.mode == CONFAB_CMODE_KEY)
    return change(self, cid, {prop_keyword, 0, 0, set ? what.value : ""});
  if (what.mode == CONFAB_CMODE_LIMIT)
    return change(
        self, cid,
        {prop_limit, set ? static_cast<std::uint32_t>(std::stoul(what.value)) : 0, 0, {}});
  return switch_bits(self, cid, channel_bits[what.mode], set);
}

std::string question(const intent &what, client &self) {
  mic_client &mic = *self.mic;
  switch (what.kind) {
  case CONFAB_QUERY_WHO:
    return mic.ask(mic.cid_of(what.name), {}, {prop_alias, prop_modes});
  case CONFAB_QUERY_LIST:
    return mic.ask(group_channels, {}, {prop_name, prop_members, prop_topic, prop_limit});
  default:
    return "";
  }
}

std::string message(const intent &what, const client &self) {
  const mic_client &mic = of(self);
  const bool data = what.kind == CONFAB_MESSAGE_DATA;
  if (what.kind == CONFAB_MESSAGE_WHISPER)
    return mic.build.send_whisper({mic.mid_of(what.context, what.name)}, what.text);
  return what.name.starts_with('#') ? mic.build.send_msg(mic.cid_of(what.name), what.text, data)
                                    : mic.build.send_user(0, what.name, what.text, data);
}

std::string say(const intent &what, client &self) {
  const mic_client &mic = of(self);
  switch (what.type) {
  case CONFAB_EVENT_REGISTER:
    return mic.build.connect_user(what.nick, what.username, {}, 0, what.realname);
  case CONFAB_EVENT_AUTHENTICATE:
    return mic.build.connect_user(what.nick, what.username, what.key, 0, what.realname);
  case CONFAB_EVENT_DISCONNECT:
    return mic.build.close(mic.uid(), what.text);
  case CONFAB_EVENT_NICK:
    return change(self, mic.uid(), {prop_alias, 0, 0, what.nick});
  case CONFAB_EVENT_USER_CHANGE:
    return what.kind == CONFAB_USER_AWAY
               ? change(self, mic.uid(), {prop_away, 0, 0, what.set != 0 ? what.text : ""})
               : switch_bits(self, mic.uid(), 1, what.set != 0);
  case CONFAB_EVENT_MESSAGE:
    return message(what, self);
  case CONFAB_EVENT_JOIN:
    return mic.build.open_channel(what.name, what.key, 1);
  case CONFAB_EVENT_PART:
    return mic.build.leave_channel(mic.cid_of(what.name), what.text);
  case CONFAB_EVENT_KICK:
    return mic.build.close(mic.mid_of(what.name, what.nick), what.text);
  case CONFAB_EVENT_INVITE:
    return mic.build.send_invite(0, what.nick, what.name);
  case CONFAB_EVENT_TOPIC:
    return change(self, mic.cid_of(what.name), {prop_topic, 0, 0, what.text});
  case CONFAB_EVENT_PROPERTY:
    return change(self, mic.cid_of(what.name),
                  {prop_subject, 0, 0, what.set != 0 ? what.text : ""});
  case CONFAB_EVENT_KILL:
    return mic.build.kill_user(0, what.nick, what.text);
  case CONFAB_EVENT_QUERY:
    return question(what, self);
  default:
    return mode_change(what, self);
  }
}

bool can(const intent &what) {
  switch (what.type) {
  case CONFAB_EVENT_REGISTER:
  case CONFAB_EVENT_AUTHENTICATE:
  case CONFAB_EVENT_DISCONNECT:
  case CONFAB_EVENT_NICK:
  case CONFAB_EVENT_JOIN:
  case CONFAB_EVENT_PART:
  case CONFAB_EVENT_KICK:
  case CONFAB_EVENT_INVITE:
  case CONFAB_EVENT_TOPIC:
    return true;
  case CONFAB_EVENT_KILL:
    return !what.nick.starts_with('#');
  case CONFAB_EVENT_MEMBER_CHANGE: // whoever may speak is a speaker
    return what.rank == CONFAB_RANK_OPERATOR;
  case CONFAB_EVENT_USER_CHANGE:
    return what.kind == CONFAB_USER_AWAY ||
           (what.kind == CONFAB_USER_MODE && what.mode == CONFAB_UMODE_INVISIBLE);
  case CONFAB_EVENT_MESSAGE:
    return what.kind == CONFAB_MESSAGE_PRIVMSG || what.kind == CONFAB_MESSAGE_WHISPER ||
           what.kind == CONFAB_MESSAGE_DATA;
  case CONFAB_EVENT_CHANNEL_CHANGE:
    return what.mode < channel_bits.size() || what.mode == CONFAB_CMODE_KEY ||
           what.mode == CONFAB_CMODE_LIMIT;
  case CONFAB_EVENT_ACCESS:
    return what.list == CONFAB_LIST_BAN;
  case CONFAB_EVENT_PROPERTY:
    return what.key == "SUBJECT";
  case CONFAB_EVENT_QUERY:
    return (what.kind == CONFAB_QUERY_WHO && what.name.starts_with('#')) ||
           what.kind == CONFAB_QUERY_LIST;
  default:
    return false;
  }
}

void feed(engine_fixture &chat, confab_id conn, const std::string &bytes) {
  std::size_t consumed = 0;
  confab::test::ignore(
      confab_conn_feed(chat.engine, conn, chat.now, bytes.data(), bytes.size(), &consumed));
}

void greet(engine_fixture &chat, confab_id conn, client &self) {
  self.mic = std::make_unique<mic_client>();
  feed(chat, conn, mic_client::probe());
  feed(chat, conn, self.mic->feed(chat.read(conn)));
}

void enter(engine_fixture &chat, confab_id conn, client &self) {
  greet(chat, conn, self);
  feed(chat, conn, self.mic->build.connect_user(self.nick, self.nick, {}, 0, self.nick + " Real"));
  feed(chat, conn, self.mic->feed(chat.read(conn)));
  (void)self.mic->take_events();
}

// --- what it hears
// ----------------------------------------------------------------------------------

using names = std::map<std::uint32_t, std::string>;

void learn(const mic_client &mic, names &known) {
  if (mic.uid() != 0)
    known[mic.uid()] = "oneself";
  for (const auto &[cid, channel] : mic.channels()) {
    known[cid] = channel.name;
    for (const auto &[mid, member] : channel.members)
      known[mid] = member.alias + " in " + channel.name;
  }
}

std::string name_of(const names &known, std::uint32_t id) {
  if (id == 0)
    return "nobody";
  if (id >= 0xffff0000U)
    return "group " + std::to_string(id & 0xffffU);
  const auto at = known.find(id);
  return at != known.end() ? at->second : "somebody";
}

std::string text_of(const mic_property &p, const names &known) {
  const std::uint16_t plain = p.id & 0x3fffU;
  return " " + std::to_string(p.id) + "=" +
         (plain == 0x1000 || plain == 0x1300 || plain == 0x1400
              ? name_of(known, p.number)
              : std::to_string(p.number) + " " + std::to_string(p.high) + " " + p.text);
}

std::string text_of(const mic_event &e, const names &known) {
  std::string out = "type " + std::to_string(e.type) + " flags " + std::to_string(e.flags);
  for (const std::uint32_t id : {e.oid, e.uid, e.cid, e.mid, e.kid, e.from, e.to})
    if (id != 0)
      out += " [" + name_of(known, id) + "]";
  out += " modes " + std::to_string(e.modes) + " " + std::to_string(e.channel_flags) + " result " +
         (e.result != 0 ? "an error" : "0") + " of " + std::to_string(e.request);
  for (const std::string *text : {&e.name, &e.title, &e.alias, &e.topic, &e.pics, &e.text})
    if (!text->empty())
      out += " \"" + *text + "\"";
  for (const std::uint32_t mid : e.mids)
    out += " to [" + name_of(known, mid) + "]";
  for (const auto &member : e.members)
    out += " member [" + name_of(known, member.mid) + "] " + std::to_string(member.modes);
  for (const auto &record : e.records) {
    out += "\nrecord";
    for (const mic_property &p : record)
      out += text_of(p, known);
  }
  return out + "\n";
}

std::string hear(client &self, const std::string &bytes, std::string &problem) {
  if (!self.mic)
    return bytes;
  mic_client &mic = *self.mic;
  names known;
  learn(mic, known);
  (void)mic.feed(bytes); // what it answers by itself belongs to no act
  learn(mic, known);
  std::string out;
  for (const mic_event &event : mic.take_events())
    if (event.type != 0x14 || event.result != 0) // that it is done: the client is silent about it
      out += text_of(event, known);
  if (problem.empty() && !mic.trouble().empty())
    problem = mic.trouble().front() + " in " + out;
  return out;
}

// EVENTRESULT with an error; the farewell is EVENTDELUSER.
unsigned take_refusals(std::string &heard, bool ends) {
  std::string rest, farewell;
  unsigned refusals = 0;
  for (const std::string &line : pieces(heard)) {
    const bool refuses =
        line.starts_with("type 20 ") && line.find(" result 0 ") == std::string::npos;
    if (refuses)
      ++refusals;
    else if (ends && line.starts_with("type 29 "))
      farewell = line;
    else
      rest += line;
  }
  heard = rest;
  return refusals == 0 && !farewell.empty() ? 1 : refusals;
}

} // namespace

protocol mic_protocol() {
  // A ping: whatever it stands in place of, a client understands it.
  const std::string ping("\x30\x00\x04\x00", 4);
  return {"mic",
          CONFAB_PROTOCOL_MIC,
          false,
          true,
          true,
          greet,
          enter,
          can,
          say,
          hear,
          take_refusals,
          ping,
          "type 48 flags 0 modes 0 0 result 0 of 0\n"};
}

} // namespace q265267
