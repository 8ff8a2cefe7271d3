/* SPDX-License-Identifier: MIT
 *
 * What the host and plugins may add to an engine: commands, modes, properties, capabilities,
 * ISUPPORT tokens, numerics, event types, timers, data on objects, services for each other. This
 * header has what holds for all of them; each kind is in a header of its own, included below.
 *
 *  - Every spec is filled by its `_init` and then by you: members that are left 0 mean what is said
 *    there. Texts are copied.
 *  - `owner` is the plugin that the addition goes with. 0 means whoever calls: inside a callback of
 *    a plugin that plugin, else the host. Inside its callbacks a plugin can add for itself only.
 *  - An addition is named by an id of kind CONFAB_KIND_ADDITION (a timer's is CONFAB_KIND_TIMER),
 *    and is removed by confab_addition_remove, or with its owner, or with the engine.
 *  - Removing takes effect at once, and is legal from inside the addition's own callback: nothing
 *    of it is called again but what gives its values back. `release(ctx)` is called exactly once,
 *    after the last possible call: at once when no callback runs, else when the last has returned.
 *    When adding fails, `release` is not called.
 *  - All callbacks are called as handlers are (hook.h): const functions and submits, always; drive
 *    functions answer CONFAB_ERR_REENTRANT. They must not throw or jump through the library. A
 *    negative status from one is counted and logged.
 *  - There are at most `additions_max` of all kinds together, `slots_max` slots among them, and
 *    beside them `timers_max` timers (engine.h).
 *
 * Errors that every `_add` function has: ERR_ARG (a null, a member out of its range, an owner that
 * is no plugin); ERR_STRUCT; ERR_STALE_ID (the owner is gone); ERR_DENIED (inside a plugin's
 * callback: an owner that is not itself); ERR_STATE (the owner is on its way out); ERR_NAME (a name
 * that cannot be one); ERR_EXISTS (it is taken, by the core or by another addition); ERR_LIMIT;
 * ERR_NOMEM. `*out` is 0 then, and nothing changed. `out` may be null. */
#ifndef CONFAB_EXTEND_H
#define CONFAB_EXTEND_H

#include <confab/engine.h>
#include <confab/event.h>

/* confab_addition_info.kind, and what confab_addition_find looks for. */
enum {
  CONFAB_ADDITION_COMMAND = 1,
  CONFAB_ADDITION_NUMERIC = 2,
  CONFAB_ADDITION_CAPABILITY = 3,
  CONFAB_ADDITION_ISUPPORT = 4,
  CONFAB_ADDITION_CHANNEL_MODE = 5,
  CONFAB_ADDITION_USER_MODE = 6,
  CONFAB_ADDITION_CHANNEL_PROPERTY = 7,
  CONFAB_ADDITION_USER_PROPERTY = 8,
  CONFAB_ADDITION_SLOT = 9,
  CONFAB_ADDITION_SPACE = 10,
  CONFAB_ADDITION_SERVICE = 11,
  CONFAB_ADDITION_TIMER = 12
};

/* Who may. Which of them an addition can take is said there. */
enum {
  CONFAB_PERMIT_USER = 0,             /* everybody who is registered */
  CONFAB_PERMIT_ANY = 1,              /* also before registration */
  CONFAB_PERMIT_SELF = 2,             /* the user it is about, and operators of the server */
  CONFAB_PERMIT_MEMBER = 3,           /* members of the channel it is about */
  CONFAB_PERMIT_VOICE = 4,            /* those of them with at least this rank */
  CONFAB_PERMIT_CHANNEL_OPERATOR = 5, /* likewise */
  CONFAB_PERMIT_OWNER = 6,            /* likewise */
  CONFAB_PERMIT_OPERATOR = 7,         /* operators of the server */
  CONFAB_PERMIT_HOST = 8,             /* nobody but the host and plugins */
  CONFAB_PERMIT_ADMINISTRATOR = 9     /* administrators: CONFAB_UMODE_ADMINISTRATOR */
};

/* What an addition is: confab_addition_get. */
typedef struct confab_addition_info {
  uint32_t struct_size;
  uint32_t kind;   /* CONFAB_ADDITION_* */
  confab_id owner; /* the plugin, or 0: the host */
  confab_str name; /* the verb, the token, the name */
  /* The number of a mode (of a user's: its bit), numeric or space; the version of a service; the
   * CONFAB_KIND_* of a slot's objects; the interval of a timer. */
  uint64_t number;
  uint64_t calls_total;  /* of its callbacks */
  uint64_t failed_total; /* those that answered a negative status */
} confab_addition_info;

CONFAB_DECLS_BEGIN

/* Removes an addition or a timer, and everything that hangs on it: a mode is cleared everywhere
 * without a word, a property and a capability likewise, a slot's data is destroyed.
 * Errors: ERR_ARG (not the id of an addition); ERR_STALE_ID; ERR_DENIED (inside a callback of a
 * plugin that does not own it).
 * [call: anywhere] [emits: no] [allocs: no] [since: 0.1] */
CONFAB_API confab_status CONFAB_CALL confab_addition_remove(confab_engine *engine,
                                                            confab_id addition);

/* Errors: ERR_ARG; ERR_STRUCT; ERR_STALE_ID.
 * [call: const] [emits: no] [allocs: no] [since: 0.1] */
CONFAB_API confab_status CONFAB_CALL confab_addition_get(const confab_engine *engine,
                                                         confab_id addition,
                                                         confab_addition_info *out);

/* Walks all additions, then all timers: 0 gives the first; CONFAB_END behind the last.
 * Errors: ERR_ARG; ERR_STALE_ID.
 * [call: const] [emits: no] [allocs: no] [since: 0.1] */
CONFAB_API confab_status CONFAB_CALL confab_addition_next(const confab_engine *engine,
                                                          confab_id after, confab_id *out);

/* The addition of that kind and name. Names of verbs, modes and properties compare without case.
 * Errors: ERR_ARG; ERR_NOT_FOUND (`*out` is 0 then).
 * [call: const] [emits: no] [allocs: no] [since: 0.1] */
CONFAB_API confab_status CONFAB_CALL confab_addition_find(const confab_engine *engine,
                                                          uint32_t kind, confab_str name,
                                                          confab_id *out);

/* Part number `index` (from 0) of a text whose parts are separated by LF; empty behind the last. */
static inline confab_str confab_part(confab_str text, uint32_t index) {
  const char *at = text.ptr;
  size_t left = text.len;
  for (; left > 0; --index) {
    const char *end = (const char *)memchr(at, '\n', left);
    const size_t len = end ? (size_t)(end - at) : left;
    if (index == 0)
      return confab_str_make(at, len);
    if (!end)
      break;
    at += len + 1;
    left -= len + 1;
  }
  return confab_str_make(NULL, 0);
}

CONFAB_DECLS_END

#include <confab/extend_client.h>
#include <confab/extend_command.h>
#include <confab/extend_mode.h>
#include <confab/extend_property.h>
#include <confab/extend_slot.h>
#include <confab/extend_time.h>
#include <confab/extend_world.h>

#endif
