/* SPDX-License-Identifier: MIT
 *
 * Events about the bus itself and about what was added to it: handlers that fail, circuit breakers,
 * shadow verdicts, plugins, added commands, properties and event types. event.h includes this and
 * says what holds for all events. */
#ifndef CONFAB_EVENT_BUS_H
#define CONFAB_EVENT_BUS_H

#include <confab/event.h>
#include <confab/status.h>

/* confab_event_hook_failed.kind */
enum {
  CONFAB_FAILURE_VERDICT = 1,   /* it answered what its stage does not have, or reported an error */
  CONFAB_FAILURE_CALL_TIME = 2, /* one call took longer than its budget */
  CONFAB_FAILURE_SECOND_TIME = 3, /* its calls within a second took longer than their budget */
  CONFAB_FAILURE_EXPIRED = 4,     /* it deferred, and nobody decided in time */
  CONFAB_FAILURE_STAGE = 5,       /* it tried what its stage may only read; `status` says what */
  CONFAB_FAILURE_TOKEN = 6        /* it resolved a token that is dead or another's */
};

typedef struct confab_event_hook_failed {
  confab_event head;
  confab_id hook;
  uint32_t kind;          /* CONFAB_FAILURE_* */
  uint32_t type;          /* CONFAB_EVENT_* it was called for, or 0 */
  uint64_t about;         /* seq of that event, or 0 */
  confab_verdict verdict; /* what it answered, or PASS */
  confab_status status;   /* what it was told, or OK */
  uint64_t time_ns;       /* how long it took, where that is what it failed in */
} confab_event_hook_failed;

/* A hook's circuit breaker: confab_event_hook_state.state. */
enum {
  CONFAB_HOOK_CLOSED = 0,   /* it is called */
  CONFAB_HOOK_OPEN = 1,     /* it failed too often: its policy decides, without a call */
  CONFAB_HOOK_HALF_OPEN = 2 /* the next call decides */
};

typedef struct confab_event_hook_state {
  confab_event head;
  confab_id hook;
  uint32_t state;    /* CONFAB_HOOK_* */
  uint32_t failures; /* in a row */
} confab_event_hook_state;

typedef struct confab_event_hook_shadow {
  confab_event head;
  confab_id hook;
  uint32_t type;          /* CONFAB_EVENT_* that it judged */
  confab_verdict verdict; /* DENY or DEFER; PASS: it would have rewritten the event */
  uint64_t about;         /* seq of that event */
  uint32_t code;          /* CONFAB_REFUSED_* of the denial */
  uint32_t visibility;    /* CONFAB_DENIAL_* of the denial */
  confab_str text;        /* of the denial, or what it would have written */
} confab_event_hook_shadow;

typedef struct confab_event_command {
  confab_event head;
  confab_id command; /* what confab_command_add gave */
  uint32_t params;   /* how many there are */
  uint32_t reserved0;
  confab_str verb; /* upper case */
  confab_str text; /* [set] the parameters, an LF between them: confab_command_param */
} confab_event_command;

typedef struct confab_event_property {
  confab_event head;
  confab_id subject;  /* a user or a channel */
  confab_id property; /* what confab_property_add gave; 0: the channels' own of that name */
  uint32_t set;       /* 1: set, 0: cleared */
  uint32_t reserved0;
  confab_str name;         /* of the property */
  confab_str text;         /* [set] the value */
  confab_str subject_name; /* the nick or the name of the subject */
} confab_event_property;

/* confab_event_plugin.state */
enum {
  CONFAB_PLUGIN_LOADED = 1,   /* create succeeded */
  CONFAB_PLUGIN_DRAINING = 2, /* it gets no new events; what it deferred may still be resolved */
  CONFAB_PLUGIN_GONE = 3,     /* destroyed; its id is dead */
  CONFAB_PLUGIN_REFUSED = 4   /* it could not be added; it was never called, or create failed */
};

typedef struct confab_event_plugin {
  confab_event head;
  confab_id plugin;     /* 0 when it was refused */
  uint32_t state;       /* CONFAB_PLUGIN_* */
  confab_status status; /* why it was refused, or OK */
  confab_str name;      /* of the instance */
  confab_str text;      /* more of why, or empty */
} confab_event_plugin;

/* An event of a space that somebody leased (confab_space_add): the owner of the space says what its
 * types and members mean. */
typedef struct confab_event_custom {
  confab_event head; /* space and type as leased */
  confab_id subject; /* what it is about, or 0 */
  confab_id object;  /* a second one, or 0 */
  uint64_t number;   /* [set] */
  confab_str name;   /* [set] */
  confab_str text;   /* [set] may hold any bytes but CR, LF and NUL when set by a filter */
} confab_event_custom;

#endif
