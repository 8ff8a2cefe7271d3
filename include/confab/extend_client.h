/* SPDX-License-Identifier: MIT
 *
 * What clients are told of the server's abilities: added capabilities (IRCv3) and ISUPPORT tokens.
 * Both change nothing by themselves: what they announce is done by hooks and commands. Connections
 * that are there already learn of a new token when they ask (VERSION), and of a new capability with
 * CAP LS. See extend.h for what holds for all additions. */
#ifndef CONFAB_EXTEND_CLIENT_H
#define CONFAB_EXTEND_CLIENT_H

#include <confab/extend.h>

/* At most 16 capabilities can be added, and their names take at most 256 bytes together. */
typedef struct confab_capability_spec {
  uint32_t struct_size;
  uint32_t reserved0; /* must be 0 */
  confab_id owner;
  confab_str name; /* "example.org/thing": letters, digits, - . / and _; at most 64 bytes */
  confab_str
      value; /* what CAP LS 302 shows behind `=`: no space; at most 128 bytes; may be empty */
  void *ctx;
  confab_status(CONFAB_CALL *release)(void *ctx); /* may be null */
} confab_capability_spec;

typedef struct confab_isupport_spec {
  uint32_t struct_size;
  uint32_t reserved0; /* must be 0 */
  confab_id owner;
  /* "NAME" or "NAME=value": the name 1 to 20 capital letters and digits, the value printable ASCII
   * without space; at most 128 bytes in all. */
  confab_str token;
  void *ctx;
  confab_status(CONFAB_CALL *release)(void *ctx); /* may be null */
} confab_isupport_spec;

CONFAB_DECLS_BEGIN

static inline confab_capability_spec confab_capability_spec_init(void) {
  confab_capability_spec spec;
  memset(&spec, 0, sizeof spec);
  spec.struct_size = (uint32_t)sizeof spec;
  return spec;
}

static inline confab_isupport_spec confab_isupport_spec_init(void) {
  confab_isupport_spec spec;
  memset(&spec, 0, sizeof spec);
  spec.struct_size = (uint32_t)sizeof spec;
  return spec;
}

/* Errors: those of all additions (extend.h). A name of the core is ERR_EXISTS.
 * [call: anywhere] [emits: no] [allocs: yes] [since: 0.1] */
CONFAB_API confab_status CONFAB_CALL confab_capability_add(confab_engine *engine,
                                                           const confab_capability_spec *spec,
                                                           confab_id *out);

/* OK when the connection has asked for the capability; CONFAB_END when it has not.
 * Errors: ERR_ARG; ERR_STALE_ID.
 * [call: const] [emits: no] [allocs: no] [since: 0.1] */
CONFAB_API confab_status CONFAB_CALL confab_conn_has_capability(const confab_engine *engine,
                                                                confab_id conn,
                                                                confab_id capability);

/* Errors: those of all additions (extend.h). A token of the core is ERR_EXISTS, whatever its value.
 * [call: anywhere] [emits: no] [allocs: yes] [since: 0.1] */
CONFAB_API confab_status CONFAB_CALL confab_isupport_add(confab_engine *engine,
                                                         const confab_isupport_spec *spec,
                                                         confab_id *out);

CONFAB_DECLS_END

#endif
