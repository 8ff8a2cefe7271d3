/* SPDX-License-Identifier: MIT
 *
 * Slots: a pointer of yours on the engine, or on each user, connection, channel or member. Objects
 * without data cost nothing. See extend.h for what holds for all additions. */
#ifndef CONFAB_EXTEND_SLOT_H
#define CONFAB_EXTEND_SLOT_H

#include <confab/extend.h>

typedef struct confab_slot_spec {
  uint32_t struct_size;
  uint32_t kind; /* of the objects: CONFAB_KIND_CONN, USER, CHANNEL, MEMBER; NONE: the engine */
  confab_id owner;
  confab_str name; /* for people; may be empty, and need not be unique */
  void *ctx;
  /* Gives `data` back: called exactly once for each that was set, when it is replaced or cleared,
   * when `object` is gone (the id is dead then), when the slot is removed, and when the engine
   * ends. Inside a handler it is called after the current event. May be null. */
  confab_status(CONFAB_CALL *destroy)(void *ctx, void *data, confab_id object);
  confab_status(CONFAB_CALL *release)(void *ctx); /* may be null */
} confab_slot_spec;

CONFAB_DECLS_BEGIN

static inline confab_slot_spec confab_slot_spec_init(void) {
  confab_slot_spec spec;
  memset(&spec, 0, sizeof spec);
  spec.struct_size = (uint32_t)sizeof spec;
  return spec;
}

/* Errors: those of all additions (extend.h); ERR_LIMIT is also `slots_max`.
 * [call: anywhere] [emits: no] [allocs: yes] [since: 0.1] */
CONFAB_API confab_status CONFAB_CALL confab_slot_add(confab_engine *engine,
                                                     const confab_slot_spec *spec, confab_id *out);

/* Hangs `data` on an object (of the engine: 0) in place of what was there; null clears.
 * Errors: ERR_ARG (not a slot, or an object of another kind); ERR_STALE_ID (the slot or the object
 * is gone); ERR_DENIED (inside a callback of a plugin that does not own the slot); ERR_NOMEM. Then
 * `data` was not taken, and what was there stays.
 * [call: anywhere] [emits: no] [allocs: yes] [since: 0.1] */
CONFAB_API confab_status CONFAB_CALL confab_slot_set(confab_engine *engine, confab_id slot,
                                                     confab_id object, void *data);

/* What hangs there; `*data` is null when nothing does.
 * Errors: ERR_ARG; ERR_STALE_ID. `*data` is null then.
 * [call: const] [emits: no] [allocs: no] [since: 0.1] */
CONFAB_API confab_status CONFAB_CALL confab_slot_get(const confab_engine *engine, confab_id slot,
                                                     confab_id object, void **data);

CONFAB_DECLS_END

#endif
