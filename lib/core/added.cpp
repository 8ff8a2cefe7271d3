// SPDX-License-Identifier: MIT
//
// Look-ups among what was added, and the texts that hang on objects: see added.hpp. Additions are
// few, so that a walk finds them; but commands, which strangers can ask for as fast as they like,
// are found by a hash.

#include "core/added.hpp"

#include "text/ascii.hpp"

#include <bit>

namespace confab::core {

registry::~registry() {
  for (std::uint32_t i = all.first(); i != decltype(all)::none; i = all.next(i)) {
    all.at(i).title.clear(mem);
    all.at(i).more.clear(mem);
  }
  while (fallen) {
    hung *following = fallen->next;
    hangs.destroy(fallen);
    fallen = following;
  }
}

addition *registry::find(std::uint32_t kind, std::string_view name) noexcept {
  if (kind == CONFAB_ADDITION_COMMAND)
    return commands.find(name);
  const bool without_case =
      kind >= CONFAB_ADDITION_CHANNEL_MODE && kind <= CONFAB_ADDITION_USER_PROPERTY;
  addition *found = nullptr;
  each(kind, [&](addition &a) {
    if (!found && (without_case ? text::iequals(a.name(), name) : a.name() == name))
      found = &a;
  });
  return found;
}

const addition *registry::user_mode(std::uint32_t bit) const noexcept {
  if ((bit & (bit - 1)) != 0 || (bit & CONFAB_UMODE_ADDED_MASK) == 0) // one bit, and of these
    return nullptr;
  const addition *a =
      user_modes[static_cast<std::size_t>(std::countr_zero(bit >> user_modes_shift))];
  return alive(a) ? a : nullptr;
}

void registry::set_text(confab_id object, confab_id key, std::string_view text) {
  hung *entry = hangs.find(object, key);
  if (text.empty()) {
    if (hung *taken = hangs.take(object, key))
      hangs.destroy(taken);
  } else if (entry) {
    entry->text.assign(mem, text);
  } else {
    entry = hangs.make(object, key);
    try {
      entry->text.assign(mem, text);
    } catch (...) {
      hangs.destroy(entry);
      throw;
    }
    hangs.insert(entry);
  }
}

void registry::fall(hung *chain) noexcept {
  while (chain) {
    hung *entry = chain;
    chain = entry->next;
    entry->next = nullptr;
    if (!entry->data) {
      hangs.destroy(entry);
      continue;
    }
    (fallen_end ? fallen_end->next : fallen) = entry;
    fallen_end = entry;
  }
}

} // namespace confab::core
