// SPDX-License-Identifier: MIT
//
// Logging on to MIC (spec mic §7.1, §7.2; mic-observed §4.2): anonymous, with a password that the
// host judges, or through a security package of the host's. What fails is told and may be tried
// again.

#include "proto/irc/names.hpp"
#include "proto/ircx/auth.hpp"
#include "proto/mic/modes.hpp"
#include "proto/mic/names.hpp"
#include "session/mic/dialect.hpp"
#include "session/mic/words.hpp"

#include <tuple>
#include <utility>

namespace confab::session {

namespace {

constexpr std::size_t token_bytes_max = mic::frame_bytes_max - 6;

} // namespace

// What goes to no channel is written as the log-on was.
void mic_dialect::set_form(core::conn &c) const noexcept {
  const bool wide = mic::read_header(request_).wide();
  const unsigned others = c.variant & ~unsigned{variant_wide};
  c.variant = static_cast<std::uint16_t>(others | (wide ? unsigned{variant_wide} : 0U));
}

void mic_dialect::on(core::conn &c, const mic::connect_user &request) {
  mic_session &s = session_of(c);
  if (c.who || s.submitted)
    return result(c, 0, mic::result::already_registered);
  const std::string_view alias = text(c, request.alias);
  if (!mic::alias_valid(alias))
    return result(c, 0, mic::result::bad_user_alias);
  const std::string_view name = line(c, request.name, w.limits().realname_bytes_max);
  if (name.empty() || request.name.units() > mic::user_name_max)
    return result(c, 0, mic::result::bad_user_name);
  if (request.password.units() > mic::password_max)
    return result(c, 0, mic::result::bad_account);
  const std::string_view described = line(c, request.description, w.limits().realname_bytes_max);
  std::array<char, 64> room;
  const std::size_t most = std::min<std::size_t>(room.size(), w.limits().username_bytes_max);
  const std::size_t used = irc::username_clean(name, room.data(), most);
  forget(s);
  s.alias.assign(w.mem, alias);
  s.username.assign(w.mem, used > 0 ? std::string_view{room.data(), used} : "user");
  s.realname.assign(w.mem, described.empty() ? name : described);
  s.password.assign(w.mem, text(c, request.password));
  s.account.assign(w.mem, name);
  s.modes = request.modes & mic::user_modes_at_logon;
  s.proven = false;
  s.step = 0;
  set_form(c);
  const bool must_ask = w.asks_password(s.password.view());
  if ((w.limits().flags & CONFAB_ENGINE_NO_ANONYMOUS) != 0 && s.password.empty())
    return result(c, 0, mic::result::auth_only);
  s.submitted = true;
  if (!must_ask)
    return log_on(c);
  core::operation op = make(c, CONFAB_EVENT_AUTHENTICATE);
  op.event.authenticate.mechanism = CONFAB_STR("PASS");
  op.event.authenticate.name = core::str(op.keep(s.account.view()));
  op.event.authenticate.password = core::str(op.keep(s.password.view()));
  op.secret = core::view(op.event.authenticate.password);
  submit(std::move(op));
}

// The first leg names the package and the user; later ones hold nothing but a token.
void mic_dialect::on(core::conn &c, const mic::connect_sspi &request) {
  mic_session &s = session_of(c);
  if (c.who || s.submitted)
    return result(c, 0, mic::result::already_registered);
  const bool first = !request.package.empty() || s.package.empty();
  if (first) {
    const std::string_view package = text(c, request.package);
    const std::string_view alias = text(c, request.alias);
    // One that was not offered (spec mic §7.2): a refused account would ask the user for another.
    if (request.package.units() > mic::package_name_max ||
        ircx::find_package(core::view(w.limits().packages), package) < 0)
      return result(c, 0, mic::result::bad_package);
    if (!mic::alias_valid(alias))
      return result(c, 0, mic::result::bad_user_alias);
    const std::string_view name = line(c, request.name, w.limits().realname_bytes_max);
    std::array<char, 64> room;
    const std::size_t most = std::min<std::size_t>(room.size(), w.limits().username_bytes_max);
    const std::size_t used = irc::username_clean(name, room.data(), most);
    forget(s);
    s.alias.assign(w.mem, alias);
    s.username.assign(w.mem, used > 0 ? std::string_view{room.data(), used} : "user");
    s.realname.assign(w.mem, name.empty() ? alias : name);
    s.account.assign(w.mem, name);
    s.package.assign(w.mem, package);
    s.modes = request.modes & mic::user_modes_at_logon;
    s.proven = false;
    s.step = 0;
    set_form(c);
  }
  s.sequence = request.sequence;
  s.submitted = true;
  core::operation op = make(c, CONFAB_EVENT_AUTHENTICATE);
  op.event.authenticate.mechanism = core::str(op.keep(s.package.view()));
  op.event.authenticate.name = core::str(op.keep(s.account.view()));
  op.event.authenticate.password = core::str(request.token);
  op.event.authenticate.step = ++s.step;
  op.secret = request.token;
  submit(std::move(op));
}

void mic_dialect::challenged(core::conn &c, const core::operation &, std::string_view octets) {
  mic_session &s = session_of(c);
  s.submitted = false;
  send(c, c.variant, mic::event_sspi{0, s.sequence, octets.substr(0, token_bytes_max)});
}

void mic_dialect::authenticated(core::conn &c, const core::operation &op) {
  mic_session &s = session_of(c);
  s.proven = op.granted;
  s.account.assign(w.mem, op.answer);
  const auto before = std::pair(std::exchange(request_, op.request),
                                std::exchange(request_number_, op.request_number));
  log_on(c);
  std::tie(request_, request_number_) = before;
}

void mic_dialect::log_on(core::conn &c) {
  const mic_session &s = session_of(c);
  core::operation op = make(c, CONFAB_EVENT_REGISTER);
  // Kept by the act: what the session keeps goes with the welcome, and observers come after it.
  op.request = op.keep(op.request);
  op.event.registration.nick = core::str(op.keep(s.alias.view()));
  op.event.registration.username = core::str(op.keep(s.username.view()));
  op.event.registration.realname = core::str(op.keep(s.realname.view()));
  op.event.registration.hostname = core::str(c.host());
  op.event.registration.address = core::str(c.address.view());
  op.proven = s.proven;
  op.account = s.proven ? op.keep(s.account.view()) : std::string_view{};
  submit(std::move(op));
}

void mic_dialect::welcome(core::conn &c) {
  mic_session &s = session_of(c);
  const std::uint32_t wanted = s.modes;
  forget(s);
  s.submitted = false;
  s.uid = ids.of(*c.who);
  send(c, c.variant,
       mic::event_add_user{mic::network_number, mic::server_number, s.uid,
                           user_mode_word(*c.who, true)});
  for (const word_bit &row : user_mode_bits())
    if ((wanted & row.bit) != 0 && (c.who->modes & row.mode) == 0) {
      core::operation op = make(c, CONFAB_EVENT_USER_CHANGE);
      op.event.user_change.user = core::world::id(*c.who);
      op.event.user_change.what = CONFAB_USER_MODE;
      op.event.user_change.mode = row.mode;
      op.event.user_change.set = 1;
      submit(std::move(op));
    }
}

} // namespace confab::session
