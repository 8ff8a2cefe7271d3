// SPDX-License-Identifier: MIT
//
// The shared parts of the IRC dialect: reading a line and finding its verb, building replies,
// welcoming and parting from a client. See dialect.hpp.

#include "session/irc/dialect.hpp"

#include "session/format.hpp"
#include "session/irc/added.hpp"
#include "session/irc/legacy.hpp"
#include "session/irc/view.hpp"
#include "text/ascii.hpp"
#include "text/mask.hpp"

#include <algorithm>

namespace confab::session {

namespace {

constexpr verb verbs[] = {verb{"ACCESS", verb_access, 0, false, true},
                          verb{"ADMIN", verb_admin, 0, false},
                          verb{"AUTH", verb_auth, 0, true, true},
                          verb{"AWAY", verb_away, 0, false},
                          verb{"CAP", verb_cap, 1, true},
                          verb{"CREATE", verb_create, 0, false, true},
                          verb{"DATA", verb_data, 0, false, true},
                          verb{"DIE", verb_die, 0, false},
                          verb{"ERROR", verb_error, 0, true},
                          verb{"EVENT", verb_event, 0, false, true},
                          verb{"EXTMSG", verb_extmsg, 1, true},
                          verb{"HELP", verb_help, 0, false},
                          verb{"HELPOP", verb_help, 0, false},
                          verb{"INFO", verb_info, 0, false},
                          verb{"INVITE", verb_invite, 0, false},
                          verb{"IRCX", verb_ircx, 0, true},
                          verb{"ISIRCX", verb_isircx, 0, true},
                          verb{"ISON", verb_ison, 1, false},
                          verb{"JOIN", verb_join, 1, false},
                          verb{"KICK", verb_kick, 2, false},
                          verb{"KILL", verb_kill, 1, false},
                          verb{"KNOCK", verb_knock, 1, false},
                          verb{"LINKS", verb_links, 0, false},
                          verb{"LIST", verb_list, 0, false},
                          verb{"LISTX", verb_listx, 0, false},
                          verb{"LUSERS", verb_lusers, 0, false},
                          verb{"MODE", verb_mode, 1, false},
                          verb{"MOTD", verb_motd, 0, false},
                          verb{"NAMES", verb_names, 0, false},
                          verb{"NICK", verb_nick, 0, true},
                          verb{"NOTICE", verb_notice, 0, false},
                          verb{"OPER", verb_oper, 2, false},
                          verb{"PART", verb_part, 1, false},
                          verb{"PASS", verb_pass, 1, true},
                          verb{"PING", verb_ping, 0, true},
                          verb{"PONG", verb_pong, 0, true},
                          verb{"PRIVMSG", verb_privmsg, 0, false},
                          verb{"PROP", verb_prop, 0, false, true},
                          verb{"QUIT", verb_quit, 0, true},
                          verb{"REHASH", verb_rehash, 0, false},
                          verb{"REPLY", verb_reply, 0, false, true},
                          verb{"REQUEST", verb_request, 0, false, true},
                          verb{"STATS", verb_stats, 0, false},
                          verb{"TIME", verb_time, 0, false},
                          verb{"TOPIC", verb_topic, 1, false},
                          verb{"USER", verb_user, 4, true},
                          verb{"USERHOST", verb_userhost, 1, false},
                          verb{"VERSION", verb_version, 0, false},
                          verb{"WALLOPS", verb_wallops, 1, false},
                          verb{"WHISPER", verb_whisper, 0, false, true},
                          verb{"WHO", verb_who, 0, false},
                          verb{"WHOIS", verb_whois, 0, false},
                          verb{"WHOWAS", verb_whowas, 0, false}};

static_assert(std::is_sorted(std::begin(verbs), std::end(verbs),
                             [](const verb &a, const verb &b) { return a.name < b.name; }));

} // namespace

// A client's own words are echoed in errors.
std::string_view as_middle(std::string_view word) noexcept {
  while (word.starts_with(':'))
    word.remove_prefix(1);
  word = word.substr(0, word.find_first_of(std::string_view(" \r\n\0", 4)));
  return word.empty() ? std::string_view("*") : word;
}

const verb *find_verb(std::string_view name) noexcept {
  std::array<char, 16> upper;
  if (name.size() > upper.size())
    return nullptr;
  std::transform(name.begin(), name.end(), upper.begin(), text::to_upper);
  const std::string_view wanted{upper.data(), name.size()};
  const auto at = std::lower_bound(std::begin(verbs), std::end(verbs), wanted,
                                   [](const verb &v, std::string_view n) { return v.name < n; });
  return at != std::end(verbs) && at->name == wanted ? &*at : nullptr;
}

std::string_view list_item(std::string_view list, std::size_t index) noexcept {
  for (; index > 0; --index) {
    const std::size_t comma = list.find(',');
    if (comma == std::string_view::npos)
      return {};
    list.remove_prefix(comma + 1);
  }
  return list.substr(0, list.find(','));
}

std::string_view irc_dialect::nick_of(core::conn &c) noexcept {
  if (c.who)
    return show_nick(view_of(c), c.who->is.nick(), nick_);
  if (c.session && !registration_of(c).nick.empty())
    return show_nick(view_of(c), registration_of(c).nick.view(), nick_);
  return "*";
}

std::uint32_t irc_dialect::protocol(const core::conn &c) const noexcept {
  switch (view_of(c)) {
  case view::v3:
    return CONFAB_PROTOCOL_IRCV3;
  case view::ircx:
    return CONFAB_PROTOCOL_IRCX;
  case view::irc:
    break;
  }
  return CONFAB_PROTOCOL_IRC;
}

std::uint16_t irc_dialect::as_typed(const core::conn &c, const core::operation &op) noexcept {
  return static_cast<std::uint16_t>(c.variant | (op.manner & manner_spelled));
}

std::uint16_t irc_dialect::variant_in(const core::conn &c, const core::operation &op,
                                      confab_id channel) noexcept {
  const core::channel *where = w.channels.find(channel);
  const core::member *m = where && c.who ? w.find_member(*c.who, *where) : nullptr;
  return m ? static_cast<std::uint16_t>(c.variant | (m->manner & variant_spelled))
           : as_typed(c, op);
}

core::operation irc_dialect::make(core::conn &c, std::uint16_t type) const noexcept {
  core::operation op(w.mem);
  op.event = core::make_event(type);
  op.origin = &c;
  op.actor = c.who;
  return op;
}

// --- input
// -----------------------------------------------------------------------------------------

void irc_dialect::receive(core::conn &c, std::string_view line) {
  refused_code = 0;
  irc::message m;
  switch (irc::parse(line, m)) {
  case irc::parse_result::empty:
  case irc::parse_result::missing_verb:
    return;
  case irc::parse_result::bad_verb:
    return reply(c, c.who ? irc::ERR_UNKNOWNCOMMAND : irc::ERR_NOTREGISTERED, {as_middle(m.verb)});
  case irc::parse_result::ok:
    break;
  }
  ++w.counters.commands_total;
  if (view_of(c) != view::v3 && (c.who || !registration_of(c).capable))
    read_legacy(m, pages[page_index(c.code_page)], legacy_in_);
  if (line.find('\0') != std::string_view::npos)
    return reply(c, irc::ERR_UNKNOWNERROR, {m.verb}, "A message may not hold a NUL byte");
  const verb *v = find_verb(m.verb);
  if (!c.who && m.param_count == 1 && m.param(0) == "ISIRCX" && text::iequals(m.verb, "MODE")) {
    note_probe(c);
    if (c.may_speak(CONFAB_PROTOCOL_IRCX))
      return send_ircx_state(c);
  }
  if (!v && receive_added(*this, c, m))
    return;
  if (!c.who && !(v && v->before_registration))
    return reply(c, irc::ERR_NOTREGISTERED, {m.verb});
  if (!v || (v->needs_ircx && view_of(c) != view::ircx))
    return reply(c, irc::ERR_UNKNOWNCOMMAND, {m.verb});
  if (m.param_count < v->params_min)
    return reply(c, irc::ERR_NEEDMOREPARAMS, {v->name});
  v->run(command{*this, w, c, m});
}

void irc_dialect::receive_too_long(core::conn &c, std::string_view) {
  reply(c, irc::ERR_INPUTTOOLONG);
}

// --- output
// ----------------------------------------------------------------------------------------

std::string_view irc_dialect::in_page(std::uint16_t variant, std::string_view lines) noexcept {
  const mic::code_page page = page_of(variant);
  return page == mic::code_page::utf8 ? lines : write_legacy(lines, page, legacy_out_);
}

void irc_dialect::send(core::conn &c, std::string_view line) noexcept {
  w.send(c, in_page(c.variant, line));
}

irc::line_writer irc_dialect::begin_reply(core::conn &c, irc::numeric code,
                                          std::span<const std::string_view> middles) noexcept {
  irc::line_writer line(reply_.data(), reply_.size(), w.limits().line_bytes_max);
  line.source(w.server_name()).numeric(code).param(nick_of(c));
  for (const std::string_view middle : middles)
    line.param(as_middle(middle));
  return line;
}

void irc_dialect::reply(core::conn &c, irc::numeric code, words middles) noexcept {
  reply(c, code, middles, irc::text_of(code));
}

void irc_dialect::reply(core::conn &c, irc::numeric code, words middles,
                        std::string_view text) noexcept {
  send(c, begin_reply(c, code, {middles.begin(), middles.size()}).text(text).finish());
}

void irc_dialect::reply_bare(core::conn &c, irc::numeric code, words middles) noexcept {
  reply_bare(c, code, std::span<const std::string_view>{middles.begin(), middles.size()});
}

void irc_dialect::reply_bare(core::conn &c, irc::numeric code,
                             std::span<const std::string_view> middles) noexcept {
  send(c, begin_reply(c, code, middles).finish());
}

void irc_dialect::reply(core::conn &c, ircx::numeric code, words middles) noexcept {
  reply(c, code, middles, ircx::text_of(code));
}

void irc_dialect::reply(core::conn &c, ircx::numeric code, words middles,
                        std::string_view text) noexcept {
  reply(c, static_cast<irc::numeric>(code), middles, text);
}

void irc_dialect::reply_bare(core::conn &c, ircx::numeric code, words middles) noexcept {
  reply_bare(c, static_cast<irc::numeric>(code), middles);
}

void irc_dialect::send_line(core::conn &c, std::string_view verb, words middles,
                            std::string_view text) noexcept {
  irc::line_writer line(reply_.data(), reply_.size(), w.limits().line_bytes_max);
  line.source(w.server_name()).verb(verb);
  for (const std::string_view middle : middles)
    line.param(as_middle(middle));
  send(c, line.text(text).finish());
}

bool irc_dialect::is_here(core::conn &c, std::string_view server) {
  if (server.empty() || text::mask_match(w.casemap(), server, w.server_name()) ||
      w.find_user(server))
    return true;
  reply(c, irc::ERR_NOSUCHSERVER, {server});
  return false;
}

void irc_dialect::ping(core::conn &c) {
  irc::line_writer line(reply_.data(), reply_.size(), w.limits().line_bytes_max);
  send(c, line.verb("PING").text(w.server_name()).finish());
}

void irc_dialect::farewell(core::conn &c, std::string_view reason) {
  char text[600];
  const std::string_view parting = format_into(text, "Closing Link: {} ({})", c.host(), reason);
  irc::line_writer line(reply_.data(), reply_.size(), w.limits().line_bytes_max);
  send(c, line.verb("ERROR").text(parting).finish());
}

} // namespace confab::session
