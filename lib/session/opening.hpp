// SPDX-License-Identifier: MIT
//
// What a connection speaks before its client has said anything: the first line decides. The probe
// of MIC, where the connection may speak that, turns it into one of frames; anything else is plain
// IRC's, to which all that is not input goes from the start.

#pragma once

#include "core/dialect.hpp"
#include "core/world.hpp"

namespace confab::session {

class opening_dialect final : public core::dialect {
public:
  opening_dialect(core::world &world, core::dialect &irc, core::dialect &mic) noexcept
      : w(world), irc_(irc), mic_(mic) {}

  std::uint32_t protocol(const core::conn &c) const noexcept override { return irc_.protocol(c); }
  void open(core::conn &c) override { irc_.open(c); }
  void close(core::conn &c) noexcept override { irc_.close(c); }
  void receive(core::conn &c, std::string_view line) override;
  void receive_too_long(core::conn &c, std::string_view begin) override;
  std::string_view encode(std::uint16_t variant, const core::operation &op) override {
    return irc_.encode(variant, op);
  }
  std::string_view encode_modes(std::uint16_t variant, const core::mode_batch &batch) override {
    return irc_.encode_modes(variant, batch);
  }
  void answered(core::conn &c, const core::operation &op) override { irc_.answered(c, op); }
  void refused(core::conn &c, const core::operation &op) override { irc_.refused(c, op); }
  void entered(core::conn &c, const core::operation &op, const core::member &m) override {
    irc_.entered(c, op, m);
  }
  void left(core::conn &c, const core::member &m) override { irc_.left(c, m); }
  void pretend(core::conn &c, const core::operation &op) override { irc_.pretend(c, op); }
  void resumed(core::conn &c, const core::member &m) override { irc_.resumed(c, m); }
  // A host may make a session of it before it said a word: then it is one of plain IRC.
  void welcome(core::conn &c) override;
  void authenticated(core::conn &c, const core::operation &op) override {
    irc_.authenticated(c, op);
  }
  void challenged(core::conn &c, const core::operation &op, std::string_view octets) override {
    irc_.challenged(c, op, octets);
  }
  void query_begin(core::conn &c, const core::operation &op) override { irc_.query_begin(c, op); }
  void query_row(core::conn &c, const core::operation &op, const core::query_row &row) override {
    irc_.query_row(c, op, row);
  }
  void query_pause(core::conn &c, const core::operation &op) override { irc_.query_pause(c, op); }
  void query_end(core::conn &c, const core::operation &op) override { irc_.query_end(c, op); }
  void told(core::conn &c, std::uint32_t number, std::string_view params,
            std::string_view text) override {
    irc_.told(c, number, params, text);
  }
  void ping(core::conn &c) override { irc_.ping(c); }
  void farewell(core::conn &c, std::string_view reason) override { irc_.farewell(c, reason); }

private:
  bool takes_lines(core::conn &c);
  void begin_mic(core::conn &c);

  core::world &w;
  core::dialect &irc_;
  core::dialect &mic_;
};

} // namespace confab::session
