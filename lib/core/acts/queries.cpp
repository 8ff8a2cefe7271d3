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

#include "text/mask.hpp"

#include <algorithm>

namespace confab::core {

namespace {

struct answer {
  world &w;
  operation &op;
  conn &to;
  std::uint32_t rows = 0;

  bool full() const noexcept {
    return to.out.bytes() > w.limits().output_backlog_bytes_max / 2 && !to.closing;
  }

  void row(query_row r) {
    r.number = rows;
    if (!w.bus->row_allowed(op, r))
      return;
    to.speaks->query_row(to, op, r);
    ++rows;
  }
};

bool matches(const world &w, std::string_view mask, std::string_view text) noexcept {
  return mask.empty() || text::mask_match(w.casemap(), mask, text);
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
  while (!words.empty()) {
    const std::size_t end = std::min(words.find(' '), words.size());
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
      a.row({&a.w.user_of(m), where, &m, nullptr, nullptr});
  });
}

bool in_terms(const world &w, const query_terms &t, const channel &c) noexcept {
  const auto members = static_cast<std::uint32_t>(c.roster.size());
  if (members < t.members_min || members > t.members_max)
    return false;
  if (c.created_s <= t.created_after || c.created_s >= t.created_before)
    return false;
  const bool by_topic = t.topic_after != INT64_MIN || t.topic_before != INT64_MAX;
  if (by_topic && (c.topic_s == 0 || c.topic_s <= t.topic_after || c.topic_s >= t.topic_before))
    return false;
  return matches(w, t.mask, c.name()) && (t.not_mask.empty() || !matches(w, t.not_mask, c.name()));
}

bool answer_list(answer &a) {
  if (const channel *one = a.w.channels.find(a.op.event.query.channel)) {
    if (visible(a.w, a.op.actor, *one))
      a.row({nullptr, one, nullptr, nullptr, nullptr});
    return true;
  }
  if (a.op.event.query.name.len > 0)
    return true; // one that does not exist
  return walk_pool(a, a.w.channels, [&](const channel &c) {
    if (in_terms(a.w, a.op.terms, c) && visible(a.w, a.op.actor, c))
      a.row({nullptr, &c, nullptr, nullptr, nullptr});
  });
}

bool answer_who(answer &a) {
  const query_terms &terms = a.op.terms;
  const auto wanted = [&](const user &who) { return !terms.operators_only || is_operator(&who); };
  if (const channel *where = a.w.channels.find(a.op.event.query.channel))
    return walk_roster(a, *where, [&](const member &m) {
      if (wanted(a.w.user_of(m)) && visible(a.w, a.op.actor, m))
        a.row({&a.w.user_of(m), where, &m, nullptr, nullptr});
    });
  if (const user *one = a.w.users.find(a.op.event.query.user)) {
    if (wanted(*one)) // asked for by its very nick: being invisible hides from masks only
      a.row({one, nullptr, nullptr, nullptr, nullptr});
    return true;
  }
  if (terms.mask.empty())
    return true;
  return walk_pool(a, a.w.users, [&](const user &who) {
    if (wanted(who) && who_matches(a.w, terms.mask, who) && visible(a.w, a.op.actor, who))
      a.row({&who, nullptr, nullptr, nullptr, nullptr});
  });
}

bool answer_whowas(answer &a) {
  const std::size_t count = a.w.whowas.size();
  for (std::size_t i = 0; i < count && a.rows < a.op.terms.rows_max; ++i) {
    const former_user &f = a.w.whowas[(a.w.whowas_next + count - 1 - i) % count];
    if (text::equal(a.w.casemap(), f.was.nick(), view(a.op.event.query.name)))
      a.row({nullptr, nullptr, nullptr, nullptr, &f});
  }
  return true;
}

bool answer_nicks(answer &a) {
  each_word(view(a.op.event.query.name), [&](std::string_view nick) {
    if (const user *who = a.w.find_user(nick))
      a.row({who, nullptr, nullptr, nullptr, nullptr});
  });
  return true;
}

bool answer_one(answer &a) {
  a.row({a.w.users.find(a.op.event.query.user), a.w.channels.find(a.op.event.query.channel),
         nullptr, nullptr, nullptr});
  return true;
}

bool answer_access(answer &a) {
  const channel *where = a.w.channels.find(a.op.event.query.channel);
  if (!where)
    return true; // it ended while the answer waited
  return walk_list(a, where->lists[a.op.terms.list], [&](const list_entry &entry) {
    a.row({nullptr, where, nullptr, &entry, nullptr});
  });
}

bool answer_invites(answer &a) {
  return walk_list(a, a.op.actor->invites, [&](confab_id id) {
    if (const channel *where = a.w.channels.find(id))
      a.row({nullptr, where, nullptr, nullptr, nullptr});
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
  case CONFAB_QUERY_WHOWAS:
    return answer_whowas(a);
  case CONFAB_QUERY_ISON:
  case CONFAB_QUERY_USERHOST:
    return answer_nicks(a);
  case CONFAB_QUERY_ACCESS:
    return answer_access(a);
  case CONFAB_QUERY_INVITES:
    return answer_invites(a);
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
  return refuse(op, e.kind == CONFAB_QUERY_TOPIC ? CONFAB_REFUSED_NOT_MEMBER
                                                 : CONFAB_REFUSED_NO_SUCH_CHANNEL);
}

gate_result gate_access_query(world &w, operation &op) {
  const gate_result about = gate_about_channel(w, op);
  if (about != gate_result::go || op.terms.list == CONFAB_LIST_BAN || unchecked(op))
    return about;
  // Exceptions show who is protected from what: those who may change them may see them.
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
  case CONFAB_QUERY_WHOIS:
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
    e.channel = e.user = 0;
    if (const channel *where = w.find_channel(view(e.name)))
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
