// SPDX-License-Identifier: MIT
//
// core/auth_memory: which addresses are one, and who is suspended and forgotten when, against a
// plain model under random failures.
#include "core/auth_memory.hpp"
#include "core/memory.hpp"

#include "support/catch.hpp"
#include "support/chatter.hpp"
#include "support/failing_allocator.hpp"

#include <algorithm>
#include <string>
#include <vector>

using namespace confab;
using namespace confab::test;
using core::auth_memory;

namespace {

std::string group(std::string_view address) {
  char buffer[19];
  return std::string(core::address_group(address, buffer));
}

struct remembered {
  failing_allocator allocator;
  core::memory mem{allocator.table()};
  auth_memory memory{mem, {1, 2}};
};

// What the header promises, written down as a list.
struct model {
  struct one {
    int who = 0;
    confab_time began = 0, last = 0, until = 0;
    std::uint32_t failures = 0;
  };
  auth_memory::bounds set;
  std::vector<one> all; // the latest failure last

  bool suspended(int who, confab_time now) const {
    return std::any_of(all.begin(), all.end(),
                       [&](const one &o) { return o.who == who && now < o.until; });
  }
  void fail(int who, confab_time now) {
    one o{who, now, now, 0, 0};
    for (auto at = all.begin(); at != all.end(); ++at)
      if (at->who == who) {
        o = *at;
        all.erase(at);
        break;
      }
    if (now - o.began >= set.window || (o.until != 0 && now >= o.until))
      o = {who, now, now, 0, 0};
    o.last = now;
    if (++o.failures == set.failures_max)
      o.until = now + set.suspension;
    all.push_back(o);
    if (all.size() > set.addresses_max)
      all.erase(all.begin());
  }
};

} // namespace

TEST_CASE("failed proofs: what counts as one address") {
  CHECK(group("192.0.2.1") == "192.0.2.1");
  CHECK(group("0") == "0");
  CHECK(group("") == "");
  CHECK(group("gateway") == "gateway");
  CHECK(group("2001:db8:1:2:3:4:5:6") == "2001:0db8:0001:0002");
  CHECK(group("2001:DB8:1:2::") == "2001:0db8:0001:0002");
  CHECK(group("2001:db8::1") == "2001:0db8:0000:0000");
  CHECK(group("2001::1:2:3:4:5") == "2001:0000:0000:0001");
  CHECK(group("2001::2:3:4:5:6:7") == "2001:0000:0002:0003");
  CHECK(group("0::1:2:3:4:5:6") == "0000:0000:0001:0002");
  // Not of one customer: the machine itself, IPv4 in other clothes, a link's own addresses.
  for (const char *whole : {"0::1", "::1", "0::ffff:192.0.2.1", "::ffff:c000:201", "fe80::1",
                            "fe80::1%eth0", "febf::2"})
    CHECK(group(whole) == whole);
  // What is no address is taken as it is.
  for (const char *odd : {"2001:db8:12345::1", "2001:dbx::1", "2001", "a:b", ":", "1:", "g::"})
    CHECK(group(odd) == odd);
  CHECK(group("2001:1::2::3:4:5:6:7:8:9") == "2001:0001:0002:0003"); // once only, whatever it is
}

TEST_CASE("failed proofs: as the model says, whatever happens") {
  remembered kept;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    chooser pick(seed);
    auth_memory memory(kept.mem, {seed, 2});
    model expected{{1 + static_cast<std::uint32_t>(pick.below(4)), 1 + pick.below(100),
                    1 + pick.below(200), 1 + pick.below(6)},
                   {}};
    confab_time now = 1'000;
    for (int i = 0; i < 2000; ++i) {
      now += pick.below(20);
      const int who = static_cast<int>(pick.below(8));
      const std::string address = "192.0.2." + std::to_string(who);
      if (pick.below(3) != 0) {
        memory.fail(expected.set, {address, false}, now);
        expected.fail(who, now);
      }
      REQUIRE(memory.suspended(expected.set, {address, false}, now) ==
              expected.suspended(who, now));
      REQUIRE(memory.size() <= expected.set.addresses_max);
    }
  }
  CHECK(kept.allocator.problem() == "");
}

TEST_CASE("failed proofs: who only claims an address has nobody suspended but its like") {
  remembered kept;
  const auth_memory::bounds set{1, 100, 100, 10};
  kept.memory.fail(set, {"192.0.2.1", true}, 5);
  CHECK_FALSE(kept.memory.suspended(set, {"192.0.2.1", false}, 5));
  CHECK(kept.memory.suspended(set, {"192.0.2.1", true}, 5));
  kept.memory.fail(set, {"192.0.2.2", false}, 5);
  CHECK(kept.memory.suspended(set, {"192.0.2.2", false}, 5));
  CHECK(kept.memory.suspended(set, {"192.0.2.2", true}, 5));
}

TEST_CASE("failed proofs: an address that is not known is nobody's, and 0 turns it off") {
  remembered kept;
  const auth_memory::bounds set{1, 100, 100, 10}, off{0, 100, 100, 10};
  for (const char *unknown : {"0", ""}) {
    kept.memory.fail(set, {unknown, false}, 5);
    CHECK_FALSE(kept.memory.suspended(set, {unknown, false}, 5));
  }
  kept.memory.fail(off, {"192.0.2.1", false}, 5);
  CHECK(kept.memory.size() == 0);
  kept.memory.fail(set, {"192.0.2.1", false}, 5);
  CHECK_FALSE(kept.memory.suspended(off, {"192.0.2.1", false}, 5));
  CHECK(kept.memory.suspended(set, {"192.0.2.1", false}, 104));
  CHECK_FALSE(kept.memory.suspended(set, {"192.0.2.1", false}, 105));
  // For ever, where the scale ends before the suspension does.
  const auth_memory::bounds endless{1, 100, CONFAB_TIME_NEVER - 1, 10};
  kept.memory.fail(endless, {"192.0.2.9", false}, 50);
  CHECK(kept.memory.suspended(endless, {"192.0.2.9", false}, CONFAB_TIME_NEVER - 1));
}

TEST_CASE("failed proofs: memory that runs out changes nothing") {
  remembered kept;
  const auth_memory::bounds set{1, 100, 100, 10};
  kept.memory.fail(set, {"192.0.2.1", false}, 5);
  kept.allocator.fail_at(1);
  CHECK_THROWS_AS(kept.memory.fail(set, {"192.0.2.2", false}, 6), std::bad_alloc);
  CHECK(kept.memory.size() == 1);
  CHECK_FALSE(kept.memory.suspended(set, {"192.0.2.2", false}, 6));
  kept.memory.fail(set, {"192.0.2.2", false}, 6);
  CHECK(kept.memory.suspended(set, {"192.0.2.2", false}, 6));
}
