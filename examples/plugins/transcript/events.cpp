// SPDX-License-Identifier: MIT
//
// Handlers: what happened in a recorded channel becomes an entry, and the entry is queued. They
// only look and copy; no file is touched here. All but one observe, so they see what really
// happened, as it was said in the end; what was refused is not recorded. They are subscribed only
// while anything is recorded: else the plugin costs a message nothing.
#include "transcript/recorder.hpp"

namespace confab::plugins::transcripts {

namespace {

// Channel modes of the core, by number; those that were added know their names.
constexpr std::string_view mode_names[] = {
    "moderated", "no-external", "topic-locked", "invite-only", "secret",
    "private",   "no-ctcp",     "key",          "limit",       "hidden",
    "knock",     "no-format",   "no-whisper",   "auditorium",  "auth-only",
    "cloneable", "clone",       "registered",   "service",     "mic-only",
    "unicode",   "echo",        "feed",         "auth-speech", "no-data"};
static_assert(std::size(mode_names) == CONFAB_CMODE_CORE_END);
constexpr std::string_view list_names[] = {"ban",   "exception", "invite", "grant",
                                           "voice", "operator",  "owner"};
static_assert(std::size(list_names) == CONFAB_LIST_COUNT);

std::string_view rank_name(std::uint32_t rank) {
  if ((rank & CONFAB_RANK_VOICE) != 0)
    return "voice";
  return (rank & CONFAB_RANK_OPERATOR) != 0 ? "operator" : "owner";
}

std::string mode_name(const place &in, std::uint32_t mode) {
  if (mode < std::size(mode_names))
    return std::string(mode_names[mode]);
  auto info = blank<confab_addition_info>();
  for (confab_id at = 0; in.api->addition_next(in.engine, at, &at) == CONFAB_OK;)
    if (in.api->addition_get(in.engine, at, &info) == CONFAB_OK &&
        info.kind == CONFAB_ADDITION_CHANNEL_MODE && info.number == mode)
      return std::string(view(info.name));
  return "mode-" + std::to_string(mode);
}

} // namespace

void recorder::listen() {
  if (!hooks_.empty())
    return;
  const auto add = [this]<auto Handler>(std::uint32_t type, std::uint32_t stage) {
    confab_id id = 0;
    check(subscribe<Handler>(in_, *this, type, stage, &id), "a hook");
    hooks_.push_back(id);
  };
  hooks_.reserve(12);
  constexpr std::uint32_t observe = CONFAB_STAGE_OBSERVE;
  try {
    add.template operator()<&recorder::joined>(CONFAB_EVENT_JOIN, observe);
    add.template operator()<&recorder::parted>(CONFAB_EVENT_PART, observe);
    add.template operator()<&recorder::kicked>(CONFAB_EVENT_KICK, observe);
    add.template operator()<&recorder::emptied>(CONFAB_EVENT_KILL, observe);
    add.template operator()<&recorder::leaving>(CONFAB_EVENT_DISCONNECT, CONFAB_STAGE_POLICY);
    add.template operator()<&recorder::left>(CONFAB_EVENT_DISCONNECT, observe);
    add.template operator()<&recorder::renamed>(CONFAB_EVENT_NICK, observe);
    add.template operator()<&recorder::topic_set>(CONFAB_EVENT_TOPIC, observe);
    add.template operator()<&recorder::mode_changed>(CONFAB_EVENT_CHANNEL_CHANGE, observe);
    add.template operator()<&recorder::rank_changed>(CONFAB_EVENT_MEMBER_CHANGE, observe);
    add.template operator()<&recorder::list_changed>(CONFAB_EVENT_ACCESS, observe);
    add.template operator()<&recorder::spoken>(CONFAB_EVENT_MESSAGE, observe);
  } catch (...) {
    unlisten();
    throw;
  }
}

void recorder::unlisten() noexcept {
  for (const confab_id id : hooks_)
    (void)in_.api->hook_remove(in_.engine, id);
  hooks_.clear();
}

bool recorder::wanted(std::string_view channel, std::string &key) const {
  key = key_of(channel);
  return state_.has(key);
}

entry recorder::entry_of(what event, std::string_view channel, std::string key,
                         confab_id actor) const {
  entry made;
  made.event = event;
  made.unix_ns = in_.unix_ns();
  made.channel = channel;
  made.key = std::move(key);
  auto who = blank<confab_user_info>();
  if (actor != 0 && in_.api->user_get(in_.engine, actor, &who) == CONFAB_OK) {
    made.nick = view(who.nick);
    made.from = std::string(view(who.username)) + "@" + std::string(view(who.hostname));
  }
  return made;
}

// Calls `body` with each recorded channel that the user is in: its name and its key.
template <class Body>
void recorder::each_recorded(confab_id user, Body &&body) {
  auto place_of = blank<confab_member_info>();
  auto channel = blank<confab_channel_info>();
  std::string key;
  for (confab_id at = 0; in_.api->user_member_next(in_.engine, user, at, &at) == CONFAB_OK;)
    if (in_.api->member_get(in_.engine, at, &place_of) == CONFAB_OK &&
        in_.api->channel_get(in_.engine, place_of.channel, &channel) == CONFAB_OK &&
        wanted(view(channel.name), key))
      body(view(channel.name), key);
}

confab_verdict recorder::joined(confab_call *call, const confab_event &event) {
  const auto &e = as<confab_event_join>(event);
  std::string key;
  if (!in_.committed(call) || !wanted(view(e.name), key))
    return CONFAB_PASS;
  push(entry_of(what::join, view(e.name), std::move(key), e.user));
  tell(e.user, view(e.name));
  auto channel = blank<confab_channel_info>();
  if (in_.api->channel_get(in_.engine, e.channel, &channel) == CONFAB_OK &&
      (channel.modes >> mode_ & 1) == 0)
    later({task::kind::mark, e.channel, std::string(view(e.name))});
  pump();
  return CONFAB_PASS;
}

confab_verdict recorder::parted(confab_call *call, const confab_event &event) {
  const auto &e = as<confab_event_part>(event);
  std::string key;
  if (!in_.committed(call) || !wanted(view(e.name), key))
    return CONFAB_PASS;
  entry made = entry_of(what::part, view(e.name), std::move(key), e.user);
  made.text = view(e.text);
  push(std::move(made));
  return CONFAB_PASS;
}

confab_verdict recorder::kicked(confab_call *call, const confab_event &event) {
  const auto &e = as<confab_event_kick>(event);
  std::string key;
  if (!in_.committed(call) || !wanted(view(e.name), key))
    return CONFAB_PASS;
  entry made = entry_of(what::kick, view(e.name), std::move(key), event.actor);
  auto who = blank<confab_user_info>();
  if (in_.api->user_get(in_.engine, e.user, &who) == CONFAB_OK)
    made.object = view(who.nick);
  made.text = view(e.text);
  push(std::move(made));
  return CONFAB_PASS;
}

// All members are put out at once, and there is no KICK for each of them.
confab_verdict recorder::emptied(confab_call *call, const confab_event &event) {
  const auto &e = as<confab_event_kill>(event);
  std::string key;
  if (!in_.committed(call) || e.channel == 0 || !wanted(view(e.nick), key))
    return CONFAB_PASS;
  entry made = entry_of(what::close, view(e.nick), std::move(key), event.actor);
  made.text = view(e.text);
  push(std::move(made));
  return CONFAB_PASS;
}

// Before a user goes: afterwards nobody knows where it was. Nothing can refuse a DISCONNECT.
confab_verdict recorder::leaving(confab_call *, const confab_event &event) {
  leaving_.clear();
  leaving_seq_ = event.seq;
  if (as<confab_event_disconnect>(event).last != 0 && event.actor != 0)
    each_recorded(event.actor, [&](std::string_view channel, const std::string &key) {
      leaving_.push_back(entry_of(what::quit, channel, key, event.actor));
    });
  return CONFAB_PASS;
}

confab_verdict recorder::left(confab_call *, const confab_event &event) {
  if (leaving_seq_ != event.seq)
    return CONFAB_PASS;
  for (entry &made : leaving_) {
    made.text = view(as<confab_event_disconnect>(event).text);
    push(std::move(made));
  }
  leaving_.clear();
  return CONFAB_PASS;
}

confab_verdict recorder::renamed(confab_call *call, const confab_event &event) {
  const auto &e = as<confab_event_nick>(event);
  if (!in_.committed(call))
    return CONFAB_PASS;
  each_recorded(e.user, [&](std::string_view channel, const std::string &key) {
    entry made = entry_of(what::nick, channel, key, e.user);
    made.nick = view(e.old_nick);
    made.object = view(e.nick);
    push(std::move(made));
  });
  return CONFAB_PASS;
}

confab_verdict recorder::topic_set(confab_call *call, const confab_event &event) {
  const auto &e = as<confab_event_topic>(event);
  std::string key;
  if (!in_.committed(call) || !wanted(view(e.name), key))
    return CONFAB_PASS;
  entry made = entry_of(what::topic, view(e.name), std::move(key), event.actor);
  made.text = view(e.text);
  push(std::move(made));
  return CONFAB_PASS;
}

// Keys are secrets, and the mark of a recorded channel says nothing new: neither is recorded.
confab_verdict recorder::mode_changed(confab_call *call, const confab_event &event) {
  const auto &e = as<confab_event_channel_change>(event);
  std::string key;
  if (!in_.committed(call) || e.mode == mode_ || !wanted(view(e.name), key))
    return CONFAB_PASS;
  entry made = entry_of(what::mode, view(e.name), std::move(key), event.actor);
  made.object = mode_name(in_, e.mode);
  made.set = e.set != 0;
  if (e.mode != CONFAB_CMODE_KEY)
    made.text = view(e.value);
  push(std::move(made));
  return CONFAB_PASS;
}

// What a member wants to be spared (CONFAB_MEMBER_*) is no rank.
confab_verdict recorder::rank_changed(confab_call *call, const confab_event &event) {
  const auto &e = as<confab_event_member_change>(event);
  std::string key;
  if (!in_.committed(call) || e.rank > CONFAB_RANK_OWNER || !wanted(view(e.name), key))
    return CONFAB_PASS;
  entry made = entry_of(what::rank, view(e.name), std::move(key), event.actor);
  made.object = view(e.nick);
  made.set = e.set != 0;
  made.text = rank_name(e.rank);
  push(std::move(made));
  return CONFAB_PASS;
}

// Of a list that is cleared there is no mask.
confab_verdict recorder::list_changed(confab_call *call, const confab_event &event) {
  const auto &e = as<confab_event_access>(event);
  std::string key;
  if (!in_.committed(call) || e.subject != CONFAB_ACCESS_CHANNEL || !wanted(view(e.name), key))
    return CONFAB_PASS;
  entry made = entry_of(what::list, view(e.name), std::move(key), event.actor);
  made.object = e.list < std::size(list_names) ? list_names[e.list] : "all";
  made.set = e.set == CONFAB_ACCESS_ADD;
  made.text = view(e.mask);
  push(std::move(made));
  return CONFAB_PASS;
}

confab_verdict recorder::spoken(confab_call *call, const confab_event &event) {
  const auto &e = as<confab_event_message>(event);
  std::string key;
  const bool said = e.kind == CONFAB_MESSAGE_PRIVMSG || e.kind == CONFAB_MESSAGE_NOTICE;
  if (!said || confab_id_kind(e.target) != CONFAB_KIND_CHANNEL || !in_.committed(call) ||
      !wanted(view(e.name), key))
    return CONFAB_PASS;
  entry made = entry_of(e.kind == CONFAB_MESSAGE_NOTICE ? what::notice : what::message,
                        view(e.name), std::move(key), event.actor);
  if (e.ranks_min != 0)
    made.object = rank_name(e.ranks_min);
  made.text = view(e.text);
  push(std::move(made));
  confab_id member = 0; // who speaks from outside was not told when it joined
  if (event.actor != 0 &&
      in_.api->member_find(in_.engine, e.target, event.actor, &member) == CONFAB_ERR_NOT_FOUND) {
    tell(event.actor, view(e.name));
    pump();
  }
  return CONFAB_PASS;
}

} // namespace confab::plugins::transcripts
