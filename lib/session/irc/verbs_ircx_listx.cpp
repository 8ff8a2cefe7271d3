// SPDX-License-Identifier: MIT
//
// LISTX (IRCX draft §5.8; spec ircx §5.5): its terms as the core's, and what has no channel to
// look for. All IRC sessions have the command. Which channels match, and what of them is shown to
// whom, is decided elsewhere.

#include "proto/ircx/listx.hpp"
#include "session/irc/manner.hpp"
#include "session/irc/named.hpp"

#include <string>

namespace confab::session {

namespace {

// All the masks of one kind, as the core takes several: one behind the other, an LF between them. A
// name may be asked for as `%#name`, which is one and the same channel.
std::string_view masks_of(core::operation &op, const ircx::listx_query &wanted,
                          ircx::listx_field field) {
  std::pmr::string all(op.mem);
  for (const ircx::listx_mask &m : wanted.all_masks()) {
    if (m.field != field)
      continue;
    if (!all.empty())
      all += '\n';
    const bool spelled = field == ircx::listx_field::name && is_spelled(m.mask);
    all += spelled ? m.mask.substr(1) : m.mask;
  }
  return op.keep(all);
}

// Of the ages: `below` is later than so many minutes ago, `above` earlier.
void bound(const ircx::age_bounds &age, std::int64_t now_s, std::int64_t &after,
           std::int64_t &before) noexcept {
  if (age.below != UINT32_MAX)
    after = now_s - std::int64_t{age.below} * 60;
  if (age.above >= 0)
    before = now_s - age.above * 60;
}

core::operation make_question(const command &cmd, std::uint8_t spelling) {
  core::operation op = cmd.d.make(cmd.c, CONFAB_EVENT_QUERY);
  set_manner(op, manner::listx, spelling);
  op.event.query.kind = CONFAB_QUERY_LIST;
  op.terms.with_private = true;
  return op;
}

void list_names(const command &cmd, std::string_view names) {
  std::size_t items = 0;
  for (std::size_t i = 0; i < names.size(); ++i)
    items += names[i] != ',' && (i == 0 || names[i - 1] == ',') ? 1 : 0;
  items = std::min<std::size_t>(items, cmd.w.limits().targets_max);
  each_target(cmd, names, [&](std::string_view written, std::size_t index) {
    const channel_named name(cmd, written);
    core::operation op = make_question(cmd, name.spelling());
    op.event.query.name = name.str();
    op.terms.first = index == 0;
    op.terms.last = index + 1 == items;
    cmd.d.submit(std::move(op));
  });
}

void list_terms(const command &cmd, const ircx::listx_query &wanted) {
  const std::int64_t now_s = cmd.w.unix_s();
  core::operation op = make_question(cmd, 0);
  core::query_terms &t = op.terms;
  t.members_min = wanted.members_min;
  t.members_max = wanted.members_max;
  bound(wanted.created, now_s, t.created_after, t.created_before);
  bound(wanted.topic_changed, now_s, t.topic_after, t.topic_before);
  t.registered = wanted.only_registered ? 1 : wanted.only_unregistered ? 2 : 0;
  t.mask = masks_of(op, wanted, ircx::listx_field::name);
  t.topic = masks_of(op, wanted, ircx::listx_field::topic);
  t.subject = masks_of(op, wanted, ircx::listx_field::subject);
  t.language = masks_of(op, wanted, ircx::listx_field::language);
  if (wanted.limit > 0)
    t.rows_max = wanted.limit;
  if (wanted.impossible()) { // an answer without rows, and without looking at any channel
    t.members_min = 1;
    t.members_max = 0;
  }
  cmd.d.submit(std::move(op));
}

} // namespace

void verb_listx(const command &cmd) {
  std::pmr::string scratch(&cmd.w.mem);
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < cmd.m.param_count; ++i)
    bytes += cmd.param(i).size();
  scratch.resize(bytes);
  ircx::listx_query wanted;
  const ircx::listx_error error = ircx::parse_listx(cmd.m, scratch.data(), wanted);
  if (error != ircx::listx_error::none) {
    // A session without IRCX has the command and not its numerics.
    return view_of(cmd.c) == view::ircx
               ? cmd.d.reply(cmd.c, ircx::numeric_of(error), {"LISTX"})
               : cmd.d.reply(cmd.c, irc::ERR_UNKNOWNERROR, {"LISTX"}, "Bad command");
  }
  if (!wanted.names.empty())
    return list_names(cmd, wanted.names);
  list_terms(cmd, wanted);
}

} // namespace confab::session
