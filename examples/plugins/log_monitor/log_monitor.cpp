// SPDX-License-Identifier: MIT
//
// Who was here, and for how long: one line when a session ends, into a file or into the host's log,
// as the sample LogMonitor of old wrote it. It observes two events and judges nothing: REGISTER
// hangs the time on the connection, DISCONNECT takes it off and makes the line. What is said never
// stands in it, reasons included: it is an audit, not a transcript.
#include "support/file_settings.hpp"
#include "support/protocol_name.hpp"
#include "support/timestamp.hpp"

#include <memory>
#include <optional>

namespace {

using namespace confab::plugins;

struct line {
  std::int64_t unix_ns;
  std::string text;

  // For the writer: all lines go into one folder.
  std::string folder() const { return "logins"; }
  std::size_t bytes() const noexcept { return sizeof *this + text.size(); }
  std::string heading(std::uint32_t) const { return {}; }
  std::string rendered(std::uint32_t) const { return timestamp(unix_ns) + " " + text + "\n"; }
  std::string lost(std::uint32_t, std::uint64_t count) const {
    return timestamp(unix_ns) + " lost lines=" + std::to_string(count) + "\n";
  }
};

std::string_view why_name(std::uint32_t kind) {
  static constexpr std::string_view names[] = {"?",       "quit",     "closed", "host",   "killed",
                                               "timeout", "overflow", "flood",  "denied", "memory"};
  return names[kind < std::size(names) ? kind : 0];
}

class monitor {
public:
  explicit monitor(const place &in) : in_(in) {
    configure();
    confab_slot_spec slot = confab_slot_spec_init();
    slot.kind = CONFAB_KIND_CONN;
    slot.owner = in_.plugin;
    slot.name = CONFAB_STR("login");
    slot.destroy = forget;
    confab_timer_spec timer = confab_timer_spec_init();
    timer.owner = in_.plugin;
    timer.name = CONFAB_STR("log_monitor");
    timer.delay_ms = timer.interval_ms = 1000;
    timer.ctx = this;
    timer.run = tick;
    check(in_.api->slot_add(in_.engine, &slot, &slot_), "its slot");
    check(in_.api->timer_add(in_.engine, &timer, nullptr), "its timer");
    check(subscribe<&monitor::registered>(in_, *this, CONFAB_EVENT_REGISTER, CONFAB_STAGE_OBSERVE),
          "a hook");
    check(subscribe<&monitor::leaving>(in_, *this, CONFAB_EVENT_DISCONNECT, CONFAB_STAGE_POLICY),
          "a hook");
    check(subscribe<&monitor::left>(in_, *this, CONFAB_EVENT_DISCONNECT, CONFAB_STAGE_OBSERVE),
          "a hook");
  }

  const place &where() const noexcept { return in_; }

  // Throws for a directory that cannot be written to; then nothing changed.
  void configure() {
    const std::string path = in_.text("directory");
    std::shared_ptr<const locked_directory> where;
    if (!path.empty())
      where = where_ && where_->path() == locked_directory::normal(path)
                  ? where_
                  : std::make_shared<const locked_directory>(path);
    const writing how{where, file_settings::rotation_of(in_, "log"), file_settings::sync_of(in_)};
    const std::size_t queue = file_settings::queue_of(in_);
    if (where && !writer_)
      writer_.emplace(how, queue);
    else if (where)
      writer_->change(how, queue);
    else
      writer_.reset(); // after it has written all that it has
    where_ = std::move(where);
    // What an operator said holds until the host says something else than before.
    if (const bool given = in_.setting("enabled").integer != 0; given != given_)
      given_ = on_ = given;
  }

  void finish() noexcept {
    if (writer_)
      writer_->finish();
    report();
  }

  std::string message(std::string_view text) {
    if (text == "ON" || text == "OFF")
      on_ = text == "ON";
    else if (text != "STATUS")
      return "ON | OFF | STATUS";
    std::string out =
        on_ ? "Sessions are logged to " : "Sessions are not logged; they would go to ";
    if (!writer_)
      return out + "the server's log";
    report();
    const writer_stats is = writer_->stats();
    return out + where_->path() + "; " + std::to_string(is.written_total) + " lines written, " +
           std::to_string(is.queued_lines) + " waiting, " + std::to_string(is.lost_total) + " lost";
  }

  confab_verdict registered(confab_call *call, const confab_event &event) {
    if (!in_.committed(call))
      return CONFAB_PASS;
    auto since = std::make_unique<confab_time>(event.time);
    if (in_.api->slot_set(in_.engine, slot_, event.origin, since.get()) < 0)
      return -1; // counted as a failure; the connection's own beginning stands in
    since.release();
    return CONFAB_PASS;
  }

  // Before it goes: afterwards nobody knows who it was. Nothing can refuse a DISCONNECT.
  confab_verdict leaving(confab_call *, const confab_event &event) {
    gone_seq_ = event.seq;
    gone_.clear();
    auto who = blank<confab_user_info>();
    auto conn = blank<confab_conn_info>();
    if (!on_ || event.origin == 0 ||
        in_.api->user_get(in_.engine, event.actor, &who) != CONFAB_OK ||
        in_.api->conn_get(in_.engine, event.origin, &conn) != CONFAB_OK)
      return CONFAB_PASS; // it never was a user, or a user without a connection
    void *kept = nullptr;
    (void)in_.api->slot_get(in_.engine, slot_, event.origin, &kept);
    // One that was here before this plugin, or that the host attached: since it connected.
    const confab_time since = kept ? *static_cast<const confab_time *>(kept) : conn.opened;
    char seconds[32];
    std::snprintf(seconds, sizeof seconds, "%.3f", static_cast<double>(event.time - since) / 1e9);
    gone_ = "logout nick=" + std::string(view(who.nick)) +
            " from=" + std::string(view(who.username)) + "@" + std::string(view(who.hostname)) +
            " address=" + std::string(view(conn.address)) +
            " protocol=" + protocol_name(conn.protocol) + " seconds=" + seconds;
    return CONFAB_PASS;
  }

  confab_verdict left(confab_call *, const confab_event &event) {
    if (gone_.empty() || gone_seq_ != event.seq)
      return CONFAB_PASS;
    std::string text =
        gone_ + " why=" + std::string(why_name(as<confab_event_disconnect>(event).kind));
    if (writer_)
      (void)writer_->push({in_.unix_ns(), std::move(text)}); // it counts what it lost
    else
      in_.log(CONFAB_LOG_INFO, "log_monitor.logout", text);
    gone_.clear();
    return CONFAB_PASS;
  }

private:
  static confab_status CONFAB_CALL forget(void *, void *data, confab_id) noexcept {
    delete static_cast<confab_time *>(data);
    return CONFAB_OK;
  }
  static confab_status CONFAB_CALL tick(void *self, confab_engine *, confab_id) noexcept {
    auto &me = *static_cast<monitor *>(self);
    if (me.writer_)
      me.writer_->at(me.in_.unix_ns());
    me.report();
    return CONFAB_OK;
  }

  // Tells the host's log what the writer met since it was last asked.
  void report() noexcept {
    if (!writer_)
      return;
    const writer_stats is = writer_->stats();
    if (!is.error.empty())
      in_.log(CONFAB_LOG_ERROR, "log_monitor.write", is.error);
    if (is.lost_total != reported_lost_)
      in_.log(CONFAB_LOG_ERROR, "log_monitor.lost", "lines were lost");
    reported_lost_ = is.lost_total;
  }

  place in_;
  std::shared_ptr<const locked_directory> where_;
  std::optional<file_writer<line>> writer_; // none: the host's log
  confab_id slot_ = 0;
  bool given_ = false, on_ = false;
  std::string gone_; // the line of the session that is about to end
  std::uint64_t gone_seq_ = 0, reported_lost_ = 0;
};

monitor &of(void *self) noexcept { return *static_cast<monitor *>(self); }

confab_status CONFAB_CALL create(const confab_api *api, confab_engine *engine, confab_id plugin,
                                 void **self) noexcept {
  const place in{api, engine, plugin};
  return guarded(in, [&]() -> confab_status {
    *self = new monitor(in);
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
    const std::string line = of(self).message(view(said->text));
    return said->answer(said->answer_ctx, str(line));
  });
}

constexpr confab_setting settings[] = {
    {"directory", CONFAB_SETTING_TEXT, 0, "", nullptr, "4000", nullptr,
     "An absolute path; made if it is not there. Empty: lines go to the server's log.", nullptr},
    {"enabled", CONFAB_SETTING_BOOL, 0, "true", nullptr, nullptr, nullptr,
     "Whether sessions are logged; operators may change it.", nullptr},
    file_settings::bytes_max,
    file_settings::daily,
    file_settings::files_max,
    file_settings::age_max,
    file_settings::sync,
    file_settings::queue};

} // namespace

CONFAB_PLUGIN_EXPORT = {CONFAB_PLUGIN_HEAD,
                        .id = "org.confab.log_monitor",
                        .version = "1.0",
                        .summary = "A line for each session that ends: who, whence, how long.",
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
