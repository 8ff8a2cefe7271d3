// SPDX-License-Identifier: MIT
//
// Intents as commands of the host: see intent.hpp. One case for each type of event that can be
// submitted; the library refuses the others, and so does this.
#include "q265267/intent.hpp"

#include "support/engine_fixture.hpp"

#include <cstring>

using confab::test::ignore;
using confab::test::str_of;

namespace q265267 {

namespace {

union any_command {
  confab_event head;
  confab_event_disconnect disconnect;
  confab_event_nick nick;
  confab_event_user_change user_change;
  confab_event_message message;
  confab_event_join join;
  confab_event_part part;
  confab_event_kick kick;
  confab_event_invite invite;
  confab_event_topic topic;
  confab_event_member_change member_change;
  confab_event_channel_change channel_change;
  confab_event_access access;
  confab_event_kill kill;
  confab_event_property property;
  confab_event_knock knock;
  confab_event_redirect redirect;
};

void fill_channel_act(any_command &c, const intent &what) {
  switch (what.type) {
  case CONFAB_EVENT_JOIN:
    c.join.name = str_of(what.name);
    c.join.key = str_of(what.key);
    break;
  case CONFAB_EVENT_PART:
    c.part.name = str_of(what.name);
    c.part.text = str_of(what.text);
    break;
  case CONFAB_EVENT_KICK:
    c.kick.name = str_of(what.name);
    c.kick.nick = str_of(what.nick);
    c.kick.text = str_of(what.text);
    break;
  case CONFAB_EVENT_INVITE:
    c.invite.name = str_of(what.name);
    c.invite.nick = str_of(what.nick);
    break;
  case CONFAB_EVENT_TOPIC:
    c.topic.name = str_of(what.name);
    c.topic.text = str_of(what.text);
    break;
  case CONFAB_EVENT_MEMBER_CHANGE:
    c.member_change.name = str_of(what.name);
    c.member_change.nick = str_of(what.nick);
    c.member_change.rank = what.rank;
    c.member_change.set = what.set;
    break;
  case CONFAB_EVENT_CHANNEL_CHANGE:
    c.channel_change.name = str_of(what.name);
    c.channel_change.value = str_of(what.value);
    c.channel_change.mode = what.mode;
    c.channel_change.set = what.set;
    break;
  case CONFAB_EVENT_ACCESS:
    c.access.name = str_of(what.name);
    c.access.mask = str_of(what.mask);
    c.access.text = str_of(what.text);
    c.access.list = what.list;
    c.access.set = what.set;
    break;
  default:
    break;
  }
}

void fill(any_command &c, const intent &what, confab_id actor) {
  switch (what.type) {
  case CONFAB_EVENT_DISCONNECT:
    c.disconnect.text = str_of(what.text);
    break;
  case CONFAB_EVENT_NICK:
    c.nick.nick = str_of(what.nick);
    break;
  case CONFAB_EVENT_USER_CHANGE:
    c.user_change.user = actor;
    c.user_change.what = what.kind;
    c.user_change.mode = what.mode;
    c.user_change.set = what.set;
    c.user_change.text = str_of(what.text);
    break;
  case CONFAB_EVENT_MESSAGE:
    c.message.kind = what.kind;
    c.message.name = str_of(what.name);
    c.message.text = str_of(what.text);
    c.message.context_name = str_of(what.context);
    c.message.peers = str_of(what.context.empty() ? std::string_view() : what.name);
    c.message.tag = str_of(what.tag);
    break;
  case CONFAB_EVENT_KILL:
    c.kill.nick = str_of(what.nick);
    c.kill.text = str_of(what.text);
    break;
  case CONFAB_EVENT_KNOCK:
    c.knock.name = str_of(what.name);
    c.knock.text = str_of(what.text);
    break;
  case CONFAB_EVENT_REDIRECT:
    c.redirect.targets = str_of(what.value);
    c.redirect.text = str_of(what.text);
    break;
  case CONFAB_EVENT_PROPERTY:
    c.property.name = str_of(what.key);
    c.property.text = str_of(what.text);
    c.property.set = what.set;
    break;
  default:
    fill_channel_act(c, what);
  }
}

// Of a user who has one.
confab_id connection_of(const confab_engine *engine, const std::string &nick) {
  confab_id user = 0, at = 0;
  ignore(confab_user_find(engine, str_of(nick), &user));
  while (confab_conn_next(engine, at, &at) == CONFAB_OK && at != 0) {
    confab_conn_info info{};
    info.struct_size = sizeof info;
    if (confab_conn_get(engine, at, &info) == CONFAB_OK && info.user == user)
      return at;
  }
  return 0;
}

} // namespace

std::string text_of(const intent &what) {
  std::string out;
  for (const std::string *text :
       {&what.name, &what.nick, &what.text, &what.key, &what.value, &what.mask, &what.context,
        &what.tag, &what.username, &what.hostname, &what.realname})
    out += *text + '|';
  for (const std::uint32_t number :
       {std::uint32_t{what.type}, what.kind, what.rank, what.mode, what.list, what.set})
    out += std::to_string(number) + ' ';
  return out;
}

void change(intent &what, std::uint32_t field, const std::string &text, std::uint64_t number) {
  const auto small = static_cast<std::uint32_t>(number);
  std::string *const texts[] = {nullptr,        &what.text,     &what.nick, &what.username,
                                &what.hostname, &what.realname, &what.name, &what.key,
                                &what.value,    &what.mask};
  if (field < std::size(texts) && texts[field])
    *texts[field] = text;
  else if (field == CONFAB_FIELD_KIND || field == CONFAB_FIELD_NUMBER)
    what.kind = small;
  else if (field == CONFAB_FIELD_RANK)
    what.rank = small;
  else if (field == CONFAB_FIELD_MODE)
    what.mode = small;
  else if (field == CONFAB_FIELD_SET)
    what.set = small;
}

confab_status submit(confab_engine *engine, const intent &what, confab_id actor, bool forced,
                     std::uint16_t space) {
  if (what.type == CONFAB_EVENT_NONE) {
    confab_event_custom custom{};
    custom.head.struct_size = sizeof custom;
    custom.head.space = space;
    custom.head.actor = actor;
    custom.name = str_of(what.name);
    custom.text = str_of(what.text);
    custom.number = what.kind;
    return confab_event_submit(engine, &custom, nullptr);
  }
  any_command c;
  std::memset(&c, 0, sizeof c);
  c.head.struct_size = sizeof c;
  c.head.type = what.type;
  c.head.flags = forced ? CONFAB_EVENT_FORCED : 0;
  c.head.actor = actor;
  fill(c, what, actor);
  if (what.type == CONFAB_EVENT_PROPERTY)
    ignore(confab_channel_find(engine, str_of(what.name), &c.property.subject));
  if (what.type == CONFAB_EVENT_REDIRECT)
    c.redirect.conn = connection_of(engine, what.nick);
  return confab_command_submit(engine, &c.head, nullptr);
}

} // namespace q265267
