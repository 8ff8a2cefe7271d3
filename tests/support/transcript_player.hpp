// SPDX-License-Identifier: MIT
//
// The player of transcripts as a class, for its parts: transcript_play.cpp drives the engine and
// judges what comes out, transcript_host.cpp and transcript_additions.cpp carry out the `host:`
// steps and tell events.
// Tests include transcript.hpp and never this.
#pragma once

#include "support/transcript.hpp"

#include <deque>

namespace confab::test {

confab_str str_of(std::string_view text);
std::string_view view_of(confab_str text);

// "BANNED" for CONFAB_REFUSED_BANNED, and back (0: no such code).
std::string_view refusal_name(std::uint32_t code);
std::uint32_t refusal_code(std::string_view name);

// Takes one `option:`; false when there is no such option.
bool set_option(confab_engine_options &options, const std::string &name, const std::string &value);

class player {
public:
  player(const transcript &script, const feeding &how);
  player(const player &) = delete;
  player &operator=(const player &) = delete;

  played run();

private:
  struct client {
    confab_id id = 0;
    bool open = false, deaf = false;
    bool frames = false;           // it was told YESMIC: what follows are frames
    std::string unfed;             // what the engine would not take yet
    std::string partial;           // output behind the last CR LF
    std::deque<std::string> lines; // not yet expected
    std::string why;               // close's reason
  };

  struct filter {
    player *owner = nullptr;
    confab_id id = 0;
    std::string containing, text;
    std::uint32_t field = 0, code = CONFAB_REFUSED_POLICY, visibility = CONFAB_DENIAL_ERROR;
    confab_verdict verdict = CONFAB_PASS;
  };

  // Something that was added, under its name.
  struct addition {
    confab_id id = 0;
    confab_id numeric = 0; // that a command answers with
    bool fails = false;
    confab_plugin_entry entry{};
  };

  // The words of a host step; what stands behind " :" is `text`.
  struct order {
    std::vector<std::string> words;
    std::string text;

    const std::string &word(std::size_t i) const;
  };

  // --- driving and judging: transcript_play.cpp
  void create();
  void step_once(std::size_t &at);
  void feed_step(std::size_t &at);
  void push(client &c);
  void settle();
  bool drain(client &c);
  void take_output(const std::string &name, client &c, std::string_view bytes);
  void take_frames(const std::string &name, client &c);
  void expect(const step &s);
  void expect_event(const step &s);
  void finish();
  void check_empty(std::size_t line);
  void problem(std::size_t line, const std::string &what);
  client &open(const std::string &name, const order &how);

  // --- the host: transcript_host.cpp
  void host_step(const step &s);
  confab_status obey(const order &o);
  confab_status end(const order &o);
  confab_status tick(const order &o);
  confab_status answer(const order &o);
  confab_status resolve(const order &o);
  confab_status add_filter(const order &o);
  confab_status drop_filters();
  confab_status submit(order o);
  confab_status submit_channel(const order &o, std::uint32_t flags);
  static std::string describe_in_channel(const std::string &head, const confab_event &event);
  confab_status submit_setting(const order &o, confab_id actor, std::uint32_t flags);
  confab_status submit_user(const order &o, std::uint32_t flags);
  confab_status configure(const order &o);

  // --- what is added: transcript_additions.cpp
  confab_status add(const order &o);
  confab_status add_one(const order &o, addition &a);
  const addition &find_added(const std::string &name) const;
  confab_status add_command(const order &o, addition &a);
  confab_status add_mode(const order &o, addition &a);
  confab_status add_plugin(const order &o, addition &a);
  confab_status remove(const order &o);

  confab_id user_id(const std::string &nick) const;
  std::string nick_of(confab_id user) const;
  std::string describe(const confab_event &event) const;
  void observe(const confab_event &event, confab_call *call);
  confab_verdict judge(filter &f, confab_call *call, const confab_event &event);

  static confab_status on_command(void *ctx, confab_engine *engine,
                                  const confab_event_command *event);
  static confab_status on_close(void *ctx, confab_id conn, void *conn_ctx, confab_str why);
  static confab_status on_request(void *ctx, const confab_request *request);
  static confab_verdict on_observe(void *ctx, confab_call *call, const confab_event *event);
  static confab_verdict on_filter(void *ctx, confab_call *call, const confab_event *event);
  static void *on_memory(void *ctx, void *ptr, std::size_t old_size, std::size_t new_size);

  const transcript &script_;
  const feeding &how_;
  played out_;
  confab_engine *engine_ = nullptr;
  confab_engine_options options_;
  confab_time now_ = 1'000'000'000'000;
  std::map<std::string, client> clients_;
  std::map<std::uint32_t, confab_status> answers_;          // by CONFAB_REQUEST_*
  std::map<std::uint32_t, std::deque<confab_id>> requests_; // parked
  std::deque<filter> filters_;                              // addresses are kept by the engine
  std::deque<addition> additions_;                          // likewise
  std::map<std::string, addition *> added_;
  std::size_t feeds_ = 0, events_seen_ = 0, bytes_held_ = 0; // by the engine
  std::uint64_t host_users_ = 0;
};

} // namespace confab::test
