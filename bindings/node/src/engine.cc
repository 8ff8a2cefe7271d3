// SPDX-License-Identifier: MIT
//
// Engines and connections: create, drive, close. The host's callbacks only note what is to be done
// (output, ends of connections); flush hands all of it to JavaScript at once, so that no code of a
// program runs inside the engine but its handlers.
#include "engine.h"

#include <chrono>
#include <cstring>
#include <random>

namespace confab_node {
#include "tables.inc"

const Struct *const all_structs = structs;
int event_struct(uint32_t type) { return struct_of_event(type); }

void Engine::destroy() {
  closing = true;
  if (!engine)
    return;
  // ERR_REENTRANT: one of its callbacks is on the stack; the outermost call ends it.
  if (confab_engine_destroy(engine) != CONFAB_OK)
    return;
  engine = nullptr;
  conns.clear();
}

napi_value Engine::call_handle(const char *method, size_t count, const napi_value *values) {
  napi_value self, function, out = nullptr;
  if (silent || napi_get_reference_value(env, handle, &self) != napi_ok || !self)
    return nullptr;
  if (napi_get_named_property(env, self, method, &function) != napi_ok ||
      napi_call_function(env, self, function, count, values, &out) != napi_ok)
    return nullptr;
  return out;
}

void Engine::report(uint32_t handler) {
  bool pending = false;
  napi_value values[2];
  if (silent || napi_is_exception_pending(env, &pending) != napi_ok || !pending ||
      napi_get_and_clear_last_exception(env, &values[1]) != napi_ok)
    return;
  napi_create_uint32(env, handler, &values[0]);
  call_handle("onError", 2, values);
  if (napi_is_exception_pending(env, &pending) == napi_ok && pending)
    napi_get_and_clear_last_exception(env, &values[1]);
}

namespace {

// Values made in a callback go when it returns.
struct Scope {
  explicit Scope(napi_env e) : env(e) { napi_open_handle_scope(env, &scope); }
  ~Scope() { napi_close_handle_scope(env, scope); }
  Scope(const Scope &) = delete;
  Scope &operator=(const Scope &) = delete;
  napi_env env;
  napi_handle_scope scope = nullptr;
};

Engine *self_of(void *ctx) { return static_cast<Engine *>(ctx); }

confab_status host_send(void *ctx, confab_id conn, void *conn_ctx, const confab_slice *slices,
                        size_t count, size_t *accepted) {
  Engine *self = self_of(ctx);
  const Conn *state = static_cast<const Conn *>(conn_ctx);
  *accepted = 0;
  if (state->paused)
    return CONFAB_OK;
  size_t total = 0;
  for (size_t i = 0; i < count; ++i)
    total += slices[i].len;
  Staged staged{conn, state->messages, {}, {}};
  staged.bytes.reserve(total);
  for (size_t i = 0; i < count; ++i) {
    staged.bytes.append(static_cast<const char *>(slices[i].ptr), slices[i].len);
    if (state->messages)
      staged.lengths.push_back(slices[i].len);
  }
  self->staged.push_back(std::move(staged));
  *accepted = total;
  return CONFAB_OK;
}

confab_status host_close(void *ctx, confab_id conn, void *, confab_str why) {
  self_of(ctx)->closed.emplace_back(conn, std::string(why.ptr ? why.ptr : "", why.len));
  return CONFAB_OK;
}

confab_status host_random(void *, void *bytes, size_t len) {
  std::random_device source;
  unsigned char *out = static_cast<unsigned char *>(bytes);
  for (size_t i = 0; i < len; ++i)
    out[i] = static_cast<unsigned char>(source());
  return CONFAB_OK;
}

confab_status host_clock(void *ctx, confab_time *now) {
  Engine *self = self_of(ctx);
  if (!self->own_clock) {
    *now = static_cast<confab_time>(std::chrono::duration_cast<std::chrono::nanoseconds>(
                                        std::chrono::steady_clock::now().time_since_epoch())
                                        .count());
    return CONFAB_OK;
  }
  if (self->silent)
    return CONFAB_ERR_CALLBACK;
  Scope scope(self->env);
  napi_value answer = self->call_handle("onClock", 0, nullptr);
  bool good = false;
  if (answer)
    napi_get_value_bigint_uint64(self->env, answer, now, &good);
  self->report(0);
  return good ? CONFAB_OK : CONFAB_ERR_CALLBACK;
}

confab_status host_log(void *ctx, const confab_log_record *record) {
  Engine *self = self_of(ctx);
  const std::string event(record->event.ptr, record->event.len);
  if (event == "engine.options")
    self->complaint.assign(record->text.ptr ? record->text.ptr : "", record->text.len);
  if (self->silent || !self->logs)
    return CONFAB_OK;
  Scope scope(self->env);
  napi_value value = make_struct(self->env, S_confab_log_record, record, false);
  if (value)
    self->call_handle("onLog", 1, &value);
  self->report(0);
  return CONFAB_OK;
}

confab_status host_request(void *ctx, const confab_request *request) {
  Engine *self = self_of(ctx);
  if (self->silent)
    return CONFAB_ERR_DENIED;
  Scope scope(self->env);
  napi_value value = make_struct(self->env, S_confab_request, request, false);
  napi_value answer = value ? self->call_handle("onRequest", 1, &value) : nullptr;
  int32_t status = CONFAB_ERR_CALLBACK;
  if (answer)
    napi_get_value_int32(self->env, answer, &status);
  self->report(0);
  return status;
}

// The collector, or the end of the environment: no JavaScript may run any more.
void finalize(napi_env env, void *data, void *) {
  Engine *self = static_cast<Engine *>(data);
  self->silent = true;
  self->destroy();
  napi_delete_reference(env, self->on_hook);
  napi_delete_reference(env, self->handle);
  if (!self->engine)
    delete self; // else its thread is ending inside one of its calls: it is never used again
}

bool has_function(napi_env env, napi_value object, const char *name) {
  napi_value value;
  napi_valuetype type = napi_undefined;
  return napi_get_named_property(env, object, name, &value) == napi_ok &&
         napi_typeof(env, value, &type) == napi_ok && type == napi_function;
}

// engineCreate(handle, options): the handle already has its methods.
napi_value engine_create(napi_env env, napi_callback_info info) {
  Call c(env, info);
  confab_engine_options options;
  if (!c.take_struct(1, S_confab_engine_options, &options))
    return nullptr;
  auto self = std::make_unique<Engine>();
  self->env = env;
  self->own_clock = has_function(env, c.value(0), "onClock");
  napi_value on_hook;
  if (napi_get_named_property(env, c.value(0), "onHook", &on_hook) != napi_ok ||
      napi_create_reference(env, on_hook, 0, &self->on_hook) != napi_ok ||
      napi_create_reference(env, c.value(0), 0, &self->handle) != napi_ok) {
    throw_type(env, "the first argument must be a handle");
    return nullptr;
  }
  confab_host host = confab_host_init();
  host.ctx = self.get();
  host.send = host_send;
  host.close = host_close;
  host.random = host_random;
  host.clock = host_clock;
  host.log = host_log;
  self->logs = has_function(env, c.value(0), "onLog");
  if (has_function(env, c.value(0), "onRequest"))
    host.request = host_request;
  const confab_status status = confab_engine_create(&options, &host, &self->engine);
  if (status < 0) {
    napi_delete_reference(env, self->on_hook);
    napi_delete_reference(env, self->handle);
    throw_status(env, status,
                 self->complaint.empty() ? "the engine was not made" : self->complaint);
    return nullptr;
  }
  if (napi_wrap(env, c.value(0), self.get(), finalize, nullptr, nullptr) != napi_ok) {
    (void)!confab_engine_destroy(self->engine);
    throw_type(env, "this handle is used already");
    return nullptr;
  }
  self.release();
  return make_undefined(env);
}

napi_value engine_destroy(napi_env env, napi_callback_info info) {
  Call c(env, info);
  Engine *self = c.handle();
  if (!self)
    return nullptr;
  self->destroy();
  return make_undefined(env);
}

// connOpen(handle, options, now): options as confab_conn_options.
napi_value conn_open(napi_env env, napi_callback_info info) {
  Call c(env, info);
  confab_engine *engine = c.engine();
  confab_conn_options options;
  confab_time now = 0;
  if (!engine || !c.take_struct(1, S_confab_conn_options, &options) || !c.take(2, &now))
    return nullptr;
  Engine *self = c.handle();
  auto state = std::make_unique<Conn>();
  state->messages = (options.flags & CONFAB_CONN_MESSAGES) != 0;
  options.ctx = state.get();
  confab_id conn = 0;
  const confab_status status = confab_conn_open(engine, &options, now, &conn);
  if (status < 0)
    return c.done(status);
  self->conns.emplace(conn, std::move(state));
  return c.give_id(conn);
}

// connFeed(handle, conn, now, bytes): how many bytes were taken.
napi_value conn_feed(napi_env env, napi_callback_info info) {
  Call c(env, info);
  confab_engine *engine = c.engine();
  confab_id conn = 0;
  confab_time now = 0;
  if (!engine || !c.take(1, &conn) || !c.take(2, &now))
    return nullptr;
  confab_str bytes; // a copy: a handler that runs meanwhile may detach the buffer
  if (!c.take(3, &bytes))
    return nullptr;
  size_t consumed = 0;
  const confab_status status =
      confab_conn_feed(engine, conn, now, bytes.ptr ? bytes.ptr : "", bytes.len, &consumed);
  if (status < 0)
    return c.done(status);
  return c.give(static_cast<uint64_t>(consumed));
}

napi_value conn_closed(napi_env env, napi_callback_info info) {
  Call c(env, info);
  confab_engine *engine = c.engine();
  confab_id conn = 0;
  confab_time now = 0;
  confab_str why;
  if (!engine || !c.take(1, &conn) || !c.take(2, &now) || !c.take(3, &why))
    return nullptr;
  const confab_status status = confab_conn_closed(engine, conn, now, why);
  if (status >= 0)
    c.handle()->conns.erase(conn);
  return c.done(status);
}

// connPause(handle, conn, paused)
napi_value conn_pause(napi_env env, napi_callback_info info) {
  Call c(env, info);
  confab_id conn = 0;
  uint32_t paused = 0;
  if (!c.engine() || !c.take(1, &conn) || !c.take(2, &paused))
    return nullptr;
  const auto found = c.handle()->conns.find(conn);
  if (found != c.handle()->conns.end())
    found->second->paused = paused != 0;
  return make_undefined(env);
}

napi_value make_output(napi_env env, const Staged &staged) {
  if (!staged.messages)
    return make_text(env, confab_str_make(staged.bytes.data(), staged.bytes.size()), true);
  napi_value list;
  napi_create_array_with_length(env, staged.lengths.size(), &list);
  size_t at = 0;
  uint32_t index = 0;
  for (size_t length : staged.lengths) {
    napi_set_element(env, list, index++,
                     make_text(env, confab_str_make(staged.bytes.data() + at, length), true));
    at += length;
  }
  return list;
}

// take(handle): what waits for JavaScript: [output, closed, released], or undefined. Output is
// conn, bytes (or a list of messages), conn, ...; closed is conn, why, ...
napi_value take(napi_env env, napi_callback_info info) {
  Call c(env, info);
  Engine *self = c.handle();
  if (!self)
    return nullptr;
  if (self->staged.empty() && self->closed.empty() && self->released.empty())
    return make_undefined(env);
  napi_value output, closed, released;
  napi_create_array(env, &output);
  napi_create_array(env, &closed);
  napi_create_array(env, &released);
  uint32_t at = 0;
  for (const Staged &staged : self->staged) {
    Scope scope(env);
    napi_set_element(env, output, at++, make_id(env, staged.conn));
    napi_set_element(env, output, at++, make_output(env, staged));
  }
  at = 0;
  for (const auto &[conn, why] : self->closed) {
    napi_set_element(env, closed, at++, make_id(env, conn));
    napi_set_element(env, closed, at++,
                     make_text(env, confab_str_make(why.data(), why.size()), false));
    self->conns.erase(conn);
  }
  at = 0;
  for (uint32_t handler : self->released)
    napi_set_element(env, released, at++, make_u64(env, handler));
  self->staged.clear();
  self->closed.clear();
  self->released.clear();
  return c.list({output, closed, released});
}

// commandSubmit(handle, members): `type` is a number. The status and the event's number.
napi_value command_submit(napi_env env, napi_callback_info info) {
  Call c(env, info);
  confab_engine *engine = c.engine();
  napi_value type;
  uint64_t number = 0;
  if (!engine)
    return nullptr;
  if (napi_get_named_property(env, c.value(1), "type", &type) != napi_ok ||
      !take_integer(env, type, "type", 0, UINT16_MAX, &number))
    return nullptr;
  const int shape = event_struct(static_cast<uint32_t>(number));
  if (shape < 0) {
    throw_status(env, CONFAB_ERR_UNSUPPORTED, "no such type of event");
    return nullptr;
  }
  alignas(8) char storage[1024];
  if (!c.take_struct(1, shape, storage))
    return nullptr;
  uint64_t seq = 0;
  const confab_status status =
      confab_command_submit(engine, reinterpret_cast<const confab_event *>(storage), &seq);
  return status < 0 ? c.done(status) : c.list({c.give(status), c.give(seq)});
}

// eventNext(handle): [event, outcome, lost], or undefined.
napi_value event_next(napi_env env, napi_callback_info info) {
  Call c(env, info);
  confab_engine *engine = c.engine();
  if (!engine)
    return nullptr;
  const confab_event *event = nullptr;
  confab_outcome outcome;
  c.prepare(S_confab_outcome, &outcome);
  uint64_t lost = 0;
  napi_value none;
  if (!c.good(confab_event_next(engine, &event, &outcome, &lost), &none))
    return none;
  return c.list(
      {make_event(env, event, false), c.give_struct(S_confab_outcome, &outcome), c.give(lost)});
}

// replyNumeric(handle, conn, numeric, params, text)
napi_value reply_numeric(napi_env env, napi_callback_info info) {
  Call c(env, info);
  confab_engine *engine = c.engine();
  confab_id conn = 0, numeric = 0;
  confab_str text;
  if (!engine || !c.take(1, &conn) || !c.take(2, &numeric) || !c.take(4, &text))
    return nullptr;
  uint32_t count = 0;
  Texts texts;
  std::vector<confab_str> params;
  if (c.given(3) && napi_get_array_length(env, c.value(3), &count) != napi_ok) {
    throw_type(env, "the parameters must be an array");
    return nullptr;
  }
  for (uint32_t i = 0; i < count; ++i) {
    napi_value value;
    confab_str param;
    napi_get_element(env, c.value(3), i, &value);
    if (!take_text(env, value, "a parameter", &texts, &param))
      return nullptr;
    params.push_back(param);
  }
  return c.done(confab_reply_numeric(engine, conn, numeric, params.data(), params.size(), text));
}

} // namespace

void define(napi_env env, napi_value exports, const char *name, napi_callback call) {
  napi_value function;
  napi_create_function(env, name, NAPI_AUTO_LENGTH, call, nullptr, &function);
  napi_set_named_property(env, exports, name, function);
}

void define_engine(napi_env env, napi_value exports) {
  for (const Wrapper &wrapper : wrappers)
    define(env, exports, wrapper.name, wrapper.call);
  define(env, exports, "engineCreate", engine_create);
  define(env, exports, "engineDestroy", engine_destroy);
  define(env, exports, "connOpen", conn_open);
  define(env, exports, "connFeed", conn_feed);
  define(env, exports, "connClosed", conn_closed);
  define(env, exports, "connPause", conn_pause);
  define(env, exports, "take", take);
  define(env, exports, "commandSubmit", command_submit);
  define(env, exports, "eventNext", event_next);
  define(env, exports, "replyNumeric", reply_numeric);
}

} // namespace confab_node
