// SPDX-License-Identifier: MIT
//
// Verbs about channels, as acts: JOIN, PART, KICK, INVITE, TOPIC and MODE (RFC 2812 §3.2). Lists
// become one act for each item, in order; what an act means, and who may do it, is the core's
// business.

#include "session/irc/dialect.hpp"

#include "core/rights.hpp"
#include "proto/irc/names.hpp"
#include "session/format.hpp"
#include "session/irc/manner.hpp"
#include "session/irc/modes.hpp"
#include "session/irc/named.hpp"
#include "text/access_mask.hpp"
#include "text/ascii.hpp"
#include "text/utf8.hpp"

#include <array>
#include <vector>

namespace confab::session {

namespace {

std::string_view cut(std::string_view text, std::uint32_t bytes_max) noexcept {
  return text.substr(0, text::utf8_cut(text, bytes_max));
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
  std::string_view target;   // as the engine calls it
  std::uint8_t spelling = 0; // of a channel
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

  core::operation begin(std::uint16_t type) const {
    core::operation op = cmd.d.make(cmd.c, type);
    set_manner(op, manner::plain, spelling);
    return op;
  }

  // A value that is missing. Microsoft's servers named the letter (spec ircx §5.9.6).
  void missing(char letter) const {
    const char shown[2] = {set ? '+' : '-', letter};
    if (view_of(cmd.c) == view::ircx)
      cmd.d.reply(cmd.c, irc::ERR_NEEDMOREPARAMS, {"MODE", {shown, 2}});
    else
      cmd.d.reply(cmd.c, irc::ERR_NEEDMOREPARAMS, {"MODE"});
  }

  // One refusal of these kinds holds for all that follows.
  bool hopeless() const noexcept {
    const std::uint32_t code = cmd.d.refused_code;
    return code == CONFAB_REFUSED_RANK_NEEDED || code == CONFAB_REFUSED_NOT_MEMBER ||
           code == CONFAB_REFUSED_NO_SUCH_CHANNEL;
  }
};

void show_list(mode_reader &r, std::uint32_t list) {
  if ((r.listed >> list & 1U) != 0)
    return;
  r.listed |= 1U << list;
  core::operation op = r.begin(CONFAB_EVENT_QUERY);
  op.event.query.kind = CONFAB_QUERY_ACCESS;
  op.event.query.name = core::str(r.target);
  op.terms.list = list;
  r.cmd.d.submit(std::move(op));
}

// A mask as lists keep it; empty when it can be none. IRCX completes masks in its own way, with a
// server behind them, and means the same by one for all servers.
std::string_view complete_mask(const command &cmd, std::string_view given,
                               std::array<char, 512> &buffer) noexcept {
  if (view_of(cmd.c) != view::ircx)
    return {buffer.data(), irc::mask_complete(given, buffer.data(), buffer.size())};
  std::size_t size = 0;
  if (text::complete_mask(given, buffer.data(), size) != text::mask_error::none)
    return {};
  const std::string_view mask{buffer.data(), size};
  return text::is_plain_mask(mask) ? text::plain_mask(mask) : mask;
}

void change_list(mode_reader &r, const mode_letter &letter) {
  const std::string_view given = r.has_param() ? r.take() : std::string_view{};
  if (given.empty())
    return show_list(r, letter.mode);
  if (!r.room())
    return;
  std::array<char, 512> buffer;
  const std::string_view mask = complete_mask(r.cmd, given, buffer);
  if (mask.empty())
    return r.cmd.d.reply(r.cmd.c, irc::ERR_INVALIDMODEPARAM,
                         {r.cmd.param(0), {&letter.letter, 1}, given}, "Invalid mask");
  core::operation op = r.begin(CONFAB_EVENT_ACCESS);
  op.event.access.name = core::str(r.target);
  op.event.access.list = letter.mode;
  op.event.access.set = r.set ? 1 : 0;
  op.event.access.mask = core::str(mask);
  r.cmd.d.submit(std::move(op));
}

// An owner is an operator to who sees both alike: making it one is nothing new (spec ircx §19.1).
bool is_news(const mode_reader &r, const mode_letter &letter, std::string_view nick) noexcept {
  if (!r.set || letter.mode != CONFAB_RANK_OPERATOR || view_of(r.cmd.c) != view::irc)
    return true;
  const core::channel *where = r.cmd.w.find_channel(r.target);
  const core::user *who = r.cmd.w.find_user(nick);
  const core::member *m = where && who ? r.cmd.w.find_member(*who, *where) : nullptr;
  return !m || (m->ranks & CONFAB_RANK_OWNER) == 0;
}

void change_rank(mode_reader &r, const mode_letter &letter) {
  if (!r.has_param())
    return r.missing(letter.letter);
  const user_named nick(r.cmd, r.take());
  if (!r.room() || !is_news(r, letter, nick.view()))
    return;
  core::operation op = r.begin(CONFAB_EVENT_MEMBER_CHANGE);
  op.event.member_change.name = core::str(r.target);
  op.event.member_change.nick = nick.str();
  op.event.member_change.rank = letter.mode;
  op.event.member_change.set = r.set ? 1 : 0;
  r.cmd.d.submit(std::move(op));
}

void change_mode(mode_reader &r, const mode_letter &letter) {
  std::string_view value;
  const bool takes =
      letter.type == mode_type::b_always || (letter.type == mode_type::c_when_set && r.set);
  if (takes && r.has_param())
    value = r.take();
  else if (takes && r.set)
    return r.missing(letter.letter);
  if (takes && !r.room())
    return;
  bool set = r.set;
  if (view_of(r.cmd.c) == view::ircx && letter.mode == CONFAB_CMODE_LIMIT && set) {
    const auto limit = text::parse_u64(value, INT32_MAX);
    if (!limit)
      return r.missing(letter.letter); // as on Exchange (spec ircx §5.9.6)
    set = *limit != 0;                 // a limit of 0 is none (§7.2)
  }
  core::operation op = r.begin(CONFAB_EVENT_CHANNEL_CHANGE);
  op.event.channel_change.name = core::str(r.target);
  op.event.channel_change.mode = letter.mode;
  op.event.channel_change.set = set ? 1 : 0;
  op.event.channel_change.value = core::str(set || !r.set ? value : std::string_view{});
  r.cmd.d.submit(std::move(op));
}

// Half a character of UTF-8 is not for others to read.
void refuse_letter(const command &cmd, char letter) {
  const char shown = static_cast<unsigned char>(letter) < 0x80 ? letter : '?';
  cmd.d.reply(cmd.c, irc::ERR_UNKNOWNMODE, {{&shown, 1}});
}

void change_channel(mode_reader &r, char c) {
  const std::optional<mode_letter> letter = find_channel_letter(view_of(r.cmd.c), r.cmd.w.added, c);
  if (!letter)
    return refuse_letter(r.cmd, c);
  if (letter->type == mode_type::a_list)
    change_list(r, *letter);
  else if (letter->type == mode_type::rank)
    change_rank(r, *letter);
  else
    change_mode(r, *letter);
}

// GAG is set on others, and shown to no session without IRCX: it has its letter for all operators.
std::uint32_t user_mode_of(const command &cmd, char c, bool of_other) noexcept {
  return of_other && c == 'z' ? std::uint32_t{CONFAB_UMODE_GAG}
                              : find_user_letter(view_of(cmd.c), cmd.w.added, c);
}

void submit_user_mode(const mode_reader &r, confab_id who, std::uint32_t mode) {
  core::operation op = r.begin(CONFAB_EVENT_USER_CHANGE);
  op.event.user_change.user = who;
  op.event.user_change.what = CONFAB_USER_MODE;
  op.event.user_change.mode = mode;
  op.event.user_change.set = r.set ? 1 : 0;
  op.strict =
      view_of(r.cmd.c) == view::ircx; // its clients are told what they cannot give themselves
  r.cmd.d.submit(std::move(op));
}

void change_user(mode_reader &r, const core::user &who, char c, bool &unknown) {
  const std::uint32_t mode = user_mode_of(r.cmd, c, &who != r.cmd.c.who);
  if (mode == 0) {
    unknown = true;
    return;
  }
  const confab_id subject = core::world::id(who); // a change may end it
  // To a view that shows administrators as operators, who is none any more is neither.
  if (mode == CONFAB_UMODE_OPERATOR && !r.set && view_of(r.cmd.c) != view::ircx &&
      core::is_administrator(&who)) {
    submit_user_mode(r, subject, CONFAB_UMODE_ADMINISTRATOR);
    if (!r.cmd.w.users.find(subject))
      return;
  }
  submit_user_mode(r, subject, mode);
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

void query_modes(const command &cmd, std::string_view channel, std::uint8_t spelling,
                 confab_id user) {
  core::operation op = cmd.d.make(cmd.c, CONFAB_EVENT_QUERY);
  set_manner(op, manner::plain, spelling);
  op.event.query.kind = CONFAB_QUERY_MODES;
  op.event.query.name = core::str(channel);
  op.event.query.user = user;
  cmd.d.submit(std::move(op));
}

// Of another user there is one mode that a command can change, and none that it can show.
bool changes_only_gag(std::string_view letters) noexcept {
  return letters.find('z') != std::string_view::npos &&
         letters.find_first_not_of("+-z") == std::string_view::npos;
}

void mode_of_user(const command &cmd) {
  const user_named nick(cmd, cmd.param(0));
  const core::user *who = cmd.w.find_user(nick.view());
  if (!who) // Exchange had one number for all that it does not know (spec ircx §3.1)
    return cmd.d.reply(cmd.c,
                       view_of(cmd.c) == view::ircx ? irc::ERR_NOSUCHCHANNEL : irc::ERR_NOSUCHNICK,
                       {cmd.param(0)});
  const std::string_view letters = cmd.param(1);
  if (who != cmd.c.who && !changes_only_gag(letters))
    return cmd.d.reply(cmd.c, irc::ERR_USERSDONTMATCH);
  if (cmd.m.param_count < 2)
    return query_modes(cmd, {}, 0, core::world::id(*who));
  mode_reader r{cmd, nick.view()};
  bool unknown = false;
  const confab_id subject = core::world::id(*who); // a change may end it
  each_letter(r, letters, [&](char c) {
    if (const core::user *still = cmd.w.users.find(subject))
      change_user(r, *still, c, unknown);
  });
  if (unknown)
    cmd.d.reply(cmd.c, irc::ERR_UMODEUNKNOWNFLAG);
}

} // namespace

void verb_join(const command &cmd) {
  if (cmd.param(0) == "0" && cmd.m.param_count == 1)
    return part_all(cmd);
  const bool any = each_target(cmd, cmd.param(0), [&](std::string_view written, std::size_t index) {
    const channel_named name(cmd, written);
    if (name.bad_channel()) // the core would take it: other views have it
      return cmd.d.reply(
          cmd.c, view_of(cmd.c) == view::ircx ? irc::ERR_NOSUCHCHANNEL : irc::ERR_BADCHANMASK,
          {written});
    core::operation op = cmd.d.make(cmd.c, CONFAB_EVENT_JOIN);
    set_manner(op, manner::plain, name.spelling());
    op.member_manner = name.spelling();
    op.event.join.name = name.str();
    op.event.join.key = core::str(list_item(cmd.param(1), index));
    // Plain IRC knows no owners: nobody would get past the one who happened to come first.
    if (view_of(cmd.c) == view::ircx)
      op.event.join.flags = CONFAB_JOIN_OWNS;
    cmd.d.submit(std::move(op));
  });
  if (!any)
    cmd.d.reply(cmd.c, irc::ERR_NEEDMOREPARAMS, {"JOIN"});
}

void verb_part(const command &cmd) {
  const std::string_view why = cut(cmd.param(1), cmd.w.limits().reason_bytes_max);
  const bool any = each_target(cmd, cmd.param(0), [&](std::string_view written, std::size_t) {
    const channel_named name(cmd, written);
    core::operation op = cmd.d.make(cmd.c, CONFAB_EVENT_PART);
    set_manner(op, manner::plain, name.spelling());
    op.event.part.name = name.str();
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
  const bool any = each_target(cmd, cmd.param(1), [&](std::string_view item, std::size_t index) {
    const std::string_view written = list_item(cmd.param(0), one_channel ? 0 : index);
    if (written.empty())
      return cmd.d.reply(cmd.c, irc::ERR_NEEDMOREPARAMS, {"KICK"});
    const channel_named name(cmd, written);
    const user_named nick(cmd, item);
    core::operation op = cmd.d.make(cmd.c, CONFAB_EVENT_KICK);
    set_manner(op, manner::plain, name.spelling());
    op.event.kick.name = name.str();
    op.event.kick.nick = nick.str();
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
  const user_named nick(cmd, cmd.param(0));
  const channel_named name(cmd, cmd.param(1));
  core::operation op = cmd.d.make(cmd.c, CONFAB_EVENT_INVITE);
  set_manner(op, manner::plain, name.spelling());
  op.event.invite.nick = nick.str();
  op.event.invite.name = name.str();
  cmd.d.submit(std::move(op));
}

void verb_topic(const command &cmd) {
  const channel_named name(cmd, cmd.param(0));
  // As PROP says it: nothing is cut behind the client's back (spec ircx §1.7).
  if (view_of(cmd.c) == view::ircx && cmd.param(1).size() > cmd.w.limits().topic_bytes_max)
    return cmd.d.reply(cmd.c, ircx::IRCERR_BADVALUE, {cmd.param(0)});
  core::operation op =
      cmd.d.make(cmd.c, cmd.m.param_count < 2 ? CONFAB_EVENT_QUERY : CONFAB_EVENT_TOPIC);
  set_manner(op, manner::plain, name.spelling());
  if (cmd.m.param_count < 2) {
    op.event.query.kind = CONFAB_QUERY_TOPIC;
    op.event.query.name = name.str();
  } else {
    op.event.topic.name = name.str();
    op.event.topic.text = core::str(cut(cmd.param(1), cmd.w.limits().topic_bytes_max));
  }
  cmd.d.submit(std::move(op));
}

void verb_mode(const command &cmd) {
  if (!looks_like_channel(cmd.param(0)))
    return mode_of_user(cmd);
  const channel_named name(cmd, cmd.param(0));
  if (cmd.m.param_count < 2)
    return query_modes(cmd, name.view(), name.spelling(), 0);
  mode_reader r{cmd, name.view(), name.spelling()};
  each_letter(r, cmd.param(1), [&](char c) { change_channel(r, c); });
}

} // namespace confab::session
