/* SPDX-License-Identifier: MIT
 *
 * Conveniences, written only in terms of the other headers and compiled into the caller: short
 * forms of the commonest commands. They add no symbol to the library and no rule to the API. */
#ifndef CONFAB_HELPERS_H
#define CONFAB_HELPERS_H

#include <confab/command.h>

CONFAB_DECLS_BEGIN

/* Zeroes a command and fills in its size and type: `confab_event_join c; CONFAB_COMMAND_INIT(&c,
 * CONFAB_EVENT_JOIN);` */
#define CONFAB_COMMAND_INIT(command, event_type)                                                   \
  (memset((command), 0, sizeof *(command)),                                                        \
   (command)->head.struct_size = (uint32_t)sizeof *(command),                                      \
   (command)->head.type = (uint16_t)(event_type))

/* `actor` (0: the server) says `text` to a channel or a user, as CONFAB_MESSAGE_PRIVMSG or NOTICE.
 */
static inline confab_status confab_message_send(confab_engine *engine, confab_id actor,
                                                uint32_t kind, confab_id target, confab_str text) {
  confab_event_message c;
  CONFAB_COMMAND_INIT(&c, CONFAB_EVENT_MESSAGE);
  c.head.actor = actor;
  c.kind = kind;
  c.target = target;
  c.text = text;
  return confab_command_submit(engine, &c.head, NULL);
}

/* `user` joins the channel of that name, which is created when it does not exist. */
static inline confab_status confab_channel_join(confab_engine *engine, confab_id user,
                                                confab_str name, confab_str key) {
  confab_event_join c;
  CONFAB_COMMAND_INIT(&c, CONFAB_EVENT_JOIN);
  c.head.actor = user;
  c.user = user;
  c.name = name;
  c.key = key;
  return confab_command_submit(engine, &c.head, NULL);
}

/* `user` leaves a channel. */
static inline confab_status confab_channel_part(confab_engine *engine, confab_id user,
                                                confab_id channel, confab_str reason) {
  confab_event_part c;
  CONFAB_COMMAND_INIT(&c, CONFAB_EVENT_PART);
  c.head.actor = user;
  c.user = user;
  c.channel = channel;
  c.text = reason;
  return confab_command_submit(engine, &c.head, NULL);
}

/* `actor` (0: the server) puts `user` out of a channel. */
static inline confab_status confab_channel_kick(confab_engine *engine, confab_id actor,
                                                confab_id channel, confab_id user,
                                                confab_str reason) {
  confab_event_kick c;
  CONFAB_COMMAND_INIT(&c, CONFAB_EVENT_KICK);
  c.head.actor = actor;
  c.channel = channel;
  c.user = user;
  c.text = reason;
  return confab_command_submit(engine, &c.head, NULL);
}

/* `actor` (0: the server) sets a channel's topic; empty clears it. */
static inline confab_status confab_channel_topic_set(confab_engine *engine, confab_id actor,
                                                     confab_id channel, confab_str text) {
  confab_event_topic c;
  CONFAB_COMMAND_INIT(&c, CONFAB_EVENT_TOPIC);
  c.head.actor = actor;
  c.channel = channel;
  c.text = text;
  return confab_command_submit(engine, &c.head, NULL);
}

/* `user` takes another nick. */
static inline confab_status confab_user_nick_set(confab_engine *engine, confab_id user,
                                                 confab_str nick) {
  confab_event_nick c;
  CONFAB_COMMAND_INIT(&c, CONFAB_EVENT_NICK);
  c.head.actor = user;
  c.user = user;
  c.nick = nick;
  return confab_command_submit(engine, &c.head, NULL);
}

/* Ends a user: all its sessions, and its place in every channel. */
static inline confab_status confab_user_quit(confab_engine *engine, confab_id user,
                                             confab_str reason) {
  confab_event_disconnect c;
  CONFAB_COMMAND_INIT(&c, CONFAB_EVENT_DISCONNECT);
  c.head.actor = user;
  c.text = reason;
  return confab_command_submit(engine, &c.head, NULL);
}

CONFAB_DECLS_END

#endif
