// SPDX-License-Identifier: MIT
//
// Names in a client's command, as the engine calls them: what a view reads of what was written
// (view.hpp), for verbs. What can be no name stays as it was written, so that the core refuses it
// like any other.

#pragma once

#include "session/irc/dialect.hpp"
#include "session/irc/view.hpp"

namespace confab::session {

// What a manner or a membership keeps of how a channel was written.
constexpr std::uint8_t spelling_of(std::string_view written) noexcept {
  return is_spelled(written) ? static_cast<std::uint8_t>(variant_spelled) : std::uint8_t{0};
}

class named {
public:
  enum class of : std::uint8_t { channel, user, either };

  named(const command &cmd, std::string_view written, of kind) noexcept : written_(written) {
    const bool channel = kind == of::channel || (kind == of::either && looks_like_channel(written));
    const std::string_view read =
        channel ? read_channel(cmd.c, written, buffer_) : read_nick(cmd.c, written, buffer_);
    bad_channel_ = channel && read.empty();
    name_ = read.empty() ? written : read;
  }
  named(const named &) = delete;
  named &operator=(const named &) = delete;
  ~named() = default;

  std::string_view view() const noexcept { return name_; }
  confab_str str() const noexcept { return core::str(name_); }
  // It looks like a channel, and the client's view has no such names.
  bool bad_channel() const noexcept { return bad_channel_; }
  std::uint8_t spelling() const noexcept { return spelling_of(written_); }

private:
  name_buffer buffer_; // first: the name may be a view of it
  std::string_view written_, name_;
  bool bad_channel_ = false;
};

struct channel_named : named {
  channel_named(const command &cmd, std::string_view written) noexcept
      : named(cmd, written, of::channel) {}
};
struct user_named : named {
  user_named(const command &cmd, std::string_view written) noexcept
      : named(cmd, written, of::user) {}
};

} // namespace confab::session
