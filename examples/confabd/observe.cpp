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

void log_hook_failed(const observed &o, const confab_event &event) {
  const auto &e = as<confab_event_hook_failed>(event);
  o.rt.log.write(log_level::error, "hook.failed",
                 {{"hook", log_id{e.hook}}, {"type", std::uint64_t{e.type}}});
}

struct subscription {
  std::uint16_t type;
  void (*log)(const observed &, const confab_event &);
};

constexpr std::array<subscription, 8> subscriptions = {{
    {CONFAB_EVENT_CONNECT, log_connect},
    {CONFAB_EVENT_REGISTER, log_register},
    {CONFAB_EVENT_DISCONNECT, log_disconnect},
    {CONFAB_EVENT_KILL, log_kill},
    {CONFAB_EVENT_OPER, log_oper},
    {CONFAB_EVENT_ADMIN, log_admin},
    {CONFAB_EVENT_RATE_LIMIT, log_rate_limit},
    {CONFAB_EVENT_HOOK_FAILED, log_hook_failed},
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
  // Who came and went is logged above with more to it; and texts of the engine may quote people.
  const bool quiet = record.level <= CONFAB_LOG_INFO;
  const bool known = record.level <= CONFAB_LOG_ERROR;
  const log_level loud = known ? static_cast<log_level>(record.level) : log_level::error;
  rt.log.write(quiet ? log_level::debug : loud, to_view(record.event),
               {{"conn", log_id{record.conn}},
                {"subject", log_id{record.subject}},
                {"text", to_view(record.text)}});
}

} // namespace confabd
