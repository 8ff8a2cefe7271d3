/* SPDX-License-Identifier: MIT
 *
 * Version numbers and the promise that goes with them.
 *
 * The ABI policy. Within one ABI major (which is also the SONAME):
 *   may change:     new functions; new members at the end of a struct that begins with
 *                   `struct_size`; new constants with new values; new text meant for people.
 *   may not change: the order, size, type or meaning of anything that exists; no function,
 *                   constant or member is removed or renumbered; no function's name gets a
 *                   number.
 * While the ABI major is 0 the ABI is not frozen: rebuild when the minor changes. */
#ifndef CONFAB_VERSION_H
#define CONFAB_VERSION_H

#include <confab/export.h>
#include <stdint.h>

#define CONFAB_VERSION_MAJOR 0
#define CONFAB_VERSION_MINOR 1
#define CONFAB_VERSION_PATCH 0
#define CONFAB_VERSION_STRING "0.1.0"

/* The ABI's own numbers: major changes break, minor changes add. */
#define CONFAB_ABI_MAJOR 0
#define CONFAB_ABI_MINOR 1

CONFAB_DECLS_BEGIN

/* The library's version as text ("0.1.0"), as it was built; static storage, never null.
 * [call: const] [emits: no] [allocs: no] [since: 0.1] */
CONFAB_API const char *CONFAB_CALL confab_version(void);

/* The ABI major of the library that is loaded; compare with CONFAB_ABI_MAJOR.
 * [call: const] [emits: no] [allocs: no] [since: 0.1] */
CONFAB_API uint32_t CONFAB_CALL confab_abi_major(void);

/* The ABI minor of the library that is loaded: at least the CONFAB_ABI_MINOR you compiled with, or
 * functions may be missing.
 * [call: const] [emits: no] [allocs: no] [since: 0.1] */
CONFAB_API uint32_t CONFAB_CALL confab_abi_minor(void);

/* 1 when the library has the named feature, else 0: the protocols "irc", "ircv3", "ircx" and "mic",
 * "service" (service.h), "push" (the host's send) and "messages" (connections of whole messages).
 * "tls" is the host's and always 0. Unknown names, and a null name, give 0. Names are never
 * reused for something else.
 * [call: const] [emits: no] [allocs: no] [since: 0.1] */
CONFAB_API int32_t CONFAB_CALL confab_has_feature(const char *name);

CONFAB_DECLS_END

#endif
