// SPDX-License-Identifier: MIT
//
// Nobody is recorded who was not told: a notice to a channel when recording begins and ends there,
// a notice to each who joins, and a channel mode that only the server sets and that is always true.
// What the engine has no room for at the moment is kept and said later: by the next act, or by the
// timer.
#include "transcript/recorder.hpp"

#include <algorithm>

namespace confab::plugins::transcripts {

namespace {

// What waits to be said; what does not fit is counted, logged and given up.
constexpr std::size_t tasks_max = 65536;

constexpr std::string_view no_longer = "What is said in this channel is no longer recorded.";

} // namespace

void recorder::add_mark() {
  const std::string letter = in_.text("mode_letter");
  const std::string name = letter == "T" ? "recorded" : "recorded-" + letter;
  confab_mode_spec spec = confab_mode_spec_init();
  spec.subject = CONFAB_KIND_CHANNEL;
  spec.owner = in_.plugin;
  spec.name = str(name);
  spec.letter = static_cast<unsigned char>(letter[0]);
  spec.value = CONFAB_MODE_FLAG;
  check(in_.api->mode_add(in_.engine, &spec, &mode_addition_, &mode_), "the mode");
  check(subscribe<&recorder::guard_mark>(in_, *this, CONFAB_EVENT_CHANNEL_CHANGE,
                                         CONFAB_STAGE_POLICY),
        "a hook");
}

// POLICY: the mark says the truth, whoever asks for something else.
confab_verdict recorder::guard_mark(confab_call *call, const confab_event &event) {
  const auto &e = as<confab_event_channel_change>(event);
  if (e.mode != mode_ || (event.actor == 0 && (e.set != 0) == state_.has(key_of(view(e.name)))))
    return CONFAB_PASS;
  (void)in_.api->call_deny(
      call, CONFAB_REFUSED_POLICY,
      CONFAB_STR("That mode says whether the channel is recorded: only the server sets it"),
      CONFAB_DENIAL_ERROR);
  return CONFAB_DENY;
}

std::vector<recorder::room> recorder::channels() const {
  std::vector<room> out;
  auto info = blank<confab_channel_info>();
  for (confab_id at = 0; in_.api->channel_next(in_.engine, at, &at) == CONFAB_OK;)
    if (in_.api->channel_get(in_.engine, at, &info) == CONFAB_OK &&
        state_.has(key_of(view(info.name))))
      out.push_back({at, std::string(view(info.name))});
  std::sort(out.begin(), out.end(), room::less);
  return out;
}

void recorder::begin(const room &where) {
  push(entry_of(what::start, where.name, key_of(where.name), 0));
  later({task::kind::tell_begin, where.id, where.name});
  later({task::kind::mark, where.id, where.name});
}

void recorder::end(const room &where) {
  push(entry_of(what::stop, where.name, key_of(where.name), 0));
  later({task::kind::tell_end, where.id, where.name});
  later({task::kind::unmark, where.id, where.name});
}

// All sessions of a user.
void recorder::tell(confab_id user, std::string_view channel) {
  for (confab_id at = 0; in_.api->user_conn_next(in_.engine, user, at, &at) == CONFAB_OK;)
    later({task::kind::tell_one, at, std::string(channel)});
}

void recorder::later(task &&what) {
  if (tasks_.size() < tasks_max)
    return tasks_.push_back(std::move(what));
  ++untold_total_;
  in_.log(CONFAB_LOG_ERROR, "transcript.untold", what.name + ": not everybody could be told",
          what.about);
}

// Says what waits, until the engine has no room for more.
void recorder::pump() {
  while (!tasks_.empty()) {
    const confab_status said = perform(tasks_.front());
    if (said == CONFAB_ERR_LIMIT || said == CONFAB_ERR_NOMEM)
      return; // later; what fails otherwise is about somebody who is gone
    tasks_.pop_front();
  }
}

confab_status recorder::perform(const task &what) {
  if (what.does == task::kind::tell_one)
    return in_.api->reply_notice(in_.engine, what.about, str(what.name + ": " + notice_));
  if (what.does == task::kind::mark || what.does == task::kind::unmark) {
    auto change = command<confab_event_channel_change>(CONFAB_EVENT_CHANNEL_CHANGE);
    change.channel = what.about;
    change.mode = mode_;
    change.set = what.does == task::kind::mark ? 1 : 0;
    return in_.api->command_submit(in_.engine, &change.head, nullptr);
  }
  auto notice = command<confab_event_message>(CONFAB_EVENT_MESSAGE);
  notice.kind = CONFAB_MESSAGE_NOTICE;
  notice.target = what.about;
  notice.text = str(what.does == task::kind::tell_begin ? std::string_view(notice_) : no_longer);
  return in_.api->command_submit(in_.engine, &notice.head, nullptr);
}

} // namespace confab::plugins::transcripts
