// SPDX-License-Identifier: MIT
//
// Questions and their answers, row by row: NAMES, LIST, WHO, WHOIS and their kin in neutral words.
// Each row passes the one predicate of visibility and the filters of QUERY rows before the dialect
// renders it.
//
// A long answer stops when the asker's output is half full and goes on when it has drained: nothing
// is cut off, and nobody is closed for having asked. Rosters are walked from their end, because
// leaving swaps the last member into the gap: walking down can show a member twice, never leave one
// out.

#include "core/acts/acts.hpp"

#include "core/properties.hpp"

#include "text/mask.hpp"

#include <algorithm>

namespace confab::core {

namespace {

struct answer {
  world &w;
  operation &op;
  conn &to;

  bool full() const noexcept { return to.out.bytes() > w.output_max(to) / 2 && !to.closing; }

  void row(query_row r) {
    r.number = op.rows;
    if (!w.bus->row_allowed(op, r))
      return;
    to.speaks->query_row(to, op, r);
    ++op.rows;
  }
  // Something in the question that cannot be answered, between the rows.
  void refused(const query_row &r) { to.speaks->query_row(to, op, r); }
};

bool matches(const world &w, std::string_view mask, std::string_view text) noexcept {
  return mask.empty() || text::mask_match(w.casemap(), mask, text);
}

// All of several masks, an LF between them.
bool all_match(const world &w, std::string_view masks, std::string_view text) noexcept {
  while (!masks.empty()) {
    const std::size_t end = std::min(masks.find('\n'), masks.size());
    if (!matches(w, masks.substr(0, end), text))
      return false;
    masks.remove_prefix(std::min(end + 1, masks.size()));
  }
  return true;
}

bool who_matches(const world &w, std::string_view mask, const user &who) noexcept {
  return matches(w, mask, who.is.nick()) || matches(w, mask, who.is.hostname()) ||
         matches(w, mask, who.is.username()) || matches(w, mask, who.is.realname());
}

// Calls `each` for members from position cursor-1 downwards; false when it stopped early.
template <class Each>
bool walk_roster(answer &a, const channel &where, Each &&each) {
  if (!a.op.begun)
    a.op.cursor = where.roster.size();
  a.op.cursor = std::min<std::uint64_t>(a.op.cursor, where.roster.size());
  while (a.op.cursor > 0) {
    if (a.full())
      return false;
    each(*where.roster[--a.op.cursor]);
  }
  return true;
}

// The same over a pool, upwards by index.
template <class Pool, class Each>
bool walk_pool(answer &a, Pool &pool, Each &&each) {
  for (std::uint32_t i = pool.live_from(static_cast<std::uint32_t>(a.op.cursor)); i != Pool::none;
       i = pool.next(i)) {
    a.op.cursor = i;
    if (a.full())
      return false;
    each(pool.at(i));
    a.op.cursor = std::uint64_t{i} + 1;
  }
  return true;
}

// The same over a list of few, by position: who removes an entry meanwhile may hide the next one.
template <class List, class Each>
bool walk_list(answer &a, const List &list, Each &&each) {
  for (; a.op.cursor < list.size(); ++a.op.cursor) {
    if (a.full())
      return false;
    each(list[a.op.cursor]);
  }
  return true;
}

template <class Each>
void each_word(std::string_view words, Each &&each) {
  const char between = words.find('\n') != std::string_view::npos ? '\n' : ' ';
  while (!words.empty()) {
    const std::size_t end = std::min(words.find(between), words.size());
    if (end > 0)
      each(words.substr(0, end));
    words.remove_prefix(std::min(end + 1, words.size()));
  }
}

bool answer_names(answer &a) {
  const channel *where = a.w.channels.find(a.op.event.query.channel);
  if (!where)
    return true;
  return walk_roster(a, *where, [&](const member &m) {
    if (visible(a.w, a.op.actor, m))
      a.row({.who = &a.w.user_of(m), .where = where, .membership = &m});
  });
}

bool in_terms(world &w, const query_terms &t, const channel &c, bool name_only) noexcept {
  const auto members = static_cast<std::uint32_t>(c.roster.size());
  if (members < t.members_min || members > t.members_max)
    return false;
  if (!all_match(w, t.mask, c.name()) || (!t.not_mask.empty() && matches(w, t.not_mask, c.name())))
    return false;
  const bool dated = t.created_after != INT64_MIN || t.created_before != INT64_MAX ||
                     t.topic_after != INT64_MIN || t.topic_before != INT64_MAX;
  const bool detailed =
      dated || !t.topic.empty() || !t.subject.empty() || !t.language.empty() || t.registered != 0;
  if (name_only) // terms about what is not shown would tell it
    return !detailed;
  if (t.registered != 0 && c.has(CONFAB_CMODE_REGISTERED) != (t.registered == 1))
    return false;
  if (!all_match(w, t.topic, c.topic.view()) ||
      !all_match(w, t.subject, property_text(w, c, property::subject)) ||
      !all_match(w, t.language, property_text(w, c, property::language)))
    return false;
  if (c.created_s <= t.created_after || c.created_s >= t.created_before)
    return false;
  const bool by_topic = t.topic_after != INT64_MIN || t.topic_before != INT64_MAX;
  // Where the topic never changed, the age of the channel counts for those who ask so.
  const std::int64_t topic_s = c.topic_s == 0 && t.with_private ? c.created_s : c.topic_s;
  return !by_topic || (topic_s != 0 && topic_s > t.topic_after && topic_s < t.topic_before);
}

// The name itself, where the mask can match no other; empty: it may match many, or none.
std::string_view only_name(const query_terms &t) noexcept {
  return t.mask.find_first_of("*?\\\n") == std::string_view::npos ? t.mask : std::string_view{};
}

// Rows that can be written at once: the answer need not pause, and stays within the bound of the
// output, whose other half may be in use.
std::size_t rows_at_once(const answer &a) noexcept {
  constexpr std::size_t row_bytes_max = 2048;
  return a.w.output_max(a.to) / 2 / row_bytes_max;
}

bool answer_list(answer &a) {
  const query_terms &terms = a.op.terms;
  const auto shown = [&](sight seen, sight least) {
    return seen >= least || (terms.with_private && seen == sight::name_only);
  };
  if (const channel *one = a.w.channels.find(a.op.event.query.channel)) {
    if (shown(sight_of(a.w, a.op.actor, *one), sight::by_name))
      a.row({.where = one});
    return true;
  }
  if (a.op.event.query.name.len > 0)
    return true; // one that does not exist
  if (terms.members_min > terms.members_max)
    return true; // and none that could match
  const auto consider = [&](const channel &c) {
    const sight seen = sight_of(a.w, a.op.actor, c);
    if (!shown(seen, sight::all) || !in_terms(a.w, terms, c, seen == sight::name_only))
      return;
    if (a.op.rows >= terms.rows_max)
      a.op.truncated = true;
    else
      a.row({.where = &c});
  };
  // Few that the terms leave are answered at once. Many are walked in the order of the pool, in
  // which each keeps its place: so an answer that pauses leaves none out that stays, and shows none
  // twice.
  if (!a.op.begun) {
    if (const std::string_view name = only_name(terms); !name.empty()) {
      if (const channel *one = a.w.find_channel(name))
        consider(*one);
      return true;
    }
    if (const auto few = a.w.listing.select(terms, rows_at_once(a)); few.found()) {
      few.walk(a.w.channels, consider);
      return true;
    }
  }
  return walk_pool(a, a.w.channels, consider);
}

bool answer_who(answer &a) {
  const query_terms &terms = a.op.terms;
  const auto wanted = [&](const user &who) { return !terms.operators_only || is_operator(&who); };
  if (const channel *where = a.w.channels.find(a.op.event.query.channel))
    return walk_roster(a, *where, [&](const member &m) {
      if (wanted(a.w.user_of(m)) && visible(a.w, a.op.actor, m))
        a.row({.who = &a.w.user_of(m), .where = where, .membership = &m});
    });
  if (const user *one = a.w.users.find(a.op.event.query.user)) {
    if (wanted(*one)) // asked for by its very nick: being invisible hides from masks only
      a.row({.who = one});
    return true;
  }
  if (terms.mask.empty())
    return true;
  return walk_pool(a, a.w.users, [&](const user &who) {
    if (wanted(who) && who_matches(a.w, terms.mask, who) && visible(a.w, a.op.actor, who))
      a.row({.who = &who});
  });
}

// By a mask those whom the asker can see, as many as it may have rows; else one, by its nick.
bool answer_whois(answer &a) {
  const query_terms &terms = a.op.terms;
  if (const user *one = a.w.users.find(a.op.event.query.user)) {
    a.row({.who = one});
    return true;
  }
  if (terms.mask.empty())
    return true; // it left while the answer waited
  return walk_pool(a, a.w.users, [&](const user &who) {
    if (a.op.truncated || !face_matches(a.w, terms.mask, who) || !visible(a.w, a.op.actor, who))
      return;
    if (a.op.rows >= terms.rows_max)
      a.op.truncated = true;
    else
      a.row({.who = &who});
  });
}

bool answer_whowas(answer &a) {
  const std::size_t count = a.w.whowas.size();
  for (std::size_t i = 0; i < count && a.op.rows < a.op.terms.rows_max; ++i) {
    const former_user &f = a.w.whowas[(a.w.whowas_next + count - 1 - i) % count];
    if (text::equal(a.w.casemap(), f.was.nick(), view(a.op.event.query.name)))
      a.row({.former = &f});
  }
  return true;
}

bool answer_nicks(answer &a) {
  each_word(view(a.op.event.query.name), [&](std::string_view nick) {
    if (const user *who = a.w.find_user(nick))
      a.row({.who = who});
  });
  return true;
}

bool answer_one(answer &a) {
  a.row({.who = a.w.users.find(a.op.event.query.user),
         .where = a.w.channels.find(a.op.event.query.channel)});
  return true;
}

// All the levels of whatever it is of, in the order in which they are tried.
bool answer_levels(answer &a) {
  const confab_event_query &e = a.op.event.query;
  const channel *where = a.w.channels.find(e.channel);
  const user *who = a.w.users.find(e.user);
  const access_list *list = a.op.terms.subject_kind == CONFAB_ACCESS_SERVER    ? &a.w.server_access
                            : a.op.terms.subject_kind == CONFAB_ACCESS_NETWORK ? &a.w.network_access
                            : where                                            ? &where->access
                            : who                                              ? who->access
                                                                               : nullptr;
  if (!list)
    return true;
  constexpr std::uint64_t level_step = std::uint64_t{1} << 32;
  for (; a.op.cursor / level_step < draft_order.size();
       a.op.cursor = (a.op.cursor / level_step + 1) * level_step) {
    const std::uint8_t level = draft_order[a.op.cursor / level_step];
    for (; a.op.cursor % level_step < list->entries.size(); ++a.op.cursor) {
      if (a.full())
        return false;
      const access_entry &entry = list->entries[a.op.cursor % level_step];
      if (entry.list == level && !is_expired(entry.expires_s, a.w.unix_s()))
        a.row({.who = who, .where = where, .entry = &entry});
    }
  }
  return true;
}

// The names that were asked for, or all that have a value and may be read.
bool answer_properties(answer &a) {
  const channel *where = a.w.channels.find(a.op.event.query.channel);
  if (!where)
    return true;
  char buffer[32];
  const auto show = [&](const property_row &row, bool asked) {
    const std::uint32_t code = refusal_to_read(a.w, a.op.actor, *where, row);
    const std::string_view value = property_text(a.w, *where, row.id, buffer);
    if (code == CONFAB_REFUSED_NONE && !value.empty())
      a.row({.where = where, .name = row.name, .value = value});
    else if (code != CONFAB_REFUSED_NONE && asked)
      a.refused({.where = where, .name = row.name, .code = code});
  };
  const auto show_added = [&](const addition &added, bool asked) {
    const bool may_read = property_allowed(a.w, a.op.actor, world::id(*where), added, false);
    const std::string_view value = a.w.added.text_on(world::id(*where), added);
    if (may_read && !value.empty())
      a.row({.where = where, .name = added.name(), .value = value});
    else if (!may_read && asked)
      a.refused({.where = where, .name = added.name(), .code = CONFAB_REFUSED_FORBIDDEN});
  };
  if (a.op.terms.mask == "*") {
    for (const property_row &row : properties())
      show(row, false);
    a.w.added.each(CONFAB_ADDITION_CHANNEL_PROPERTY,
                   [&](const addition &added) { show_added(added, false); });
    return true;
  }
  std::string_view rest = a.op.terms.mask;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(','), rest.size());
    const std::string_view name = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (name.empty())
      continue;
    if (const property_row *row = find_property(name))
      show(*row, true);
    else if (const addition *added = a.w.added.find(CONFAB_ADDITION_CHANNEL_PROPERTY, name))
      show_added(*added, true);
    else
      a.refused({.where = where, .name = name, .code = CONFAB_REFUSED_UNKNOWN_PROPERTY});
  }
  return true;
}

bool answer_access(answer &a) {
  if (a.op.terms.list == CONFAB_LIST_ALL)
    return answer_levels(a);
  const channel *where = a.w.channels.find(a.op.event.query.channel);
  if (!where)
    return true; // it ended while the answer waited
  return walk_list(a, where->access.entries, [&](const access_entry &entry) {
    if (entry.list == a.op.terms.list && !is_expired(entry.expires_s, a.w.unix_s()))
      a.row({.where = where, .entry = &entry});
  });
}

bool answer_invites(answer &a) {
  return walk_list(a, a.op.actor->invites, [&](confab_id id) {
    if (const channel *where = a.w.channels.find(id))
      a.row({.where = where});
  });
}

bool answer_rows(answer &a) {
  switch (a.op.event.query.kind) {
  case CONFAB_QUERY_NAMES:
    return answer_names(a);
  case CONFAB_QUERY_LIST:
    return answer_list(a);
  case CONFAB_QUERY_WHO:
    return answer_who(a);
  case CONFAB_QUERY_WHOIS:
    return answer_whois(a);
  case CONFAB_QUERY_WHOWAS:
    return answer_whowas(a);
  case CONFAB_QUERY_ISON:
  case CONFAB_QUERY_USERHOST:
    return answer_nicks(a);
  case CONFAB_QUERY_ACCESS:
    return answer_access(a);
  case CONFAB_QUERY_INVITES:
    return answer_invites(a);
  case CONFAB_QUERY_PROPERTIES:
    return answer_properties(a);
  default:
    return answer_one(a);
  }
}

// The channel asked about, when the asker may know of it.
gate_result gate_about_channel(world &w, operation &op) {
  confab_event_query &e = op.event.query;
  const channel *where = resolve_channel(w, op, e.channel, e.name);
  if (!where)
    return gate_result::refused;
  if (visible(w, op.actor, *where))
    return gate_result::go;
  return refuse_stranger(w, op, *where,
                         e.kind == CONFAB_QUERY_MODES ? CONFAB_REFUSED_NO_SUCH_CHANNEL
                                                      : CONFAB_REFUSED_NOT_MEMBER);
}

gate_result gate_access_query(world &w, operation &op) {
  if (op.terms.subject_kind == CONFAB_ACCESS_USER) {
    confab_event_query &e = op.event.query;
    const user *who = resolve_user(w, op, e.user, e.name);
    if (!who)
      return gate_result::refused;
    return unchecked(op) || who == op.actor || is_administrator(op.actor)
               ? gate_result::go
               : refuse(op, CONFAB_REFUSED_OTHER_USER);
  }
  if (op.terms.subject_kind != CONFAB_ACCESS_CHANNEL)
    return unchecked(op) || is_operator(op.actor) ? gate_result::go
                                                  : refuse(op, CONFAB_REFUSED_NOT_OPERATOR);
  const gate_result about = gate_about_channel(w, op);
  if (about != gate_result::go || op.terms.list == CONFAB_LIST_BAN || unchecked(op) ||
      is_operator(op.actor))
    return about;
  // Exceptions and the like show who is protected from what: those who may change them may see
  // them.
  const channel &where = *w.channels.find(op.event.query.channel);
  return may(w.find_member(*op.actor, where), right::change_lists)
             ? gate_result::go
             : refuse(op, CONFAB_REFUSED_RANK_NEEDED);
}

} // namespace

gate_result gate_query(world &w, operation &op) {
  confab_event_query &e = op.event.query;
  e.phase = CONFAB_QUERY_ASK;
  switch (e.kind) {
  case CONFAB_QUERY_TOPIC:
    return gate_about_channel(w, op);
  case CONFAB_QUERY_MODES:
    if (e.user != 0)
      return w.users.find(e.user) ? gate_result::go : refuse(op, CONFAB_REFUSED_NO_SUCH_USER);
    return gate_about_channel(w, op);
  case CONFAB_QUERY_ACCESS:
    return gate_access_query(w, op);
  case CONFAB_QUERY_PROPERTIES: {
    const channel *where = resolve_channel(w, op, e.channel, e.name);
    if (!where)
      return gate_result::refused;
    return sight_of(w, op.actor, *where) == sight::nothing
               ? refuse(op, CONFAB_REFUSED_NO_SUCH_CHANNEL)
               : gate_result::go;
  }
  case CONFAB_QUERY_WHOIS:
    if (!op.terms.mask.empty() && !w.find_user(view(e.name))) { // nobody is called so
      e.user = 0;
      return gate_result::go;
    }
    return resolve_user(w, op, e.user, e.name) ? gate_result::go : gate_result::refused;
  case CONFAB_QUERY_WHOWAS: {
    const bool known = std::any_of(w.whowas.begin(), w.whowas.end(), [&](const former_user &f) {
      return text::equal(w.casemap(), f.was.nick(), view(e.name));
    });
    return known ? gate_result::go : refuse(op, CONFAB_REFUSED_WAS_NO_USER);
  }
  case CONFAB_QUERY_NAMES:
  case CONFAB_QUERY_WHO:
  case CONFAB_QUERY_LIST:
    // What does not exist has an empty answer, which tells no more than an invisible one; and what
    // was there when it was asked about may be gone.
    e.user = 0;
    if (w.channels.find(e.channel)) // a codec whose clients name it by its id
      return gate_result::go;
    e.channel = 0;
    if (const channel *where = w.find_channel(view(e.name));
        where && (e.kind == CONFAB_QUERY_LIST || names_channel(view(e.name))))
      e.channel = world::id(*where);
    else if (const user *who = w.find_user(view(e.name)); who && e.kind == CONFAB_QUERY_WHO)
      e.user = world::id(*who);
    return gate_result::go;
  default:
    return gate_result::go;
  }
}

commit_result commit_query(world &w, operation &op) {
  answer a{w, op, *op.origin};
  if (!op.begun)
    a.to.speaks->query_begin(a.to, op);
  const bool all = answer_rows(a);
  op.begun = true;
  if (!all) {
    a.to.speaks->query_pause(a.to, op);
    return commit_result::more;
  }
  a.to.speaks->query_end(a.to, op);
  return commit_result::done;
}

} // namespace confab::core
