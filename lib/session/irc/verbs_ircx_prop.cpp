// SPDX-License-Identifier: MIT
//
// PROP (IRCX draft §5.12; spec ircx §5.6): properties of channels, asked for and set. The topic and
// the key are what TOPIC and MODE change, whichever command says it: one act, seen by the same
// filters.

#include "core/properties.hpp"
#include "proto/ircx/props.hpp"
#include "session/irc/manner.hpp"
#include "session/irc/named.hpp"

namespace confab::session {

namespace {

// The channel, as far as the client may know of it; else says what the object is instead.
const core::channel *find_object(const command &cmd, std::string_view written) {
  switch (ircx::classify(written)) {
  case ircx::object_kind::channel:
  case ircx::object_kind::extended_channel:
  case ircx::object_kind::last_channel: {
    const channel_named name(cmd, written);
    const core::channel *where = cmd.w.find_channel(name.view());
    if (where && core::sight_of(cmd.w, cmd.c.who, *where) != core::sight::nothing)
      return where;
    break;
  }
  case ircx::object_kind::network:
  case ircx::object_kind::this_server:
  case ircx::object_kind::self:
    cmd.d.reply(cmd.c, ircx::IRCERR_NOTSUPPORTED, {written});
    return nullptr;
  default:
    if (cmd.w.find_user(user_named(cmd, written).view())) {
      cmd.d.reply(cmd.c, ircx::IRCERR_NOTSUPPORTED, {written});
      return nullptr;
    }
    break;
  }
  cmd.d.reply(cmd.c, ircx::IRCERR_NOSUCHOBJECT, {written});
  return nullptr;
}

void set_key(const command &cmd, const core::channel &where, std::string_view object,
             std::string_view value, core::operation &&op) {
  // Operators of the channel change it by MODE, and owners alone by this command (spec §20.39).
  const core::property_row &row = core::row_of(core::property::member_key);
  if (!core::permitted(cmd.w, cmd.c.who, row.write, core::world::id(where)) &&
      !core::is_administrator(cmd.c.who))
    return cmd.d.reply(cmd.c, ircx::IRCERR_SECURITY);
  if (value.size() > row.bytes_max) // a property is shorter than a key may be (draft §8.2.7)
    return cmd.d.reply(cmd.c, ircx::IRCERR_BADVALUE, {object});
  if (value == where.key.view()) // no change of the mode, and an answer all the same
    return cmd.d.tell_key_set(cmd.c, op, where.name(), value);
  op.event.channel_change.channel = core::world::id(where);
  op.event.channel_change.mode = CONFAB_CMODE_KEY;
  op.event.channel_change.set = value.empty() ? 0 : 1;
  op.event.channel_change.value = core::str(value);
  cmd.d.submit(std::move(op));
}

void set_property(const command &cmd, const core::channel &where, std::string_view object,
                  std::string_view name, std::string_view value) {
  const core::property_row *own = core::find_property(name);
  const auto begin = [&](std::uint16_t type) {
    core::operation op = cmd.d.make(cmd.c, type);
    set_manner(op, manner::prop, spelling_of(object));
    return op;
  };
  if (own && own->id == core::property::member_key)
    return set_key(cmd, where, object, value, begin(CONFAB_EVENT_CHANNEL_CHANGE));
  if (own && own->id == core::property::topic) {
    if (value.size() > cmd.w.limits().topic_bytes_max)
      return cmd.d.reply(cmd.c, ircx::IRCERR_BADVALUE, {object});
    core::operation op = begin(CONFAB_EVENT_TOPIC);
    op.event.topic.channel = core::world::id(where);
    op.event.topic.name = core::str(where.name());
    op.event.topic.text = core::str(value);
    return cmd.d.submit(std::move(op));
  }
  core::operation op = begin(CONFAB_EVENT_PROPERTY);
  op.event.property.subject = core::world::id(where);
  op.event.property.name = core::str(name);
  op.event.property.set = value.empty() ? 0 : 1;
  op.event.property.text = core::str(value);
  cmd.d.submit(std::move(op));
}

} // namespace

void verb_prop(const command &cmd) {
  ircx::prop_command wanted;
  if (const ircx::prop_error error = ircx::parse_prop(cmd.m, wanted);
      error != ircx::prop_error::none) {
    const ircx::numeric code = ircx::numeric_of(error);
    return code != 0 ? cmd.d.reply(cmd.c, code, {"PROP"})
                     : cmd.d.reply(cmd.c, irc::ERR_NEEDMOREPARAMS, {"PROP"});
  }
  const core::channel *where = find_object(cmd, wanted.object);
  if (!where)
    return;
  if (wanted.what == ircx::prop_command::form::set)
    return set_property(cmd, *where, wanted.object, wanted.names, wanted.value);
  core::operation op = cmd.d.make(cmd.c, CONFAB_EVENT_QUERY);
  set_manner(op, manner::prop, spelling_of(wanted.object));
  op.event.query.kind = CONFAB_QUERY_PROPERTIES;
  op.event.query.channel = core::world::id(*where);
  op.event.query.name = core::str(where->name());
  op.terms.mask = wanted.names;
  cmd.d.submit(std::move(op));
}

} // namespace confab::session
