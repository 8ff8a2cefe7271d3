// SPDX-License-Identifier: MIT
//
// An instance of the filter in an engine: its settings, its hooks, and what they do with what the
// lists find. Which words are meant and how they are found is not known here.
#pragma once

#include "profanity/lists.hpp"

#include <confab/plugin.h>

#include <string>
#include <vector>

namespace profanity {

class filter {
public:
  filter(const confab_api *api, confab_engine *engine, confab_id plugin);

  // Each answers "" or what is wrong; then nothing changed.
  std::string begin();
  std::string configure();
  std::string command(const confab_plugin_message &said);
  void log(std::uint32_t level, const std::string &text) const;

  // What is wrong with a text: places in it, the exceptions taken off.
  bool judge(const list &by, std::string_view text, std::vector<found> &out);

private:
  // What an event has that can be judged, and by which list.
  struct subject {
    const list *by = nullptr;
    std::uint32_t field = CONFAB_FIELD_TEXT;
    std::string_view text;
    bool name = false;  // of a nick or channel: it is refused, never rewritten
    bool final = false; // the act goes on: an offending text is taken off
  };
  struct handler;

  confab_setting_info setting(const char *name) const;
  std::string text_setting(const char *name) const;
  std::string seed(book &to);
  std::string commit(book next);
  std::string subscribe(const book &to, std::vector<confab_id> &hooks);
  std::string hook(std::uint16_t type, std::uint16_t stage, bool shadow,
                   std::vector<confab_id> &hooks);
  void unsubscribe(std::vector<confab_id> &hooks);

  subject subject_of(const confab_event *event) const;
  bool rewrites(const subject &s) const {
    return !s.name && (s.final || s.by->what != action::block);
  }
  confab_verdict refuse(confab_call *call, const confab_event *event);
  confab_verdict rewrite(confab_call *call, const confab_event *event);
  std::string rewritten(const list &by, std::string_view text, bool masked) const;
  void find_all(const matcher &what, std::string_view text, std::vector<found> &out);

  const confab_api *api_;
  confab_engine *engine_;
  confab_id plugin_;
  book book_;
  std::string state_; // the file, or empty
  bool leet_ = false, fail_open_ = false, look_alikes_ = true, setting_shadow_ = true;
  std::vector<confab_id> hooks_;

  // Room that is used again for each text: as it is, and as leet may mean it.
  std::vector<folded_text> forms_;
  std::string leet_texts_[2];
  std::vector<found> places_, exceptions_;
};

} // namespace profanity
