// SPDX-License-Identifier: MIT
//
// The table of rights and the predicate of visibility: see rights.hpp. An owner may all that an
// operator may, and an operator all that a voiced member may, because each right names its least
// rank.

#include "core/rights.hpp"
#include "core/service/service.hpp"

#include "core/acts/acts.hpp"

#include <algorithm>
#include <array>

namespace confab::core {

namespace {

// By right: the least rank that has it.
constexpr std::array<std::uint32_t, 9> least_rank{
    CONFAB_RANK_VOICE,    // speak_moderated
    CONFAB_RANK_OPERATOR, // set_topic
    CONFAB_RANK_OPERATOR, // invite_guarded
    CONFAB_RANK_OPERATOR, // kick
    CONFAB_RANK_OPERATOR, // change_modes
    CONFAB_RANK_OPERATOR, // change_lists
    CONFAB_RANK_OPERATOR, // give_voice
    CONFAB_RANK_OPERATOR, // give_operator
    CONFAB_RANK_OWNER     // give_owner
};

// Who may set and clear a mode while the channel is there, and who may open one with it.
enum class setter : std::uint8_t { operators, owners, server_operators, administrators, nobody };

struct mode_right {
  setter later, at_first;
};

constexpr std::array<mode_right, CONFAB_CMODE_CORE_END> mode_rights{{
    {setter::operators, setter::operators},               // MODERATED
    {setter::operators, setter::operators},               // NO_EXTERNAL
    {setter::operators, setter::operators},               // TOPIC_LOCKED
    {setter::operators, setter::operators},               // INVITE_ONLY
    {setter::operators, setter::operators},               // SECRET
    {setter::operators, setter::operators},               // PRIVATE
    {setter::operators, setter::operators},               // NO_CTCP
    {setter::operators, setter::operators},               // KEY
    {setter::operators, setter::operators},               // LIMIT
    {setter::operators, setter::operators},               // HIDDEN
    {setter::operators, setter::operators},               // KNOCK
    {setter::administrators, setter::administrators},     // NO_FORMAT
    {setter::owners, setter::operators},                  // NO_WHISPER
    {setter::nobody, setter::operators},                  // AUDITORIUM
    {setter::owners, setter::operators},                  // AUTH_ONLY
    {setter::server_operators, setter::server_operators}, // CLONEABLE
    {setter::nobody, setter::nobody},                     // CLONE
    {setter::nobody, setter::nobody},                     // REGISTERED
    {setter::nobody, setter::nobody},                     // SERVICE
    {setter::nobody, setter::operators},                  // MIC_ONLY
    {setter::nobody, setter::operators},                  // UNICODE
    {setter::nobody, setter::operators},                  // ECHO
    {setter::nobody, setter::operators},                  // FEED
    {setter::nobody, setter::operators},                  // AUTH_SPEECH
    {setter::operators, setter::operators},               // NO_DATA
}};

constexpr std::uint64_t bit(std::uint32_t mode) noexcept { return std::uint64_t{1} << mode; }
constexpr std::uint64_t visibilities =
    bit(CONFAB_CMODE_PRIVATE) | bit(CONFAB_CMODE_HIDDEN) | bit(CONFAB_CMODE_SECRET);

bool share_a_channel(world &w, const user &a, const user &b) noexcept {
  for (member *m = w.first_membership(a); m; m = w.next_membership(*m))
    if (const member *other = w.find_member(b, w.channel_of(*m)); other && sees(w, *m, *other))
      return true;
  return false;
}

} // namespace

std::uint32_t ranks_with(right wanted) noexcept {
  return at_least(least_rank[static_cast<std::size_t>(wanted)]);
}

bool may(const member *m, right wanted) noexcept {
  return m && (m->ranks & ranks_with(wanted)) != 0;
}

bool outranked(const member *actor, const member &target) noexcept {
  constexpr std::uint32_t guarded = CONFAB_RANK_OWNER;
  return (target.ranks & guarded) != 0 && (!actor || (actor->ranks & guarded) == 0);
}

right right_to_give(std::uint32_t rank) noexcept {
  if (rank == CONFAB_RANK_VOICE)
    return right::give_voice;
  return rank == CONFAB_RANK_OWNER ? right::give_owner : right::give_operator;
}

std::uint32_t ranks_after(std::uint32_t ranks, std::uint32_t rank, bool set) noexcept {
  if (rank == CONFAB_RANK_VOICE)
    return set ? ranks | rank : ranks & ~rank;
  if (set)
    return (ranks & ~ranks_stage) | rank;
  // Whoever takes an owner down takes it down whole; an operator has no ownership to take.
  return rank == CONFAB_RANK_OWNER && (ranks & rank) == 0 ? ranks : ranks & ~ranks_stage;
}

std::uint32_t refusal_of_mode(const user *who, const member *m, std::uint32_t mode) noexcept {
  if (is_administrator(who) && mode_rights[mode].later != setter::nobody)
    return CONFAB_REFUSED_NONE;
  const auto ranked = [&](std::uint32_t rank) { return m && (m->ranks & at_least(rank)) != 0; };
  switch (mode_rights[mode].later) {
  case setter::operators:
    break;
  case setter::owners:
    if (ranked(CONFAB_RANK_OPERATOR))
      return ranked(CONFAB_RANK_OWNER) ? CONFAB_REFUSED_NONE : CONFAB_REFUSED_OWNER_NEEDED;
    break;
  case setter::server_operators:
    return is_operator(who) ? CONFAB_REFUSED_NONE : CONFAB_REFUSED_FORBIDDEN;
  default:
    return CONFAB_REFUSED_FORBIDDEN;
  }
  if (!m)
    return CONFAB_REFUSED_NOT_MEMBER;
  return ranked(CONFAB_RANK_OPERATOR) ? CONFAB_REFUSED_NONE : CONFAB_REFUSED_RANK_NEEDED;
}

bool may_open_with(const user *who, std::uint32_t mode) noexcept {
  switch (mode_rights[mode].at_first) {
  case setter::nobody:
    return false;
  case setter::server_operators:
    return is_operator(who);
  case setter::administrators:
    return is_administrator(who);
  default:
    return true;
  }
}

std::uint64_t modes_excluded_by(std::uint32_t mode) noexcept {
  return (visibilities & bit(mode)) != 0 ? visibilities & ~bit(mode) : 0;
}

bool visible(world &w, const user *viewer, const user &subject) noexcept {
  if (!viewer || viewer == &subject || is_operator(viewer))
    return true;
  return (subject.modes & CONFAB_UMODE_INVISIBLE) == 0 || share_a_channel(w, *viewer, subject);
}

sight sight_of(world &w, const user *viewer, const channel &subject) noexcept {
  if (is_inactive(subject) && viewer && !is_operator(viewer))
    return sight::nothing;
  if ((subject.modes & visibilities) == 0 || !viewer || is_operator(viewer) ||
      w.find_member(*viewer, subject))
    return sight::all;
  if (subject.has(CONFAB_CMODE_SECRET))
    return sight::nothing;
  return subject.has(CONFAB_CMODE_PRIVATE) ? sight::name_only : sight::by_name;
}

bool visible(world &w, const user *viewer, const channel &subject) noexcept {
  return sight_of(w, viewer, subject) >= sight::by_name;
}

bool visible(world &w, const user *viewer, const member &subject) noexcept {
  const channel &where = w.channel_of(subject);
  if (!viewer || subject.who == viewer->index || is_operator(viewer))
    return true;
  if (const member *inside = w.find_member(*viewer, where))
    return sees(w, *inside, subject);
  return visible(w, viewer, where) && (w.user_of(subject).modes & CONFAB_UMODE_INVISIBLE) == 0 &&
         (!where.has(CONFAB_CMODE_AUDITORIUM) || on_stage(subject));
}

bool told_with_user(world &w, const user *viewer, const member &subject) noexcept {
  const channel &where = w.channel_of(subject);
  if (sight_of(w, viewer, where) != sight::all)
    return false;
  return visible(w, viewer, subject) || !where.has(CONFAB_CMODE_AUDITORIUM);
}

bool sees(world &w, const member &viewer, const member &subject) noexcept {
  return !w.channel_of(subject).has(CONFAB_CMODE_AUDITORIUM) || on_stage(subject) ||
         on_stage(viewer) || viewer.who == subject.who;
}

bool hears_of(world &w, const member &viewer, const member &subject) noexcept {
  return viewer.who == subject.who ||
         (!w.channel_of(subject).has(CONFAB_CMODE_FEED) && sees(w, viewer, subject));
}

audience told_of(world &w, const member &m) noexcept {
  const channel &where = w.channel_of(m);
  audience whom;
  whom.also = &w.user_of(m);
  if (where.has(CONFAB_CMODE_FEED))
    whom.ranks = UINT32_MAX << 31; // a rank that nobody has
  else if (where.has(CONFAB_CMODE_AUDITORIUM) && !on_stage(m))
    whom.ranks = ranks_stage;
  return whom;
}

audience hearing(world &w, const channel &where, const member *speaker) noexcept {
  audience whom;
  if (where.has(CONFAB_CMODE_AUDITORIUM) && (!speaker || !on_stage(*speaker)))
    whom.ranks = ranks_stage;
  if (speaker) {
    whom.from = &w.user_of(*speaker);
    whom.also = whom.ranks != 0 ? whom.from : nullptr;
  }
  return whom;
}

bool denies(world &w, const user &listener, const user &speaker) noexcept {
  if (!listener.access || &listener == &speaker || is_administrator(&speaker))
    return false;
  const access_outcome said = judge(w, *listener.access, speaker).outcome;
  return said == access_outcome::denied || said == access_outcome::closed;
}

bool permitted(world &w, const user *who, std::uint32_t permission, confab_id subject) noexcept {
  if (!who || permission == CONFAB_PERMIT_HOST)
    return false;
  const auto ranked = [&](std::uint32_t ranks) {
    const channel *where = w.channels.find(subject);
    const member *m = where ? w.find_member(*who, *where) : nullptr;
    return m && (ranks == 0 || (m->ranks & ranks) != 0);
  };
  switch (permission) {
  case CONFAB_PERMIT_USER:
  case CONFAB_PERMIT_ANY:
    return true;
  case CONFAB_PERMIT_SELF:
    return world::id(*who) == subject || is_operator(who);
  case CONFAB_PERMIT_MEMBER:
    return ranked(0);
  case CONFAB_PERMIT_VOICE:
    return ranked(at_least(CONFAB_RANK_VOICE));
  case CONFAB_PERMIT_CHANNEL_OPERATOR:
    return ranked(at_least(CONFAB_RANK_OPERATOR));
  case CONFAB_PERMIT_OWNER:
    return ranked(at_least(CONFAB_RANK_OWNER));
  case CONFAB_PERMIT_ADMINISTRATOR:
    return is_administrator(who);
  default:
    return is_operator(who);
  }
}

bool property_allowed(world &w, const user *viewer, confab_id subject, const addition &property,
                      bool write) noexcept {
  const auto &is = property.as<confab_property_spec>();
  if (!viewer)
    return true;
  if (write)
    return permitted(w, viewer, is.write, subject);
  if (is_operator(viewer)) // sees what members see
    return is.read != CONFAB_PERMIT_HOST;
  const channel *where = w.channels.find(subject);
  const user *who = w.users.find(subject);
  return ((where && visible(w, viewer, *where)) || (who && visible(w, viewer, *who))) &&
         permitted(w, viewer, is.read, subject);
}

namespace {

// The user as masks look at it, for an entry of that list. An address that is only claimed may
// count against a user, and grants nothing: to other lists than of bans it is not there, nor is the
// host that is the same address.
text::mask_subject subject_of(const world &w, const user &who, bool grants) noexcept {
  text::mask_subject is;
  is.nick = who.is.nick();
  is.extended_nick = who.extended;
  is.user = who.is.username();
  is.tilde = (who.modes & CONFAB_UMODE_AUTHENTICATED) == 0;
  is.host = grants && who.host_claimed ? std::string_view{} : who.is.hostname();
  is.server = w.server_name();
  return is;
}

bool entry_matches(const world &w, std::string_view mask, std::uint32_t list,
                   const user &who) noexcept {
  const bool grants = list != CONFAB_LIST_BAN;
  text::mask_subject is = subject_of(w, who, grants);
  if (text::mask_matches(w.casemap(), mask, is))
    return true;
  for (const conn *c = who.sessions; c; c = c->next_of_user) {
    is.address = c->address.view();
    if ((!grants || c->trust != CONFAB_TRUST_CLAIMED) && text::mask_matches(w.casemap(), mask, is))
      return true;
  }
  return false;
}

} // namespace

bool face_matches(const world &w, std::string_view mask, const user &who) noexcept {
  return text::mask_matches(w.casemap(), mask, subject_of(w, who, false));
}

access_verdict judge(world &w, const access_list &list, const user &who) noexcept {
  if (list.entries.empty())
    return {};
  const std::int64_t now_s = w.unix_s();
  const access_verdict said = judge_access(
      list.entries,
      [](const access_entry &e) {
        return access_view{e.list, e.mask.view(), e.expires_s};
      },
      [&](const access_view &e) { return entry_matches(w, e.mask, e.list, who); }, now_s);
  const bool spared =
      said.outcome == access_outcome::denied && matched(w, list, CONFAB_LIST_EXCEPTION, who);
  return spared ? access_verdict{} : said;
}

access_verdict judge(world &w, const access_list &list, const confab_event_register &newcomer,
                     const conn *by) noexcept {
  if (list.entries.empty())
    return {};
  const auto matches = [&](const access_view &entry) {
    const bool doubtful = entry.list != CONFAB_LIST_BAN && by && by->trust == CONFAB_TRUST_CLAIMED;
    const std::string_view host = view(newcomer.hostname), address = view(newcomer.address);
    text::mask_subject is;
    is.nick = view(newcomer.nick);
    is.extended_nick = !nick_ordinary(is.nick);
    is.user = view(newcomer.username);
    is.tilde = true; // as some see it: it is no user yet that proved anything
    is.host = doubtful && host == address ? std::string_view{} : host;
    is.address = doubtful ? std::string_view{} : address;
    is.server = w.server_name();
    return text::mask_matches(w.casemap(), entry.mask, is);
  };
  return judge_access(
      list.entries,
      [](const access_entry &e) {
        return access_view{e.list, e.mask.view(), e.expires_s};
      },
      matches, w.unix_s());
}

bool matched(world &w, const access_list &list, std::uint32_t which, const user &who) noexcept {
  const std::int64_t now_s = w.unix_s();
  return std::any_of(list.entries.begin(), list.entries.end(), [&](const access_entry &entry) {
    return entry.list == which && !is_expired(entry.expires_s, now_s) &&
           entry_matches(w, entry.mask.view(), which, who);
  });
}

bool banned(world &w, const channel &where, const user &who) noexcept {
  return judge(w, where.access, who).outcome == access_outcome::denied;
}

bool invited(const user &who, const channel &where) noexcept {
  return std::find(who.invites.begin(), who.invites.end(), world::id(where)) != who.invites.end();
}

} // namespace confab::core
