/* SPDX-License-Identifier: MIT
 *
 * Connections: bytes in, bytes out. The host owns the sockets; the engine owns the protocol.
 *
 * A connection opens silent: nothing is sent before the client has spoken. It ends in one of two
 * ways: the engine ends it (the client quits, is killed, floods, times out, or confab_conn_close)
 * and calls `close`; or the socket ended and the host says so with confab_conn_closed. */
#ifndef CONFAB_CONN_H
#define CONFAB_CONN_H

#include <confab/engine.h>

/* confab_conn_options.flags */
enum {
  CONFAB_CONN_SECURE = 1u << 0, /* the transport is encrypted (TLS): RPL_WHOISSECURE */
  /* Bytes come and go as whole messages, not as a stream: one IRC line in each, without its CR LF
   * (IRCv3 WebSocket), or one frame of MIC. See confab_conn_feed, confab_conn_output and `send` in
   * host.h. A message may hold bytes that are no UTF-8, as a line may: which kind of frame carries
   * it is the host's business. */
  CONFAB_CONN_MESSAGES = 1u << 1
};

/* confab_conn_options.trust: who says that this is the peer's address. */
enum {
  CONFAB_TRUST_PEER = 0,      /* the socket: it is the peer's own */
  CONFAB_TRUST_FORWARDED = 1, /* a proxy or gateway that the host trusts (PROXY protocol) */
  /* Somebody whom the host does not trust. Such an address counts against a user and never for it:
   * an entry of a ban list matches it; to entries of the exception and invite lists the user has no
   * address, and no host either while others see the address as its host ("nick!user@", which
   * nick!*@* still matches). A hostname that is not the address is the host's own word: derive none
   * from a claimed address. */
  CONFAB_TRUST_CLAIMED = 2
};

typedef struct confab_conn_options {
  uint32_t struct_size;
  uint32_t flags;    /* CONFAB_CONN_* */
  uint32_t protocol; /* the set of CONFAB_PROTOCOL_* that it may speak; NONE: all. What it speaks of
                        these its first bytes decide. IRCV3 and IRCX include plain IRC */
  uint32_t trust;    /* CONFAB_TRUST_*: of `address`. Default PEER */
  void *ctx;         /* the host's own; given to its callbacks */
  confab_str address;  /* the peer's numeric address, as text: "192.0.2.1". Default "0" */
  confab_str hostname; /* what others see as its host; empty: the address */
  /* The page of Windows that clients without UTF-8 write in: 1250 to 1258, or 65001 (UTF-8 after
   * all); 0 is 1252. Those of MIC, and Microsoft's of IRCX, are answered in it too; of other
   * clients without capabilities it is what a parameter is read as that is no UTF-8. */
  uint32_t code_page;
  uint32_t port; /* the peer's, at `address`: operators who listen by EVENT are shown it; 0: not
                    known; at most 65535 */
  /* Where the host takes datagrams of this client: a numeric IPv4 address that the client can
   * reach, and its port. Clients of MIC are told them with each channel that they enter, if the
   * host can send datagrams too (confab_host.datagram, and random). Empty and 0: nowhere. Datagrams
   * are never encrypted: leave it so where the connection is. */
  confab_str datagram_address;
  uint32_t datagram_port; /* 1 to 65535 */
  uint32_t reserved0;
} confab_conn_options;

CONFAB_DECLS_BEGIN

/* Fills options with the defaults and the caller's size. Use confab_conn_options_init.
 * [call: const] [emits: no] [allocs: no] [since: 0.1] */
CONFAB_API_VOID void CONFAB_CALL confab_conn_options_defaults(confab_conn_options *options,
                                                              uint32_t struct_size);

static inline confab_conn_options confab_conn_options_init(void) {
  confab_conn_options options;
  confab_conn_options_defaults(&options, (uint32_t)sizeof options);
  return options;
}

/* Opens a connection. The `connect` event runs in this call; a filter that denies it closes the
 * connection.
 * Errors: ERR_ARG (null; time going back; unknown flags, protocol, trust or code page; no port; an
 * address or host with spaces or control bytes; a datagram address that is no IPv4 address, or one
 * without a port); ERR_STRUCT; ERR_LIMIT (conns_max); ERR_DENIED; ERR_REENTRANT; ERR_NOMEM. `*out`
 * is 0 then.
 * [call: outside-hook] [emits: yes] [allocs: yes] [since: 0.1] */
CONFAB_API confab_status CONFAB_CALL confab_conn_open(confab_engine *engine,
                                                      const confab_conn_options *options,
                                                      confab_time now, confab_id *out);

/* Takes bytes from the peer, in any split. `*consumed` (may be null) tells how many were taken;
 * CONFAB_AGAIN says that fewer than `len` were, because earlier commands still wait: read no more
 * from that socket until confab_conn_input_wanted answers CONFAB_OK. Bytes for a connection that is
 * closing are taken and dropped.
 *
 * With CONFAB_CONN_MESSAGES each call is one whole message, with or without a line's end, and it is
 * taken whole or not at all: CONFAB_AGAIN comes with `*consumed` 0, and the same message is fed
 * again later. Where CR or LF stand inside, it is several lines, as in a stream; an empty one is
 * none. A line over the limit is answered as in a stream (417). A message of more bytes than
 * input_backlog_bytes_max and line_bytes_max both allow could never be taken: it is dropped, and
 * the connection is closed like any that floods.
 *
 * Errors: ERR_ARG; ERR_STALE_ID; ERR_REENTRANT; ERR_NOMEM (the
 * command that met it had no effect, and its connection is closed with that reason).
 * [call: outside-hook] [emits: yes] [allocs: yes] [since: 0.1] */
CONFAB_API confab_status CONFAB_CALL confab_conn_feed(confab_engine *engine, confab_id conn,
                                                      confab_time now, const void *bytes,
                                                      size_t len, size_t *consumed);

/* CONFAB_OK when the connection would take input now, CONFAB_AGAIN when its backlog is full or it
 * is closing. With CONFAB_CONN_MESSAGES the backlog must be empty: then any message is taken.
 * Errors: ERR_ARG; ERR_STALE_ID.
 * [call: const] [emits: no] [allocs: no] [since: 0.1] */
CONFAB_API confab_status CONFAB_CALL confab_conn_input_wanted(const confab_engine *engine,
                                                              confab_id conn);

/* Shows what is queued for the peer: up to `max` slices, `*count` of them filled. They stay queued
 * until confab_conn_sent, and valid until the next call that is not const. With
 * CONFAB_CONN_MESSAGES each slice is exactly one message, without CR LF; else a slice is any run of
 * bytes.
 * Errors: ERR_ARG; ERR_STALE_ID.
 * [call: const] [emits: no] [allocs: no] [since: 0.1] */
CONFAB_API confab_status CONFAB_CALL confab_conn_output(const confab_engine *engine, confab_id conn,
                                                        confab_slice *slices, size_t max,
                                                        size_t *count);

/* Says that `bytes` of the output were sent, from the front: with CONFAB_CONN_MESSAGES the sum of
 * the slices that were sent, each of them whole.
 * Errors: ERR_ARG (more than is queued; not at the end of a message); ERR_STALE_ID; ERR_REENTRANT.
 * [call: outside-hook] [emits: yes] [allocs: yes] [since: 0.1] */
CONFAB_API confab_status CONFAB_CALL confab_conn_sent(confab_engine *engine, confab_id conn,
                                                      size_t bytes);

/* The socket can take more: calls `send` with what is still queued. For hosts that push.
 * Errors: ERR_ARG; ERR_STALE_ID; ERR_STATE (no `send`); ERR_REENTRANT.
 * [call: outside-hook] [emits: yes] [allocs: yes] [since: 0.1] */
CONFAB_API confab_status CONFAB_CALL confab_conn_writable(confab_engine *engine, confab_id conn);

/* Ends a connection from the server's side: its user's channels see `why`, the client gets its
 * protocol's farewell, and `close` follows when that was sent.
 * Errors: ERR_ARG; ERR_STALE_ID; ERR_REENTRANT; ERR_NOMEM.
 * [call: outside-hook] [emits: yes] [allocs: yes] [since: 0.1] */
CONFAB_API confab_status CONFAB_CALL confab_conn_close(confab_engine *engine, confab_id conn,
                                                       confab_time now, confab_str why);

/* The socket is gone: whatever was queued is dropped, and others see `why` (empty: "Connection
 * closed"). The id is dead afterwards; `close` is not called.
 * Errors: ERR_ARG; ERR_STALE_ID; ERR_REENTRANT.
 * [call: outside-hook] [emits: yes] [allocs: yes] [since: 0.1] */
CONFAB_API confab_status CONFAB_CALL confab_conn_closed(confab_engine *engine, confab_id conn,
                                                        confab_time now, confab_str why);

/* Makes an unregistered connection another session of `user`: it sees what the user sees from now
 * on, and what it says, the user says. The host vouches for it. The client is welcomed as if it had
 * registered.
 * Errors: ERR_ARG; ERR_STALE_ID; ERR_STATE (already registered or closing); ERR_REENTRANT;
 * ERR_NOMEM.
 * [call: outside-hook] [emits: yes] [allocs: yes] [since: 0.1] */
CONFAB_API confab_status CONFAB_CALL confab_conn_attach(confab_engine *engine, confab_id conn,
                                                        confab_time now, confab_id user);

/* Takes one datagram that came to where confab_conn_options.datagram_address says; `address` is its
 * sender's, in the form that confab_conn_options.address had. MIC alone has datagrams: data that a
 * member of a channel says to the others (SENDUDP), which go through the same limits, rules and
 * handlers as the data it says over its connection: CONFAB_EVENT_MESSAGE with
 * CONFAB_EVENT_DATAGRAM. They leave by confab_host.datagram.
 *
 * A datagram proves nothing by itself: it must hold the random number (cookie) that the engine gave
 * to a connection with that address, not a claimed one, for a channel that its user is in. Any
 * other, one that is no such message, and one that comes faster than its client may send, is
 * dropped without an answer and counted (confab_engine_stats.datagrams_dropped_total): the status
 * is CONFAB_OK all the same.
 * Errors: ERR_ARG (null; no address; time going back); ERR_REENTRANT; ERR_NOMEM (it was dropped).
 * [call: outside-hook] [emits: yes] [allocs: yes] [since: 0.1] */
CONFAB_API confab_status CONFAB_CALL confab_datagram_feed(confab_engine *engine, confab_time now,
                                                          confab_str address, const void *bytes,
                                                          size_t len);

CONFAB_DECLS_END

#endif
