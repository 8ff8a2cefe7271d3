/* SPDX-License-Identifier: MIT
 *
 * Added properties: named texts on users and channels, with permissions to read and to write. To
 * set one is an act of type CONFAB_EVENT_PROPERTY: submit it like any command (command.h), with
 * `subject` and either `property` or `name`; the core checks that the subject is there, the
 * permission of `head.actor`, and the text; filters judge. An empty text, or `set` 0, clears it.
 * See extend.h for what holds for all additions. */
#ifndef CONFAB_EXTEND_PROPERTY_H
#define CONFAB_EXTEND_PROPERTY_H

#include <confab/extend.h>

typedef struct confab_property_spec {
  uint32_t struct_size;
  uint32_t subject; /* CONFAB_KIND_USER or CONFAB_KIND_CHANNEL */
  confab_id owner;
  confab_str name;    /* 1 to 32 letters, digits, - and _, a letter first; without case */
  uint32_t bytes_max; /* of a value; 0: as much as a line holds */
  /* Who may: CONFAB_PERMIT_USER, OPERATOR or HOST; of a user's also SELF, of a channel's also
   * MEMBER, VOICE, CHANNEL_OPERATOR and OWNER. */
  uint32_t read, write;
  uint32_t reserved0; /* must be 0 */
  void *ctx;
  confab_status(CONFAB_CALL *release)(void *ctx); /* may be null */
} confab_property_spec;

CONFAB_DECLS_BEGIN

static inline confab_property_spec confab_property_spec_init(void) {
  confab_property_spec spec;
  memset(&spec, 0, sizeof spec);
  spec.struct_size = (uint32_t)sizeof spec;
  return spec;
}

/* Errors: those of all additions (extend.h); ERR_EXISTS also for a name of the channels' own
 * properties (confab_property_get). Users and channels have names of their own.
 * [call: anywhere] [emits: no] [allocs: yes] [since: 0.1] */
CONFAB_API confab_status CONFAB_CALL confab_property_add(confab_engine *engine,
                                                         const confab_property_spec *spec,
                                                         confab_id *out);

/* The value of a property of a user or channel; empty when it is not set. Asks for no permission:
 * see confab_property_allowed. Channels have these of their own (IRCX draft §8.2), which acts name
 * by `name`, with `property` 0: LANGUAGE, SUBJECT, PICS, CLIENT, CLIENTGUID, SERVICEPATH, ACCOUNT,
 * OWNERKEY, HOSTKEY, ONJOIN, ONPART, LAG. What else clients find under PROP is in
 * confab_channel_info. Valid until the next call that is not const.
 * Errors: ERR_ARG; ERR_STALE_ID; ERR_NOT_FOUND (there is no such property).
 * [call: const] [emits: no] [allocs: no] [since: 0.1] */
CONFAB_API confab_status CONFAB_CALL confab_property_get(const confab_engine *engine,
                                                         confab_id subject, confab_str name,
                                                         confab_str *out);

/* Walks the added properties that are set on a user or channel: 0 gives the first; CONFAB_END
 * behind the last. `*value` may be null.
 * Errors: ERR_ARG; ERR_STALE_ID (the subject, or a property that is no longer set).
 * [call: const] [emits: no] [allocs: no] [since: 0.1] */
CONFAB_API confab_status CONFAB_CALL confab_property_next(const confab_engine *engine,
                                                          confab_id subject, confab_id after,
                                                          confab_id *out, confab_str *value);

/* May `viewer` (a user, or 0: the server) read the property of that subject, or with `write` 1
 * change it? OK: yes; ERR_DENIED: no. It is the predicate behind every act and every listing.
 * Errors: ERR_ARG; ERR_STALE_ID.
 * [call: const] [emits: no] [allocs: no] [since: 0.1] */
CONFAB_API confab_status CONFAB_CALL confab_property_allowed(const confab_engine *engine,
                                                             confab_id viewer, confab_id subject,
                                                             confab_id property, uint32_t write);

CONFAB_DECLS_END

#endif
