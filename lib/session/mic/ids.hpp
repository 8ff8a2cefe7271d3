// SPDX-License-Identifier: MIT
//
// The numbers by which MIC calls users, channels and members (decisions.hpp, 5): one space for all,
// counted up, given to an object when a client first has to name it, the same for every client. A
// number goes with its object, and comes round only when all others were used.

#pragma once

#include "core/world.hpp"
#include "proto/mic/frame.hpp"

#include <unordered_map>

namespace confab::session {

class mic_ids final : public core::mourner {
public:
  explicit mic_ids(core::world &world) noexcept
      : w(world), numbers_(&world.mem), objects_(&world.mem) {}
  ~mic_ids() override { w.numbered = nullptr; }

  void gone(confab_id object) noexcept override;

  // The number of a living object. Throws bad_alloc.
  mic::object_id of(confab_id object);
  mic::object_id of(const core::user &who) { return of(core::world::id(who)); }
  mic::object_id of(const core::channel &where) { return of(core::world::id(where)); }
  mic::object_id of(const core::member &m) { return of(core::world::id(m)); }
  // Likewise, of what may be dead by now: 0 then.
  mic::object_id of_living(confab_id object) { return alive(object) ? of(object) : 0; }
  // A number that nothing has, nor will have soon.
  mic::object_id fresh() noexcept;

  // What a number names; null when that is dead, of another kind, or nothing.
  core::user *user_of(mic::object_id number) const noexcept;
  core::channel *channel_of(mic::object_id number) const noexcept;
  core::member *member_of(mic::object_id number) const noexcept;

private:
  bool alive(confab_id object) const noexcept;
  confab_id find(mic::object_id number) const noexcept;

  core::world &w;
  std::pmr::unordered_map<confab_id, mic::object_id> numbers_;
  std::pmr::unordered_map<mic::object_id, confab_id> objects_;
  mic::object_id last_ = 0x100; // those below are the network's and the server's
};

} // namespace confab::session
