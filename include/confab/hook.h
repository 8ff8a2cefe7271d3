/* SPDX-License-Identifier: MIT
 *
 * Hooks: handlers on events. The stage fixes what a handler may do; numbers only order handlers
 * within a stage.
 *
 *   stage      may                               verdicts            runs
 *   TRANSFORM  replace texts and names           PASS                all handlers, one by one
 *   POLICY     read, judge, take its time        PASS, DENY, DEFER   until the first DENY
 *   OVERRIDE   lift a filter's denial            PASS, ALLOW         only if denied; until an ALLOW
 *   OBSERVE    read; submit new work             ignored             all handlers, told the outcome
 *
 * What a TRANSFORM handler set before it failed does not count.
 * There is no ALLOW in POLICY: permitting cannot silence another rule. Nor does OVERRIDE: it lifts
 * one denial, and the POLICY handlers behind the one that denied still judge. The core's own rules
 * are checked before POLICY and again before the act is done; OVERRIDE does not lift them.
 *
 * Inside a handler: const functions and submits (confab_command_submit, confab_hook_add,
 * confab_hook_remove, confab_deferral_resolve, confab_request_resolve, the additions of extend.h),
 * always. What is submitted runs after the current event. Drive functions answer
 * CONFAB_ERR_REENTRANT. A handler may remove itself, close the very connection and kick the very
 * member the event is about. Removing takes effect at once: a removed hook is never called again,
 * not even later in the same event. Adding takes effect from the next event. `release` is called
 * exactly once, after the last possible call.
 *
 * A handler that breaks its contract fails: it answers what its stage does not have, or takes
 * longer than its budget. Failing is closed: in POLICY it counts as DENY unless the hook says
 * FAIL_OPEN; elsewhere as PASS. Every failure is counted and is an event (HOOK_FAILED). After
 * `failures_max` in a row the hook's circuit breaker opens: for `retry_ms` its policy decides
 * without a call (counted as bypassed); then one call decides whether it closes. */
#ifndef CONFAB_HOOK_H
#define CONFAB_HOOK_H

#include <confab/engine.h>
#include <confab/event.h>

/* A handler's answers. A verdict that the stage does not have is a failure of the handler. */
enum {
  CONFAB_PASS = 0, /* no opinion */
  CONFAB_DENY = 1,
  CONFAB_DEFER = 2, /* later: after confab_call_defer (deferral.h) */
  CONFAB_ALLOW = 3
};

enum {
  CONFAB_STAGE_TRANSFORM = 0,
  CONFAB_STAGE_POLICY = 1,
  CONFAB_STAGE_OVERRIDE = 2,
  CONFAB_STAGE_OBSERVE = 3,
  CONFAB_STAGE_COUNT = 4
};

/* confab_hook.flags */
enum {
  CONFAB_HOOK_FAIL_OPEN = 1u << 0, /* a failure counts as PASS; without it, in POLICY, as DENY */
  CONFAB_HOOK_SHADOW = 1u << 1,    /* called and counted, and changes nothing: HOOK_SHADOW tells */
  CONFAB_HOOK_HAS_TEXT = 1u << 2   /* only events whose CONFAB_FIELD_TEXT is there and not empty */
};

/* How a denial shows: confab_call_deny. */
enum {
  CONFAB_DENIAL_ERROR = 0,  /* the client is told, in its own protocol */
  CONFAB_DENIAL_SILENT = 1, /* the client is told nothing */
  /* The client sees success, as far as its protocol shows any: its own act, what it would have been
   * answered, and of a question the frame of an answer without rows. Nobody else sees anything, and
   * nothing changes. */
  CONFAB_DENIAL_SHADOW = 2
};

/* One call of one handler; valid while it runs, and only there. */
typedef struct confab_call confab_call;

/* Why a deferral ended without its answer: confab_hook.cancelled. */
enum {
  CONFAB_CANCELLED_EXPIRED = 1, /* its deadline passed: the hook's policy decided */
  CONFAB_CANCELLED_ORIGIN = 2,  /* who acted is gone */
  CONFAB_CANCELLED_CHANNEL = 3, /* the channel it was about is gone */
  CONFAB_CANCELLED_REMOVED = 4, /* the hook was removed, or its plugin: the policy decided */
  CONFAB_CANCELLED_VERDICT = 5, /* the handler deferred and then answered otherwise */
  CONFAB_CANCELLED_ENGINE = 6   /* the engine ends */
};

typedef struct confab_hook {
  uint32_t struct_size;
  uint16_t space;     /* 0: the core's types; else one that was leased */
  uint16_t type;      /* of that space; in space 0, 0 is every type but the LINE ones */
  uint16_t stage;     /* CONFAB_STAGE_* */
  int16_t priority;   /* higher first; equals in order of subscription */
  uint32_t flags;     /* CONFAB_HOOK_* */
  uint32_t protocols; /* CONFAB_PROTOCOL_* bits of origins it wants; 0: all, and the host's own */
  uint32_t origins;   /* CONFAB_EVENT_FROM_* bits it wants; 0: all */
  confab_id scope; /* only events about this channel, user, member or connection; 0: everywhere */
  confab_id owner; /* the plugin it goes with, or 0 */
  confab_str name; /* for people and metrics; empty: the owner's */

  /* What it may take; 0: as the engine's options say. Measured by the host's clock (host.h); a
   * host without one bounds no time. */
  uint32_t call_us_max;   /* one call: longer is a failure, and its answer does not count */
  uint32_t second_us_max; /* all its calls within a second: then its policy decides without it */
  uint32_t failures_max;  /* in a row, before its circuit breaker opens */
  uint32_t retry_ms;      /* how long that stays open */

  void *ctx;
  confab_verdict(CONFAB_CALL *call)(void *ctx, confab_call *call, const confab_event *event);
  /* A token that it got is dead without an answer: CONFAB_CANCELLED_*. What holds inside handlers
   * holds in it. May be null. */
  confab_status(CONFAB_CALL *cancelled)(void *ctx, confab_engine *engine, confab_id token,
                                        uint32_t why);
  confab_status(CONFAB_CALL *release)(void *ctx); /* may be null */
} confab_hook;

/* Which member of an event: confab_call_set (texts) and confab_call_set_number. One constant for
 * each [set] member of event.h. */
enum {
  CONFAB_FIELD_TEXT = 1,
  CONFAB_FIELD_NICK = 2,
  CONFAB_FIELD_USERNAME = 3,
  CONFAB_FIELD_HOSTNAME = 4,
  CONFAB_FIELD_REALNAME = 5,
  CONFAB_FIELD_NAME = 6,
  CONFAB_FIELD_KEY = 7,
  CONFAB_FIELD_VALUE = 8,
  CONFAB_FIELD_MASK = 9,
  CONFAB_FIELD_KIND = 16, /* numbers from here on */
  CONFAB_FIELD_RANK = 17,
  CONFAB_FIELD_MODE = 18,
  CONFAB_FIELD_SET = 19,
  CONFAB_FIELD_NUMBER = 20
};

/* How an act ended: confab_call_outcome. */
typedef struct confab_outcome {
  uint32_t struct_size;
  uint32_t outcome;    /* CONFAB_OUTCOME_* */
  uint32_t code;       /* CONFAB_REFUSED_*, or 0 */
  uint32_t visibility; /* CONFAB_DENIAL_*, of a denial */
  confab_str text;     /* the denial's text, or empty */
  confab_id hook;      /* who denied it, or 0 */
  /* Who lifted a denial, or 0; then `code`, `text` and `hook` are the lifted one's. */
  confab_id override_hook;
  confab_str override_reason;
} confab_outcome;

/* One link of the chain that led to an event: confab_call_cause. */
typedef struct confab_cause {
  uint32_t struct_size;
  uint32_t type;  /* CONFAB_EVENT_* of the event whose handler submitted */
  uint64_t seq;   /* its number */
  confab_id hook; /* whose handler it was; 0: a timer or command */
} confab_cause;

CONFAB_DECLS_BEGIN

static inline confab_hook confab_hook_init(void) {
  confab_hook hook;
  memset(&hook, 0, sizeof hook);
  hook.struct_size = (uint32_t)sizeof hook;
  return hook;
}

/* Subscribes. The struct is copied.
 * Errors: ERR_ARG (no `call`; unknown type, stage, flag, protocol or origin); ERR_STRUCT;
 * ERR_STALE_ID (scope, owner); ERR_LIMIT (hooks_max); ERR_NOMEM. `release` is not called then.
 * [call: anywhere] [emits: no] [allocs: yes] [since: 0.1] */
CONFAB_API confab_status CONFAB_CALL confab_hook_add(confab_engine *engine, const confab_hook *hook,
                                                     confab_id *out);

/* Unsubscribes, at once. Legal from the hook's own handler. What it deferred is decided by its
 * policy: denied, or with FAIL_OPEN passed.
 * Errors: ERR_ARG; ERR_STALE_ID.
 * [call: anywhere] [emits: yes] [allocs: no] [since: 0.1] */
CONFAB_API confab_status CONFAB_CALL confab_hook_remove(confab_engine *engine, confab_id hook);

/* The engine that makes this call: for const queries and submits.
 * [call: inside-hook] [emits: no] [allocs: no] [since: 0.1] */
CONFAB_API confab_engine *CONFAB_CALL confab_call_engine(confab_call *call);

/* Says how the denial that this handler is about to return looks. Without it, a DENY is POLICY, no
 * text, ERROR. Copies `text`, one line.
 * Errors: ERR_ARG (unknown code or visibility); ERR_STAGE outside POLICY; ERR_TOO_LONG; ERR_NOMEM.
 * [call: inside-hook] [emits: no] [allocs: yes] [since: 0.1] */
CONFAB_API confab_status CONFAB_CALL confab_call_deny(confab_call *call, uint32_t code,
                                                      confab_str text, uint32_t visibility);

/* Says why the ALLOW that this handler is about to return lifts the denial. Recorded and
 * observable.
 * Errors: ERR_STAGE outside OVERRIDE; ERR_TOO_LONG; ERR_NOMEM.
 * [call: inside-hook] [emits: no] [allocs: yes] [since: 0.1] */
CONFAB_API confab_status CONFAB_CALL confab_call_override(confab_call *call, confab_str reason);

/* Replaces a text that later handlers and the core will see. Copies `value`. The views in the event
 * that this handler was given do not move; confab_call_event shows the new ones. CR, LF and NUL are
 * not allowed, but LF between the parameters of a COMMAND; LINE_OUT takes whole lines, each with
 * CR LF. Of a client of CONFAB_PROTOCOL_MIC both LINE_IN and LINE_OUT take whole frames, a MESSAGE
 * may hold line ends, and one of kind DATA without a tag any bytes. Errors: ERR_STAGE outside
 * TRANSFORM (counted, and a HOOK_FAILED event of kind STAGE); ERR_ARG (the event has no such [set]
 * member, or illegal bytes); ERR_TOO_LONG (over that member's limit in the options, and longer than
 * the text that is there); ERR_NOMEM.
 * [call: inside-hook] [emits: no] [allocs: yes] [since: 0.1] */
CONFAB_API confab_status CONFAB_CALL confab_call_set(confab_call *call, uint32_t field,
                                                     confab_str value);

/* The same for a [set] member that is a number. The core checks its sense again.
 * Errors: ERR_STAGE; ERR_ARG (no such member; more than it can hold); ERR_NOMEM.
 * [call: inside-hook] [emits: no] [allocs: yes] [since: 0.1] */
CONFAB_API confab_status CONFAB_CALL confab_call_set_number(confab_call *call, uint32_t field,
                                                            uint64_t value);

/* The event as it is now, after what was set in this very call.
 * [call: inside-hook] [emits: no] [allocs: no] [since: 0.1] */
CONFAB_API const confab_event *CONFAB_CALL confab_call_event(confab_call *call);

/* The text as the client said it, before any handler. `*changed_by` (may be null) is the last hook
 * that replaced that very text, or 0.
 * Errors: ERR_ARG (no such [set] member).
 * [call: inside-hook] [emits: no] [allocs: no] [since: 0.1] */
CONFAB_API confab_status CONFAB_CALL confab_call_original(confab_call *call, uint32_t field,
                                                          confab_str *out, confab_id *changed_by);

/* How the act ended, or in OVERRIDE how it was denied.
 * Errors: ERR_ARG; ERR_STRUCT; ERR_STAGE in TRANSFORM and POLICY.
 * [call: inside-hook] [emits: no] [allocs: no] [since: 0.1] */
CONFAB_API confab_status CONFAB_CALL confab_call_outcome(confab_call *call, confab_outcome *out);

/* The chain of causes: link 0 is the event whose handler submitted this one, link 1 the event that
 * led to that, and so on. An act that would make the chain longer than `causes_max` is refused
 * (ERR_LIMIT), so that filters that answer each other end.
 * Errors: ERR_ARG; ERR_STRUCT. Returns CONFAB_END behind the last link.
 * [call: inside-hook] [emits: no] [allocs: no] [since: 0.1] */
CONFAB_API confab_status CONFAB_CALL confab_call_cause(confab_call *call, uint32_t index,
                                                       confab_cause *out);

/* The pull queue, for languages that poll: the oldest observed event that was not yet pulled, and
 * its outcome (both valid until the next call of this function). `*lost` (may be null) is how many
 * were dropped before it because the queue was full: the oldest go. Events of CONFAB_EVENT_LINE_IN,
 * LINE_OUT and query rows are not queued. Returns OK, or CONFAB_END when there is none. Errors:
 * ERR_ARG; ERR_STATE (events_max is 0); ERR_REENTRANT.
 * [call: outside-hook] [emits: no] [allocs: no] [since: 0.1] */
CONFAB_API confab_status CONFAB_CALL confab_event_next(confab_engine *engine,
                                                       const confab_event **event,
                                                       confab_outcome *outcome, uint64_t *lost);

CONFAB_DECLS_END

#endif
