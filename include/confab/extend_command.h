/* SPDX-License-Identifier: MIT
 *
 * Added commands, the numerics they answer with, and answers to one connection. A client's use of
 * an added command is an act like any other, of type CONFAB_EVENT_COMMAND: the core checks
 * permission and number of parameters, filters judge and may rewrite the parameters or take their
 * time, `run` is what happens when it is done, and observers are told how it ended. See extend.h
 * for what holds for all additions. */
#ifndef CONFAB_EXTEND_COMMAND_H
#define CONFAB_EXTEND_COMMAND_H

#include <confab/extend.h>

/* Most parameters of a command (RFC 2812 §2.3). */
#define CONFAB_PARAMS_MAX 15u

typedef struct confab_command_spec {
  uint32_t struct_size;
  uint32_t permission; /* CONFAB_PERMIT_USER, ANY, OPERATOR or ADMINISTRATOR */
  confab_id owner;
  confab_str verb; /* 1 to 16 letters and digits, a letter first; without case */
  confab_str help; /* for people: lines, the first one the syntax; empty: there is none */
  uint32_t params_min, params_max; /* 0 to CONFAB_PARAMS_MAX: fewer or more are refused */
  uint32_t cost;      /* in commands of the throttle (commands_burst_max); 0: 1; at most 1000 */
  uint32_t reserved0; /* must be 0 */
  void *ctx;
  /* Does it. The event is valid during the call. A negative status: the act is REFUSED as FAILED,
   * and the client is told so. May not be null. */
  confab_status(CONFAB_CALL *run)(void *ctx, confab_engine *engine,
                                  const confab_event_command *event);
  confab_status(CONFAB_CALL *release)(void *ctx); /* may be null */
} confab_command_spec;

/* A numeric reply that the core does not have. Clients see `number`, their nick, the parameters,
 * and the text. */
typedef struct confab_numeric_spec {
  uint32_t struct_size;
  uint32_t number; /* 1 to 999 */
  confab_id owner;
  confab_str name; /* "RPL_EXAMPLE": capital letters, digits and _, at most 32 */
  confab_str text; /* the usual last parameter; empty: none */
  void *ctx;
  confab_status(CONFAB_CALL *release)(void *ctx); /* may be null */
} confab_numeric_spec;

CONFAB_DECLS_BEGIN

static inline confab_command_spec confab_command_spec_init(void) {
  confab_command_spec spec;
  memset(&spec, 0, sizeof spec);
  spec.struct_size = (uint32_t)sizeof spec;
  return spec;
}

static inline confab_numeric_spec confab_numeric_spec_init(void) {
  confab_numeric_spec spec;
  memset(&spec, 0, sizeof spec);
  spec.struct_size = (uint32_t)sizeof spec;
  return spec;
}

/* Errors: those of all additions (extend.h). A verb of the core is ERR_EXISTS.
 * [call: anywhere] [emits: no] [allocs: yes] [since: 0.1] */
CONFAB_API confab_status CONFAB_CALL confab_command_add(confab_engine *engine,
                                                        const confab_command_spec *spec,
                                                        confab_id *out);

/* Errors: those of all additions (extend.h). A number of the core, or one that is added already, is
 * ERR_EXISTS.
 * [call: anywhere] [emits: no] [allocs: yes] [since: 0.1] */
CONFAB_API confab_status CONFAB_CALL confab_numeric_add(confab_engine *engine,
                                                        const confab_numeric_spec *spec,
                                                        confab_id *out);

/* Tells one connection something, in its own protocol: to IRC clients a NOTICE from the server.
 * Goes out in this call or, inside a handler, after the current event. One line; longer than a line
 * can be, it is cut.
 * Errors: ERR_ARG; ERR_STALE_ID; ERR_LIMIT (queued_max); ERR_NOMEM.
 * [call: anywhere] [emits: no] [allocs: yes] [since: 0.1] */
CONFAB_API confab_status CONFAB_CALL confab_reply_notice(confab_engine *engine, confab_id conn,
                                                         confab_str text);

/* Answers one connection with an added numeric and `count` parameters, which hold no space and do
 * not begin with a colon; an empty one becomes `*`. Empty `text`: the numeric's own.
 * Errors: ERR_ARG (also: more than 13 parameters); ERR_STALE_ID (the connection or the numeric is
 * gone); ERR_LIMIT (queued_max); ERR_NOMEM.
 * [call: anywhere] [emits: no] [allocs: yes] [since: 0.1] */
CONFAB_API confab_status CONFAB_CALL confab_reply_numeric(confab_engine *engine, confab_id conn,
                                                          confab_id numeric,
                                                          const confab_str *params, size_t count,
                                                          confab_str text);

/* Parameter number `index` (from 0) of an added command; empty behind the last. */
static inline confab_str confab_command_param(const confab_event_command *event, uint32_t index) {
  return index < event->params ? confab_part(event->text, index) : confab_str_make(NULL, 0);
}

CONFAB_DECLS_END

#endif
