// SPDX-License-Identifier: MIT
//
// Verbs about the server: who it is, how it does, what it supports (RFC 2812 §3.4), and its
// operators' requests (§3.1.4, §3.7.1, §4.2, §4.3). The server is one: a question to another is
// ERR_NOSUCHSERVER.

#include "session/irc/dialect.hpp"

#include "proto/ircv3/caps.hpp"
#include "session/format.hpp"
#include "session/irc/manner.hpp"
#include "session/irc/modes.hpp"
#include "session/irc/named.hpp"
#include "session/lines.hpp"
#include "text/utf8.hpp"

#include <confab/version.h>

#include <algorithm>
#include <array>
#include <chrono>

namespace confab::session {

namespace {

void ask_admin(const command &cmd, std::uint32_t request) {
  core::operation op = cmd.d.make(cmd.c, CONFAB_EVENT_ADMIN);
  op.event.admin.request = request;
  cmd.d.submit(std::move(op));
}

// "Sunday November 22 2026 -- 19:42 +00:00": for people.
std::string_view long_date(std::int64_t unix_s, char (&buffer)[96]) {
  using namespace std::chrono;
  constexpr std::array<std::string_view, 7> days{"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                 "Thursday", "Friday", "Saturday"};
  constexpr std::array<std::string_view, 12> months{
      "January", "February", "March",     "April",   "May",      "June",
      "July",    "August",   "September", "October", "November", "December"};
  const sys_seconds at{seconds{unix_s}};
  const sys_days day = floor<std::chrono::days>(at);
  const year_month_day date{day};
  const hh_mm_ss clock{at - day};
  return format_into(buffer, "{} {} {} {} -- {:02}:{:02}:{:02} +00:00",
                     days[weekday{day}.c_encoding()],
                     months[static_cast<unsigned>(date.month()) - 1],
                     static_cast<unsigned>(date.day()), static_cast<int>(date.year()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

} // namespace

void irc_dialect::send_lusers(core::conn &c) noexcept {
  char text[160];
  const std::size_t users = w.users.size();
  const std::uint64_t hidden = w.counters.users_invisible;
  reply(c, irc::RPL_LUSERCLIENT, {},
        format_into(text, "There are {} users and {} invisible on 1 servers", users - hidden,
                    hidden));
  char number[24];
  if (w.counters.operators > 0)
    reply(c, irc::RPL_LUSEROP, {format_into(number, "{}", w.counters.operators)});
  if (w.counters.conns_unregistered > 0)
    reply(c, irc::RPL_LUSERUNKNOWN, {format_into(number, "{}", w.counters.conns_unregistered)});
  reply(c, irc::RPL_LUSERCHANNELS, {format_into(number, "{}", w.channels.size())});
  reply(c, irc::RPL_LUSERME, {}, format_into(text, "I have {} clients and 0 servers", users));
  char most[24];
  const std::string_view now = format_into(number, "{}", users);
  const std::string_view peak = format_into(most, "{}", w.counters.users_max_seen);
  reply(c, irc::RPL_LOCALUSERS, {now, peak},
        format_into(text, "Current local users {}, max {}", users, peak));
  reply(c, irc::RPL_GLOBALUSERS, {now, peak},
        format_into(text, "Current global users {}, max {}", users, peak));
}

void irc_dialect::send_motd(core::conn &c) noexcept {
  const std::string_view motd = core::view(w.limits().motd);
  if (motd.empty())
    return reply(c, irc::ERR_NOMOTD);
  char text[600];
  reply(c, irc::RPL_MOTDSTART, {},
        format_into(text, "- {} Message of the day - ", w.server_name()));
  each_line(motd, [&](std::string_view line) {
    reply(c, irc::RPL_MOTD, {}, format_into(text, "- {}", line));
  });
  reply(c, irc::RPL_ENDOFMOTD);
}

void verb_motd(const command &cmd) {
  if (cmd.d.is_here(cmd.c, cmd.param(0)))
    cmd.d.send_motd(cmd.c);
}

void verb_lusers(const command &cmd) { cmd.d.send_lusers(cmd.c); }

void verb_version(const command &cmd) {
  if (!cmd.d.is_here(cmd.c, cmd.param(0)))
    return;
  cmd.d.reply(cmd.c, irc::RPL_VERSION, {"confab-" CONFAB_VERSION_STRING, cmd.w.server_name()},
              "an embeddable chat engine");
  cmd.d.send_isupport(cmd.c);
}

void verb_time(const command &cmd) {
  if (!cmd.d.is_here(cmd.c, cmd.param(0)))
    return;
  char text[96], number[24];
  cmd.d.reply(cmd.c, irc::RPL_TIME,
              {cmd.w.server_name(), format_into(number, "{}", cmd.w.unix_s()), "0"},
              long_date(cmd.w.unix_s(), text));
}

void verb_admin(const command &cmd) {
  if (!cmd.d.is_here(cmd.c, cmd.param(0)))
    return;
  const confab_engine_options &o = cmd.w.limits();
  const auto or_dash = [](confab_str s) {
    return s.len > 0 ? core::view(s) : std::string_view("-");
  };
  cmd.d.reply(cmd.c, irc::RPL_ADMINME, {cmd.w.server_name()});
  cmd.d.reply(cmd.c, irc::RPL_ADMINLOC1, {}, or_dash(o.admin_location));
  cmd.d.reply(cmd.c, irc::RPL_ADMINLOC2, {}, or_dash(o.admin_organisation));
  cmd.d.reply(cmd.c, irc::RPL_ADMINEMAIL, {}, or_dash(o.admin_email));
}

void verb_info(const command &cmd) {
  if (!cmd.d.is_here(cmd.c, cmd.param(0)))
    return;
  char time[24], text[96];
  cmd.d.reply(cmd.c, irc::RPL_INFO, {},
              "confab " CONFAB_VERSION_STRING ", an embeddable chat engine");
  cmd.d.reply(cmd.c, irc::RPL_INFO, {},
              format_into(text, "Running since {}",
                          ircv3::format_time(cmd.w.unix_ns_of(cmd.w.set.values.now), time)));
  cmd.d.reply(cmd.c, irc::RPL_ENDOFINFO);
}

void verb_links(const command &cmd) {
  char text[256];
  cmd.d.reply(cmd.c, irc::RPL_LINKS, {cmd.w.server_name(), cmd.w.server_name()},
              format_into(text, "0 {}", core::view(cmd.w.limits().server_info)));
  cmd.d.reply(cmd.c, irc::RPL_ENDOFLINKS, {cmd.param(0).empty() ? "*" : cmd.param(0)});
}

// `u` up time and `m` how many commands were taken: what strangers may know.
void verb_stats(const command &cmd) {
  const std::string_view letter = cmd.param(0).substr(0, 1);
  if (!cmd.d.is_here(cmd.c, cmd.param(1)))
    return;
  char text[96], number[24];
  if (letter == "u") {
    const confab_time up = (cmd.w.now - cmd.w.set.values.now) / 1'000'000'000;
    cmd.d.reply(cmd.c, irc::RPL_STATSUPTIME, {},
                format_into(text, "Server Up {} days {}:{:02}:{:02}", up / 86400, up / 3600 % 24,
                            up / 60 % 60, up % 60));
  } else if (letter == "m") {
    cmd.d.reply_bare(cmd.c, irc::RPL_STATSCOMMANDS,
                     {"*", format_into(number, "{}", cmd.w.counters.commands_total)});
  }
  cmd.d.reply(cmd.c, irc::RPL_ENDOFSTATS, {letter});
}

void verb_oper(const command &cmd) {
  core::operation op = cmd.d.make(cmd.c, CONFAB_EVENT_OPER);
  op.event.oper.name = core::str(cmd.param(0));
  op.secret = cmd.param(1);
  cmd.d.submit(std::move(op));
}

void verb_kill(const command &cmd) {
  const named target(cmd, cmd.param(0), named::of::either); // IRCX ends channels too
  core::operation op = cmd.d.make(cmd.c, CONFAB_EVENT_KILL);
  set_manner(op, manner::plain, target.spelling());
  op.event.kill.nick = target.str();
  const std::string_view why = cmd.param(1);
  op.event.kill.text =
      core::str(why.empty() ? "No reason given"
                            : why.substr(0, text::utf8_cut(why, cmd.w.limits().reason_bytes_max)));
  cmd.d.submit(std::move(op));
}

void verb_rehash(const command &cmd) { ask_admin(cmd, CONFAB_REQUEST_REHASH); }
void verb_die(const command &cmd) { ask_admin(cmd, CONFAB_REQUEST_DIE); }

} // namespace confab::session
