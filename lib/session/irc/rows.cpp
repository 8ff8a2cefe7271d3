// SPDX-License-Identifier: MIT
//
// Answers to questions, row by row, as numerics (RFC 2812 §5.1, modern.ircdocs.horse). Names, ISON
// and USERHOST put as many items on a line as fit; whatever is half full goes out when an answer
// pauses.

#include "session/irc/dialect.hpp"

#include "core/properties.hpp"
#include "core/rights.hpp"
#include "proto/ircv3/caps.hpp"
#include "session/format.hpp"
#include "session/irc/manner.hpp"
#include "session/irc/modes.hpp"
#include "text/access_mask.hpp"

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

void put_prefixes(text_buffer &out, const core::conn &c, std::uint32_t ranks) noexcept {
  char prefixes[2];
  const bool all = (c.capabilities & ircv3::cap_multi_prefix) != 0;
  out.put({prefixes, write_prefixes(view_of(c), ranks, all, prefixes)});
}

// Whoever set something, kept as a source: its nick as the view shows nicks.
std::string_view show_setter(view v, std::string_view source, name_buffer &buffer) noexcept {
  name_buffer nick;
  const std::size_t end = source.find('!');
  if (end == std::string_view::npos)
    return source;
  text_buffer out{buffer.data(), buffer.size()};
  out.put(show_nick(v, source.substr(0, end), nick));
  out.put(source.substr(end));
  return out.view();
}

} // namespace

void irc_dialect::query_begin(core::conn &c, const core::operation &op) {
  if (begin_ircx(c, op))
    return;
  const std::uint32_t kind = op.event.query.kind;
  if (kind == CONFAB_QUERY_LIST && op.terms.first)
    reply(c, irc::RPL_LISTSTART, {"Channel"});
  pack_used_ = 0;
  if (kind == CONFAB_QUERY_ISON || kind == CONFAB_QUERY_USERHOST)
    pack_begin(c, op); // these answer with one line even when nobody is there
}

void irc_dialect::query_row(core::conn &c, const core::operation &op, const core::query_row &row) {
  if (row_ircx(c, op, row))
    return;
  const view v = view_of(c);
  name_buffer name;
  const auto variant_of = [&](const core::query_row &r) {
    return variant_in(c, op, core::world::id(*r.where));
  };
  switch (op.event.query.kind) {
  case CONFAB_QUERY_LIST:
    return row_list(c, op, row);
  case CONFAB_QUERY_WHO:
    return row_who(c, op, row);
  case CONFAB_QUERY_WHOIS:
    return row_whois(c, op, row);
  case CONFAB_QUERY_MODES:
    return row_modes(c, op, row);
  case CONFAB_QUERY_ACCESS:
    return row_access(c, op, row);
  case CONFAB_QUERY_TOPIC:
    return row.where->topic.empty()
               ? reply(c, irc::RPL_NOTOPIC,
                       {show_channel(variant_of(row), row.where->name(), name)})
               : row_topic(c, *row.where, variant_of(row));
  case CONFAB_QUERY_INVITES:
    return reply_bare(c, irc::RPL_INVITELIST, {list_channel(v, row.where->name(), name)});
  case CONFAB_QUERY_WHOWAS: {
    const core::identity &was = row.former->was;
    const std::string_view nick = show_nick(v, was.nick(), name);
    char time[24];
    reply(c, irc::RPL_WHOWASUSER, {nick, was.username(), was.hostname(), "*"}, was.realname());
    return reply(c, irc::RPL_WHOISSERVER, {nick, w.server_name()},
                 ircv3::format_time(row.former->left_s * 1'000'000'000, time));
  }
  default:
    break;
  }
  std::array<char, 600> item;
  text_buffer out{item.data(), item.size()};
  const core::identity &is = row.who->is;
  if (op.event.query.kind == CONFAB_QUERY_NAMES) {
    put_prefixes(out, c, row.membership->ranks);
    out.put((c.capabilities & ircv3::cap_userhost_in_names) != 0 ? show_source(v, *row.who, name)
                                                                 : show_nick(v, is.nick(), name));
  } else {
    out.put(show_nick(v, is.nick(), name));
  }
  if (op.event.query.kind == CONFAB_QUERY_USERHOST) {
    out.put(core::is_operator(row.who) ? "*=" : "=");
    out.put(row.who->is_away ? "-" : "+");
    out.put(show_username(v, *row.who, name));
    out.put("@");
    out.put(is.hostname());
  }
  pack(c, op, out.view());
}

void irc_dialect::query_pause(core::conn &c, const core::operation &op) {
  if (is_packed(op.event.query.kind))
    pack_flush(c);
}

// What a question was about, as the client wrote it, or as it entered the channel.
std::string_view irc_dialect::show_asked(const core::conn &c, const core::operation &op,
                                         name_buffer &buffer) noexcept {
  const confab_event_query &e = op.event.query;
  const std::string_view name = core::view(e.name);
  if (name.empty())
    return "*";
  if (name[0] == '#' || name[0] == '&')
    return show_channel(as_typed(c, op), name, buffer);
  if (w.find_user(name))
    return show_nick(view_of(c), name, buffer);
  std::size_t used = 0; // a mask for extended nicks
  return (op.manner & manner_spelled) != 0 &&
                 ircx::encode_nick(name, buffer.data(), buffer.size(), used)
             ? std::string_view{buffer.data(), used}
             : name;
}

void irc_dialect::query_end(core::conn &c, const core::operation &op) {
  if (end_ircx(c, op))
    return;
  const confab_event_query &e = op.event.query;
  name_buffer buffer;
  const std::string_view asked = show_asked(c, op, buffer);
  if (is_packed(e.kind))
    pack_flush(c);
  switch (e.kind) {
  case CONFAB_QUERY_NAMES: // the terms hold the whole list, when there was one
    if (op.terms.last)
      reply(c, irc::RPL_ENDOFNAMES, {op.terms.mask.empty() ? asked : op.terms.mask});
    if (const core::channel *where = w.channels.find(e.channel);
        where && manner_of(op) == manner::entrance)
      greet(c, *where, variant_in(c, op, e.channel),
            core::property_text(w, *where, core::property::on_join), true);
    return;
  case CONFAB_QUERY_LIST:
    return op.terms.last ? reply(c, irc::RPL_LISTEND) : void();
  case CONFAB_QUERY_WHO:
    return reply(c, irc::RPL_ENDOFWHO, {asked});
  case CONFAB_QUERY_WHOIS:
    if (!op.terms.mask.empty() && op.rows == 0 && !op.why.code)
      reply(c, irc::ERR_NOSUCHNICK, {asked});
    else if (op.truncated && view_of(c) == view::ircx) // Microsoft's control knows that one
      reply(c, ircx::ERR_LISTTOOLARGE, {asked});
    else if (op.truncated)
      reply(c, irc::ERR_TOOMANYMATCHES, {"WHOIS", asked});
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
    name_buffer name;
    const core::channel *where = w.channels.find(op.event.query.channel);
    const std::string_view symbol = where && where->has(CONFAB_CMODE_SECRET)    ? "@"
                                    : where && where->has(CONFAB_CMODE_PRIVATE) ? "*"
                                                                                : "=";
    line.numeric(irc::RPL_NAMREPLY)
        .param(nick_of(c))
        .param(symbol)
        .param(show_channel(variant_in(c, op, op.event.query.channel),
                            core::view(op.event.query.name), name));
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
  send(c, {pack_.data(), pack_used_ + 2});
  pack_used_ = 0;
}

// --- rows
// ------------------------------------------------------------------------------------------

void irc_dialect::row_list(core::conn &c, const core::operation &op, const core::query_row &row) {
  const core::channel &where = *row.where;
  const bool member = op.actor && w.find_member(*op.actor, where);
  // A name that plain IRC cannot say is of no use to who is not in there (spec ircx §19.1).
  name_buffer buffer;
  const std::string_view name =
      member ? show_channel(variant_in(c, op, core::world::id(where)), where.name(), buffer)
             : list_channel(view_of(c), where.name(), buffer);
  if (!member && view_of(c) == view::irc && !can_write(view::irc, where.name()))
    return;
  const bool little = core::sight_of(w, op.actor, where) == core::sight::name_only;
  char members[24];
  reply(c, irc::RPL_LIST, {name, format_into(members, "{}", where.roster.size())},
        little ? std::string_view{} : where.topic.view());
}

bool irc_dialect::speaks_ircx(const core::user &who) const noexcept {
  for (const core::conn *c = who.sessions; c; c = c->next_of_user)
    if (c->speaks == this && view_of(*c) == view::ircx)
      return true;
  return false;
}

// Flags in the order in which Microsoft's clients read them (spec ircx §5.9.7).
void irc_dialect::row_who(core::conn &c, const core::operation &op, const core::query_row &row) {
  const core::user &who = *row.who;
  const view v = view_of(c);
  std::array<char, 12> flag_bytes;
  text_buffer flags{flag_bytes.data(), flag_bytes.size()};
  flags.put(who.is_away ? "G" : "H");
  if (core::is_operator(&who))
    flags.put("*");
  if (v == view::ircx && core::is_administrator(&who))
    flags.put("a");
  if (v == view::ircx && speaks_ircx(who))
    flags.put("x");
  if (row.membership)
    put_prefixes(flags, c, row.membership->ranks);
  char text[300];
  name_buffer name, username, nick;
  reply(c, irc::RPL_WHOREPLY,
        {row.where
             ? show_channel(variant_in(c, op, core::world::id(*row.where)), row.where->name(), name)
             : "*",
         show_username(v, who, username), who.is.hostname(), w.server_name(),
         show_nick(v, who.is.nick(), nick), flags.view()},
        format_into(text, "0 {}", who.is.realname()));
}

void irc_dialect::row_whois(core::conn &c, const core::operation &op, const core::query_row &row) {
  const core::user &who = *row.who;
  const view v = view_of(c);
  name_buffer nick_bytes, username;
  const std::string_view nick = show_nick(v, who.is.nick(), nick_bytes);
  reply(c, irc::RPL_WHOISUSER, {nick, show_username(v, who, username), who.is.hostname(), "*"},
        who.is.realname());
  whois_channels(c, op, who);
  reply(c, irc::RPL_WHOISSERVER, {nick, w.server_name()}, core::view(w.limits().server_info));
  if (core::is_operator(&who))
    reply(c, irc::RPL_WHOISOPERATOR, {nick});
  if (who.is_away)
    reply(c, irc::RPL_AWAY, {nick}, who.away.view());
  const core::conn *session = who.sessions;
  const bool may_see_address = op.actor == &who || core::is_operator(op.actor);
  char address[300];
  if (session && may_see_address && v == view::ircx)
    reply(c, ircx::RPL_WHOISIP, {nick},
          format_into(address, "from IP {}", session->address.view()));
  else if (session && may_see_address)
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
  name_buffer nick, buffer;
  const auto flush = [&] {
    if (out.used > 0)
      reply(c, irc::RPL_WHOISCHANNELS, {show_nick(view_of(c), who.is.nick(), nick)}, out.view());
    out.used = 0;
  };
  for (core::member *m = w.first_membership(who); m; m = w.next_membership(*m)) {
    const core::channel &where = w.channel_of(*m);
    if (!core::told_with_user(w, op.actor, *m))
      continue;
    const bool shared = op.actor && w.find_member(*op.actor, where);
    const std::string_view name =
        shared ? show_channel(variant_in(c, op, core::world::id(where)), where.name(), buffer)
               : list_channel(view_of(c), where.name(), buffer);
    if (out.used + name.size() + 4 > out.size)
      flush();
    if (out.used > 0)
      out.put(" ");
    put_prefixes(out, c, m->ranks);
    out.put(name);
  }
  flush();
}

void irc_dialect::row_topic(core::conn &c, const core::channel &where, std::uint16_t variant) {
  char when[24];
  name_buffer buffer, setter;
  const std::string_view name = show_channel(variant, where.name(), buffer);
  reply(c, irc::RPL_TOPIC, {name}, where.topic.view());
  if (!is_strict(c.variant)) // they know no such numeric
    reply_bare(c, irc::RPL_TOPICWHOTIME,
               {name, show_setter(view_of(c), where.topic_by.view(), setter),
                format_into(when, "{}", where.topic_s)});
}

void irc_dialect::row_modes(core::conn &c, const core::operation &op, const core::query_row &row) {
  const view v = view_of(c);
  std::array<char, 64> bytes;
  text_buffer letters{bytes.data(), bytes.size()};
  letters.put("+");
  if (row.who) {
    each_user_letter(v, w.added, [&](const user_letter &letter) {
      if (letter.shown == 0 || (row.who->modes & letter.shown) != 0)
        letters.put({&letter.letter, 1});
    });
    return reply_bare(c, irc::RPL_UMODEIS, {letters.view()});
  }
  const core::channel &where = *row.where;
  const bool member = op.actor && w.find_member(*op.actor, where);
  char limit_text[24];
  // The channel, the letters, and a value for some of them; what does not fit a line is cut.
  name_buffer buffer;
  const std::string_view name =
      show_channel(variant_in(c, op, core::world::id(where)), where.name(), buffer);
  std::array<std::string_view, CONFAB_PARAMS_MAX - 1> shown{name};
  std::size_t count = 2;
  each_channel_letter(v, w.added, [&](const mode_letter &letter) {
    if (letter.type == mode_type::a_list || letter.type == mode_type::rank ||
        !where.has(letter.mode))
      return;
    std::string_view value;
    if (letter.mode == CONFAB_CMODE_KEY)
      value = member            ? where.key.view() // for those inside
              : v == view::ircx ? std::string_view{}
                                : std::string_view("*");
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
  if (!is_strict(c.variant))
    reply_bare(c, irc::RPL_CREATIONTIME, {name, format_into(created, "{}", where.created_s)});
}

void irc_dialect::row_access(core::conn &c, const core::operation &op, const core::query_row &row) {
  char when[24];
  name_buffer name, setter;
  const std::string_view mask = row.entry->mask.view();
  reply_bare(c, lists[op.terms.list].entry,
             {show_channel(variant_in(c, op, core::world::id(*row.where)), row.where->name(), name),
              text::is_plain_mask(mask) ? text::plain_mask(mask) : mask,
              show_setter(view_of(c), row.entry->set_by.view(), setter),
              format_into(when, "{}", row.entry->set_s)});
}

} // namespace confab::session
