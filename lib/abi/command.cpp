// SPDX-License-Identifier: MIT
//
// The exported functions of command.h: the host's acts, put on the same way as a client's.
// Nothing here decides what an act means: that is core/acts.

#include "abi/names.hpp"
#include "abi/owner.hpp"
#include "abi/texts.hpp"

#include "text/utf8.hpp"

#include <cstddef>

using namespace confab;
using namespace confab::abi;

namespace {

constexpr std::uint32_t user_options_least =
    offsetof(confab_user_options, realname) + sizeof(confab_str);

// Longest text of a command in bytes: what can be said in one line at all.
std::size_t text_bytes_max(const core::world &w) noexcept { return w.limits().line_bytes_max; }

// Copies the caller's struct into an operation, checked.
confab_status take_command(confab_engine &e, const confab_event *command, core::operation &op) {
  if (!command || command->space != 0 || command->type == 0 ||
      command->type >= CONFAB_EVENT_TYPE_END)
    return e.fail(CONFAB_ERR_ARG, "no such type of event");
  const core::event_info &info = core::info_of(*command);
  if (!info.submittable)
    return e.fail(CONFAB_ERR_UNSUPPORTED, "events of this type are no commands");
  if (command->struct_size < info.size || !tail_zero(command, info.size, command->struct_size))
    return e.fail(CONFAB_ERR_STRUCT, "struct_size");
  op.event = core::make_event(command->type);
  std::memcpy(static_cast<void *>(&op.event), command, info.size);
  confab_event &head = op.event.head;
  const std::uint32_t flags = head.flags & CONFAB_EVENT_FORCED;
  head = core::make_event(command->type).head;
  head.flags |= flags;
  head.actor = command->actor;
  for (const core::event_field &field : info.fields) {
    const confab_str text = core::field_of(op.event, field);
    if (text.len > 0 && !text.ptr)
      return e.fail(CONFAB_ERR_ARG, "a text without bytes", 0, field.offset);
    if (!one_line(core::view(text)))
      return e.fail(CONFAB_ERR_ARG, "CR, LF or NUL in a text", 0, field.offset);
    if (text.len > text_bytes_max(e.drive().w))
      return e.fail(CONFAB_ERR_TOO_LONG, "a text is longer than a line", 0, field.offset);
  }
  return CONFAB_OK;
}

confab_status take_actor(confab_engine &e, core::operation &op) noexcept {
  const confab_id actor = op.event.head.actor;
  if (actor == 0)
    return CONFAB_OK;
  if (confab_id_kind(actor) != CONFAB_KIND_USER)
    return e.fail(CONFAB_ERR_ARG, "the actor is no user");
  op.actor = e.drive().w.users.find(actor);
  return op.actor ? CONFAB_OK : e.fail(CONFAB_ERR_STALE_ID, "the actor is gone");
}

// The ids that a command gives must be of the right kind, and alive.
confab_status check_ids(confab_engine &e, core::operation &op) {
  core::world &w = e.drive().w;
  if (const confab_status status = take_actor(e, op); status != CONFAB_OK)
    return status;
  for (const std::uint16_t offset : core::info_of(op.event.head).ids) {
    const confab_id id = core::id_of(op.event, offset);
    const std::uint32_t kind = confab_id_kind(id);
    const bool of_conn = kind == CONFAB_KIND_CONN && op.type() == CONFAB_EVENT_REDIRECT;
    if (id != 0 && kind != CONFAB_KIND_USER && kind != CONFAB_KIND_CHANNEL &&
        kind != CONFAB_KIND_MEMBER && !of_conn)
      return e.fail(CONFAB_ERR_ARG, "an id in the command is of a wrong kind", 0, offset);
    const bool alive = id == 0 || w.users.find(id) || w.channels.find(id) || w.members.find(id) ||
                       w.conns.find(id);
    if (!alive)
      return e.fail(CONFAB_ERR_STALE_ID, "an id in the command is dead", 0, offset);
  }
  return CONFAB_OK;
}

confab_status status_of(confab_engine &e, const bus::ending &end) noexcept {
  switch (end.ended) {
  case bus::ending::how::committed:
    return CONFAB_OK;
  case bus::ending::how::parked:
    return CONFAB_PARKED;
  case bus::ending::how::queued:
    return CONFAB_QUEUED;
  case bus::ending::how::no_memory:
    return e.fail(CONFAB_ERR_NOMEM, "out of memory");
  case bus::ending::how::too_deep:
    return e.fail(CONFAB_ERR_LIMIT, "causes_max: handlers answer each other without end");
  case bus::ending::how::denied:
    break;
  }
  switch (end.code) {
  case CONFAB_REFUSED_BAD_NICK:
  case CONFAB_REFUSED_BAD_NAME:
    return e.fail(CONFAB_ERR_NAME, "not a legal name");
  case CONFAB_REFUSED_NICK_IN_USE:
    return e.fail(CONFAB_ERR_EXISTS, "the name is taken");
  case CONFAB_REFUSED_LIMIT:
  case CONFAB_REFUSED_LIST_FULL:
  case CONFAB_REFUSED_TOO_MANY_CHANNELS:
    return e.fail(CONFAB_ERR_LIMIT, "a bound in the options");
  default:
    return e.fail(CONFAB_ERR_DENIED, "refused");
  }
}

// Ends a user with all its sessions: that is several acts, and their order is the bus's.
confab_status end_user(confab_engine &e, core::operation &op) {
  if (!op.actor)
    return e.fail(CONFAB_ERR_ARG, "DISCONNECT needs an actor");
  op.actor->persistent = false;
  const std::string_view why = core::view(op.event.disconnect.text);
  e.drive().w.doom_sessions(*op.actor, CONFAB_DISCONNECT_HOST,
                            why.empty() ? "Ended by the host" : why);
  if (e.drive().bus.in_handler())
    return CONFAB_QUEUED;
  return e.drive().finish();
}

// Puts an act that is complete on its way, and says how that went.
confab_status submit(confab_engine &e, core::operation &&op, uint64_t *seq) {
  bus::bus &bus = e.drive().bus;
  if (bus.in_handler() && bus.queued() >= e.drive().w.limits().queued_max)
    return e.fail(CONFAB_ERR_LIMIT, "queued_max");
  if (!bus.in_handler())
    bus.refill();
  const bus::ending end = bus.submit_command(std::move(op));
  if (seq)
    *seq = end.seq;
  if (!bus.in_handler())
    (void)e.drive().finish();
  return status_of(e, end);
}

// Whose space it is; null: nobody's.
const core::addition *find_space(core::world &w, std::uint16_t space) noexcept {
  const core::addition *found = nullptr;
  w.added.each(CONFAB_ADDITION_SPACE, [&](const core::addition &a) {
    if (a.number == space)
      found = &a;
  });
  return found;
}

// Copies an event of a leased space into an operation, checked.
confab_status take_event(confab_engine &e, const confab_event_custom *event, core::operation &op) {
  constexpr std::size_t text_max = 65536;
  if (!event)
    return e.fail(CONFAB_ERR_ARG, "no event");
  const confab_event &head = event->head;
  if (head.struct_size < sizeof *event || !tail_zero(event, sizeof *event, head.struct_size))
    return e.fail(CONFAB_ERR_STRUCT, "struct_size");
  const core::addition *space = head.space != 0 ? find_space(e.drive().w, head.space) : nullptr;
  if (!space || !e.drive().bus.hooks.known(head.space, head.type))
    return e.fail(CONFAB_ERR_ARG, "no such space, or type in it");
  if (!may_touch(e, space->owner))
    return e.fail(CONFAB_ERR_DENIED, "the space is another plugin's, or the host's");
  if (!has_bytes(event->name) || !has_bytes(event->text))
    return e.fail(CONFAB_ERR_ARG, "a text without bytes");
  if (event->name.len > text_max || event->text.len > text_max)
    return e.fail(CONFAB_ERR_TOO_LONG, "a text of more than 65536 bytes");
  op.event = core::make_event(core::custom_row);
  op.event.custom.subject = event->subject;
  op.event.custom.object = event->object;
  op.event.custom.number = event->number;
  op.event.custom.name = event->name;
  op.event.custom.text = event->text;
  op.event.head.space = head.space;
  op.event.head.type = head.type;
  op.event.head.actor = head.actor;
  return CONFAB_OK;
}

} // namespace

confab_status confab_command_submit(confab_engine *engine, const confab_event *command,
                                    uint64_t *seq) {
  if (seq)
    *seq = 0;
  return guard_submit(engine, [&](confab_engine &e) {
    core::operation op(e.mem);
    confab_status status = take_command(e, command, op);
    if (status == CONFAB_OK)
      status = check_ids(e, op);
    if (status != CONFAB_OK)
      return status;
    if (op.type() == CONFAB_EVENT_DISCONNECT)
      return end_user(e, op);
    return submit(e, std::move(op), seq);
  });
}

confab_status confab_event_submit(confab_engine *engine, const confab_event_custom *event,
                                  uint64_t *seq) {
  if (seq)
    *seq = 0;
  return guard_submit(engine, [&](confab_engine &e) {
    core::operation op(e.mem);
    confab_status status = take_event(e, event, op);
    if (status == CONFAB_OK)
      status = take_actor(e, op);
    return status == CONFAB_OK ? submit(e, std::move(op), seq) : status;
  });
}

confab_status confab_user_create(confab_engine *engine, const confab_user_options *options,
                                 confab_id *out) {
  if (out)
    *out = 0;
  return guard_drive(engine, [&](confab_engine &e) {
    if (!options || !out)
      return e.fail(CONFAB_ERR_ARG, "no options, or no place for the id");
    confab_user_options o = confab_user_options_init();
    const confab_status taken = take_struct(options, o, user_options_least);
    if (taken != CONFAB_OK)
      return e.fail(taken, "struct_size");
    for (const confab_str text : {o.nick, o.username, o.hostname, o.realname})
      if (text.len > 0 && !text.ptr)
        return e.fail(CONFAB_ERR_ARG, "a text without bytes");
    if (o.flags != 0)
      return e.fail(CONFAB_ERR_ARG, "unknown flags");
    core::world &w = e.drive().w;
    const std::string_view nick = core::view(o.nick);
    const std::string_view username = o.username.len > 0 ? core::view(o.username) : "host";
    const std::string_view hostname = o.hostname.len > 0 ? core::view(o.hostname) : w.server_name();
    if (!core::nick_legal(w, nick) || !core::source_part_legal(username) ||
        !core::source_part_legal(hostname) || username.size() > w.limits().username_bytes_max ||
        hostname.size() > UINT8_MAX)
      return e.fail(CONFAB_ERR_NAME, "not a legal name");
    if (!one_line(core::view(o.realname)) || o.realname.len > w.limits().realname_bytes_max)
      return e.fail(CONFAB_ERR_ARG, "realname");
    if (w.find_user(nick))
      return e.fail(CONFAB_ERR_EXISTS, "the nick is taken");
    if (w.users.size() >= w.limits().users_max)
      return e.fail(CONFAB_ERR_LIMIT, "users_max");
    core::user &who = core::add_user(w, nick, username, hostname, core::view(o.realname));
    who.persistent = true;
    *out = core::world::id(who);
    return static_cast<confab_status>(CONFAB_OK);
  });
}
