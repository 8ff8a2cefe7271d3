// SPDX-License-Identifier: MIT
//
// What classes, bans, switches and delays make of an act: see service.hpp. Nothing here changes but
// what a connection is bound by: its class, its bounds, and how long its input waits. How a
// configuration comes to be is not decided here.

#include "core/service/service.hpp"

#include "core/acts/acts.hpp"
#include "text/mask.hpp"

#include <algorithm>

namespace confab::core {

namespace {

unsigned minute_now(const world &w) noexcept { return minute_of_day(w.unix_s()); }

// A limit of the user's class; 0: none.
std::uint32_t limit_of(const world &w, const user &who, class_limit which) noexcept {
  const kept_class *of = is_operator(&who) ? nullptr : class_of(w, who);
  return of ? of->limit(which) : 0;
}

} // namespace

bool barred(const world &w, const user &who, class_bar from) noexcept {
  const kept_class *of = is_operator(&who) ? nullptr : class_of(w, who);
  return of && (of->bars & from) != 0;
}

namespace {

void set_bounds(const world &w, conn &c) noexcept {
  const kept_class *of = class_of(w, &c);
  c.input_bytes_max = of ? static_cast<std::uint16_t>(of->limit(class_limit::input_bytes)) : 0;
  const std::uint32_t kilobytes = is_operator(c.who) ? operator_output_kilobytes
                                  : of               ? of->limit(class_limit::output_kilobytes)
                                                     : 0;
  c.output_kilobytes_max = static_cast<std::uint16_t>(of ? kilobytes : 0);
}

} // namespace

void take_class(world &w, conn &c) noexcept {
  c.class_number = 0;
  if (w.service && c.who) {
    class_subject is;
    is.protocol = c.speaks->protocol(c);
    is.authenticated = (c.who->modes & CONFAB_UMODE_AUTHENTICATED) != 0;
    is.user = c.who->is.username();
    is.host = c.hostname.view();
    is.address = c.address.view();
    c.class_number = w.service->find(is, minute_now(w));
  }
  set_bounds(w, c);
}

void refresh_bounds(world &w, const user &who) noexcept {
  for (conn *c = who.sessions; c; c = c->next_of_user)
    set_bounds(w, *c);
}

std::uint32_t refusal_to_register(const world &w, const operation &op,
                                  std::string_view &reason) noexcept {
  const conn *c = op.origin;
  if (!w.service || !c || (op.event.head.flags & CONFAB_EVENT_FORCED) != 0)
    return CONFAB_REFUSED_NONE;
  const confab_event_register &e = op.event.registration;
  const unsigned minute = minute_now(w);
  const ban_subject subject{view(e.nick), view(e.username), view(e.hostname), c->address.view()};
  for (const kept_ban &ban : w.service->bans)
    if (ban_matches(w.casemap(), ban.rule(), subject, minute)) {
      reason = ban.reason;
      return CONFAB_REFUSED_BANNED_FROM_SERVER;
    }
  class_subject is;
  is.protocol = op.event.head.protocol;
  is.authenticated = op.proven;
  is.user = view(e.username);
  is.host = c->hostname.view();
  is.address = c->address.view();
  const std::uint16_t number = w.service->find(is, minute);
  if (number == 0)
    return CONFAB_REFUSED_NONE;
  const kept_class &of = w.service->classes[number - 1U];
  if ((of.bars & bar_logon) != 0) {
    reason = "Users of your class may not log on";
    return CONFAB_REFUSED_BANNED_FROM_SERVER;
  }
  const std::uint32_t most = of.limit(class_limit::address_connections);
  if (most == 0 || w.addresses.count(c->address.view()) <= most)
    return CONFAB_REFUSED_NONE;
  reason = "Too many connections from your address";
  return CONFAB_REFUSED_BANNED_FROM_SERVER;
}

std::uint32_t refusal_to_rename(const world &w, const operation &op, const user &who) noexcept {
  if (unchecked(op))
    return CONFAB_REFUSED_NONE;
  const std::uint32_t wait_s = limit_of(w, who, class_limit::nick_delay_s);
  if (wait_s == nick_delay_never)
    return CONFAB_REFUSED_FORBIDDEN;
  const bool waits = who.renamed != 0 && w.now - who.renamed < wait_s * confab_time{1'000'000'000};
  return wait_s != 0 && waits ? CONFAB_REFUSED_NICK_TOO_FAST : CONFAB_REFUSED_NONE;
}

std::uint32_t refusal_to_make(const world &w, const user &who) noexcept {
  if (!w.service || is_administrator(&who))
    return CONFAB_REFUSED_NONE;
  if (!enters_dynamic(w, who))
    return CONFAB_REFUSED_NO_DYNAMIC;
  return !w.service->dynamic_channels || barred(w, who, bar_create) ? CONFAB_REFUSED_NO_CREATE
                                                                    : CONFAB_REFUSED_NONE;
}

bool enters_dynamic(const world &w, const user &who) noexcept {
  return !barred(w, who, bar_join_dynamic);
}

std::uint32_t ranks_possible(const world &w, const user &who, std::uint32_t ranks) noexcept {
  if (!w.service || is_administrator(&who))
    return ranks;
  return w.service->channel_ranks && !barred(w, who, bar_ranks) ? ranks : ranks & ~ranks_stage;
}

bool owns_as_operator(const world &w, const user &who, const channel *where) noexcept {
  if (!w.service || !is_operator(&who))
    return false;
  return where && where->has(CONFAB_CMODE_REGISTERED)
             ? (where->standing & standing_operator_owns) != 0
             : w.service->operator_owns_dynamic;
}

std::uint32_t channels_max_of(const world &w, const user &who) noexcept {
  const std::uint32_t own = limit_of(w, who, class_limit::channels);
  return own == 0 ? w.limits().channels_per_user_max
                  : std::min<std::uint32_t>(own, w.limits().channels_per_user_max);
}

std::uint32_t limit_max_of(const world &w, const channel *where) noexcept {
  const bool registered = where && where->has(CONFAB_CMODE_REGISTERED);
  return w.service && !registered ? w.service->dynamic_limit : 0;
}

std::uint32_t members_max_of(const world &w, const channel &where) noexcept {
  std::uint32_t most = where.has(CONFAB_CMODE_LIMIT) ? where.limit : 0;
  if (most == 0 && w.service)
    most = w.service->default_limit;
  const std::uint32_t bound = limit_max_of(w, &where);
  if (bound == 0)
    return most;
  return most == 0 ? bound : std::min(most, bound);
}

bool account_belongs(std::string_view account, std::string_view group) noexcept {
  constexpr text::casemap map = text::casemap::ascii;
  if (account.empty())
    return false;
  const std::size_t at = account.rfind('@');
  const std::string_view name = account.substr(0, at);
  const std::string_view domain =
      at == std::string_view::npos ? std::string_view{} : account.substr(at + 1);
  if (const std::size_t slash = group.find('\\'); slash != std::string_view::npos)
    return text::mask_match(map, group.substr(0, slash), domain) &&
           text::mask_match(map, group.substr(slash + 1), name);
  return text::mask_match(map, group, account) ||
         (!domain.empty() && text::equal(map, group, domain));
}

void delay_after(world &w, const operation &op, protected_act what) noexcept {
  if (!op.origin || !w.service || unchecked(op) || is_operator(op.actor))
    return;
  const kept_class *of = class_of(w, op.origin);
  const unsigned wait_s = (of ? of->limit(class_limit::message_delay_s) : 0) +
                          protection_delay_s(w.service->level, what);
  if (wait_s > 0)
    w.hold(*op.origin, wait_s * 1000U);
}

} // namespace confab::core
