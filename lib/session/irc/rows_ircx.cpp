// SPDX-License-Identifier: MIT
//
// Answers to IRCX's questions and commands, as its numerics: PROP (818, 819), ACCESS (801 to 805,
// 820, 922), LISTX (811 to 813, 816, 817); and KNOCK's. Refusals are in refusals.cpp, answers that
// plain IRC has too in rows.cpp.

#include "core/properties.hpp"
#include "session/format.hpp"
#include "session/irc/dialect.hpp"
#include "session/irc/levels.hpp"
#include "session/irc/manner.hpp"
#include "session/irc/modes.hpp"
#include "text/access_mask.hpp"

namespace confab::session {

namespace {

std::uint16_t variant_of(const core::conn &c, const core::operation &op) noexcept {
  return static_cast<std::uint16_t>(c.variant | (op.manner & manner_spelled));
}

// A mask of plain IRC is one for all servers, and IRCX says so.
std::string_view whole_mask(std::string_view mask, name_buffer &buffer) noexcept {
  if (mask.find('$') != std::string_view::npos || mask.size() + 2 > buffer.size())
    return mask;
  std::size_t used = mask.copy(buffer.data(), mask.size());
  used += std::string_view("$*").copy(buffer.data() + used, 2);
  return {buffer.data(), used};
}

// Whose list it is, as answers name it.
std::string_view object_of(const core::world &w, std::uint16_t variant, std::uint32_t subject,
                           std::string_view name, name_buffer &buffer) noexcept {
  switch (subject) {
  case CONFAB_ACCESS_CHANNEL:
    return show_channel(variant, name, buffer);
  case CONFAB_ACCESS_USER:
    return show_nick(view_of(variant), name, buffer);
  case CONFAB_ACCESS_SERVER:
    return w.server_name();
  default:
    return "*";
  }
}

// Who set an entry: user@host of a user, `*` where it was none.
std::string_view setter(std::string_view source) noexcept {
  const std::size_t mark = source.find('!');
  return mark == std::string_view::npos ? std::string_view("*") : source.substr(mark + 1);
}

// All of its modes by letter, without their values: Microsoft's server shows `l` and `k` so.
std::string_view letters_of(view v, const core::world &w, const core::channel &where,
                            char (&out)[80]) noexcept {
  std::size_t used = 0;
  out[used++] = '+';
  each_channel_letter(v, w.added, [&](const mode_letter &letter) {
    if (letter.type != mode_type::a_list && letter.type != mode_type::rank &&
        where.has(letter.mode) && used < sizeof out)
      out[used++] = letter.letter;
  });
  return {out, used};
}

} // namespace

bool irc_dialect::begin_ircx(core::conn &c, const core::operation &op) {
  switch (manner_of(op)) {
  case manner::listx:
    if (op.terms.first)
      reply(c, ircx::IRCRPL_LISTXSTART);
    return true;
  case manner::access: {
    name_buffer buffer;
    reply(c, ircx::IRCRPL_ACCESSSTART,
          {object_of(w, variant_of(c, op), op.terms.subject_kind, core::view(op.event.query.name),
                     buffer)});
    return true;
  }
  case manner::prop:
    return true;
  default:
    return false;
  }
}

bool irc_dialect::row_ircx(core::conn &c, const core::operation &op, const core::query_row &row) {
  switch (manner_of(op)) {
  case manner::listx:
    row_listx(c, op, *row.where);
    return true;
  case manner::access:
    row_level(c, op, *row.entry);
    return true;
  case manner::prop:
    row_property(c, op, row);
    return true;
  default:
    return false;
  }
}

bool irc_dialect::end_ircx(core::conn &c, const core::operation &op) {
  name_buffer buffer;
  const std::string_view name = core::view(op.event.query.name);
  switch (manner_of(op)) {
  case manner::listx:
    if (op.terms.last)
      reply(c, op.truncated ? ircx::IRCRPL_LISTXTRUNC : ircx::IRCRPL_LISTXEND);
    return true;
  case manner::access:
    reply(c, ircx::IRCRPL_ACCESSEND,
          {object_of(w, variant_of(c, op), op.terms.subject_kind, name, buffer)});
    return true;
  case manner::prop:
    reply(c, ircx::IRCRPL_PROPEND, {show_channel(variant_of(c, op), name, buffer)});
    return true;
  default:
    return false;
  }
}

// Of a private channel a stranger sees its name, how many are in it, and its rating.
void irc_dialect::row_listx(core::conn &c, const core::operation &op, const core::channel &where) {
  const bool little = core::sight_of(w, op.actor, where) == core::sight::name_only;
  const bool named = op.event.query.name.len > 0; // as it was asked for, else as lists show it
  char members[24], limit[24], letters[80];
  name_buffer buffer;
  reply(c, ircx::IRCRPL_LISTXLIST,
        {named ? show_channel(variant_of(c, op), where.name(), buffer)
               : list_channel(view_of(c), where.name(), buffer),
         little ? std::string_view("+p") : letters_of(view_of(c), w, where, letters),
         format_into(members, "{}", where.roster.size()),
         format_into(limit, "{}", !little && where.has(CONFAB_CMODE_LIMIT) ? where.limit : 0)},
        little ? std::string_view{} : where.topic.view());
  if (const std::string_view rating = core::property_text(w, where, core::property::pics);
      !rating.empty())
    reply(c, ircx::IRCRPL_LISTXPICS, {}, rating);
}

void irc_dialect::row_level(core::conn &c, const core::operation &op,
                            const core::access_entry &entry) {
  char minutes[24];
  name_buffer object, mask;
  reply(c, ircx::IRCRPL_ACCESSLIST,
        {object_of(w, variant_of(c, op), op.terms.subject_kind, core::view(op.event.query.name),
                   object),
         level_name(entry.list), whole_mask(entry.mask.view(), mask),
         format_into(minutes, "{}", core::minutes_left(entry.expires_s, w.unix_s())),
         setter(entry.set_by.view())},
        entry.reason.view());
}

void irc_dialect::row_property(core::conn &c, const core::operation &op,
                               const core::query_row &row) {
  name_buffer buffer;
  const std::string_view object = show_channel(variant_of(c, op), row.where->name(), buffer);
  switch (row.code) {
  case CONFAB_REFUSED_NONE:
    return reply(c, ircx::IRCRPL_PROPLIST, {object, row.name},
                 row.name == "NAME" ? object : row.value);
  case CONFAB_REFUSED_UNKNOWN_PROPERTY:
    return reply(c, ircx::IRCERR_BADPROPERTY, {object});
  case CONFAB_REFUSED_NO_SUCH_CHANNEL:
    return reply(c, ircx::IRCERR_NOSUCHOBJECT, {object});
  default:
    return reply(c, ircx::IRCERR_SECURITY);
  }
}

void irc_dialect::tell_key_set(core::conn &c, const core::operation &op, std::string_view channel,
                               std::string_view key) noexcept {
  name_buffer source, name;
  irc::line_writer line(reply_.data(), reply_.size(), w.limits().line_bytes_max);
  line.source(show_source(view_of(c), *c.who, source))
      .verb("PROP")
      .param(show_channel(variant_of(c, op), channel, name))
      .param(core::row_of(core::property::member_key).name)
      .text(key);
  send(c, line.finish());
}

bool irc_dialect::answered_ircx(core::conn &c, const core::operation &op) {
  name_buffer object;
  if (op.type() == CONFAB_EVENT_KNOCK && manner_of(op) == manner::knock) {
    reply(c, irc::RPL_KNOCKDLVR,
          {show_channel(variant_of(c, op), core::view(op.event.knock.name), object)});
    return true;
  }
  // The key is told as the mode that it is; who set it as a property has an answer in its words.
  if (op.type() == CONFAB_EVENT_CHANNEL_CHANGE && manner_of(op) == manner::prop && c.who) {
    tell_key_set(c, op, core::view(op.event.channel_change.name),
                 core::view(op.event.channel_change.value));
    return true;
  }
  if (op.type() != CONFAB_EVENT_ACCESS || manner_of(op) != manner::access)
    return false;
  const confab_event_access &e = op.event.access;
  const std::string_view name =
      object_of(w, variant_of(c, op), e.subject, core::view(e.name), object);
  name_buffer mask_bytes;
  const std::string_view mask = whole_mask(core::view(e.mask), mask_bytes);
  char minutes[24];
  if (e.set == CONFAB_ACCESS_ADD)
    reply(c, ircx::IRCRPL_ACCESSADD,
          {name, level_name(e.list), mask, format_into(minutes, "{}", e.minutes),
           c.who ? setter(c.who->is.source()) : std::string_view("*")},
          core::view(e.text));
  else if (e.set == CONFAB_ACCESS_REMOVE)
    reply_bare(c, ircx::IRCRPL_ACCESSDELETE, {name, level_name(e.list), mask});
  else if (e.left > 0)
    reply(c, ircx::IRCERR_ACCESSSECURITY);
  else
    reply(c, ircx::IRCRPL_ACCESSCLEAR, {name, level_name(e.list)});
  return true;
}

} // namespace confab::session
