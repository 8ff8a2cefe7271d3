// SPDX-License-Identifier: MIT
//
// What operators listen to by EVENT (IRCX draft §5.5, §6.5; spec ircx §16): subscriptions of
// connections, and the lines that acts of the engine make of them. Nothing secret is in a line: no
// password, and of a key only that there is one. While nobody listens the engine is not followed at
// all. Of a connection it shows the port that the host gave; its own addresses the engine does not
// know: those are 0.

#pragma once

#include "core/witness.hpp"
#include "core/world.hpp"
#include "proto/ircx/events.hpp"

#include <string>
#include <vector>

namespace confab::session {

class event_feed final : public core::witness {
public:
  explicit event_feed(core::world &world) noexcept : w(world), listeners_(&world.mem) {}
  event_feed(const event_feed &) = delete;
  event_feed &operator=(const event_feed &) = delete;
  ~event_feed() override;

  enum class result : std::uint8_t { done, duplicate, unknown, too_many };
  // Throws bad_alloc; nothing changed then.
  result add(const core::conn &c, ircx::event_object object, std::string_view mask);
  result remove(const core::conn &c, ircx::event_object object, std::string_view mask) noexcept;
  template <class Each>
  void each(const core::conn &c, Each &&call) const {
    for (const listener &l : listeners_)
      if (l.conn == core::world::id(c))
        for (const subscription &s : l.wants)
          call(s.object, std::string_view{s.mask});
  }

  void about_to(const core::operation &op) noexcept override;
  void ended(const core::operation &op, const core::event_box &event,
             std::uint32_t outcome) noexcept override;

private:
  struct subscription {
    ircx::event_object object;
    std::pmr::string mask; // completed
  };
  struct listener {
    confab_id conn = 0;
    std::uint64_t lost = 0; // lines that it had no room for, and was not yet told of
    std::pmr::vector<subscription> wants;
  };
  struct line; // of an event, being made

  void prune() noexcept;
  void send(const line &made) noexcept;
  void committed(const core::operation &op, const core::event_box &event) noexcept;
  void member_event(const core::operation &op, const core::event_box &event) noexcept;
  void channel_event(const core::operation &op, const core::event_box &event) noexcept;
  void refused(const core::operation &op, const core::event_box &event,
               std::uint32_t outcome) noexcept;

  core::world &w;
  std::pmr::vector<listener> listeners_;
};

} // namespace confab::session
