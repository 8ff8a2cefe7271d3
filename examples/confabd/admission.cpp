// SPDX-License-Identifier: MIT
//
// The tables behind admission. Counts of open connections are bounded by the sockets there are; the
// memory of attempts is bounded by tracked_max: at the bound the older half is forgotten, which can
// only let somebody in sooner. Nothing here knows sockets or logs.
#include "admission.hpp"

#include <algorithm>
#include <utility>

namespace confabd {
namespace {

constexpr unsigned v4_offset_bits = 96;

bool in_any(const std::vector<ip_prefix> &prefixes, const ip_address &address) {
  return std::any_of(prefixes.begin(), prefixes.end(),
                     [&](const ip_prefix &prefix) { return prefix.contains(address); });
}

template <class counters>
std::uint32_t count_of(const counters &table, const ip_address &address) noexcept {
  const auto found = table.find(address);
  return found == table.end() ? 0 : found->second;
}

template <class counters>
void count_down(counters &table, const ip_address &address) noexcept {
  const auto found = table.find(address);
  if (found != table.end() && --found->second == 0) {
    table.erase(found);
  }
}

} // namespace

std::string_view to_text(admission_result result) noexcept {
  switch (result) {
  case admission_result::admitted:
    return "admitted";
  case admission_result::denied:
    return "denied address";
  case admission_result::per_address:
    return "too many connections from this address";
  case admission_result::per_prefix:
    return "too many connections from this network";
  case admission_result::too_fast:
    return "too many attempts from this address";
  }
  return "unknown";
}

admission::admission(std::uint64_t hash_key)
    : addresses_(0, ip_hash{hash_key}), by_address_(0, ip_hash{hash_key}),
      by_prefix_(0, ip_hash{hash_key}), attempts_(0, ip_hash{hash_key}),
      attempts_before_(0, ip_hash{hash_key}) {}

bool admission::same_groups(const connection_options &options) const noexcept {
  return options.ipv4_address_bits == options_.ipv4_address_bits &&
         options.ipv4_prefix_bits == options_.ipv4_prefix_bits &&
         options.ipv6_address_bits == options_.ipv6_address_bits &&
         options.ipv6_prefix_bits == options_.ipv6_prefix_bits;
}

void admission::configure(const connection_options &options) {
  const bool regroup = !same_groups(options);
  options_ = options;
  if (!regroup) {
    return;
  }
  by_address_.clear();
  by_prefix_.clear();
  for (const auto &[address, count] : addresses_) {
    by_address_[group(address, false)] += count;
    by_prefix_[group(address, true)] += count;
  }
}

bool admission::open_socket(std::uint32_t sockets_max) noexcept {
  if (sockets_ >= sockets_max) {
    return false;
  }
  ++sockets_;
  return true;
}

void admission::close_socket() noexcept { --sockets_; }

admission_result admission::admit(const ip_address &address, std::uint64_t now_ms) {
  if (in_any(options_.deny, address)) {
    return admission_result::denied;
  }
  const ip_address one = group(address, false);
  const ip_address net = group(address, true);
  if (!in_any(options_.exempt, address)) {
    if (attempts_exceeded(one, now_ms)) {
      return admission_result::too_fast;
    }
    if (options_.per_address != 0 && count_of(by_address_, one) >= options_.per_address) {
      return admission_result::per_address;
    }
    if (options_.per_prefix != 0 && count_of(by_prefix_, net) >= options_.per_prefix) {
      return admission_result::per_prefix;
    }
  }
  // Exempt connections are counted too: they are released like all others, and the list may change.
  ++addresses_[address];
  ++by_address_[one];
  ++by_prefix_[net];
  return admission_result::admitted;
}

void admission::release(const ip_address &address) noexcept {
  count_down(addresses_, address);
  count_down(by_address_, group(address, false));
  count_down(by_prefix_, group(address, true));
}

std::size_t admission::tracked() const noexcept {
  return addresses_.size() + by_address_.size() + by_prefix_.size() + attempts_.size() +
         attempts_before_.size();
}

ip_address admission::group(const ip_address &address, bool prefix) const noexcept {
  if (address.is_v4()) {
    const std::uint32_t bits = prefix ? options_.ipv4_prefix_bits : options_.ipv4_address_bits;
    return address.masked(v4_offset_bits + bits);
  }
  return address.masked(prefix ? options_.ipv6_prefix_bits : options_.ipv6_address_bits);
}

// A sliding window of two halves: what was counted in the window before weighs as much as it still
// overlaps the last attempts_window_s seconds. Refused attempts count, so hammering does not pay.
bool admission::attempts_exceeded(const ip_address &address, std::uint64_t now_ms) {
  if (options_.attempts_max == 0) {
    return false;
  }
  const std::uint64_t length_ms = std::uint64_t{options_.attempts_window_s} * 1000;
  rotate_attempts(now_ms / length_ms, false);
  if (attempts_.size() >= options_.tracked_max && !attempts_.contains(address)) {
    rotate_attempts(attempts_window_, true);
  }
  const std::uint64_t left_ms = length_ms - now_ms % length_ms;
  const std::uint64_t before = count_of(attempts_before_, address) * left_ms / length_ms;
  const std::uint64_t made = ++attempts_[address];
  return made + before > options_.attempts_max;
}

void admission::rotate_attempts(std::uint64_t window, bool early) {
  if (window == attempts_window_ && !early) {
    return;
  }
  // After a whole window of silence nothing of the past overlaps.
  const bool adjacent = early || window == attempts_window_ + 1;
  attempts_before_.clear();
  if (adjacent) {
    std::swap(attempts_before_, attempts_);
  }
  attempts_.clear();
  attempts_window_ = window;
}

} // namespace confabd
