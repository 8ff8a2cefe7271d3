/* SPDX-License-Identifier: MIT
 *
 * Events about channels: who enters, leaves, is invited or kept out, and what a channel, its
 * members and its lists are. event.h includes this and says what holds for all events. */
#ifndef CONFAB_EVENT_CHANNEL_H
#define CONFAB_EVENT_CHANNEL_H

#include <confab/event.h>

/* What a member may do, as bits. OPERATOR and OWNER exclude each other: giving one takes the other.
 * VOICE is apart. The highest counts. */
enum { CONFAB_RANK_VOICE = 1u << 0, CONFAB_RANK_OPERATOR = 1u << 1, CONFAB_RANK_OWNER = 1u << 2 };

/* What a member does not want in that channel: further bits of confab_event_member_change.rank,
 * which each member sets for itself. */
enum { CONFAB_MEMBER_NO_DATA = 1u << 8, CONFAB_MEMBER_NO_WHISPER = 1u << 12 };

/* confab_event_join.flags */
enum {
  /* A channel that this makes has `modes`, `limit` and `key` instead of the usual modes. */
  CONFAB_JOIN_OPENING = 1u << 0,
  CONFAB_JOIN_ONLY_NEW = 1u << 1,      /* refused where the channel exists: CHANNEL_EXISTS */
  CONFAB_JOIN_ONLY_EXISTING = 1u << 2, /* refused where it does not: NO_SUCH_CHANNEL */
  CONFAB_JOIN_FRESH_CLONE = 1u << 3,   /* a new clone of a CLONEABLE channel, full or not */
  CONFAB_JOIN_REFUSE_TWICE = 1u << 4,  /* being in it is a refusal, ALREADY_IN, and no silence */
  CONFAB_JOIN_OWNS = 1u << 5 /* who makes the channel becomes its OWNER; else its OPERATOR */
};

typedef struct confab_event_join {
  confab_event head;
  confab_id user;
  confab_id channel; /* 0: it will be created */
  confab_id member;  /* set in OBSERVE */
  confab_str name; /* [set] of the channel; in OBSERVE of the clone that was entered, if one was */
  confab_str key;  /* [set] */
  uint32_t flags;  /* CONFAB_JOIN_* */
  uint32_t ranks;  /* CONFAB_RANK_* bits that it enters with; set in OBSERVE */
  uint64_t modes;  /* OPENING: UINT64_C(1) << CONFAB_CMODE_*; KEY and LIMIT follow from below */
  uint32_t limit;  /* OPENING: of members; 0: none */
  uint32_t reserved0;
} confab_event_join;

typedef struct confab_event_part {
  confab_event head;
  confab_id user;
  confab_id channel;
  confab_id member; /* dead in OBSERVE */
  confab_str name;  /* [set] of the channel */
  confab_str text;  /* [set] */
} confab_event_part;

typedef struct confab_event_kick {
  confab_event head;
  confab_id channel;
  confab_id member; /* who goes; dead in OBSERVE */
  confab_id user;   /* who that is; in a command 0 lets `nick` decide */
  confab_str name;  /* [set] of the channel */
  confab_str nick;  /* [set] */
  confab_str text;  /* [set] */
} confab_event_kick;

typedef struct confab_event_invite {
  confab_event head;
  confab_id channel; /* 0: it does not exist */
  confab_id user;    /* the guest */
  confab_str name;   /* [set] of the channel */
  confab_str nick;   /* [set] of the guest */
} confab_event_invite;

/* Somebody was kept out of a channel with mode KNOCK: its operators are told (IRCX draft §6.6). */
typedef struct confab_event_knock {
  confab_event head;
  confab_id channel;
  confab_str name; /* of the channel */
  confab_str text; /* [set] what the guest says, or empty */
  uint32_t code;   /* CONFAB_REFUSED_* that it met; NONE: it asked without trying to enter */
  uint32_t reserved0;
} confab_event_knock;

typedef struct confab_event_topic {
  confab_event head;
  confab_id channel;
  confab_str name; /* [set] of the channel */
  confab_str text; /* [set] empty: cleared */
} confab_event_topic;

typedef struct confab_event_member_change {
  confab_event head;
  confab_id channel;
  confab_id member;
  confab_id user;
  confab_str name; /* [set] of the channel */
  confab_str nick; /* [set] of the member */
  uint32_t rank;   /* [set] one CONFAB_RANK_* or CONFAB_MEMBER_* */
  uint32_t set;    /* [set] 1: given, 0: taken */
} confab_event_member_change;

typedef struct confab_event_channel {
  confab_event head; /* CHANNEL_OPEN, CHANNEL_CLOSE */
  confab_id channel; /* 0 before it is open, dead after it is closed */
  confab_str name;
  confab_id parent; /* of a clone; else 0 */
  uint64_t modes;   /* that it opens with: UINT64_C(1) << CONFAB_CMODE_* */
  uint32_t limit;
  uint32_t reserved0;
} confab_event_channel;

/* A channel's modes: numbers, and bits of confab_channel_info.modes. PRIVATE, HIDDEN and SECRET
 * exclude each other: setting one clears the others. */
enum {
  CONFAB_CMODE_MODERATED = 0,    /* only voiced members and above speak */
  CONFAB_CMODE_NO_EXTERNAL = 1,  /* only members speak */
  CONFAB_CMODE_TOPIC_LOCKED = 2, /* only operators change the topic */
  CONFAB_CMODE_INVITE_ONLY = 3,
  CONFAB_CMODE_SECRET = 4,      /* strangers do not learn that it exists */
  CONFAB_CMODE_PRIVATE = 5,     /* strangers learn its name and how many are in it, and no more */
  CONFAB_CMODE_NO_CTCP = 6,     /* no CTCP but ACTION */
  CONFAB_CMODE_KEY = 7,         /* `value`: what JOIN must show */
  CONFAB_CMODE_LIMIT = 8,       /* `value`: a decimal number of members */
  CONFAB_CMODE_HIDDEN = 9,      /* no listing shows it; asked for by name it is public */
  CONFAB_CMODE_KNOCK = 10,      /* operators learn of those who were kept out */
  CONFAB_CMODE_NO_FORMAT = 11,  /* a hint to clients: show the bare text */
  CONFAB_CMODE_NO_WHISPER = 12, /* no whispers but to and from operators */
  CONFAB_CMODE_AUDITORIUM = 13, /* others than operators see and reach operators only; from the
                                   start or never */
  CONFAB_CMODE_AUTH_ONLY = 14,  /* only users who proved who they are come in */
  CONFAB_CMODE_CLONEABLE = 15, /* where it is full, a clone takes who comes (IRCX draft §8.1.16) */
  CONFAB_CMODE_CLONE = 16,     /* it is one; the engine's own mark */
  CONFAB_CMODE_REGISTERED = 17,  /* it stays when it is empty; the administration's mark */
  CONFAB_CMODE_SERVICE = 18,     /* a hint: a service watches it; the administration's mark */
  CONFAB_CMODE_MIC_ONLY = 19,    /* only sessions of CONFAB_PROTOCOL_MIC come in; from the start */
  CONFAB_CMODE_UNICODE = 20,     /* its clients may speak wide strings; from the start, MIC_ONLY */
  CONFAB_CMODE_ECHO = 21,        /* who speaks gets a copy; from the start */
  CONFAB_CMODE_FEED = 22,        /* nobody is told who comes and goes; from the start */
  CONFAB_CMODE_AUTH_SPEECH = 23, /* only users who proved who they are speak; from the start */
  CONFAB_CMODE_NO_DATA = 24,     /* no messages of kind DATA, REQUEST or REPLY */
  CONFAB_CMODE_CORE_END = 25
};

typedef struct confab_event_channel_change {
  confab_event head;
  confab_id channel;
  confab_str name;  /* [set] of the channel */
  uint32_t mode;    /* [set] CONFAB_CMODE_*, or a mode that was added (extend.h) */
  uint32_t set;     /* [set] */
  confab_str value; /* [set] of KEY, LIMIT and added modes that take one */
} confab_event_channel_change;

/* Lists of masks: confab_event_access.list. Users, the server and the network have those called
 * access levels (IRCX draft §5.1): BAN is its DENY, OPERATOR its HOST. */
enum {
  CONFAB_LIST_BAN = 0,
  CONFAB_LIST_EXCEPTION = 1, /* of a ban; channels only */
  CONFAB_LIST_INVITE = 2,    /* of INVITE_ONLY; channels only */
  CONFAB_LIST_GRANT = 3,     /* comes in; and where there is a GRANT and no BAN, nobody else does */
  CONFAB_LIST_VOICE = 4,     /* comes in, with that rank; channels only */
  CONFAB_LIST_OPERATOR = 5,  /* likewise */
  CONFAB_LIST_OWNER = 6,     /* likewise */
  CONFAB_LIST_COUNT = 7,
  CONFAB_LIST_ALL = 255 /* CLEAR only */
};

/* Whose list: confab_event_access.subject. */
enum {
  CONFAB_ACCESS_CHANNEL = 0,
  CONFAB_ACCESS_USER = 1,   /* who may speak to that user: a BAN drops what it says in silence */
  CONFAB_ACCESS_SERVER = 2, /* who may register */
  CONFAB_ACCESS_NETWORK = 3 /* likewise, on all servers */
};

/* confab_event_access.set */
enum { CONFAB_ACCESS_REMOVE = 0, CONFAB_ACCESS_ADD = 1, CONFAB_ACCESS_CLEAR = 2 };

typedef struct confab_event_access {
  confab_event head;
  confab_id channel; /* of subject CHANNEL, else 0 */
  confab_str name;   /* [set] of the channel or user */
  uint32_t list;     /* CONFAB_LIST_* */
  uint32_t set;      /* CONFAB_ACCESS_* */
  confab_str mask;   /* [set] nick!user@host or nick!user@host$server, complete; CLEAR: empty */
  confab_id user;    /* of subject USER, else 0 */
  uint32_t subject;  /* CONFAB_ACCESS_* */
  /* ADD: how long it lasts; 0: for ever. From its last second on the entry counts for nothing; it
   * goes, which plain IRC is told for BAN, when the list is next changed. */
  uint32_t minutes;
  confab_str text; /* [set] ADD: the reason, which who is denied is told */
  uint32_t left;   /* CLEAR, in OBSERVE: entries that the actor's rank could not remove */
  uint32_t reserved0;
} confab_event_access;

#endif
