// SPDX-License-Identifier: MIT
//
// The dialect of the family of IRC, in its three views (view.hpp): a connection's lines become
// acts, and acts become lines. The class holds what the parts share: replies, submits, the
// connection's registration. Verbs are in verbs_*.cpp by topic, registration in registration.cpp,
// rendering in render*.cpp and entrance.cpp, refusals in refusals.cpp, answers to questions in
// rows.cpp.

#pragma once

#include "core/dialect.hpp"
#include "core/world.hpp"
#include "proto/irc/message.hpp"
#include "proto/irc/numerics.hpp"
#include "proto/ircx/auth.hpp"
#include "proto/ircx/numerics.hpp"
#include "session/irc/feed.hpp"
#include "session/irc/view.hpp"

#include <array>
#include <initializer_list>
#include <span>

namespace confab::session {

// What a connection has said before it is registered.
struct registration : irc_session {
  registration() noexcept : irc_session{false} {}
  core::owned_str nick, username, realname, password;
  core::owned_str package;  // of AUTH, as the client wrote it
  core::owned_str identity; // who it proved to be: "user@domain"
  ircx::auth_exchange auth;
  confab_time auth_began = 0;
  std::uint32_t auth_step = 0; // the package's messages so far
  bool negotiating = false;    // CAP LS or REQ, and not yet CAP END
  bool capable = false;        // it said CAP: no client of Microsoft's
  bool probed = false;         // it said MODE ISIRCX
  bool authenticated = false;  // the host granted it, or need not be asked
  bool proven = false;         // and it showed something that the host knows
  bool submitted = false;      // an act of registration is on its way
};

class irc_dialect final : public core::dialect {
public:
  explicit irc_dialect(core::world &world) noexcept : w(world), feed_(world) {}

  std::uint32_t protocol(const core::conn &c) const noexcept override;
  void open(core::conn &c) override;
  void close(core::conn &c) noexcept override;
  confab_time deadline(const core::conn &c) const noexcept override;
  void overdue(core::conn &c) override;
  void receive(core::conn &c, std::string_view line) override;
  void receive_too_long(core::conn &c, std::string_view begin) override;
  std::string_view encode(std::uint16_t variant, const core::operation &op) override;
  std::string_view encode_modes(std::uint16_t variant, const core::mode_batch &batch) override;
  void answered(core::conn &c, const core::operation &op) override;
  void refused(core::conn &c, const core::operation &op) override;
  void entered(core::conn &c, const core::operation &op, const core::member &m) override;
  void left(core::conn &c, const core::member &m) override;
  void pretend(core::conn &c, const core::operation &op) override;
  void resumed(core::conn &c, const core::member &m) override;
  void welcome(core::conn &c) override;
  void authenticated(core::conn &c, const core::operation &op) override;
  void challenged(core::conn &c, const core::operation &op, std::string_view octets) override;
  void query_begin(core::conn &c, const core::operation &op) override;
  void query_row(core::conn &c, const core::operation &op, const core::query_row &row) override;
  void query_pause(core::conn &c, const core::operation &op) override;
  void query_end(core::conn &c, const core::operation &op) override;
  void told(core::conn &c, std::uint32_t number, std::string_view params,
            std::string_view text) override;
  void ping(core::conn &c) override;
  void farewell(core::conn &c, std::string_view reason) override;

  // Is it the dialect's own, so that nobody can add it? CONFAB_ADDITION_*; `number` is a numeric or
  // the letter of a mode.
  static bool reserved(std::uint32_t kind, std::string_view name, std::uint32_t number) noexcept;

  // --- for verbs
  // -----------------------------------------------------------------------------------
  static registration &registration_of(const core::conn &c) noexcept {
    return *static_cast<registration *>(static_cast<irc_session *>(c.session));
  }
  // The client's nick as numerics show it: `*` while it has none. Valid until the next call.
  std::string_view nick_of(core::conn &c) noexcept;
  core::operation make(core::conn &c, std::uint16_t type) const noexcept;
  void submit(core::operation &&op) { w.bus->submit(std::move(op)); }
  // Goes on towards registration when everything for it is there.
  void try_register(core::conn &c);

  using words = std::initializer_list<std::string_view>;
  // A numeric with its usual text; with a text of its own; and without any.
  void reply(core::conn &c, irc::numeric code, words middles = {}) noexcept;
  void reply(core::conn &c, irc::numeric code, words middles, std::string_view text) noexcept;
  // One of IRCX's.
  void reply(core::conn &c, ircx::numeric code, words middles = {}) noexcept;
  void reply(core::conn &c, ircx::numeric code, words middles, std::string_view text) noexcept;
  void reply_bare(core::conn &c, ircx::numeric code, words middles) noexcept;
  void reply_bare(core::conn &c, irc::numeric code, words middles) noexcept;
  void reply_bare(core::conn &c, irc::numeric code,
                  std::span<const std::string_view> middles) noexcept;
  // A line as it is, but for the client's code page.
  void send(core::conn &c, std::string_view line) noexcept;
  // A line that is no numeric, from the server.
  void send_line(core::conn &c, std::string_view verb, words middles,
                 std::string_view text) noexcept;

  // Is a server that a command names this one? Else says so (ERR_NOSUCHSERVER).
  bool is_here(core::conn &c, std::string_view server);
  void send_lusers(core::conn &c) noexcept;
  void send_motd(core::conn &c) noexcept;
  void send_isupport(core::conn &c) noexcept;
  // What changes when IRCX is switched on.
  void send_ircx_isupport(core::conn &c) noexcept;
  void send_tokens(core::conn &c, std::string_view tokens) noexcept;
  void set_capabilities(core::conn &c, std::uint32_t bits) noexcept;
  event_feed &feed() noexcept { return feed_; }
  // Who set the key by PROP has its answer in those words.
  void tell_key_set(core::conn &c, const core::operation &op, std::string_view channel,
                    std::string_view key) noexcept;
  // Before registration: it negotiates as clients of IRCv3 do.
  void note_cap(core::conn &c) noexcept;
  // It asked whether there is IRCX, as Microsoft's clients do before anything else.
  void note_probe(core::conn &c) noexcept;
  // Switches IRCX on, for good. Throws bad_alloc; nothing changed then.
  void enable_ircx(core::conn &c);
  // RPL 800 of IRCX: is it on, and what it can do.
  void send_ircx_state(core::conn &c) noexcept;
  // One line of AUTH.
  void auth(core::conn &c, const ircx::auth_line &line);

  // How the connection is shown a channel that it named: as it wrote it, in errors; and in answers
  // as it entered it, where it is in it.
  static std::uint16_t as_typed(const core::conn &c, const core::operation &op) noexcept;
  std::uint16_t variant_in(const core::conn &c, const core::operation &op,
                           confab_id channel) noexcept;

  core::world &w;
  std::uint32_t refused_code = 0; // of the last act of the line that is being read

private:
  event_feed feed_;
  static constexpr std::size_t scratch_bytes = 40 * 1024;

  // What the variant's clients get of lines.
  std::string_view in_page(std::uint16_t variant, std::string_view lines) noexcept;
  irc::line_writer begin_line(std::uint16_t variant, confab_time at, std::string_view source,
                              std::size_t used) noexcept;
  irc::line_writer begin_reply(core::conn &c, irc::numeric code,
                               std::span<const std::string_view> middles) noexcept;
  void refuse_registration(core::conn &c, const core::operation &op);
  void refuse_package(core::conn &c, const core::operation &op);
  void suspend_auth(core::conn &c, std::string_view package, std::string_view text) noexcept;
  void fail_auth(core::conn &c, std::string_view package, std::string_view text) noexcept;
  void send_user_modes(core::conn &c);
  void send_channel(core::conn &c, const core::channel &where, const core::member &m);
  void greet(core::conn &c, const core::channel &where, std::uint16_t variant,
             std::string_view text, bool joining) noexcept;

  // What IRCX's commands ask and do; false when it is none of theirs.
  bool begin_ircx(core::conn &c, const core::operation &op);
  bool row_ircx(core::conn &c, const core::operation &op, const core::query_row &row);
  bool end_ircx(core::conn &c, const core::operation &op);
  bool answered_ircx(core::conn &c, const core::operation &op);
  void row_listx(core::conn &c, const core::operation &op, const core::channel &where);
  void row_level(core::conn &c, const core::operation &op, const core::access_entry &entry);
  void row_property(core::conn &c, const core::operation &op, const core::query_row &row);

  std::string_view show_asked(const core::conn &c, const core::operation &op,
                              name_buffer &buffer) noexcept;
  void row_list(core::conn &c, const core::operation &op, const core::query_row &row);
  void row_who(core::conn &c, const core::operation &op, const core::query_row &row);
  void row_whois(core::conn &c, const core::operation &op, const core::query_row &row);
  void whois_channels(core::conn &c, const core::operation &op, const core::user &who);
  bool speaks_ircx(const core::user &who) const noexcept;
  void row_modes(core::conn &c, const core::operation &op, const core::query_row &row);
  void row_topic(core::conn &c, const core::channel &where, std::uint16_t variant);
  void row_access(core::conn &c, const core::operation &op, const core::query_row &row);
  void pack(core::conn &c, const core::operation &op, std::string_view item);
  void pack_begin(core::conn &c, const core::operation &op);
  void pack_flush(core::conn &c) noexcept;

  std::array<char, scratch_bytes> scratch_; // encode
  std::array<char, scratch_bytes>
      reply_;        // replies: an encode may come between building and sending one
  name_buffer nick_; // nick_of
  std::array<char, scratch_bytes> legacy_out_; // lines in a client's code page
  std::array<char, 3 * 16384> legacy_in_;      // parameters of such a line, in UTF-8
  std::array<char, scratch_bytes> pack_;       // a line that takes as many items as fit
  std::size_t pack_head_ = 0, pack_used_ = 0;
};

// One command of a client, as verbs get it.
struct command {
  irc_dialect &d;
  core::world &w;
  core::conn &c;
  const irc::message &m;

  std::string_view param(std::size_t i) const noexcept { return m.param(i); }
};

// A row of the table of verbs.
struct verb {
  std::string_view name;
  void (*run)(const command &);
  std::uint8_t params_min;
  bool before_registration;
  bool needs_ircx = false; // it does not exist for sessions that did not enable IRCX
};

// Null when there is none; the name is compared without case.
const verb *find_verb(std::string_view name) noexcept;

// Calls `each` for the items of a comma list, at most `targets_max`; says which was the first too
// many. False when there is no item.
template <class Each>
bool each_target(const command &cmd, std::string_view list, Each &&each) {
  std::uint32_t count = 0;
  while (!list.empty()) {
    const std::size_t end = std::min(list.find(','), list.size());
    const std::string_view item = list.substr(0, end);
    list.remove_prefix(std::min(end + 1, list.size()));
    if (item.empty())
      continue;
    if (count == cmd.w.limits().targets_max) {
      cmd.d.reply(cmd.c, irc::ERR_TOOMANYTARGETS, {item});
      break;
    }
    each(item, count++);
  }
  return count > 0;
}

// The item of a comma list at that place, or empty.
std::string_view list_item(std::string_view list, std::size_t index) noexcept;

// The verbs.
void verb_access(const command &);
void verb_admin(const command &);
void verb_auth(const command &);
void verb_away(const command &);
void verb_cap(const command &);
void verb_create(const command &);
void verb_data(const command &);
void verb_die(const command &);
void verb_error(const command &);
void verb_event(const command &);
void verb_extmsg(const command &);
void verb_help(const command &);
void verb_info(const command &);
void verb_invite(const command &);
void verb_ircx(const command &);
void verb_isircx(const command &);
void verb_ison(const command &);
void verb_join(const command &);
void verb_kick(const command &);
void verb_kill(const command &);
void verb_knock(const command &);
void verb_links(const command &);
void verb_list(const command &);
void verb_listx(const command &);
void verb_lusers(const command &);
void verb_mode(const command &);
void verb_motd(const command &);
void verb_names(const command &);
void verb_nick(const command &);
void verb_notice(const command &);
void verb_oper(const command &);
void verb_part(const command &);
void verb_pass(const command &);
void verb_ping(const command &);
void verb_pong(const command &);
void verb_privmsg(const command &);
void verb_prop(const command &);
void verb_quit(const command &);
void verb_rehash(const command &);
void verb_reply(const command &);
void verb_request(const command &);
void verb_stats(const command &);
void verb_time(const command &);
void verb_topic(const command &);
void verb_user(const command &);
void verb_userhost(const command &);
void verb_version(const command &);
void verb_wallops(const command &);
void verb_who(const command &);
void verb_whisper(const command &);
void verb_whois(const command &);
void verb_whowas(const command &);

} // namespace confab::session
