/* SPDX-License-Identifier: MIT
 *
 * Added modes of channels and users. Clients see and set them like the core's: MODE, its queries,
 * ISUPPORT and RPL_MYINFO have them; filters judge CONFAB_EVENT_CHANNEL_CHANGE and
 * CONFAB_EVENT_USER_CHANGE. What a mode means is done by hooks that look at it. See extend.h for
 * what holds for all additions. */
#ifndef CONFAB_EXTEND_MODE_H
#define CONFAB_EXTEND_MODE_H

#include <confab/extend.h>

/* Numbers of channel modes that are added, and bits of user modes: the core's come before. */
#define CONFAB_CMODE_ADDED_FIRST 32u
#define CONFAB_CMODE_ADDED_END 64u
#define CONFAB_UMODE_ADDED_MASK 0xffff0000u

/* Does the mode take a value? confab_mode_spec.value */
enum {
  CONFAB_MODE_FLAG = 0,     /* none */
  CONFAB_MODE_WHEN_SET = 1, /* one when it is set */
  CONFAB_MODE_ALWAYS = 2    /* one when it is set and, for clients' syntax, when it is cleared */
};

typedef struct confab_mode_spec {
  uint32_t struct_size;
  uint32_t subject; /* CONFAB_KIND_CHANNEL or CONFAB_KIND_USER */
  confab_id owner;
  confab_str name; /* "slow-mode": 1 to 32 letters, digits and -, a letter first */
  uint32_t letter; /* of IRC clients: an ASCII letter that no mode or rank of that subject has */
  uint32_t value;  /* CONFAB_MODE_*; a user's: FLAG. Values are words of 1 to key_bytes_max bytes */
  uint32_t rank;   /* a channel's: the least CONFAB_RANK_* that may change it; 0: OPERATOR */
  uint32_t permission; /* a user's: CONFAB_PERMIT_USER (oneself), OPERATOR or HOST may change it */
  void *ctx;
  confab_status(CONFAB_CALL *release)(void *ctx); /* may be null */
} confab_mode_spec;

CONFAB_DECLS_BEGIN

static inline confab_mode_spec confab_mode_spec_init(void) {
  confab_mode_spec spec;
  memset(&spec, 0, sizeof spec);
  spec.struct_size = (uint32_t)sizeof spec;
  return spec;
}

/* Adds a mode. `*mode` (may be null) is what stands for it in events and queries: a channel's
 * number (bit 1 << *mode of confab_channel_info.modes), or a user's bit. 32 can be added to
 * channels, as far as there are letters that no session sees for another, and 16 to users.
 * Errors: those of all additions (extend.h).
 * [call: anywhere] [emits: no] [allocs: yes] [since: 0.1] */
CONFAB_API confab_status CONFAB_CALL confab_mode_add(confab_engine *engine,
                                                     const confab_mode_spec *spec, confab_id *out,
                                                     uint32_t *mode);

/* The value of a mode of a channel: KEY, or one that was added. Empty when it is not set or takes
 * none. Valid until the next call that is not const. (LIMIT is a number: confab_channel_info.)
 * Errors: ERR_ARG (also: no such mode); ERR_STALE_ID.
 * [call: const] [emits: no] [allocs: no] [since: 0.1] */
CONFAB_API confab_status CONFAB_CALL confab_channel_mode_value(const confab_engine *engine,
                                                               confab_id channel, uint32_t mode,
                                                               confab_str *out);

CONFAB_DECLS_END

#endif
