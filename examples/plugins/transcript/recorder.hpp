// SPDX-License-Identifier: MIT
//
// One instance of the plugin: what it holds, and which of its files does what.
//
//   recorder.cpp  settings, directories, what is durable
//   events.cpp    handlers: from what happened to a queued entry
//   telling.cpp   members are told: notices, and the mode that marks a recorded channel
//   commands.cpp  EXTMSG
#pragma once

#include "support/file_settings.hpp"
#include "transcript/entry.hpp"
#include "transcript/recorded.hpp"

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace confab::plugins::transcripts {

class recorder {
public:
  explicit recorder(const place &in); // throws what is wrong
  void configure();                   // likewise; then nothing changed
  void finish() noexcept;             // writes all that is queued
  const place &where() const noexcept { return in_; }
  void message(const confab_plugin_message &said);

  // Handlers.
  confab_verdict joined(confab_call *call, const confab_event &event);
  confab_verdict parted(confab_call *call, const confab_event &event);
  confab_verdict kicked(confab_call *call, const confab_event &event);
  confab_verdict emptied(confab_call *call, const confab_event &event);
  confab_verdict leaving(confab_call *call, const confab_event &event);
  confab_verdict left(confab_call *call, const confab_event &event);
  confab_verdict renamed(confab_call *call, const confab_event &event);
  confab_verdict topic_set(confab_call *call, const confab_event &event);
  confab_verdict mode_changed(confab_call *call, const confab_event &event);
  confab_verdict rank_changed(confab_call *call, const confab_event &event);
  confab_verdict list_changed(confab_call *call, const confab_event &event);
  confab_verdict spoken(confab_call *call, const confab_event &event);
  confab_verdict guard_mark(confab_call *call, const confab_event &event);

private:
  using directory = std::shared_ptr<const locked_directory>;
  struct room {
    confab_id id;
    std::string name;
    static bool less(const room &a, const room &b) noexcept { return a.id < b.id; }
  };
  struct task {
    enum class kind { tell_begin, tell_end, tell_one, mark, unmark } does;
    confab_id about;
    std::string name; // of the channel
  };

  // recorder.cpp
  directory acquire(const std::string &path);
  directory load();
  writing plan(const directory &where) const;
  void adopt(recorded next); // saved first
  void add_timer();
  static confab_status CONFAB_CALL tick(void *self, confab_engine *engine,
                                        confab_id timer) noexcept;
  void report();
  std::string key_of(std::string_view name) const;

  // events.cpp
  void listen();
  void unlisten() noexcept;
  bool wanted(std::string_view channel, std::string &key) const;
  entry entry_of(what event, std::string_view channel, std::string key, confab_id actor) const;
  void push(entry &&made) noexcept { (void)writer_->push(std::move(made)); } // counts what it lost
  template <class Body>
  void each_recorded(confab_id user, Body &&body);

  // telling.cpp
  void add_mark();
  void begin(const room &where);
  void end(const room &where);
  std::vector<room> channels() const; // all that are open and recorded, by id
  void tell(confab_id user, std::string_view channel);
  void later(task &&what);
  void pump();
  confab_status perform(const task &what);

  // commands.cpp
  void obey(const confab_plugin_message &said);
  std::string switched(bool on, std::string_view what);
  std::string one_switched(bool on, std::string_view name);
  std::string all_switched(bool on);
  void change(recorded next);
  std::string directory_set(std::string_view path);
  void status(const confab_plugin_message &to, std::string_view what);

  place in_;
  std::string notice_;
  bool may_set_directory_ = true;
  std::vector<std::weak_ptr<const locked_directory>> known_; // that may still be locked
  directory home_;  // as configured: what is durable is here
  directory where_; // transcripts go here
  recorded state_;
  std::optional<file_writer<entry>> writer_;
  std::vector<confab_id> hooks_; // while anything is recorded
  confab_id mode_addition_ = 0;
  std::uint32_t mode_ = 0;
  std::deque<task> tasks_;
  std::vector<entry> leaving_; // of the user who is about to go
  std::uint64_t leaving_seq_ = 0;
  std::uint64_t reported_lost_ = 0, untold_total_ = 0;
  std::string last_error_;
};

} // namespace confab::plugins::transcripts
