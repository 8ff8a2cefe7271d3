// SPDX-License-Identifier: MIT
//
// What must hold of events and of the tokens of those that wait, whatever handlers do: a model that
// is told what every handler saw and did, and what observers were told, and says what cannot be. It
// knows nothing of how the bus works. For the random adversary in adversary.cpp.
#pragma once

#include "support/engine_fixture.hpp"

#include "core/operation.hpp"

#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace confab::test {

class bus_model {
public:
  struct counts {
    std::uint64_t ended = 0, committed = 0, denied = 0, refused = 0, expired = 0, cancelled = 0;
    std::uint64_t tokens = 0, resolved = 0, tokens_cancelled = 0;

    void add(const counts &more) {
      ended += more.ended;
      committed += more.committed;
      denied += more.denied;
      refused += more.refused;
      expired += more.expired;
      cancelled += more.cancelled;
      tokens += more.tokens;
      resolved += more.resolved;
      tokens_cancelled += more.tokens_cancelled;
    }
    std::string text() const {
      return std::to_string(ended) + " ended (" + std::to_string(committed) + " committed, " +
             std::to_string(denied) + " denied, " + std::to_string(refused) + " refused, " +
             std::to_string(expired) + " expired, " + std::to_string(cancelled) + " cancelled); " +
             std::to_string(tokens) + " tokens (" + std::to_string(resolved) + " resolved, " +
             std::to_string(tokens_cancelled) + " cancelled)";
    }
  };

  // --- events
  // -------------------------------------------------------------------------------------
  // A handler is called; every event that it may see ends once, after that.
  void called(const confab_event *event) {
    if (event->type == CONFAB_EVENT_LINE_OUT)
      return; // output has no recorder: what it would record would be output
    note(!over(event->seq), "a handler was called for an event that ended");
    const bool row = event->type == CONFAB_EVENT_QUERY &&
                     reinterpret_cast<const confab_event_query *>(event)->phase == CONFAB_QUERY_ROW;
    if (!row)
      open_.insert(event->seq);
  }

  // The recorder is told how it ended.
  void ended(const confab_event *event, const confab_outcome &how) {
    note(!over(event->seq), "an event ended twice");
    if (over_.size() <= event->seq)
      over_.resize(event->seq * 2 + 64);
    over_[event->seq] = true;
    open_.erase(event->seq);
    ++seen.ended;
    std::uint64_t *const by[] = {&seen.ended,   &seen.committed, &seen.denied,
                                 &seen.refused, &seen.expired,   &seen.cancelled};
    note(how.outcome > 0 && how.outcome < std::size(by), "an event ended in no way");
    if (how.outcome > 0 && how.outcome < std::size(by))
      ++*by[how.outcome];
    in_order(event, how);
  }

  // --- tokens
  // -------------------------------------------------------------------------------------
  void took(confab_id token, confab_time deadline) {
    note(alive_.emplace(token, deadline).second, "a token was given twice");
    ++seen.tokens;
  }
  // It was resolved, or its own handler gave it back.
  void spent(confab_id token) {
    note(alive_.erase(token) == 1, "a dead token was resolved");
    ++seen.resolved;
  }
  void cancelled(confab_id token, std::uint32_t why) {
    note(alive_.erase(token) == 1, "a dead token was cancelled");
    note(why >= CONFAB_CANCELLED_EXPIRED && why <= CONFAB_CANCELLED_ENGINE,
         "cancelled for nothing");
    ++seen.tokens_cancelled;
  }
  bool alive(confab_id token) const { return alive_.contains(token); }

  // --- at rest
  // ------------------------------------------------------------------------------------
  // Between two drive calls the engine holds what the model holds.
  void at_rest(const engine_fixture &chat) {
    const confab_engine_stats now = chat.stats();
    std::size_t there = 0;
    for (confab_id at = 0; confab_deferral_next(chat.engine, at, &at) == CONFAB_OK; ++there) {
      note(alive_.contains(at), "a token that died is alive");
      check_token(chat, at);
    }
    note(there == alive_.size(), "a token died and nobody was told");
    note(now.deferrals == there, "tokens are counted wrongly");
    note(there <= now.parked, "a token without an act that waits");
    // Who joins a channel that opens is two events.
    note(open_.size() <= 2 * now.parked, "an event neither ended nor waits");
  }

  // Everybody is gone.
  void at_end() {
    note(open_.empty(), "an event never ended");
    note(alive_.empty(), "a token is left");
  }

  std::string problem;
  counts seen;

private:
  // One engine numbers its events without gaps.
  bool over(std::uint64_t seq) const { return seq < over_.size() && over_[seq]; }

  void note(bool ok, const char *what) {
    if (!ok && problem.empty())
      problem = what;
  }

  // What one origin does ends in the order in which it was done. What finds no room to wait is
  // refused at once; an opening is told before the join that it is part of.
  void in_order(const confab_event *event, const confab_outcome &how) {
    const bool busy = how.outcome == CONFAB_OUTCOME_REFUSED && how.code == CONFAB_REFUSED_BUSY;
    const bool early = how.outcome == CONFAB_OUTCOME_REFUSED && how.code == CONFAB_REFUSED_LIMIT;
    const bool own = (event->flags & CONFAB_EVENT_FROM_ENGINE) == 0;
    const confab_id origin = event->origin != 0 ? event->origin : event->actor;
    if (!own || busy || early || origin == 0 || event->type == CONFAB_EVENT_CHANNEL_OPEN ||
        event->type == CONFAB_EVENT_DISCONNECT)
      return;
    std::uint64_t &last = last_of_[origin];
    note(event->seq > last, "the acts of an origin ended in another order");
    last = event->seq;
  }

  // Whom it waits for is there, and so is what it is about; and it is not late.
  void check_token(const engine_fixture &chat, confab_id token) {
    confab_deferral_info info{};
    info.struct_size = sizeof info;
    if (confab_deferral_get(chat.engine, token, &info) != CONFAB_OK)
      return note(false, "a token of the walk is dead");
    confab_hook_info hook{};
    hook.struct_size = sizeof hook;
    note(confab_hook_get(chat.engine, info.hook, &hook) == CONFAB_OK, "a token outlived its hook");
    constexpr confab_time late = 20'000'000;
    note(info.deadline + late > chat.now, "a token outlived its deadline");
    note(alive_.at(token) == info.deadline, "a deadline moved");
    note(!over(info.event->seq), "a token outlived its event");
    confab_conn_info conn{};
    conn.struct_size = sizeof conn;
    note(info.event->origin == 0 ||
             (confab_conn_get(chat.engine, info.event->origin, &conn) == CONFAB_OK &&
              conn.state != CONFAB_CONN_CLOSING),
         "a token outlived its origin");
    confab_user_info user{};
    user.struct_size = sizeof user;
    note(info.event->actor == 0 ||
             confab_user_get(chat.engine, info.event->actor, &user) == CONFAB_OK,
         "a token outlived its user");
    if (info.event->type == CONFAB_EVENT_JOIN || info.event->type == CONFAB_EVENT_CHANNEL_OPEN)
      return; // they make the channel anew
    const auto *bytes = reinterpret_cast<const char *>(info.event);
    for (const std::uint16_t offset : core::info_of(*info.event).ids) {
      confab_channel_info channel{};
      channel.struct_size = sizeof channel;
      const confab_id id = *reinterpret_cast<const confab_id *>(bytes + offset);
      note(confab_id_kind(id) != CONFAB_KIND_CHANNEL ||
               confab_channel_get(chat.engine, id, &channel) == CONFAB_OK,
           "a token outlived its channel");
    }
  }

  std::vector<bool> over_;
  std::unordered_set<std::uint64_t> open_;
  std::unordered_map<confab_id, confab_time> alive_;
  std::unordered_map<confab_id, std::uint64_t> last_of_;
};

} // namespace confab::test
