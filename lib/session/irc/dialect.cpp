// SPDX-License-Identifier: MIT
//
// The shared parts of the IRC dialect: reading a line and finding its verb, building replies,
// welcoming and parting from a client. See dialect.hpp.

#include "session/irc/dialect.hpp"

#include "proto/ircv3/caps.hpp"
#include "session/irc/added.hpp"
#include "session/irc/format.hpp"
#include "session/irc/modes.hpp"
#include "text/ascii.hpp"
#include "text/mask.hpp"

#include <confab/version.h>

#include <algorithm>

namespace confab::session {

namespace {

constexpr verb verbs[] = {verb{"ADMIN", verb_admin, 0, false},
                          verb{"AWAY", verb_away, 0, false},
                          verb{"CAP", verb_cap, 1, true},
                          verb{"DIE", verb_die, 0, false},
                          verb{"ERROR", verb_error, 0, true},
                          verb{"EXTMSG", verb_extmsg, 1, true},
                          verb{"HELP", verb_help, 0, false},
                          verb{"HELPOP", verb_help, 0, false},
                          verb{"INFO", verb_info, 0, false},
                          verb{"INVITE", verb_invite, 0, false},
                          verb{"ISON", verb_ison, 1, false},
                          verb{"JOIN", verb_join, 1, false},
                          verb{"KICK", verb_kick, 2, false},
                          verb{"KILL", verb_kill, 1, false},
                          verb{"LINKS", verb_links, 0, false},
                          verb{"LIST", verb_list, 0, false},
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
                          verb{"QUIT", verb_quit, 0, true},
                          verb{"REHASH", verb_rehash, 0, false},
                          verb{"STATS", verb_stats, 0, false},
                          verb{"TIME", verb_time, 0, false},
                          verb{"TOPIC", verb_topic, 1, false},
                          verb{"USER", verb_user, 4, true},
                          verb{"USERHOST", verb_userhost, 1, false},
                          verb{"VERSION", verb_version, 0, false},
                          verb{"WALLOPS", verb_wallops, 1, false},
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

void irc_dialect::open(core::conn &c) {
  c.session = w.mem.create<registration>();
  c.variant = variant_plain;
}

void irc_dialect::close(core::conn &c) noexcept {
  auto *r = static_cast<registration *>(std::exchange(c.session, nullptr));
  if (!r)
    return;
  for (core::owned_str *text : {&r->nick, &r->username, &r->realname, &r->password})
    text->clear(w.mem);
  w.mem.destroy(r);
}

std::string_view irc_dialect::nick_of(core::conn &c) noexcept {
  if (c.who)
    return c.who->is.nick();
  if (c.session && !registration_of(c).nick.empty())
    return registration_of(c).nick.view();
  return "*";
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
  if (line.find('\0') != std::string_view::npos)
    return reply(c, irc::ERR_UNKNOWNERROR, {m.verb}, "A message may not hold a NUL byte");
  const verb *v = find_verb(m.verb);
  if (!v && receive_added(*this, c, m))
    return;
  if (!c.who && !(v && v->before_registration))
    return reply(c, irc::ERR_NOTREGISTERED, {m.verb});
  if (!v)
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
  w.send(c, begin_reply(c, code, {middles.begin(), middles.size()}).text(text).finish());
}

void irc_dialect::reply_bare(core::conn &c, irc::numeric code, words middles) noexcept {
  reply_bare(c, code, std::span<const std::string_view>{middles.begin(), middles.size()});
}

void irc_dialect::reply_bare(core::conn &c, irc::numeric code,
                             std::span<const std::string_view> middles) noexcept {
  w.send(c, begin_reply(c, code, middles).finish());
}

void irc_dialect::send_line(core::conn &c, std::string_view verb, words middles,
                            std::string_view text) noexcept {
  irc::line_writer line(reply_.data(), reply_.size(), w.limits().line_bytes_max);
  line.source(w.server_name()).verb(verb);
  for (const std::string_view middle : middles)
    line.param(as_middle(middle));
  w.send(c, line.text(text).finish());
}

bool irc_dialect::is_here(core::conn &c, std::string_view server) {
  if (server.empty() || text::mask_match(w.casemap(), server, w.server_name()) ||
      w.find_user(server))
    return true;
  reply(c, irc::ERR_NOSUCHSERVER, {server});
  return false;
}

void irc_dialect::set_capabilities(core::conn &c, std::uint32_t bits) noexcept {
  c.capabilities = bits;
  c.echo = (bits & ircv3::cap_echo_message) != 0;
  c.variant = (bits & ircv3::cap_server_time) != 0 ? variant_time : variant_plain;
}

void irc_dialect::ping(core::conn &c) {
  irc::line_writer line(reply_.data(), reply_.size(), w.limits().line_bytes_max);
  w.send(c, line.verb("PING").text(w.server_name()).finish());
}

void irc_dialect::farewell(core::conn &c, std::string_view reason) {
  char text[600];
  const std::string_view parting = format_into(text, "Closing Link: {} ({})", c.host(), reason);
  irc::line_writer line(reply_.data(), reply_.size(), w.limits().line_bytes_max);
  w.send(c, line.verb("ERROR").text(parting).finish());
}

// --- registration
// ----------------------------------------------------------------------------------

void irc_dialect::try_register(core::conn &c) {
  registration &r = registration_of(c);
  if (r.nick.empty() || r.username.empty() || r.negotiating || r.submitted)
    return;
  const bool must_ask =
      !r.password.empty() || (w.limits().flags & CONFAB_ENGINE_PASSWORD_REQUIRED) != 0;
  core::operation op =
      make(c, must_ask && !r.authenticated ? CONFAB_EVENT_AUTHENTICATE : CONFAB_EVENT_REGISTER);
  if (op.type() == CONFAB_EVENT_AUTHENTICATE) {
    op.event.authenticate.mechanism = CONFAB_STR("PASS");
    op.event.authenticate.name = core::str(r.nick.view());
    op.event.authenticate.password = core::str(r.password.view());
    op.secret = r.password.view();
  } else {
    // Kept by the act: welcome drops the registration, and observers come after it.
    op.event.registration.nick = core::str(op.keep(r.nick.view()));
    op.event.registration.username = core::str(op.keep(r.username.view()));
    op.event.registration.realname = core::str(op.keep(r.realname.view()));
    op.event.registration.hostname = core::str(c.host());
    op.event.registration.address = core::str(c.address.view());
  }
  r.submitted = true;
  submit(std::move(op));
}

void irc_dialect::authenticated(core::conn &c) {
  registration &r = registration_of(c);
  r.authenticated = true;
  r.submitted = false;
  try_register(c);
}

void irc_dialect::welcome(core::conn &c) {
  close(c); // what it said before registration is in its user now
  const std::string_view server = w.server_name();
  const std::string_view nick = nick_of(c);
  char text[512];
  const std::string_view network = core::view(w.limits().network_name);
  reply(c, irc::RPL_WELCOME, {},
        format_into(text, "Welcome to the {} IRC Network, {}", network.empty() ? server : network,
                    nick));
  reply(
      c, irc::RPL_YOURHOST, {},
      format_into(text, "Your host is {}, running version confab-" CONFAB_VERSION_STRING, server));
  char time[24];
  reply(c, irc::RPL_CREATED, {},
        format_into(text, "This server was created {}",
                    ircv3::format_time(w.unix_ns_of(w.set.values.now), time)));
  std::array<char, 64> umodes, cmodes;
  std::size_t user_count = 0, channel_count = 0;
  each_user_letter(w.added, [&](const user_letter &row) { umodes[user_count++] = row.letter; });
  each_channel_letter(w.added,
                      [&](const mode_letter &row) { cmodes[channel_count++] = row.letter; });
  reply_bare(c, irc::RPL_MYINFO,
             {server,
              "confab-" CONFAB_VERSION_STRING,
              {umodes.data(), user_count},
              {cmodes.data(), channel_count}});
  send_isupport(c);
  send_lusers(c);
  send_motd(c);
  if (c.who->modes != 0) {
    core::operation op = make(c, CONFAB_EVENT_QUERY);
    op.event.query.kind = CONFAB_QUERY_MODES;
    op.event.query.user = core::world::id(*c.who);
    submit(std::move(op));
  }
}

// As if it had just joined: that is what a client understands.
void irc_dialect::resumed(core::conn &c, const core::channel &where) {
  irc::line_writer line(reply_.data(), reply_.size(), w.limits().line_bytes_max);
  w.send(c, line.source(c.who->is.source()).verb("JOIN").param(where.name()).finish());
  entered(c, where);
}

void irc_dialect::entered(core::conn &c, const core::channel &where) {
  if (!where.topic.empty())
    row_topic(c, where);
  core::operation op = make(c, CONFAB_EVENT_QUERY);
  op.event.query.kind = CONFAB_QUERY_NAMES;
  op.event.query.channel = core::world::id(where);
  op.event.query.name = core::str(where.name());
  submit(std::move(op));
}

} // namespace confab::session
