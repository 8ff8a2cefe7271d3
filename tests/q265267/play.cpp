// SPDX-License-Identifier: MIT
//
// Playing a cell, twice in one engine, and holding it against what the same act does when nobody
// filters it, and against what is there when nobody acts. After each round nothing may be left: no
// act that waits, no token, no hook, no byte more than after the round before.
#include "q265267/cells.hpp"

#include <algorithm>
#include <map>
#include <set>

using namespace confab::test;

namespace q265267 {

namespace {

// What was told, and what is there.
struct result {
  confab_status status = CONFAB_OK;
  std::string origin, others, state;
  std::vector<told> log;
};

result collect(scene &s, confab_status status) {
  result out;
  out.status = status;
  out.origin = s.origin_told();
  if (s.a.what.type == CONFAB_EVENT_QUERY && s.a.what.kind == CONFAB_QUERY_LIST) {
    std::vector<std::string> rows = pieces(out.origin); // channels come in any order
    std::sort(rows.begin(), rows.end());
    out.origin.clear();
    for (const std::string &row : rows)
      out.origin += row;
  }
  out.others = s.others_told();
  out.state = s.state();
  out.log = s.log;
  return out;
}

enum class order { only_after, act_first, act_last };

// The same without filters. All cells of an act are played by one thread.
const result &reference(const cell &c, const intent &meant, aftermath then, order in) {
  thread_local std::map<std::string, result> known;
  std::string key = std::string(c.what->name) + "|" + name_of(c.who) + "|" +
                    std::to_string(static_cast<int>(then)) + std::to_string(static_cast<int>(in));
  if (in != order::only_after)
    key += "|" + text_of(meant);
  if (const auto found = known.find(key); found != known.end())
    return found->second;
  scene s(*c.what, c.who);
  s.gather(in == order::only_after ? c.what->what : meant);
  confab_status status = CONFAB_OK;
  if (in == order::act_first)
    status = s.perform(meant);
  s.follow(then, c.what->what);
  if (in == order::act_last)
    status = s.perform(meant);
  return known[key] = collect(s, status);
}

std::string differs(const char *what, const std::string &got, const std::string &wanted) {
  return got == wanted ? "" : std::string(what) + " [" + got + "] and not [" + wanted + "]";
}

std::string text_of(const std::vector<told> &log) {
  std::string out;
  for (const told &t : log)
    out += std::to_string(t.type) + ":" + std::to_string(t.outcome) + " ";
  return out;
}

// Connections and channels end when nothing else is to be done, so that may be told after what
// follows the act.
std::vector<told> ends_last(std::vector<told> log) {
  for (const std::uint16_t type : {CONFAB_EVENT_CHANNEL_CLOSE, CONFAB_EVENT_DISCONNECT})
    std::stable_partition(log.begin(), log.end(), [&](const told &e) { return e.type != type; });
  return log;
}

// Is the one a part of the other, in its order?
bool within(const std::vector<std::string> &part, const std::vector<std::string> &whole) {
  std::size_t at = 0;
  for (const std::string &piece : whole)
    at += at < part.size() && part[at] == piece ? 1 : 0;
  return at == part.size();
}

struct judge {
  const cell &c;
  trial &t;
  scene &s;
  const result &got;
  ends how;
  std::string problem = {};

  void note(const std::string &what) {
    if (problem.empty())
      problem = what;
  }
  bool by_client() const { return c.who.by == origin_kind::client; }
  bool waited() const { return c.met_by->is(verdict_waits); }
  const result &ref(order in) const { return reference(c, t.meant, c.met_by->then, in); }

  void same_as(const result &wanted);
  result with_rewrite(result wanted) const;
  void cut_short();
  void line_before(result wanted);
  void same_but_for_more(result wanted);
  void too_late(result wanted);
  void written_instead();
  void refused();
  void refused_output();
  void refused_row();
  void refused_newcomer(const result &without);
  void refused_log(const result &without);
  void told_of_refusal(const result &without);
  void shown_in_shadow();
  void each_event_once();
  void told_status(confab_status wanted);
  void verdict();
};

void judge::same_as(const result &wanted) {
  note(differs("the origin was told", got.origin, wanted.origin));
  note(differs("the others were told", got.others, wanted.others));
  note(differs("there is", got.state, wanted.state));
  note(differs("observers were told", text_of(ends_last(got.log)), text_of(ends_last(wanted.log))));
  told_status(wanted.status);
}

// The host is told how it ended, or that it waits.
void judge::told_status(confab_status wanted) {
  if (c.met_by->is(verdict_defers) && got.status == CONFAB_PARKED)
    return; // its end came after that answer
  if (waited() && !by_client())
    wanted = CONFAB_PARKED;
  if (got.status != wanted)
    note(std::string("the answer was ") + confab_status_name(got.status));
}

// Each event that happened was told once.
void judge::each_event_once() {
  std::set<std::uint64_t> seqs;
  for (const told &e : got.log)
    if (!seqs.insert(e.seq).second)
      note("observers were told twice of event " + std::to_string(e.type));
}

// What is so already is no event when a client says it, but one that ends when a filter made it so.
result judge::with_rewrite(result wanted) const {
  if (std::none_of(wanted.log.begin(), wanted.log.end(),
                   [&](const told &e) { return e.type == c.what->type; }))
    wanted.log.insert(wanted.log.begin(), {c.what->type, CONFAB_OUTCOME_COMMITTED, 0, 0});
  return wanted;
}

// The line came, and was taken; but what it says did not come about, because its origin ended
// first.
void judge::cut_short() {
  result wanted = ref(order::only_after);
  wanted.log.insert(wanted.log.begin(), {{c.what->type, CONFAB_OUTCOME_COMMITTED, 0, 0},
                                         {c.what->what.type, CONFAB_OUTCOME_CANCELLED, 0, 0}});
  wanted.status = CONFAB_OK;
  same_as(wanted);
}

// The line came first; what it says is an act of its own, behind what the handler submitted.
void judge::line_before(result wanted) {
  std::stable_partition(wanted.log.begin(), wanted.log.end(),
                        [](const told &e) { return e.type == CONFAB_EVENT_LINE_IN; });
  too_late(wanted);
}

// What a client names by an id, or looks up first, does not become an act any more when that is
// gone.
void judge::too_late(result wanted) {
  const auto of_act = [&](const told &e) {
    return e.type == c.what->what.type &&
           (e.outcome != CONFAB_OUTCOME_COMMITTED || c.what->is(act_question));
  };
  if (by_client() && std::none_of(wanted.log.begin(), wanted.log.end(), of_act)) {
    result seen = got;
    std::erase_if(seen.log, of_act);
    note(differs("the origin was told", seen.origin, wanted.origin));
    note(differs("the others were told", seen.others, wanted.others));
    note(differs("there is", seen.state, wanted.state));
    note(differs("observers were told", text_of(ends_last(seen.log)),
                 text_of(ends_last(wanted.log))));
    return told_status(wanted.status);
  }
  same_as(wanted);
}

// What follows from the act is asked after what the handler submitted: it may answer less by then.
void judge::same_but_for_more(result wanted) {
  std::vector<std::string> mine = pieces(got.origin), all = pieces(wanted.origin);
  if (mine.empty() != all.empty() || (!all.empty() && mine.front() != all.front()))
    note("the origin was told first: " + got.origin);
  std::sort(mine.begin(), mine.end());
  std::sort(all.begin(), all.end());
  if (!std::includes(all.begin(), all.end(), mine.begin(), mine.end()))
    note(differs("the origin was told", got.origin, wanted.origin));
  std::vector<told> seen = got.log;
  for (std::vector<told> *log : {&seen, &wanted.log})
    std::erase_if(*log, [](const told &e) { return e.type == CONFAB_EVENT_QUERY; });
  note(differs("the others were told", got.others, wanted.others));
  note(differs("there is", got.state, wanted.state));
  note(differs("observers were told", text_of(ends_last(seen)), text_of(ends_last(wanted.log))));
  told_status(wanted.status);
}

// What bob is sent is what the filter wrote, and all else as it would be.
void judge::written_instead() {
  result wanted = reference(c, c.what->what, c.met_by->then, order::act_first);
  const std::size_t at = wanted.others.find("bob ") + 4;
  wanted.others.replace(at, wanted.others.find('\n', at) + 1 - at, c.who.others->instead_heard);
  same_as(wanted);
}

// What is dropped on its way to bob changes nothing but that.
void judge::refused_output() {
  result wanted = ref(order::act_first);
  const std::size_t at = wanted.others.find("bob ");
  const std::size_t end = wanted.others.find('\n', at);
  wanted.others.erase(at, end + 1 - at);
  for (told &e : wanted.log)
    if (e.type == CONFAB_EVENT_LINE_OUT) {
      e.outcome = CONFAB_OUTCOME_DENIED;
      break;
    }
  same_as(wanted);
}

void judge::refused_row() {
  result wanted = ref(order::act_first);
  const auto all = pieces(wanted.origin), some = pieces(got.origin);
  if (some.size() + 1 != all.size() || !within(some, all))
    note("one row should be missing: " + got.origin);
  wanted.origin = got.origin;
  same_as(wanted);
}

void judge::refused_log(const result &without) {
  const std::uint32_t outcome = how == ends::expired     ? CONFAB_OUTCOME_EXPIRED
                                : how == ends::cancelled ? CONFAB_OUTCOME_CANCELLED
                                                         : CONFAB_OUTCOME_DENIED;
  std::vector<told> rest = got.log, besides = without.log;
  unsigned of_act = 0;
  if (c.what->is(act_opens)) // who is refused goes, and that is told too
    for (std::vector<told> *log : {&rest, &besides})
      std::erase_if(*log, [](const told &e) { return e.type == CONFAB_EVENT_DISCONNECT; });
  const std::uint16_t carrier = c.what->what.type; // a JOIN that opens, where the opening is judged
  std::erase_if(rest, [&](const told &e) {
    const bool act = e.outcome == outcome && e.type == c.what->type;
    of_act += act ? 1U : 0U;
    return act ||
           (e.outcome == outcome && e.type == carrier && c.what->type == CONFAB_EVENT_CHANNEL_OPEN);
  });
  if (of_act != 1)
    note("observers were told " + std::to_string(of_act) +
         " times of the refusal: " + text_of(got.log));
  note(differs("observers were told besides", text_of(rest), text_of(besides)));
}

// Whoever is kept from coming in is told, and goes; but who only opened a connection hears nothing.
void judge::refused_newcomer(const result &without) {
  const bool connects = c.what->type == CONFAB_EVENT_CONNECT;
  std::string told = got.origin;
  const unsigned refusals = c.who.origin->take_refusals(told, true);
  if (how == ends::cancelled || connects)
    note(differs("the newcomer was told", got.origin, ""));
  else if (refusals != 1 || !told.empty())
    note("the newcomer was told: " + got.origin);
  if (connects && !waited() && got.status != CONFAB_ERR_DENIED)
    note("a connection that is denied opened");
  if (s.origin_alive() && (connects || !c.who.origin->stays))
    note("the newcomer is still there");
  note(differs("the others were told", got.others, without.others));
}

void judge::told_of_refusal(const result &without) {
  std::string told = got.origin;
  const unsigned refusals = c.who.origin->take_refusals(told, false);
  if (refusals != (by_client() && !c.what->is(act_unanswered) ? 1U : 0U))
    note(std::to_string(refusals) + " refusals: " + got.origin);
  if (refusals == 1 && c.met_by->is(verdict_told_why) && c.who.origin->says_why &&
      got.origin.find("not today") == std::string::npos)
    note("the refusal does not say why: " + got.origin);
  if (!c.what->is(act_question) || !within(pieces(told), pieces(ref(order::act_first).origin)))
    note(differs("the origin was told besides", told, without.origin));
}

// Of an answer that is a list, its beginning.
bool begins(std::string_view part, std::string_view whole) {
  while (part.ends_with('\n') || part.ends_with('\r'))
    part.remove_suffix(1);
  return whole.starts_with(part);
}

void judge::shown_in_shadow() {
  const std::string would = ref(order::act_first).origin;
  bool fits = within(pieces(got.origin), pieces(would));
  if (c.what->is(act_question)) {
    const auto shown = pieces(got.origin), all = pieces(would);
    std::string rest = got.origin;
    fits = (c.who.origin->always_ends && c.who.origin->take_refusals(rest, false) == 1 &&
            rest.empty()) ||
           std::all_of(shown.begin(), shown.end(), [&](const std::string &piece) {
             return std::any_of(all.begin(), all.end(),
                                [&](const std::string &whole) { return begins(piece, whole); });
           });
  }
  if (!fits)
    note("in shadow the origin was told [" + got.origin + "] and would be [" + would + "]");
}

void judge::refused() {
  const result &without = ref(order::only_after);
  note(differs("there is", got.state, without.state));
  refused_log(without);
  if (c.what->type != CONFAB_EVENT_CONNECT)
    told_status(by_client() ? static_cast<confab_status>(CONFAB_OK) : CONFAB_ERR_DENIED);
  if (c.what->is(act_opens))
    return refused_newcomer(without);
  note(differs("the others were told", got.others, without.others));
  switch (how) {
  case ends::silent:
  case ends::cancelled:
    if (c.what->is(act_question) && c.who.origin->always_ends && how == ends::silent)
      return told_of_refusal(without);
    note(differs("the origin was told", got.origin, without.origin));
    break;
  case ends::shadow:
    shown_in_shadow();
    break;
  default:
    told_of_refusal(without);
  }
}

void judge::verdict() {
  const bool meddles = c.met_by->is(verdict_in_handler) && how == ends::committed;
  const bool raw = meddles && c.what->type == CONFAB_EVENT_LINE_IN;
  const bool writes = c.with && (c.met_by->flags & CONFAB_HOOK_SHADOW) == 0;
  each_event_once();
  if (kept_out(*c.what, c.who))
    same_as(ref(order::act_first));
  else if (raw && c.met_by->then == aftermath::quit)
    cut_short();
  else if (raw && c.stage != CONFAB_STAGE_OBSERVE)
    line_before(ref(order::act_last));
  else if (meddles && c.what->is(act_leads_on))
    same_but_for_more(ref(order::act_first));
  else if (c.what->is(act_output) && writes)
    written_instead();
  else if (how == ends::committed)
    same_as(writes ? with_rewrite(ref(order::act_first)) : ref(order::act_first));
  else if (how == ends::late)
    too_late(ref(order::act_last));
  else if (c.what->is(act_output))
    refused_output();
  else if (c.what->is(act_row))
    refused_row();
  else
    refused();
}

// --- a round
// ----------------------------------------------------------------------------------------

// While it waits nothing has happened, and there is one of it.
void check_waiting(const cell &c, trial &t, const std::string &before, confab_status status) {
  scene &s = t.s;
  const confab_engine_stats now = s.stats();
  t.note(now.parked == 1 && now.deferrals == 1, "it does not wait");
  t.note(s.state() == before, "it waits, and changed something");
  t.note(t.token_alive(), "its token is dead");
  t.note(c.who.by == origin_kind::client || status == CONFAB_PARKED, "the host was not told");
}

void check_handler(const cell &c, trial &t) {
  const verdict &v = *c.met_by;
  if (!v.is(verdict_bypassed)) {
    t.note(t.handler->calls == 1, "the handler was not called");
  } else {
    confab_hook_stats counts{};
    counts.struct_size = sizeof counts;
    ignore(confab_hook_stats_get(t.s.engine, t.handler->id, &counts));
    t.note(counts.bypassed_total > 0, "the handler was not bypassed");
  }
  const bool about_elsewhere = v.cancelled == CONFAB_CANCELLED_CHANNEL && t.cancels == 0;
  t.note(about_elsewhere || t.cancels == (v.cancelled != 0 ? 1U : 0U),
         "cancelled was told " + std::to_string(t.cancels) + " times");
  t.note(t.cancels == 0 || t.cancelled_why == v.cancelled, "cancelled for another reason");
  t.note(!t.token_alive(), "the token outlived the act");
}

// After all that somebody speaks, and is heard: the origin, or a newcomer where it is gone.
void check_next_act(const cell &c, trial &t) {
  scene &s = t.s;
  const std::string listener = s.user("bob") != 0 ? "bob" : "cat";
  confab_conn_info info{};
  info.struct_size = sizeof info;
  const bool speaks = c.who.by == origin_kind::client && s.origin_alive() &&
                      confab_conn_get(s.engine, s.origin_conn, &info) == CONFAB_OK &&
                      info.user != 0;
  confab_user_info who{};
  who.struct_size = sizeof who;
  std::string nick = "eve";
  if (speaks && confab_user_get(s.engine, info.user, &who) == CONFAB_OK)
    nick = string_of(who.nick);
  const confab_id conn = speaks ? s.origin_conn : s.enters(*c.who.origin, nick);
  s.joins(nick, "#next");
  s.joins(listener, "#next");
  s.settle();
  intent what;
  what.type = CONFAB_EVENT_MESSAGE;
  what.kind = CONFAB_MESSAGE_PRIVMSG;
  what.name = "#next";
  what.text = "still here";
  t.note(s.says(conn, what) == CONFAB_OK, "the next act was not taken");
  t.note(s.others_told().find("still here") != std::string::npos,
         "the next act was not heard, of " + nick + " by " + listener);
  if (c.who.by == origin_kind::user && s.origin_alive()) {
    what.name = listener;
    t.note(submit(s.engine, what, s.user("ann") != 0 ? s.user("ann") : s.user("amy"), false) ==
               CONFAB_OK,
           "the next act of the host's user was not taken");
  }
}

void check_nothing_left(trial &t) {
  const confab_engine_stats now = t.s.stats();
  t.note(now.parked == 0, "an act still waits");
  t.note(now.deferrals == 0, "a token is left");
  t.note(now.hooks == t.s.hooks_of_scene(), "a hook is left");
  t.note(t.s.malformed.empty(), t.s.malformed);
  const std::string broken = t.s.broken();
  t.note(broken.empty(), broken);
}

std::string play_round(const cell &c, scene &s) {
  const verdict &v = *c.met_by;
  trial t(s, v, c.stage, c.with);
  s.gather(c.what->what);
  t.arm();
  const std::string before = s.state();
  const confab_status status = s.perform(t.what);
  if (v.is(verdict_waits))
    check_waiting(c, t, before, status);
  if (v.later)
    v.later(t);
  else if (v.then != aftermath::none && !v.is(verdict_in_handler))
    s.follow(v.then, t.what);
  const result got = collect(s, status);
  if (!kept_out(*c.what, c.who))
    check_handler(c, t);
  const bool denies = !c.what->is_final() || c.stage != CONFAB_STAGE_POLICY;
  judge j{c, t, s, got, denies ? v.expected[c.stage] : ends::committed};
  j.verdict();
  t.note(j.problem.empty(), j.problem);
  t.disarm();
  check_nothing_left(t);
  check_next_act(c, t);
  s.leave();
  return t.problem;
}

} // namespace

std::string play(const cell &c) {
  scene s(*c.what, c.who);
  std::uint64_t bytes[2] = {};
  for (std::uint64_t &left : bytes) {
    const std::string problem = play_round(c, s);
    if (!problem.empty())
      return problem;
    left = s.stats().memory_bytes;
  }
  if (bytes[1] > bytes[0])
    return std::to_string(bytes[1] - bytes[0]) + " bytes are left";
  return s.destroy();
}

} // namespace q265267
