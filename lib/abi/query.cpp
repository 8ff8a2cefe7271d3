// SPDX-License-Identifier: MIT
//
// The exported functions of query.h: reads of the world, which change nothing.
// A wrong kind of id is the caller's mistake, a dead one is news: the two have codes of their own.

#include "abi/handle.hpp"

#include "core/rights.hpp"
#include "core/service/service.hpp"
#include "text/casemap.hpp"

using namespace confab;
using namespace confab::abi;
using core::world;

namespace {

bool text_ok(confab_str s) noexcept { return s.len == 0 || s.ptr; }

// Finds an object by id, telling a wrong kind from a dead one, and runs `body` on it.
template <std::uint32_t Kind, class Pool, class Body>
confab_status with_object(Pool &pool, confab_id id, Body &&body) noexcept {
  if (confab_id_kind(id) != Kind)
    return CONFAB_ERR_ARG;
  auto *object = pool.find(id);
  return object ? body(*object) : static_cast<confab_status>(CONFAB_ERR_STALE_ID);
}

template <class Object>
confab_status found(const Object *object, confab_id *out) noexcept {
  *out = object ? world::id(*object) : 0;
  return object ? CONFAB_OK : CONFAB_ERR_NOT_FOUND;
}

// The next living object of a pool behind `after`.
template <std::uint32_t Kind, class Pool>
confab_status next_of(Pool &pool, confab_id after, confab_id *out) noexcept {
  if (!out || (after != 0 && confab_id_kind(after) != Kind))
    return CONFAB_ERR_ARG;
  *out = 0;
  if (after != 0 && !pool.find(after))
    return CONFAB_ERR_STALE_ID;
  std::uint32_t i = after == 0 ? pool.first() : pool.next(core::id_index(after));
  if constexpr (Kind == CONFAB_KIND_CONN)
    while (i != Pool::none && pool.at(i).gone)
      i = pool.next(i);
  if (i == Pool::none)
    return CONFAB_END;
  *out = Pool::id(pool.at(i));
  return CONFAB_OK;
}

// Walks a chain: `first` gives its head, `next` the one behind.
template <std::uint32_t Kind, class Pool, class Object, class Next>
confab_status next_in_chain(Pool &pool, Object *first, confab_id after, confab_id *out,
                            Next &&next) {
  if (!out || (after != 0 && confab_id_kind(after) != Kind))
    return CONFAB_ERR_ARG;
  *out = 0;
  Object *at = first;
  if (after != 0) {
    Object *before = pool.find(after);
    if (!before)
      return CONFAB_ERR_STALE_ID;
    at = next(*before);
  }
  if (!at)
    return CONFAB_END;
  *out = world::id(*at);
  return CONFAB_OK;
}

// How a registered channel stands: CONFAB_STANDING_*.
std::uint32_t standing_of(const core::channel &where) noexcept {
  std::uint32_t standing = 0;
  if ((where.standing & core::standing_autostart) != 0)
    standing |= CONFAB_STANDING_AUTOSTART;
  if ((where.standing & core::standing_operator_owns) != 0)
    standing |= CONFAB_STANDING_OPERATOR_OWNS;
  return standing;
}

// What its class and the service leave the user: CONFAB_MAY_*.
std::uint32_t may_of(const world &w, const core::user &who) noexcept {
  std::uint32_t may = 0;
  if (core::refusal_to_make(w, who) == CONFAB_REFUSED_NONE)
    may |= CONFAB_MAY_OPEN;
  if (core::enters_dynamic(w, who))
    may |= CONFAB_MAY_JOIN_DYNAMIC;
  if (core::ranks_possible(w, who, core::ranks_stage) != 0)
    may |= CONFAB_MAY_RANK;
  return may;
}

// Entry number `index` of a list, of those that have not expired; null behind the last.
const core::access_entry *entry_at(const world &w, const core::access_list &all, std::uint32_t list,
                                   std::uint32_t index) noexcept {
  const std::int64_t now_s = w.unix_s();
  std::uint32_t passed = 0;
  for (const core::access_entry &entry : all.entries)
    if (entry.list == list && !core::is_expired(entry.expires_s, now_s) && passed++ == index)
      return &entry;
  return nullptr;
}

confab_list_entry info_of(const core::access_entry &entry) noexcept {
  confab_list_entry info{};
  info.mask = core::str(entry.mask.view());
  info.set_by = core::str(entry.set_by.view());
  info.set_unix_s = entry.set_s;
  info.expires_unix_s = entry.expires_s;
  info.reason = core::str(entry.reason.view());
  return info;
}

} // namespace

confab_status confab_user_find(const confab_engine *engine, confab_str nick, confab_id *out) {
  return guard_const(engine, [&](world &w) -> confab_status {
    if (!out || !text_ok(nick))
      return CONFAB_ERR_ARG;
    return found(w.find_user(core::view(nick)), out);
  });
}

confab_status confab_channel_find(const confab_engine *engine, confab_str name, confab_id *out) {
  return guard_const(engine, [&](world &w) -> confab_status {
    if (!out || !text_ok(name))
      return CONFAB_ERR_ARG;
    return found(w.find_channel(core::view(name)), out);
  });
}

confab_status confab_name_fold(const confab_engine *engine, confab_str name, char *out,
                               size_t out_size) {
  return guard_const(engine, [&](world &w) -> confab_status {
    if (!text_ok(name) || (!out && name.len > 0))
      return CONFAB_ERR_ARG;
    if (out_size < name.len)
      return CONFAB_ERR_TOO_LONG;
    text::fold_into(w.casemap(), core::view(name), out);
    return CONFAB_OK;
  });
}

confab_status confab_member_find(const confab_engine *engine, confab_id channel, confab_id user,
                                 confab_id *out) {
  return guard_const(engine, [&](world &w) -> confab_status {
    if (!out)
      return CONFAB_ERR_ARG;
    *out = 0;
    return with_object<CONFAB_KIND_CHANNEL>(w.channels, channel, [&](core::channel &where) {
      return with_object<CONFAB_KIND_USER>(w.users, user, [&](core::user &who) -> confab_status {
        return found(w.find_member(who, where), out);
      });
    });
  });
}

confab_status confab_conn_get(const confab_engine *engine, confab_id conn, confab_conn_info *out) {
  return guard_const(engine, [&](world &w) {
    return with_object<CONFAB_KIND_CONN>(w.conns, conn, [&](core::conn &c) {
      confab_conn_info info{};
      info.state = c.state == core::conn_state::open         ? CONFAB_CONN_OPEN
                   : c.state == core::conn_state::registered ? CONFAB_CONN_REGISTERED
                                                             : CONFAB_CONN_CLOSING;
      info.protocol = c.speaks->protocol(c);
      info.flags = c.flags;
      info.user = c.who ? world::id(*c.who) : 0;
      info.ctx = c.ctx;
      info.address = core::str(c.address.view());
      info.hostname = core::str(c.host());
      info.opened = c.opened;
      info.last_heard = c.last_heard;
      info.bytes_in = c.bytes_in;
      info.bytes_out = c.bytes_out;
      info.input_backlog_bytes = c.input.kept() + c.frames.kept();
      info.output_backlog_bytes = c.out.bytes();
      info.trust = c.trust;
      return give_struct(info, out);
    });
  });
}

confab_status confab_user_get(const confab_engine *engine, confab_id user, confab_user_info *out) {
  return guard_const(engine, [&](world &w) {
    return with_object<CONFAB_KIND_USER>(w.users, user, [&](core::user &who) {
      confab_user_info info{};
      info.modes = who.modes;
      info.nick = core::str(who.is.nick());
      info.username = core::str(who.is.username());
      info.hostname = core::str(who.is.hostname());
      info.realname = core::str(who.is.realname());
      info.away = core::str(who.away.view());
      info.is_away = who.is_away ? 1 : 0;
      info.sessions = who.session_count;
      info.channels = who.membership_count;
      info.registered = who.registered;
      info.last_spoke = who.last_spoke;
      info.account = core::str(who.account.view());
      info.may = may_of(w, who);
      info.channels_max = core::is_operator(&who) ? 0 : core::channels_max_of(w, who);
      if (const core::kept_class *of = core::class_of(w, who))
        info.class_name = core::str(std::string_view(of->name));
      return give_struct(info, out);
    });
  });
}

confab_status confab_channel_get(const confab_engine *engine, confab_id channel,
                                 confab_channel_info *out) {
  return guard_const(engine, [&](world &w) {
    return with_object<CONFAB_KIND_CHANNEL>(w.channels, channel, [&](core::channel &where) {
      confab_channel_info info{};
      info.modes = where.modes;
      info.name = core::str(where.name());
      info.topic = core::str(where.topic.view());
      info.topic_by = core::str(where.topic_by.view());
      info.key = core::str(where.key.view());
      info.topic_unix_s = where.topic_s;
      info.created_unix_s = where.created_s;
      info.limit = where.has(CONFAB_CMODE_LIMIT) ? where.limit : 0;
      info.members = static_cast<std::uint32_t>(where.roster.size());
      info.standing = standing_of(where);
      return give_struct(info, out);
    });
  });
}

confab_status confab_member_get(const confab_engine *engine, confab_id member,
                                confab_member_info *out) {
  return guard_const(engine, [&](world &w) {
    return with_object<CONFAB_KIND_MEMBER>(w.members, member, [&](core::member &m) {
      confab_member_info info{};
      info.ranks = m.ranks;
      info.user = world::id(w.user_of(m));
      info.channel = world::id(w.channel_of(m));
      info.joined_unix_s = m.joined_s;
      return give_struct(info, out);
    });
  });
}

confab_status confab_list_get(const confab_engine *engine, confab_id channel, uint32_t list,
                              uint32_t index, confab_list_entry *out) {
  return confab_access_get(engine, CONFAB_ACCESS_CHANNEL, channel, list, index, out);
}

confab_status confab_access_get(const confab_engine *engine, uint32_t subject, confab_id of,
                                uint32_t list, uint32_t index, confab_list_entry *out) {
  return guard_const(engine, [&](world &w) -> confab_status {
    if (list >= CONFAB_LIST_COUNT)
      return CONFAB_ERR_ARG;
    const auto give = [&](const core::access_list *all) -> confab_status {
      const core::access_entry *entry = all ? entry_at(w, *all, list, index) : nullptr;
      return entry ? give_struct(info_of(*entry), out) : static_cast<confab_status>(CONFAB_END);
    };
    switch (subject) {
    case CONFAB_ACCESS_CHANNEL:
      return with_object<CONFAB_KIND_CHANNEL>(
          w.channels, of, [&](core::channel &where) { return give(&where.access); });
    case CONFAB_ACCESS_USER:
      return with_object<CONFAB_KIND_USER>(w.users, of,
                                           [&](core::user &who) { return give(who.access); });
    case CONFAB_ACCESS_SERVER:
    case CONFAB_ACCESS_NETWORK:
      return of != 0 ? static_cast<confab_status>(CONFAB_ERR_ARG)
                     : give(subject == CONFAB_ACCESS_SERVER ? &w.server_access : &w.network_access);
    default:
      return CONFAB_ERR_ARG;
    }
  });
}

confab_status confab_conn_next(const confab_engine *engine, confab_id after, confab_id *out) {
  return guard_const(engine,
                     [&](world &w) { return next_of<CONFAB_KIND_CONN>(w.conns, after, out); });
}

confab_status confab_user_next(const confab_engine *engine, confab_id after, confab_id *out) {
  return guard_const(engine,
                     [&](world &w) { return next_of<CONFAB_KIND_USER>(w.users, after, out); });
}

confab_status confab_channel_next(const confab_engine *engine, confab_id after, confab_id *out) {
  return guard_const(
      engine, [&](world &w) { return next_of<CONFAB_KIND_CHANNEL>(w.channels, after, out); });
}

confab_status confab_user_conn_next(const confab_engine *engine, confab_id user, confab_id after,
                                    confab_id *out) {
  return guard_const(engine, [&](world &w) {
    return with_object<CONFAB_KIND_USER>(w.users, user, [&](core::user &who) {
      return next_in_chain<CONFAB_KIND_CONN>(w.conns, who.sessions, after, out,
                                             [](core::conn &c) { return c.next_of_user; });
    });
  });
}

confab_status confab_user_member_next(const confab_engine *engine, confab_id user, confab_id after,
                                      confab_id *out) {
  return guard_const(engine, [&](world &w) {
    return with_object<CONFAB_KIND_USER>(w.users, user, [&](core::user &who) {
      return next_in_chain<CONFAB_KIND_MEMBER>(
          w.members, w.first_membership(who), after, out,
          [&](core::member &m) { return w.next_membership(m); });
    });
  });
}

confab_status confab_channel_member_next(const confab_engine *engine, confab_id channel,
                                         confab_id after, confab_id *out) {
  return guard_const(engine, [&](world &w) {
    return with_object<CONFAB_KIND_CHANNEL>(w.channels, channel, [&](core::channel &where) {
      return next_in_chain<CONFAB_KIND_MEMBER>(
          w.members, where.roster.empty() ? nullptr : where.roster[0], after, out,
          [&](core::member &m) {
            const std::size_t next = m.position + std::size_t{1};
            return next < where.roster.size() ? where.roster[next] : nullptr;
          });
    });
  });
}

confab_status confab_visible(const confab_engine *engine, confab_id viewer, confab_id subject) {
  return guard_const(engine, [&](world &w) {
    return with_object<CONFAB_KIND_USER>(w.users, viewer, [&](core::user &by) {
      const auto answer = [&](auto &object) -> confab_status {
        return core::visible(w, &by, object) ? CONFAB_OK : CONFAB_ERR_NOT_FOUND;
      };
      switch (confab_id_kind(subject)) {
      case CONFAB_KIND_USER:
        return with_object<CONFAB_KIND_USER>(w.users, subject, answer);
      case CONFAB_KIND_CHANNEL:
        return with_object<CONFAB_KIND_CHANNEL>(w.channels, subject, answer);
      case CONFAB_KIND_MEMBER:
        return with_object<CONFAB_KIND_MEMBER>(w.members, subject, answer);
      default:
        return static_cast<confab_status>(CONFAB_ERR_ARG);
      }
    });
  });
}
