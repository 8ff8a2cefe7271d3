/* SPDX-License-Identifier: MIT
 *
 * The host's side: the callbacks through which an engine reaches sockets, secrets and logs. The
 * library has none of its own. The table is copied when the engine is created and never changes
 * afterwards.
 *
 * Every callback takes `ctx` first and returns a status: CONFAB_OK, or a negative code. A value
 * that is no status is CONFAB_ERR_CALLBACK in the log. All are optional; a null one has the default
 * that is stated. Callbacks must not throw or jump through the library. From inside one, only const
 * functions may be called: drive functions answer CONFAB_ERR_REENTRANT. */
#ifndef CONFAB_HOST_H
#define CONFAB_HOST_H

#include <confab/status.h>
#include <confab/types.h>

/* What a log record is about. Message text never appears below CONFAB_LOG_DEBUG. */
enum { CONFAB_LOG_DEBUG = 0, CONFAB_LOG_INFO = 1, CONFAB_LOG_WARNING = 2, CONFAB_LOG_ERROR = 3 };

typedef struct confab_log_record {
  uint32_t struct_size;
  uint32_t level;    /* CONFAB_LOG_* */
  confab_str event;  /* a stable name: "conn.registered", "hook.failed" */
  confab_str text;   /* one line for people */
  confab_id conn;    /* the connection it is about, or 0 */
  confab_id subject; /* user, channel or hook it is about, or 0 */
} confab_log_record;

/* Questions that only the host can answer: confab_request.kind. */
enum {
  CONFAB_REQUEST_PASSWORD =
      1,                   /* may this connection register? `password` as sent by PASS, or empty */
  CONFAB_REQUEST_OPER = 2, /* do `name` and `password` make an operator? */
  CONFAB_REQUEST_REHASH = 3, /* an operator asks that the configuration be read again */
  CONFAB_REQUEST_DIE = 4,    /* an operator asks that the server stop */
  /* One message of a security package (IRCX AUTH, MIC's CONNECTSSPI): `mechanism`, `password` its
   * octets, `step` which message it is. Resolve it with OK (`text`: who that is, "user@domain"),
   * with CONFAB_AGAIN (`text`: the package's next message, octets), or with a negative status. */
  CONFAB_REQUEST_PACKAGE = 5
};

/* Answer at once with CONFAB_OK (granted) or a negative status (refused), or with CONFAB_PARKED and
 * later confab_request_resolve. Until then later commands of that connection wait; others go on.
 * PACKAGE has an answer that must be resolved: OK at once grants under the name that was given. */
typedef struct confab_request {
  uint32_t struct_size;
  uint32_t kind;        /* CONFAB_REQUEST_* */
  confab_id id;         /* names this question; dead once answered or when the connection closes */
  confab_id conn;       /* who asks */
  confab_id user;       /* its user, or 0 before registration */
  confab_str name;      /* the nick, or for OPER the operator's name */
  confab_str password;  /* valid during the call only: copy it if the answer comes later */
  confab_str mechanism; /* PACKAGE: which; PASSWORD: "PASS" */
  uint32_t step;        /* PACKAGE: from 1 */
  uint32_t reserved0;
} confab_request;

typedef struct confab_host {
  uint32_t struct_size;
  uint32_t reserved0; /* must be 0 */
  void *ctx;          /* first argument of every callback */

  /* Push: writes `count` slices to a connection, in one gathered call per flush. Put into
   * `*accepted` how many bytes were taken; the rest stays queued until confab_conn_writable. With
   * CONFAB_CONN_MESSAGES each slice is exactly one message, without CR LF, and `*accepted` must end
   * where a message does. A negative status, more than was offered or half a message means that the
   * connection is broken: it is closed. Null: the host pulls with confab_conn_output. */
  confab_status(CONFAB_CALL *send)(void *ctx, confab_id conn, void *conn_ctx,
                                   const confab_slice *slices, size_t count, size_t *accepted);

  /* Pull: an edge that says "confab_conn_output has something that it had not before". Called from
   * confab_engine_flush, once per connection until its output was empty again. Not called for a
   * host that pushes. Null: the host polls. */
  confab_status(CONFAB_CALL *output_pending)(void *ctx, confab_id conn, void *conn_ctx);

  /* The engine is done with a connection: everything that could be sent was offered. Close the
   * socket. The id is dead when this returns. `why` is the reason that others saw. Not called for a
   * connection that the host ended with confab_conn_closed. Null: the host learns it from the
   * disconnect event. */
  confab_status(CONFAB_CALL *close)(void *ctx, confab_id conn, void *conn_ctx, confab_str why);

  /* One log record, valid during the call. Null: dropped. */
  confab_status(CONFAB_CALL *log)(void *ctx, const confab_log_record *record);

  /* Fills `len` bytes with randomness: while the engine is created, for the keys of its hash
   * tables, and when a client enters a channel in which it may send datagrams, for the number that
   * must stand in them. Null or a failure: fixed keys, which is right for tests and wrong for
   * servers that strangers can reach, and no datagrams. */
  confab_status(CONFAB_CALL *random)(void *ctx, void *bytes, size_t len);

  /* Null: PASSWORD is granted, everything else is refused. */
  confab_status(CONFAB_CALL *request)(void *ctx, const confab_request *request);

  /* Called exactly once, after the last possible call of any other: the table's ctx is free. */
  confab_status(CONFAB_CALL *release)(void *ctx);

  /* Puts the time on a monotonic clock of nanoseconds into `*now`: only to measure what handlers
   * take, around each call. It need not be the clock of the drive functions. Null: nothing is
   * measured, and no budget of time holds. */
  confab_status(CONFAB_CALL *clock)(void *ctx, confab_time *now);

  /* Sends one datagram to the peer's address of a connection, from where its
   * confab_conn_options.datagram_address is, to the port that its client asked for (1024 or above).
   * Called at once, in whichever call relays it, and not again if that fails. A negative status: it
   * was not sent. Null: no client is offered datagrams. */
  confab_status(CONFAB_CALL *datagram)(void *ctx, confab_id conn, void *conn_ctx, uint32_t port,
                                       const void *bytes, size_t len);
} confab_host;

CONFAB_DECLS_BEGIN

/* Fills a table with nulls and the caller's size. Use confab_host_init.
 * [call: const] [emits: no] [allocs: no] [since: 0.1] */
CONFAB_API_VOID void CONFAB_CALL confab_host_defaults(confab_host *host, uint32_t struct_size);

static inline confab_host confab_host_init(void) {
  confab_host host;
  confab_host_defaults(&host, (uint32_t)sizeof host);
  return host;
}

CONFAB_DECLS_END

#endif
