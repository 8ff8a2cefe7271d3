/* SPDX-License-Identifier: MIT
 *
 * What hooks cost and did: counters and a histogram for each, and all figures of an engine as one
 * text that Prometheus and its kin can scrape. */
#ifndef CONFAB_METRICS_H
#define CONFAB_METRICS_H

#include <confab/hook.h>

/* confab_hook_stats.time_counts[i] counts the calls that took at most 256 << i nanoseconds and more
 * than half of that; the first also all shorter ones, the last all longer ones. */
#define CONFAB_HOOK_TIMES 20

/* Counters of a hook since it was added. Times are 0 when the host has no clock. */
typedef struct confab_hook_stats {
  uint32_t struct_size;
  uint32_t state;       /* CONFAB_HOOK_CLOSED, OPEN or HALF_OPEN */
  uint64_t calls_total; /* also of those that failed */
  uint64_t passed_total, denied_total, allowed_total, deferred_total;
  uint64_t rewritten_total;                /* calls of TRANSFORM handlers that changed something */
  uint64_t failed_total;                   /* CONFAB_FAILURE_* but STAGE and TOKEN */
  uint64_t misused_total;                  /* CONFAB_FAILURE_STAGE and TOKEN */
  uint64_t bypassed_total;                 /* events that its policy decided without a call */
  uint64_t opened_total;                   /* times that its circuit breaker opened */
  uint64_t expired_total, cancelled_total; /* of its deferrals */
  uint64_t time_ns_total, time_ns_max;
  uint64_t time_counts[CONFAB_HOOK_TIMES];
} confab_hook_stats;

/* What a hook is: confab_hook_get. */
typedef struct confab_hook_info {
  uint32_t struct_size;
  uint16_t space, type, stage;
  int16_t priority;
  uint32_t flags; /* CONFAB_HOOK_* */
  confab_id scope, owner;
  confab_str name;
} confab_hook_info;

CONFAB_DECLS_BEGIN

/* Errors: ERR_ARG; ERR_STRUCT; ERR_STALE_ID.
 * [call: const] [emits: no] [allocs: no] [since: 0.1] */
CONFAB_API confab_status CONFAB_CALL confab_hook_stats_get(const confab_engine *engine,
                                                           confab_id hook, confab_hook_stats *out);

/* As confab_hook_stats_get.
 * [call: const] [emits: no] [allocs: no] [since: 0.1] */
CONFAB_API confab_status CONFAB_CALL confab_hook_get(const confab_engine *engine, confab_id hook,
                                                     confab_hook_info *out);

/* Walks all hooks: 0 gives the first; CONFAB_END behind the last.
 * Errors: ERR_ARG; ERR_STALE_ID.
 * [call: const] [emits: no] [allocs: no] [since: 0.1] */
CONFAB_API confab_status CONFAB_CALL confab_hook_next(const confab_engine *engine, confab_id after,
                                                      confab_id *out);

/* All figures of the engine (confab_engine_stats, and each hook's) in the Prometheus text format,
 * version 0.0.4. `*out` is valid until the next call that is not const.
 * Errors: ERR_ARG; ERR_REENTRANT; ERR_NOMEM.
 * [call: outside-hook] [emits: no] [allocs: yes] [since: 0.1] */
CONFAB_API confab_status CONFAB_CALL confab_metrics_text(confab_engine *engine, confab_str *out);

CONFAB_DECLS_END

#endif
