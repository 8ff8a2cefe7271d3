// SPDX-License-Identifier: MIT
//
// CREATE (IRCX draft §5.3; spec ircx §5.2): a JOIN that says what the channel it makes is like. Who
// may open one with which mode is the core's business; of a line with a mistake nothing is done.

#include "proto/ircx/create.hpp"
#include "session/irc/manner.hpp"
#include "session/irc/modes.hpp"
#include "session/irc/named.hpp"

namespace confab::session {

namespace {

void refuse_create(const command &cmd, const ircx::create_fault &fault) {
  // Half a character of UTF-8 is not for others to read.
  const std::string_view letter =
      static_cast<unsigned char>(fault.letter) < 0x80 ? std::string_view{&fault.letter, 1} : "?";
  switch (fault.error) {
  case ircx::create_error::too_few:
    return cmd.d.reply(cmd.c, irc::ERR_NEEDMOREPARAMS, {"CREATE"});
  case ircx::create_error::missing_value:
  case ircx::create_error::bad_limit:
    return cmd.d.reply(cmd.c, irc::ERR_NEEDMOREPARAMS, {"CREATE", letter});
  case ircx::create_error::bad_name:
    return cmd.d.reply(cmd.c, irc::ERR_NOSUCHCHANNEL, {cmd.param(0)}, ircx::reason(fault.name));
  case ircx::create_error::unknown_mode:
    return cmd.d.reply(cmd.c, irc::ERR_UNKNOWNMODE, {letter});
  case ircx::create_error::bad_key:
    return cmd.d.reply(cmd.c, ircx::IRCERR_BADVALUE, {cmd.param(0)});
  default:
    return cmd.d.reply(cmd.c, ircx::numeric_of(fault.error), {"CREATE"});
  }
}

// The core's modes for the letters, by the table that MODE reads.
std::uint64_t modes_of(const command &cmd, const ircx::create_command &wanted) noexcept {
  std::uint64_t modes = 0;
  const auto add = [&](const ircx::mode_letter &row) {
    if (const auto letter = find_channel_letter(view::ircx, cmd.w.added, row.letter))
      modes |= std::uint64_t{1} << letter->mode;
  };
  for (const ircx::mode_letter &row : ircx::channel_letters())
    if (wanted.has(row.mode) || (wanted.state != ircx::visibility::public_ &&
                                 ircx::visibility_of(row.mode) == wanted.state))
      add(row);
  return modes;
}

} // namespace

void verb_create(const command &cmd) {
  ircx::create_command wanted;
  const ircx::create_fault fault =
      ircx::parse_create(cmd.m, cmd.w.limits().channel_bytes_max, wanted);
  if (fault.error != ircx::create_error::none)
    return refuse_create(cmd, fault);
  const channel_named name(cmd, wanted.channel);
  core::operation op = cmd.d.make(cmd.c, CONFAB_EVENT_JOIN);
  set_manner(op, manner::create, name.spelling());
  op.member_manner = name.spelling();
  confab_event_join &e = op.event.join;
  e.name = name.str();
  e.key = core::str(wanted.key); // of what is there, or of what is made
  e.flags = CONFAB_JOIN_REFUSE_TWICE | CONFAB_JOIN_OWNS;
  if (wanted.has_modes)
    e.flags |= CONFAB_JOIN_OPENING;
  if (wanted.only_new)
    e.flags |= CONFAB_JOIN_ONLY_NEW;
  if (wanted.force_clone)
    e.flags |= CONFAB_JOIN_FRESH_CLONE;
  e.modes = modes_of(cmd, wanted);
  e.limit = wanted.limit;
  cmd.d.submit(std::move(op));
}

} // namespace confab::session
