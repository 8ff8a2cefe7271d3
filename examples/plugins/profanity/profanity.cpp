// SPDX-License-Identifier: MIT
//
// The plugin: its entry, its settings, and the life of an instance. Lists come from the state file,
// if there is one, else from the settings; every later change is made by operators with EXTMSG, is
// saved before it holds, and is refused when it cannot be saved.
#include "profanity/commands.hpp"
#include "profanity/filter.hpp"
#include "profanity/state.hpp"

#include <algorithm>
#include <exception>

namespace profanity {

filter::filter(const confab_api *api, confab_engine *engine, confab_id plugin)
    : api_(api), engine_(engine), plugin_(plugin), book_(true) {}

confab_setting_info filter::setting(const char *name) const {
  confab_setting_info info{};
  info.struct_size = sizeof info;
  api_->plugin_setting(engine_, plugin_, confab_str_of(name), &info);
  return info;
}

std::string filter::text_setting(const char *name) const {
  const confab_str text = setting(name).text;
  return {text.ptr ? text.ptr : "", text.len};
}

void filter::log(std::uint32_t level, const std::string &text) const {
  api_->log(engine_, level, CONFAB_STR("profanity"), confab_str_make(text.data(), text.size()), 0);
}

// What the settings say of the lists, for a start without a state.
std::string filter::seed(book &to) {
  to.shadow = setting_shadow_;
  list_change change;
  change.what = static_cast<action>(setting("action").integer);
  change.reply = text_setting("reply");
  change.replacement = text_setting("replacement");
  std::string why = to.change_list(default_list, change);
  const confab_setting_info words = setting("words");
  std::vector<entry> entries[2];
  for (std::uint32_t i = 0; i < words.count; ++i) {
    const confab_str line = confab_part(words.text, i);
    bool good = false;
    entry made = entry_of_line({line.ptr ? line.ptr : "", line.len}, good);
    entries[good ? 1 : 0].push_back(std::move(made));
  }
  for (const bool good : {false, true})
    if (why.empty() && !entries[good ? 1 : 0].empty())
      why = to.add_entries(default_list, good, entries[good ? 1 : 0]);
  if (const std::string path = text_setting("words_file"); why.empty() && !path.empty())
    why = path[0] == '/' ? import_words(path, to) : "words_file is no absolute path";
  const confab_setting_info scopes = setting("scopes");
  for (std::uint32_t i = 0; i < scopes.count && why.empty(); ++i) {
    const confab_str line = confab_part(scopes.text, i);
    const std::string name = lower({line.ptr ? line.ptr : "", line.len});
    const auto named = std::find(scope_names.begin(), scope_names.end(), name);
    why = named == scope_names.end()
              ? "scopes: '" + name + "' is none"
              : to.set_scope(static_cast<scope>(named - scope_names.begin()), default_list);
  }
  return why;
}

std::string filter::begin() {
  look_alikes_ = setting("look_alikes").integer != 0;
  leet_ = setting("leet").integer != 0;
  fail_open_ = setting("on_failure").integer == 1;
  setting_shadow_ = setting("mode").integer == 0;
  const std::string path = text_setting("state");
  if (!path.empty() && path[0] != '/')
    return "state is no absolute path";
  book fresh(look_alikes_);
  fresh.fold_channel = [this](std::string_view name) {
    std::string folded(name.size(), '\0');
    api_->name_fold(engine_, confab_str_make(name.data(), name.size()), folded.data(),
                    folded.size());
    return folded;
  };
  bool there = false;
  std::string why;
  if (!path.empty())
    why = load(path, fresh, &there);
  if (why.empty() && !there)
    why = seed(fresh);
  state_ = path;
  return why.empty() ? commit(std::move(fresh)) : why;
}

// Settings that can change while it runs: how texts are read, what a failure means, and the mode,
// which holds when it is another than before, so that it does not undo what an operator said.
std::string filter::configure() {
  const bool alikes = setting("look_alikes").integer != 0;
  const bool shadow = setting("mode").integer == 0;
  const bool was_open = fail_open_, was_leet = leet_;
  book next = book_;
  std::string why = alikes == look_alikes_ ? "" : next.set_look_alikes(alikes);
  if (shadow != setting_shadow_)
    next.shadow = shadow;
  fail_open_ = setting("on_failure").integer == 1;
  leet_ = setting("leet").integer != 0;
  if (why.empty())
    why = commit(std::move(next));
  if (!why.empty()) {
    fail_open_ = was_open;
    leet_ = was_leet;
    return why;
  }
  look_alikes_ = alikes;
  setting_shadow_ = shadow;
  return "";
}

// The new hooks are there and the state is written before the old ones go: if either fails, all is
// as it was.
std::string filter::commit(book next) {
  std::vector<confab_id> fresh;
  std::string why = subscribe(next, fresh);
  if (why.empty() && !state_.empty())
    why = save(next, state_);
  if (!why.empty()) {
    unsubscribe(fresh);
    return why;
  }
  unsubscribe(hooks_);
  hooks_ = std::move(fresh);
  book_ = std::move(next);
  forms_.assign(3, folded_text(book_.folds()));
  return "";
}

std::string filter::command(const confab_plugin_message &said) {
  book next(false);
  command_result result =
      run_command(book_, {said.text.ptr ? said.text.ptr : "", said.text.len}, next);
  if (result.changed) {
    std::string why = commit(std::move(next));
    if (why.empty())
      log(CONFAB_LOG_INFO, "changed: " + std::string(said.text.ptr, said.text.len));
    else
      result.lines = {"Nothing changed: " + why + "."};
  }
  for (const std::string &line : result.lines)
    said.answer(said.answer_ctx, confab_str_make(line.data(), line.size()));
  return "";
}

namespace {

// Calls what may throw; what is wrong goes to the log.
template <class Work>
confab_status guarded(const filter *self, Work work) noexcept {
  try {
    const std::string why = work();
    if (why.empty())
      return CONFAB_OK;
    self->log(CONFAB_LOG_ERROR, why);
    return CONFAB_ERR_ARG;
  } catch (const std::bad_alloc &) {
    return CONFAB_ERR_NOMEM;
  } catch (...) {
    return CONFAB_ERR_CALLBACK;
  }
}

confab_status CONFAB_CALL create(const confab_api *api, confab_engine *engine, confab_id plugin,
                                 void **out) noexcept {
  try {
    auto self = std::make_unique<filter>(api, engine, plugin);
    const confab_status status = guarded(self.get(), [&] { return self->begin(); });
    if (status >= 0)
      *out = self.release();
    return status;
  } catch (...) {
    return CONFAB_ERR_NOMEM;
  }
}

confab_status CONFAB_CALL destroy(void *self) noexcept {
  delete static_cast<filter *>(self);
  return CONFAB_OK;
}

confab_status CONFAB_CALL configure(void *ctx) noexcept {
  auto *self = static_cast<filter *>(ctx);
  return guarded(self, [&] { return self->configure(); });
}

confab_status CONFAB_CALL message(void *ctx, const confab_plugin_message *said) noexcept {
  auto *self = static_cast<filter *>(ctx);
  return guarded(self, [&] { return self->command(*said); });
}

constexpr std::uint32_t fixed = CONFAB_SETTING_FIXED;

// name, type, flags, default, least, most, choices, help, reserved
const confab_setting settings[] = {
    {"mode", CONFAB_SETTING_CHOICE, 0, "shadow", nullptr, nullptr, "shadow enforce",
     "shadow: find and count, and change nothing.", nullptr},
    {"leet", CONFAB_SETTING_BOOL, 0, "false", nullptr, nullptr, nullptr,
     "Read digits and signs as the letters that they stand for.", nullptr},
    {"look_alikes", CONFAB_SETTING_BOOL, 0, "true", nullptr, nullptr, nullptr,
     "Read letters of other scripts as the Latin ones that they look like.", nullptr},
    {"on_failure", CONFAB_SETTING_CHOICE, 0, "closed", nullptr, nullptr, "closed open",
     "What happens to a text that cannot be judged: closed refuses it, open lets it through.",
     nullptr},
    {"state", CONFAB_SETTING_TEXT, fixed, "", "0", "4000", nullptr,
     "The absolute path of the file that keeps the lists; empty: they are not kept.", nullptr},
    {"words", CONFAB_SETTING_LIST, fixed, "", "0", "4096", nullptr,
     "Entries of the default list, while there is no state.", nullptr},
    {"words_file", CONFAB_SETTING_TEXT, fixed, "", "0", "4000", nullptr,
     "The absolute path of a file with more entries.", nullptr},
    {"action", CONFAB_SETTING_CHOICE, fixed, "block", nullptr, nullptr, "block mask replace",
     "What the default list does.", nullptr},
    {"reply", CONFAB_SETTING_TEXT, fixed, "", "0", "300", nullptr,
     "What the default list tells the sender.", nullptr},
    {"replacement", CONFAB_SETTING_TEXT, fixed, "***", "0", "300", nullptr,
     "What the default list writes when it replaces.", nullptr},
    {"scopes", CONFAB_SETTING_LIST, fixed, "channels\nprivate", "0", "9", nullptr,
     "Where the default list holds: channels, private, nicknames, channelnames, topics, quit, "
     "part, kick, away.",
     nullptr},
};

} // namespace
} // namespace profanity

CONFAB_PLUGIN_EXPORT = {
    CONFAB_PLUGIN_HEAD,
    .id = "confab.profanity",
    .version = "1.0",
    .summary = "Finds words of its lists in what people say, and blocks, masks or replaces them.",
    .settings = profanity::settings,
    .settings_count = std::size(profanity::settings),
    .message_permission = CONFAB_PERMIT_OPERATOR,
    .flags = 0,
    .reserved0 = 0,
    .install = nullptr,
    .create = profanity::create,
    .destroy = profanity::destroy,
    .configure = profanity::configure,
    .message = profanity::message,
    .extension = nullptr,
};
