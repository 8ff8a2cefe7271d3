// SPDX-License-Identifier: MIT
//
// What JavaScript adds to an engine: hooks, commands, timers. The engine knows a handler by its
// number; the function itself stays on the JavaScript side. A handler that throws has failed: the
// exception goes to onError, the engine is told by an answer that no stage has.
#include "engine.h"

#include <cstring>

namespace confab_node {
namespace {

constexpr confab_verdict failed = -1;

struct Handler {
  Engine *owner;
  uint32_t number;
  bool bytes; // texts as Buffers
};

// Values made in a callback go when it returns; the call that runs is known while it does.
struct Running {
  Running(Engine *e, confab_call *call) : owner(e), before(e->call) {
    napi_open_handle_scope(owner->env, &scope);
    owner->call = call;
  }
  ~Running() {
    owner->call = before;
    napi_close_handle_scope(owner->env, scope);
  }
  Running(const Running &) = delete;
  Running &operator=(const Running &) = delete;
  Engine *owner;
  confab_call *before;
  napi_handle_scope scope = nullptr;
};

confab_verdict hook_call(void *ctx, confab_call *call, const confab_event *event) {
  Handler *handler = static_cast<Handler *>(ctx);
  Engine *owner = handler->owner;
  if (owner->silent)
    return failed;
  Running running(owner, call);
  napi_env env = owner->env;
  napi_value values[2], self, function, answer = nullptr;
  int32_t verdict = failed;
  napi_create_uint32(env, handler->number, &values[0]);
  values[1] = make_event(env, event, handler->bytes);
  if (values[1] && napi_get_reference_value(env, owner->on_hook, &function) == napi_ok &&
      function && napi_get_reference_value(env, owner->handle, &self) == napi_ok &&
      napi_call_function(env, self, function, 2, values, &answer) == napi_ok)
    napi_get_value_int32(env, answer, &verdict);
  else
    owner->report(handler->number);
  return verdict;
}

confab_status hook_cancelled(void *ctx, confab_engine *, confab_id token, uint32_t why) {
  Handler *handler = static_cast<Handler *>(ctx);
  Engine *owner = handler->owner;
  if (owner->silent)
    return CONFAB_OK;
  Running running(owner, nullptr);
  napi_value values[2] = {make_id(owner->env, token), make_u64(owner->env, why)};
  owner->call_handle("onCancelled", 2, values);
  owner->report(handler->number);
  return CONFAB_OK;
}

confab_status handler_release(void *ctx) {
  Handler *handler = static_cast<Handler *>(ctx);
  handler->owner->released.push_back(handler->number);
  delete handler;
  return CONFAB_OK;
}

confab_status command_run(void *ctx, confab_engine *, const confab_event_command *event) {
  Handler *handler = static_cast<Handler *>(ctx);
  Engine *owner = handler->owner;
  if (owner->silent)
    return CONFAB_ERR_STATE;
  Running running(owner, nullptr);
  napi_value values[2];
  napi_create_uint32(owner->env, handler->number, &values[0]);
  values[1] = make_event(owner->env, &event->head, handler->bytes);
  if (values[1] && owner->call_handle("onCommand", 2, values))
    return CONFAB_OK;
  owner->report(handler->number);
  return CONFAB_ERR_CALLBACK;
}

confab_status timer_run(void *ctx, confab_engine *, confab_id) {
  Handler *handler = static_cast<Handler *>(ctx);
  Engine *owner = handler->owner;
  if (owner->silent)
    return CONFAB_ERR_STATE;
  Running running(owner, nullptr);
  napi_value number;
  napi_create_uint32(owner->env, handler->number, &number);
  if (owner->call_handle("onTimer", 1, &number))
    return CONFAB_OK;
  owner->report(handler->number);
  return CONFAB_ERR_CALLBACK;
}

// Each of the three takes (handle, spec, number of the handler) and gives the id.
template <typename Spec>
napi_value add(napi_env env, napi_callback_info info, int shape,
               confab_status (*fill)(confab_engine *, Spec *, Handler *, confab_id *)) {
  Call c(env, info);
  confab_engine *engine = c.engine();
  Spec spec;
  uint32_t number = 0;
  if (!engine || !c.take_struct(1, shape, &spec) || !c.take(2, &number))
    return nullptr;
  bool bytes = false;
  napi_value wants;
  if (c.given(3) && napi_coerce_to_bool(env, c.value(3), &wants) == napi_ok)
    napi_get_value_bool(env, wants, &bytes);
  Handler *handler = new Handler{c.handle(), number, bytes};
  spec.ctx = handler;
  confab_id id = 0;
  const confab_status status = fill(engine, &spec, handler, &id);
  if (status < 0) {
    delete handler; // `release` is not called when adding fails
    return c.done(status);
  }
  return c.give_id(id);
}

// The numbers of these structs are found by name, once: the tables belong to engine.cc.
int shape_of(const char *name) {
  int number = 0;
  while (strcmp(all_structs[number].name, name) != 0)
    ++number;
  return number;
}

napi_value hook_add(napi_env env, napi_callback_info info) {
  static const int shape = shape_of("confab_hook");
  return add<confab_hook>(env, info, shape,
                          [](confab_engine *engine, confab_hook *spec, Handler *, confab_id *id) {
                            spec->call = hook_call;
                            spec->cancelled = hook_cancelled;
                            spec->release = handler_release;
                            return confab_hook_add(engine, spec, id);
                          });
}

napi_value command_add(napi_env env, napi_callback_info info) {
  static const int shape = shape_of("confab_command_spec");
  return add<confab_command_spec>(
      env, info, shape,
      [](confab_engine *engine, confab_command_spec *spec, Handler *, confab_id *id) {
        spec->run = command_run;
        spec->release = handler_release;
        return confab_command_add(engine, spec, id);
      });
}

napi_value timer_add(napi_env env, napi_callback_info info) {
  static const int shape = shape_of("confab_timer_spec");
  return add<confab_timer_spec>(
      env, info, shape,
      [](confab_engine *engine, confab_timer_spec *spec, Handler *, confab_id *id) {
        spec->run = timer_run;
        spec->release = handler_release;
        return confab_timer_add(engine, spec, id);
      });
}

} // namespace

void define_hooks(napi_env env, napi_value exports) {
  define(env, exports, "hookAdd", hook_add);
  define(env, exports, "commandAdd", command_add);
  define(env, exports, "timerAdd", timer_add);
}

} // namespace confab_node
