// SPDX-License-Identifier: MIT
//
// Acts on what was added: using a command, saying something to a plugin, setting a property. The
// core checks who may, how many parameters there are, and what a value may be; what a command does
// is its owner's business.

#include "core/acts/acts.hpp"
#include "core/properties.hpp"

#include "text/utf8.hpp"

#include <algorithm>

namespace confab::core {

namespace {

std::uint32_t count_params(const confab_event_command &e) noexcept {
  const std::string_view text = view(e.text);
  if (text.empty()) // nothing, or one parameter that is empty
    return std::min(e.params, 1U);
  return 1 + static_cast<std::uint32_t>(std::count(text.begin(), text.end(), '\n'));
}

gate_result check_permission(world &w, operation &op, std::uint32_t permission) {
  if (op.origin && !op.actor) // not registered: the only acts without a user that are no server's
    return permission == CONFAB_PERMIT_ANY ? gate_result::go
                                           : refuse(op, CONFAB_REFUSED_NOT_REGISTERED);
  if (unchecked(op) || permitted(w, op.actor, permission, 0))
    return gate_result::go;
  const bool of_operators =
      permission == CONFAB_PERMIT_OPERATOR || permission == CONFAB_PERMIT_ADMINISTRATOR;
  return refuse(op, of_operators ? CONFAB_REFUSED_NOT_OPERATOR : CONFAB_REFUSED_POLICY);
}

// Said to a plugin: the first parameter names it, the second is what is said.
gate_result gate_saying(world &w, operation &op) {
  confab_event_command &e = op.event.command;
  const std::string_view text = view(e.text);
  std::uint32_t permission = 0;
  e.command = w.bus->find_plugin(text.substr(0, text.find('\n')), permission);
  if (e.command == 0)
    return refuse(op, CONFAB_REFUSED_NOT_THERE);
  return check_permission(w, op, permission);
}

std::uint32_t refusal_of_property(world &w, const operation &op, const confab_property_spec &is) {
  switch (is.write) {
  case CONFAB_PERMIT_OPERATOR:
    return CONFAB_REFUSED_NOT_OPERATOR;
  case CONFAB_PERMIT_SELF:
    return CONFAB_REFUSED_OTHER_USER;
  case CONFAB_PERMIT_HOST:
    return CONFAB_REFUSED_POLICY;
  default:
    break;
  }
  const channel *where = w.channels.find(op.event.property.subject);
  return where && w.find_member(*op.actor, *where) ? CONFAB_REFUSED_RANK_NEEDED
                                                   : CONFAB_REFUSED_NOT_MEMBER;
}

// The property that the event names by id or else by name; fills in both.
const addition *resolve_property(world &w, confab_event_property &e, std::uint32_t kind) noexcept {
  const addition *a = e.property != 0 ? w.added.find(e.property) : w.added.find(kind, view(e.name));
  if (!a || a->kind != kind)
    return nullptr;
  e.property = registry::id(*a);
  e.name = str(a->name());
  return a;
}

} // namespace

gate_result gate_command(world &w, operation &op) {
  confab_event_command &e = op.event.command;
  e.params = count_params(e);
  if (confab_id_kind(e.command) != CONFAB_KIND_ADDITION)
    return gate_saying(w, op);
  const addition *a = w.added.find(e.command);
  if (!a || a->kind != CONFAB_ADDITION_COMMAND || a->paused)
    return refuse(op, CONFAB_REFUSED_NOT_THERE);
  const auto &is = a->as<confab_command_spec>();
  if (const gate_result r = check_permission(w, op, is.permission); r != gate_result::go)
    return r;
  return e.params < is.params_min || e.params > is.params_max
             ? refuse(op, CONFAB_REFUSED_PARAMETERS)
             : gate_result::go;
}

commit_result commit_command(world &w, operation &op) {
  const confab_status status = w.bus->run_command(op);
  if (status == CONFAB_ERR_STALE_ID)
    return not_done(op, CONFAB_REFUSED_NOT_THERE);
  return status < 0 ? not_done(op, CONFAB_REFUSED_FAILED) : commit_result::done;
}

namespace {

// One of the core's own, of a channel.
gate_result gate_own_property(world &w, operation &op, const channel &where,
                              const property_row &row) {
  confab_event_property &e = op.event.property;
  e.property = 0;
  e.name = str(row.name);
  if (row.kind == property_kind::derived)
    return refuse(op, CONFAB_REFUSED_FORBIDDEN);
  if (const std::uint32_t code = unchecked(op) ? 0 : refusal_to_set(w, op.actor, where, row))
    return refuse(op, code);
  if (e.set == 0)
    e.text = {};
  e.set = e.text.len > 0 ? 1 : 0;
  return value_legal(row, view(e.text)) ? gate_result::go : refuse(op, CONFAB_REFUSED_BAD_VALUE);
}

// A channel for the members of an account is for those who proved who they are (Q297470).
void imply_auth_only(world &w, const operation &op, channel &where) noexcept {
  if (where.has(CONFAB_CMODE_AUTH_ONLY))
    return;
  where.modes |= std::uint64_t{1} << CONFAB_CMODE_AUTH_ONLY;
  announce_mode(w, op, {mode_kind::channel_mode, true, CONFAB_CMODE_AUTH_ONLY, 0, 0, 0, {}});
}

void commit_own_property(world &w, operation &op, channel &where, const property_row &row) {
  set_property(w, where, row.id, view(op.event.property.text));
  const member *m = op.actor ? w.find_member(*op.actor, where) : nullptr;
  audience whom{.ranks = row.told};
  whom.also = m ? op.actor : nullptr;
  w.to_channel(op, where, whom);
  if (op.origin && !m) // who set it from outside is told too
    w.to_conn(op, *op.origin);
  if (row.id == property::account && op.event.property.text.len > 0)
    imply_auth_only(w, op, where);
}

} // namespace

gate_result gate_property(world &w, operation &op) {
  confab_event_property &e = op.event.property;
  const bool of_channel = confab_id_kind(e.subject) == CONFAB_KIND_CHANNEL;
  const channel *where = of_channel ? w.channels.find(e.subject) : nullptr;
  if (of_channel && !where)
    return refuse(op, CONFAB_REFUSED_NO_SUCH_CHANNEL);
  const property_row *own = where && e.property == 0 ? find_property(view(e.name)) : nullptr;
  const user *who = of_channel ? nullptr : w.users.find(e.subject);
  if (!of_channel && !who)
    return refuse(op, CONFAB_REFUSED_NO_SUCH_USER);
  e.subject_name = str(where ? where->name() : who->is.nick());
  if (own)
    return gate_own_property(w, op, *where, *own);
  const addition *a = resolve_property(
      w, e, of_channel ? CONFAB_ADDITION_CHANNEL_PROPERTY : CONFAB_ADDITION_USER_PROPERTY);
  if (!a)
    return refuse(op, CONFAB_REFUSED_UNKNOWN_PROPERTY);
  const auto &is = a->as<confab_property_spec>();
  if (!unchecked(op) && !property_allowed(w, op.actor, e.subject, *a, true))
    return refuse(op, refusal_of_property(w, op, is));
  if (e.set == 0)
    e.text = {};
  e.set = e.text.len > 0 ? 1 : 0;
  const std::size_t most = is.bytes_max != 0 ? is.bytes_max : w.limits().line_bytes_max;
  if (e.text.len > most)
    return refuse(op, CONFAB_REFUSED_TOO_LONG);
  if (!text::utf8_valid(view(e.text)))
    return refuse(op, CONFAB_REFUSED_BAD_VALUE);
  return w.added.text_on(e.subject, *a) == view(e.text) ? gate_result::nothing : gate_result::go;
}

commit_result commit_property(world &w, operation &op) {
  const confab_event_property &e = op.event.property;
  channel *where = w.channels.find(e.subject);
  if (const property_row *own = e.property == 0 && where ? find_property(view(e.name)) : nullptr) {
    commit_own_property(w, op, *where, *own);
    return commit_result::done;
  }
  const addition *a = w.added.find(e.property);
  if (!a)
    return not_done(op, CONFAB_REFUSED_UNKNOWN_PROPERTY);
  w.added.set_text(e.subject, *a, view(e.text));
  if (where) {
    w.to_channel(op, *where, {});
    if (op.origin && !(op.actor && w.find_member(*op.actor, *where)))
      w.to_conn(op, *op.origin);
  }
  return commit_result::done;
}

} // namespace confab::core
