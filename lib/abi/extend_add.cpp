// SPDX-License-Identifier: MIT
//
// The functions that add: each checks its spec, that the name is free here and in every dialect,
// and that there is room; then the bus takes it. What an addition does is elsewhere.

#include "abi/names.hpp"
#include "abi/owner.hpp"

#include "core/properties.hpp"

#include <cstddef>

using namespace confab;
using namespace confab::abi;

namespace {

constexpr std::size_t help_bytes_max = 8192, text_bytes_max = 400, name_bytes_max = 64;

confab_status not_so(confab_engine &e, const char *what) noexcept {
  return e.fail(CONFAB_ERR_ARG, what);
}

confab_status bad_name(confab_engine &e) noexcept {
  return e.fail(CONFAB_ERR_NAME, "the name is none");
}

// Is the name free, and is there room for one more?
confab_status room_for(confab_engine &e, std::uint32_t kind, std::string_view name,
                       std::uint32_t number) noexcept {
  core::world &w = e.drive().w;
  if (session::irc_dialect::reserved(kind, name, number))
    return e.fail(CONFAB_ERR_EXISTS, "the core has it");
  if (kind != CONFAB_ADDITION_SLOT && w.added.find(kind, name))
    return e.fail(CONFAB_ERR_EXISTS, "the name is taken");
  if (w.added.count >= w.limits().additions_max)
    return e.fail(CONFAB_ERR_LIMIT, "additions_max");
  return CONFAB_OK;
}

// What all have in common. `body` gets the newest form of the spec and answers the addition's id in
// `id`, or why not.
template <class Spec, class Body>
confab_status add(confab_engine *engine, const Spec *spec, confab_id *out, Body &&body) {
  constexpr std::uint32_t least = offsetof(Spec, release) + sizeof(void *);
  if (out)
    *out = 0;
  return guard_submit(engine, [&](confab_engine &e) -> confab_status {
    if (!spec)
      return not_so(e, "no spec");
    Spec s{};
    if (const confab_status taken = take_struct(spec, s, least); taken != CONFAB_OK)
      return e.fail(taken, "struct_size");
    if (const confab_status owned = take_owner(e, s.owner); owned != CONFAB_OK)
      return owned;
    confab_id id = 0;
    const confab_status status = body(e, s, id);
    if (out)
      *out = id;
    return status;
  });
}

confab_status added(const core::addition &a, confab_id &id) noexcept {
  id = core::registry::id(a);
  return CONFAB_OK;
}

// Does an addition have the letter already?
bool letter_taken(core::world &w, std::uint32_t kind, std::uint32_t letter) noexcept {
  bool taken = false;
  w.added.each(kind, [&](const core::addition &a) {
    taken = taken || a.as<confab_mode_spec>().letter == letter;
  });
  return taken;
}

// May a mode of a channel, of a user, be like that?
bool mode_legal(const confab_mode_spec &s) noexcept {
  if (s.subject == CONFAB_KIND_USER)
    return s.value == CONFAB_MODE_FLAG && s.rank == 0 &&
           (s.permission == CONFAB_PERMIT_USER || s.permission == CONFAB_PERMIT_OPERATOR ||
            s.permission == CONFAB_PERMIT_HOST);
  const bool ranked =
      s.rank == CONFAB_RANK_VOICE || s.rank == CONFAB_RANK_OPERATOR || s.rank == CONFAB_RANK_OWNER;
  return s.subject == CONFAB_KIND_CHANNEL && s.value <= CONFAB_MODE_ALWAYS && s.permission == 0 &&
         (ranked || s.rank == 0);
}

bool property_permission_legal(std::uint32_t subject, std::uint32_t permission) noexcept {
  switch (permission) {
  case CONFAB_PERMIT_USER:
  case CONFAB_PERMIT_OPERATOR:
  case CONFAB_PERMIT_HOST:
    return true;
  case CONFAB_PERMIT_SELF:
    return subject == CONFAB_KIND_USER;
  default:
    return subject == CONFAB_KIND_CHANNEL && permission >= CONFAB_PERMIT_MEMBER &&
           permission <= CONFAB_PERMIT_OWNER;
  }
}

std::size_t capability_bytes(core::world &w) noexcept {
  std::size_t bytes = 0;
  w.added.each(CONFAB_ADDITION_CAPABILITY,
               [&](const core::addition &a) { bytes += a.name().size(); });
  return bytes;
}

} // namespace

confab_status confab_command_add(confab_engine *engine, const confab_command_spec *spec,
                                 confab_id *out) {
  return add(engine, spec, out,
             [](confab_engine &e, confab_command_spec &s, confab_id &id) -> confab_status {
               if (!s.run || s.reserved0 != 0 || s.cost > 1000 ||
                   s.params_max > CONFAB_PARAMS_MAX || s.params_min > s.params_max ||
                   (s.permission != CONFAB_PERMIT_USER && s.permission != CONFAB_PERMIT_ANY &&
                    s.permission != CONFAB_PERMIT_OPERATOR &&
                    s.permission != CONFAB_PERMIT_ADMINISTRATOR))
                 return not_so(e, "no run, or a member out of its range");
               if (!has_bytes(s.verb) || !has_bytes(s.help) ||
                   !text_for_people(core::view(s.help), help_bytes_max, true))
                 return not_so(e, "help");
               if (!named_word(core::view(s.verb), "", 16))
                 return bad_name(e);
               char verb[16];
               std::transform(s.verb.ptr, s.verb.ptr + s.verb.len, verb, text::to_upper);
               const std::string_view name{verb, s.verb.len};
               const confab_status room = room_for(e, CONFAB_ADDITION_COMMAND, name, 0);
               return room != CONFAB_OK ? room
                                        : added(e.drive().bus.added.add(CONFAB_ADDITION_COMMAND, s,
                                                                        name, core::view(s.help)),
                                                id);
             });
}

confab_status confab_numeric_add(confab_engine *engine, const confab_numeric_spec *spec,
                                 confab_id *out) {
  return add(engine, spec, out,
             [](confab_engine &e, confab_numeric_spec &s, confab_id &id) -> confab_status {
               if (s.number == 0 || s.number > 999 || !has_bytes(s.name) || !has_bytes(s.text) ||
                   !text_for_people(core::view(s.text), text_bytes_max, false))
                 return not_so(e, "number or text");
               const std::string_view name = core::view(s.name);
               if (!capitals(name, "_", 32))
                 return bad_name(e);
               bool taken = false;
               e.drive().w.added.each(CONFAB_ADDITION_NUMERIC, [&](const core::addition &a) {
                 taken = taken || a.number == s.number;
               });
               if (taken)
                 return e.fail(CONFAB_ERR_EXISTS, "the number is taken");
               const confab_status room = room_for(e, CONFAB_ADDITION_NUMERIC, name, s.number);
               if (room != CONFAB_OK)
                 return room;
               core::addition &a =
                   e.drive().bus.added.add(CONFAB_ADDITION_NUMERIC, s, name, core::view(s.text));
               a.number = s.number;
               return added(a, id);
             });
}

confab_status confab_capability_add(confab_engine *engine, const confab_capability_spec *spec,
                                    confab_id *out) {
  return add(engine, spec, out,
             [](confab_engine &e, confab_capability_spec &s, confab_id &id) -> confab_status {
               constexpr std::size_t all_bytes_max = 256;
               if (s.reserved0 != 0 || !has_bytes(s.name) || !has_bytes(s.value) ||
                   !printable_word(core::view(s.value), 128))
                 return not_so(e, "value");
               const std::string_view name = core::view(s.name);
               if (!named_word(name, "-./_", name_bytes_max))
                 return bad_name(e);
               const confab_status room = room_for(e, CONFAB_ADDITION_CAPABILITY, name, 0);
               if (room != CONFAB_OK)
                 return room;
               const bool fits = capability_bytes(e.drive().w) + name.size() <= all_bytes_max;
               core::addition *a = fits ? e.drive().bus.added.add_capability(s) : nullptr;
               return a ? added(*a, id)
                        : e.fail(CONFAB_ERR_LIMIT, "16 capabilities, and 256 bytes of names");
             });
}

confab_status confab_isupport_add(confab_engine *engine, const confab_isupport_spec *spec,
                                  confab_id *out) {
  return add(engine, spec, out,
             [](confab_engine &e, confab_isupport_spec &s, confab_id &id) -> confab_status {
               if (s.reserved0 != 0 || !has_bytes(s.token))
                 return not_so(e, "token");
               const std::string_view token = core::view(s.token);
               if (!token_legal(token))
                 return bad_name(e);
               // The name alone is what is taken; the whole token is what clients see.
               const std::size_t end = std::min(token.find('='), token.size());
               const std::string_view name = token.substr(0, end);
               const confab_status room = room_for(e, CONFAB_ADDITION_ISUPPORT, name, 0);
               return room != CONFAB_OK
                          ? room
                          : added(e.drive().bus.added.add(CONFAB_ADDITION_ISUPPORT, s, name, token),
                                  id);
             });
}

confab_status confab_mode_add(confab_engine *engine, const confab_mode_spec *spec, confab_id *out,
                              uint32_t *mode) {
  if (mode)
    *mode = 0;
  return add(engine, spec, out,
             [&](confab_engine &e, confab_mode_spec &s, confab_id &id) -> confab_status {
               if (!mode_legal(s) || !has_bytes(s.name))
                 return not_so(e, "a member out of its range");
               if (s.rank == 0 && s.subject == CONFAB_KIND_CHANNEL)
                 s.rank = CONFAB_RANK_OPERATOR;
               const bool is_letter =
                   s.letter < 0x80 && text::is_alpha(static_cast<char>(s.letter));
               if (!is_letter || !named_word(core::view(s.name), "-", 32))
                 return bad_name(e);
               const std::uint32_t kind = s.subject == CONFAB_KIND_CHANNEL
                                              ? CONFAB_ADDITION_CHANNEL_MODE
                                              : CONFAB_ADDITION_USER_MODE;
               if (letter_taken(e.drive().w, kind, s.letter))
                 return e.fail(CONFAB_ERR_EXISTS, "the letter is taken");
               const confab_status room = room_for(e, kind, core::view(s.name), s.letter);
               if (room != CONFAB_OK)
                 return room;
               core::addition *a = e.drive().bus.added.add_mode(s);
               if (!a)
                 return e.fail(CONFAB_ERR_LIMIT, "there are as many modes as there can be");
               if (mode)
                 *mode = a->number;
               return added(*a, id);
             });
}

confab_status confab_property_add(confab_engine *engine, const confab_property_spec *spec,
                                  confab_id *out) {
  return add(engine, spec, out,
             [](confab_engine &e, confab_property_spec &s, confab_id &id) -> confab_status {
               const bool of_channel = s.subject == CONFAB_KIND_CHANNEL;
               if ((!of_channel && s.subject != CONFAB_KIND_USER) || s.reserved0 != 0 ||
                   !has_bytes(s.name) || s.bytes_max > e.drive().w.limits().line_bytes_max ||
                   !property_permission_legal(s.subject, s.read) ||
                   !property_permission_legal(s.subject, s.write))
                 return not_so(e, "a member out of its range");
               const std::string_view name = core::view(s.name);
               if (!named_word(name, "-_", 32))
                 return bad_name(e);
               if (of_channel && core::find_property(name))
                 return e.fail(CONFAB_ERR_EXISTS, "the core has it");
               const std::uint32_t kind =
                   of_channel ? CONFAB_ADDITION_CHANNEL_PROPERTY : CONFAB_ADDITION_USER_PROPERTY;
               const confab_status room = room_for(e, kind, name, 0);
               return room != CONFAB_OK ? room
                                        : added(e.drive().bus.added.add(kind, s, name, {}), id);
             });
}

confab_status confab_slot_add(confab_engine *engine, const confab_slot_spec *spec, confab_id *out) {
  return add(engine, spec, out,
             [](confab_engine &e, confab_slot_spec &s, confab_id &id) -> confab_status {
               if (s.kind > CONFAB_KIND_MEMBER || !has_bytes(s.name) ||
                   !text_for_people(core::view(s.name), name_bytes_max, false))
                 return not_so(e, "kind or name");
               if (e.drive().w.added.slots >= e.drive().w.limits().slots_max)
                 return e.fail(CONFAB_ERR_LIMIT, "slots_max");
               const std::string_view name = core::view(s.name);
               const confab_status room = room_for(e, CONFAB_ADDITION_SLOT, name, 0);
               if (room != CONFAB_OK)
                 return room;
               core::addition &a = e.drive().bus.added.add(CONFAB_ADDITION_SLOT, s, name, {});
               a.number = s.kind;
               return added(a, id);
             });
}

confab_status confab_space_add(confab_engine *engine, const confab_space_spec *spec, confab_id *out,
                               uint16_t *space) {
  if (space)
    *space = 0;
  return add(engine, spec, out,
             [&](confab_engine &e, confab_space_spec &s, confab_id &id) -> confab_status {
               constexpr std::uint32_t types_max = 64;
               if (s.types == 0 || s.types > types_max || !has_bytes(s.name))
                 return not_so(e, "types");
               if (!word_of(core::view(s.name), "-._", name_bytes_max))
                 return bad_name(e);
               const confab_status room = room_for(e, CONFAB_ADDITION_SPACE, core::view(s.name), 0);
               if (room != CONFAB_OK)
                 return room;
               core::addition *a = e.drive().bus.added.add_space(s);
               if (!a)
                 return e.fail(CONFAB_ERR_LIMIT, "there are as many spaces as there can be");
               if (space)
                 *space = static_cast<std::uint16_t>(a->number);
               return added(*a, id);
             });
}

confab_status confab_service_add(confab_engine *engine, const confab_service_spec *spec,
                                 confab_id *out) {
  return add(engine, spec, out,
             [](confab_engine &e, confab_service_spec &s, confab_id &id) -> confab_status {
               if (!s.table || !has_bytes(s.name))
                 return not_so(e, "no table");
               const std::string_view name = core::view(s.name);
               if (!word_of(name, "-._", name_bytes_max))
                 return bad_name(e);
               const confab_status room = room_for(e, CONFAB_ADDITION_SERVICE, name, 0);
               if (room != CONFAB_OK)
                 return room;
               core::addition &a = e.drive().bus.added.add(CONFAB_ADDITION_SERVICE, s, name, {});
               a.number = s.version;
               return added(a, id);
             });
}

confab_status confab_timer_add(confab_engine *engine, const confab_timer_spec *spec,
                               confab_id *out) {
  return add(engine, spec, out,
             [](confab_engine &e, confab_timer_spec &s, confab_id &id) -> confab_status {
               if (!s.run || s.reserved0 != 0 || !has_bytes(s.name) ||
                   !text_for_people(core::view(s.name), name_bytes_max, false))
                 return not_so(e, "no run, or a name that is none");
               if (e.drive().bus.added.timers() >= e.drive().w.limits().timers_max)
                 return e.fail(CONFAB_ERR_LIMIT, "timers_max");
               id = bus::additions::id(e.drive().bus.added.add_timer(s));
               return CONFAB_OK;
             });
}
