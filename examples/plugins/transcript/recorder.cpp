// SPDX-License-Identifier: MIT
//
// The instance itself: settings, directories, and what outlives it. Whatever could fail is tried
// first and taken over at the end, so that a bad setting changes nothing; a directory that cannot
// be written to is a refusal that says why, at once, and never another directory in its place.
#include "transcript/recorder.hpp"

namespace confab::plugins::transcripts {

recorder::recorder(const place &in) : in_(in) {
  home_ = acquire(in_.text("directory"));
  where_ = load();
  notice_ = in_.text("notice");
  may_set_directory_ = in_.setting("set_directory").integer != 0;
  writer_.emplace(plan(where_), file_settings::queue_of(in_));
  add_mark();
  add_timer();
  if (state_.none())
    return;
  listen();
  for (const room &where : channels())
    begin(where);
  pump();
}

// The same directory again, when it is still ours, or a new lock on it.
recorder::directory recorder::acquire(const std::string &path) {
  std::erase_if(known_, [](const auto &one) { return one.expired(); });
  for (const auto &one : known_)
    if (directory held = one.lock(); held && held->path() == locked_directory::normal(path))
      return held;
  auto fresh = std::make_shared<const locked_directory>(path);
  known_.push_back(fresh);
  return fresh;
}

// Reads what was recorded before; answers where transcripts go.
recorder::directory recorder::load() {
  const std::optional<std::string> text = home_->read_file(recorded::file);
  if (!text)
    return home_;
  state_ = recorded::from_text(*text);
  return state_.directory.empty() ? home_ : acquire(state_.directory);
}

writing recorder::plan(const directory &where) const {
  const auto style = static_cast<std::uint32_t>(in_.setting("format").integer);
  return {where, file_settings::rotation_of(in_, style == json_lines ? "jsonl" : "log"),
          file_settings::sync_of(in_), style};
}

// A new directory of the host's own takes what is recorded now with it, and ends what an operator
// had set. What can fail comes first.
void recorder::configure() {
  const std::string path = in_.text("directory");
  const bool moves = locked_directory::normal(path) != home_->path();
  const directory home = moves ? acquire(path) : home_, where = moves ? home : where_;
  writing how = plan(where);
  std::string notice = in_.text("notice");
  if (moves) {
    recorded next = state_;
    next.directory.clear();
    home->replace_file(recorded::file, next.to_text());
  }
  writer_->change(std::move(how), file_settings::queue_of(in_));
  home_ = home;
  where_ = where;
  notice_ = std::move(notice);
  may_set_directory_ = in_.setting("set_directory").integer != 0;
  if (moves)
    state_.directory.clear();
}

void recorder::adopt(recorded next) {
  home_->replace_file(recorded::file, next.to_text());
  state_ = std::move(next);
}

void recorder::add_timer() {
  confab_timer_spec spec = confab_timer_spec_init();
  spec.owner = in_.plugin;
  spec.name = CONFAB_STR("transcript");
  spec.delay_ms = spec.interval_ms = 1000;
  spec.ctx = this;
  spec.run = tick;
  check(in_.api->timer_add(in_.engine, &spec, nullptr), "its timer");
}

confab_status CONFAB_CALL recorder::tick(void *self, confab_engine *, confab_id) noexcept {
  auto &me = *static_cast<recorder *>(self);
  return guarded(me.in_, [&me]() -> confab_status {
    me.writer_->at(me.in_.unix_ns());
    me.report();
    me.pump();
    return CONFAB_OK;
  });
}

// Tells the host's log what the writer met since it was last asked.
void recorder::report() {
  writer_stats is = writer_->stats();
  if (!is.error.empty()) {
    in_.log(CONFAB_LOG_ERROR, "transcript.write", is.error);
    last_error_ = std::move(is.error);
  }
  if (const std::uint64_t more = is.lost_total - reported_lost_; more > 0)
    in_.log(CONFAB_LOG_ERROR, "transcript.lost", std::to_string(more) + " lines lost");
  reported_lost_ = is.lost_total;
}

// Everything that was queued is written when this returns.
void recorder::finish() noexcept {
  writer_->finish();
  try {
    report();
  } catch (...) { // no memory to say it with
  }
}

std::string recorder::key_of(std::string_view name) const {
  std::string key(name.size(), '\0');
  check(in_.api->name_fold(in_.engine, str(name), key.data(), key.size()), "a name");
  return key;
}

} // namespace confab::plugins::transcripts

// --- what the host sees
// --------------------------------------------------------------------------------------------

namespace {

using namespace confab::plugins;
using transcripts::recorder;

recorder &of(void *self) noexcept { return *static_cast<recorder *>(self); }

confab_status CONFAB_CALL create(const confab_api *api, confab_engine *engine, confab_id plugin,
                                 void **self) noexcept {
  const place in{api, engine, plugin};
  return guarded(in, [&]() -> confab_status {
    *self = new recorder(in);
    return CONFAB_OK;
  });
}

confab_status CONFAB_CALL destroy(void *self) noexcept {
  of(self).finish();
  delete &of(self);
  return CONFAB_OK;
}

confab_status CONFAB_CALL configure(void *self) noexcept {
  return guarded(of(self).where(), [self]() -> confab_status {
    of(self).configure();
    return CONFAB_OK;
  });
}

confab_status CONFAB_CALL message(void *self, const confab_plugin_message *said) noexcept {
  return guarded(of(self).where(), [self, said]() -> confab_status {
    of(self).message(*said);
    return CONFAB_OK;
  });
}

constexpr confab_setting settings[] = {
    {"directory", CONFAB_SETTING_TEXT, CONFAB_SETTING_REQUIRED, nullptr, "1", "4000", nullptr,
     "An absolute path; made if it is not there. Nobody else may write there.", nullptr},
    {"format", CONFAB_SETTING_CHOICE, 0, "text", nullptr, nullptr, "text json",
     "Plain text, or a JSON object on each line.", nullptr},
    {"notice", CONFAB_SETTING_TEXT, 0, "What is said in this channel is recorded.", "1", "300",
     nullptr, "What members are told when they join, and when recording begins.", nullptr},
    {"mode_letter", CONFAB_SETTING_TEXT, CONFAB_SETTING_FIXED, "T", "1", "1", nullptr,
     "The letter, for IRC clients, of the mode that marks a recorded channel.", nullptr},
    {"set_directory", CONFAB_SETTING_BOOL, 0, "true", nullptr, nullptr, nullptr,
     "Operators may SET DIRECTORY.", nullptr},
    file_settings::bytes_max,
    file_settings::daily,
    file_settings::files_max,
    file_settings::age_max,
    file_settings::sync,
    file_settings::queue};

} // namespace

CONFAB_PLUGIN_EXPORT = {CONFAB_PLUGIN_HEAD,
                        .id = "org.confab.transcript",
                        .version = "1.0",
                        .summary = "Records what is said in channels, and tells those who say it.",
                        .settings = settings,
                        .settings_count = sizeof settings / sizeof settings[0],
                        .message_permission = CONFAB_PERMIT_OPERATOR,
                        .flags = 0,
                        .reserved0 = 0,
                        .install = nullptr,
                        .create = create,
                        .destroy = destroy,
                        .configure = configure,
                        .message = message,
                        .extension = nullptr};
