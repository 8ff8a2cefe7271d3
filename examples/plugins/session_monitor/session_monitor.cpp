// SPDX-License-Identifier: MIT
//
// How many sessions there are, were at most and were in all, by protocol and by address, and how
// long they lasted. Shows data hung on connections, a command for operators with numerics of its
// own, an ISUPPORT token, and messages to a plugin. It counts by events and asks nothing: a
// question costs as much as its answer is long.
#include "session_monitor/figures.hpp"
#include "support/glue.hpp"
#include "support/protocol_name.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <vector>

namespace {

using namespace confab::plugins;
using session_counts::figures;

constexpr std::size_t rows_max = 10; // addresses in an answer

// Hangs on each session. The lists of figures do not move what they hold.
struct session {
  confab_time since;
  figures *protocol, *address;
};

struct row {
  std::string name;
  const figures *is;
};

class monitor {
public:
  explicit monitor(const place &in) : in_(in) {
    most_ = static_cast<std::size_t>(in_.setting("addresses").integer);
    add_slot();
    add_numeric(297, "RPL_SESSIONS", {}, row_numeric_);
    add_numeric(298, "RPL_ENDOFSESSIONS", "End of SESSIONS", end_numeric_);
    add_command();
    if (in_.setting("announce").integer != 0)
      add_token();
    check(subscribe<&monitor::registered>(in_, *this, CONFAB_EVENT_REGISTER, CONFAB_STAGE_OBSERVE),
          "a hook");
    check(subscribe<&monitor::left>(in_, *this, CONFAB_EVENT_DISCONNECT, CONFAB_STAGE_OBSERVE),
          "a hook");
    // Those that are here already count since they connected.
    auto conn = blank<confab_conn_info>();
    for (confab_id at = 0; in_.api->conn_next(in_.engine, at, &at) == CONFAB_OK;)
      if (in_.api->conn_get(in_.engine, at, &conn) == CONFAB_OK &&
          conn.state == CONFAB_CONN_REGISTERED)
        begin(at, conn.opened);
  }

  const place &where() const noexcept { return in_; }

  confab_verdict registered(confab_call *call, const confab_event &event) {
    if (in_.committed(call))
      begin(event.origin, event.time);
    return CONFAB_PASS;
  }

  confab_verdict left(confab_call *, const confab_event &event) {
    void *kept = nullptr;
    if (event.origin == 0 || event.actor == 0) // not a connection's end, or never registered
      return CONFAB_PASS;
    (void)in_.api->slot_get(in_.engine, slot_, event.origin, &kept);
    if (!kept) { // the host attached it to a user: nothing told that it began
      auto conn = blank<confab_conn_info>();
      if (in_.api->conn_get(in_.engine, event.origin, &conn) != CONFAB_OK)
        return CONFAB_PASS;
      begin(event.origin, conn.opened);
      (void)in_.api->slot_get(in_.engine, slot_, event.origin, &kept);
    }
    if (!kept)
      return CONFAB_PASS; // there was no memory for it: it was not counted when it began, either
    const auto &was = *static_cast<const session *>(kept);
    const double seconds = static_cast<double>(event.time - was.since) / 1e9;
    all_.end(seconds);
    was.protocol->end(seconds);
    was.address->end(seconds);
    return CONFAB_PASS;
  }

  std::vector<row> rows() const {
    std::vector<row> out{{"all", &all_}};
    for (const auto &[protocol, is] : protocols_)
      out.push_back({"protocol=" + protocol_name(protocol), &is});
    std::vector<row> here;
    for (const auto &[address, is] : addresses_)
      here.push_back({"address=" + address, &is});
    const std::size_t shown = std::min(rows_max, here.size());
    std::partial_sort(here.begin(), here.begin() + static_cast<std::ptrdiff_t>(shown), here.end(),
                      [](const row &a, const row &b) {
                        return a.is->now != b.is->now ? a.is->now > b.is->now : a.name < b.name;
                      });
    out.insert(out.end(), here.begin(), here.begin() + static_cast<std::ptrdiff_t>(shown));
    if (others_.total != 0)
      out.push_back({"others", &others_});
    return out;
  }

private:
  // Counts a session from now on, or, when there is no memory to remember it with, not at all.
  void begin(confab_id conn, confab_time since) {
    auto info = blank<confab_conn_info>();
    check(in_.api->conn_get(in_.engine, conn, &info), "a session");
    auto made = std::make_unique<session>(
        session{since, &protocols_[info.protocol], &figures_of(std::string(view(info.address)))});
    check(in_.api->slot_set(in_.engine, slot_, conn, made.get()), "a session");
    all_.begin();
    made->protocol->begin();
    made->address->begin();
    made.release();
  }

  // At most so many addresses are counted alone: one without sessions makes room, and its past
  // joins the others'; while all have some, a new one is among the others.
  figures &figures_of(std::string address) {
    if (const auto at = addresses_.find(address); at != addresses_.end())
      return at->second;
    if (addresses_.size() >= most_) {
      const auto idle = std::find_if(addresses_.begin(), addresses_.end(),
                                     [](const auto &one) { return one.second.now == 0; });
      if (idle == addresses_.end())
        return others_;
      others_.absorb(idle->second);
      addresses_.erase(idle);
    }
    return addresses_[std::move(address)];
  }

  void add_slot() {
    confab_slot_spec spec = confab_slot_spec_init();
    spec.kind = CONFAB_KIND_CONN;
    spec.owner = in_.plugin;
    spec.name = CONFAB_STR("session");
    spec.destroy = [](void *, void *data, confab_id) noexcept -> confab_status {
      delete static_cast<session *>(data);
      return CONFAB_OK;
    };
    check(in_.api->slot_add(in_.engine, &spec, &slot_), "its slot");
  }
  void add_numeric(std::uint32_t number, std::string_view name, std::string_view text,
                   confab_id &out) {
    confab_numeric_spec spec = confab_numeric_spec_init();
    spec.number = number;
    spec.owner = in_.plugin;
    spec.name = str(name);
    spec.text = str(text);
    check(in_.api->numeric_add(in_.engine, &spec, &out), "a numeric");
  }
  void add_command() {
    confab_command_spec spec = confab_command_spec_init();
    spec.permission = CONFAB_PERMIT_OPERATOR;
    spec.owner = in_.plugin;
    spec.verb = CONFAB_STR("SESSIONS");
    spec.help = CONFAB_STR("SESSIONS\nShows how many sessions there are, were at most and were in "
                           "all, by protocol and by address.");
    spec.ctx = this;
    spec.run = run;
    check(in_.api->command_add(in_.engine, &spec, nullptr), "SESSIONS");
  }
  void add_token() {
    confab_isupport_spec spec = confab_isupport_spec_init();
    spec.owner = in_.plugin;
    spec.token = CONFAB_STR("SESSIONS");
    check(in_.api->isupport_add(in_.engine, &spec, nullptr), "its token");
  }

  // SESSIONS: a row for each, now, peak, total, and how long they lasted.
  static confab_status CONFAB_CALL run(void *self, confab_engine *engine,
                                       const confab_event_command *event) noexcept {
    const auto &me = *static_cast<const monitor *>(self);
    return guarded(me.in_, [&]() -> confab_status {
      for (const row &r : me.rows()) {
        const std::string now = std::to_string(r.is->now), peak = std::to_string(r.is->peak),
                          total = std::to_string(r.is->total);
        const confab_str params[] = {str(r.name), str(now), str(peak), str(total)};
        if (const confab_status status = me.in_.api->reply_numeric(
                engine, event->head.origin, me.row_numeric_, params, 4, str(r.is->lasted()));
            status < 0)
          return status;
      }
      return me.in_.api->reply_numeric(engine, event->head.origin, me.end_numeric_, nullptr, 0, {});
    });
  }

  place in_;
  confab_id slot_ = 0, row_numeric_ = 0, end_numeric_ = 0;
  std::size_t most_ = 0;
  figures all_, others_;
  std::map<std::uint32_t, figures> protocols_;
  std::map<std::string, figures> addresses_;
};

confab_status CONFAB_CALL create(const confab_api *api, confab_engine *engine, confab_id plugin,
                                 void **self) noexcept {
  const place in{api, engine, plugin};
  return guarded(in, [&]() -> confab_status {
    *self = new monitor(in);
    return CONFAB_OK;
  });
}

confab_status CONFAB_CALL destroy(void *self) noexcept {
  delete static_cast<monitor *>(self);
  return CONFAB_OK;
}

confab_status CONFAB_CALL message(void *self, const confab_plugin_message *said) noexcept {
  const auto &me = *static_cast<const monitor *>(self);
  return guarded(me.where(), [&]() -> confab_status {
    const auto answer = [said](const std::string &line) -> confab_status {
      return said->answer(said->answer_ctx, str(line));
    };
    if (view(said->text) != "STATUS")
      return answer("STATUS");
    for (const row &r : me.rows())
      if (const confab_status status = answer(
              r.name + ": " + std::to_string(r.is->now) + " now, " + std::to_string(r.is->peak) +
              " at most, " + std::to_string(r.is->total) + " in all; " + r.is->lasted());
          status < 0)
        return status;
    return CONFAB_OK;
  });
}

constexpr confab_setting settings[] = {
    {"addresses", CONFAB_SETTING_INT, CONFAB_SETTING_FIXED, "1024", "1", "1000000", nullptr,
     "How many addresses are counted each alone; more are counted together as others.", nullptr},
    {"announce", CONFAB_SETTING_BOOL, CONFAB_SETTING_FIXED, "true", nullptr, nullptr, nullptr,
     "Clients are told of the command by the ISUPPORT token SESSIONS.", nullptr}};

} // namespace

CONFAB_PLUGIN_EXPORT = {CONFAB_PLUGIN_HEAD,
                        .id = "org.confab.session_monitor",
                        .version = "1.0",
                        .summary = "Counts sessions, by protocol and by address.",
                        .settings = settings,
                        .settings_count = sizeof settings / sizeof settings[0],
                        .message_permission = CONFAB_PERMIT_OPERATOR,
                        .flags = CONFAB_PLUGIN_SINGLE,
                        .reserved0 = 0,
                        .install = nullptr,
                        .create = create,
                        .destroy = destroy,
                        .configure = nullptr,
                        .message = message,
                        .extension = nullptr};
