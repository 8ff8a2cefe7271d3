// SPDX-License-Identifier: MIT
//
// The two handlers. POLICY refuses: texts whose list blocks, and names, for a name with stars in it
// is none. TRANSFORM rewrites: texts whose list masks or replaces, and the last words of those who
// leave, because leaving cannot be refused. In shadow mode the hooks are shadows: the engine counts
// and tells what they would do, and nothing changes.
#include "profanity/filter.hpp"

#include <algorithm>

namespace profanity {
namespace {

std::string_view view(confab_str text) { return {text.ptr ? text.ptr : "", text.len}; }
confab_str str(std::string_view text) { return confab_str_make(text.data(), text.size()); }

template <class Event>
const Event &as(const confab_event *event) {
  return *reinterpret_cast<const Event *>(event);
}

// A channel's properties that people read; others are keys, names and words for programs.
bool is_text(const confab_event_property &p) {
  return confab_id_kind(p.subject) == CONFAB_KIND_CHANNEL && p.property == 0 &&
         (view(p.name) == "ONJOIN" || view(p.name) == "ONPART" || view(p.name) == "SUBJECT");
}

} // namespace

filter::subject filter::subject_of(const confab_event *event) const {
  switch (event->type) {
  case CONFAB_EVENT_MESSAGE: {
    const auto &m = as<confab_event_message>(event);
    const bool channel = confab_id_kind(m.target) == CONFAB_KIND_CHANNEL;
    if (!channel && confab_id_kind(m.target) != CONFAB_KIND_USER)
      return {};
    return {channel ? book_.in_channel(view(m.name)) : book_.at(scope::priv), CONFAB_FIELD_TEXT,
            view(m.text)};
  }
  case CONFAB_EVENT_NICK:
    return {book_.at(scope::nicks), CONFAB_FIELD_NICK, view(as<confab_event_nick>(event).nick),
            true};
  case CONFAB_EVENT_REGISTER:
    return {book_.at(scope::nicks), CONFAB_FIELD_NICK, view(as<confab_event_register>(event).nick),
            true};
  case CONFAB_EVENT_JOIN:
    return {book_.at(scope::channel_names), CONFAB_FIELD_NAME,
            view(as<confab_event_join>(event).name), true};
  case CONFAB_EVENT_CHANNEL_OPEN:
    return {book_.at(scope::channel_names), CONFAB_FIELD_NAME,
            view(as<confab_event_channel>(event).name), true};
  case CONFAB_EVENT_INVITE:
    return {book_.at(scope::channel_names), CONFAB_FIELD_NAME,
            view(as<confab_event_invite>(event).name), true};
  case CONFAB_EVENT_TOPIC:
    return {book_.at(scope::topics), CONFAB_FIELD_TEXT, view(as<confab_event_topic>(event).text)};
  case CONFAB_EVENT_PROPERTY: {
    const auto &p = as<confab_event_property>(event);
    if (!is_text(p) || p.set == 0)
      return {};
    return {book_.at(scope::topics), CONFAB_FIELD_TEXT, view(p.text)};
  }
  case CONFAB_EVENT_KNOCK: {
    const auto &k = as<confab_event_knock>(event);
    if (k.text.len == 0) // it was only kept out
      return {};
    return {book_.at(scope::priv), CONFAB_FIELD_TEXT, view(k.text)};
  }
  case CONFAB_EVENT_USER_CHANGE: {
    const auto &c = as<confab_event_user_change>(event);
    if (c.what != CONFAB_USER_AWAY || c.set == 0)
      return {};
    return {book_.at(scope::away), CONFAB_FIELD_TEXT, view(c.text)};
  }
  case CONFAB_EVENT_PART:
    return {book_.at(scope::part), CONFAB_FIELD_TEXT, view(as<confab_event_part>(event).text),
            false, true};
  case CONFAB_EVENT_KICK:
    return {book_.at(scope::kick), CONFAB_FIELD_TEXT, view(as<confab_event_kick>(event).text),
            false, true};
  case CONFAB_EVENT_DISCONNECT:
    if (as<confab_event_disconnect>(event).kind != CONFAB_DISCONNECT_QUIT)
      return {};
    return {book_.at(scope::quit), CONFAB_FIELD_TEXT, view(as<confab_event_disconnect>(event).text),
            false, true};
  default:
    return {};
  }
}

void filter::find_all(const matcher &what, std::string_view text, std::vector<found> &out) {
  forms_[0].set(text);
  what.find(forms_[0], out);
  if (!leet_)
    return;
  for (const std::size_t i : {0U, 1U}) {
    leet_texts_[i] = text;
    if (!read_leet(leet_texts_[i], i == 0 ? 'i' : 'l') ||
        (i == 1 && leet_texts_[0] == leet_texts_[1]))
      return;
    forms_[i + 1].set(leet_texts_[i]);
    what.find(forms_[i + 1], out);
  }
}

bool filter::judge(const list &by, std::string_view text, std::vector<found> &out) {
  out.clear();
  ++by.counts->judged;
  find_all(*by.bad, text, out);
  if (out.empty())
    return false;
  if (out.size() >= found_max) { // a text of nothing else: all of it, without exceptions
    out.assign(1, {0, static_cast<std::uint32_t>(text.size()), 0});
    ++by.counts->hits;
    return true;
  }
  if (const matcher &good = book_.exceptions_of(by); !good.entries().empty()) {
    exceptions_.clear();
    find_all(good, text, exceptions_);
    std::erase_if(out, [this](const found &bad) {
      return std::any_of(exceptions_.begin(), exceptions_.end(), [&](const found &good_place) {
        return good_place.begin <= bad.begin && bad.end <= good_place.end;
      });
    });
  }
  ++(out.empty() ? by.counts->excepted : by.counts->hits);
  return !out.empty();
}

confab_verdict filter::refuse(confab_call *call, const confab_event *event) {
  const subject s = subject_of(event);
  if (!s.by || rewrites(s) || !judge(*s.by, s.text, places_))
    return CONFAB_PASS;
  ++s.by->counts->blocked;
  api_->call_deny(call, CONFAB_REFUSED_POLICY, str(s.by->reply), CONFAB_DENIAL_ERROR);
  return CONFAB_DENY;
}

// A star for each character that can be seen, or the replacement for each place. Places may
// overlap.
std::string filter::rewritten(const list &by, std::string_view text, bool masked) const {
  std::vector<found> places = places_;
  std::sort(places.begin(), places.end(),
            [](const found &a, const found &b) { return a.begin < b.begin; });
  std::string out;
  std::size_t at = 0;
  for (std::size_t i = 0; i < places.size();) {
    const std::size_t begin = std::max<std::size_t>(places[i].begin, at);
    std::size_t end = places[i].end;
    for (; i < places.size() && places[i].begin < std::max<std::size_t>(end, at); ++i)
      end = std::max<std::size_t>(end, places[i].end);
    out += text.substr(at, begin - at);
    if (!masked)
      out += by.replacement;
    for (std::size_t c = begin; masked && c < end;) {
      const std::size_t from = c;
      const folded_char shown = book_.folds().next(text, c);
      if (shown.kind == glyph::space)
        out += text.substr(from, c - from);
      else if (shown.kind != glyph::gone && shown.kind != glyph::combined)
        out += '*';
    }
    at = end;
  }
  return out.append(text.substr(at));
}

confab_verdict filter::rewrite(confab_call *call, const confab_event *event) {
  const subject s = subject_of(event);
  if (!s.by || !rewrites(s) || !judge(*s.by, s.text, places_))
    return CONFAB_PASS;
  const list &by = *s.by;
  std::string text;
  if (by.what != action::block)
    text = rewritten(by, s.text, by.what == action::mask);
  confab_status status = api_->call_set(call, s.field, str(text));
  if (status == CONFAB_ERR_TOO_LONG) { // stars never are
    text = rewritten(by, s.text, true);
    status = api_->call_set(call, s.field, str(text));
  }
  if (status < 0)
    return status; // not a verdict: a failure, which is counted
  ++(by.what == action::block  ? by.counts->blocked
     : by.what == action::mask ? by.counts->masked
                               : by.counts->replaced);
  if (!book_.shadow && !by.reply.empty() && event->origin != 0 && !s.final)
    api_->reply_notice(engine_, event->origin, str(by.reply));
  return CONFAB_PASS;
}

// One function for each stage, and no exception through the library.
struct filter::handler {
  static confab_verdict CONFAB_CALL refuse(void *ctx, confab_call *call,
                                           const confab_event *event) noexcept {
    try {
      return static_cast<filter *>(ctx)->refuse(call, event);
    } catch (...) {
      return CONFAB_ERR_NOMEM;
    }
  }
  static confab_verdict CONFAB_CALL rewrite(void *ctx, confab_call *call,
                                            const confab_event *event) noexcept {
    try {
      return static_cast<filter *>(ctx)->rewrite(call, event);
    } catch (...) {
      return CONFAB_ERR_NOMEM;
    }
  }
};

std::string filter::hook(std::uint16_t type, std::uint16_t stage, bool shadow,
                         std::vector<confab_id> &hooks) {
  confab_hook made = confab_hook_init();
  made.type = type;
  made.stage = stage;
  if (shadow)
    made.flags |= CONFAB_HOOK_SHADOW;
  if (fail_open_)
    made.flags |= CONFAB_HOOK_FAIL_OPEN;
  made.ctx = this;
  made.call = stage == CONFAB_STAGE_POLICY ? handler::refuse : handler::rewrite;
  confab_id id = 0;
  const confab_status status = api_->hook_add(engine_, &made, &id);
  if (status < 0)
    return std::string("the engine took no hook: ") + api_->status_name(status);
  hooks.push_back(id);
  return "";
}

// Only what a list holds for, and only the stage in which it would do something: other events cost
// nothing.
std::string filter::subscribe(const book &to, std::vector<confab_id> &hooks) {
  struct want {
    std::uint16_t type;
    scope where;
    bool name, final;
  };
  static constexpr want wants[] = {
      {CONFAB_EVENT_MESSAGE, scope::channels, false, false},
      {CONFAB_EVENT_MESSAGE, scope::priv, false, false},
      {CONFAB_EVENT_NICK, scope::nicks, true, false},
      {CONFAB_EVENT_REGISTER, scope::nicks, true, false},
      {CONFAB_EVENT_JOIN, scope::channel_names, true, false},
      {CONFAB_EVENT_CHANNEL_OPEN, scope::channel_names, true, false},
      {CONFAB_EVENT_INVITE, scope::channel_names, true, false},
      {CONFAB_EVENT_TOPIC, scope::topics, false, false},
      {CONFAB_EVENT_PROPERTY, scope::topics, false, false},
      {CONFAB_EVENT_KNOCK, scope::priv, false, false},
      {CONFAB_EVENT_USER_CHANGE, scope::away, false, false},
      {CONFAB_EVENT_PART, scope::part, false, true},
      {CONFAB_EVENT_KICK, scope::kick, false, true},
      {CONFAB_EVENT_DISCONNECT, scope::quit, false, true},
  };
  bool wanted[CONFAB_EVENT_TYPE_END][2] = {};
  const auto use = [&](const want &w, const list *by) {
    if (by)
      wanted[w.type][!w.name && (w.final || by->what != action::block) ? 1 : 0] = true;
  };
  for (const want &w : wants)
    use(w, to.at(w.where));
  for (const auto &[channel, name] : to.channels())
    use(wants[0], to.find(name));
  for (std::uint16_t type = 0; type < CONFAB_EVENT_TYPE_END; ++type) {
    for (const bool rewriting : {false, true}) {
      const std::uint16_t stage = rewriting ? CONFAB_STAGE_TRANSFORM : CONFAB_STAGE_POLICY;
      if (!wanted[type][rewriting ? 1 : 0])
        continue;
      if (std::string why = hook(type, stage, to.shadow, hooks); !why.empty())
        return why;
    }
  }
  return "";
}

void filter::unsubscribe(std::vector<confab_id> &hooks) {
  for (const confab_id id : hooks)
    api_->hook_remove(engine_, id);
  hooks.clear();
}

} // namespace profanity
