// SPDX-License-Identifier: MIT
//
// What IRCX adds to speech: WHISPER (draft §5.13), messages to some members of a channel by PRIVMSG
// and NOTICE (§5.10, §5.11), and DATA, REQUEST and REPLY (§5.4), whose payloads are opaque here.
// Each recipient is one act, so that a filter sees every message by itself.

#include "core/rights.hpp"
#include "proto/ircx/tagged.hpp"
#include "session/irc/manner.hpp"
#include "session/irc/speech.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace confab::session {

namespace {

constexpr std::size_t whisper_targets_max = 20, data_targets_max = 10; // spec ircx §1.7

// What one message says, whoever it is for.
struct utterance {
  std::uint32_t kind;
  std::string_view text, tag = {};
};

core::operation make_message(const command &cmd, const utterance &said, std::uint8_t spelling) {
  core::operation op = cmd.d.make(cmd.c, CONFAB_EVENT_MESSAGE);
  set_manner(op, said.tag.empty() ? manner::plain : manner::tagged, spelling);
  op.event.message.kind = said.kind;
  op.event.message.text = core::str(said.text);
  op.event.message.tag = core::str(said.tag);
  return op;
}

// What follows would be refused for the same reason.
bool hopeless(std::uint32_t code) noexcept {
  return code == CONFAB_REFUSED_NO_SUCH_CHANNEL || code == CONFAB_REFUSED_NOT_MEMBER ||
         code == CONFAB_REFUSED_NOT_VOICED || code == CONFAB_REFUSED_NO_TEXT;
}

// The nicks of a list as they were written, each user once: "only one whisper per nick" (§5.13).
struct addressees {
  explicit addressees(core::memory &from) : written(&from), found(&from), peers(&from) {}
  std::pmr::vector<std::string_view> written;
  std::pmr::vector<const core::user *> found;
  std::pmr::string peers; // of those who are there, a comma between them
};

void read_addressees(const command &cmd, std::string_view list, const core::channel *where,
                     addressees &out) {
  while (!list.empty()) {
    const std::size_t end = std::min(list.find(','), list.size());
    const std::string_view item = list.substr(0, end);
    list.remove_prefix(std::min(end + 1, list.size()));
    if (item.empty())
      continue;
    const core::user *who = cmd.w.find_user(user_named(cmd, item).view());
    if (who && std::find(out.found.begin(), out.found.end(), who) != out.found.end())
      continue;
    out.written.push_back(item);
    out.found.push_back(who);
    if (!who || !where || !cmd.w.find_member(*who, *where))
      continue;
    if (!out.peers.empty())
      out.peers += ',';
    out.peers += who->is.nick();
  }
}

// To some members of a channel. False when there is nobody in the list.
bool say_to_members(const command &cmd, const utterance &said, std::string_view channel,
                    std::string_view members, std::size_t most) {
  const channel_named context(cmd, channel);
  const core::channel *where = cmd.w.find_channel(context.view());
  addressees to(cmd.w.mem);
  read_addressees(cmd, members, where, to);
  if (to.written.empty())
    return false;
  // Too many are an error of who may whisper there at all; of others the core says what is wrong.
  if (to.written.size() > most && where && cmd.w.find_member(*cmd.c.who, *where)) {
    cmd.d.reply(cmd.c, irc::ERR_TOOMANYTARGETS, {to.written[most]});
    return true;
  }
  for (const std::string_view written : to.written) {
    const user_named nick(cmd, written);
    core::operation op = make_message(cmd, said, context.spelling());
    op.event.message.name = nick.str();
    op.event.message.context_name = context.str();
    if (said.kind == CONFAB_MESSAGE_WHISPER)
      op.event.message.peers = core::str(to.peers);
    cmd.d.refused_code = CONFAB_REFUSED_NONE;
    cmd.d.submit(std::move(op));
    if (hopeless(cmd.d.refused_code) || !cmd.c.who)
      break;
  }
  return true;
}

// The sender's roles where the message goes; in what is no channel it has none of a member.
ircx::role_set roles_of(const command &cmd, std::string_view channel) {
  ircx::role_set roles = ircx::roles_none;
  if (core::is_administrator(cmd.c.who))
    roles |= ircx::role_manager;
  if (core::is_operator(cmd.c.who))
    roles |= ircx::role_sysop;
  const core::channel *where = channel.empty() ? nullptr : cmd.w.find_channel(channel);
  const core::member *m = where ? cmd.w.find_member(*cmd.c.who, *where) : nullptr;
  if (m && (m->ranks & CONFAB_RANK_OWNER) != 0)
    roles |= ircx::role_owner;
  if (m && (m->ranks & CONFAB_RANK_OPERATOR) != 0)
    roles |= ircx::role_host;
  return roles;
}

void say_to_targets(const command &cmd, const utterance &said, std::string_view targets) {
  std::size_t count = 0;
  while (!targets.empty()) {
    const std::size_t end = std::min(targets.find(','), targets.size());
    const std::string_view written = targets.substr(0, end);
    targets.remove_prefix(std::min(end + 1, targets.size()));
    if (written.empty())
      continue;
    if (count++ == data_targets_max)
      return cmd.d.reply(cmd.c, irc::ERR_TOOMANYTARGETS, {written});
    const named target(cmd, written, named::of::either);
    const bool channel = looks_like_channel(written);
    if (!ircx::may_use_tag(said.tag, roles_of(cmd, channel ? target.view() : std::string_view{}))) {
      cmd.d.reply(cmd.c, ircx::IRCERR_SECURITY);
      continue;
    }
    core::operation op = make_message(cmd, said, target.spelling());
    op.event.message.name = target.str();
    cmd.d.submit(std::move(op));
    if (!cmd.c.who) // a handler ended it
      return;
  }
}

void tagged(const command &cmd, std::string_view verb, std::uint32_t kind) {
  ircx::tagged_command wanted;
  const ircx::tagged_error error = ircx::parse_tagged(cmd.m, wanted);
  if (error == ircx::tagged_error::no_payload)
    return cmd.d.reply(cmd.c, irc::ERR_NOTEXTTOSEND);
  if (error == ircx::tagged_error::too_few)
    return cmd.d.reply(cmd.c, irc::ERR_NEEDMOREPARAMS, {verb});
  if (error != ircx::tagged_error::none)
    return cmd.d.reply(cmd.c, ircx::numeric_of(error), {verb});
  const utterance said{kind, wanted.payload, wanted.tag};
  if (wanted.to.members.empty())
    return say_to_targets(cmd, said, wanted.to.targets);
  const channel_named context(cmd, wanted.to.targets);
  if (!ircx::may_use_tag(wanted.tag, roles_of(cmd, context.view())))
    return cmd.d.reply(cmd.c, ircx::IRCERR_SECURITY);
  if (!say_to_members(cmd, said, wanted.to.targets, wanted.to.members, data_targets_max))
    cmd.d.reply(cmd.c, irc::ERR_NEEDMOREPARAMS, {verb});
}

} // namespace

bool say_aside(const command &cmd, std::uint32_t kind) {
  if (cmd.m.param_count < 3 || view_of(cmd.c) != view::ircx)
    return false;
  const bool answer = kind != CONFAB_MESSAGE_NOTICE;
  ircx::tagged_targets to;
  std::string_view text;
  switch (ircx::parse_addressed(cmd.m, to, text)) {
  case ircx::tagged_error::none:
    break;
  case ircx::tagged_error::no_payload:
    if (answer)
      cmd.d.reply(cmd.c, irc::ERR_NOTEXTTOSEND);
    return true;
  case ircx::tagged_error::too_few:
    if (answer)
      cmd.d.reply(cmd.c, irc::ERR_NORECIPIENT);
    return true;
  case ircx::tagged_error::too_many:
    if (answer)
      cmd.d.reply(cmd.c, ircx::IRCERR_TOOMANYARGUMENTS, {cmd.m.verb});
    return true;
  default:
    if (answer)
      cmd.d.reply(cmd.c, ircx::IRCERR_BADCOMMAND, {cmd.m.verb});
    return true;
  }
  if (!say_to_members(cmd, {kind, text}, to.targets, to.members, cmd.w.limits().targets_max) &&
      answer)
    cmd.d.reply(cmd.c, irc::ERR_NORECIPIENT);
  return true;
}

void verb_whisper(const command &cmd) {
  if (cmd.m.param_count < 3)
    return cmd.d.reply(cmd.c, irc::ERR_NEEDMOREPARAMS, {"WHISPER"});
  if (cmd.m.param_count > 3)
    return cmd.d.reply(cmd.c, ircx::IRCERR_TOOMANYARGUMENTS, {"WHISPER"});
  if (cmd.param(2).empty())
    return cmd.d.reply(cmd.c, irc::ERR_NOTEXTTOSEND);
  if (!say_to_members(cmd, {CONFAB_MESSAGE_WHISPER, cmd.param(2)}, cmd.param(0), cmd.param(1),
                      whisper_targets_max))
    cmd.d.reply(cmd.c, irc::ERR_NEEDMOREPARAMS, {"WHISPER"});
}

void verb_data(const command &cmd) { tagged(cmd, "DATA", CONFAB_MESSAGE_DATA); }
void verb_request(const command &cmd) { tagged(cmd, "REQUEST", CONFAB_MESSAGE_REQUEST); }
void verb_reply(const command &cmd) { tagged(cmd, "REPLY", CONFAB_MESSAGE_REPLY); }

} // namespace confab::session
