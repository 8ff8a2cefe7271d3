// SPDX-License-Identifier: MIT
//
// The parser of CREATE: see create.hpp. Letters are judged by the table of modes; what each does to
// the command is here.

#include "proto/ircx/create.hpp"

#include "text/ascii.hpp"

#include <algorithm>

namespace confab::ircx {

namespace {

constexpr std::uint64_t limit_max = UINT32_MAX;

bool is_key(std::string_view key) noexcept {
  return !key.empty() && key.size() <= key_bytes_limit &&
         std::none_of(key.begin(), key.end(), [](char c) {
           return static_cast<unsigned char>(c) <= ' ' || c == ',' || c == '\x7f';
         });
}

class reader {
public:
  reader(const irc::message &m, create_command &out) noexcept : m_(m), out_(out) {}

  create_fault read_letters(std::string_view letters) noexcept {
    for (const char letter : letters) {
      const mode_letter *row = find_channel_letter(letter);
      const create_error error =
          row && row->in_create ? apply(row->mode) : create_error::unknown_mode;
      if (error != create_error::none)
        return {error, letter, name_error::none};
    }
    if (out_.force_clone && out_.has(channel_mode::cloneable))
      return {create_error::contradiction, 'e', name_error::none};
    if (next_ < m_.param_count)
      return {create_error::too_many, '\0', name_error::none};
    return {};
  }

private:
  create_error apply(channel_mode mode) noexcept {
    switch (mode) {
    case channel_mode::limit:
      return apply_limit();
    case channel_mode::key:
      return apply_key();
    case channel_mode::create_only:
      out_.only_new = true;
      return create_error::none;
    case channel_mode::clone:
      out_.force_clone = true;
      return create_error::none;
    default:
      break;
    }
    if (is_visibility(mode))
      out_.state = visibility_of(mode);
    else
      out_.flags |= 1U << static_cast<unsigned>(mode);
    return create_error::none;
  }

  create_error apply_limit() noexcept {
    if (limited_)
      return create_error::contradiction;
    limited_ = true;
    if (next_ == m_.param_count)
      return create_error::missing_value;
    const auto limit = text::parse_u64(m_.params[next_++], limit_max);
    if (!limit)
      return create_error::bad_limit;
    out_.limit = static_cast<std::uint32_t>(*limit);
    return create_error::none;
  }

  create_error apply_key() noexcept {
    if (!out_.key.empty())
      return create_error::contradiction;
    if (next_ == m_.param_count)
      return create_error::missing_value;
    const std::string_view key = m_.params[next_++];
    if (!is_key(key))
      return create_error::bad_key;
    out_.key = key;
    return create_error::none;
  }

  const irc::message &m_;
  create_command &out_;
  std::size_t next_ = 2; // the value that is taken next
  bool limited_ = false;
};

} // namespace

numeric numeric_of(create_error error) noexcept {
  switch (error) {
  case create_error::bad_key:
    return IRCERR_BADVALUE;
  case create_error::contradiction:
    return IRCERR_BADCOMMAND;
  case create_error::too_many:
    return IRCERR_TOOMANYARGUMENTS;
  default:
    return numeric{};
  }
}

create_fault parse_create(const irc::message &m, std::size_t channel_bytes_max,
                          create_command &out) noexcept {
  if (m.param_count == 0 || m.params[0].empty())
    return {create_error::too_few, '\0', name_error::none};
  const name_error name = check_channel(m.params[0], channel_bytes_max);
  if (name != name_error::none)
    return {create_error::bad_name, '\0', name};
  create_command command;
  command.channel = m.params[0];
  std::string_view letters = m.param(1);
  if (letters.starts_with('+'))
    letters.remove_prefix(1);
  command.has_modes = !letters.empty();
  const create_fault fault =
      m.param_count > 1 ? reader(m, command).read_letters(letters) : create_fault{};
  if (fault.error != create_error::none)
    return fault;
  out = command;
  return {};
}

} // namespace confab::ircx
