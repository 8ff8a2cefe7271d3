// SPDX-License-Identifier: MIT
//
// Walking an engine through its public API: see engine_fixture.hpp. Nothing here looks inside:
// what the API shows is what hosts rely on. Tests of the insides include the internals themselves.
#include "support/engine_fixture.hpp"

#include <array>
#include <utility>

namespace confab::test {

namespace {

template <class Info>
Info blank() {
  Info info{};
  info.struct_size = sizeof info;
  return info;
}

template <class Next>
std::vector<confab_id> walk(Next &&next) {
  std::vector<confab_id> out;
  confab_id at = 0;
  while (next(at, &at) == CONFAB_OK)
    out.push_back(at);
  return out;
}

void put(std::string &out, std::string_view what) {
  if (!what.empty() && out.size() < 2000)
    out.append(what).append("\n");
}

} // namespace

engine_fixture::engine_fixture(const setup &with) : push_(with.push) {
  confab_engine_options options = confab_engine_options_init();
  options.allocator = memory.table();
  options.now = now;
  options.unix_ns = 1'700'000'000'000'000'000;
  options.commands_burst_max = 0;
  options.nick_changes_max = 0;
  if (with.tweak)
    with.tweak(options);
  confab_host table = host.table(with.push);
  if (with.clock)
    table.clock = fake_host::clock;
  if (with.datagrams)
    host.add_datagrams(table);
  created = confab_engine_create(&options, &table, &engine);
}

engine_fixture::~engine_fixture() { ignore(confab_engine_destroy(engine)); }

std::string engine_fixture::destroy() {
  const bool existed = engine != nullptr;
  std::string out;
  const std::vector<confab_id> open_ones = existed ? conns() : std::vector<confab_id>{};
  if (confab_engine_destroy(engine) != CONFAB_OK)
    return "destroy failed";
  engine = nullptr;
  for (const confab_id conn : open_ones)
    if (!host.closed.contains(conn))
      put(out, "a connection was not closed at the end");
  if (host.released != (existed ? 1U : 0U))
    put(out, "the host was not released once");
  if (memory.live_blocks() != 0 || memory.live_bytes() != 0)
    put(out, "memory is still out: " + std::to_string(memory.live_bytes()) + " bytes");
  put(out, host.problem);
  put(out, memory.problem());
  return out;
}

confab_id engine_fixture::open(std::string_view address, std::uint32_t flags, std::uint32_t trust) {
  confab_conn_options options = confab_conn_options_init();
  options.address = str_of(address);
  options.flags = flags;
  options.trust = trust;
  confab_id conn = 0;
  ignore(confab_conn_open(engine, &options, now, &conn));
  if ((flags & CONFAB_CONN_MESSAGES) != 0)
    host.by_message.insert(conn);
  return conn;
}

confab_id engine_fixture::enter(std::string_view nick, std::string_view caps) {
  const confab_id conn = open();
  enter(conn, nick, caps);
  return conn;
}

void engine_fixture::enter(confab_id conn, std::string_view nick, std::string_view caps) {
  std::string lines;
  if (!caps.empty())
    lines += "CAP REQ :" + std::string(caps) + "\r\n";
  lines += "NICK " + std::string(nick) + "\r\nUSER " + std::string(nick) +
           " 0 * :" + std::string(nick) + " Real\r\n";
  if (!caps.empty())
    lines += "CAP END\r\n";
  (void)say(conn, lines);
  (void)read(conn);
}

confab_status engine_fixture::say(confab_id conn, std::string_view lines) {
  std::string bytes(lines);
  if (!bytes.ends_with('\n'))
    bytes += "\r\n";
  // The engine gets bytes that are gone right after the call.
  const std::vector<char> copy(bytes.begin(), bytes.end());
  std::size_t consumed = 0;
  return confab_conn_feed(engine, conn, now, copy.data(), copy.size(), &consumed);
}

std::string engine_fixture::read(confab_id conn) {
  std::string out;
  for (;;) {
    ignore(confab_engine_flush(engine));
    if (push_) {
      const std::string more = std::exchange(host.written[conn], {});
      if (more.empty())
        return out;
      out += more;
      continue;
    }
    std::array<confab_slice, 16> slices;
    std::size_t count = 0, bytes = 0;
    if (confab_conn_output(engine, conn, slices.data(), slices.size(), &count) != CONFAB_OK)
      return out;
    for (std::size_t i = 0; i < count; ++i) {
      out += host.kept(conn, slices[i]);
      bytes += slices[i].len;
    }
    if (bytes == 0 || confab_conn_sent(engine, conn, bytes) < 0)
      return out;
  }
}

void engine_fixture::read_all() {
  for (const confab_id conn : conns())
    (void)read(conn);
}

confab_status engine_fixture::end(confab_id conn, std::string_view why) {
  host.ended.insert(conn);
  return confab_conn_closed(engine, conn, now, str_of(why));
}

confab_status engine_fixture::wait_ms(std::uint64_t ms) {
  now += ms * 1'000'000;
  return confab_engine_tick(engine, now);
}

confab_id engine_fixture::user(std::string_view nick) const {
  confab_id id = 0;
  ignore(confab_user_find(engine, str_of(nick), &id));
  return id;
}

confab_id engine_fixture::channel(std::string_view name) const {
  confab_id id = 0;
  ignore(confab_channel_find(engine, str_of(name), &id));
  return id;
}

confab_engine_stats engine_fixture::stats() const {
  auto out = blank<confab_engine_stats>();
  ignore(confab_engine_stats_get(engine, &out));
  return out;
}

std::vector<confab_id> engine_fixture::conns() const {
  return walk([&](confab_id a, confab_id *o) { return confab_conn_next(engine, a, o); });
}
std::vector<confab_id> engine_fixture::users() const {
  return walk([&](confab_id a, confab_id *o) { return confab_user_next(engine, a, o); });
}
std::vector<confab_id> engine_fixture::channels() const {
  return walk([&](confab_id a, confab_id *o) { return confab_channel_next(engine, a, o); });
}

// --- the dump
// --------------------------------------------------------------------------------------

void engine_fixture::dump_channel(confab_id id, std::string &out) const {
  auto info = blank<confab_channel_info>();
  ignore(confab_channel_get(engine, id, &info));
  out += "channel " + string_of(info.name) + " " + std::to_string(info.modes) +
         " key=" + string_of(info.key) + " limit=" + std::to_string(info.limit) +
         " topic=" + string_of(info.topic) + " by=" + string_of(info.topic_by) + "\n";
  for (std::uint32_t list = 0; list < CONFAB_LIST_COUNT; ++list) {
    auto entry = blank<confab_list_entry>();
    for (std::uint32_t i = 0; confab_list_get(engine, id, list, i, &entry) == CONFAB_OK; ++i)
      out += "  list " + std::to_string(list) + " " + string_of(entry.mask) + "\n";
  }
  for (const confab_id m : walk([&](confab_id a, confab_id *o) {
         return confab_channel_member_next(engine, id, a, o);
       })) {
    auto member = blank<confab_member_info>();
    ignore(confab_member_get(engine, m, &member));
    auto who = blank<confab_user_info>();
    ignore(confab_user_get(engine, member.user, &who));
    out += "  member " + string_of(who.nick) + " " + std::to_string(member.ranks) + "\n";
  }
}

std::string engine_fixture::dump() const {
  std::string out;
  for (const confab_id id : users()) {
    auto info = blank<confab_user_info>();
    ignore(confab_user_get(engine, id, &info));
    out += "user " + string_of(info.nick) + "!" + string_of(info.username) + "@" +
           string_of(info.hostname) + " (" + string_of(info.realname) + ") " +
           std::to_string(info.modes) + " away=" + std::to_string(info.is_away) +
           string_of(info.away) + " sessions=" + std::to_string(info.sessions) + "\n";
  }
  for (const confab_id id : channels())
    dump_channel(id, out);
  for (const confab_id id : conns()) {
    auto info = blank<confab_conn_info>();
    ignore(confab_conn_get(engine, id, &info));
    out += "conn " + std::to_string(id) + " " + std::to_string(info.state) + " user " +
           std::to_string(info.user) + " in " + std::to_string(info.bytes_in) + "+" +
           std::to_string(info.input_backlog_bytes) + " out " + std::to_string(info.bytes_out) +
           "+" + std::to_string(info.output_backlog_bytes) + "\n";
  }
  const confab_engine_stats s = stats();
  out += "hooks " + std::to_string(s.hooks) + " parked " + std::to_string(s.parked) + "\n";
  return out;
}

// --- the checker
// -----------------------------------------------------------------------------------

void engine_fixture::check_user(confab_id id, std::string &out, std::uint64_t &members) const {
  auto info = blank<confab_user_info>();
  if (confab_user_get(engine, id, &info) != CONFAB_OK)
    return put(out, "a user of the walk is not alive");
  const std::string nick = string_of(info.nick);
  if (user(nick) != id)
    put(out, "the nick does not find its user: " + nick);
  std::uint32_t channels_of = 0;
  for (const confab_id m :
       walk([&](confab_id a, confab_id *o) { return confab_user_member_next(engine, id, a, o); })) {
    auto member = blank<confab_member_info>();
    confab_id found = 0;
    if (confab_member_get(engine, m, &member) != CONFAB_OK || member.user != id)
      put(out, "a membership of a user is not its own: " + nick);
    else if (confab_member_find(engine, member.channel, id, &found) != CONFAB_OK || found != m)
      put(out, "a membership is not found from its channel: " + nick);
    ++channels_of;
  }
  members += channels_of;
  if (channels_of != info.channels)
    put(out, "the count of a user's channels is wrong: " + nick);
  std::uint32_t sessions = 0;
  for (const confab_id c :
       walk([&](confab_id a, confab_id *o) { return confab_user_conn_next(engine, id, a, o); })) {
    auto conn = blank<confab_conn_info>();
    if (confab_conn_get(engine, c, &conn) != CONFAB_OK || conn.user != id ||
        conn.state != CONFAB_CONN_REGISTERED)
      put(out, "a session of a user is not its own: " + nick);
    ++sessions;
  }
  if (sessions != info.sessions)
    put(out, "the count of a user's sessions is wrong: " + nick);
}

void engine_fixture::check_channel(confab_id id, std::string &out, std::uint64_t &members) const {
  auto info = blank<confab_channel_info>();
  if (confab_channel_get(engine, id, &info) != CONFAB_OK)
    return put(out, "a channel of the walk is not alive");
  const std::string name = string_of(info.name);
  if (channel(name) != id)
    put(out, "the name does not find its channel: " + name);
  std::uint32_t count = 0;
  for (const confab_id m : walk([&](confab_id a, confab_id *o) {
         return confab_channel_member_next(engine, id, a, o);
       })) {
    auto member = blank<confab_member_info>();
    if (confab_member_get(engine, m, &member) != CONFAB_OK || member.channel != id)
      put(out, "a member of a channel is not its own: " + name);
    else if (auto who = blank<confab_user_info>();
             confab_user_get(engine, member.user, &who) != CONFAB_OK)
      put(out, "a member without a user: " + name);
    ++count;
  }
  members += count;
  if (count == 0 && (info.modes >> CONFAB_CMODE_REGISTERED & 1U) == 0)
    put(out, "a channel without members: " + name);
  if (count != info.members)
    put(out, "the count of a channel's members is wrong: " + name);
}

void engine_fixture::check_conn(confab_id id, std::string &out) const {
  auto info = blank<confab_conn_info>();
  if (confab_conn_get(engine, id, &info) != CONFAB_OK)
    return put(out, "a connection of the walk is not alive");
  if ((info.state == CONFAB_CONN_REGISTERED) != (info.user != 0))
    put(out, "a connection is registered and has no user, or the reverse");
  auto who = blank<confab_user_info>();
  if (info.user != 0 && confab_user_get(engine, info.user, &who) != CONFAB_OK)
    put(out, "a connection's user is not alive");
  if (host.closed.contains(id) || host.ended.contains(id))
    put(out, "a connection that was closed is alive");
}

std::string engine_fixture::broken() const {
  std::string out;
  std::uint64_t by_user = 0, by_channel = 0, backlog = 0, unregistered = 0, invisible = 0,
                operators = 0;
  const std::vector<confab_id> all_users = users(), all_channels = channels(), all_conns = conns();
  for (const confab_id id : all_users) {
    check_user(id, out, by_user);
    auto info = blank<confab_user_info>();
    ignore(confab_user_get(engine, id, &info));
    invisible += (info.modes & CONFAB_UMODE_INVISIBLE) != 0 ? 1U : 0U;
    operators += (info.modes & (CONFAB_UMODE_OPERATOR | CONFAB_UMODE_ADMINISTRATOR)) != 0 ? 1U : 0U;
  }
  for (const confab_id id : all_channels)
    check_channel(id, out, by_channel);
  for (const confab_id id : all_conns) {
    check_conn(id, out);
    auto info = blank<confab_conn_info>();
    ignore(confab_conn_get(engine, id, &info));
    backlog += info.output_backlog_bytes;
    unregistered += info.state == CONFAB_CONN_OPEN ? 1U : 0U;
  }
  const confab_engine_stats s = stats();
  const auto equal = [&](std::uint64_t counted, std::uint64_t told, const char *what) {
    if (counted != told)
      put(out, std::string(what) + ": counted " + std::to_string(counted) + ", stats say " +
                   std::to_string(told));
  };
  equal(all_users.size(), s.users, "users");
  equal(all_channels.size(), s.channels, "channels");
  equal(all_conns.size(), s.conns, "conns");
  equal(by_user, s.members, "members by user");
  equal(by_channel, s.members, "members by channel");
  equal(unregistered, s.conns_unregistered, "unregistered");
  equal(invisible, s.users_invisible, "invisible users");
  equal(operators, s.operators, "operators");
  equal(backlog, s.backlog_bytes, "backlog");
  if (!host.problem.empty())
    put(out, host.problem);
  if (!memory.problem().empty())
    put(out, memory.problem());
  return out;
}

} // namespace confab::test
