// SPDX-License-Identifier: MIT
//
// The exported functions of service.h: a text becomes a configuration or an error with its place,
// and the state becomes a text. Nothing is judged here: what a configuration may say and what it
// means is core/service's.

#include "abi/handle.hpp"

#include "core/service/service.hpp"

using namespace confab;
using namespace confab::abi;

confab_status confab_service_set(confab_engine *engine, confab_str json) {
  return guard_drive(engine, [&](confab_engine &e) {
    if (!json.ptr)
      return e.fail(CONFAB_ERR_ARG, "no text");
    core::world &w = e.drive().w;
    core::service_problem problem(&e.mem);
    auto *config = e.mem.create<core::service_config>(&e.mem);
    try {
      if (!core::read_service(w, core::view(json), *config, problem)) {
        e.mem.destroy(config);
        e.detail = std::move(problem.text);
        return e.fail(CONFAB_ERR_ARG, e.detail.c_str(), 0, problem.place);
      }
      core::apply_service(w, *config);
    } catch (...) {
      e.mem.destroy(config);
      throw;
    }
    return e.drive().finish();
  });
}

confab_status confab_service_get(const confab_engine *engine, char *out, size_t size,
                                 size_t *needed) {
  return guard_const(engine, [&](core::world &w) -> confab_status {
    if (!needed || (size > 0 && !out))
      return CONFAB_ERR_ARG;
    *needed = core::write_service(w, out, size);
    return *needed <= size ? CONFAB_OK : CONFAB_AGAIN;
  });
}
