/* SPDX-License-Identifier: MIT
 *
 * Timers, and what time it is. They run in confab_engine_tick, by the host's time: never early, and
 * at most 17 ms late where the host keeps confab_engine_deadline. See extend.h for what holds for
 * all additions. */
#ifndef CONFAB_EXTEND_TIME_H
#define CONFAB_EXTEND_TIME_H

#include <confab/extend.h>

typedef struct confab_timer_spec {
  uint32_t struct_size;
  uint32_t reserved0; /* must be 0 */
  confab_id owner;
  confab_str name;   /* for people; may be empty, and need not be unique */
  uint32_t delay_ms; /* until the first run; 0: as soon as time goes on */
  uint32_t
      interval_ms; /* between runs; 0: it runs once, and is gone then. Missed runs are left out */
  void *ctx;
  /* The id is alive in the last run, too. May not be null. */
  confab_status(CONFAB_CALL *run)(void *ctx, confab_engine *engine, confab_id timer);
  confab_status(CONFAB_CALL *release)(void *ctx); /* may be null */
} confab_timer_spec;

CONFAB_DECLS_BEGIN

static inline confab_timer_spec confab_timer_spec_init(void) {
  confab_timer_spec spec;
  memset(&spec, 0, sizeof spec);
  spec.struct_size = (uint32_t)sizeof spec;
  return spec;
}

/* Errors: those of all additions (extend.h); ERR_LIMIT is `timers_max`.
 * [call: anywhere] [emits: no] [allocs: yes] [since: 0.1] */
CONFAB_API confab_status CONFAB_CALL confab_timer_add(confab_engine *engine,
                                                      const confab_timer_spec *spec,
                                                      confab_id *out);

/* The time that the engine was last told, and the same instant in nanoseconds since 1970-01-01 UTC.
 * Either may be null.
 * Errors: ERR_ARG.
 * [call: const] [emits: no] [allocs: no] [since: 0.1] */
CONFAB_API confab_status CONFAB_CALL confab_engine_time(const confab_engine *engine,
                                                        confab_time *now, int64_t *unix_ns);

CONFAB_DECLS_END

#endif
