/* SPDX-License-Identifier: MIT
 *
 * What plugins have for each other: event types in a space of their own, and services. Both are
 * found by name. See extend.h for what holds for all additions. */
#ifndef CONFAB_EXTEND_WORLD_H
#define CONFAB_EXTEND_WORLD_H

#include <confab/extend.h>

/* A space of event types, which are numbered from 0. Subscribe with confab_hook.space and type. */
typedef struct confab_space_spec {
  uint32_t struct_size;
  uint32_t types; /* how many: 1 to 64 */
  confab_id owner;
  confab_str name; /* "org.example.polls": letters, digits, - . and _; at most 64 bytes */
  void *ctx;
  confab_status(CONFAB_CALL *release)(void *ctx); /* may be null */
} confab_space_spec;

/* A table of functions, or whatever its provider says, under a name. */
typedef struct confab_service_spec {
  uint32_t struct_size;
  uint32_t version; /* of what `table` is: a higher one can all that a lower one can */
  confab_id owner;
  confab_str name;   /* as of a space */
  const void *table; /* lives until `release`; may not be null */
  void *ctx;
  confab_status(CONFAB_CALL *release)(void *ctx); /* may be null */
} confab_service_spec;

CONFAB_DECLS_BEGIN

static inline confab_space_spec confab_space_spec_init(void) {
  confab_space_spec spec;
  memset(&spec, 0, sizeof spec);
  spec.struct_size = (uint32_t)sizeof spec;
  return spec;
}

static inline confab_service_spec confab_service_spec_init(void) {
  confab_service_spec spec;
  memset(&spec, 0, sizeof spec);
  spec.struct_size = (uint32_t)sizeof spec;
  return spec;
}

/* Leases a space. `*space` (may be null) is its number, for confab_hook.space and
 * confab_event.space (confab_addition_info.number says it, too). When it is removed, hooks on its
 * types stay and are never called.
 * Errors: those of all additions (extend.h); ERR_LIMIT is also 4096 spaces, past ones included.
 * [call: anywhere] [emits: no] [allocs: yes] [since: 0.1] */
CONFAB_API confab_status CONFAB_CALL confab_space_add(confab_engine *engine,
                                                      const confab_space_spec *spec, confab_id *out,
                                                      uint16_t *space);

/* Sends an event of a leased space on its way: filters judge it, and observers are told how it
 * ended; nothing else happens. Of its head, struct_size, space, type and actor are read. Answers
 * and errors as confab_command_submit (command.h); ERR_ARG is also a space or type that is not
 * leased, ERR_DENIED also a space of another owner, inside a plugin's callback.
 * [call: anywhere] [emits: yes] [allocs: yes] [since: 0.1] */
CONFAB_API confab_status CONFAB_CALL confab_event_submit(confab_engine *engine,
                                                         const confab_event_custom *event,
                                                         uint64_t *seq);

/* Errors: those of all additions (extend.h).
 * [call: anywhere] [emits: no] [allocs: yes] [since: 0.1] */
CONFAB_API confab_status CONFAB_CALL confab_service_add(confab_engine *engine,
                                                        const confab_service_spec *spec,
                                                        confab_id *out);

/* The table of a service whose version is at least that. It may be used while `*service` (may be
 * null) is alive: ask before each use with confab_addition_get, or listen to CONFAB_EVENT_PLUGIN.
 * Errors: ERR_ARG; ERR_NOT_FOUND; ERR_UNSUPPORTED (its version is lower). `*table` is null then.
 * [call: const] [emits: no] [allocs: no] [since: 0.1] */
CONFAB_API confab_status CONFAB_CALL confab_service_find(const confab_engine *engine,
                                                         confab_str name, uint32_t version_least,
                                                         const void **table, confab_id *service);

CONFAB_DECLS_END

#endif
