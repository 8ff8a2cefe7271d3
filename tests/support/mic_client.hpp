// SPDX-License-Identifier: MIT
//
// A client of MIC that behaves as chatsock.dll was seen to (spec/mic-observed.md, spec/mic.md): it
// probes, asks for the limit after every channel, answers pings, takes the first member of a
// channel for itself, and drops without a word what it cannot place. Here it does so with a word:
// `trouble` says what a real client would have lost. Bytes in, bytes out: it never waits and owns
// no socket. Nothing of lib/proto/mic is used, so that a test with it checks the codec too.
#pragma once

#include "support/mic_wire.hpp"

#include <deque>
#include <map>
#include <string>
#include <vector>

namespace confab::test {

struct mic_channel {
  std::string name, topic;
  std::uint32_t modes = 0, flags = 0, own_mid = 0;
  std::uint32_t limit = 0;                   // as far as it was told
  std::uint32_t cookie = 0, udp_address = 0; // where it takes datagrams, and what is in them
  std::uint16_t udp_port = 0;
  bool complete = false;                       // one's own EVENTADDMEMBER was seen
  std::map<std::uint32_t, mic_member> members; // by mid, oneself among them once complete
};

class mic_client {
public:
  explicit mic_client(bool wide = false) : build{wide} {}

  enum class phase : std::uint8_t { probing, not_mic, binary, logged_on };

  // The first bytes of a connection.
  static std::string probe() { return "MODE ISMIC\r\n"; }

  // Takes bytes of the server; returns what goes out by itself.
  std::string feed(std::string_view bytes);

  // A query to be sent: its answer is told by its place in the order alone.
  std::string ask(std::uint32_t oid, const std::vector<mic_term> &terms,
                  const std::vector<std::uint16_t> &wanted);

  // Everything that came, in order, what the client drops included; taken away by this.
  std::vector<mic_event> take_events() { return std::exchange(events_, {}); }
  // The records of the oldest query that is done; false when none is.
  bool take_answer(std::vector<std::vector<mic_property>> &records);

  // The channel of a name; null when one is not on it.
  const mic_channel *channel(std::string_view name) const;
  std::uint32_t cid_of(std::string_view name) const;
  // The member of an alias; 0 when there is none.
  std::uint32_t mid_of(std::string_view channel, std::string_view alias) const;

  phase now() const { return phase_; }
  bool anonymous_allowed() const { return anonymous_; }
  const std::vector<std::string> &packages() const { return packages_; }
  std::uint32_t uid() const { return uid_; }
  std::uint32_t modes() const { return modes_; }
  std::size_t queries_waiting() const { return queries_.size(); }
  const std::map<std::uint32_t, mic_channel> &channels() const { return channels_; }
  // What a real client would not have understood, or would have misunderstood.
  const std::vector<std::string> &trouble() const { return trouble_; }

  // For everything else that is to be sent.
  const mic_frames build;

private:
  struct waiting_query {
    bool automatic = false;
    std::vector<std::vector<mic_property>> records;
  };

  void read_probe_answer();
  void take_frame(std::string_view frame);
  void handle(const mic_event &);
  void handle_result(const mic_event &);
  void add_channel(const mic_event &);
  void add_member(const mic_event &);
  void add_list(const mic_event &);
  void drop_member(const mic_event &);
  void change(const mic_event &);
  void change_alias(const mic_event &);
  void take_records(const mic_event &);
  void end_query();
  bool knows(std::uint32_t id) const;
  mic_channel *channel_with(std::uint32_t mid);
  void complain(const mic_event &, std::string_view what);

  phase phase_ = phase::probing;
  std::string kept_, out_;
  bool anonymous_ = true;
  std::vector<std::string> packages_;
  std::uint32_t uid_ = 0, modes_ = 0;
  std::map<std::uint32_t, mic_channel> channels_;
  std::deque<waiting_query> queries_, done_;
  std::vector<mic_event> events_;
  std::vector<std::string> trouble_;
};

} // namespace confab::test
