// SPDX-License-Identifier: MIT
//
// The first line of a connection: see opening.hpp. Sources: spec mic §1.2 and mic-observed §4.1. A
// client that gets anything but YESMIC falls back to IRC on the same connection, so a listener
// without MIC just answers as IRC does.

#include "session/opening.hpp"

#include "proto/mic/probe.hpp"
#include "session/intake.hpp"

#include <confab/conn.h>

#include <array>
#include <utility>

namespace confab::session {

namespace {

constexpr std::uint32_t protocols_of_lines =
    CONFAB_PROTOCOL_IRC | CONFAB_PROTOCOL_IRCV3 | CONFAB_PROTOCOL_IRCX;

// The names in a list with a comma between them.
std::span<const std::string_view> names_in(std::string_view list,
                                           std::span<std::string_view> room) noexcept {
  std::size_t count = 0;
  while (!list.empty() && count < room.size()) {
    const std::size_t end = std::min(list.find(','), list.size());
    room[count++] = list.substr(0, end);
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return room.first(count);
}

} // namespace

void opening_dialect::receive(core::conn &c, std::string_view line) {
  if (c.may_speak(CONFAB_PROTOCOL_MIC) && mic::is_probe(line))
    return begin_mic(c);
  if (takes_lines(c))
    irc_.receive(c, line);
}

void opening_dialect::receive_too_long(core::conn &c, std::string_view begin) {
  if (takes_lines(c))
    irc_.receive_too_long(c, begin);
}

void opening_dialect::welcome(core::conn &c) {
  c.speaks = &irc_;
  irc_.welcome(c);
}

// A connection for MIC alone says why it goes in the words that clients of IRC look for.
bool opening_dialect::takes_lines(core::conn &c) {
  c.speaks = &irc_;
  if (c.may_speak(protocols_of_lines))
    return true;
  w.doom(c, CONFAB_DISCONNECT_DENIED, "No IRC clients permitted");
  return false;
}

void opening_dialect::begin_mic(core::conn &c) {
  void *before = std::exchange(c.session, nullptr);
  try {
    mic_.open(c);
  } catch (...) {
    c.session = before;
    throw;
  }
  std::swap(c.session, before);
  irc_.close(c);
  c.session = before;
  c.speaks = &mic_;
  intake::begin_frames(c);
  std::array<std::string_view, 32> names;
  std::array<char, 512> answer;
  const bool anonymous = (w.limits().flags & CONFAB_ENGINE_NO_ANONYMOUS) == 0;
  w.send(c, mic::write_probe_answer(anonymous, names_in(core::view(w.limits().packages), names),
                                    answer));
}

} // namespace confab::session
