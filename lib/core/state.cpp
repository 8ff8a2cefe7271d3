// SPDX-License-Identifier: MIT
//
// The few functions of the nouns that need a body of their own: see state.hpp.
// What a name may look like is checked before it comes here.

#include "core/state.hpp"

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

} // namespace confab::core
