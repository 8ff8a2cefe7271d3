// SPDX-License-Identifier: MIT
//
// Verbs that ask: who is where, and what messages go to whom. NAMES, LIST, WHO, WHOIS, WHOWAS,
// ISON, USERHOST (RFC 2812 §3.2.5, §3.6, §4), and PRIVMSG, NOTICE, WALLOPS (§3.3, §4.7), which are
// as short.

#include "session/irc/dialect.hpp"

#include "session/format.hpp"
#include "session/irc/manner.hpp"
#include "session/irc/modes.hpp"
#include "session/irc/speech.hpp"
#include "text/access_mask.hpp"
#include "text/ascii.hpp"
#include "text/quoting.hpp"

#include <algorithm>
#include <string>

namespace confab::session {

namespace {

core::operation make_query(const command &cmd, std::uint32_t kind, std::string_view name,
                           std::uint8_t spelling = 0) {
  core::operation op = cmd.d.make(cmd.c, CONFAB_EVENT_QUERY);
  set_manner(op, manner::plain, spelling);
  op.event.query.kind = kind;
  op.event.query.name = core::str(name);
  return op;
}

// Nothing at all, or only the commas of a list.
bool no_item(std::string_view list) noexcept {
  return list.find_first_not_of(',') == std::string_view::npos;
}

bool has_wildcard(std::string_view name) noexcept {
  return name.find_first_of("*?") != std::string_view::npos;
}

void say(const command &cmd, std::uint32_t kind, std::string_view target) {
  core::operation op = cmd.d.make(cmd.c, CONFAB_EVENT_MESSAGE);
  op.event.message.kind = kind;
  // "@#channel": only to those of that rank and above (ISUPPORT STATUSMSG). Of several prefixes the
  // lowest counts.
  const view v = view_of(cmd.c);
  while (target.size() > 1 && rank_of_prefix(v, target[0]) != 0 &&
         (looks_like_channel(target.substr(1)) || rank_of_prefix(v, target[1]) != 0)) {
    const std::uint32_t rank = rank_of_prefix(v, target[0]);
    const std::uint32_t before = op.event.message.ranks_min;
    op.event.message.ranks_min = before == 0 ? rank : std::min(before, rank);
    target.remove_prefix(1);
  }
  const named to(cmd, target, named::of::either);
  set_manner(op, manner::plain, to.spelling());
  op.event.message.name = to.str();
  op.event.message.text = core::str(cmd.param(1));
  cmd.d.submit(std::move(op));
}

void say_all(const command &cmd, std::uint32_t kind) {
  if (say_aside(cmd, kind))
    return;
  const bool answer = kind != CONFAB_MESSAGE_NOTICE;
  if (no_item(cmd.param(0)))
    return answer ? cmd.d.reply(cmd.c, irc::ERR_NORECIPIENT) : void();
  if (cmd.param(1).empty())
    return answer ? cmd.d.reply(cmd.c, irc::ERR_NOTEXTTOSEND) : void();
  each_target(cmd, cmd.param(0),
              [&](std::string_view target, std::size_t) { say(cmd, kind, target); });
}

// Of a mask of names: `%#x*` is `#x*`.
std::string_view plain_spelling(std::string_view mask) noexcept {
  return is_spelled(mask) ? mask.substr(1) : mask;
}

// "C>60": a letter or none, a sign, a number. ELIST of the extended LIST.
bool read_term(const command &cmd, std::string_view item, core::query_terms &terms) {
  const char letter = text::to_upper(item[0]);
  const bool timed = letter == 'C' || letter == 'T';
  std::string_view rest = timed ? item.substr(1) : item;
  if (rest.size() < 2 || (rest[0] != '<' && rest[0] != '>'))
    return false;
  const bool less = rest[0] == '<';
  const auto value = text::parse_u64(rest.substr(1), INT32_MAX);
  if (!value)
    return false;
  if (!timed) {
    if (less)
      terms.members_max = *value == 0 ? 0 : static_cast<std::uint32_t>(*value - 1);
    else
      terms.members_min = static_cast<std::uint32_t>(*value + 1);
    return true;
  }
  // Minutes ago: `<` is later than that, `>` earlier.
  const std::int64_t then = cmd.w.unix_s() - static_cast<std::int64_t>(*value) * 60;
  if (letter == 'C')
    (less ? terms.created_after : terms.created_before) = then;
  else
    (less ? terms.topic_after : terms.topic_before) = then;
  return true;
}

// A mask of nicks as the core matches it: what IRCX's clients quote (`'*\\b*`) is unquoted.
std::string_view who_mask(core::operation &op, std::string_view written) {
  if (!written.starts_with('\'') || written.size() < 2)
    return written;
  std::pmr::string mask(written.substr(1), op.mem);
  const auto size = text::unquote_mask(mask, mask.data());
  return size ? op.keep({mask.data(), *size}) : written;
}

// The most users that one mask of WHOIS shows: of each there are up to eight lines.
constexpr std::uint32_t whois_matches_max = 50;

// `WHOIS a*` and `WHOIS *!*@*.edu`, which Microsoft's control lists users by (RFC 2812 §3.6.2; spec
// ircx §5.9.7): completed as the masks of IRCX are.
void whois_mask(core::operation &op, std::string_view written) {
  std::array<char, text::mask_bytes_limit> room;
  std::size_t length = 0;
  if (!has_wildcard(written) ||
      text::complete_mask(written, room.data(), length) != text::mask_error::none)
    return;
  op.event.query.name = core::str(written);
  op.terms.mask = op.keep({room.data(), length});
  op.terms.rows_max = whois_matches_max;
}

void submit_query(const command &cmd, std::uint32_t kind, std::string_view channel,
                  std::uint8_t spelling, const core::query_terms &terms) {
  core::operation op = make_query(cmd, kind, channel, spelling);
  op.terms = terms;
  cmd.d.submit(std::move(op));
}

// One question for each name; the terms say which is the first and which the last that is asked.
void submit_each(const command &cmd, std::uint32_t kind, core::query_terms terms) {
  const std::string_view list = cmd.param(0);
  std::size_t items = 0;
  for (std::size_t i = 0; i < list.size(); ++i)
    items += list[i] != ',' && (i == 0 || list[i - 1] == ',') ? 1 : 0;
  items = std::min<std::size_t>(items, cmd.w.limits().targets_max);
  each_target(cmd, list, [&](std::string_view written, std::size_t index) {
    const channel_named name(cmd, written);
    terms.first = index == 0;
    terms.last = index + 1 == items;
    submit_query(cmd, kind, name.view(), name.spelling(), terms);
  });
}

} // namespace

void verb_privmsg(const command &cmd) { say_all(cmd, CONFAB_MESSAGE_PRIVMSG); }
void verb_notice(const command &cmd) { say_all(cmd, CONFAB_MESSAGE_NOTICE); }

void verb_wallops(const command &cmd) {
  core::operation op = cmd.d.make(cmd.c, CONFAB_EVENT_MESSAGE);
  op.event.message.kind = CONFAB_MESSAGE_WALLOPS;
  op.event.message.text = core::str(cmd.param(0));
  cmd.d.submit(std::move(op));
}

void verb_names(const command &cmd) {
  const std::string_view list = cmd.param(0);
  if (no_item(list))
    return cmd.d.reply(cmd.c, irc::RPL_ENDOFNAMES,
                       {"*"}); // everybody at once is no question we answer
  // One end for the whole list, which it names as it was asked (modern.ircdocs.horse, NAMES).
  core::query_terms terms;
  terms.mask = list;
  submit_each(cmd, CONFAB_QUERY_NAMES, terms);
}

// Names of channels, or conditions: one kind or the other, as every client sends it.
void verb_list(const command &cmd) {
  core::query_terms terms;
  // IRCX lists private channels, by name and number of members (draft §8.1.2); plain IRC does not.
  terms.with_private = view_of(cmd.c) == view::ircx;
  const std::string_view list = cmd.param(0);
  if (looks_like_channel(list) && !has_wildcard(list))
    return submit_each(cmd, CONFAB_QUERY_LIST, terms);
  each_target(cmd, list, [&](std::string_view item, std::size_t) {
    if (read_term(cmd, item, terms))
      return;
    if (item.starts_with('!'))
      terms.not_mask = plain_spelling(item.substr(1));
    else
      terms.mask = plain_spelling(item);
  });
  submit_query(cmd, CONFAB_QUERY_LIST, {}, 0, terms);
}

void verb_who(const command &cmd) {
  const std::string_view written = cmd.param(0);
  const named asked(cmd, written, named::of::either);
  const bool quoted = written.starts_with('\'') && !cmd.w.find_user(asked.view());
  core::operation op =
      make_query(cmd, CONFAB_QUERY_WHO, asked.view(),
                 quoted ? static_cast<std::uint8_t>(variant_spelled) : asked.spelling());
  // RFC 2812 §3.6.1: `0` is everybody, as is `*`. Without a mask nobody is asked for (Q229688).
  op.terms.mask = looks_like_channel(written) ? std::string_view{}
                  : written == "0"            ? "*"
                                              : who_mask(op, written);
  op.terms.operators_only = cmd.param(1) == "o";
  cmd.d.submit(std::move(op));
}

void verb_whois(const command &cmd) {
  const std::string_view asked = cmd.m.param_count > 1 ? cmd.param(1) : cmd.param(0);
  if (no_item(asked))
    return cmd.d.reply(cmd.c, irc::ERR_NONICKNAMEGIVEN);
  if (cmd.m.param_count > 1 && !cmd.d.is_here(cmd.c, cmd.param(0)))
    return;
  each_target(cmd, asked, [&](std::string_view nick, std::size_t) {
    const user_named name(cmd, nick);
    core::operation op = make_query(cmd, CONFAB_QUERY_WHOIS, name.view());
    if (!cmd.w.find_user(name.view()))
      whois_mask(op, nick);
    cmd.d.submit(std::move(op));
  });
}

void verb_whowas(const command &cmd) {
  if (no_item(cmd.param(0)))
    return cmd.d.reply(cmd.c, irc::ERR_NONICKNAMEGIVEN);
  const auto count = text::parse_u64(cmd.param(1), UINT32_MAX);
  each_target(cmd, cmd.param(0), [&](std::string_view nick, std::size_t) {
    const user_named was(cmd, nick);
    core::operation op = make_query(cmd, CONFAB_QUERY_WHOWAS, was.view());
    // A count that is not positive means all (RFC 2812 §3.6.3).
    op.terms.rows_max = count && *count > 0 ? static_cast<std::uint32_t>(*count) : UINT32_MAX;
    cmd.d.submit(std::move(op));
  });
}

namespace {

// All the nicks of the command, as the engine calls them, a space between them; when one of them
// holds a space itself, an LF behind each.
std::string_view all_nicks(const command &cmd, std::pmr::string &out) {
  for (std::size_t i = 0; i < cmd.m.param_count; ++i) {
    std::string_view rest = cmd.param(i);
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find(' '), rest.size());
      if (end > 0) {
        const user_named nick(cmd, rest.substr(0, end));
        out += nick.view();
        out += '\n';
      }
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }
  if (out.find(' ') == std::string_view::npos && !out.empty()) {
    std::replace(out.begin(), out.end(), '\n', ' ');
    out.pop_back();
  }
  return out;
}

void ask_of_nicks(const command &cmd, std::uint32_t kind) {
  std::pmr::string nicks(&cmd.w.mem);
  cmd.d.submit(make_query(cmd, kind, all_nicks(cmd, nicks)));
}

} // namespace

void verb_ison(const command &cmd) { ask_of_nicks(cmd, CONFAB_QUERY_ISON); }
void verb_userhost(const command &cmd) { ask_of_nicks(cmd, CONFAB_QUERY_USERHOST); }

} // namespace confab::session
