/* SPDX-License-Identifier: MIT
 *
 * Why an act did not happen, and how acts end: neutral codes that filters deny with and that every
 * protocol says its own way. */
#ifndef CONFAB_REFUSAL_H
#define CONFAB_REFUSAL_H

/* Why an act is refused, in words that no protocol owns; the codec of the origin's protocol says it
 * its own way. A filter may deny with any of them. */
enum {
  CONFAB_REFUSED_NONE = 0,
  CONFAB_REFUSED_POLICY = 1, /* a rule of this server; the text says which */
  CONFAB_REFUSED_BUSY = 2,   /* too much is waiting already: try again */
  CONFAB_REFUSED_NO_SUCH_USER = 3,
  CONFAB_REFUSED_NO_SUCH_CHANNEL = 4,
  CONFAB_REFUSED_BAD_NAME = 5, /* not a legal channel name, nick or mask */
  CONFAB_REFUSED_CANNOT_SEND = 6,
  CONFAB_REFUSED_TOO_MANY_CHANNELS = 7,
  CONFAB_REFUSED_NO_TEXT = 8,
  CONFAB_REFUSED_NICK_IN_USE = 9,
  CONFAB_REFUSED_BAD_NICK = 10,
  CONFAB_REFUSED_NICK_TOO_FAST = 11,
  CONFAB_REFUSED_TARGET_NOT_MEMBER = 12, /* that user is not in that channel */
  CONFAB_REFUSED_NOT_MEMBER = 13,        /* you are not in that channel */
  CONFAB_REFUSED_ALREADY_MEMBER = 14,    /* the guest is there already */
  CONFAB_REFUSED_BANNED = 15,
  CONFAB_REFUSED_INVITE_ONLY = 16,
  CONFAB_REFUSED_BAD_KEY = 17,
  CONFAB_REFUSED_CHANNEL_FULL = 18,
  CONFAB_REFUSED_RANK_NEEDED = 19, /* a higher rank in the channel is needed */
  CONFAB_REFUSED_LIST_FULL = 20,
  CONFAB_REFUSED_BAD_VALUE = 21, /* of a mode */
  CONFAB_REFUSED_UNKNOWN_MODE = 22,
  CONFAB_REFUSED_NOT_OPERATOR = 23, /* of the server */
  CONFAB_REFUSED_BAD_PASSWORD = 24,
  CONFAB_REFUSED_NO_OPERATOR_HERE = 25, /* nobody becomes operator from this host */
  CONFAB_REFUSED_OTHER_USER = 26,       /* only one's own modes */
  CONFAB_REFUSED_LIMIT = 27,            /* a bound of the server */
  CONFAB_REFUSED_BANNED_FROM_SERVER = 28,
  CONFAB_REFUSED_NOT_VOICED = 29, /* the channel is moderated */
  CONFAB_REFUSED_NO_CTCP = 30,
  CONFAB_REFUSED_MEMBERS_ONLY = 31, /* only members may send to it */
  CONFAB_REFUSED_NO_MOTD = 32,
  CONFAB_REFUSED_TOO_LONG = 33,
  CONFAB_REFUSED_BAD_KEY_VALUE = 34,  /* a key that cannot be one */
  CONFAB_REFUSED_WAS_NO_USER = 35,    /* nobody of that nick left */
  CONFAB_REFUSED_FAILED = 36,         /* what should have done it failed; the text may say how */
  CONFAB_REFUSED_PARAMETERS = 37,     /* too few or too many of them */
  CONFAB_REFUSED_NOT_REGISTERED = 38, /* only for those who are */
  CONFAB_REFUSED_NOT_THERE = 39,      /* no such command, property or plugin, or no longer */
  CONFAB_REFUSED_OWNER_NEEDED = 40,   /* an operator of the channel may not, an owner may */
  CONFAB_REFUSED_FORBIDDEN = 41,      /* nobody may, or not now */
  CONFAB_REFUSED_AUTH_ONLY = 42,      /* only for users who proved who they are */
  CONFAB_REFUSED_CLOSED_LIST = 43,    /* only those come in whom the list names */
  CONFAB_REFUSED_NO_WHISPER = 44,     /* the channel or user takes none */
  CONFAB_REFUSED_NO_DATA = 45,        /* likewise, of messages for programs */
  CONFAB_REFUSED_CHANNEL_EXISTS = 46, /* it was to be made anew */
  CONFAB_REFUSED_ALREADY_IN = 47,     /* you are in that channel */
  CONFAB_REFUSED_NO_CREATE = 48,      /* you may not make channels */
  CONFAB_REFUSED_NO_DYNAMIC = 49,     /* you may not enter channels that users made */
  CONFAB_REFUSED_WRONG_PROTOCOL = 50, /* the channel is for clients of another protocol */
  CONFAB_REFUSED_RESERVED_NAME = 51,  /* kept for the clones of a channel */
  CONFAB_REFUSED_DUPLICATE = 52,      /* there is such an entry */
  CONFAB_REFUSED_NO_ENTRY = 53,       /* there is no such entry */
  CONFAB_REFUSED_NOT_SUPPORTED = 54,  /* not of that kind of object */
  CONFAB_REFUSED_NO_MECHANISM = 55,   /* no such security package */
  CONFAB_REFUSED_UNKNOWN_PROPERTY = 56,
  CONFAB_REFUSED_TOO_FAST = 57, /* a delay of the server's was not kept */
  /* One's address failed too often to prove who it is: confab_engine_options.auth_failures_max. */
  CONFAB_REFUSED_AUTH_SUSPENDED = 58,
  CONFAB_REFUSED_END = 59
};

/* How an act ended: what OBSERVE is told (confab_call_outcome). */
enum {
  CONFAB_OUTCOME_COMMITTED = 1, /* it happened, or was so already */
  CONFAB_OUTCOME_DENIED = 2,    /* a filter refused it */
  CONFAB_OUTCOME_REFUSED = 3,   /* the core's own rules refused it */
  CONFAB_OUTCOME_EXPIRED = 4,   /* nobody answered in time */
  /* Its origin was gone before it was decided; or, of an opening, somebody else opened the
   * channel. */
  CONFAB_OUTCOME_CANCELLED = 5
};

#endif
