// SPDX-License-Identifier: MIT
//
// Rendering of figures: see metrics.hpp. A family's lines stand together, after its HELP and TYPE,
// as the format asks; a figure of confab_engine_stats or confab_hook_stats is one row here.

#include "bus/metrics.hpp"

#include <array>
#include <fmt/format.h>
#include <iterator>

namespace confab::bus {

namespace {

struct figure {
  std::string_view name, type, help;
  std::uint16_t offset; // of a uint64_t
};

#define CONFAB_FIGURE(member, type, help)                                                          \
  figure { #member, type, help, offsetof(confab_engine_stats, member) }
constexpr figure engine_figures[] = {
    CONFAB_FIGURE(conns, "gauge", "Open connections."),
    CONFAB_FIGURE(conns_unregistered, "gauge", "Connections that are no session of a user yet."),
    CONFAB_FIGURE(users, "gauge", "Users."),
    CONFAB_FIGURE(channels, "gauge", "Channels."),
    CONFAB_FIGURE(members, "gauge", "Memberships of users in channels."),
    CONFAB_FIGURE(operators, "gauge", "Users who are operators of the server."),
    CONFAB_FIGURE(hooks, "gauge", "Subscriptions."),
    CONFAB_FIGURE(plugins, "gauge", "Plugins."),
    CONFAB_FIGURE(additions, "gauge", "What plugins and the host added."),
    CONFAB_FIGURE(timers, "gauge", "Timers of plugins and the host."),
    CONFAB_FIGURE(parked, "gauge", "Acts that wait for an answer."),
    CONFAB_FIGURE(deferrals, "gauge", "Acts that wait for a handler."),
    CONFAB_FIGURE(memory_bytes, "gauge", "What the allocator gave and did not get back."),
    CONFAB_FIGURE(backlog_bytes, "gauge", "Output that is queued."),
    CONFAB_FIGURE(conns_total, "counter", "Connections opened."),
    CONFAB_FIGURE(commands_total, "counter", "Commands taken from clients."),
    CONFAB_FIGURE(events_total, "counter", "Acts that came to the gate."),
    CONFAB_FIGURE(deliveries_total, "counter", "Messages queued for a connection."),
    CONFAB_FIGURE(overflows_total, "counter", "Connections closed for a full backlog."),
    CONFAB_FIGURE(denied_total, "counter", "Acts that a filter denied."),
    CONFAB_FIGURE(refused_total, "counter", "Acts that the core's own rules refused."),
    CONFAB_FIGURE(expired_total, "counter", "Acts that no handler decided in time."),
    CONFAB_FIGURE(cancelled_total, "counter", "Acts whose origin went before they were decided."),
    CONFAB_FIGURE(tokens_misused_total, "counter", "Answers for tokens that were dead or others'."),
    CONFAB_FIGURE(datagrams_in_total, "counter", "Datagrams taken from anybody."),
    CONFAB_FIGURE(datagrams_dropped_total, "counter", "Of those, dropped before any handler."),
    CONFAB_FIGURE(datagrams_out_total, "counter", "Datagrams sent."),
    CONFAB_FIGURE(bytes_in_total, "counter", "Bytes taken from peers."),
    CONFAB_FIGURE(bytes_out_total, "counter", "Bytes that peers took."),
};
#undef CONFAB_FIGURE

#define CONFAB_FIGURE(member, help)                                                                \
  figure { #member, "counter", help, offsetof(confab_hook_stats, member) }
constexpr figure hook_figures[] = {
    CONFAB_FIGURE(calls_total, "Calls of a handler."),
    CONFAB_FIGURE(passed_total, "Calls without an opinion."),
    CONFAB_FIGURE(denied_total, "Calls that denied."),
    CONFAB_FIGURE(allowed_total, "Calls that lifted a denial."),
    CONFAB_FIGURE(deferred_total, "Calls that took their time."),
    CONFAB_FIGURE(rewritten_total, "Calls that rewrote the event."),
    CONFAB_FIGURE(failed_total, "Calls that broke the contract, and deferrals that expired."),
    CONFAB_FIGURE(misused_total, "Attempts at what a handler may not do."),
    CONFAB_FIGURE(bypassed_total, "Events decided by the hook's policy, without a call."),
    CONFAB_FIGURE(opened_total, "Times that the circuit breaker opened."),
    CONFAB_FIGURE(expired_total, "Deferrals that nobody resolved in time."),
    CONFAB_FIGURE(cancelled_total, "Deferrals that ended without an answer."),
};
#undef CONFAB_FIGURE

constexpr std::array<std::string_view, CONFAB_EVENT_TYPE_END> type_names{
    "any",         "connect",       "register",     "authenticate",  "disconnect",     "nick",
    "user_change", "message",       "join",         "part",          "kick",           "invite",
    "topic",       "member_change", "channel_open", "channel_close", "channel_change", "access",
    "kill",        "oper",          "query",        "line_in",       "line_out",       "rate_limit",
    "admin",       "hook_failed",   "hook_state",   "hook_shadow",   "command",        "property",
    "plugin",      "knock",         "redirect"};
constexpr std::array<std::string_view, CONFAB_STAGE_COUNT> stage_names{"transform", "policy",
                                                                       "override", "observe"};

std::uint64_t value_at(const void *in, std::uint16_t offset) noexcept {
  return *reinterpret_cast<const std::uint64_t *>(static_cast<const std::byte *>(in) + offset);
}

template <class... Args>
void put(std::pmr::string &out, fmt::format_string<Args...> format, Args &&...args) {
  fmt::format_to(std::back_inserter(out), format, std::forward<Args>(args)...);
}

void put_head(std::pmr::string &out, std::string_view name, std::string_view type,
              std::string_view help) {
  put(out, "# HELP {} {}\n# TYPE {} {}\n", name, help, name, type);
}

// A label's value, escaped as the format asks.
void put_escaped(std::pmr::string &out, std::string_view text) {
  for (const char c : text)
    if (c == '\n')
      out += "\\n";
    else if (c == '\\' || c == '"')
      (out += '\\') += c;
    else
      out += c;
}

// What tells one hook from another.
void put_labels(std::pmr::string &out, const hook &h) {
  put(out, "{{id=\"{:x}\",name=\"", hook_table::id(h));
  put_escaped(out, h.name.view());
  put(out, "\",stage=\"{}\",event=\"", stage_names[h.is.stage]);
  if (h.is.space == 0)
    put(out, "{}\"", type_names[h.is.type]);
  else
    put(out, "{}/{}\"", h.is.space, h.is.type);
}

template <class Each>
void each_hook(const hook_table &hooks, Each &&each) {
  for (const hook *h = hooks.after(0); h; h = hooks.after(hook_table::id(*h)))
    each(*h);
}

// Nanoseconds as seconds, without a floating point number.
void put_seconds(std::pmr::string &out, std::uint64_t ns) {
  put(out, "{}.{:09}", ns / 1'000'000'000, ns % 1'000'000'000);
}

void put_times(std::pmr::string &out, const hook_table &hooks) {
  constexpr std::string_view name = "confab_hook_call_seconds";
  put_head(out, name, "histogram", "What a call of a handler took.");
  each_hook(hooks, [&](const hook &h) {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < CONFAB_HOOK_TIMES; ++i) {
      sum += h.stats.time_counts[i];
      out += name;
      out += "_bucket";
      put_labels(out, h);
      out += ",le=\"";
      if (i + 1 < CONFAB_HOOK_TIMES)
        put_seconds(out, std::uint64_t{256} << i);
      else
        out += "+Inf";
      put(out, "\"}} {}\n", sum);
    }
    put(out, "{}_sum", name);
    put_labels(out, h);
    out += "} ";
    put_seconds(out, h.stats.time_ns_total);
    put(out, "\n{}_count", name);
    put_labels(out, h);
    put(out, "}} {}\n", sum);
  });
}

} // namespace

void write_metrics(const confab_engine_stats &stats, const hook_table &hooks,
                   std::pmr::string &out) {
  for (const figure &f : engine_figures) {
    const std::string_view name = f.name;
    put(out, "# HELP confab_{} {}\n# TYPE confab_{} {}\nconfab_{} {}\n", name, f.help, name, f.type,
        name, value_at(&stats, f.offset));
  }
  if (hooks.size() == 0)
    return;
  for (const figure &f : hook_figures) {
    put(out, "# HELP confab_hook_{} {}\n# TYPE confab_hook_{} {}\n", f.name, f.help, f.name,
        f.type);
    each_hook(hooks, [&](const hook &h) {
      put(out, "confab_hook_{}", f.name);
      put_labels(out, h);
      put(out, "}} {}\n", value_at(&h.stats, f.offset));
    });
  }
  put_head(out, "confab_hook_state", "gauge", "Circuit breaker: 0 closed, 1 open, 2 half open.");
  each_hook(hooks, [&](const hook &h) {
    out += "confab_hook_state";
    put_labels(out, h);
    put(out, "}} {}\n", h.stats.state);
  });
  put_times(out, hooks);
}

} // namespace confab::bus
