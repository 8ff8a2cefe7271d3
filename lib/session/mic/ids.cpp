// SPDX-License-Identifier: MIT
//
// Numbers of objects: see ids.hpp. The world tells of deaths once there is a number, so that a
// number is always a living object's; what a client says about a dead one is refused by whoever
// looks it up.

#include "session/mic/ids.hpp"

namespace confab::session {

namespace {
constexpr mic::object_id first_number = 0x101;
}

bool mic_ids::alive(confab_id object) const noexcept {
  switch (confab_id_kind(object)) {
  case CONFAB_KIND_USER:
    return w.users.find(object) != nullptr;
  case CONFAB_KIND_CHANNEL:
    return w.channels.find(object) != nullptr;
  case CONFAB_KIND_MEMBER:
    return w.members.find(object) != nullptr;
  default:
    return false;
  }
}

void mic_ids::gone(confab_id object) noexcept {
  const auto at = numbers_.find(object);
  if (at == numbers_.end())
    return;
  objects_.erase(at->second);
  numbers_.erase(at);
}

mic::object_id mic_ids::fresh() noexcept {
  do {
    last_ = last_ == UINT32_MAX ? first_number : last_ + 1;
  } while (!mic::id_usable(last_) || objects_.count(last_) > 0);
  return last_;
}

mic::object_id mic_ids::of(confab_id object) {
  if (const auto at = numbers_.find(object); at != numbers_.end())
    return at->second;
  w.numbered = this;
  const auto before = last_;
  const mic::object_id number = fresh();
  try {
    objects_.emplace(number, object);
    numbers_.emplace(object, number);
  } catch (...) {
    objects_.erase(number);
    last_ = before;
    throw;
  }
  return number;
}

confab_id mic_ids::find(mic::object_id number) const noexcept {
  const auto at = objects_.find(number);
  return at != objects_.end() ? at->second : 0;
}

core::user *mic_ids::user_of(mic::object_id number) const noexcept {
  return w.users.find(find(number));
}

core::channel *mic_ids::channel_of(mic::object_id number) const noexcept {
  return w.channels.find(find(number));
}

core::member *mic_ids::member_of(mic::object_id number) const noexcept {
  return w.members.find(find(number));
}

} // namespace confab::session
