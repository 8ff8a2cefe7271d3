// SPDX-License-Identifier: MIT
//
// What each type of event does, in neutral words: a gate that resolves names and checks the core's
// own rules, and a commit that changes the world and tells those concerned. One file a family of
// acts; the table is in acts.cpp.
//
// A gate changes nothing. A commit first allocates whatever it needs, which may throw, and then
// changes the world in steps that cannot fail: so memory running out leaves everything as it was.

#pragma once

#include "core/rights.hpp"

namespace confab::core {

enum class gate_result : std::uint8_t {
  go,      // to the filters
  refused, // op.why says why
  nothing  // it is so already: neither an answer nor an event
};

// After a commit.
enum class commit_result : std::uint8_t {
  done,
  more,   // it goes on when output has drained
  later,  // it is not time yet: op.waits_until
  refused // it could not be done: op.why says why
};

struct act {
  gate_result (*gate)(world &, operation &);
  commit_result (*commit)(world &, operation &);
  // The host's question that stands between the filters and the commit: CONFAB_REQUEST_*, or 0.
  std::uint32_t (*request)(const world &, const operation &);
};

// By the row of its type (row_of).
const act &act_of(std::uint16_t row) noexcept;

// --- for gates
// -------------------------------------------------------------------------------------
gate_result refuse(operation &op, std::uint32_t code) noexcept;
// The same for a commit: what was there when the gate looked was removed by a filter, or failed.
inline commit_result not_done(operation &op, std::uint32_t code) noexcept {
  refuse(op, code);
  return commit_result::refused;
}
// What the host's "no" means to the asker: of a password, or of what an operator asked for.
inline std::uint32_t refusal_by_host(const operation &op) noexcept {
  return op.type() == CONFAB_EVENT_ADMIN ? CONFAB_REFUSED_POLICY : CONFAB_REFUSED_BAD_PASSWORD;
}
// Refuses one who is not in the channel: to whom it is secret it does not exist, under the name
// that was given for it (IRCX draft §8.1.4; spec ircx §7.1).
gate_result refuse_stranger(world &w, operation &op, const channel &where,
                            std::uint32_t code) noexcept;
// The channel that an event names by id or else by name; fills in both. Null and a refusal when
// there is none.
channel *resolve_channel(world &w, operation &op, confab_id &id, confab_str &name) noexcept;
user *resolve_user(world &w, operation &op, confab_id &id, confab_str &nick) noexcept;
// Is the text a legal name of a user, of a channel? The widest rule of all protocols: a codec may
// be narrower.
bool nick_legal(const world &w, std::string_view nick) noexcept;
// A channel for clients of one protocol alone may be called anything: see acts.cpp. Commands find
// it by its id, as a word that stands for a user must not find a channel.
bool free_name_legal(const world &w, std::string_view name) noexcept;
// Does a word name a channel, and no user?
constexpr bool names_channel(std::string_view word) noexcept {
  return !word.empty() && (word[0] == '#' || word[0] == '&');
}
bool channel_legal(const world &w, std::string_view name) noexcept;
// A key is one word that a JOIN can carry in a list; a mask is one word too.
bool key_legal(const world &w, std::string_view key) noexcept;
bool mask_legal(const world &w, std::string_view mask) noexcept;
// Is it a nick of RFC 2812 §2.3.1, whatever its length?
bool nick_ordinary(std::string_view nick) noexcept;
// Can the word stand as username or host in "nick!username@host"?
bool source_part_legal(std::string_view word) noexcept;

// --- for commits
// ----------------------------------------------------------------------------------- Takes a
// member out; destroys the channel when it was the last.
void remove_member(world &w, member &m) noexcept;
void destroy_channel(world &w, channel &where) noexcept;
// Frees a channel that nobody has heard of, or of whose end all have.
void drop_channel(world &w, channel &where) noexcept;
// Opens a channel of that name, which is free. Throws bad_alloc; nothing changed then.
channel &add_channel(world &w, std::string_view name);
// In an auditorium: somebody goes up to the stage, where the floor sees it and it sees the floor,
// or comes down from there.
void appear_to_floor(world &w, const operation &op, member &m) noexcept;
void vanish_from_floor(world &w, const operation &op, member &m) noexcept;
// Lets go of a user's own list.
void forget_access(world &w, user &who) noexcept;
// A proof of who somebody is was refused: what was judged and found wrong counts against its
// address.
void proof_failed(world &w, const operation &op) noexcept;
// Somebody was kept out of a channel: its operators are told, where it wants that.
void kept_out(world &w, const operation &op) noexcept;
// What an act that changes a mode will show, taken before it is committed. Throws bad_alloc;
// whoever does not announce the change clears its value.
mode_change change_of(world &w, const operation &op);
// Puts the change into the batch that goes out as one; takes its value. Shown to all whom it
// concerns, or to `only`.
void announce_mode(world &w, const operation &op, mode_change &&change,
                   conn *only = nullptr) noexcept;

// --- for denials that look like success to the origin, and to nobody else
// -----------------------------------------------------------------------------------
bool changes_mode(const operation &op) noexcept;
void pretend_mode(world &w, const operation &op) noexcept;
// An answer without rows.
void pretend_answer(const operation &op) noexcept;

// --- the acts
// --------------------------------------------------------------------------------------
gate_result gate_register(world &, operation &);
gate_result gate_join(world &, operation &);
gate_result gate_part(world &, operation &);
gate_result gate_kick(world &, operation &);
gate_result gate_invite(world &, operation &);
gate_result gate_topic(world &, operation &);
gate_result gate_nick(world &, operation &);
gate_result gate_user_change(world &, operation &);
gate_result gate_message(world &, operation &);
gate_result gate_member_change(world &, operation &);
gate_result gate_channel_change(world &, operation &);
gate_result gate_access(world &, operation &);
gate_result gate_kill(world &, operation &);
gate_result gate_admin(world &, operation &);
gate_result gate_query(world &, operation &);
gate_result gate_command(world &, operation &);
gate_result gate_property(world &, operation &);
gate_result gate_knock(world &, operation &);
gate_result gate_redirect(world &, operation &);

gate_result gate_authenticate(world &, operation &);
commit_result commit_authenticate(world &, operation &);
commit_result commit_register(world &, operation &);
commit_result commit_disconnect(world &, operation &);
commit_result commit_join(world &, operation &);
commit_result commit_part(world &, operation &);
commit_result commit_kick(world &, operation &);
commit_result commit_invite(world &, operation &);
commit_result commit_topic(world &, operation &);
commit_result commit_nick(world &, operation &);
commit_result commit_user_change(world &, operation &);
commit_result commit_message(world &, operation &);
commit_result commit_member_change(world &, operation &);
commit_result commit_channel_change(world &, operation &);
commit_result commit_access(world &, operation &);
commit_result commit_kill(world &, operation &);
commit_result commit_oper(world &, operation &);
commit_result commit_query(world &, operation &);
commit_result commit_command(world &, operation &);
commit_result commit_property(world &, operation &);
commit_result commit_knock(world &, operation &);
commit_result commit_redirect(world &, operation &);

// Makes `who` of an unregistered connection, or adds the connection to its sessions. Cannot fail.
void link_session(world &w, conn &c, user &who) noexcept;
// Makes a user; it has no session yet. Throws bad_alloc; nothing changed then.
user &add_user(world &w, std::string_view nick, std::string_view username,
               std::string_view hostname, std::string_view realname);

} // namespace confab::core
