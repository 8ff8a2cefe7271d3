// SPDX-License-Identifier: MIT
//
// From a connection to a user: what it says before it is registered, which view it gets, how it
// proves who it is by PASS or AUTH (spec ircx §3 and §4), and the welcome. The verbs that lead here
// are in verbs_session.cpp and verbs_ircx_session.cpp.

#include "session/irc/dialect.hpp"

#include "proto/irc/names.hpp"
#include "proto/ircv3/caps.hpp"
#include "session/format.hpp"
#include "session/irc/modes.hpp"

#include <confab/version.h>

#include <string>
#include <utility>

namespace confab::session {

namespace {

constexpr confab_time auth_exchange_ns = confab_time{ircx::auth_exchange_seconds} * 1'000'000'000;

void set_bits(core::conn &c, std::uint16_t mask, std::uint16_t bits) noexcept {
  c.variant = static_cast<std::uint16_t>((c.variant & ~mask) | bits);
}

void set_view(core::conn &c, view v) noexcept {
  if (is_strict(c.variant)) // capabilities end that, so it is plain IRC or IRCX
    set_bits(c, variant_ircx, v == view::ircx ? std::uint16_t{variant_ircx} : std::uint16_t{0});
  else
    set_bits(c, variant_view, static_cast<std::uint16_t>(v));
}

void set_strict(core::conn &c, bool strict) noexcept {
  const view v = view_of(c);
  set_bits(c, variant_strict | variant_ircx | variant_page,
           strict ? static_cast<std::uint16_t>(variant_strict | page_index(c.code_page))
                  : std::uint16_t{0});
  set_view(c, v);
}

// The user's name as it proved it, for "user@domain".
std::string_view name_proved(std::string_view identity, char *out, std::size_t most) noexcept {
  return {out, irc::username_clean(identity.substr(0, identity.find('@')), out, most)};
}

// Octets that somebody proves himself by do not stay in memory that is freed.
void wipe(std::pmr::string &secret) noexcept {
  volatile char *at = secret.data();
  for (std::size_t i = 0; i < secret.size(); ++i)
    at[i] = '\0';
}

} // namespace

void irc_dialect::open(core::conn &c) {
  c.session = static_cast<irc_session *>(w.mem.create<registration>());
  set_bits(c, UINT16_MAX, 0);
}

void irc_dialect::close(core::conn &c) noexcept {
  auto *kept = static_cast<irc_session *>(std::exchange(c.session, nullptr));
  if (!kept)
    return;
  if (kept->registered)
    return w.mem.destroy(static_cast<ircx_session *>(kept));
  auto *r = static_cast<registration *>(kept);
  for (core::owned_str *text :
       {&r->nick, &r->username, &r->realname, &r->password, &r->package, &r->identity})
    text->clear(w.mem);
  w.mem.destroy(r);
}

// --- views
// -----------------------------------------------------------------------------------------

void irc_dialect::set_capabilities(core::conn &c, std::uint32_t bits) noexcept {
  c.capabilities = bits;
  c.echo = (bits & ircv3::cap_echo_message) != 0;
  set_bits(c, variant_time,
           (bits & ircv3::cap_server_time) != 0 ? std::uint16_t{variant_time} : std::uint16_t{0});
}

// Who knows capabilities knows `~` and UTF-8. Once registered a client has seen how ranks look, so
// what it then asks for leaves that alone.
void irc_dialect::note_cap(core::conn &c) noexcept {
  if (c.who)
    return;
  registration_of(c).capable = true;
  set_strict(c, false);
  if (view_of(c) == view::irc)
    set_view(c, view::v3);
}

// Nothing else tells that family of clients from others; that they get 451 where there is no IRCX
// makes them no others.
void irc_dialect::note_probe(core::conn &c) noexcept {
  registration &r = registration_of(c);
  r.probed = true;
  if (!r.capable)
    set_strict(c, true);
}

void irc_dialect::enable_ircx(core::conn &c) {
  if (view_of(c) == view::ircx)
    return;
  if (c.who)
    c.session = static_cast<irc_session *>(w.mem.create<ircx_session>(w));
  set_view(c, view::ircx);
}

// Microsoft's clients take the length of a line from the last word but one: there is no colon, and
// no field is left out (spec ircx §3.2).
void irc_dialect::send_ircx_state(core::conn &c) noexcept {
  char packages[256], bytes[16];
  const std::string_view offered = core::view(w.limits().packages);
  const bool anonymous = (w.limits().flags & CONFAB_ENGINE_NO_ANONYMOUS) == 0;
  const std::string_view list =
      offered.empty() ? std::string_view(anonymous ? "ANON" : "*")
                      : format_into(packages, "{}{}", offered, anonymous ? ",ANON" : "");
  reply_bare(c, ircx::IRCRPL_IRCX,
             {view_of(c) == view::ircx ? "1" : "0", "0", list,
              format_into(bytes, "{}", w.limits().line_bytes_max), "*"});
}

// --- proving who one is
// ----------------------------------------------------------------------------

void irc_dialect::auth(core::conn &c, const ircx::auth_line &line) {
  registration &r = registration_of(c);
  if (w.now >= deadline(c)) // its line came before the tick that would have told
    return overdue(c);
  const int package = ircx::find_package(core::view(w.limits().packages), line.package);
  const ircx::auth_action action = r.auth.receive(line, {package, false, w.proofs_suspended(c)});
  switch (action) {
  case ircx::auth_action::start:
  case ircx::auth_action::restart:
    r.package.assign(w.mem, line.package);
    r.auth_began = w.now;
    r.auth_step = 0;
    break;
  case ircx::auth_action::step:
    break;
  case ircx::auth_action::failed_close:
    fail_auth(c, line.package, {});
    return w.doom(c, CONFAB_DISCONNECT_DENIED, "Too many failures");
  case ircx::auth_action::registered:
    return reply(c, irc::ERR_ALREADYREGISTERED);
  case ircx::auth_action::suspended: {
    if (c.acts.blocked()) // the host still thinks about what was shown before
      return suspend_auth(c, line.package, {});
    // Not shown to the host, but those who watch see it, as they do of every other door.
    core::operation op = make(c, CONFAB_EVENT_AUTHENTICATE);
    op.event.authenticate.mechanism = core::str(line.package);
    op.event.authenticate.name = core::str(r.nick.view());
    op.event.authenticate.step = ++r.auth_step;
    return submit(std::move(op));
  }
  default:
    return reply(c, ircx::numeric_of(action), {line.package});
  }
  std::pmr::string octets(line.blob, &w.mem);
  octets.resize(ircx::decode_blob(octets, octets.data()));
  core::operation op = make(c, CONFAB_EVENT_AUTHENTICATE);
  op.event.authenticate.mechanism = core::str(r.package.view());
  op.event.authenticate.name = core::str(r.nick.view());
  op.event.authenticate.password = core::str(octets);
  op.event.authenticate.step = ++r.auth_step;
  op.secret = octets;
  submit(std::move(op));
  wipe(octets);
}

confab_time irc_dialect::deadline(const core::conn &c) const noexcept {
  const auto *kept = static_cast<const irc_session *>(c.session);
  if (!kept || kept->registered || !registration_of(c).auth.is_open())
    return CONFAB_TIME_NEVER;
  return registration_of(c).auth_began + auth_exchange_ns;
}

// An exchange was not ended in its time (spec ircx §4.2).
void irc_dialect::overdue(core::conn &c) {
  registration &r = registration_of(c);
  bool close = false;
  if (r.auth.fail(close))
    fail_auth(c, r.package.view(), {});
  w.doom(c, CONFAB_DISCONNECT_TIMEOUT, "Authentication timed out");
}

void irc_dialect::suspend_auth(core::conn &c, std::string_view package,
                               std::string_view text) noexcept {
  const std::string_view why =
      text.empty() ? ircx::text_of(ircx::IRCERR_AUTHENTICATIONSUSPENDED) : text;
  reply(c, ircx::IRCERR_AUTHENTICATIONSUSPENDED, {package}, why);
  w.doom(c, CONFAB_DISCONNECT_DENIED, why);
}

void irc_dialect::fail_auth(core::conn &c, std::string_view package,
                            std::string_view text) noexcept {
  reply(c, ircx::IRCERR_AUTHENTICATIONFAILED, {package},
        text.empty() ? ircx::text_of(ircx::IRCERR_AUTHENTICATIONFAILED) : text);
}

// The host's next message. The line has no source: these clients take no other (spec ircx §4.1).
void irc_dialect::challenged(core::conn &c, const core::operation &, std::string_view octets) {
  registration &r = registration_of(c);
  if (!r.auth.challenge())
    return;
  std::size_t used = 0;
  if (ircx::write_challenge(r.package.view(), octets, reply_.data(), reply_.size(), used))
    return w.send(c, {reply_.data(), used});
  bool close = false;
  if (r.auth.fail(close))
    fail_auth(c, r.package.view(), {});
}

void irc_dialect::authenticated(core::conn &c, const core::operation &op) {
  registration &r = registration_of(c);
  const bool by_package = op.event.authenticate.step > 0;
  if (by_package && !r.auth.succeed())
    return;
  r.identity.assign(w.mem, op.answer);
  r.authenticated = true;
  r.proven = by_package || (op.granted && !r.password.empty());
  if (by_package) {
    const std::string_view who = !op.answer.empty() ? op.answer
                                 : !r.nick.empty()  ? r.nick.view()
                                                    : std::string_view("user");
    std::size_t used = 0;
    if (ircx::write_success(r.package.view(), who, reply_.data(), reply_.size(), used))
      w.send(c, {reply_.data(), used});
  } else {
    r.submitted = false;
  }
  try_register(c);
}

// A package that the host refused, or does not know after all.
void irc_dialect::refuse_package(core::conn &c, const core::operation &op) {
  registration &r = registration_of(c);
  if (op.why.code == CONFAB_REFUSED_AUTH_SUSPENDED)
    return suspend_auth(c, core::view(op.event.authenticate.mechanism), op.why.text.view());
  bool close = false;
  if (!r.auth.fail(close))
    return;
  if (op.why.code == CONFAB_REFUSED_NO_MECHANISM)
    reply(c, ircx::IRCERR_UNKNOWNPACKAGE, {r.package.view()});
  else
    fail_auth(c, r.package.view(), op.why.text.view());
  if (close)
    w.doom(c, CONFAB_DISCONNECT_DENIED, "Too many failures");
}

// --- registering
// ----------------------------------------------------------------------------------

// With AUTH behind it a nick is enough: the rest follows from who it proved to be (spec ircx §4.1).
void irc_dialect::try_register(core::conn &c) {
  registration &r = registration_of(c);
  const bool by_package = r.auth.where() == ircx::auth_exchange::state::done;
  if (r.nick.empty() || r.negotiating || r.submitted || r.auth.is_open() ||
      (r.username.empty() && !by_package))
    return;
  const bool must_ask = w.asks_password(r.password.view());
  if (!must_ask && !r.authenticated && (w.limits().flags & CONFAB_ENGINE_NO_ANONYMOUS) != 0) {
    if (!is_strict(c.variant))
      reply(c, irc::ERR_YOUREBANNEDCREEP, {}, "You must authenticate first");
    return w.doom(c, CONFAB_DISCONNECT_DENIED, "You must authenticate first");
  }
  core::operation op =
      make(c, must_ask && !r.authenticated ? CONFAB_EVENT_AUTHENTICATE : CONFAB_EVENT_REGISTER);
  if (op.type() == CONFAB_EVENT_AUTHENTICATE) {
    op.event.authenticate.mechanism = CONFAB_STR("PASS");
    op.event.authenticate.name = core::str(r.nick.view());
    op.event.authenticate.password = core::str(r.password.view());
    op.secret = r.password.view();
  } else {
    char name[64];
    const std::size_t most = std::min<std::size_t>(sizeof name, w.limits().username_bytes_max);
    std::string_view username = r.username.view();
    if (by_package && (username.empty() || !r.identity.empty()))
      username = name_proved(r.identity.empty() ? r.nick.view() : r.identity.view(), name, most);
    // Kept by the act: welcome drops the registration, and observers come after it.
    username = op.keep(username);
    op.event.registration.nick = core::str(op.keep(r.nick.view()));
    op.event.registration.username = core::str(username);
    op.event.registration.realname =
        core::str(r.realname.empty() ? username : op.keep(r.realname.view()));
    op.event.registration.hostname = core::str(c.host());
    op.event.registration.address = core::str(c.address.view());
    op.account = op.keep(r.identity.view());
    op.proven = r.proven;
  }
  r.submitted = true;
  submit(std::move(op));
}

void irc_dialect::welcome(core::conn &c) {
  close(c); // what it said before registration is in its user now
  const view v = view_of(c);
  if (v == view::ircx)
    c.session = static_cast<irc_session *>(w.mem.create<ircx_session>(w));
  const std::string_view server = w.server_name();
  char text[512];
  const std::string_view network = core::view(w.limits().network_name);
  reply(c, irc::RPL_WELCOME, {},
        format_into(text, "Welcome to the {} IRC Network, {}", network.empty() ? server : network,
                    nick_of(c)));
  reply(
      c, irc::RPL_YOURHOST, {},
      format_into(text, "Your host is {}, running version confab-" CONFAB_VERSION_STRING, server));
  char time[24];
  reply(c, irc::RPL_CREATED, {},
        format_into(text, "This server was created {}",
                    ircv3::format_time(w.unix_ns_of(w.set.values.now), time)));
  std::array<char, 64> umodes, cmodes;
  std::size_t user_count = 0, channel_count = 0;
  each_user_letter(v, w.added, [&](const user_letter &row) { umodes[user_count++] = row.letter; });
  each_channel_letter(v, w.added,
                      [&](const mode_letter &row) { cmodes[channel_count++] = row.letter; });
  reply_bare(c, irc::RPL_MYINFO,
             {server,
              "confab-" CONFAB_VERSION_STRING,
              {umodes.data(), user_count},
              {cmodes.data(), channel_count}});
  send_isupport(c);
  send_lusers(c);
  send_motd(c);
  bool any = false;
  each_user_letter(v, w.added, [&](const user_letter &row) {
    any = any || row.shown == 0 || (c.who->modes & row.shown) != 0;
  });
  if (any)
    send_user_modes(c);
}

// Microsoft's clients wait for a MODE, as if it had been changed: from the bare nick, the letters
// behind a colon (spec ircx §3.5).
void irc_dialect::send_user_modes(core::conn &c) {
  if (!is_strict(c.variant)) {
    core::operation op = make(c, CONFAB_EVENT_QUERY);
    op.event.query.kind = CONFAB_QUERY_MODES;
    op.event.query.user = core::world::id(*c.who);
    return submit(std::move(op));
  }
  std::array<char, 32> letters{'+'};
  std::size_t used = 1;
  each_user_letter(view_of(c), w.added, [&](const user_letter &row) {
    if ((row.shown == 0 || (c.who->modes & row.shown) != 0) && used < letters.size())
      letters[used++] = row.letter;
  });
  const std::string_view nick = nick_of(c);
  irc::line_writer line(reply_.data(), reply_.size(), w.limits().line_bytes_max);
  send(c, line.source(nick).verb("MODE").param(nick).text({letters.data(), used}).finish());
}

} // namespace confab::session
