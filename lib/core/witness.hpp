// SPDX-License-Identifier: MIT
//
// Somebody inside the engine who follows all acts, beside the handlers of plugins: a dialect whose
// clients may listen to what happens (IRCX draft §5.5). While there is none it costs one comparison
// an act. It judges nothing and changes nothing.

#pragma once

#include "core/operation.hpp"

namespace confab::core {

class witness {
public:
  witness() = default;
  witness(const witness &) = delete;
  witness &operator=(const witness &) = delete;
  virtual ~witness() = default;

  // The act is about to be committed: who will be gone behind it is still there.
  virtual void about_to(const operation &op) noexcept = 0;
  // It has ended: CONFAB_OUTCOME_*.
  virtual void ended(const operation &op, const event_box &event,
                     std::uint32_t outcome) noexcept = 0;
};

// Who keeps something under the ids of objects, and has to let go of it when they end.
class mourner {
public:
  mourner() = default;
  mourner(const mourner &) = delete;
  mourner &operator=(const mourner &) = delete;
  virtual ~mourner() = default;

  virtual void gone(confab_id object) noexcept = 0;
};

} // namespace confab::core
