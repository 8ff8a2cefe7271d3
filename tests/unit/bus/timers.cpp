// SPDX-License-Identifier: MIT
//
// Added timers: when they run, once or on and on, and how they end. What they have in common with
// other additions is tested in additions.cpp.
#include "support/catch.hpp"
#include "unit/bus/added.hpp"

using namespace confab::test;

TEST_CASE("a timer runs once, not early and hardly late, and is gone") {
  addable chat;
  thing &t = chat.timer(1000, 0);
  CHECK(confab_engine_deadline(chat.engine) <= chat.now + 1'017'000'000);
  chat.wait_ms(999);
  CHECK(t.runs == 0);
  chat.wait_ms(19);
  CHECK(t.runs == 1);
  CHECK(t.released == 1);
  CHECK(confab_addition_remove(chat.engine, t.id) == CONFAB_ERR_STALE_ID);
  chat.wait_ms(5000);
  CHECK(t.runs == 1);
}

TEST_CASE("a timer keeps its beat, and leaves out what it missed") {
  addable chat;
  thing &t = chat.timer(100, 100);
  for (int i = 0; i < 20; ++i)
    chat.wait_ms(50);
  CHECK(t.runs >= 9);
  CHECK(t.runs <= 10);
  const unsigned before = t.runs;
  chat.wait_ms(60'000);
  CHECK(t.runs == before + 1);
  chat.wait_ms(118);
  CHECK(t.runs == before + 2);
  CHECK(chat.info(t.id).calls_total == t.runs);
  CHECK(chat.info(t.id).number == 100);
  CHECK(chat.remove(t) == CONFAB_OK);
  CHECK(t.released == 1);
}

TEST_CASE("a timer of no delay runs as soon as time goes on") {
  addable chat;
  thing &t = chat.timer(0, 0);
  CHECK(t.runs == 0);
  chat.wait_ms(17);
  CHECK(t.runs == 1);
}

TEST_CASE("timers that remove themselves, each other, and add new ones") {
  addable chat;
  thing &second = chat.timer(20, 20);
  thing &first = chat.timer(10, 10);
  thing *added = nullptr;
  first.ticks = [&](confab_engine *engine, confab_id id) {
    CHECK(id == first.id);
    CHECK(confab_addition_remove(engine, first.id) == CONFAB_OK);
    CHECK(confab_addition_remove(engine, second.id) == CONFAB_OK);
    CHECK(first.released == 0);
    added = &chat.timer(10, 0);
    CHECK(chat.last == CONFAB_OK);
    return CONFAB_OK;
  };
  chat.wait_ms(100);
  CHECK(first.runs == 1);
  CHECK(second.runs <= 1);
  CHECK(first.released == 1);
  CHECK(second.released == 1);
  REQUIRE(added != nullptr);
  chat.wait_ms(40);
  CHECK(added->runs == 1);
  CHECK(added->released == 1);
  CHECK(chat.stats().timers == 0);
  CHECK(chat.broken() == "");
}

TEST_CASE("a timer's run is the inside of a handler") {
  addable chat;
  thing &t = chat.timer(10, 0);
  chat.watch(CONFAB_EVENT_TOPIC);
  t.ticks = [&](confab_engine *engine, confab_id) {
    CHECK(confab_engine_tick(engine, chat.now) == CONFAB_ERR_REENTRANT);
    confab_time now = 0;
    std::int64_t unix_ns = 0;
    CHECK(confab_engine_time(engine, &now, &unix_ns) == CONFAB_OK);
    CHECK(now == chat.now);
    CHECK(confab_channel_topic_set(engine, 0, chat.channel("#x"), CONFAB_STR("tick")) ==
          CONFAB_QUEUED);
    return CONFAB_ERR_STATE; // counted
  };
  chat.wait_ms(30);
  REQUIRE(chat.log.size() == 1);
  CHECK(chat.read(chat.bob) == ":confab.local TOPIC #x :tick\r\n");
  CHECK(std::count(chat.host.logged.begin(), chat.host.logged.end(), "addition.failed") == 1);
}

TEST_CASE("what a timer cannot be") {
  addable chat;
  confab_timer_spec spec = confab_timer_spec_init();
  CHECK(confab_timer_add(chat.engine, &spec, nullptr) == CONFAB_ERR_ARG); // runs nothing
  spec.run = thing::tick;
  spec.reserved0 = 1;
  CHECK(confab_timer_add(chat.engine, &spec, nullptr) == CONFAB_ERR_ARG);
  spec.reserved0 = 0;
  const std::string name(65, 'n');
  spec.name = str_of(name);
  CHECK(confab_timer_add(chat.engine, &spec, nullptr) == CONFAB_ERR_ARG);
  spec.name = CONFAB_STR("named");
  confab_id id = 0, found = 0;
  spec.delay_ms = UINT32_MAX;
  spec.interval_ms = UINT32_MAX;
  thing t;
  spec.ctx = &t;
  CHECK(confab_timer_add(chat.engine, &spec, &id) == CONFAB_OK);
  CHECK(confab_addition_find(chat.engine, CONFAB_ADDITION_TIMER, CONFAB_STR("named"), &found) ==
        CONFAB_OK);
  CHECK(found == id);
  CHECK(confab_engine_time(nullptr, nullptr, nullptr) == CONFAB_ERR_ARG);
  CHECK(confab_engine_time(chat.engine, nullptr, nullptr) == CONFAB_OK);
}
