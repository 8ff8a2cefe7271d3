/* SPDX-License-Identifier: MIT
 *
 * The engine: create it, tell it the time, flush it once per turn of the host's loop, destroy it.
 *
 * An engine belongs to one thread at a time; engines are independent of each other and share
 * nothing. `const confab_engine *` functions change and emit nothing. Work that is submitted runs
 * to completion in the call that submitted it, first in first out; inside a handler it is queued
 * and runs after the current event. */
#ifndef CONFAB_ENGINE_H
#define CONFAB_ENGINE_H

#include <confab/host.h>
#include <confab/status.h>
#include <confab/types.h>

typedef struct confab_engine confab_engine;

/* How names of users and channels compare (ISUPPORT CASEMAPPING). */
enum {
  CONFAB_CASEMAP_ASCII = 0,
  CONFAB_CASEMAP_RFC1459 = 1 /* {}|^ are the lower case of []\~ (RFC 2812 §2.2) */
};

/* confab_engine_options.flags */
enum {
  /* Ask the host (CONFAB_REQUEST_PASSWORD) before a connection registers, even when it sent no
   * PASS. */
  CONFAB_ENGINE_PASSWORD_REQUIRED = 1u << 0,
  /* Clients of IRCX are told that they must prove who they are by one of `packages`, and none
   * registers that did not. */
  CONFAB_ENGINE_NO_ANONYMOUS = 1u << 1,
  /* The host knows no passwords: one that is sent unasked is not shown to it and proves nothing.
   * Else whose password was granted has proved who it is (CONFAB_UMODE_AUTHENTICATED). */
  CONFAB_ENGINE_NO_PASSWORDS = 1u << 2
};

/* Everything an engine can be told. Every limit is here; 0 in a `_max` or `_ms` member means "none"
 * where that is said, and is CONFAB_ERR_ARG elsewhere. Text is copied. */
typedef struct confab_engine_options {
  uint32_t struct_size;
  uint32_t flags; /* CONFAB_ENGINE_* */
  confab_allocator allocator;

  confab_time now; /* the host's clock at creation */
  int64_t
      unix_ns; /* the same instant in nanoseconds since 1970-01-01 UTC, for times that people see */

  confab_str server_name;  /* source of the server's own messages; default "confab.local" */
  confab_str server_info;  /* one line: RPL_WHOISSERVER, RPL_LINKS */
  confab_str network_name; /* ISUPPORT NETWORK; no space */
  confab_str motd;         /* lines ended by LF; empty: there is none (ERR_NOMOTD) */
  confab_str admin_location, admin_organisation, admin_email; /* RFC 2812 §3.4.9 */
  confab_str user_modes; /* IRC letters that a new user gets, of those one may set oneself: "i" */
  confab_str channel_modes; /* IRC letters that a new channel gets, without argument: "nt" */

  uint32_t casemap; /* CONFAB_CASEMAP_*; cannot change later */

  /* Sizes in bytes of what one client says at once. */
  uint32_t line_bytes_max;     /* with CR LF; RFC 1459 §2.3: 512; 512 to 16384 */
  uint32_t nick_bytes_max;     /* 1 to 64 */
  uint32_t username_bytes_max; /* 1 to 64 */
  uint32_t realname_bytes_max;
  uint32_t channel_bytes_max; /* 2 to 200 */
  uint32_t topic_bytes_max;
  uint32_t reason_bytes_max; /* of KICK, PART, QUIT, KILL */
  uint32_t away_bytes_max;
  uint32_t key_bytes_max;  /* 1 to 64 */
  uint32_t mask_bytes_max; /* of an entry in a channel's lists */

  /* Counts. */
  uint32_t conns_max, users_max, channels_max;
  uint32_t channels_per_user_max;
  uint32_t members_per_channel_max;
  uint32_t list_entries_max;     /* of each of a channel's lists */
  uint32_t invites_per_user_max; /* pending; the oldest goes */
  uint32_t targets_max;          /* of one JOIN, PART, KICK, PRIVMSG, NOTICE, NAMES, WHOIS */
  uint32_t modes_max;            /* changes with an argument in one MODE */
  uint32_t whowas_entries_max;   /* 0: none are kept */
  uint32_t parked_max;           /* acts that wait for an answer, in the engine */
  uint32_t queued_max;           /* acts submitted inside handlers that have not yet run */
  uint32_t hooks_max;
  uint32_t events_max; /* of the pull queue (confab_event_next); 0: there is none */

  /* Bounds of a connection. */
  uint32_t input_backlog_bytes_max;  /* lines that must wait; more: "Excess Flood" */
  uint32_t output_backlog_bytes_max; /* more: "SendQ exceeded" */
  uint32_t registration_ms_max;      /* from connecting to being registered; 0: none */
  uint32_t ping_interval_ms;         /* silence before the server asks; 0: it never does */
  uint32_t ping_timeout_ms;          /* silence after it asked */
  uint32_t close_linger_ms_max;      /* how long a closing connection may take for its last bytes */
  uint32_t commands_burst_max;       /* commands at once; 0: no throttle */
  uint32_t commands_per_second_max;  /* refilled at this rate; what comes faster waits */
  uint32_t nick_changes_max;         /* in a window of nick_window_ms; 0: no throttle */
  uint32_t nick_window_ms;

  /* Handlers: what a hook may take that names no bounds of its own (hook.h). 0: none. */
  uint32_t hook_call_us_max;
  uint32_t hook_second_us_max;
  uint32_t hook_failures_max; /* in a row, before its circuit breaker opens */
  uint32_t hook_retry_ms;     /* how long that stays open; 1 to 3600000 */
  uint32_t deferral_ms_max;   /* how long an act may wait for a handler; 1 to 86400000 */
  uint32_t waiting_max;       /* acts behind one that waits, of one origin; more are BUSY */
  uint32_t causes_max;        /* links in a chain of acts that handlers submitted; 1 to 64 */

  /* What plugins and the host may add (extend.h, plugin.h). */
  uint32_t plugins_max;
  uint32_t additions_max; /* commands, modes, properties, ... of all kinds together */
  uint32_t timers_max;
  uint32_t slots_max; /* kinds of data that may be hung on objects */

  /* Security packages that the host can do (CONFAB_REQUEST_PACKAGE), the preferred one first, with
   * a comma between them: "NTLM". Empty: none. */
  confab_str packages;

  /* Wrong proofs of who somebody is, by AUTH, PASS or the log-on of MIC, by address (of IPv6 its
   * first 64 bits). Who failed so often in a window is suspended: for so long it is told that, and
   * the host is not asked. Of more addresses than are remembered, the one whose latest failure is
   * the oldest is forgotten. An address that the host does not know ("0") is nobody's. */
  uint32_t auth_failures_max;  /* 0: they are not remembered, and nobody is suspended */
  uint32_t auth_window_ms;     /* from the first of them; 1 or more */
  uint32_t auth_suspension_ms; /* 1 or more */
  uint32_t auth_addresses_max; /* 1 to 1048576 */
} confab_engine_options;

/* Figures of the engine as it is: gauges unless they end in _total. */
typedef struct confab_engine_stats {
  uint32_t struct_size;
  uint32_t reserved0;
  uint64_t conns, conns_unregistered, users, users_max_seen, channels, members, hooks, parked,
      operators, users_invisible;
  uint64_t memory_bytes;  /* what the allocator gave and did not get back */
  uint64_t backlog_bytes; /* output that is queued, in all connections */
  uint64_t conns_total, commands_total, events_total, deliveries_total, overflows_total;
  uint64_t bytes_in_total, bytes_out_total;
  uint64_t plugins, additions, timers,
      deferrals; /* of parked acts, those that a handler deferred */
  uint64_t denied_total, refused_total, expired_total, cancelled_total; /* how acts ended */
  uint64_t tokens_misused_total;    /* confab_deferral_resolve of dead or another's tokens */
  uint64_t datagrams_in_total;      /* that were fed in */
  uint64_t datagrams_dropped_total; /* of those, before any handler saw them */
  uint64_t datagrams_out_total;     /* that the host sent */
} confab_engine_stats;

/* What went wrong last: see confab_engine_last_error. */
typedef struct confab_error_info {
  uint32_t struct_size;
  confab_status status;
  uint64_t
      offset; /* the byte of the input, or the member of the options struct, where that is known */
  confab_id conn;    /* or 0 */
  uint32_t protocol; /* CONFAB_PROTOCOL_* of the connection, or 0 */
  uint32_t reserved0;
  confab_str text; /* short, for people; valid until the next call that is not const */
} confab_error_info;

CONFAB_DECLS_BEGIN

/* Fills options with the defaults and the caller's size. Use confab_engine_options_init.
 * [call: const] [emits: no] [allocs: no] [since: 0.1] */
CONFAB_API_VOID void CONFAB_CALL confab_engine_options_defaults(confab_engine_options *options,
                                                                uint32_t struct_size);

static inline confab_engine_options confab_engine_options_init(void) {
  confab_engine_options options;
  confab_engine_options_defaults(&options, (uint32_t)sizeof options);
  return options;
}

/* Makes an engine. Null options or host mean the defaults. On failure `*out` is null, and `release`
 * of the host is not called. What is wrong with the options goes to the host's `log` before this
 * returns: level ERROR, event "engine.options", a text such as "channel_bytes_max: out of range".
 * Errors: ERR_ARG (null `out`; a limit out of range; an illegal name or letter); ERR_STRUCT;
 * ERR_NOMEM.
 * [call: anywhere] [emits: no] [allocs: yes] [since: 0.1] */
CONFAB_API confab_status CONFAB_CALL confab_engine_create(const confab_engine_options *options,
                                                          const confab_host *host,
                                                          confab_engine **out);

/* Ends an engine: no more events; every hook's and the host's `release` is called; `close` is
 * called for each connection that is still open. Null is harmless. Legal on a poisoned engine.
 * Errors: ERR_REENTRANT (nothing happened: call it again outside).
 * [call: outside-hook] [emits: no] [allocs: no] [since: 0.1] */
CONFAB_API confab_status CONFAB_CALL confab_engine_destroy(confab_engine *engine);

/* Takes new options for a running engine (a rehash). What is larger than a lowered limit stays as
 * it is. The allocator, casemap, server_name, now and unix_ns keep their old values and must be
 * equal or default. Errors: as confab_engine_create; ERR_STATE when a member that cannot change
 * differs. Nothing changed then.
 * [call: outside-hook] [emits: no] [allocs: yes] [since: 0.1] */
CONFAB_API confab_status CONFAB_CALL confab_engine_configure(confab_engine *engine,
                                                             const confab_engine_options *options);

/* Runs what is due: timers, throttled input, parked acts whose deadline passed.
 * Errors: ERR_ARG when `now` is earlier than an earlier one; ERR_REENTRANT; ERR_NOMEM.
 * [call: outside-hook] [emits: yes] [allocs: yes] [since: 0.1] */
CONFAB_API confab_status CONFAB_CALL confab_engine_tick(confab_engine *engine, confab_time now);

/* Hands out all that is queued: once per turn of the host's loop, after everything was fed. Calls
 * `send` once for each connection that has something, or `output_pending`; and `close` for those
 * that end.
 * Errors: ERR_REENTRANT.
 * [call: outside-hook] [emits: yes] [allocs: yes] [since: 0.1] */
CONFAB_API confab_status CONFAB_CALL confab_engine_flush(confab_engine *engine);

/* When confab_engine_tick must be called next, at the latest; CONFAB_TIME_NEVER when nothing waits
 * for time. May be a little early, never late; what is due fires
 * at most 17 ms after its time.
 * [call: const] [emits: no] [allocs: no] [since: 0.1] */
CONFAB_API confab_time CONFAB_CALL confab_engine_deadline(const confab_engine *engine);

/* Tells the engine what the wall clock says at `now`: after the machine's time was set. Changes
 * only times that people see from now on.
 * Errors: ERR_ARG (time going back on the monotonic scale); ERR_REENTRANT.
 * [call: outside-hook] [emits: no] [allocs: no] [since: 0.1] */
CONFAB_API confab_status CONFAB_CALL confab_engine_clock_set(confab_engine *engine, confab_time now,
                                                             int64_t unix_ns);

/* Answers a question that the host parked. CONFAB_OK grants; of PASSWORD and PACKAGE `text` says
 * who the asker is ("user@domain", one word of at most 255 bytes; empty: not known), which becomes
 * the account of its user. A negative status refuses, with `text` for the asker (empty: the
 * protocol's usual text). CONFAB_AGAIN answers PACKAGE alone: `text`, any octets, is the package's
 * next message to the client, whose reply is a new question with the next `step`. The act goes on
 * in this call (or after the current event). Errors: ERR_STALE_ID (answered before, or the asker is
 * gone); ERR_ARG (no such answer to that question).
 * [call: anywhere] [emits: yes] [allocs: yes] [since: 0.1] */
CONFAB_API confab_status CONFAB_CALL confab_request_resolve(confab_engine *engine,
                                                            confab_id request, confab_status status,
                                                            confab_str text);

/* Fills in as much of `*out` as its struct_size says (0 means the caller's header's size is
 * missing: ERR_STRUCT).
 * Errors: ERR_ARG; ERR_STRUCT.
 * [call: const] [emits: no] [allocs: no] [since: 0.1] */
CONFAB_API confab_status CONFAB_CALL confab_engine_stats_get(const confab_engine *engine,
                                                             confab_engine_stats *out);

/* The last error that a call on this engine returned, with detail.
 * Errors: ERR_ARG; ERR_STRUCT.
 * [call: const] [emits: no] [allocs: no] [since: 0.1] */
CONFAB_API confab_status CONFAB_CALL confab_engine_last_error(const confab_engine *engine,
                                                              confab_error_info *out);

CONFAB_DECLS_END

#endif
