// SPDX-License-Identifier: MIT
//
// The feed of EVENT: see feed.hpp. Its types and their parameters are in proto/ircx/events.hpp;
// what the engine cannot see (resolvers, other servers) has none here. A listener that does not
// read is not written to beyond half its backlog: how many lines it lost it is told when it reads
// again.

#include "session/irc/feed.hpp"

#include "core/rights.hpp"
#include "proto/irc/message.hpp"
#include "session/format.hpp"
#include "session/irc/modes.hpp"
#include "session/irc/view.hpp"

#include <algorithm>
#include <array>

namespace confab::session {

namespace {

using ircx::event_object;

constexpr std::string_view nowhere = "0.0.0.0:0"; // this side of a connection

// "192.0.2.7:50123", "[2001:db8::7]:0" where the host does not know the port.
std::string_view endpoint(const core::conn *c, char (&buffer)[300]) {
  if (!c)
    return nowhere;
  const std::string_view address = c->address.view();
  return address.find(':') == std::string_view::npos
             ? format_into(buffer, "{}:{}", address, c->port)
             : format_into(buffer, "[{}]:{}", address, c->port);
}

template <std::size_t Size>
std::string_view rank_letters(std::uint32_t ranks, char (&out)[Size]) noexcept {
  std::size_t used = 0;
  out[used++] = '+';
  for (const rank_prefix &row : rank_prefixes(view::ircx))
    if ((ranks & row.ranks) != 0)
      out[used++] = row.letter;
  return {out, used};
}

} // namespace

// The object and type, what its mask is compared with, and up to four words and a text.
struct event_feed::line {
  event_object object;
  std::string_view type;
  text::mask_subject about = {}; // all empty: only masks of everything match
  std::array<std::string_view, 6> words = {};
  std::size_t count = 0;
  std::string_view text = {};
  bool has_text = false;

  line &word(std::string_view next) noexcept {
    words[count++] = next;
    return *this;
  }
  line &say(std::string_view last) noexcept {
    text = last;
    has_text = true;
    return *this;
  }
};

namespace {

// Who it is, as lines show it: "nick!user@host address:port", and as masks look at it.
struct person {
  name_buffer source_bytes;
  char endpoint_bytes[300];
  std::string_view source, from;
  text::mask_subject is;

  person(const core::world &w, const core::user *who) {
    if (!who) {
      source = w.server_name();
      from = nowhere;
      return;
    }
    source = show_source(view::ircx, *who, source_bytes);
    from = endpoint(who->sessions, endpoint_bytes);
    is.nick = who->is.nick();
    is.extended_nick = who->extended;
    is.user = who->is.username();
    is.tilde = (who->modes & CONFAB_UMODE_AUTHENTICATED) == 0;
    is.host = who->is.hostname();
    is.address = who->sessions ? who->sessions->address.view() : std::string_view{};
    is.server = w.server_name();
  }
};

std::string_view type_of_end(std::uint32_t kind) noexcept {
  switch (kind) {
  case CONFAB_DISCONNECT_QUIT:
    return "QUIT";
  case CONFAB_DISCONNECT_KILLED:
    return "KILL";
  case CONFAB_DISCONNECT_TIMEOUT:
    return "TIMEOUT";
  case CONFAB_DISCONNECT_FLOOD:
    return "INPUT";
  case CONFAB_DISCONNECT_OVERFLOW:
    return "OUTPUT";
  default:
    return "DISCONNECT";
  }
}

bool says_why(std::string_view type) noexcept {
  return type == "QUIT" || type == "KILL" || type == "DISCONNECT";
}

// Letters of the modes that a channel or user has.
std::string_view channel_letters_of(const core::world &w, const core::channel &where,
                                    char (&out)[80]) noexcept {
  std::size_t used = 0;
  out[used++] = '+';
  each_channel_letter(view::ircx, w.added, [&](const mode_letter &letter) {
    if (letter.type != mode_type::a_list && letter.type != mode_type::rank &&
        where.has(letter.mode) && used < sizeof out)
      out[used++] = letter.letter;
  });
  return {out, used};
}

std::string_view user_letters_of(const core::world &w, const core::user &who,
                                 char (&out)[80]) noexcept {
  std::size_t used = 0;
  out[used++] = '+';
  each_user_letter(view::ircx, w.added, [&](const user_letter &letter) {
    if ((who.modes & letter.shown) != 0 && used < sizeof out)
      out[used++] = letter.letter;
  });
  return {out, used};
}

} // namespace

event_feed::~event_feed() {
  if (w.follower == this)
    w.follower = nullptr;
}

event_feed::result event_feed::add(const core::conn &c, event_object object,
                                   std::string_view mask) {
  const confab_id id = core::world::id(c);
  auto at = std::find_if(listeners_.begin(), listeners_.end(),
                         [&](const listener &l) { return l.conn == id; });
  if (at != listeners_.end()) {
    for (const subscription &s : at->wants)
      if (s.object == object && text::equal(w.casemap(), s.mask, mask))
        return result::duplicate;
    if (at->wants.size() >= ircx::subscriptions_limit)
      return result::too_many;
    at->wants.push_back({object, std::pmr::string(mask, &w.mem)});
    return result::done;
  }
  listener fresh{id, 0, std::pmr::vector<subscription>(&w.mem)};
  fresh.wants.push_back({object, std::pmr::string(mask, &w.mem)});
  listeners_.push_back(std::move(fresh));
  w.follower = this;
  return result::done;
}

event_feed::result event_feed::remove(const core::conn &c, event_object object,
                                      std::string_view mask) noexcept {
  for (listener &l : listeners_) {
    if (l.conn != core::world::id(c))
      continue;
    const auto at = std::find_if(l.wants.begin(), l.wants.end(), [&](const subscription &s) {
      return s.object == object && text::equal(w.casemap(), s.mask, mask);
    });
    if (at == l.wants.end())
      break;
    l.wants.erase(at);
    prune();
    return result::done;
  }
  return result::unknown;
}

// Subscriptions end with their connection, and with the mode that they are for.
void event_feed::prune() noexcept {
  std::erase_if(listeners_, [&](const listener &l) {
    const core::conn *c = w.conns.find(l.conn);
    return !c || l.wants.empty() || !core::is_operator(c->who);
  });
  if (!listeners_.empty())
    return;
  std::pmr::vector<listener>(&w.mem).swap(listeners_);
  w.follower = nullptr;
}

void event_feed::send(const line &made) noexcept {
  std::array<char, 2048> buffer;
  irc::line_writer out(buffer.data(), buffer.size(), w.limits().line_bytes_max);
  out.source(w.server_name())
      .verb("EVENT")
      .number(static_cast<std::uint64_t>(w.unix_s()))
      .param(ircx::name(made.object))
      .param(made.type);
  for (std::size_t i = 0; i < made.count; ++i)
    out.param(made.words[i]);
  if (made.has_text)
    out.text(made.text);
  const std::string_view bytes = out.finish();
  for (listener &l : listeners_) {
    core::conn *c = w.conns.find(l.conn);
    const bool wanted =
        c && core::is_operator(c->who) &&
        std::any_of(l.wants.begin(), l.wants.end(), [&](const subscription &s) {
          return s.object == made.object && (s.mask == text::mask_of_all ||
                                             text::mask_matches(w.casemap(), s.mask, made.about));
        });
    if (!wanted)
      continue;
    if (c->out.bytes() > w.limits().output_backlog_bytes_max / 2) {
      ++l.lost;
      continue;
    }
    if (l.lost > 0) {
      char text[80];
      std::array<char, 600> told;
      irc::line_writer notice(told.data(), told.size(), w.limits().line_bytes_max);
      name_buffer nick;
      notice.source(w.server_name())
          .verb("NOTICE")
          .param(show_nick(view_of(*c), c->who->is.nick(), nick))
          .text(format_into(text, "{} events were not shown: too much was waiting", l.lost));
      l.lost = 0;
      w.send(*c, notice.finish());
    }
    w.send(*c, bytes);
  }
}

// --- what acts make
// -------------------------------------------------------------------------------

// A user leaves, or a connection that was none's.
void event_feed::about_to(const core::operation &op) noexcept {
  const confab_event_disconnect &e = op.event.disconnect;
  if (op.type() != CONFAB_EVENT_DISCONNECT)
    return;
  if (op.actor && e.last != 0) {
    const person who(w, op.actor);
    const std::string_view type = type_of_end(e.kind);
    line left{event_object::user, type, who.is};
    left.word(who.source).word(who.from);
    send(says_why(type) ? left.say(core::view(e.text)) : left);
    line off{event_object::user, "LOGOFF", who.is};
    send(off.word(who.source).word(who.from).word(nowhere));
  }
  if (!op.origin)
    return;
  char bytes[300], code[24];
  line closed{event_object::socket, "CLOSE"};
  closed.about.address = op.origin->address.view();
  send(closed.word(endpoint(op.origin, bytes)).word(nowhere).word(format_into(code, "{}", e.kind)));
}

void event_feed::ended(const core::operation &op, const core::event_box &event,
                       std::uint32_t outcome) noexcept {
  if (event.head.space == 0 && outcome == CONFAB_OUTCOME_COMMITTED)
    committed(op, event);
  else if (event.head.space == 0)
    refused(op, event, outcome);
  prune();
}

void event_feed::committed(const core::operation &op, const core::event_box &event) noexcept {
  char bytes[300], letters[80];
  switch (event.head.type) {
  case CONFAB_EVENT_CONNECT: {
    line made{event_object::socket, "ACCEPT"};
    made.about.address = core::view(event.connect.address);
    return send(made.word(endpoint(op.origin, bytes)).word(nowhere));
  }
  case CONFAB_EVENT_REGISTER: {
    if (!op.actor)
      return;
    const person who(w, op.actor);
    line made{event_object::user, "LOGON", who.is};
    return send(made.word(who.source)
                    .word(who.from)
                    .word(nowhere)
                    .word(user_letters_of(w, *op.actor, letters)));
  }
  case CONFAB_EVENT_NICK: {
    const core::user *now = w.users.find(event.nick.user);
    if (!now)
      return;
    person who(w, now);
    who.is.nick = core::view(event.nick.old_nick);
    name_buffer was, is;
    // The source shows the new nick: the old one takes its place.
    const std::size_t mark = std::min(who.source.find('!'), who.source.size());
    std::array<char, 700> old;
    std::size_t used = show_nick(view::ircx, who.is.nick, was).copy(old.data(), 300);
    used += who.source.substr(mark).copy(old.data() + used, 400);
    line made{event_object::user, "NICK", who.is};
    return send(made.word({old.data(), used})
                    .word(who.from)
                    .word(show_nick(view::ircx, now->is.nick(), is)));
  }
  case CONFAB_EVENT_OPER:
  case CONFAB_EVENT_USER_CHANGE: {
    const bool oper = event.head.type == CONFAB_EVENT_OPER;
    const core::user *subject = oper ? op.actor : w.users.find(event.user_change.user);
    if (!subject || (!oper && event.user_change.what != CONFAB_USER_MODE))
      return;
    const person who(w, subject);
    line made{event_object::user, "MODE", who.is};
    return send(made.word(who.source).word(who.from).word(user_letters_of(w, *subject, letters)));
  }
  case CONFAB_EVENT_JOIN:
  case CONFAB_EVENT_PART:
  case CONFAB_EVENT_KICK:
  case CONFAB_EVENT_MEMBER_CHANGE:
    return member_event(op, event);
  case CONFAB_EVENT_CHANNEL_CLOSE:
  case CONFAB_EVENT_TOPIC:
  case CONFAB_EVENT_CHANNEL_CHANGE:
    return channel_event(op, event);
  default:
    return;
  }
}

void event_feed::member_event(const core::operation &op, const core::event_box &event) noexcept {
  char letters[80];
  name_buffer name;
  const person actor(w, op.actor);
  const auto begin = [&](std::string_view type, const person &about, confab_str channel) {
    line made{event_object::member, type, about.is};
    made.word(list_channel(view::ircx, core::view(channel), name));
    return made.word(about.source).word(about.from);
  };
  switch (event.head.type) {
  case CONFAB_EVENT_JOIN: {
    const core::channel *where = w.channels.find(event.join.channel);
    if (op.made && where) {
      line made{event_object::channel, "CREATE", actor.is};
      send(made.word(list_channel(view::ircx, where->name(), name))
               .word(channel_letters_of(w, *where, letters))
               .word(actor.source)
               .word(actor.from));
    }
    return send(
        begin("JOIN", actor, event.join.name).word(rank_letters(event.join.ranks, letters)));
  }
  case CONFAB_EVENT_PART:
    return send(begin("PART", actor, event.part.name));
  case CONFAB_EVENT_KICK: {
    const person target(w, w.users.find(event.kick.user));
    return send(begin("KICK", target, event.kick.name)
                    .word(actor.source)
                    .word(actor.from)
                    .say(core::view(event.kick.text)));
  }
  default: {
    const core::member *m = w.members.find(event.member_change.member);
    const person target(w, w.users.find(event.member_change.user));
    return send(begin("MODE", target, event.member_change.name)
                    .word(rank_letters(m ? m->ranks : 0, letters))
                    .word(actor.source)
                    .word(actor.from));
  }
  }
}

void event_feed::channel_event(const core::operation &op, const core::event_box &event) noexcept {
  char letters[80];
  name_buffer name;
  const person actor(w, op.actor);
  const auto begin = [&](std::string_view type, confab_str channel) {
    line made{event_object::channel, type, actor.is};
    made.word(list_channel(view::ircx, core::view(channel), name));
    return made;
  };
  if (event.head.type == CONFAB_EVENT_CHANNEL_CLOSE)
    return send(begin("DESTROY", event.channel.name));
  if (event.head.type == CONFAB_EVENT_TOPIC)
    return send(begin("TOPIC", event.topic.name)
                    .word(actor.source)
                    .word(actor.from)
                    .say(core::view(event.topic.text)));
  const confab_event_channel_change &e = event.channel_change;
  if (e.mode == CONFAB_CMODE_KEY)
    return send(begin("KEYWORD", e.name)
                    .word(actor.source)
                    .word(actor.from)
                    .say(e.set != 0 ? "set" : "cleared"));
  if (e.mode == CONFAB_CMODE_LIMIT)
    return send(begin("LIMIT", e.name)
                    .word(actor.source)
                    .word(actor.from)
                    .say(e.set != 0 ? core::view(e.value) : "0"));
  if (const core::channel *where = w.channels.find(e.channel))
    send(begin("MODE", e.name)
             .word(channel_letters_of(w, *where, letters))
             .word(actor.source)
             .word(actor.from));
}

// Who did not get in. Its name is what it called itself: nothing of that is proved.
void event_feed::refused(const core::operation &op, const core::event_box &event,
                         std::uint32_t outcome) noexcept {
  const bool registers = event.head.type == CONFAB_EVENT_REGISTER;
  if (!op.origin || (!registers && event.head.type != CONFAB_EVENT_AUTHENTICATE))
    return;
  const bool listed =
      op.why.code == CONFAB_REFUSED_BANNED_FROM_SERVER || op.why.code == CONFAB_REFUSED_CLOSED_LIST;
  if (registers && !listed && outcome != CONFAB_OUTCOME_DENIED)
    return; // another nick will do
  char bytes[300], source[600];
  name_buffer nick;
  const confab_str named = registers ? event.registration.nick : event.authenticate.name;
  line made{event_object::connect, !registers                         ? "BADAUTH"
                                   : outcome == CONFAB_OUTCOME_DENIED ? "BANNED"
                                                                      : "NOACCESS"};
  made.about.nick = core::view(named);
  made.about.user = registers ? core::view(event.registration.username) : std::string_view{};
  made.about.host = op.origin->host();
  made.about.address = op.origin->address.view();
  made.about.server = w.server_name();
  const std::string_view shown =
      named.len > 0 ? show_nick(view::ircx, core::view(named), nick) : "*";
  made.word(format_into(source, "{}!{}@{}", shown, made.about.user.empty() ? "*" : made.about.user,
                        op.origin->host()))
      .word(endpoint(op.origin, bytes));
  if (!registers)
    made.word(event.authenticate.mechanism.len > 0 ? core::view(event.authenticate.mechanism) : "*")
        .word(shown);
  else if (outcome == CONFAB_OUTCOME_DENIED)
    made.say(op.why.text.view());
  send(made);
}

} // namespace confab::session
