// SPDX-License-Identifier: MIT
//
// The engine behind a JavaScript object, and one call into it.
//
// The object ("handle") holds its handlers as properties (onHook, onCommand, ...) and this holds
// the object weakly, so that the collector sees every cycle: a handle that is dropped ends its
// engine. An engine that is closed inside one of its own callbacks ends when the outermost call
// returns.
#ifndef CONFAB_NODE_ENGINE_H
#define CONFAB_NODE_ENGINE_H

#include "value.h"

#include <memory>
#include <unordered_map>

namespace confab_node {

// A connection's place on this side: the host's own pointer.
struct Conn {
  bool messages = false; // whole messages, each a Buffer of its own
  bool paused = false;   // its socket takes nothing now: what is queued stays in the engine
};

// Output of one connection, waiting for JavaScript to fetch it.
struct Staged {
  confab_id conn;
  bool messages;
  std::string bytes;
  std::vector<size_t> lengths; // of the messages
};

struct Engine {
  napi_env env = nullptr;
  napi_ref handle = nullptr;  // weak
  napi_ref on_hook = nullptr; // weak: the handle holds it
  confab_engine *engine = nullptr;
  confab_call *call = nullptr; // that runs now
  unsigned depth = 0;          // of calls from JavaScript
  bool closing = false;        // asked for inside a call
  bool silent = false;         // JavaScript can no longer be called: the collector is at work
  bool logs = false;           // the handle has an onLog
  bool own_clock = false;      // handlers are measured by the handle's onClock
  std::unordered_map<confab_id, std::unique_ptr<Conn>> conns;
  std::vector<Staged> staged;
  std::vector<std::pair<confab_id, std::string>> closed;
  std::vector<uint32_t> released; // handlers that are no longer needed
  std::string complaint;          // what the engine said of its options

  void destroy();
  // Calls a method of the handle. Null when it threw (the exception is then pending) or is not to
  // be called.
  napi_value call_handle(const char *method, size_t count, const napi_value *values);
  // Takes a pending exception to the handle's onError; whatever that throws is lost.
  void report(uint32_t handler);
};

// One call from JavaScript: its arguments, and how it ends.
class Call {
public:
  Call(napi_env env, napi_callback_info info);
  ~Call();
  Call(const Call &) = delete;
  Call &operator=(const Call &) = delete;

  Engine *handle();        // null: thrown
  confab_engine *engine(); // null: thrown (closed, or no handle)
  confab_call *call();     // null: thrown (not inside a handler)
  bool given(size_t index) const { return index < count_ && !is_nothing(env_, values_[index]); }
  napi_value value(size_t index) const { return values_[index]; }

  bool take(size_t index, uint16_t *out) { return integer(index, 0, UINT16_MAX, out); }
  bool take(size_t index, uint32_t *out) { return integer(index, 0, UINT32_MAX, out); }
  bool take(size_t index, int32_t *out) { return integer(index, INT32_MIN, INT32_MAX, out); }
  bool take(size_t index, uint64_t *out) { return integer(index, 0, UINT64_MAX, out); }
  bool take(size_t index, int64_t *out) { return integer(index, INT64_MIN, INT64_MAX, out); }
  bool take(size_t index, confab_str *out);
  bool take_struct(size_t index, int number, void *out);
  void prepare(int number, void *out);

  napi_value give(uint32_t value) { return make_u64(env_, value); }
  napi_value give(int32_t value);
  napi_value give(uint64_t value) { return make_u64(env_, value); }
  napi_value give(int64_t value);
  napi_value give(confab_str value) { return make_text(env_, value, false); }
  napi_value give_id(uint64_t value) { return make_id(env_, value); }
  napi_value give_struct(int number, const void *from) {
    return make_struct(env_, number, from, false);
  }
  napi_value list(std::initializer_list<napi_value> values);

  // The status as a number; thrown when it is an error, or a handler's exception is pending.
  napi_value done(confab_status status);
  // False: there is no result; `*none` is what to return (undefined: nothing of that name, or the
  // end of a walk; else null, and thrown).
  bool good(confab_status status, napi_value *none);

private:
  template <typename T>
  bool integer(size_t index, int64_t least, uint64_t most, T *out) {
    uint64_t wide = 0;
    if (!take_integer(env_, values_[index], "argument", least, most, &wide))
      return false;
    *out = static_cast<T>(wide);
    return true;
  }
  void fail(confab_status status);

  napi_env env_;
  Engine *engine_ = nullptr;
  size_t count_;
  napi_value values_[8];
  Texts texts_;
};

// One function of the raw layer.
struct Wrapper {
  const char *name;
  napi_callback call;
};

void define_engine(napi_env env, napi_value exports);
void define_hooks(napi_env env, napi_value exports);
void define(napi_env env, napi_value exports, const char *name, napi_callback call);

} // namespace confab_node

#endif
