/* SPDX-License-Identifier: MIT
 *
 * What every call answers. 0 is success; positive is success with news; negative is an error, in
 * families of a hundred. Values are explicit and never renumbered; which code a given misuse yields
 * is part of the contract and is tested. Counts and pointers travel in out-parameters, never here.
 * */
#ifndef CONFAB_STATUS_H
#define CONFAB_STATUS_H

#include <confab/export.h>
#include <stdint.h>

typedef int32_t confab_status;

enum {
  CONFAB_OK = 0,

  /* Success with news. */
  CONFAB_AGAIN = 1,  /* not everything was taken (input) or done (work): call again later */
  CONFAB_PARKED = 2, /* the act waits for an answer; its outcome arrives as an event */
  CONFAB_QUEUED = 3, /* submitted inside a handler: runs after the current event */
  CONFAB_END = 4,    /* an iteration has no further element */

  /* -1xx: the caller's mistake. Nothing changed. */
  CONFAB_ERR_ARG = -101,    /* a null, a wrong kind of id, a value out of range, time going back */
  CONFAB_ERR_STRUCT = -102, /* struct_size too small, or unknown members that are not zero */
  CONFAB_ERR_STALE_ID = -103,    /* the id names something that is gone */
  CONFAB_ERR_REENTRANT = -104,   /* a drive function was called from inside a handler or callback */
  CONFAB_ERR_STAGE = -105,       /* not allowed in this stage, or outside a handler */
  CONFAB_ERR_STATE = -106,       /* not possible in the object's present state */
  CONFAB_ERR_NOT_FOUND = -107,   /* nothing has that name */
  CONFAB_ERR_UNSUPPORTED = -108, /* this build or this protocol cannot */
  CONFAB_ERR_CALLBACK = -109,    /* a host callback answered something that is no status */

  /* -2xx: the peer's bytes break the protocol, or a text cannot be said in it. */
  CONFAB_ERR_PROTOCOL = -201,
  CONFAB_ERR_TOO_LONG = -202,
  CONFAB_ERR_NAME = -203, /* not a legal nick, channel name or mask */

  /* -3xx: a rule or a limit said no. */
  CONFAB_ERR_DENIED = -301, /* refused: by a filter, or by the core's own rules */
  CONFAB_ERR_LIMIT = -302,  /* a bound in the options is reached */
  CONFAB_ERR_EXISTS = -303, /* the name is taken */

  /* -4xx: resources. */
  CONFAB_ERR_NOMEM = -401, /* the allocator failed; state is as it was before the call */

  /* -9xx: fatal. Only confab_engine_destroy is legal afterwards. */
  CONFAB_ERR_INTERNAL = -901, /* a defect in the library; the engine is poisoned */
  CONFAB_ERR_POISONED = -902  /* the engine had an INTERNAL error before */
};

CONFAB_DECLS_BEGIN

/* 1 when `status` is fatal for the engine, else 0. */
static inline int32_t confab_is_fatal(confab_status status) { return status <= -900; }

/* The constant's name ("CONFAB_ERR_ARG"), or "unknown"; static storage, never null.
 * [call: const] [emits: no] [allocs: no] [since: 0.1] */
CONFAB_API const char *CONFAB_CALL confab_status_name(confab_status status);

CONFAB_DECLS_END

#endif
