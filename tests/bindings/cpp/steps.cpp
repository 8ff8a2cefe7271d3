// SPDX-License-Identifier: MIT
//
// The steps of the file: those that drive the engine, and those that look at what came of it. Each
// throws a mismatch where something is otherwise than the file says.
// Hooks and commands are in handlers.cpp.
#include "bindings/cpp/events.hpp"
#include "bindings/cpp/world.hpp"

#include <algorithm>

namespace behaviours {

void world::step(const json &step) {
  const auto word = step.at("do").get<std::string>();
  if (!step.contains("error")) {
    play(word, step);
  } else {
    must_fail(step.at("error").get<std::string>(), [&] { play(word, step); });
  }
  settle();
}

void world::play(const std::string &word, const json &step) {
  if (!play_loop(word, step) && !play_check(word, step)) {
    throw mismatch("there is no step " + word);
  }
}

bool world::play_loop(const std::string &word, const json &step) {
  const auto why = step.value("why", std::string());
  if (word == "open") {
    open(step);
  } else if (word == "register") {
    open(step);
    const auto nick = step.at("nick").get<std::string>();
    feed(
        {{"conn", step.at("conn")}, {"lines", {"NICK " + nick, "USER " + nick + " 0 * :" + nick}}});
    confab::checked(engine().flush());
    host_.output.erase(conn(step));
  } else if (word == "feed") {
    feed(step);
  } else if (word == "advance") {
    now_ += step.at("ms").get<confab_time>() * 1'000'000;
    confab::checked(engine().tick(now_));
  } else if (word == "hang_up") {
    confab::checked(engine().closed(conn(step), now_, why));
  } else if (word == "close") {
    confab::checked(engine().close(conn(step), now_, why));
  } else if (word == "break_send") {
    host_.broken.insert(conn(step));
  } else if (word == "submit") {
    submit(engine(), step);
  } else if (word == "resolve") {
    resolve(step);
  } else if (word == "hook") {
    add_hook(step.at("hook"));
  } else if (word == "unhook") {
    (void)engine().off(hook(step).hook);
  } else if (word == "create_user") {
    const auto nick = step.at("nick").get<std::string>();
    confab::user_options options;
    options.nick = confab::str(nick);
    (void)engine().create_user(options);
  } else if (word == "destroy") {
    engine().destroy();
  } else if (word == "drop") {
    engine_.reset();
  } else {
    return false;
  }
  return true;
}

bool world::play_check(const std::string &word, const json &step) {
  if (word == "output") {
    output(step);
  } else if (word == "closed") {
    if (!host_.closed.contains(conn(step))) {
      throw mismatch("the host's close was not called");
    }
  } else if (word == "events") {
    events(step);
  } else if (word == "recorded") {
    expect_all("recorded", step.at("expect"), hook(step).records);
    hook(step).records.clear();
  } else if (word == "waiting") {
    const added &asked = hook(step);
    const auto open = std::count_if(asked.coroutines.begin(), asked.coroutines.end(),
                                    [](const auto &end) { return static_cast<bool>(end); });
    expect_part("waiting", step.at("count"),
                asked.questions.size() + static_cast<std::size_t>(open));
  } else if (word == "cancelled") {
    expect_all("cancelled", step.at("expect"), hook(step).cancelled);
  } else if (word == "query") {
    query(step);
  } else if (word == "members") {
    members(step);
  } else if (word == "stats") {
    stats(step);
  } else if (word == "hook_stats") {
    hook_stats(step);
  } else if (word == "metrics") {
    std::vector<std::string> lines;
    std::string_view text = engine().metrics();
    for (std::size_t end = text.find('\n'); end != text.npos; end = text.find('\n')) {
      lines.emplace_back(text.substr(0, end));
      text.remove_prefix(end + 1);
    }
    expect_lines(step.at("has"), json::array(), lines);
  } else {
    return false;
  }
  return true;
}

void world::open(const json &step) {
  const auto address = step.value("address", std::string("192.0.2.1"));
  confab::conn_options options;
  options.address = confab::str(address);
  conns_[step.at("conn")] = engine().open(options, now_);
}

void world::feed(const json &step) {
  std::string all;
  for (const json &line : step.at("lines")) {
    all += bytes(line) + "\r\n";
  }
  const confab::fed fed = engine().feed(conn(step), now_, all);
  confab::checked(fed.status);
  expect_part("bytes that were taken", all.size(), fed.consumed);
}

void world::submit(confab::engine_ref &with, const json &step) {
  const json flags = step.value("flags", json::array());
  const json given = step.value("members", json::object());
  with_event(step.at("type").get<std::string>(), [&]<class Event>() {
    if constexpr (confab::submittable<Event>) {
      confab::command<Event> made(
          confab::user_id(step.contains("actor") ? id_of(step.at("actor")) : 0));
      if (flags == "forced") {
        made.head.flags = CONFAB_EVENT_FORCED;
      } else if (!flags.empty()) {
        throw mismatch("this runner knows no such flags");
      }
      for (const auto &[name, value] : given.items()) {
        bool known = false;
#define CONFAB_TEST_TEXT(member)                                                                   \
  if constexpr (requires { made.member.len; }) {                                                   \
    if (name == #member) {                                                                         \
      made.member = confab::str(value.template get_ref<const std::string &>());                    \
      known = true;                                                                                \
    }                                                                                              \
  }
#define CONFAB_TEST_NUMBER(member)                                                                 \
  if constexpr (requires { made.member + 0U; }) {                                                  \
    if (name == #member) {                                                                         \
      made.member = static_cast<decltype(made.member)>(id_of(value));                              \
      known = true;                                                                                \
    }                                                                                              \
  }
        CONFAB_TEST_TEXT(text)
        CONFAB_TEST_TEXT(name)
        CONFAB_TEST_TEXT(nick)
        CONFAB_TEST_TEXT(key)
        CONFAB_TEST_NUMBER(target)
        CONFAB_TEST_NUMBER(channel)
        CONFAB_TEST_NUMBER(user)
        CONFAB_TEST_NUMBER(kind)
#undef CONFAB_TEST_TEXT
#undef CONFAB_TEST_NUMBER
        if (!known) {
          throw mismatch("this runner knows no member " + name);
        }
      }
      const confab::submitted done = with.submit(made);
      if (step.contains("status")) {
        static const std::map<std::string, confab_status> statuses = {
            {"ok", CONFAB_OK}, {"parked", CONFAB_PARKED}, {"queued", CONFAB_QUEUED}};
        expect_part("status", statuses.at(step.at("status").get<std::string>()), done.status);
      }
    } else {
      throw mismatch("that is no command in C++");
    }
  });
}

void world::output(const json &step) {
  const std::string taken = std::exchange(host_.output[conn(step)], {});
  std::vector<std::string> lines;
  std::size_t at = 0;
  for (std::size_t end = taken.find("\r\n"); end != taken.npos; end = taken.find("\r\n", at)) {
    lines.push_back(taken.substr(at, end - at));
    at = end + 2;
  }
  expect_part("what is left behind the last line", "", taken.substr(at));
  if (step.contains("lines")) {
    expect_all("output", step.at("lines"), lines);
  }
  expect_lines(step.value("has", json::array()), step.value("lacks", json::array()), lines);
}

void world::events(const json &step) {
  json found = json::array();
  while (const std::optional<confab::observed> seen = engine().next_event()) {
    for (const json &type : step.at("types")) {
      with_event(type.get<std::string>(), [&]<class Event>() {
        if (const std::optional<Event> event = seen->event.as<Event>()) {
          json one = behaviours::members(*event);
          one["type"] = type;
          one["lost"] = seen->lost;
          one["outcome"] = word("OUTCOME", seen->outcome.outcome);
          one["code"] = word("REFUSED", seen->outcome.code);
          found.push_back(std::move(one));
        }
      });
    }
  }
  expect_all("events", step.at("expect"), found);
}

void world::query(const json &step) {
  const auto name = step.at("name").get<std::string>();
  const json &expect = step.at("expect");
  json found;
  if (step.at("what") == "user") {
    if (const auto user = engine().find_user(name)) {
      const confab_user_info info = engine().get(*user).value();
      found = {{"nick", confab::view(info.nick)},
               {"realname", confab::view(info.realname)},
               {"channels", info.channels},
               {"sessions", info.sessions}};
    }
  } else if (step.at("what") == "channel") {
    if (const auto channel = engine().find_channel(name)) {
      const confab_channel_info info = engine().get(*channel).value();
      found = {{"name", confab::view(info.name)},
               {"topic", confab::view(info.topic)},
               {"members", info.members}};
    }
  } else {
    throw mismatch("there is no such thing to ask for");
  }
  expect_part("query", expect, found);
}

void world::members(const json &step) {
  std::vector<std::string> nicks;
  const auto channel = engine().find_channel(step.at("channel").get<std::string>()).value();
  for (const confab::member_id member : engine().members(channel)) {
    const confab::user_id user(engine().get(member).value().user);
    nicks.emplace_back(confab::view(engine().get(user).value().nick));
  }
  std::sort(nicks.begin(), nicks.end());
  expect_part("members", step.at("expect"), nicks);
}

void world::stats(const json &step) {
  const confab_engine_stats stats = engine().stats();
  expect_part("stats", step.at("expect"),
              {{"users", stats.users},
               {"channels", stats.channels},
               {"conns", stats.conns},
               {"deferrals", stats.deferrals}});
}

void world::hook_stats(const json &step) {
  const confab_hook_stats stats = engine().hook_stats(hook(step).hook).value();
  expect_part("hook_stats", step.at("expect"),
              {{"calls_total", stats.calls_total},
               {"denied_total", stats.denied_total},
               {"allowed_total", stats.allowed_total},
               {"rewritten_total", stats.rewritten_total},
               {"failed_total", stats.failed_total},
               {"bypassed_total", stats.bypassed_total},
               {"time_ns_max", stats.time_ns_max},
               {"state", word("HOOK", stats.state)}});
}

} // namespace behaviours
