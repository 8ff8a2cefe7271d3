// SPDX-License-Identifier: MIT
//
// The addon's entry: looks whether the library that was loaded is the one it was built for, and
// gives one environment its functions. There is no other state of a process here.
#include "engine.h"

namespace confab_node {
namespace {

// setup(ConfabError, factories): once per environment, before anything else.
napi_value setup(napi_env env, napi_callback_info info) {
  size_t count = 2;
  napi_value values[2];
  napi_get_cb_info(env, info, &count, values, nullptr, nullptr);
  Addon *addon = addon_of(env);
  uint32_t length = 0;
  if (addon->error || napi_create_reference(env, values[0], 1, &addon->error) != napi_ok ||
      napi_get_array_length(env, values[1], &length) != napi_ok) {
    throw_type(env, "setup is called once, with a class and the factories");
    return nullptr;
  }
  for (uint32_t i = 0; i < length; ++i) {
    napi_value factory;
    napi_ref reference = nullptr;
    napi_get_element(env, values[1], i, &factory);
    napi_create_reference(env, factory, 1, &reference);
    addon->make.push_back(reference);
  }
  return make_undefined(env);
}

napi_value version(napi_env env, napi_callback_info) {
  napi_value out;
  napi_create_string_utf8(env, confab_version(), NAPI_AUTO_LENGTH, &out);
  return out;
}

napi_value status_name(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value value, out;
  int32_t status = 0;
  napi_get_cb_info(env, info, &count, &value, nullptr, nullptr);
  napi_get_value_int32(env, value, &status);
  napi_create_string_utf8(env, confab_status_name(status), NAPI_AUTO_LENGTH, &out);
  return out;
}

// While the ABI's major is 0 a minor may change anything; from 1 on a newer library is welcome.
bool fits(uint32_t major, uint32_t minor) {
  return major == CONFAB_ABI_MAJOR &&
         (major == 0 ? minor == CONFAB_ABI_MINOR : minor >= CONFAB_ABI_MINOR);
}

napi_value initialize(napi_env env, napi_value exports) {
  const uint32_t major = confab_abi_major(), minor = confab_abi_minor();
  if (!fits(major, minor)) {
    const uint64_t ours = (uint64_t{CONFAB_ABI_MAJOR} << 32) + CONFAB_ABI_MINOR;
    const bool older = (uint64_t{major} << 32) + minor < ours;
    const std::string text =
        "the libconfab that was loaded is " + std::string(older ? "older" : "newer") +
        " than this binding: its ABI is " + std::to_string(major) + "." + std::to_string(minor) +
        ", the binding was built for " + std::to_string(CONFAB_ABI_MAJOR) + "." +
        std::to_string(CONFAB_ABI_MINOR) + "; rebuild the binding (npm rebuild)";
    napi_throw_error(env, "ERR_CONFAB_LIBRARY_VERSION", text.c_str());
    return nullptr;
  }
  napi_set_instance_data(
      env, new Addon, [](napi_env, void *data, void *) { delete static_cast<Addon *>(data); },
      nullptr);
  define_engine(env, exports);
  define_hooks(env, exports);
  define(env, exports, "setup", setup);
  define(env, exports, "version", version);
  define(env, exports, "statusName", status_name);
  return exports;
}

} // namespace
} // namespace confab_node

NAPI_MODULE_INIT() { return confab_node::initialize(env, exports); }
