// SPDX-License-Identifier: MIT
//
// Answers to questions, row by row, as numerics (RFC 2812 §5.1, modern.ircdocs.horse). Names, ISON
// and USERHOST put as many items on a line as fit; whatever is half full goes out when an answer
// pauses.

#include "session/irc/dialect.hpp"

#include "core/rights.hpp"
#include "proto/ircv3/caps.hpp"
#include "session/irc/format.hpp"
#include "session/irc/modes.hpp"

#include <cstring>

namespace confab::session {

namespace {

struct list_numerics {
  irc::numeric entry, end;
};

constexpr std::array<list_numerics, CONFAB_LIST_COUNT> lists{
    {{irc::RPL_BANLIST, irc::RPL_ENDOFBANLIST},
     {irc::RPL_EXCEPTLIST, irc::RPL_ENDOFEXCEPTLIST},
     {irc::RPL_INVEXLIST, irc::RPL_ENDOFINVEXLIST}}};

bool is_packed(std::uint32_t kind) noexcept {
  return kind == CONFAB_QUERY_NAMES || kind == CONFAB_QUERY_ISON || kind == CONFAB_QUERY_USERHOST;
}

// Appends what fits.
struct text_buffer {
  char *data;
  std::size_t size;
  std::size_t used = 0;

  void put(std::string_view part) noexcept {
    part = part.substr(0, size - used);
    std::memcpy(data + used, part.data(), part.size());
    used += part.size();
  }
  std::string_view view() const noexcept { return {data, used}; }
};

void put_prefixes(text_buffer &out, std::uint32_t ranks, std::uint32_t capabilities) noexcept {
  char prefixes[2];
  out.put(
      {prefixes, write_prefixes(ranks, (capabilities & ircv3::cap_multi_prefix) != 0, prefixes)});
}

} // namespace

void irc_dialect::query_begin(core::conn &c, const core::operation &op) {
  const std::uint32_t kind = op.event.query.kind;
  if (kind == CONFAB_QUERY_LIST && op.terms.first)
    reply(c, irc::RPL_LISTSTART, {"Channel"});
  pack_used_ = 0;
  if (kind == CONFAB_QUERY_ISON || kind == CONFAB_QUERY_USERHOST)
    pack_begin(c, op); // these answer with one line even when nobody is there
}

void irc_dialect::query_row(core::conn &c, const core::operation &op, const core::query_row &row) {
  switch (op.event.query.kind) {
  case CONFAB_QUERY_LIST:
    return row_list(c, row);
  case CONFAB_QUERY_WHO:
    return row_who(c, row);
  case CONFAB_QUERY_WHOIS:
    return row_whois(c, op, row);
  case CONFAB_QUERY_MODES:
    return row_modes(c, op, row);
  case CONFAB_QUERY_ACCESS:
    return row_access(c, op, row);
  case CONFAB_QUERY_TOPIC:
    return row.where->topic.empty() ? reply(c, irc::RPL_NOTOPIC, {row.where->name()})
                                    : row_topic(c, *row.where);
  case CONFAB_QUERY_INVITES:
    return reply_bare(c, irc::RPL_INVITELIST, {row.where->name()});
  case CONFAB_QUERY_WHOWAS: {
    const core::identity &was = row.former->was;
    char time[24];
    reply(c, irc::RPL_WHOWASUSER, {was.nick(), was.username(), was.hostname(), "*"},
          was.realname());
    return reply(c, irc::RPL_WHOISSERVER, {was.nick(), w.server_name()},
                 ircv3::format_time(row.former->left_s * 1'000'000'000, time));
  }
  default:
    break;
  }
  std::array<char, 600> item;
  text_buffer out{item.data(), item.size()};
  const core::identity &is = row.who->is;
  if (op.event.query.kind == CONFAB_QUERY_NAMES) {
    put_prefixes(out, row.membership->ranks, c.capabilities);
    out.put((c.capabilities & ircv3::cap_userhost_in_names) != 0 ? is.source() : is.nick());
  } else {
    out.put(is.nick());
  }
  if (op.event.query.kind == CONFAB_QUERY_USERHOST) {
    out.put(core::is_operator(row.who) ? "*=" : "=");
    out.put(row.who->is_away ? "-" : "+");
    out.put(is.username());
    out.put("@");
    out.put(is.hostname());
  }
  pack(c, op, out.view());
}

void irc_dialect::query_pause(core::conn &c, const core::operation &op) {
  if (is_packed(op.event.query.kind))
    pack_flush(c);
}

void irc_dialect::query_end(core::conn &c, const core::operation &op) {
  const confab_event_query &e = op.event.query;
  const std::string_view asked = e.name.len > 0 ? core::view(e.name) : "*";
  if (is_packed(e.kind))
    pack_flush(c);
  switch (e.kind) {
  case CONFAB_QUERY_NAMES: // the terms hold the whole list, when there was one
    return op.terms.last
               ? reply(c, irc::RPL_ENDOFNAMES, {op.terms.mask.empty() ? asked : op.terms.mask})
               : void();
  case CONFAB_QUERY_LIST:
    return op.terms.last ? reply(c, irc::RPL_LISTEND) : void();
  case CONFAB_QUERY_WHO:
    return reply(c, irc::RPL_ENDOFWHO, {asked});
  case CONFAB_QUERY_WHOIS:
    return reply(c, irc::RPL_ENDOFWHOIS, {asked});
  case CONFAB_QUERY_WHOWAS:
    return reply(c, irc::RPL_ENDOFWHOWAS, {asked});
  case CONFAB_QUERY_ACCESS:
    return reply(c, lists[op.terms.list].end, {asked});
  case CONFAB_QUERY_INVITES:
    return reply(c, irc::RPL_ENDOFINVITELIST);
  default:
    return;
  }
}

// --- lines of many items
// ---------------------------------------------------------------------------

void irc_dialect::pack_begin(core::conn &c, const core::operation &op) {
  const std::uint32_t kind = op.event.query.kind;
  irc::line_writer line(pack_.data(), pack_.size(), w.limits().line_bytes_max);
  line.source(w.server_name());
  if (kind == CONFAB_QUERY_NAMES) {
    const core::channel *where = w.channels.find(op.event.query.channel);
    const std::string_view symbol = where && where->has(CONFAB_CMODE_SECRET)    ? "@"
                                    : where && where->has(CONFAB_CMODE_PRIVATE) ? "*"
                                                                                : "=";
    line.numeric(irc::RPL_NAMREPLY)
        .param(nick_of(c))
        .param(symbol)
        .param(core::view(op.event.query.name));
  } else {
    line.numeric(kind == CONFAB_QUERY_ISON ? irc::RPL_ISON : irc::RPL_USERHOST).param(nick_of(c));
  }
  pack_head_ = pack_used_ = line.text({}).finish().size() - 2; // items go before CR LF
}

void irc_dialect::pack(core::conn &c, const core::operation &op, std::string_view item) {
  if (pack_used_ > pack_head_ && pack_used_ + 1 + item.size() + 2 > w.limits().line_bytes_max)
    pack_flush(c);
  if (pack_used_ == 0)
    pack_begin(c, op);
  if (pack_used_ > pack_head_)
    pack_[pack_used_++] = ' ';
  item = item.substr(0, w.limits().line_bytes_max - 2 - pack_used_);
  std::memcpy(pack_.data() + pack_used_, item.data(), item.size());
  pack_used_ += item.size();
}

void irc_dialect::pack_flush(core::conn &c) noexcept {
  if (pack_used_ == 0)
    return;
  std::memcpy(pack_.data() + pack_used_, "\r\n", 2);
  w.send(c, {pack_.data(), pack_used_ + 2});
  pack_used_ = 0;
}

// --- rows
// ------------------------------------------------------------------------------------------

void irc_dialect::row_list(core::conn &c, const core::query_row &row) {
  char members[24];
  reply(c, irc::RPL_LIST, {row.where->name(), format_into(members, "{}", row.where->roster.size())},
        row.where->topic.view());
}

void irc_dialect::row_who(core::conn &c, const core::query_row &row) {
  const core::user &who = *row.who;
  std::array<char, 8> flag_bytes;
  text_buffer flags{flag_bytes.data(), flag_bytes.size()};
  flags.put(who.is_away ? "G" : "H");
  if (core::is_operator(&who))
    flags.put("*");
  if (row.membership)
    put_prefixes(flags, row.membership->ranks, c.capabilities);
  char text[300];
  reply(c, irc::RPL_WHOREPLY,
        {row.where ? row.where->name() : "*", who.is.username(), who.is.hostname(), w.server_name(),
         who.is.nick(), flags.view()},
        format_into(text, "0 {}", who.is.realname()));
}

void irc_dialect::row_whois(core::conn &c, const core::operation &op, const core::query_row &row) {
  const core::user &who = *row.who;
  const std::string_view nick = who.is.nick();
  reply(c, irc::RPL_WHOISUSER, {nick, who.is.username(), who.is.hostname(), "*"},
        who.is.realname());
  whois_channels(c, op, who);
  reply(c, irc::RPL_WHOISSERVER, {nick, w.server_name()}, core::view(w.limits().server_info));
  if (core::is_operator(&who))
    reply(c, irc::RPL_WHOISOPERATOR, {nick});
  if (who.is_away)
    reply(c, irc::RPL_AWAY, {nick}, who.away.view());
  const core::conn *session = who.sessions;
  const bool may_see_address = op.actor == &who || core::is_operator(op.actor);
  if (session && may_see_address)
    reply(c, irc::RPL_WHOISACTUALLY, {nick, session->address.view()});
  if (session && (session->flags & CONFAB_CONN_SECURE) != 0)
    reply(c, irc::RPL_WHOISSECURE, {nick});
  char idle[24], since[24];
  reply(c, irc::RPL_WHOISIDLE,
        {nick, format_into(idle, "{}", (w.now - who.last_spoke) / 1'000'000'000),
         format_into(since, "{}", w.unix_ns_of(who.registered) / 1'000'000'000)});
}

// The channels that the asker may know of, as many on a line as fit.
void irc_dialect::whois_channels(core::conn &c, const core::operation &op, const core::user &who) {
  std::array<char, 400> bytes;
  text_buffer out{bytes.data(), bytes.size()};
  const auto flush = [&] {
    if (out.used > 0)
      reply(c, irc::RPL_WHOISCHANNELS, {who.is.nick()}, out.view());
    out.used = 0;
  };
  for (core::member *m = w.first_membership(who); m; m = w.next_membership(*m)) {
    const core::channel &where = w.channel_of(*m);
    if (!core::visible(w, op.actor, *m) && !core::visible(w, op.actor, where))
      continue;
    if (out.used + where.name().size() + 4 > out.size)
      flush();
    if (out.used > 0)
      out.put(" ");
    put_prefixes(out, m->ranks, c.capabilities);
    out.put(where.name());
  }
  flush();
}

void irc_dialect::row_topic(core::conn &c, const core::channel &where) {
  char when[24];
  reply(c, irc::RPL_TOPIC, {where.name()}, where.topic.view());
  reply_bare(c, irc::RPL_TOPICWHOTIME,
             {where.name(), where.topic_by.view(), format_into(when, "{}", where.topic_s)});
}

void irc_dialect::row_modes(core::conn &c, const core::operation &op, const core::query_row &row) {
  std::array<char, 64> bytes;
  text_buffer letters{bytes.data(), bytes.size()};
  letters.put("+");
  if (row.who) {
    each_user_letter(w.added, [&](const user_letter &letter) {
      if ((row.who->modes & letter.mode) != 0)
        letters.put({&letter.letter, 1});
    });
    return reply_bare(c, irc::RPL_UMODEIS, {letters.view()});
  }
  const core::channel &where = *row.where;
  const bool member = op.actor && w.find_member(*op.actor, where);
  char limit_text[24];
  // The channel, the letters, and a value for some of them; what does not fit a line is cut.
  std::array<std::string_view, CONFAB_PARAMS_MAX - 1> shown{where.name()};
  std::size_t count = 2;
  each_channel_letter(w.added, [&](const mode_letter &letter) {
    if (letter.type == mode_type::a_list || letter.type == mode_type::rank ||
        !where.has(letter.mode))
      return;
    std::string_view value;
    if (letter.mode == CONFAB_CMODE_KEY)
      value = member ? where.key.view() : std::string_view("*"); // the key is for those inside
    else if (letter.mode == CONFAB_CMODE_LIMIT)
      value = format_into(limit_text, "{}", where.limit);
    else if (const core::addition *mode = w.added.channel_mode(letter.mode))
      value = w.added.text_on(core::world::id(where), *mode);
    letters.put({&letter.letter, 1});
    if (!value.empty() && count < shown.size())
      shown[count++] = value;
  });
  shown[1] = letters.view();
  reply_bare(c, irc::RPL_CHANNELMODEIS, std::span<const std::string_view>{shown.data(), count});
  char created[24];
  reply_bare(c, irc::RPL_CREATIONTIME, {where.name(), format_into(created, "{}", where.created_s)});
}

void irc_dialect::row_access(core::conn &c, const core::operation &op, const core::query_row &row) {
  char when[24];
  reply_bare(c, lists[op.terms.list].entry,
             {row.where->name(), row.entry->mask.view(), row.entry->set_by.view(),
              format_into(when, "{}", row.entry->set_s)});
}

} // namespace confab::session
