// SPDX-License-Identifier: MIT
//
// The lists and where they hold: the whole of what an administrator can say, as a value. A change
// is made to a copy and is either complete or refused with a reason; what filters read is never
// half changed. Lists that a change does not touch are shared between the copies. How commands are
// spelled and where state is kept is not known here.
#pragma once

#include "profanity/matcher.hpp"

#include <array>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace profanity {

inline constexpr std::size_t lists_max = 64, entries_per_list_max = 4096, entries_max = 16384;
inline constexpr std::size_t channels_max = 1024, channel_bytes_max = 200;
inline constexpr std::size_t entry_bytes_max = 128, text_bytes_max = 300, name_bytes_max = 32;
inline constexpr std::string_view default_list = "default";

enum class action : std::uint8_t { block, mask, replace };
inline constexpr std::array<std::string_view, 3> action_names{"block", "mask", "replace"};

// Where a list can hold: the words that administrators use for it are scope_names.
enum class scope : std::uint8_t {
  channels,
  priv,
  nicks,
  channel_names,
  topics,
  quit,
  part,
  kick,
  away
};
inline constexpr std::size_t scope_count = 9;
inline constexpr std::array<std::string_view, scope_count> scope_names{
    "channels", "private", "nicknames", "channelnames", "topics", "quit", "part", "kick", "away"};

// What a list did; shared by all copies of it.
struct tally {
  std::uint64_t judged = 0, hits = 0, excepted = 0, blocked = 0, masked = 0, replaced = 0;
};

struct list {
  std::string name;
  action what = action::block;
  std::string reply, replacement = "***";
  bool own_exceptions = false; // else those of the default list
  std::shared_ptr<const matcher> bad, good;
  std::shared_ptr<tally> counts = std::make_shared<tally>();
};

// All that is said of a list at once: what is missing stays.
struct list_change {
  std::optional<action> what;
  std::optional<std::string> reply, replacement;
  std::optional<bool> own_exceptions;
};

// ASCII. Names of lists compare without case.
std::string lower(std::string_view name);

class book {
public:
  explicit book(bool look_alikes); // with the empty default list

  // Each answers "" or why it cannot be; then nothing changed.
  std::string add_list(std::string_view name, const list_change &with);
  std::string change_list(std::string_view name, const list_change &with);
  std::string remove_list(std::string_view name);
  std::string add_entries(std::string_view name, bool good, const std::vector<entry> &entries);
  std::string remove_entry(std::string_view name, bool good, const entry &gone);
  std::string set_scope(scope where, std::string_view name);                // "": nowhere
  std::string set_channel(std::string_view channel, std::string_view name); // "": as all others
  std::string set_look_alikes(bool on);

  const list *find(std::string_view name) const;
  const list *at(scope where) const { return find(scopes_[static_cast<std::size_t>(where)]); }
  // The list that holds in a channel.
  const list *in_channel(std::string_view channel) const;
  const matcher &exceptions_of(const list &of) const {
    return of.own_exceptions ? *of.good : *find(default_list)->good;
  }
  const std::map<std::string, std::shared_ptr<const list>> &lists() const { return lists_; }
  const std::map<std::string, std::string> &channels() const { return channels_; }
  const folding &folds() const { return *folds_; }
  bool shadow = true;
  // Names of channels as they are compared: the engine knows.
  std::function<std::string(std::string_view)> fold_channel = lower;

private:
  std::string edit(std::string_view name, bool good, std::vector<matcher::compiled> entries);
  std::size_t entries() const;

  const folding *folds_;
  std::map<std::string, std::shared_ptr<const list>> lists_;
  std::array<std::string, scope_count> scopes_;
  std::map<std::string, std::string> channels_;
};

} // namespace profanity
