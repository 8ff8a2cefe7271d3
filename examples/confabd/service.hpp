// SPDX-License-Identifier: MIT
//
// Classes, bans and registered channels: what the configuration says of them, joined with what the
// members of registered channels made of those, which is kept in the store. What all of it means is
// the engine's (confab/service.h).
#pragma once

#include "options.hpp"
#include "runtime.hpp"
#include "store.hpp"

#include <string>

namespace confabd {

class service {
public:
  explicit service(runtime &rt) : rt_(rt) {}

  // Gives the engine what `config` says; of channels that are kept, or that are there already, only
  // whether they start by themselves and who owns them. Empty, or why everything stays as it was.
  std::string apply(const configuration &config);
  // Back to what apply found: something else failed after it.
  void undo();

  // Looks whether something changed, and saves what did, at most once in a second. At the end of a
  // turn.
  void work();
  // The same at once: before the server ends.
  void save_now();
  std::uint64_t due_ms() const noexcept { return due_ms_; }

private:
  std::string current() const;
  std::string rows_of(const std::string &json, channel_rows &out) const;
  void save();

  runtime &rt_;
  store store_;
  std::string before_; // the engine's state before apply
  std::uint64_t due_ms_ = UINT64_MAX;
};

} // namespace confabd
