// SPDX-License-Identifier: MIT
//
// Options: their defaults, their ranges, and the copies that the engine keeps. One table of ranges;
// a value outside is refused with the member's place, and nothing is half taken.

#include "abi/handle.hpp"

#include "core/rights.hpp"
#include "session/irc/modes.hpp"
#include "text/ascii.hpp"
#include "text/utf8.hpp"

#include <array>
#include <cstddef>

namespace confab::abi {

namespace {

struct range {
  std::uint16_t offset;
  std::uint32_t least, most;
  const char *problem;
};

#define CONFAB_RANGE(member, least, most)                                                          \
  range { offsetof(confab_engine_options, member), least, most, #member ": out of range" }

constexpr range ranges[] = {
    CONFAB_RANGE(casemap, CONFAB_CASEMAP_ASCII, CONFAB_CASEMAP_RFC1459),
    CONFAB_RANGE(line_bytes_max, 512, 16384),
    CONFAB_RANGE(nick_bytes_max, 1, 64),
    CONFAB_RANGE(username_bytes_max, 1, 64),
    CONFAB_RANGE(realname_bytes_max, 1, 255),
    CONFAB_RANGE(channel_bytes_max, 2, 200),
    CONFAB_RANGE(topic_bytes_max, 1, 16384),
    CONFAB_RANGE(reason_bytes_max, 1, 16384),
    CONFAB_RANGE(away_bytes_max, 1, 16384),
    CONFAB_RANGE(key_bytes_max, 1, 64),
    CONFAB_RANGE(mask_bytes_max, 16, 400),
    CONFAB_RANGE(conns_max, 1, UINT32_MAX),
    CONFAB_RANGE(users_max, 1, UINT32_MAX),
    CONFAB_RANGE(channels_max, 1, UINT32_MAX),
    CONFAB_RANGE(channels_per_user_max, 1, 65535),
    CONFAB_RANGE(members_per_channel_max, 1, UINT32_MAX),
    CONFAB_RANGE(list_entries_max, 1, 65535),
    CONFAB_RANGE(invites_per_user_max, 1, 65535),
    CONFAB_RANGE(targets_max, 1, 512),
    CONFAB_RANGE(modes_max, 1, 512),
    CONFAB_RANGE(whowas_entries_max, 0, 1U << 20),
    CONFAB_RANGE(parked_max, 1, UINT32_MAX),
    CONFAB_RANGE(queued_max, 1, UINT32_MAX),
    CONFAB_RANGE(hooks_max, 1, 65535),
    CONFAB_RANGE(events_max, 0, 1U << 20),
    CONFAB_RANGE(input_backlog_bytes_max, 1024, 1U << 24),
    CONFAB_RANGE(output_backlog_bytes_max, 16384, 1U << 30),
    CONFAB_RANGE(registration_ms_max, 0, UINT32_MAX),
    CONFAB_RANGE(ping_interval_ms, 0, UINT32_MAX),
    CONFAB_RANGE(ping_timeout_ms, 0, UINT32_MAX),
    CONFAB_RANGE(close_linger_ms_max, 1, 3'600'000),
    CONFAB_RANGE(commands_burst_max, 0, 1U << 20),
    CONFAB_RANGE(commands_per_second_max, 0, 1U << 20),
    CONFAB_RANGE(nick_changes_max, 0, 65535),
    CONFAB_RANGE(nick_window_ms, 0, UINT32_MAX),
    CONFAB_RANGE(hook_call_us_max, 0, UINT32_MAX),
    CONFAB_RANGE(hook_second_us_max, 0, UINT32_MAX),
    CONFAB_RANGE(hook_failures_max, 0, UINT32_MAX),
    CONFAB_RANGE(hook_retry_ms, 1, 3'600'000),
    CONFAB_RANGE(deferral_ms_max, 1, 86'400'000),
    CONFAB_RANGE(waiting_max, 1, 65535),
    CONFAB_RANGE(causes_max, 1, 64),
    CONFAB_RANGE(plugins_max, 0, 4096),
    CONFAB_RANGE(additions_max, 0, 65535),
    CONFAB_RANGE(timers_max, 0, 1U << 20),
    CONFAB_RANGE(slots_max, 0, 4096),
    CONFAB_RANGE(auth_failures_max, 0, 65535),
    CONFAB_RANGE(auth_window_ms, 1, UINT32_MAX),
    CONFAB_RANGE(auth_suspension_ms, 1, UINT32_MAX),
    CONFAB_RANGE(auth_addresses_max, 1, 1U << 20),
};
#undef CONFAB_RANGE

constexpr std::array<std::size_t, 10> text_offsets{
    offsetof(confab_engine_options, server_name),
    offsetof(confab_engine_options, server_info),
    offsetof(confab_engine_options, network_name),
    offsetof(confab_engine_options, motd),
    offsetof(confab_engine_options, admin_location),
    offsetof(confab_engine_options, admin_organisation),
    offsetof(confab_engine_options, admin_email),
    offsetof(confab_engine_options, user_modes),
    offsetof(confab_engine_options, channel_modes),
    offsetof(confab_engine_options, packages)};

template <class Member>
const Member &member_at(const confab_engine_options &o, std::size_t offset) {
  return *reinterpret_cast<const Member *>(reinterpret_cast<const char *>(&o) + offset);
}

// A word that stands in protocol lines: the source of the server's messages, a token's value.
bool word_legal(confab_str s, std::size_t bytes_max) noexcept {
  const std::string_view word = core::view(s);
  if (word.size() > bytes_max || word.starts_with(':') || !text::utf8_valid(word))
    return false;
  return std::none_of(word.begin(), word.end(), [](char c) {
    return static_cast<unsigned char>(c) <= ' ' || c == 0x7f || c == '!' || c == '@' || c == '*';
  });
}

// "NTLM,SCRAM-SHA-256": names of letters, digits, `-` and `_`. ANON is none: it is the leave to do
// without one.
bool packages_legal(std::string_view list) noexcept {
  if (list.size() > 200)
    return false;
  while (!list.empty()) {
    const std::size_t end = std::min(list.find(','), list.size());
    const std::string_view name = list.substr(0, end);
    if (name.empty() || end + 1 == list.size() || text::iequals(name, "ANON") ||
        !std::all_of(name.begin(), name.end(), [](char c) {
          return text::is_alpha(c) || text::is_digit(c) || c == '-' || c == '_';
        }))
      return false;
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return true;
}

confab_engine_options defaults() noexcept {
  confab_engine_options o{};
  o.struct_size = sizeof o;
  o.server_name = CONFAB_STR("confab.local");
  o.server_info = CONFAB_STR("confab");
  o.network_name = CONFAB_STR("confab");
  o.user_modes = CONFAB_STR("i");
  o.channel_modes = CONFAB_STR("nt");
  o.line_bytes_max = 512;
  o.nick_bytes_max = 32;
  o.username_bytes_max = 20;
  o.realname_bytes_max = 150;
  o.channel_bytes_max = 200;
  o.topic_bytes_max = 390;
  o.reason_bytes_max = 390;
  o.away_bytes_max = 200;
  o.key_bytes_max = 31; // as of the properties that are keys (IRCX draft §8.2)
  o.mask_bytes_max = 200;
  o.conns_max = 65536;
  o.users_max = 65536;
  o.channels_max = 65536;
  o.channels_per_user_max = 100;
  o.members_per_channel_max = 100'000;
  o.list_entries_max = 100;
  o.invites_per_user_max = 20;
  o.targets_max = 8;
  o.modes_max = 12;
  o.whowas_entries_max = 1000;
  o.parked_max = 4096;
  o.hook_call_us_max = 100'000;
  o.hook_second_us_max = 500'000;
  o.hook_failures_max = 5;
  o.hook_retry_ms = 10'000;
  o.deferral_ms_max = 30'000;
  o.waiting_max = 1024;
  o.causes_max = 16;
  o.plugins_max = 64;
  o.additions_max = 4096;
  o.timers_max = 4096;
  o.slots_max = 256;
  o.queued_max = 65536;
  o.hooks_max = 4096;
  o.input_backlog_bytes_max = 16 * 1024;
  o.output_backlog_bytes_max = 1024 * 1024;
  o.registration_ms_max = 30'000;
  o.ping_interval_ms = 120'000;
  o.ping_timeout_ms = 60'000;
  o.close_linger_ms_max = 5'000;
  o.commands_burst_max = 20;
  o.commands_per_second_max = 4;
  o.nick_changes_max = 5;
  o.nick_window_ms = 30'000;
  // More than a household mistypes; at most some forty guesses an hour of an address. All that is
  // remembered takes less than half a megabyte.
  o.auth_failures_max = 10;
  o.auth_window_ms = 600'000;
  o.auth_suspension_ms = 900'000;
  o.auth_addresses_max = 4096;
  return o;
}

confab_status check(const confab_engine_options &o, option_error &error) noexcept {
  for (const range &r : ranges) {
    const auto value = member_at<std::uint32_t>(o, r.offset);
    if (value < r.least || value > r.most) {
      error = {r.problem, r.offset};
      return CONFAB_ERR_ARG;
    }
  }
  std::uint64_t channel = 0;
  std::uint32_t user = 0;
  if (o.server_name.len == 0 || !word_legal(o.server_name, 63))
    error = {"server_name: not one word of 1 to 63 bytes",
             offsetof(confab_engine_options, server_name)};
  else if (!word_legal(o.network_name, 63))
    error = {"network_name: not one word of at most 63 bytes",
             offsetof(confab_engine_options, network_name)};
  else if (!packages_legal(core::view(o.packages)))
    error = {"packages: not a list of names of packages",
             offsetof(confab_engine_options, packages)};
  else if (!default_modes(o, channel, user))
    error = {"user_modes, channel_modes: a letter that cannot be set from the start",
             offsetof(confab_engine_options, user_modes)};
  else if (o.commands_burst_max != 0 && o.commands_per_second_max == 0)
    error = {"commands_per_second_max: 0 under a throttle",
             offsetof(confab_engine_options, commands_per_second_max)};
  else
    return CONFAB_OK;
  return CONFAB_ERR_ARG;
}

} // namespace

bool default_modes(const confab_engine_options &o, std::uint64_t &channel,
                   std::uint32_t &user) noexcept {
  channel = user = 0;
  const auto channel_letters = session::channel_letters(session::view::irc);
  for (const char c : core::view(o.channel_modes)) {
    const auto row = std::find_if(channel_letters.begin(), channel_letters.end(),
                                  [&](const auto &letter) { return letter.letter == c; });
    if (row == channel_letters.end() || row->type != session::mode_type::d_flag ||
        !core::may_open_with(nullptr, row->mode))
      return false;
    channel |= std::uint64_t{1} << row->mode;
  }
  const auto user_letters = session::user_letters(session::view::irc);
  for (const char c : core::view(o.user_modes)) {
    const auto row = std::find_if(user_letters.begin(), user_letters.end(),
                                  [&](const auto &letter) { return letter.letter == c; });
    if (row == user_letters.end() || row->mode == CONFAB_UMODE_OPERATOR)
      return false;
    user |= row->mode;
  }
  return true;
}

confab_status make_settings(core::memory &from, const confab_engine_options &options,
                            core::settings &out, option_error &error) {
  const confab_status status = check(options, error);
  if (status != CONFAB_OK)
    return status;
  out.values = options;
  try {
    for (std::size_t i = 0; i < text_offsets.size(); ++i) {
      out.texts[i].assign(from, core::view(member_at<confab_str>(options, text_offsets[i])));
      const_cast<confab_str &>(member_at<confab_str>(out.values, text_offsets[i])) =
          core::str(out.texts[i].view());
    }
  } catch (...) {
    for (core::owned_str &text : out.texts)
      text.clear(from);
    throw;
  }
  return CONFAB_OK;
}

} // namespace confab::abi

using namespace confab;

void confab_engine_options_defaults(confab_engine_options *options, uint32_t struct_size) {
  abi::give_defaults(abi::defaults(), options, struct_size);
}

void confab_host_defaults(confab_host *host, uint32_t struct_size) {
  abi::give_defaults(confab_host{}, host, struct_size);
}

void confab_conn_options_defaults(confab_conn_options *options, uint32_t struct_size) {
  confab_conn_options defaults{};
  defaults.address = CONFAB_STR("0");
  abi::give_defaults(defaults, options, struct_size);
}

void confab_user_options_defaults(confab_user_options *options, uint32_t struct_size) {
  abi::give_defaults(confab_user_options{}, options, struct_size);
}
