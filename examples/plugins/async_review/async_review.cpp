// SPDX-License-Identifier: MIT
//
// A filter that takes its time. The handler takes a token for a message, gives the text to a
// reviewer on another thread and answers DEFER; the engine parks that message, and goes on for
// everybody else. Answers come back through a mailbox: a timer looks into it while something waits,
// because only the engine's thread may talk to the engine. When the answer does not come in time,
// or cannot be used, `on_failure` decides.
#include "async_review/reviewer.hpp"

#include <confab/plugin.h>

#include <algorithm>
#include <new>
#include <set>

namespace async_review {
namespace {

std::string string_of(confab_str text) { return {text.ptr ? text.ptr : "", text.len}; }
confab_str str(const std::string &text) { return confab_str_make(text.data(), text.size()); }

class plugin {
public:
  plugin(const confab_api *api, confab_engine *engine, confab_id id)
      : api_(api), engine_(engine), id_(id) {}

  confab_status begin();
  confab_status message(const confab_plugin_message &said) const;

private:
  static confab_verdict CONFAB_CALL on_message(void *ctx, confab_call *call,
                                               const confab_event *event) noexcept;
  static confab_status CONFAB_CALL on_cancelled(void *ctx, confab_engine *engine, confab_id token,
                                                std::uint32_t why) noexcept;
  static confab_status CONFAB_CALL on_timer(void *ctx, confab_engine *engine,
                                            confab_id timer) noexcept;

  confab_setting_info setting(const char *name) const;
  std::vector<std::string> list_setting(const char *name) const;
  bool wants(const confab_event_message &said) const;
  confab_verdict judge(confab_call *call, const confab_event_message &said);
  confab_verdict without_answer(confab_call *call);
  confab_status watch();
  void settle(const answer &a);
  void settle_failed(confab_id token);
  confab_status refuse(confab_id token, const std::string &text);

  const confab_api *api_;
  confab_engine *engine_;
  confab_id id_;
  bool open_ = false, private_ = false;
  std::vector<std::string> channels_; // none: all
  std::string reply_;
  std::uint32_t timeout_ms_ = 0, poll_ms_ = 0;

  std::unique_ptr<reviewer> reviewer_;
  std::set<confab_id> waiting_; // tokens that are alive
  confab_id timer_ = 0;         // looks for answers while something waits
  std::uint64_t asked_ = 0, passed_ = 0, denied_ = 0, rewritten_ = 0, failed_ = 0, busy_ = 0,
                cancelled_ = 0;
};

confab_setting_info plugin::setting(const char *name) const {
  confab_setting_info info{};
  info.struct_size = sizeof info;
  api_->plugin_setting(engine_, id_, confab_str_of(name), &info);
  return info;
}

std::vector<std::string> plugin::list_setting(const char *name) const {
  const confab_setting_info info = setting(name);
  std::vector<std::string> out;
  for (std::uint32_t i = 0; i < info.count; ++i)
    out.push_back(string_of(confab_part(info.text, i)));
  return out;
}

confab_status plugin::begin() {
  open_ = setting("on_failure").integer == 1;
  private_ = setting("private").integer != 0;
  channels_ = list_setting("channels");
  reply_ = string_of(setting("reply").text);
  timeout_ms_ = static_cast<std::uint32_t>(setting("timeout").integer);
  poll_ms_ = static_cast<std::uint32_t>(setting("poll").integer);
  const auto queue = static_cast<std::size_t>(setting("queue").integer);
  if (setting("mode").integer == 0)
    reviewer_ =
        make_thread_reviewer(queue, {list_setting("words"), setting("action").integer == 1});
  else
    reviewer_ = make_http_reviewer(queue, {string_of(setting("url").text), timeout_ms_,
                                           static_cast<std::size_t>(setting("parallel").integer)});
  if (!reviewer_) {
    api_->log(engine_, CONFAB_LOG_ERROR, CONFAB_STR("async_review.url"),
              CONFAB_STR("url is no http:// address"), 0);
    return CONFAB_ERR_ARG;
  }
  confab_hook hook = confab_hook_init();
  hook.type = CONFAB_EVENT_MESSAGE;
  hook.stage = CONFAB_STAGE_POLICY;
  hook.priority = -100; // who can decide at once goes first
  hook.flags = CONFAB_HOOK_HAS_TEXT;
  if (open_)
    hook.flags |= CONFAB_HOOK_FAIL_OPEN;
  hook.ctx = this;
  hook.call = on_message;
  hook.cancelled = on_cancelled;
  return api_->hook_add(engine_, &hook, nullptr);
}

bool plugin::wants(const confab_event_message &said) const {
  if (said.head.actor == 0)
    return false; // the server itself
  if (confab_id_kind(said.target) != CONFAB_KIND_CHANNEL)
    return private_ && confab_id_kind(said.target) == CONFAB_KIND_USER;
  // By id, so that it is the engine that says which names are the same.
  return channels_.empty() ||
         std::any_of(channels_.begin(), channels_.end(), [&](const std::string &name) {
           confab_id channel = 0;
           return api_->channel_find(engine_, str(name), &channel) >= 0 && channel == said.target;
         });
}

confab_verdict plugin::judge(confab_call *call, const confab_event_message &said) {
  if (!wants(said))
    return CONFAB_PASS;
  question q{0, string_of(said.text), {}, {}};
  if (confab_id_kind(said.target) == CONFAB_KIND_CHANNEL)
    q.channel = string_of(said.name);
  confab_user_info user{};
  user.struct_size = sizeof user;
  if (api_->user_get(engine_, said.head.actor, &user) >= 0)
    q.nick = string_of(user.nick);

  confab_id token = 0;
  if (watch() < 0)
    return without_answer(call);
  confab_status status = api_->call_defer(call, timeout_ms_, &token);
  if (status == CONFAB_ERR_ARG) // the engine's own bound is shorter
    status = api_->call_defer(call, 0, &token);
  if (status < 0)
    return without_answer(call);
  q.token = token;
  waiting_.insert(token);
  if (!reviewer_->box.ask(std::move(q))) {
    waiting_.erase(token); // answering otherwise gives the token back
    return without_answer(call);
  }
  reviewer_->wake();
  ++asked_;
  return CONFAB_DEFER;
}

// It is too much at once.
confab_verdict plugin::without_answer(confab_call *call) {
  ++busy_;
  if (open_)
    return CONFAB_PASS;
  api_->call_deny(call, CONFAB_REFUSED_BUSY, confab_str{}, CONFAB_DENIAL_ERROR);
  return CONFAB_DENY;
}

// The timer that brings the answers; it is there while something waits.
confab_status plugin::watch() {
  if (timer_ != 0)
    return CONFAB_OK;
  confab_timer_spec spec = confab_timer_spec_init();
  spec.name = CONFAB_STR("async_review.answers");
  spec.delay_ms = spec.interval_ms = poll_ms_;
  spec.ctx = this;
  spec.run = on_timer;
  return api_->timer_add(engine_, &spec, &timer_);
}

void plugin::settle(const answer &a) {
  if (waiting_.erase(a.token) == 0)
    return; // it was cancelled meanwhile
  switch (a.what) {
  case decision::pass:
    ++passed_;
    api_->deferral_resolve(engine_, a.token, CONFAB_PASS, 0, confab_str{}, 0);
    return;
  case decision::deny:
    ++denied_;
    refuse(a.token, a.text.empty() ? reply_ : a.text);
    return;
  case decision::rewrite:
    // The engine checks the text again, and so do the other filters.
    if (api_->deferral_set(engine_, a.token, CONFAB_FIELD_TEXT, str(a.text)) < 0)
      return settle_failed(a.token);
    ++rewritten_;
    api_->deferral_resolve(engine_, a.token, CONFAB_PASS, 0, confab_str{}, 0);
    return;
  case decision::failed:
    return settle_failed(a.token);
  }
}

void plugin::settle_failed(confab_id token) {
  ++failed_;
  if (open_)
    api_->deferral_resolve(engine_, token, CONFAB_PASS, 0, confab_str{}, 0);
  else
    refuse(token, "This could not be reviewed.");
}

// A text that cannot be a denial's (too long, several lines) is left out.
confab_status plugin::refuse(confab_id token, const std::string &text) {
  const confab_status status = api_->deferral_resolve(
      engine_, token, CONFAB_DENY, CONFAB_REFUSED_POLICY, str(text), CONFAB_DENIAL_ERROR);
  if (status >= 0 || status == CONFAB_ERR_STALE_ID)
    return status;
  return api_->deferral_resolve(engine_, token, CONFAB_DENY, CONFAB_REFUSED_POLICY, confab_str{},
                                CONFAB_DENIAL_ERROR);
}

confab_status plugin::message(const confab_plugin_message &said) const {
  std::string verb = string_of(said.text);
  std::transform(verb.begin(), verb.end(), verb.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  if (verb != "STATUS")
    return said.answer(said.answer_ctx, CONFAB_STR("Say STATUS."));
  const std::string line =
      std::to_string(waiting_.size()) + " waiting; " + std::to_string(asked_) + " asked, " +
      std::to_string(passed_) + " passed, " + std::to_string(denied_) + " denied, " +
      std::to_string(rewritten_) + " rewritten, " + std::to_string(failed_) + " failed, " +
      std::to_string(cancelled_) + " cancelled, " + std::to_string(busy_) + " not asked.";
  return said.answer(said.answer_ctx, str(line));
}

// What the library calls. No exception passes: a handler's is a failure (-1 is no verdict).
confab_verdict CONFAB_CALL plugin::on_message(void *ctx, confab_call *call,
                                              const confab_event *event) noexcept {
  try {
    return static_cast<plugin *>(ctx)->judge(
        call, *reinterpret_cast<const confab_event_message *>(event));
  } catch (...) {
    return -1;
  }
}

// Expired, or its origin or channel is gone, or the hook: nothing is left to be resolved.
confab_status CONFAB_CALL plugin::on_cancelled(void *ctx, confab_engine *, confab_id token,
                                               std::uint32_t) noexcept {
  auto &self = *static_cast<plugin *>(ctx);
  if (self.waiting_.erase(token) > 0) {
    ++self.cancelled_;
    self.reviewer_->box.forget(token);
  }
  return CONFAB_OK;
}

confab_status CONFAB_CALL plugin::on_timer(void *ctx, confab_engine *engine,
                                           confab_id timer) noexcept {
  auto &self = *static_cast<plugin *>(ctx);
  try {
    for (const answer &a : self.reviewer_->box.take_answers())
      self.settle(a);
  } catch (...) {
    return CONFAB_ERR_NOMEM;
  }
  if (self.waiting_.empty()) {
    self.timer_ = 0;
    return self.api_->addition_remove(engine, timer);
  }
  return CONFAB_OK;
}

confab_status CONFAB_CALL create(const confab_api *api, confab_engine *engine, confab_id id,
                                 void **out) noexcept {
  try {
    auto self = std::make_unique<plugin>(api, engine, id);
    const confab_status status = self->begin();
    if (status >= 0)
      *out = self.release();
    return status;
  } catch (...) {
    return CONFAB_ERR_NOMEM;
  }
}

// The thread ends here, whatever it was doing.
confab_status CONFAB_CALL destroy(void *self) noexcept {
  delete static_cast<plugin *>(self);
  return CONFAB_OK;
}

confab_status CONFAB_CALL message(void *self, const confab_plugin_message *said) noexcept {
  try {
    return static_cast<const plugin *>(self)->message(*said);
  } catch (...) {
    return CONFAB_ERR_NOMEM;
  }
}

// name, type, flags, default, least, most, choices, help, reserved
const confab_setting settings[] = {
    {"mode", CONFAB_SETTING_CHOICE, 0, "thread", nullptr, nullptr, "thread http",
     "Who judges: a thread that looks for words, or an HTTP service.", nullptr},
    {"url", CONFAB_SETTING_TEXT, 0, "", "0", "1000", nullptr,
     "Of the service: http://host:port/path.", nullptr},
    {"timeout", CONFAB_SETTING_DURATION, 0, "2s", "10ms", "60s", nullptr,
     "How long a message waits at most.", nullptr},
    {"poll", CONFAB_SETTING_DURATION, 0, "5ms", "1ms", "1s", nullptr,
     "How often answers are looked for while something waits.", nullptr},
    {"on_failure", CONFAB_SETTING_CHOICE, 0, "closed", nullptr, nullptr, "closed open",
     "Without an answer: closed refuses the message, open lets it through.", nullptr},
    {"queue", CONFAB_SETTING_INT, 0, "256", "1", "65536", nullptr,
     "Most messages that wait for the reviewer; on_failure decides about more.", nullptr},
    {"parallel", CONFAB_SETTING_INT, 0, "8", "1", "64", nullptr,
     "Most questions to the service at once.", nullptr},
    {"channels", CONFAB_SETTING_LIST, 0, "", "0", "100", nullptr,
     "Channels whose messages are reviewed; none: all.", nullptr},
    {"private", CONFAB_SETTING_BOOL, 0, "false", nullptr, nullptr, nullptr,
     "Also review what is said to one user.", nullptr},
    {"words", CONFAB_SETTING_LIST, 0, "", "0", "1000", nullptr, "What the thread looks for.",
     nullptr},
    {"action", CONFAB_SETTING_CHOICE, 0, "deny", nullptr, nullptr, "deny mask",
     "What the thread does about a word.", nullptr},
    {"reply", CONFAB_SETTING_TEXT, 0, "This was reviewed and refused.", "0", "200", nullptr,
     "What the sender is told, unless the service says.", nullptr},
};

} // namespace
} // namespace async_review

CONFAB_PLUGIN_EXPORT = {
    CONFAB_PLUGIN_HEAD,
    .id = "confab.async_review",
    .version = "1.0",
    .summary = "Lets a thread or an HTTP service decide about messages, while nothing waits.",
    .settings = async_review::settings,
    .settings_count = std::size(async_review::settings),
    .message_permission = CONFAB_PERMIT_OPERATOR,
    .flags = 0,
    .reserved0 = 0,
    .install = nullptr,
    .create = async_review::create,
    .destroy = async_review::destroy,
    .configure = nullptr,
    .message = async_review::message,
    .extension = nullptr,
};
