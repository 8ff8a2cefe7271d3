/* SPDX-License-Identifier: MIT
 *
 * Events. An event names an intention; the same struct is what a filter judges, what the core
 * applies, what encoders render and what observers read. Submitted by the host, it is a command
 * (command.h).
 *
 * Ids that do not exist yet (the channel that a JOIN will create, the member it will make) are 0
 * until the OBSERVE stage. Text is as the client said it, cut to the limits. Members that a type
 * does not use are 0. [set] marks what a TRANSFORM handler may replace with confab_call_set (a
 * text) or confab_call_set_number, and the core checks again. Replacing a name replaces whom or
 * what it names: the id beside it is looked up anew. */
#ifndef CONFAB_EVENT_H
#define CONFAB_EVENT_H

#include <confab/status.h>
#include <confab/types.h>

/* confab_event.type, in space 0. Other spaces are leased by plugins: extend.h. */
enum {
  CONFAB_EVENT_NONE = 0,
  CONFAB_EVENT_CONNECT = 1,      /* a connection opened */
  CONFAB_EVENT_REGISTER = 2,     /* it becomes a user */
  CONFAB_EVENT_AUTHENTICATE = 3, /* it showed a password */
  CONFAB_EVENT_DISCONNECT = 4,   /* it ends; cannot be refused */
  CONFAB_EVENT_NICK = 5,         /* a user changes its nick */
  CONFAB_EVENT_USER_CHANGE = 6,  /* away, modes, realname, host */
  CONFAB_EVENT_MESSAGE = 7, /* text to a channel, some of its members, a user, or the operators */
  CONFAB_EVENT_JOIN = 8,
  CONFAB_EVENT_PART = 9,
  CONFAB_EVENT_KICK = 10,
  CONFAB_EVENT_INVITE = 11,
  CONFAB_EVENT_TOPIC = 12,
  CONFAB_EVENT_MEMBER_CHANGE = 13, /* a rank is given or taken */
  /* The first member is about to enter; or, FINAL, the host registered it (service.h). */
  CONFAB_EVENT_CHANNEL_OPEN = 14,
  CONFAB_EVENT_CHANNEL_CLOSE = 15,  /* the last one left; cannot be refused */
  CONFAB_EVENT_CHANNEL_CHANGE = 16, /* a mode is set or cleared */
  CONFAB_EVENT_ACCESS = 17,         /* an entry is added to or removed from a list */
  CONFAB_EVENT_KILL = 18,           /* an operator ends a user's sessions */
  CONFAB_EVENT_OPER = 19,           /* a user asks to be an operator */
  CONFAB_EVENT_QUERY = 20,    /* a question (phase ASK), and each row of its answer (phase ROW) */
  CONFAB_EVENT_LINE_IN = 21,  /* one raw message from a client, before it is understood */
  CONFAB_EVENT_LINE_OUT = 22, /* raw output for one connection, before it is queued; cannot wait */
  CONFAB_EVENT_RATE_LIMIT = 23, /* a client was throttled or went over a bound; cannot be refused */
  CONFAB_EVENT_ADMIN = 24,      /* an operator asks the host for something: rehash, die */
  CONFAB_EVENT_HOOK_FAILED = 25, /* a handler broke its contract; cannot be refused */
  CONFAB_EVENT_HOOK_STATE = 26,  /* a hook's circuit breaker opened or closed; cannot be refused */
  CONFAB_EVENT_HOOK_SHADOW = 27, /* what a shadow hook would have done; cannot be refused */
  CONFAB_EVENT_COMMAND = 28,     /* a client uses a command that a plugin or the host added */
  CONFAB_EVENT_PROPERTY = 29,    /* a property of a user or channel is set or cleared */
  CONFAB_EVENT_PLUGIN = 30,      /* a plugin's state changed; cannot be refused */
  CONFAB_EVENT_KNOCK = 31,       /* somebody was kept out of a channel, or asks to be let in */
  CONFAB_EVENT_REDIRECT = 32,    /* clients are sent to another server */
  CONFAB_EVENT_TYPE_END = 33
};

/* confab_event.flags */
enum {
  CONFAB_EVENT_FINAL = 1u << 0, /* cannot be refused: POLICY's answer is ignored */
  CONFAB_EVENT_FORCED =
      1u << 2, /* command only: skip the gate's checks of rank and rate (never those of sense) */
  CONFAB_EVENT_REWRITTEN = 1u << 3, /* a handler changed it */
  /* Where it came from: exactly one of these is set. */
  CONFAB_EVENT_FROM_HOST = 1u << 1,    /* submitted outside of handlers: by the host */
  CONFAB_EVENT_FROM_CLIENT = 1u << 4,  /* a connection's own act */
  CONFAB_EVENT_FROM_HANDLER = 1u << 5, /* submitted inside a handler, a timer or a command */
  CONFAB_EVENT_FROM_ENGINE = 1u << 6,  /* the engine's own: a time-out, a bound, a notice */
  /* A MESSAGE of kind DATA that came as a datagram (confab_datagram_feed): it goes as datagrams to
   * those members of the channel who take them, and to nobody else. Also of its LINE_IN. */
  CONFAB_EVENT_DATAGRAM = 1u << 7
};

/* The head of every event. */
typedef struct confab_event {
  uint32_t struct_size; /* of the whole event */
  uint16_t space;       /* 0: the core's types */
  uint16_t type;        /* CONFAB_EVENT_* */
  uint32_t flags;
  uint32_t protocol; /* CONFAB_PROTOCOL_* of the origin, or NONE */
  uint64_t seq;      /* total order within the engine; 0 in a command */
  uint64_t cause;    /* seq of the event whose handler submitted this one, or 0 */
  confab_time time;
  confab_id origin; /* the connection it came by, or 0 */
  confab_id actor;  /* the user who acts, or 0 for the server itself */
} confab_event;

typedef struct confab_event_connect {
  confab_event head;
  confab_str address, hostname;
  uint32_t secure; /* 1: the transport is encrypted */
  uint32_t trust;  /* CONFAB_TRUST_* (conn.h): of `address` */
} confab_event_connect;

typedef struct confab_event_register {
  confab_event head;
  confab_str nick;     /* [set] */
  confab_str username; /* [set] */
  confab_str hostname; /* [set] what others will see */
  confab_str realname; /* [set] */
  confab_str address;
} confab_event_register;

typedef struct confab_event_authenticate {
  confab_event head;
  confab_str mechanism; /* "PASS", or the security package that the client chose: "NTLM" */
  confab_str name;      /* the nick or account name so far */
  confab_str password;  /* empty when none was sent; of a package, the client's message: octets */
  uint32_t step;        /* of a package: which of the client's messages this is, from 1; else 0 */
  uint32_t reserved0;
} confab_event_authenticate;

/* Why a connection ends: confab_event_disconnect.kind. */
enum {
  CONFAB_DISCONNECT_QUIT = 1,   /* the client said so */
  CONFAB_DISCONNECT_CLOSED = 2, /* the socket ended */
  CONFAB_DISCONNECT_HOST = 3,   /* confab_conn_close, or a command of the host */
  CONFAB_DISCONNECT_KILLED = 4,
  CONFAB_DISCONNECT_TIMEOUT = 5,  /* no answer to a ping, or never registered */
  CONFAB_DISCONNECT_OVERFLOW = 6, /* its output backlog is full */
  CONFAB_DISCONNECT_FLOOD = 7,    /* its input backlog is full */
  CONFAB_DISCONNECT_DENIED = 8,   /* a filter or the host refused it */
  CONFAB_DISCONNECT_NOMEM = 9     /* memory ran out while it was served */
};

typedef struct confab_event_disconnect {
  confab_event head;
  confab_str text; /* [set] the reason that others see */
  uint32_t kind;   /* CONFAB_DISCONNECT_* */
  uint32_t
      last; /* 1: the user's last session, so the user leaves; 0: others of its sessions go on */
} confab_event_disconnect;

typedef struct confab_event_nick {
  confab_event head;
  confab_id user;
  confab_str nick; /* [set] */
  confab_str old_nick;
} confab_event_nick;

/* confab_event_user_change.what */
enum {
  CONFAB_USER_AWAY = 1,     /* set 1: `text` is the message; set 0: back */
  CONFAB_USER_MODE = 2,     /* `mode` is set or cleared */
  CONFAB_USER_REALNAME = 3, /* `text` */
  CONFAB_USER_HOSTNAME = 4  /* `text`: what others see (a cloak) */
};

/* A user's modes, as bits of confab_user_info.modes and in confab_event_user_change.mode. */
enum {
  CONFAB_UMODE_INVISIBLE = 1u << 0, /* strangers do not find it by mask */
  CONFAB_UMODE_WALLOPS = 1u << 1,   /* wants WALLOPS */
  CONFAB_UMODE_OPERATOR = 1u << 2,  /* of the server; given by OPER, only taken off by the user */
  CONFAB_UMODE_ADMINISTRATOR = 1u << 3,  /* over operators (IRCX: sysop manager); the host's gift */
  CONFAB_UMODE_GAG = 1u << 4,            /* what it says is dropped in silence; set by operators */
  CONFAB_UMODE_AUTHENTICATED = 1u << 5,  /* it proved who it is, by PASS or AUTH; the engine's */
  CONFAB_UMODE_NO_WHISPER = 1u << 6,     /* takes no whispers */
  CONFAB_UMODE_NO_DATA = 1u << 7,        /* takes no messages of kind DATA, REQUEST or REPLY */
  CONFAB_UMODE_SERVER_NOTICES = 1u << 8, /* wants notices of the server */
  /* To users who speak anything but MIC there is no such user to talk to; set at MIC's log-on. */
  CONFAB_UMODE_MIC_ONLY = 1u << 9
};

typedef struct confab_event_user_change {
  confab_event head;
  confab_id user;
  uint32_t what; /* CONFAB_USER_* */
  uint32_t mode; /* [set] CONFAB_UMODE_*, or the bit of a mode that was added (extend.h) */
  uint32_t set;  /* [set] */
  uint32_t reserved0;
  confab_str text; /* [set] */
} confab_event_user_change;

/* confab_event_message.kind */
enum {
  CONFAB_MESSAGE_PRIVMSG = 1,
  CONFAB_MESSAGE_NOTICE = 2,  /* never answered by a program (RFC 2812 §3.3.2) */
  CONFAB_MESSAGE_WALLOPS = 3, /* to all users with CONFAB_UMODE_WALLOPS */
  CONFAB_MESSAGE_WHISPER = 4, /* to a member, in `context`, unheard by the others */
  CONFAB_MESSAGE_DATA = 5,    /* for programs, under `tag`; `text` is theirs: any octets */
  CONFAB_MESSAGE_REQUEST = 6, /* DATA that wants a REPLY (IRCX draft §5.4) */
  CONFAB_MESSAGE_REPLY = 7
};

typedef struct confab_event_message {
  confab_event head;
  uint32_t kind;      /* [set] CONFAB_MESSAGE_* */
  uint32_t ranks_min; /* STATUSMSG: only members with at least this CONFAB_RANK_*; 0: all */
  confab_id target;   /* a channel or a user; in a command it may be 0 and `name` decides */
  confab_str name;    /* [set] of the target */
  confab_str text;    /* [set] */
  confab_id context;  /* a channel in which it is said to the target, a member; else 0 */
  confab_str context_name;
  confab_str peers; /* WHISPER: the nicks of all whom it is said to, with a comma between them */
  confab_str tag;   /* DATA, REQUEST, REPLY; empty: octets of a client of CONFAB_PROTOCOL_MIC */
} confab_event_message;

typedef struct confab_event_kill {
  confab_event head;
  confab_id user;
  confab_str nick;   /* [set] or the name of a channel: its members are put out, and it ends */
  confab_str text;   /* [set] */
  confab_id channel; /* in place of a user; else 0 */
} confab_event_kill;

/* Sends a client, or all that can be told so, to other servers (IRCX draft §6.7). */
typedef struct confab_event_redirect {
  confab_event head;
  confab_id conn;     /* 0: all */
  confab_str targets; /* host:port, with a comma between them */
  confab_str text;    /* [set] why */
} confab_event_redirect;

typedef struct confab_event_oper {
  confab_event head;
  confab_str name; /* the operator's name; the password goes to the host alone */
} confab_event_oper;

/* confab_event_query.kind */
enum {
  CONFAB_QUERY_NAMES = 1,
  CONFAB_QUERY_LIST = 2,
  CONFAB_QUERY_WHO = 3,
  CONFAB_QUERY_WHOIS = 4,
  CONFAB_QUERY_WHOWAS = 5,
  CONFAB_QUERY_ISON = 6,
  CONFAB_QUERY_USERHOST = 7,
  CONFAB_QUERY_TOPIC = 8,
  CONFAB_QUERY_MODES = 9,      /* a channel's or one's own modes */
  CONFAB_QUERY_ACCESS = 10,    /* the entries of one of a channel's lists */
  CONFAB_QUERY_INVITES = 11,   /* one's own pending invitations */
  CONFAB_QUERY_PROPERTIES = 12 /* of a channel or user */
};

/* confab_event_query.phase */
enum {
  CONFAB_QUERY_ASK = 1, /* denying it refuses the question */
  CONFAB_QUERY_ROW = 2  /* denying it leaves this row out; cannot wait */
};

typedef struct confab_event_query {
  confab_event head;
  uint32_t kind;     /* CONFAB_QUERY_* */
  uint32_t phase;    /* CONFAB_QUERY_ASK or ROW */
  confab_id channel; /* asked about, or of the row, or 0 */
  confab_id user;    /* asked about, or of the row, or 0 */
  confab_str name;   /* [set] in phase ASK: as it was asked, a nick, a channel, a mask */
} confab_event_query;

typedef struct confab_event_line {
  confab_event head; /* LINE_IN, LINE_OUT */
  confab_id conn;
  /* [set] LINE_IN: one line without its end; LINE_OUT: whole lines with theirs. Of
   * CONFAB_PROTOCOL_MIC: one frame; whole frames. */
  confab_str text;
} confab_event_line;

/* confab_event_rate_limit.limit */
enum {
  CONFAB_LIMIT_COMMANDS = 1, /* throttled: its commands wait */
  CONFAB_LIMIT_INPUT = 2,    /* its input backlog is full: it is closed */
  CONFAB_LIMIT_OUTPUT = 3,   /* its output backlog is full: it is closed */
  CONFAB_LIMIT_NICK = 4      /* its nick changes too fast: refused */
};

typedef struct confab_event_rate_limit {
  confab_event head;
  confab_id conn;
  uint32_t limit; /* CONFAB_LIMIT_* */
  uint32_t reserved0;
} confab_event_rate_limit;

typedef struct confab_event_admin {
  confab_event head;
  uint32_t request; /* CONFAB_REQUEST_REHASH or DIE (host.h) */
  uint32_t reserved0;
} confab_event_admin;

#include <confab/event_bus.h>
#include <confab/event_channel.h>
#include <confab/refusal.h>

#endif
