// SPDX-License-Identifier: MIT
//
// Values between JavaScript and C: numbers, ids (BigInt), texts, and structs by the tables that
// tools/generate.js makes of bindings/api.json. Functions that fail leave an exception pending and
// answer false or null. What belongs to one environment (a worker has its own) is in Addon.
#ifndef CONFAB_NODE_VALUE_H
#define CONFAB_NODE_VALUE_H

#include <confab/confab.h>

#include <deque>
#include <string>
#include <vector>

#include <node_api.h>

namespace confab_node {

enum class Kind { END, U16, I16, U32, I32, U64, I64, ID, STR, EVENT, U64S };

struct Member {
  const char *name; // as JavaScript spells it
  Kind kind;
  size_t offset, size;
};

struct Struct {
  const char *name;
  size_t size;
  const Member *members;
  size_t members_count;
  void (*defaults)(void *, uint32_t); // or null: all zero
};

// What one environment keeps: the class of its errors, and the functions that make its objects.
struct Addon {
  napi_ref error = nullptr;
  std::vector<napi_ref> make; // by number of struct
};

Addon *addon_of(napi_env env);
extern const Struct *const all_structs;
int event_struct(uint32_t type); // -1: none

// Throws a ConfabError; `text` may be empty, and `code` null: the status's name.
void throw_status(napi_env env, confab_status status, const std::string &text,
                  const char *code = nullptr);
void throw_type(napi_env env, const std::string &text);

napi_value make_undefined(napi_env env);
napi_value make_u64(napi_env env, uint64_t value); // a BigInt only where a number would lose digits
napi_value make_id(napi_env env, uint64_t value);
napi_value make_text(napi_env env, confab_str text, bool bytes);
napi_value make_struct(napi_env env, int number, const void *from, bool bytes);
napi_value make_event(napi_env env, const confab_event *event, bool bytes);

bool is_nothing(napi_env env, napi_value value); // undefined or null
bool take_integer(napi_env env, napi_value value, const char *what, int64_t least, uint64_t most,
                  uint64_t *out);

// Texts that a call borrows: they live as long as this.
using Texts = std::deque<std::string>;
bool take_text(napi_env env, napi_value value, const char *what, Texts *texts, confab_str *out);
bool take_struct(napi_env env, napi_value value, int number, Texts *texts, void *out);

} // namespace confab_node

#endif
