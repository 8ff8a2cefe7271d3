// SPDX-License-Identifier: MIT
//
// Verbs about channels, as acts: JOIN, PART, KICK, INVITE, TOPIC and MODE (RFC 2812 §3.2). Lists
// become one act for each item, in order; what an act means, and who may do it, is the core's
// business.

#include "session/irc/dialect.hpp"

#include "proto/irc/names.hpp"
#include "session/irc/format.hpp"
#include "session/irc/modes.hpp"
#include "text/utf8.hpp"

#include <array>
#include <vector>

namespace confab::session {

namespace {

std::string_view cut(std::string_view text, std::uint32_t bytes_max) noexcept {
  return text.substr(0, text::utf8_cut(text, bytes_max));
}

bool is_channel_name(std::string_view name) noexcept {
  return name.starts_with('#') || name.starts_with('&');
}

// `JOIN 0`: leave everything (RFC 2812 §3.2.1).
void part_all(const command &cmd) {
  // Named before the first is left: a submit may run at once, wait, or end the user.
  std::pmr::vector<confab_id> places(&cmd.w.mem);
  for (core::member *m = cmd.w.first_membership(*cmd.c.who); m; m = cmd.w.next_membership(*m))
    places.push_back(core::world::id(cmd.w.channel_of(*m)));
  for (const confab_id place : places) {
    const core::channel *where = cmd.w.channels.find(place);
    if (!cmd.c.who || !where || !cmd.w.find_member(*cmd.c.who, *where))
      continue;
    core::operation op = cmd.d.make(cmd.c, CONFAB_EVENT_PART);
    op.event.part.channel = place;
    cmd.d.submit(std::move(op));
  }
}

// --- MODE
// ------------------------------------------------------------------------------------------

// Goes through the changes of one MODE command.
struct mode_reader {
  const command &cmd;
  std::size_t next_param = 2;
  std::uint32_t with_value = 0;
  bool set = true;
  std::uint32_t listed = 0; // lists that were shown already

  bool has_param() const noexcept { return next_param < cmd.m.param_count; }
  std::string_view take() noexcept { return cmd.param(next_param++); }

  // Changes with a value are bounded: MODES in ISUPPORT.
  bool room() {
    if (with_value++ < cmd.w.limits().modes_max)
      return true;
    if (with_value == cmd.w.limits().modes_max + 1)
      cmd.d.reply(cmd.c, irc::ERR_UNKNOWNERROR, {"MODE"}, "Too many mode changes in one command");
    return false;
  }

  // One refusal of these kinds holds for all that follows.
  bool hopeless() const noexcept {
    const std::uint32_t code = cmd.d.refused_code;
    return code == CONFAB_REFUSED_RANK_NEEDED || code == CONFAB_REFUSED_NOT_MEMBER ||
           code == CONFAB_REFUSED_NO_SUCH_CHANNEL;
  }
};

void show_list(mode_reader &r, std::string_view channel, std::uint32_t list) {
  if ((r.listed >> list & 1U) != 0)
    return;
  r.listed |= 1U << list;
  core::operation op = r.cmd.d.make(r.cmd.c, CONFAB_EVENT_QUERY);
  op.event.query.kind = CONFAB_QUERY_ACCESS;
  op.event.query.name = core::str(channel);
  op.terms.list = list;
  r.cmd.d.submit(std::move(op));
}

void change_list(mode_reader &r, std::string_view channel, std::uint32_t list) {
  const std::string_view given = r.has_param() ? r.take() : std::string_view{};
  if (given.empty())
    return show_list(r, channel, list);
  if (!r.room())
    return;
  std::array<char, 512> mask;
  const std::size_t size = irc::mask_complete(given, mask.data(), mask.size());
  core::operation op = r.cmd.d.make(r.cmd.c, CONFAB_EVENT_ACCESS);
  op.event.access.name = core::str(channel);
  op.event.access.list = list;
  op.event.access.set = r.set ? 1 : 0;
  op.event.access.mask = core::str({mask.data(), size});
  const char letter = letter_of(r.cmd.w.added, core::mode_kind::list, list);
  if (size == 0)
    return r.cmd.d.reply(r.cmd.c, irc::ERR_INVALIDMODEPARAM, {channel, {&letter, 1}, given},
                         "Invalid mask");
  r.cmd.d.submit(std::move(op));
}

void change_rank(mode_reader &r, std::string_view channel, const mode_letter &letter) {
  if (!r.has_param())
    return r.cmd.d.reply(r.cmd.c, irc::ERR_NEEDMOREPARAMS, {"MODE"});
  const std::string_view nick = r.take();
  if (!r.room())
    return;
  core::operation op = r.cmd.d.make(r.cmd.c, CONFAB_EVENT_MEMBER_CHANGE);
  op.event.member_change.name = core::str(channel);
  op.event.member_change.nick = core::str(nick);
  op.event.member_change.rank = letter.mode;
  op.event.member_change.set = r.set ? 1 : 0;
  r.cmd.d.submit(std::move(op));
}

void change_mode(mode_reader &r, std::string_view channel, const mode_letter &letter) {
  std::string_view value;
  const bool takes =
      letter.type == mode_type::b_always || (letter.type == mode_type::c_when_set && r.set);
  if (takes && r.has_param())
    value = r.take();
  else if (takes && r.set)
    return r.cmd.d.reply(r.cmd.c, irc::ERR_NEEDMOREPARAMS, {"MODE"});
  if (takes && !r.room())
    return;
  core::operation op = r.cmd.d.make(r.cmd.c, CONFAB_EVENT_CHANNEL_CHANGE);
  op.event.channel_change.name = core::str(channel);
  op.event.channel_change.mode = letter.mode;
  op.event.channel_change.set = r.set ? 1 : 0;
  op.event.channel_change.value = core::str(value);
  r.cmd.d.submit(std::move(op));
}

void change_channel(mode_reader &r, std::string_view channel, char c) {
  const std::optional<mode_letter> letter = find_channel_letter(r.cmd.w.added, c);
  if (!letter)
    return r.cmd.d.reply(r.cmd.c, irc::ERR_UNKNOWNMODE, {{&c, 1}});
  if (letter->type == mode_type::a_list)
    change_list(r, channel, letter->mode);
  else if (letter->type == mode_type::rank)
    change_rank(r, channel, *letter);
  else
    change_mode(r, channel, *letter);
}

void change_user(mode_reader &r, char c, bool &unknown) {
  const std::uint32_t mode = find_user_letter(r.cmd.w.added, c);
  if (mode == 0) {
    unknown = true;
    return;
  }
  core::operation op = r.cmd.d.make(r.cmd.c, CONFAB_EVENT_USER_CHANGE);
  op.event.user_change.what = CONFAB_USER_MODE;
  op.event.user_change.mode = mode;
  op.event.user_change.set = r.set ? 1 : 0;
  r.cmd.d.submit(std::move(op));
}

template <class Each>
void each_letter(mode_reader &r, std::string_view letters, Each &&each) {
  for (const char c : letters) {
    if (c == '+' || c == '-')
      r.set = c == '+';
    else
      each(c);
    if (r.hopeless() || !r.cmd.c.who)
      return;
  }
}

void query_modes(const command &cmd, std::string_view channel, confab_id user) {
  core::operation op = cmd.d.make(cmd.c, CONFAB_EVENT_QUERY);
  op.event.query.kind = CONFAB_QUERY_MODES;
  op.event.query.name = core::str(channel);
  op.event.query.user = user;
  cmd.d.submit(std::move(op));
}

void mode_of_user(const command &cmd) {
  const core::user *who = cmd.w.find_user(cmd.param(0));
  if (!who)
    return cmd.d.reply(cmd.c, irc::ERR_NOSUCHNICK, {cmd.param(0)});
  if (who != cmd.c.who)
    return cmd.d.reply(cmd.c, irc::ERR_USERSDONTMATCH);
  if (cmd.m.param_count < 2)
    return query_modes(cmd, {}, core::world::id(*who));
  mode_reader r{cmd};
  bool unknown = false;
  each_letter(r, cmd.param(1), [&](char c) { change_user(r, c, unknown); });
  if (unknown)
    cmd.d.reply(cmd.c, irc::ERR_UMODEUNKNOWNFLAG);
}

} // namespace

void verb_join(const command &cmd) {
  if (cmd.param(0) == "0" && cmd.m.param_count == 1)
    return part_all(cmd);
  const bool any = each_target(cmd, cmd.param(0), [&](std::string_view name, std::size_t index) {
    core::operation op = cmd.d.make(cmd.c, CONFAB_EVENT_JOIN);
    op.event.join.name = core::str(name);
    op.event.join.key = core::str(list_item(cmd.param(1), index));
    cmd.d.submit(std::move(op));
  });
  if (!any)
    cmd.d.reply(cmd.c, irc::ERR_NEEDMOREPARAMS, {"JOIN"});
}

void verb_part(const command &cmd) {
  const std::string_view why = cut(cmd.param(1), cmd.w.limits().reason_bytes_max);
  const bool any = each_target(cmd, cmd.param(0), [&](std::string_view name, std::size_t) {
    core::operation op = cmd.d.make(cmd.c, CONFAB_EVENT_PART);
    op.event.part.name = core::str(name);
    op.event.part.text = core::str(why);
    cmd.d.submit(std::move(op));
  });
  if (!any)
    cmd.d.reply(cmd.c, irc::ERR_NEEDMOREPARAMS, {"PART"});
}

// One channel and several users, or as many channels as users (RFC 2812 §3.2.8).
void verb_kick(const command &cmd) {
  const bool one_channel = cmd.param(0).find(',') == std::string_view::npos;
  const std::string_view why = cut(cmd.param(2), cmd.w.limits().reason_bytes_max);
  const bool any = each_target(cmd, cmd.param(1), [&](std::string_view nick, std::size_t index) {
    const std::string_view name = list_item(cmd.param(0), one_channel ? 0 : index);
    if (name.empty())
      return cmd.d.reply(cmd.c, irc::ERR_NEEDMOREPARAMS, {"KICK"});
    core::operation op = cmd.d.make(cmd.c, CONFAB_EVENT_KICK);
    op.event.kick.name = core::str(name);
    op.event.kick.nick = core::str(nick);
    op.event.kick.text = core::str(why.empty() && cmd.c.who ? cmd.c.who->is.nick() : why);
    cmd.d.submit(std::move(op));
  });
  if (!any)
    cmd.d.reply(cmd.c, irc::ERR_NEEDMOREPARAMS, {"KICK"});
}

void verb_invite(const command &cmd) {
  if (cmd.m.param_count == 0) {
    core::operation op = cmd.d.make(cmd.c, CONFAB_EVENT_QUERY);
    op.event.query.kind = CONFAB_QUERY_INVITES;
    return cmd.d.submit(std::move(op));
  }
  if (cmd.m.param_count < 2)
    return cmd.d.reply(cmd.c, irc::ERR_NEEDMOREPARAMS, {"INVITE"});
  core::operation op = cmd.d.make(cmd.c, CONFAB_EVENT_INVITE);
  op.event.invite.nick = core::str(cmd.param(0));
  op.event.invite.name = core::str(cmd.param(1));
  cmd.d.submit(std::move(op));
}

void verb_topic(const command &cmd) {
  core::operation op =
      cmd.d.make(cmd.c, cmd.m.param_count < 2 ? CONFAB_EVENT_QUERY : CONFAB_EVENT_TOPIC);
  if (cmd.m.param_count < 2) {
    op.event.query.kind = CONFAB_QUERY_TOPIC;
    op.event.query.name = core::str(cmd.param(0));
  } else {
    op.event.topic.name = core::str(cmd.param(0));
    op.event.topic.text = core::str(cut(cmd.param(1), cmd.w.limits().topic_bytes_max));
  }
  cmd.d.submit(std::move(op));
}

void verb_mode(const command &cmd) {
  const std::string_view target = cmd.param(0);
  if (!is_channel_name(target))
    return mode_of_user(cmd);
  if (cmd.m.param_count < 2)
    return query_modes(cmd, target, 0);
  mode_reader r{cmd};
  each_letter(r, cmd.param(1), [&](char c) { change_channel(r, target, c); });
}

} // namespace confab::session
