// SPDX-License-Identifier: MIT
//
// See value.h.
#include "value.h"

#include <cstring>

namespace confab_node {

Addon *addon_of(napi_env env) {
  void *data = nullptr;
  napi_get_instance_data(env, &data);
  return static_cast<Addon *>(data);
}

void throw_status(napi_env env, confab_status status, const std::string &text, const char *code) {
  napi_value error_class, arguments[3], error;
  napi_create_int32(env, status, &arguments[0]);
  napi_create_string_utf8(env, code ? code : confab_status_name(status), NAPI_AUTO_LENGTH,
                          &arguments[1]);
  napi_create_string_utf8(env, text.data(), text.size(), &arguments[2]);
  if (napi_get_reference_value(env, addon_of(env)->error, &error_class) == napi_ok &&
      napi_new_instance(env, error_class, 3, arguments, &error) == napi_ok)
    napi_throw(env, error);
}

void throw_type(napi_env env, const std::string &text) {
  napi_throw_type_error(env, nullptr, text.c_str());
}

napi_value make_undefined(napi_env env) {
  napi_value value;
  napi_get_undefined(env, &value);
  return value;
}

napi_value make_u64(napi_env env, uint64_t value) {
  napi_value out;
  if (value > (UINT64_C(1) << 53))
    napi_create_bigint_uint64(env, value, &out);
  else
    napi_create_double(env, static_cast<double>(value), &out);
  return out;
}

napi_value make_id(napi_env env, uint64_t value) {
  napi_value out;
  napi_create_bigint_uint64(env, value, &out);
  return out;
}

napi_value make_text(napi_env env, confab_str text, bool bytes) {
  napi_value out;
  if (bytes)
    napi_create_buffer_copy(env, text.len, text.ptr ? text.ptr : "", nullptr, &out);
  else
    napi_create_string_utf8(env, text.ptr ? text.ptr : "", text.len, &out);
  return out;
}

static napi_value make_member(napi_env env, const Member &member, const void *from, bool bytes) {
  const char *at = static_cast<const char *>(from) + member.offset;
  napi_value out = nullptr;
  uint64_t wide = 0;
  switch (member.kind) {
  case Kind::U16: {
    uint16_t n;
    memcpy(&n, at, sizeof n);
    napi_create_uint32(env, n, &out);
    break;
  }
  case Kind::I16: {
    int16_t n;
    memcpy(&n, at, sizeof n);
    napi_create_int32(env, n, &out);
    break;
  }
  case Kind::U32: {
    uint32_t n;
    memcpy(&n, at, sizeof n);
    napi_create_uint32(env, n, &out);
    break;
  }
  case Kind::I32: {
    int32_t n;
    memcpy(&n, at, sizeof n);
    napi_create_int32(env, n, &out);
    break;
  }
  case Kind::U64:
    memcpy(&wide, at, sizeof wide);
    return make_u64(env, wide);
  case Kind::I64:
    memcpy(&wide, at, sizeof wide);
    napi_create_int64(env, static_cast<int64_t>(wide), &out);
    break;
  case Kind::ID:
    memcpy(&wide, at, sizeof wide);
    return make_id(env, wide);
  case Kind::STR: {
    confab_str text;
    memcpy(&text, at, sizeof text);
    return make_text(env, text, bytes);
  }
  case Kind::EVENT: {
    const confab_event *event;
    memcpy(&event, at, sizeof event);
    return make_event(env, event, bytes);
  }
  case Kind::U64S:
    napi_create_array_with_length(env, member.size / sizeof wide, &out);
    for (uint32_t i = 0; i < member.size / sizeof wide; ++i) {
      memcpy(&wide, at + i * sizeof wide, sizeof wide);
      napi_set_element(env, out, i, make_u64(env, wide));
    }
    break;
  case Kind::END:
    break;
  }
  return out ? out : make_undefined(env);
}

// One call makes the whole object: the factory's literal gives all of them one shape.
napi_value make_struct(napi_env env, int number, const void *from, bool bytes) {
  const Struct &shape = all_structs[number];
  napi_value values[96];
  for (size_t i = 0; i < shape.members_count; ++i)
    values[i] = make_member(env, shape.members[i], from, bytes);
  napi_value factory, out = nullptr;
  napi_get_reference_value(env, addon_of(env)->make[static_cast<size_t>(number)], &factory);
  if (napi_call_function(env, make_undefined(env), factory, shape.members_count, values, &out) !=
      napi_ok)
    return nullptr;
  return out;
}

napi_value make_event(napi_env env, const confab_event *event, bool bytes) {
  if (!event)
    return make_undefined(env);
  const int core = event->space == 0 ? event_struct(event->type) : event_struct(UINT32_MAX);
  return core < 0 ? make_undefined(env) : make_struct(env, core, event, bytes);
}

bool is_nothing(napi_env env, napi_value value) {
  napi_valuetype type;
  napi_typeof(env, value, &type);
  return type == napi_undefined || type == napi_null;
}

bool take_integer(napi_env env, napi_value value, const char *what, int64_t least, uint64_t most,
                  uint64_t *out) {
  napi_valuetype type;
  napi_typeof(env, value, &type);
  bool good = false;
  if (type == napi_number) {
    double number = 0;
    napi_get_value_double(env, value, &number);
    good = number >= static_cast<double>(least) && number <= 9007199254740992.0 &&
           (number < 0 || static_cast<double>(most) >= number) &&
           number == static_cast<double>(static_cast<int64_t>(number));
    if (good)
      *out = static_cast<uint64_t>(static_cast<int64_t>(number));
  } else if (type == napi_bigint) {
    napi_get_value_bigint_uint64(env, value, out, &good);
    good = good && *out <= most;
  } else if (type == napi_boolean) {
    bool truth = false;
    napi_get_value_bool(env, value, &truth);
    *out = truth;
    good = true;
  }
  if (!good)
    throw_type(env, std::string(what) + " must be an integer in its range");
  return good;
}

bool take_text(napi_env env, napi_value value, const char *what, Texts *texts, confab_str *out) {
  napi_valuetype type;
  napi_typeof(env, value, &type);
  *out = confab_str_make(nullptr, 0);
  if (type == napi_undefined || type == napi_null)
    return true;
  if (type == napi_string) {
    size_t length = 0;
    napi_get_value_string_utf8(env, value, nullptr, 0, &length);
    texts->emplace_back(length, '\0');
    // The NUL that is written behind lands on the string's own.
    napi_get_value_string_utf8(env, value, texts->back().data(), length + 1, &length);
    *out = confab_str_make(texts->back().data(), length);
    return true;
  }
  bool is_bytes = false;
  napi_is_typedarray(env, value, &is_bytes);
  if (is_bytes) {
    napi_typedarray_type kind;
    size_t length = 0;
    void *data = nullptr;
    napi_get_typedarray_info(env, value, &kind, &length, &data, nullptr, nullptr);
    if (kind == napi_uint8_array) {
      texts->emplace_back(static_cast<const char *>(data), length);
      *out = confab_str_make(texts->back().data(), length);
      return true;
    }
  }
  throw_type(env, std::string(what) + " must be a string or a Uint8Array");
  return false;
}

static bool take_member(napi_env env, napi_value value, const Member &member, Texts *texts,
                        char *at) {
  uint64_t n = 0;
  switch (member.kind) {
  case Kind::U16: {
    if (!take_integer(env, value, member.name, 0, UINT16_MAX, &n))
      return false;
    const uint16_t narrow = static_cast<uint16_t>(n);
    memcpy(at, &narrow, sizeof narrow);
    return true;
  }
  case Kind::I16: {
    if (!take_integer(env, value, member.name, INT16_MIN, INT16_MAX, &n))
      return false;
    const int16_t narrow = static_cast<int16_t>(n);
    memcpy(at, &narrow, sizeof narrow);
    return true;
  }
  case Kind::U32: {
    if (!take_integer(env, value, member.name, 0, UINT32_MAX, &n))
      return false;
    const uint32_t narrow = static_cast<uint32_t>(n);
    memcpy(at, &narrow, sizeof narrow);
    return true;
  }
  case Kind::I32: {
    if (!take_integer(env, value, member.name, INT32_MIN, INT32_MAX, &n))
      return false;
    const int32_t narrow = static_cast<int32_t>(n);
    memcpy(at, &narrow, sizeof narrow);
    return true;
  }
  case Kind::U64:
  case Kind::ID:
    if (!take_integer(env, value, member.name, 0, UINT64_MAX, &n))
      return false;
    memcpy(at, &n, sizeof n);
    return true;
  case Kind::I64:
    if (!take_integer(env, value, member.name, INT64_MIN, INT64_MAX, &n))
      return false;
    memcpy(at, &n, sizeof n);
    return true;
  case Kind::STR: {
    confab_str text;
    if (!take_text(env, value, member.name, texts, &text))
      return false;
    memcpy(at, &text, sizeof text);
    return true;
  }
  case Kind::EVENT:
  case Kind::U64S:
  case Kind::END:
    break;
  }
  throw_type(env, std::string(member.name) + " cannot be set");
  return false;
}

bool take_struct(napi_env env, napi_value value, int number, Texts *texts, void *out) {
  const Struct &shape = all_structs[number];
  memset(out, 0, shape.size);
  const uint32_t size = static_cast<uint32_t>(shape.size);
  memcpy(out, &size, sizeof size);
  if (shape.defaults)
    shape.defaults(out, size);
  if (is_nothing(env, value))
    return true;
  napi_valuetype type;
  napi_typeof(env, value, &type);
  if (type != napi_object) {
    throw_type(env, std::string(shape.name) + " is made of an object");
    return false;
  }
  for (size_t i = 0; i < shape.members_count; ++i) {
    const Member &member = shape.members[i];
    napi_value given;
    if (napi_get_named_property(env, value, member.name, &given) != napi_ok)
      return false;
    napi_valuetype given_type;
    napi_typeof(env, given, &given_type);
    if (given_type != napi_undefined &&
        !take_member(env, given, member, texts, static_cast<char *>(out) + member.offset))
      return false;
  }
  return true;
}

} // namespace confab_node
