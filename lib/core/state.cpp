// SPDX-License-Identifier: MIT
//
// The few functions of the nouns that need a body of their own: see state.hpp.
// What a name may look like is checked before it comes here.

#include "core/state.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace confab::core {

identity identity::make(memory &from, std::string_view nick, std::string_view username,
                        std::string_view hostname, std::string_view realname) {
  assert(nick.size() <= UINT8_MAX);
  assert(username.size() <= UINT8_MAX);
  assert(hostname.size() <= UINT8_MAX);
  assert(realname.size() <= UINT8_MAX);
  char buffer[4 * UINT8_MAX + 2];
  std::size_t used = 0;
  const auto put = [&](std::string_view part) {
    used += part.copy(buffer + used, sizeof buffer - used);
  };
  put(nick);
  put("!");
  put(username);
  put("@");
  put(hostname);
  put(realname);
  identity made;
  made.text.assign(from, {buffer, used});
  made.nick_len = static_cast<std::uint8_t>(nick.size());
  made.username_len = static_cast<std::uint8_t>(username.size());
  made.hostname_len = static_cast<std::uint8_t>(hostname.size());
  return made;
}

void identity::swap(identity &other) noexcept {
  text.swap(other.text);
  std::swap(nick_len, other.nick_len);
  std::swap(username_len, other.username_len);
  std::swap(hostname_len, other.hostname_len);
}

std::size_t access_list::count(std::uint32_t list) const noexcept {
  return static_cast<std::size_t>(
      std::count_if(entries.begin(), entries.end(),
                    [&](const access_entry &entry) { return entry.list == list; }));
}

access_entry *access_list::find(text::casemap map, std::uint32_t list,
                                std::string_view mask) noexcept {
  const auto at = std::find_if(entries.begin(), entries.end(), [&](const access_entry &entry) {
    return entry.list == list && text::equal(map, entry.mask.view(), mask);
  });
  return at != entries.end() ? &*at : nullptr;
}

void access_list::erase(memory &from, access_entry &entry) noexcept {
  for (owned_str *text : {&entry.mask, &entry.set_by, &entry.reason})
    text->clear(from);
  const auto gone = entries.begin() + (&entry - entries.data());
  for (auto next = gone; next + 1 != entries.end(); ++next)
    next->swap(*(next + 1));
  entries.pop_back();
}

void access_list::clear(memory &from) noexcept {
  for (access_entry &entry : entries)
    for (owned_str *text : {&entry.mask, &entry.set_by, &entry.reason})
      text->clear(from);
  entries.clear();
}

void access_entry::swap(access_entry &other) noexcept {
  mask.swap(other.mask);
  set_by.swap(other.set_by);
  reason.swap(other.reason);
  std::swap(set_s, other.set_s);
  std::swap(expires_s, other.expires_s);
  std::swap(list, other.list);
  std::swap(by_owner, other.by_owner);
}

} // namespace confab::core
