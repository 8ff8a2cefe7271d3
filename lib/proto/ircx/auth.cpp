// SPDX-License-Identifier: MIT
//
// AUTH: see auth.hpp. The machine is the table of spec ircx §4.2 and nothing else: every pair of
// state and input has an answer, so that no order of lines finds a hole (Q217378).

#include "proto/ircx/auth.hpp"

#include "text/ascii.hpp"
#include "text/quoting.hpp"

#include <algorithm>

namespace confab::ircx {

namespace {

bool append(std::string_view text, char *out, std::size_t size, std::size_t &used) noexcept {
  if (size - used < text.size())
    return false;
  used += text.copy(out + used, text.size());
  return true;
}

// A word of a line without source: it must not be able to become two, or two lines.
bool is_word(std::string_view word) noexcept {
  return !word.empty() && word.front() != ':' && std::none_of(word.begin(), word.end(), [](char c) {
    return static_cast<unsigned char>(c) <= ' ';
  });
}

} // namespace

numeric numeric_of(auth_error error) noexcept {
  switch (error) {
  case auth_error::too_many:
    return IRCERR_TOOMANYARGUMENTS;
  case auth_error::bad_sequence:
    return IRCERR_BADCOMMAND;
  case auth_error::none:
  case auth_error::too_few:
    break;
  }
  return numeric{};
}

numeric numeric_of(auth_action action) noexcept {
  switch (action) {
  case auth_action::cancelled:
  case auth_action::failed:
  case auth_action::failed_close:
  case auth_action::reentered:
    return IRCERR_AUTHENTICATIONFAILED;
  case auth_action::unknown:
    return IRCERR_UNKNOWNPACKAGE;
  case auth_action::done_already:
    return IRCERR_ALREADYAUTHENTICATED;
  case auth_action::suspended:
    return IRCERR_AUTHENTICATIONSUSPENDED;
  case auth_action::start:
  case auth_action::restart:
  case auth_action::step:
  case auth_action::registered:
    break;
  }
  return numeric{};
}

auth_error parse_auth(const irc::message &m, auth_line &out) noexcept {
  if (m.param_count < 2 || m.params[0].empty())
    return auth_error::too_few;
  if (m.param_count > 3)
    return auth_error::too_many;
  const std::string_view sequence = m.params[1];
  auth_line line{m.params[0], auth_sequence::initial, m.param(2)};
  if (sequence == "S")
    line.sequence = auth_sequence::subsequent;
  else if (sequence == "*")
    line.sequence = auth_sequence::abort;
  else if (sequence != "I")
    return auth_error::bad_sequence;
  out = line;
  return auth_error::none;
}

std::size_t decode_blob(std::string_view quoted, char *out) noexcept {
  return text::unquote(quoted, out);
}

int find_package(std::string_view packages, std::string_view package) noexcept {
  // `*` is what 800 shows where there are none (spec §3.2).
  if (package.empty() || package == "*" || text::iequals(package, "ANON"))
    return -1;
  for (int i = 0; !packages.empty(); ++i) {
    const std::size_t end = std::min(packages.find(','), packages.size());
    if (text::iequals(packages.substr(0, end), package))
      return i;
    packages.remove_prefix(std::min(end + 1, packages.size()));
  }
  return -1;
}

bool write_challenge(std::string_view package, std::string_view octets, char *out, std::size_t size,
                     std::size_t &used) noexcept {
  std::size_t at = used;
  const bool good =
      is_word(package) && append("AUTH ", out, size, at) && append(package, out, size, at) &&
      append(" S", out, size, at) &&
      (octets.empty() || (append(" :", out, size, at) &&
                          text::quote(octets, text::quoting::payload, out, size, at))) &&
      append("\r\n", out, size, at);
  if (good)
    used = at;
  return good;
}

bool write_success(std::string_view package, std::string_view identity, char *out, std::size_t size,
                   std::size_t &used) noexcept {
  std::size_t at = used;
  const bool good = is_word(package) && is_word(identity) && append("AUTH ", out, size, at) &&
                    append(package, out, size, at) && append(" * ", out, size, at) &&
                    append(identity, out, size, at) && append(" 0\r\n", out, size, at);
  if (good)
    used = at;
  return good;
}

// --- the exchange
// ---------------------------------------------------------------------------------

auth_action auth_exchange::receive(const auth_line &line, const circumstances &now) noexcept {
  if (now.user_registered)
    return auth_action::registered;
  if (state_ == state::done)
    return auth_action::done_already;
  if (now.suspended)
    return auth_action::suspended;
  if (state_ == state::waiting_for_host)
    return auth_action::reentered;
  if (now.package < 0)
    return auth_action::unknown; // an exchange with another package stays open
  if (line.sequence == auth_sequence::abort) {
    const bool open = is_open();
    state_ = state::idle;
    return open ? auth_action::cancelled : auth_action::failed;
  }
  if (line.sequence == auth_sequence::initial && state_ == state::idle)
    return begin(line, now.package, auth_action::start);
  if (line.sequence == auth_sequence::initial && now.package != package_)
    return begin(line, now.package, auth_action::restart);
  return go_on(line, now.package);
}

auth_action auth_exchange::begin(const auth_line &line, int package, auth_action action) noexcept {
  // Restarting for ever would be an exchange without end: messages are counted on.
  if (action == auth_action::start)
    messages_ = 0;
  bytes_ = 0;
  if (!count(line))
    return drop_failed(true);
  package_ = package;
  state_ = state::waiting_for_host;
  return action;
}

// A line for the exchange that is open, if there is one and it is the line's.
auth_action auth_exchange::go_on(const auth_line &line, int package) noexcept {
  if (state_ != state::waiting_for_client)
    return auth_action::failed; // nothing is open: that costs nothing but the answer
  if (package != package_ || line.sequence != auth_sequence::subsequent)
    return drop_failed();
  if (!count(line))
    return drop_failed(true);
  state_ = state::waiting_for_host;
  return auth_action::step;
}

bool auth_exchange::count(const auth_line &line) noexcept {
  ++messages_;
  bytes_ += line.blob.size();
  return messages_ <= auth_messages_max && bytes_ <= auth_bytes_max;
}

auth_action auth_exchange::drop_failed(bool for_good) noexcept {
  state_ = state::idle;
  return ++failures_ >= auth_failures_max || for_good ? auth_action::failed_close
                                                      : auth_action::failed;
}

bool auth_exchange::challenge() noexcept {
  if (state_ != state::waiting_for_host)
    return false;
  state_ = state::waiting_for_client;
  return true;
}

bool auth_exchange::succeed() noexcept {
  if (state_ != state::waiting_for_host)
    return false;
  state_ = state::done;
  return true;
}

bool auth_exchange::fail(bool &close) noexcept {
  if (!is_open())
    return false;
  close = drop_failed() == auth_action::failed_close;
  return true;
}

} // namespace confab::ircx
