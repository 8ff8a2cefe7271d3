// SPDX-License-Identifier: MIT
//
// The letters of IRCX: see modes.hpp. Sets of roles are the draft's where it has them; where spec
// ircx §7.2 and §20 decide otherwise the row says so.

#include "proto/ircx/modes.hpp"

#include <algorithm>
#include <array>

namespace confab::ircx {

namespace {

constexpr role_set m_o = role_manager | role_owner;
constexpr role_set m_o_h = m_o | role_host;
constexpr role_set operators = role_sysop | role_manager;
constexpr role_set server = role_server;
// The sender of CREATE is owner of what it creates.
constexpr role_set creator = roles_inside | roles_operator | role_outsider;

using type = letter_type;
using mode = channel_mode;

constexpr std::array<mode_letter, 24> channel_table{{
    {'b', type::list, mode::ban, 'b', m_o_h, roles_none},
    {'l', type::when_set, mode::limit, 'l', m_o_h, creator},
    {'k', type::always, mode::key, 'k', m_o_h, creator}, // hosts by MODE, not by PROP: §20.39
    {'a', type::flag, mode::auth_only, 'R', m_o, creator},
    {'d', type::flag, mode::cloneable, 'D', operators, operators}, // REC §15
    {'e', type::flag, mode::clone, 'E', server, creator},          // "a new clone": §20.10
    {'f', type::flag, mode::no_format, 'F', role_manager, role_manager},
    {'h', type::flag, mode::hidden, 'H', m_o_h, creator},
    {'i', type::flag, mode::invite_only, 'i', m_o_h, creator},
    {'m', type::flag, mode::moderated, 'm', m_o_h, creator},
    {'n', type::flag, mode::no_external, 'n', m_o_h, creator},
    {'p', type::flag, mode::private_, 'p', m_o_h, creator},
    {'r', type::flag, mode::registered, 'r', server, server},
    {'s', type::flag, mode::secret, 's', m_o_h, creator},
    {'t', type::flag, mode::topic_locked, 't', m_o_h, creator},
    {'u', type::flag, mode::knock, 'u', m_o_h, creator},
    {'w', type::flag, mode::no_whisper, 'w', m_o, creator},
    {'x', type::flag, mode::auditorium, 'x', roles_none, creator}, // only in CREATE
    {'y', type::flag, mode::mic_only, '\0', server, server},
    {'z', type::flag, mode::service, 'Z', server, server},
    {'c', type::flag, mode::create_only, '\0', roles_none, creator},
    {'q', type::rank, mode::owner, 'q', m_o, roles_none},
    {'o', type::rank, mode::host, 'o', m_o_h, roles_none},
    {'v', type::rank, mode::voice, 'v', m_o_h, roles_none},
}};

constexpr std::array<rank_prefix, 3> prefix_table{{{mode::owner, 'q', '.', '@', '~'},
                                                   {mode::host, 'o', '@', '@', '@'},
                                                   {mode::voice, 'v', '+', '+', '+'}}};

constexpr std::array<user_letter, 7> user_table{{
    {'a', user_mode::administrator, 'o', false, false, true},
    {'i', user_mode::invisible, 'i', true, false, false},
    {'o', user_mode::sysop, 'o', false, false, true},
    {'s', user_mode::server_notices, 's', true, false, false},
    {'w', user_mode::wallops, 'w', true, false, false},
    {'x', user_mode::ircx, '\0', false, false, false},
    {'z', user_mode::gag, '\0', false, true, false},
}};

} // namespace

std::span<const mode_letter> channel_letters() noexcept { return channel_table; }
std::span<const rank_prefix> rank_prefixes() noexcept { return prefix_table; }
std::span<const user_letter> user_letters() noexcept { return user_table; }

const mode_letter *find_channel_letter(char letter) noexcept {
  const auto at = std::find_if(channel_table.begin(), channel_table.end(),
                               [&](const mode_letter &row) { return row.letter == letter; });
  return at == channel_table.end() ? nullptr : &*at;
}

const mode_letter &row_of(channel_mode wanted) noexcept {
  return *std::find_if(channel_table.begin(), channel_table.end(),
                       [&](const mode_letter &row) { return row.mode == wanted; });
}

mode_answer may_set(const mode_letter &row, role_set who) noexcept {
  if (row.mode == mode::create_only)
    return mode_answer::unknown;
  if (has_any(who, row.set_by | role_server))
    return mode_answer::yes;
  if (has_any(row.set_by, role_host))
    return mode_answer::need_host;
  if (has_any(row.set_by, role_owner))
    return has_any(who, role_host) ? mode_answer::need_owner : mode_answer::need_host;
  return mode_answer::never;
}

mode_answer may_create_with(const mode_letter &row, role_set who) noexcept {
  if (row.create_by == roles_none)
    return mode_answer::unknown;
  return has_any(who, row.create_by | role_server) ? mode_answer::yes : mode_answer::never;
}

mode_answer may_change_rank(channel_mode wanted, bool set, role_set who, role_set target,
                            bool oneself) noexcept {
  if (has_any(who, role_server | role_manager))
    return mode_answer::yes;
  if (has_any(who, role_owner) || (oneself && !set))
    return mode_answer::yes;
  if (!has_any(who, role_host))
    return mode_answer::need_host;
  // A host: owners are beyond its reach, but for voice, which takes nothing from them.
  if (wanted == mode::owner || (wanted == mode::host && has_any(target, role_owner)))
    return mode_answer::need_owner;
  return mode_answer::yes;
}

visibility visibility_of(channel_mode wanted) noexcept {
  switch (wanted) {
  case mode::private_:
    return visibility::private_;
  case mode::hidden:
    return visibility::hidden;
  case mode::secret:
    return visibility::secret;
  default:
    return visibility::public_;
  }
}

char letter_of(visibility state) noexcept {
  switch (state) {
  case visibility::private_:
    return 'p';
  case visibility::hidden:
    return 'h';
  case visibility::secret:
    return 's';
  case visibility::public_:
    break;
  }
  return '\0';
}

visibility change_visibility(visibility was, channel_mode wanted, bool set) noexcept {
  const visibility meant = visibility_of(wanted);
  if (set)
    return meant == visibility::public_ ? was : meant;
  return was == meant ? visibility::public_ : was;
}

const rank_prefix *find_rank_prefix(char prefix) noexcept {
  const auto at = std::find_if(prefix_table.begin(), prefix_table.end(),
                               [&](const rank_prefix &row) { return row.prefix == prefix; });
  return at == prefix_table.end() ? nullptr : &*at;
}

plain_change fold_rank_change(rank was, rank is) noexcept {
  if ((was == rank::none) == (is == rank::none))
    return plain_change::nothing;
  return is == rank::none ? plain_change::take : plain_change::give;
}

const user_letter *find_user_letter(char letter) noexcept {
  const auto at = std::find_if(user_table.begin(), user_table.end(),
                               [&](const user_letter &row) { return row.letter == letter; });
  return at == user_table.end() ? nullptr : &*at;
}

} // namespace confab::ircx
