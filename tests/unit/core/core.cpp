// SPDX-License-Identifier: MIT
//
// The foundations of the core, each against a plain model: pools and their ids, the index of names,
// the timer wheel, texts, operations, identities, the table of rights. What acts do is tested
// through the engine, in tests/unit/bus and tests/unit/session.
#include "core/name_index.hpp"
#include "core/operation.hpp"
#include "core/pool.hpp"
#include "core/rights.hpp"
#include "core/state.hpp"
#include "core/timer.hpp"

#include "support/catch.hpp"
#include "support/chatter.hpp"
#include "support/failing_allocator.hpp"

#include <map>
#include <set>

using namespace confab;

namespace {

struct memory_under_test {
  test::failing_allocator allocator;
  core::memory memory{allocator.table()};
};

struct thing : core::pooled {
  explicit thing(core::memory &from, std::string_view called, bool throws = false) : mem(&from) {
    if (throws)
      throw std::bad_alloc();
    text.assign(from, called);
  }
  ~thing() { text.clear(*mem); }
  std::string_view name() const { return text.view(); }
  core::memory *mem;
  core::owned_str text;
};

using things = core::pool<thing, CONFAB_KIND_USER>;

constexpr std::uint64_t tick_ns = 1U << 24;

} // namespace

TEST_CASE("an id finds its object and no other, alive and dead") {
  memory_under_test m;
  {
    things pool(m.memory);
    test::chooser pick(7);
    std::map<confab_id, std::string> alive;
    std::set<confab_id> ever;
    for (int step = 0; step < 3000; ++step) {
      if (alive.empty() || pick.below(5) < 3) {
        const std::string name = std::to_string(step);
        thing &made = pool.create(m.memory, name);
        const confab_id id = things::id(made);
        REQUIRE(confab_id_kind(id) == CONFAB_KIND_USER);
        REQUIRE(ever.insert(id).second); // no id is given twice
        alive[id] = name;
      } else {
        auto at = alive.begin();
        std::advance(at, pick.below(alive.size()));
        pool.destroy(*pool.find(at->first));
        REQUIRE(pool.find(at->first) == nullptr);
        alive.erase(at);
      }
      REQUIRE(pool.size() == alive.size());
    }
    for (const confab_id id : ever) {
      const thing *found = pool.find(id);
      REQUIRE((found != nullptr) == alive.contains(id));
      REQUIRE((!found || found->name() == alive[id]));
    }
    std::size_t walked = 0;
    for (std::uint32_t i = pool.first(); i != things::none; i = pool.next(i))
      ++walked;
    CHECK(walked == alive.size());
    CHECK(pool.find(0) == nullptr);
    CHECK(pool.find(UINT64_MAX) == nullptr);
  }
  CHECK(m.allocator.live_blocks() == 0);
}

TEST_CASE("a disowned object has no id, and its slot is used again under a new one") {
  memory_under_test m;
  things pool(m.memory);
  thing &made = pool.create(m.memory, "a");
  const confab_id id = things::id(made);
  pool.disown(made);
  CHECK(pool.find(id) == nullptr);
  CHECK(pool.size() == 1);
  pool.destroy(made);
  thing &next = pool.create(m.memory, "b");
  CHECK(things::id(next) != id);
  CHECK(pool.find(id) == nullptr);
  CHECK(pool.find(things::id(next)) == &next);
}

TEST_CASE("a slot whose generation would wrap is retired") {
  memory_under_test m;
  things pool(m.memory);
  thing &made = pool.create(m.memory, "old");
  const std::uint32_t index = made.index;
  made.generation = things::generation_max; // as after very many lives
  pool.destroy(made);
  for (std::uint32_t i = 0; i < 2 * things::chunk_slots; ++i)
    CHECK(pool.create(m.memory, "new").index != index);
}

TEST_CASE("a constructor that throws leaves a pool as it was") {
  memory_under_test m;
  things pool(m.memory);
  CHECK_THROWS_AS(pool.create(m.memory, "x", true), std::bad_alloc);
  CHECK(pool.size() == 0);
  m.allocator.fail_at(1);
  CHECK_THROWS_AS(pool.create(m.memory, "x"), std::bad_alloc);
  CHECK(pool.size() == 0);
  CHECK(pool.find(things::id(pool.create(m.memory, "y"))) != nullptr);
}

TEST_CASE("the index of names agrees with a map, through collisions, growth and removal") {
  memory_under_test m;
  {
    things pool(m.memory);
    core::name_index<thing> index(m.memory, text::hash_key{1, 2}, text::casemap::rfc1459);
    std::map<std::string, thing *> model; // by folded name
    test::chooser pick(11);
    for (int step = 0; step < 4000; ++step) {
      const std::string name = "n" + std::to_string(pick.below(300));
      const auto at = model.find(name);
      REQUIRE(index.find("N" + name.substr(1)) == (at == model.end() ? nullptr : at->second));
      if (at == model.end()) {
        index.reserve();
        thing &made = pool.create(m.memory, name);
        index.insert(made);
        model[name] = &made;
      } else if (pick.one_in(2)) {
        index.erase(*at->second);
        pool.destroy(*at->second);
        model.erase(at);
      }
    }
    for (const auto &[name, made] : model)
      REQUIRE(index.find(name) == made);
    CHECK(index.find("nobody") == nullptr);
  }
  CHECK(m.allocator.live_blocks() == 0);
}

TEST_CASE("timers never fire early, are at most one slot late, and the deadline is never late") {
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    INFO("seed " << seed);
    test::chooser pick(seed);
    confab_time now = seed * 1'000'003'333;
    core::timer_wheel wheel(now);
    std::array<core::timer, 40> timers;
    std::map<const core::timer *, confab_time> armed;
    for (int step = 0; step < 3000; ++step) {
      core::timer &t = timers[pick.below(timers.size())];
      // From nothing to months, over all levels of the wheel.
      const confab_time ahead = pick.bits() >> (14 + pick.below(45));
      if (pick.one_in(4)) {
        wheel.cancel(t);
        armed.erase(&t);
      } else {
        const confab_time due = pick.one_in(10) ? now - pick.below(1000) : now + ahead;
        wheel.arm(t, due);
        armed[&t] = due;
      }
      confab_time soonest = CONFAB_TIME_NEVER;
      for (const auto &[timer, due] : armed)
        soonest = std::min(soonest, due);
      REQUIRE(wheel.deadline() <=
              (soonest == CONFAB_TIME_NEVER ? soonest : std::max(soonest, now) + 2 * tick_ns));
      if (!pick.one_in(3))
        continue;
      now += pick.bits() >> (18 + pick.below(40));
      while (core::timer *fired = wheel.expire(now)) {
        REQUIRE(armed.contains(fired));
        REQUIRE(armed[fired] <= now);
        armed.erase(fired);
      }
      for (const auto &[timer, due] : armed)
        REQUIRE(due + tick_ns >= now);
    }
    for (core::timer &t : timers)
      wheel.cancel(t);
    CHECK(wheel.expire(now + 100 * tick_ns) == nullptr);
  }
}

TEST_CASE("waking at the deadline fires every timer, however far, in few steps") {
  core::timer_wheel wheel(0);
  core::timer far;
  const confab_time due = confab_time{400} * 24 * 3600 * 1'000'000'000;
  wheel.arm(far, due);
  confab_time now = 0;
  int steps = 0;
  const core::timer *fired = nullptr;
  for (; !fired && steps < 100'000; ++steps) {
    REQUIRE(wheel.deadline() != CONFAB_TIME_NEVER);
    now = std::max(now, wheel.deadline());
    fired = wheel.expire(now);
  }
  CHECK(fired == &far);
  CHECK(now >= due);
  CHECK(now <= due + tick_ns);
  CHECK(steps < 10'000);
  CHECK_FALSE(far.armed());
  wheel.arm(far, CONFAB_TIME_NEVER);
  CHECK_FALSE(far.armed());
}

TEST_CASE("a text keeps its old content when memory runs out, and costs nothing when empty") {
  memory_under_test m;
  core::owned_str text(m.memory, "old");
  m.allocator.fail_at(1);
  CHECK_THROWS_AS(text.assign(m.memory, "newer"), std::bad_alloc);
  CHECK(text.view() == "old");
  text.assign(m.memory, text.view().substr(1)); // of itself
  CHECK(text.view() == "ld");
  text.assign(m.memory, {});
  CHECK(text.empty());
  CHECK(m.allocator.live_blocks() == 0);
  CHECK(m.memory.used_bytes() == 0);
}

TEST_CASE("an operation that owns its texts outlives those it was given") {
  memory_under_test m;
  {
    std::string said = "hello", password = "secret", mask = "*x*";
    core::operation op(m.memory);
    op.event = core::make_event(CONFAB_EVENT_MESSAGE);
    op.event.message.text = core::str(said);
    op.secret = password;
    op.terms.mask = mask;
    op.own();
    const char *kept = op.event.message.text.ptr;
    op.own(); // once is enough
    CHECK(op.event.message.text.ptr == kept);
    said = password = mask = "-------";
    core::operation moved(std::move(op));
    CHECK(core::view(moved.event.message.text) == "hello");
    CHECK(moved.secret == "secret");
    CHECK(moved.terms.mask == "*x*");
  }
  CHECK(m.allocator.live_blocks() == 0);
}

TEST_CASE("an identity is one text with four parts") {
  memory_under_test m;
  core::identity is = core::identity::make(m.memory, "nick", "user", "host", "Real Name");
  CHECK(is.nick() == "nick");
  CHECK(is.username() == "user");
  CHECK(is.hostname() == "host");
  CHECK(is.source() == "nick!user@host");
  CHECK(is.realname() == "Real Name");
  core::identity other = core::identity::make(m.memory, std::string(64, 'n'), std::string(64, 'u'),
                                              std::string(255, 'h'), std::string(255, 'r'));
  CHECK(other.source().size() == 64 + 64 + 255 + 2);
  CHECK(other.realname().size() == 255);
  is.swap(other);
  CHECK(other.nick() == "nick");
  is.text.clear(m.memory);
  other.text.clear(m.memory);
  CHECK(m.allocator.live_blocks() == 0);
}

TEST_CASE("every right belongs to its rank and all above it") {
  using core::right;
  struct row {
    right wanted;
    std::uint32_t least;
  };
  const row table[] = {
      {right::speak_moderated, CONFAB_RANK_VOICE},   {right::set_topic, CONFAB_RANK_OPERATOR},
      {right::invite_guarded, CONFAB_RANK_OPERATOR}, {right::kick, CONFAB_RANK_OPERATOR},
      {right::change_modes, CONFAB_RANK_OPERATOR},   {right::change_lists, CONFAB_RANK_OPERATOR},
      {right::give_voice, CONFAB_RANK_OPERATOR},     {right::give_operator, CONFAB_RANK_OPERATOR},
      {right::give_owner, CONFAB_RANK_OWNER}};
  for (const row &r : table)
    for (std::uint8_t ranks = 0; ranks < 8; ++ranks) {
      core::member m;
      m.ranks = ranks;
      INFO("right " << static_cast<int>(r.wanted) << " ranks " << int{ranks});
      CHECK(core::may(&m, r.wanted) == (ranks >= r.least));
    }
  CHECK_FALSE(core::may(nullptr, right::speak_moderated));
  CHECK(core::at_least(0) == 0);
  CHECK(core::at_least(CONFAB_RANK_VOICE) == 7);
  CHECK(core::at_least(CONFAB_RANK_OPERATOR) == 6);
  CHECK(core::right_to_give(CONFAB_RANK_OWNER) == right::give_owner);
  core::member owner, operator_;
  owner.ranks = CONFAB_RANK_OWNER;
  operator_.ranks = CONFAB_RANK_OPERATOR;
  CHECK(core::outranked(&operator_, owner));
  CHECK_FALSE(core::outranked(&owner, owner));
  CHECK_FALSE(core::outranked(&operator_, operator_));
}
