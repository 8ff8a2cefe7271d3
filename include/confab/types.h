/* SPDX-License-Identifier: MIT
 *
 * The frozen value types: they never change in size, order or meaning, and may stand in arrays.
 * Text is bytes with a length: assumed UTF-8, never assumed valid, not ended by a NUL. A pointer
 * that the library hands out lives until the callback that received it returns or, outside
 * callbacks, until the next call on that engine that is not `const`. The library copies what it
 * keeps: it never takes ownership of the caller's memory, nor asks the caller to free its own. */
#ifndef CONFAB_TYPES_H
#define CONFAB_TYPES_H

#include <confab/export.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* A view of text. {NULL, 0} is the empty text. */
typedef struct confab_str {
  const char *ptr;
  size_t len;
} confab_str;

/* A piece of output. Laid out like POSIX `struct iovec`, so that an array of them can go to writev.
 */
typedef struct confab_slice {
  const void *ptr;
  size_t len;
} confab_slice;

/* Names everything but the engine: a kind, a generation and an index; 0 is "none". An id is never
 * used again for another object: a dead one gives CONFAB_ERR_STALE_ID, for ever. Safe to log, store
 * and compare. */
typedef uint64_t confab_id;

/* Nanoseconds on the host's monotonic scale. The zero point is the host's choice; it never goes
 * back. */
typedef uint64_t confab_time;

/* What a handler answers: see hook.h. */
typedef int32_t confab_verdict;

#define CONFAB_TIME_NEVER UINT64_MAX

/* What an id names: confab_id_kind. */
enum {
  CONFAB_KIND_NONE = 0,
  CONFAB_KIND_CONN = 1,     /* one connection: a session of a user, once it is registered */
  CONFAB_KIND_USER = 2,     /* who: may have several connections, or none */
  CONFAB_KIND_CHANNEL = 3,  /* a room */
  CONFAB_KIND_MEMBER = 4,   /* one user's place in one channel */
  CONFAB_KIND_HOOK = 5,     /* a subscription */
  CONFAB_KIND_REQUEST = 6,  /* a question to the host that awaits its answer */
  CONFAB_KIND_DEFERRAL = 7, /* the token of a handler that took its time */
  CONFAB_KIND_PLUGIN = 8,
  CONFAB_KIND_ADDITION = 9, /* what a plugin or the host added: a command, a mode, ...: extend.h */
  CONFAB_KIND_TIMER = 10
};

/* Memory, realloc-shaped with the old size. `new_size` 0 frees and returns NULL; `ptr` NULL
 * allocates. The result is aligned for max_align_t. NULL means that there is none: the library then
 * answers CONFAB_ERR_NOMEM and leaves `ptr` as it was. A null `realloc_fn` means the C library's.
 */
typedef struct confab_allocator {
  void *ctx;
  void *(CONFAB_CALL *realloc_fn)(void *ctx, void *ptr, size_t old_size, size_t new_size);
} confab_allocator;

/* The protocols that a connection can speak (its dialect), as bits, so that they can also be a set.
 */
enum {
  CONFAB_PROTOCOL_NONE = 0,  /* no client: the host, a plugin, a timer */
  CONFAB_PROTOCOL_IRC = 1,   /* RFC 1459, 2812 and the practice at modern.ircdocs.horse */
  CONFAB_PROTOCOL_IRCV3 = 2, /* that, after the client negotiated capabilities (CAP) */
  CONFAB_PROTOCOL_IRCX = 4,  /* draft-pfenning-irc-extensions-04, after the client said IRCX */
  CONFAB_PROTOCOL_MIC = 8    /* Microsoft's binary protocol, after MODE ISMIC */
};

/* 1 when `ptr`, a growable struct, is large enough to hold `field` (it was made by a library that
 * knows it). */
#define CONFAB_HAS(ptr, field)                                                                     \
  ((size_t)(ptr)->struct_size >=                                                                   \
   (size_t)((const char *)&(ptr)->field - (const char *)(ptr)) + sizeof((ptr)->field))

static inline confab_str confab_str_make(const char *ptr, size_t len) {
  confab_str s;
  s.ptr = ptr;
  s.len = len;
  return s;
}

/* A view of a C string, without its NUL; NULL gives the empty text. */
static inline confab_str confab_str_of(const char *text) {
  return confab_str_make(text, text ? strlen(text) : 0);
}

/* A view of a string literal, without its NUL. */
#define CONFAB_STR(literal) confab_str_make("" literal, sizeof("" literal) - 1)

/* The CONFAB_KIND_* of an id. Says nothing about whether it is alive. */
static inline uint32_t confab_id_kind(confab_id id) { return (uint32_t)(id >> 60); }

#endif
