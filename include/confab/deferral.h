/* SPDX-License-Identifier: MIT
 *
 * Deferring: a POLICY handler that cannot decide at once takes a token, returns CONFAB_DEFER, and
 * somebody resolves the token later: another thread's answer that the host brings into its loop, a
 * timer, an operator. The engine keeps the act, not a stack:
 *
 *  - later acts of the same origin (a connection, or a user that acts without one) wait behind it,
 *    in order; everybody else goes on;
 *  - on resume the handlers behind the one that deferred judge; after a rewrite, all the others do,
 *    and the core checks the new text; the core's own rules are checked again before it happens;
 *  - when nobody answers in time, or the hook is removed, the hook's policy decides: denied, or
 *    with FAIL_OPEN passed;
 *  - when the origin or the channel goes, the act ends and the token is dead;
 *  - at most `parked_max` acts wait in an engine, and at most `waiting_max` behind one: what comes
 *    on top is refused as BUSY, or (a client's input) stays unread.
 *
 * What cannot wait cannot be deferred: events that are FINAL, LINE_OUT, rows of answers. */
#ifndef CONFAB_DEFERRAL_H
#define CONFAB_DEFERRAL_H

#include <confab/hook.h>

/* An act that waits for an answer: confab_deferral_get. */
typedef struct confab_deferral_info {
  uint32_t struct_size;
  uint32_t reserved0;
  confab_id hook; /* who deferred it */
  confab_time since, deadline;
  const confab_event *event; /* as it is now; valid until the next call that is not const */
} confab_deferral_info;

CONFAB_DECLS_BEGIN

/* Takes a token for the act that this handler is about to answer with CONFAB_DEFER. `wait_ms` is
 * how long it may take, 0: `deferral_ms_max` of the options, which is also the most. A handler that
 * then answers otherwise, or takes a second token, gave the first back.
 * Errors: ERR_ARG; ERR_STAGE (not in POLICY, or it cannot wait); ERR_LIMIT (parked_max: answer DENY
 * with CONFAB_REFUSED_BUSY, or decide); ERR_NOMEM.
 * [call: inside-hook] [emits: no] [allocs: yes] [since: 0.1] */
CONFAB_API confab_status CONFAB_CALL confab_call_defer(confab_call *call, uint32_t wait_ms,
                                                       confab_id *token);

/* Replaces a text of a waiting act, as confab_call_set; it takes effect when it is passed.
 * Errors: as confab_call_set, and ERR_STALE_ID (dead, or already resolved); ERR_DENIED (inside a
 * handler of another owner).
 * [call: anywhere] [emits: no] [allocs: yes] [since: 0.1] */
CONFAB_API confab_status CONFAB_CALL confab_deferral_set(confab_engine *engine, confab_id token,
                                                         uint32_t field, confab_str value);

/* Decides with CONFAB_PASS or CONFAB_DENY; `code`, `text` and `visibility` are of the denial, as in
 * confab_call_deny (0, empty and 0 with PASS). The act goes on in this call, or after the current
 * event. Errors: ERR_ARG; ERR_STALE_ID (resolved before, expired, cancelled or never given:
 * counted, and inside a handler a HOOK_FAILED event of kind TOKEN); ERR_DENIED (inside a handler of
 * another owner: the same); ERR_TOO_LONG; ERR_NOMEM.
 * [call: anywhere] [emits: yes] [allocs: yes] [since: 0.1] */
CONFAB_API confab_status CONFAB_CALL confab_deferral_resolve(confab_engine *engine, confab_id token,
                                                             confab_verdict verdict, uint32_t code,
                                                             confab_str text, uint32_t visibility);

/* What waits under a token.
 * Errors: ERR_ARG; ERR_STRUCT; ERR_STALE_ID.
 * [call: const] [emits: no] [allocs: no] [since: 0.1] */
CONFAB_API confab_status CONFAB_CALL confab_deferral_get(const confab_engine *engine,
                                                         confab_id token,
                                                         confab_deferral_info *out);

/* Walks all tokens that are alive: 0 gives the first; CONFAB_END behind the last.
 * Errors: ERR_ARG; ERR_STALE_ID.
 * [call: const] [emits: no] [allocs: no] [since: 0.1] */
CONFAB_API confab_status CONFAB_CALL confab_deferral_next(const confab_engine *engine,
                                                          confab_id after, confab_id *out);

CONFAB_DECLS_END

#endif
