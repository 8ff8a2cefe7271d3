/* SPDX-License-Identifier: MIT
 *
 * Queries: what is there now. All are const: they change and emit nothing, and are legal
 * everywhere, handlers included. Texts in the results point into the engine and live until the next
 * call that is not const.
 *
 * Every *_get fills in as much of `*out` as `out->struct_size` says: set that to `sizeof *out`
 * first. The *_next functions walk: give 0 for the first, the last id for the next; CONFAB_END
 * after the last. An element that goes away during the walk ends it with ERR_STALE_ID. */
#ifndef CONFAB_QUERY_H
#define CONFAB_QUERY_H

#include <confab/engine.h>
#include <confab/event.h>

/* confab_conn_info.state */
enum {
  CONFAB_CONN_OPEN = 1,       /* not registered */
  CONFAB_CONN_REGISTERED = 2, /* a session of a user */
  CONFAB_CONN_CLOSING = 3     /* only its last output is left */
};

typedef struct confab_conn_info {
  uint32_t struct_size;
  uint32_t state;    /* CONFAB_CONN_* */
  uint32_t protocol; /* CONFAB_PROTOCOL_* */
  uint32_t flags;    /* CONFAB_CONN_SECURE, CONFAB_CONN_MESSAGES (conn.h) */
  confab_id user;    /* or 0 */
  void *ctx;
  confab_str address, hostname;
  confab_time opened, last_heard;
  uint64_t bytes_in, bytes_out;
  uint64_t input_backlog_bytes, output_backlog_bytes; /* ends of lines included */
  uint32_t trust;                                     /* CONFAB_TRUST_* (conn.h): of `address` */
  uint32_t reserved0;
} confab_conn_info;

/* confab_user_info.may: what its class and the service leave it (service.h). */
enum {
  CONFAB_MAY_OPEN = 1u << 0,         /* make channels by joining them */
  CONFAB_MAY_JOIN_DYNAMIC = 1u << 1, /* enter channels that users made */
  CONFAB_MAY_RANK = 1u << 2          /* be operator or owner of a channel */
};

typedef struct confab_user_info {
  uint32_t struct_size;
  uint32_t modes; /* CONFAB_UMODE_* */
  confab_str nick, username, hostname, realname;
  confab_str away; /* the message, or empty */
  uint32_t is_away;
  uint32_t sessions; /* connections it has */
  uint32_t channels; /* channels it is in */
  uint32_t reserved0;
  confab_time registered; /* when */
  confab_time last_spoke; /* for idle times */
  confab_str account;     /* "name@domain" as which it proved itself, or empty */
  uint32_t may;           /* CONFAB_MAY_* */
  uint32_t channels_max;  /* that it may be in; 0: any number */
  confab_str class_name;  /* of its class of the service, or empty */
} confab_user_info;

/* confab_channel_info.standing: what the administration says of a REGISTERED channel beside its
 * modes (service.h). */
enum {
  CONFAB_STANDING_AUTOSTART = 1u << 0,    /* it is there, and listed, before anybody comes */
  CONFAB_STANDING_OPERATOR_OWNS = 1u << 1 /* operators of the server enter it as owners */
};

typedef struct confab_channel_info {
  uint32_t struct_size;
  uint32_t reserved0;
  uint64_t modes; /* UINT64_C(1) << CONFAB_CMODE_*, or << an added mode's number (extend_mode.h) */
  confab_str name, topic, topic_by, key;
  int64_t topic_unix_s, created_unix_s; /* seconds since 1970, or 0 */
  uint32_t limit;                       /* or 0 */
  uint32_t members;
  uint32_t standing; /* CONFAB_STANDING_* */
  uint32_t reserved1;
} confab_channel_info;

typedef struct confab_member_info {
  uint32_t struct_size;
  uint32_t ranks; /* CONFAB_RANK_* bits */
  confab_id user, channel;
  int64_t joined_unix_s;
} confab_member_info;

typedef struct confab_list_entry {
  uint32_t struct_size;
  uint32_t reserved0;
  confab_str mask, set_by;
  int64_t set_unix_s;
  int64_t expires_unix_s; /* 0: never */
  confab_str reason;      /* which who is denied is told, or empty */
} confab_list_entry;

CONFAB_DECLS_BEGIN

/* Each finds by name, under the engine's case mapping.
 * Errors: ERR_ARG; ERR_NOT_FOUND (`*out` is 0 then).
 * [call: const] [emits: no] [allocs: no] [since: 0.1] */
CONFAB_API confab_status CONFAB_CALL confab_user_find(const confab_engine *engine, confab_str nick,
                                                      confab_id *out);

/* As confab_user_find, for a channel's name.
 * [call: const] [emits: no] [allocs: no] [since: 0.1] */
CONFAB_API confab_status CONFAB_CALL confab_channel_find(const confab_engine *engine,
                                                         confab_str name, confab_id *out);

/* A name of a user or channel as the engine compares it: without case, under the case mapping. Two
 * names are the same exactly when these are. Writes `name.len` bytes to `out`.
 * Errors: ERR_ARG; ERR_TOO_LONG (`out_size` is less than `name.len`; nothing is written).
 * [call: const] [emits: no] [allocs: no] [since: 0.1] */
CONFAB_API confab_status CONFAB_CALL confab_name_fold(const confab_engine *engine, confab_str name,
                                                      char *out, size_t out_size);

/* The membership of `user` in `channel`.
 * Errors: ERR_ARG; ERR_STALE_ID; ERR_NOT_FOUND.
 * [call: const] [emits: no] [allocs: no] [since: 0.1] */
CONFAB_API confab_status CONFAB_CALL confab_member_find(const confab_engine *engine,
                                                        confab_id channel, confab_id user,
                                                        confab_id *out);

/* Errors of the four: ERR_ARG; ERR_STRUCT; ERR_STALE_ID.
 * [call: const] [emits: no] [allocs: no] [since: 0.1] */
CONFAB_API confab_status CONFAB_CALL confab_conn_get(const confab_engine *engine, confab_id conn,
                                                     confab_conn_info *out);

/* As confab_conn_get.
 * [call: const] [emits: no] [allocs: no] [since: 0.1] */
CONFAB_API confab_status CONFAB_CALL confab_user_get(const confab_engine *engine, confab_id user,
                                                     confab_user_info *out);

/* As confab_conn_get.
 * [call: const] [emits: no] [allocs: no] [since: 0.1] */
CONFAB_API confab_status CONFAB_CALL confab_channel_get(const confab_engine *engine,
                                                        confab_id channel,
                                                        confab_channel_info *out);

/* As confab_conn_get.
 * [call: const] [emits: no] [allocs: no] [since: 0.1] */
CONFAB_API confab_status CONFAB_CALL confab_member_get(const confab_engine *engine,
                                                       confab_id member, confab_member_info *out);

/* Entry number `index` (from 0) of one of a channel's lists; CONFAB_END behind the last. Entries
 * that have expired are not there. Other lists: confab_access_get.
 * Errors: ERR_ARG; ERR_STRUCT; ERR_STALE_ID.
 * [call: const] [emits: no] [allocs: no] [since: 0.1] */
CONFAB_API confab_status CONFAB_CALL confab_list_get(const confab_engine *engine, confab_id channel,
                                                     uint32_t list, uint32_t index,
                                                     confab_list_entry *out);

/* The same of whatever has lists: `subject` is CONFAB_ACCESS_*, and `of` the channel or user that
 * they are of; 0 where they are the server's or the network's. Lists that such a subject cannot
 * have are empty.
 * Errors: ERR_ARG; ERR_STRUCT; ERR_STALE_ID.
 * [call: const] [emits: no] [allocs: no] [since: 0.1] */
CONFAB_API confab_status CONFAB_CALL confab_access_get(const confab_engine *engine,
                                                       uint32_t subject, confab_id of,
                                                       uint32_t list, uint32_t index,
                                                       confab_list_entry *out);

/* Walks all connections.
 * Errors: ERR_ARG; ERR_STALE_ID.
 * [call: const] [emits: no] [allocs: no] [since: 0.1] */
CONFAB_API confab_status CONFAB_CALL confab_conn_next(const confab_engine *engine, confab_id after,
                                                      confab_id *out);

/* Walks all users.
 * [call: const] [emits: no] [allocs: no] [since: 0.1] */
CONFAB_API confab_status CONFAB_CALL confab_user_next(const confab_engine *engine, confab_id after,
                                                      confab_id *out);

/* Walks all channels.
 * [call: const] [emits: no] [allocs: no] [since: 0.1] */
CONFAB_API confab_status CONFAB_CALL confab_channel_next(const confab_engine *engine,
                                                         confab_id after, confab_id *out);

/* Walks the connections of a user.
 * [call: const] [emits: no] [allocs: no] [since: 0.1] */
CONFAB_API confab_status CONFAB_CALL confab_user_conn_next(const confab_engine *engine,
                                                           confab_id user, confab_id after,
                                                           confab_id *out);

/* Walks the memberships of a user.
 * [call: const] [emits: no] [allocs: no] [since: 0.1] */
CONFAB_API confab_status CONFAB_CALL confab_user_member_next(const confab_engine *engine,
                                                             confab_id user, confab_id after,
                                                             confab_id *out);

/* Walks the members of a channel.
 * [call: const] [emits: no] [allocs: no] [since: 0.1] */
CONFAB_API confab_status CONFAB_CALL confab_channel_member_next(const confab_engine *engine,
                                                                confab_id channel, confab_id after,
                                                                confab_id *out);

/* May `viewer` (a user) learn of `subject` (a user, channel or member) by asking? OK: yes;
 * ERR_NOT_FOUND: no. It is the one predicate behind every listing.
 * Errors: ERR_ARG; ERR_STALE_ID.
 * [call: const] [emits: no] [allocs: no] [since: 0.1] */
CONFAB_API confab_status CONFAB_CALL confab_visible(const confab_engine *engine, confab_id viewer,
                                                    confab_id subject);

CONFAB_DECLS_END

#endif
