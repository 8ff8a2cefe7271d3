/* SPDX-License-Identifier: MIT
 *
 * Commands: acts of the host and of plugins. A command is an event (event.h) that has not happened
 * yet: fill in the struct of its type and submit it. It takes the same way as a client's act: gate,
 * filters, commit, observers. helpers.h has one-line forms of the common ones.
 *
 * `head.actor` is the user in whose name it happens, or 0 for the server itself, which may do
 * everything that makes sense. An actor's own rank counts, unless head.flags has
 * CONFAB_EVENT_FORCED. Where an id and a name are both given, the id decides. */
#ifndef CONFAB_COMMAND_H
#define CONFAB_COMMAND_H

#include <confab/engine.h>
#include <confab/event.h>

/* A user without a connection: a bot, a service, a bridged guest. */
typedef struct confab_user_options {
  uint32_t struct_size;
  uint32_t flags; /* must be 0 */
  confab_str nick, username, hostname,
      realname; /* empty username and hostname: "host" and the server's name */
} confab_user_options;

CONFAB_DECLS_BEGIN

/* Fills options with the defaults and the caller's size. Use confab_user_options_init.
 * [call: const] [emits: no] [allocs: no] [since: 0.1] */
CONFAB_API_VOID void CONFAB_CALL confab_user_options_defaults(confab_user_options *options,
                                                              uint32_t struct_size);

static inline confab_user_options confab_user_options_init(void) {
  confab_user_options options;
  confab_user_options_defaults(&options, (uint32_t)sizeof options);
  return options;
}

/* Does what `command` says. Of its head, struct_size, type, actor, flags (FORCED only) are read.
 * Types that can be submitted: DISCONNECT (ends the actor: all its sessions, and the user), NICK,
 * USER_CHANGE, MESSAGE, JOIN, PART, KICK, INVITE, TOPIC, MEMBER_CHANGE, CHANNEL_CHANGE, ACCESS,
 * KILL, PROPERTY. Returns OK (done), CONFAB_PARKED (waits), CONFAB_QUEUED (inside a handler: its
 * outcome shows in OBSERVE).
 * Errors: ERR_ARG; ERR_STRUCT; ERR_STALE_ID; ERR_UNSUPPORTED (that type); ERR_TOO_LONG; ERR_NAME;
 * ERR_EXISTS (a nick that is taken); ERR_DENIED (the gate or a filter refused: an observer is told
 * which, and why); ERR_LIMIT (queued_max); ERR_NOMEM. `*seq` (may be null) is the event's number,
 * also when it was refused; 0 while queued.
 * [call: anywhere] [emits: yes] [allocs: yes] [since: 0.1] */
CONFAB_API confab_status CONFAB_CALL confab_command_submit(confab_engine *engine,
                                                           const confab_event *command,
                                                           uint64_t *seq);

/* Makes a user that has no connection. It is registered at once, without a `register` event. What
 * is sent to it is seen in OBSERVE. End it with a DISCONNECT command. Errors: ERR_ARG; ERR_STRUCT;
 * ERR_NAME; ERR_EXISTS; ERR_LIMIT (users_max); ERR_NOMEM; ERR_REENTRANT.
 * [call: outside-hook] [emits: no] [allocs: yes] [since: 0.1] */
CONFAB_API confab_status CONFAB_CALL confab_user_create(confab_engine *engine,
                                                        const confab_user_options *options,
                                                        confab_id *out);

CONFAB_DECLS_END

#endif
