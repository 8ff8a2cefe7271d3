// SPDX-License-Identifier: MIT
//
// One call from JavaScript: see engine.h.
#include "engine.h"

#include <cstring>

namespace confab_node {

Call::Call(napi_env env, napi_callback_info info) : env_(env), count_(8) {
  napi_value self;
  napi_get_cb_info(env, info, &count_, values_, &self, nullptr); // fills up with undefined
  napi_valuetype type = napi_undefined;
  void *data = nullptr;
  if (count_ > 0 && napi_typeof(env, values_[0], &type) == napi_ok && type == napi_object &&
      napi_unwrap(env, values_[0], &data) == napi_ok)
    engine_ = static_cast<Engine *>(data);
  if (engine_)
    ++engine_->depth;
}

Call::~Call() {
  if (engine_ && --engine_->depth == 0 && engine_->closing)
    engine_->destroy();
}

Engine *Call::handle() {
  if (!engine_)
    throw_type(env_, "the first argument must be an engine's handle");
  return engine_;
}

confab_engine *Call::engine() {
  if (!handle())
    return nullptr;
  if (!engine_->engine || engine_->closing) {
    throw_status(env_, CONFAB_ERR_STATE, "this engine is closed", "ERR_CONFAB_CLOSED");
    return nullptr;
  }
  return engine_->engine;
}

confab_call *Call::call() {
  if (!engine())
    return nullptr;
  if (!engine_->call)
    throw_status(env_, CONFAB_ERR_STAGE, "only inside a handler, before it returns");
  return engine_->call;
}

bool Call::take(size_t index, confab_str *out) {
  return take_text(env_, values_[index], "argument", &texts_, out);
}

bool Call::take_struct(size_t index, int number, void *out) {
  return confab_node::take_struct(env_, values_[index], number, &texts_, out);
}

void Call::prepare(int number, void *out) {
  const uint32_t size = static_cast<uint32_t>(all_structs[number].size);
  memset(out, 0, size);
  memcpy(out, &size, sizeof size);
}

napi_value Call::give(int32_t value) {
  napi_value out;
  napi_create_int32(env_, value, &out);
  return out;
}

napi_value Call::give(int64_t value) {
  napi_value out;
  napi_create_int64(env_, value, &out);
  return out;
}

napi_value Call::list(std::initializer_list<napi_value> values) {
  napi_value out;
  napi_create_array_with_length(env_, values.size(), &out);
  uint32_t at = 0;
  for (napi_value value : values)
    napi_set_element(env_, out, at++, value);
  return out;
}

void Call::fail(confab_status status) {
  std::string text;
  confab_error_info info;
  memset(&info, 0, sizeof info);
  info.struct_size = sizeof info;
  if (engine_ && engine_->engine && confab_engine_last_error(engine_->engine, &info) == CONFAB_OK &&
      info.status == status && info.text.len > 0)
    text.assign(info.text.ptr, info.text.len);
  throw_status(env_, status, text);
}

napi_value Call::done(confab_status status) {
  if (status < 0) {
    fail(status);
    return nullptr;
  }
  return give(status);
}

bool Call::good(confab_status status, napi_value *none) {
  *none = nullptr;
  if (status == CONFAB_END || status == CONFAB_ERR_NOT_FOUND) {
    *none = make_undefined(env_);
    return false;
  }
  if (status >= 0)
    return true;
  fail(status);
  return false;
}

} // namespace confab_node
