// SPDX-License-Identifier: MIT
//
// A hook on an engine that runs a test's function, for as long as the engine lives; and the denial
// that most of them say.
#pragma once

#include "support/catch.hpp"
#include "support/engine_fixture.hpp"

#include <functional>
#include <utility>

namespace confab::test {

struct one_hook {
  std::function<confab_verdict(confab_call *, const confab_event &)> run;
  confab_id id = 0;

  one_hook(engine_fixture &f, std::uint32_t type, std::uint32_t stage,
           std::function<confab_verdict(confab_call *, const confab_event &)> with)
      : run(std::move(with)) {
    confab_hook hook = confab_hook_init();
    hook.type = static_cast<std::uint16_t>(type);
    hook.stage = static_cast<std::uint16_t>(stage);
    hook.ctx = this;
    hook.call = [](void *ctx, confab_call *call, const confab_event *event) {
      return static_cast<one_hook *>(ctx)->run(call, *event);
    };
    REQUIRE(confab_hook_add(f.engine, &hook, &id) == CONFAB_OK);
  }
};

inline confab_verdict deny(confab_call *call, std::uint32_t visibility) {
  ignore(confab_call_deny(call, CONFAB_REFUSED_POLICY, CONFAB_STR("no"), visibility));
  return CONFAB_DENY;
}

} // namespace confab::test
