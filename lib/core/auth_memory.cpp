// SPDX-License-Identifier: MIT
//
// Failed proofs by address: see auth_memory.hpp. Everything here takes the same time however many
// addresses are remembered. Who asks, and what a suspended one is told, is for the acts and codecs.

#include "core/auth_memory.hpp"

#include "text/ascii.hpp"

#include <algorithm>
#include <array>

namespace confab::core {

namespace {

constexpr std::size_t groups_kept = 4;

// Reads up to four digits of a group and takes them off. False: that is none.
bool take_group(std::string_view &text, std::uint32_t &value) noexcept {
  std::size_t digits = 0;
  for (value = 0; digits < text.size() && text[digits] != ':'; ++digits) {
    const char c = text::to_lower(text[digits]);
    if (digits == 4 || !(text::is_digit(c) || (c >= 'a' && c <= 'f')))
      return false;
    value = value * 16 + static_cast<std::uint32_t>(text::is_digit(c) ? c - '0' : c - 'a' + 10);
  }
  text.remove_prefix(digits);
  return digits > 0;
}

} // namespace

std::string_view address_group(std::string_view address, char *buffer) noexcept {
  std::string_view rest = address;
  std::array<std::uint32_t, groups_kept> groups{};
  for (std::size_t i = 0; i < groups_kept; ++i) {
    if (!take_group(rest, groups[i]) || !rest.starts_with(':'))
      return address; // IPv4, or no address of the net
    rest.remove_prefix(1);
    if (!rest.starts_with(':'))
      continue;
    rest.remove_prefix(1);
    // "::": zeros, as many as are missing to eight.
    const auto colons = static_cast<std::size_t>(std::count(rest.begin(), rest.end(), ':'));
    const std::size_t written = i + 1 + (rest.empty() ? 0 : colons + 1);
    i += written < 8 ? 8 - written : 0;
  }
  // ::1 and IPv4 in IPv6's clothes (::ffff:192.0.2.1), and what is of one link: that is not the
  // network of one customer.
  const bool zeros = std::all_of(groups.begin(), groups.end(), [](auto g) { return g == 0; });
  if (zeros || (groups[0] & 0xffc0U) == 0xfe80U)
    return address;
  std::size_t used = 0;
  for (const std::uint32_t group : groups) {
    if (used > 0)
      buffer[used++] = ':';
    for (unsigned shift = 16; shift > 0; shift -= 4)
      buffer[used++] = "0123456789abcdef"[group >> (shift - 4) & 0xfU];
  }
  return {buffer, used};
}

std::uint64_t auth_memory::key_of(const whom &who, bool claimed) const noexcept {
  std::array<char, 19> buffer;
  text::hash_key key = key_;
  key.k0 ^= claimed ? 1U : 0U;
  return text::siphash13(key, address_group(who.address, buffer.data()));
}

bool auth_memory::suspended(std::uint64_t key, confab_time now) const noexcept {
  const auto at = entries_.find(key);
  return at != entries_.end() && now < at->second.until;
}

bool auth_memory::suspended(const bounds &set, const whom &who, confab_time now) const noexcept {
  if (set.failures_max == 0 || entries_.empty())
    return false;
  return suspended(key_of(who, false), now) || (who.claimed && suspended(key_of(who, true), now));
}

void auth_memory::fail(const bounds &set, const whom &who, confab_time now) {
  if (set.failures_max == 0 || who.address.empty() || who.address == "0")
    return;
  const auto [at, fresh] = entries_.try_emplace(key_of(who, who.claimed));
  entry &e = at->second;
  if (fresh)
    e.key = at->first;
  else
    unlink(e);
  link_newest(e);
  if (fresh || now - e.began >= set.window || (e.until != 0 && now >= e.until)) {
    e.began = now;
    e.until = 0;
    e.failures = 0;
  }
  e.last = now;
  // One that is suspended already is not judged, but answers of before may still come.
  if (++e.failures >= set.failures_max && e.until == 0)
    e.until = set.suspension < CONFAB_TIME_NEVER - now ? now + set.suspension : CONFAB_TIME_NEVER;
  while (oldest_ != newest_ && (entries_.size() > set.addresses_max ||
                                (now >= oldest_->until && now - oldest_->last >= set.window)))
    forget_oldest();
}

void auth_memory::unlink(entry &e) noexcept {
  (e.older ? e.older->newer : oldest_) = e.newer;
  (e.newer ? e.newer->older : newest_) = e.older;
  e.older = e.newer = nullptr;
}

void auth_memory::link_newest(entry &e) noexcept {
  e.older = newest_;
  (newest_ ? newest_->newer : oldest_) = &e;
  newest_ = &e;
}

void auth_memory::forget_oldest() noexcept {
  entry &e = *oldest_;
  unlink(e);
  entries_.erase(e.key);
}

} // namespace confab::core
