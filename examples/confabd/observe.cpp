// SPDX-License-Identifier: MIT
//
// One function for each event that is logged. Message text, and what people say when they quit, is
// never logged at info: reasons are only those that the server or an operator gave.
#include "observe.hpp"

#include <array>

namespace confabd {
namespace {

// What a handler of ours gets.
struct observed {
  runtime &rt;
  confab_outcome outcome;

  bool committed() const noexcept { return outcome.outcome == CONFAB_OUTCOME_COMMITTED; }
};

template <class event_type>
const event_type &as(const confab_event &event) {
  return *reinterpret_cast<const event_type *>(&event);
}

std::string nick_of(const runtime &rt, confab_id user) {
  confab_user_info info{};
  info.struct_size = sizeof info;
  return confab_user_get(rt.engine, user, &info) == CONFAB_OK ? std::string(to_view(info.nick))
                                                              : std::string();
}

void log_connect(const observed &o, const confab_event &event) {
  const auto &e = as<confab_event_connect>(event);
  if (o.committed()) {
    o.rt.log.write(log_level::info, "conn.connected",
                   {{"conn", log_id{event.origin}},
                    {"address", to_view(e.address)},
                    {"forwarded", e.trust == CONFAB_TRUST_FORWARDED ? "yes" : "no"},
                    {"secure", e.secure != 0 ? "yes" : "no"}});
  }
}

void log_register(const observed &o, const confab_event &event) {
  const auto &e = as<confab_event_register>(event);
  o.rt.log.write(log_level::info, o.committed() ? "conn.registered" : "conn.register_refused",
                 {{"conn", log_id{event.origin}},
                  {"nick", to_view(e.nick)},
                  {"username", to_view(e.username)},
                  {"hostname", to_view(e.hostname)},
                  {"address", to_view(e.address)}});
}

constexpr std::array<std::string_view, 10> disconnect_kinds = {
    "unknown", "quit",     "closed", "host",   "killed",
    "timeout", "overflow", "flood",  "denied", "nomem"};

void log_disconnect(const observed &o, const confab_event &event) {
  const auto &e = as<confab_event_disconnect>(event);
  const bool known = e.kind < disconnect_kinds.size();
  const bool own_words = e.kind == CONFAB_DISCONNECT_QUIT;
  o.rt.log.write(log_level::info, "conn.disconnected",
                 {{"conn", log_id{event.origin}},
                  {"kind", disconnect_kinds[known ? e.kind : 0]},
                  {"reason", own_words ? std::string_view() : to_view(e.text)}});
}

void log_oper(const observed &o, const confab_event &event) {
  const auto &e = as<confab_event_oper>(event);
  const std::string nick = nick_of(o.rt, event.actor);
  o.rt.log.write(o.committed() ? log_level::info : log_level::warning,
                 o.committed() ? "oper.granted" : "oper.refused",
                 {{"conn", log_id{event.origin}}, {"nick", nick}, {"name", to_view(e.name)}});
}

void log_kill(const observed &o, const confab_event &event) {
  const auto &e = as<confab_event_kill>(event);
  const std::string by = nick_of(o.rt, event.actor);
  if (o.committed()) {
    o.rt.log.write(log_level::info, "user.killed",
                   {{"conn", log_id{event.origin}},
                    {"nick", to_view(e.nick)},
                    {"by", by},
                    {"reason", to_view(e.text)}});
  }
}

void log_admin(const observed &o, const confab_event &event) {
  const auto &e = as<confab_event_admin>(event);
  const std::string by = nick_of(o.rt, event.actor);
  o.rt.log.write(log_level::info, "oper.request",
                 {{"conn", log_id{event.origin}},
                  {"request", e.request == CONFAB_REQUEST_REHASH ? "rehash" : "die"},
                  {"granted", o.committed() ? "yes" : "no"},
                  {"by", by}});
}

constexpr std::array<std::string_view, 5> limit_kinds = {"unknown", "commands", "input", "output",
                                                         "nick"};

void log_rate_limit(const observed &o, const confab_event &event) {
  const auto &e = as<confab_event_rate_limit>(event);
  const bool closes = e.limit == CONFAB_LIMIT_INPUT || e.limit == CONFAB_LIMIT_OUTPUT;
  o.rt.log.write(closes ? log_level::info : log_level::debug, "conn.limited",
                 {{"conn", log_id{e.conn}},
                  {"limit", limit_kinds[e.limit < limit_kinds.size() ? e.limit : 0]}});
}

// A hook without a name of its own goes by its plugin's.
std::string name_of_hook(const runtime &rt, confab_id hook) {
  confab_hook_info info{};
  info.struct_size = sizeof info;
  confab_plugin_info owner{};
  owner.struct_size = sizeof owner;
  if (confab_hook_get(rt.engine, hook, &info) < 0) {
    return {};
  }
  const bool owned = info.name.len == 0 && info.owner != 0 &&
                     confab_plugin_get(rt.engine, info.owner, &owner) == CONFAB_OK;
  return std::string(to_view(owned ? owner.name : info.name));
}

constexpr std::array<std::string_view, 7> failure_kinds = {
    "unknown", "verdict", "call_time", "second_time", "expired", "stage", "token"};

void log_hook_failed(const observed &o, const confab_event &event) {
  const auto &e = as<confab_event_hook_failed>(event);
  const std::string name = name_of_hook(o.rt, e.hook);
  o.rt.log.write(log_level::error, "hook.failed",
                 {{"hook", log_id{e.hook}},
                  {"name", name},
                  {"kind", failure_kinds[e.kind < failure_kinds.size() ? e.kind : 0]},
                  {"type", std::uint64_t{e.type}},
                  {"time_us", e.time_ns / 1000}});
}

constexpr std::array<std::string_view, 3> hook_states = {"closed", "open", "half_open"};

void log_hook_state(const observed &o, const confab_event &event) {
  const auto &e = as<confab_event_hook_state>(event);
  const std::string name = name_of_hook(o.rt, e.hook);
  o.rt.log.write(log_level::warning, "hook.breaker",
                 {{"hook", log_id{e.hook}},
                  {"name", name},
                  {"state", e.state < hook_states.size() ? hook_states[e.state] : "unknown"},
                  {"failures", std::uint64_t{e.failures}}});
}

// What the text was is not logged.
void log_hook_shadow(const observed &o, const confab_event &event) {
  const auto &e = as<confab_event_hook_shadow>(event);
  const std::string name = name_of_hook(o.rt, e.hook);
  const std::string_view would =
      e.verdict == CONFAB_DENY ? "deny" : (e.verdict == CONFAB_DEFER ? "defer" : "rewrite");
  o.rt.log.write(log_level::debug, "hook.shadow",
                 {{"hook", log_id{e.hook}},
                  {"name", name},
                  {"would", would},
                  {"type", std::uint64_t{e.type}}});
}

constexpr std::array<std::string_view, 5> plugin_events = {
    "plugin.unknown", "plugin.loaded", "plugin.draining", "plugin.gone", "plugin.refused"};

void log_plugin(const observed &o, const confab_event &event) {
  const auto &e = as<confab_event_plugin>(event);
  const bool refused = e.state == CONFAB_PLUGIN_REFUSED;
  o.rt.log.write(refused ? log_level::error : log_level::info,
                 plugin_events[e.state < plugin_events.size() ? e.state : 0],
                 {{"plugin", to_view(e.name)},
                  {"status", confab_status_name(e.status)},
                  {"reason", to_view(e.text)}});
}

// Registered channels are kept: what changes in one is to be saved, soon and outside of here.
void note_change(const observed &o, confab_id channel) {
  confab_channel_info info{};
  info.struct_size = sizeof info;
  if (o.committed() && confab_channel_get(o.rt.engine, channel, &info) == CONFAB_OK &&
      (info.modes >> CONFAB_CMODE_REGISTERED & 1U) != 0) {
    o.rt.service_changed = true;
  }
}

template <class event_type>
void note_channel(const observed &o, const confab_event &event) {
  note_change(o, as<event_type>(event).channel);
}

void note_property(const observed &o, const confab_event &event) {
  note_change(o, as<confab_event_property>(event).subject);
}

struct subscription {
  std::uint16_t type;
  void (*log)(const observed &, const confab_event &);
};

constexpr std::array<subscription, 15> subscriptions = {{
    {CONFAB_EVENT_CONNECT, log_connect},
    {CONFAB_EVENT_REGISTER, log_register},
    {CONFAB_EVENT_DISCONNECT, log_disconnect},
    {CONFAB_EVENT_KILL, log_kill},
    {CONFAB_EVENT_OPER, log_oper},
    {CONFAB_EVENT_ADMIN, log_admin},
    {CONFAB_EVENT_RATE_LIMIT, log_rate_limit},
    {CONFAB_EVENT_HOOK_FAILED, log_hook_failed},
    {CONFAB_EVENT_HOOK_STATE, log_hook_state},
    {CONFAB_EVENT_HOOK_SHADOW, log_hook_shadow},
    {CONFAB_EVENT_PLUGIN, log_plugin},
    {CONFAB_EVENT_TOPIC, note_channel<confab_event_topic>},
    {CONFAB_EVENT_CHANNEL_CHANGE, note_channel<confab_event_channel_change>},
    {CONFAB_EVENT_ACCESS, note_channel<confab_event_access>},
    {CONFAB_EVENT_PROPERTY, note_property},
}};

confab_verdict on_event(void *ctx, confab_call *call, const confab_event *event) {
  runtime &rt = *static_cast<runtime *>(ctx);
  observed o{rt, {}};
  o.outcome.struct_size = sizeof o.outcome;
  rt.note(confab_call_outcome(call, &o.outcome));
  for (const subscription &entry : subscriptions) {
    if (entry.type == event->type) {
      entry.log(o, *event);
    }
  }
  return CONFAB_PASS;
}

} // namespace

confab_status observe_events(runtime &rt) {
  for (const subscription &entry : subscriptions) {
    confab_hook hook = confab_hook_init();
    hook.type = entry.type;
    hook.stage = CONFAB_STAGE_OBSERVE;
    hook.ctx = &rt;
    hook.call = on_event;
    confab_id id = 0;
    if (const confab_status status = confab_hook_add(rt.engine, &hook, &id); status < 0) {
      return status;
    }
  }
  return CONFAB_OK;
}

void log_record(runtime &rt, const confab_log_record &record) {
  // Who came and went, and what plugins did, is logged above with more to it; and texts of the
  // engine may quote people.
  const std::string_view event = to_view(record.event);
  const bool quiet =
      record.level <= CONFAB_LOG_INFO || event == "hook.failed" || event == "plugin.refused";
  const bool known = record.level <= CONFAB_LOG_ERROR;
  const log_level loud = known ? static_cast<log_level>(record.level) : log_level::error;
  rt.log.write(quiet ? log_level::debug : loud, event,
               {{"conn", log_id{record.conn}},
                {"subject", log_id{record.subject}},
                {"text", to_view(record.text)}});
}

} // namespace confabd
