// SPDX-License-Identifier: MIT
//
// Verbs of the connection itself: capabilities, registration, liveness, the end; and a user's own
// nick and away state. CAP, PASS, NICK, USER, PING, PONG and QUIT are answered before registration
// (modern.ircdocs.horse).

#include "session/irc/dialect.hpp"

#include "proto/irc/names.hpp"
#include "proto/ircv3/caps.hpp"
#include "session/format.hpp"
#include "text/ascii.hpp"
#include "text/utf8.hpp"

#include <cstring>

namespace confab::session {

namespace {

std::string_view cut(std::string_view text, std::uint32_t bytes_max) noexcept {
  return text.substr(0, text::utf8_cut(text, bytes_max));
}

void send_cap(const command &cmd, std::string_view sub, std::string_view names) {
  cmd.d.send_line(cmd.c, "CAP", {cmd.d.nick_of(cmd.c), sub}, names);
}

// Collects ":server CAP nick SUB :names" lines. Only LS of version 302 may continue in a further
// line, and has values; for the others the names fit into one (extend_client.h bounds them).
class cap_lines {
public:
  cap_lines(const command &cmd, std::string_view sub, bool values) noexcept
      : cmd_(cmd), sub_(sub), values_(values) {}

  void add(std::string_view name, std::string_view value) {
    const bool valued = values_ && !value.empty();
    const std::size_t size = name.size() + (valued ? value.size() + 1 : 0);
    if (used_ + size + 1 > sizeof names_) {
      cmd_.d.send_line(cmd_.c, "CAP", {cmd_.d.nick_of(cmd_.c), sub_, "*"}, {names_, used_});
      used_ = 0;
    }
    if (used_ > 0)
      names_[used_++] = ' ';
    put(name);
    if (valued) {
      names_[used_++] = '=';
      put(value);
    }
  }
  void finish() { send_cap(cmd_, sub_, {names_, used_}); }

private:
  void put(std::string_view part) noexcept {
    std::memcpy(names_ + used_, part.data(), part.size());
    used_ += part.size();
  }

  const command &cmd_;
  std::string_view sub_;
  bool values_;
  char names_[400];
  std::size_t used_ = 0;
};

void cap_list(const command &cmd, std::string_view sub, std::uint32_t bits, bool values) {
  cap_lines out(cmd, sub, values);
  for (const ircv3::capability_row &row : ircv3::capabilities())
    if ((row.bit & bits) != 0)
      out.add(row.name, {});
  for (const core::addition *a : cmd.w.added.capabilities)
    if (a && !a->dead && (a->number & bits) != 0)
      out.add(a->name(), a->more.view());
  out.finish();
}

std::uint32_t find_capability(const core::world &w, std::string_view name) noexcept {
  for (const core::addition *a : w.added.capabilities)
    if (a && !a->dead && a->name() == name)
      return a->number;
  return ircv3::find_capability(name);
}

// All or nothing: one unknown name and the whole request is refused, in its own words.
void cap_req(const command &cmd) {
  std::uint32_t bits = cmd.c.capabilities;
  std::string_view rest = cmd.param(1);
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(' '), rest.size());
    std::string_view name = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (name.empty())
      continue;
    const bool off = name.starts_with('-');
    name.remove_prefix(off ? 1 : 0);
    const std::uint32_t bit = find_capability(cmd.w, name);
    if (bit == 0)
      return send_cap(cmd, "NAK", cmd.param(1));
    bits = off ? bits & ~bit : bits | bit;
  }
  cmd.d.set_capabilities(cmd.c, bits);
  send_cap(cmd, "ACK", cmd.param(1));
}

constexpr std::string_view default_username = "user";

} // namespace

void verb_cap(const command &cmd) {
  if (!cmd.c.may_speak(CONFAB_PROTOCOL_IRCV3))
    return cmd.d.reply(cmd.c, irc::ERR_UNKNOWNCOMMAND, {"CAP"});
  const std::string_view sub = cmd.param(0);
  const bool registered = cmd.c.who != nullptr;
  cmd.d.note_cap(cmd.c);
  if (text::iequals(sub, "LS") || text::iequals(sub, "REQ")) {
    if (!registered)
      cmd.d.registration_of(cmd.c).negotiating = true;
    if (text::iequals(sub, "LS"))
      cap_list(cmd, "LS", UINT32_MAX, text::parse_u64(cmd.param(1), UINT32_MAX).value_or(0) >= 302);
    else
      cap_req(cmd);
  } else if (text::iequals(sub, "LIST")) {
    cap_list(cmd, "LIST", cmd.c.capabilities, false);
  } else if (text::iequals(sub, "END")) {
    if (registered)
      return; // harmless: capability-negotiation says to ignore it
    cmd.d.registration_of(cmd.c).negotiating = false;
    cmd.d.try_register(cmd.c);
  } else {
    cmd.d.reply(cmd.c, irc::ERR_INVALIDCAPCMD, {sub});
  }
}

void verb_pass(const command &cmd) {
  if (cmd.c.who)
    return cmd.d.reply(cmd.c, irc::ERR_ALREADYREGISTERED);
  // After USER it is too late (RFC 2812 §3.1.1): what was asked of the host must not change under
  // it.
  registration &r = cmd.d.registration_of(cmd.c);
  if (!r.submitted && r.username.empty())
    r.password.assign(cmd.w.mem, cmd.param(0));
}

namespace {

// The nick that a client asks for, as the engine calls it; empty when it can be none. Extended ones
// are for sessions with IRCX, and nobody takes what looks like an alias of one.
std::string_view wanted_nick(const command &cmd, name_buffer &buffer) noexcept {
  const std::string_view wanted = cmd.param(0);
  const std::uint32_t most = cmd.w.limits().nick_bytes_max;
  if (view_of(cmd.c) == view::ircx && wanted.starts_with('\'')) {
    std::size_t size = 0;
    const std::size_t written_max = std::min<std::size_t>(ircx::nick_bytes_limit, buffer.size());
    if (ircx::decode_nick(wanted, written_max, buffer.data(), size) != ircx::name_error::none)
      return {};
    const std::string_view nick{buffer.data(), size};
    return nick.size() <= most ? nick : std::string_view{};
  }
  // One that is too long is cut, as NICKLEN tells clients to expect.
  const std::string_view nick = cut(wanted, most);
  return irc::nick_valid(nick, most) && !ircx::is_alias(nick) ? nick : std::string_view{};
}

} // namespace

void verb_nick(const command &cmd) {
  if (cmd.param(0).empty())
    return cmd.d.reply(cmd.c, irc::ERR_NONICKNAMEGIVEN);
  name_buffer buffer;
  const std::string_view nick = wanted_nick(cmd, buffer);
  if (nick.empty())
    return cmd.d.reply(cmd.c, irc::ERR_ERRONEUSNICKNAME, {cmd.param(0)});
  if (cmd.c.who) {
    core::operation op = cmd.d.make(cmd.c, CONFAB_EVENT_NICK);
    op.event.nick.nick = core::str(nick);
    return cmd.d.submit(std::move(op));
  }
  if (cmd.w.find_user(nick)) {
    name_buffer shown;
    return cmd.d.reply(cmd.c, irc::ERR_NICKNAMEINUSE, {show_nick(view_of(cmd.c), nick, shown)});
  }
  registration &r = cmd.d.registration_of(cmd.c);
  if (r.submitted)
    return; // it is being decided under the nick it gave
  r.nick.assign(cmd.w.mem, nick);
  cmd.d.try_register(cmd.c);
}

void verb_user(const command &cmd) {
  if (cmd.c.who)
    return cmd.d.reply(cmd.c, irc::ERR_ALREADYREGISTERED);
  registration &r = cmd.d.registration_of(cmd.c);
  if (!r.username.empty())
    return cmd.d.reply(cmd.c, irc::ERR_ALREADYREGISTERED);
  if (cmd.param(3).empty()) // RFC 2812 §3.1.3 wants a real name
    return cmd.d.reply(cmd.c, irc::ERR_NEEDMOREPARAMS, {"USER"});
  char name[64];
  const std::size_t most = std::min<std::size_t>(sizeof name, cmd.w.limits().username_bytes_max);
  const std::size_t used = irc::username_clean(cmd.param(0), name, most);
  const std::string_view username = used > 0 ? std::string_view{name, used} : default_username;
  r.realname.assign(cmd.w.mem, cut(cmd.param(3), cmd.w.limits().realname_bytes_max));
  r.username.assign(cmd.w.mem, username);
  cmd.d.try_register(cmd.c);
}

void verb_ping(const command &cmd) {
  if (cmd.param(0).empty())
    return cmd.d.reply(cmd.c, irc::ERR_NOORIGIN);
  cmd.d.send_line(cmd.c, "PONG", {cmd.w.server_name()}, cmd.param(0));
}

// That a line came is the answer: the driver saw it.
void verb_pong(const command &) {}

// Clients do not send it; whoever does is not answered (RFC 2812 §3.7.4).
void verb_error(const command &) {}

void verb_quit(const command &cmd) {
  char text[600];
  const std::string_view why = cut(cmd.param(0), cmd.w.limits().reason_bytes_max);
  // The prefix keeps anybody from leaving with the words of a kill or a time-out.
  cmd.w.doom(cmd.c, CONFAB_DISCONNECT_QUIT,
             why.empty() ? std::string_view("Client quit") : format_into(text, "Quit: {}", why));
}

void verb_away(const command &cmd) {
  core::operation op = cmd.d.make(cmd.c, CONFAB_EVENT_USER_CHANGE);
  op.event.user_change.what = CONFAB_USER_AWAY;
  op.event.user_change.text = core::str(cut(cmd.param(0), cmd.w.limits().away_bytes_max));
  op.event.user_change.set = cmd.param(0).empty() ? 0 : 1;
  cmd.d.submit(std::move(op));
}

} // namespace confab::session
