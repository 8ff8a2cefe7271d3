// SPDX-License-Identifier: MIT
//
// The scene in which an act happens: who is there, in which channels, who does it and how, and what
// everybody was told afterwards. A scene can be played several times in one engine: everybody
// comes, acts and goes. With no filter in it a scene is the reference that cells are compared with.
//
// ann does it, as operator of #x and #y, where bob is too; cat is in no channel. Where the act is
// that of a new connection, that is the guest's.
#pragma once

#include "q265267/protocols.hpp"
#include "support/engine_fixture.hpp"

#include <functional>
#include <map>
#include <optional>

namespace q265267 {

struct act;
struct scene;

// Which protocols may enter the channels of the act.
struct room {
  const char *name;
  bool for_mic; // only its clients may enter
};
std::span<const room> rooms();

enum class origin_kind {
  client, // a connection
  user,   // the host, in the name of a user without one
  server  // the host, for the server itself
};

struct cast {
  const protocol *origin; // of ann, or the guest; the protocol of the others where it is the host
  const protocol *others;
  const room *where;
  origin_kind by;
};

std::string name_of(const cast &c);

// What else happens, once the act is done or refused: what a handler may submit, or a host do.
enum class aftermath {
  none,
  quit,    // who acts is ended, by the server
  hang_up, // its connection is gone
  empty,   // everybody is kicked out of the act's channel
  again,   // the same act once more, submitted in the name of who acts
  speak,   // who acts says something more
  count
};

struct told {
  std::uint16_t type;
  std::uint32_t outcome, code;
  std::uint64_t seq;
  bool operator==(const told &other) const {
    return type == other.type && outcome == other.outcome && code == other.code;
  }
};

struct scene : confab::test::engine_fixture {
  scene(const act &a, const cast &c);

  // Everybody comes; `what` is how the act will be done.
  void gather(const intent &what);
  confab_status perform(const intent &what);
  void follow(aftermath then, const intent &what);
  // Can it follow the act of this cast, in a handler or outside of one?
  static bool submittable(const act &a);
  static bool can_follow(aftermath then, const act &a, const cast &c, bool in_handler);
  // Everybody goes, and nothing is left but what the engine keeps for next time.
  void leave();

  // What was said to whom, and what there is. Reading takes it.
  std::string origin_told();
  std::string others_told();
  std::string state() const;
  bool origin_alive() const;
  std::size_t hooks_of_scene() const { return watchers_.size() + helpers.size(); }

  // What the origin would say, as one raw message.
  std::string raw(const intent &what) {
    return as_message(*c.origin, c.origin->say(what, clients_[origin_conn]));
  }

  // For preparing acts.
  void server_does(const intent &what) { confab::test::ignore(submit(engine, what, 0, true)); }
  void closes(const std::string &channel); // to all but clients of MIC
  confab_id conn_of_bob() const { return bob_; }
  void helper(std::uint32_t type, std::uint32_t stage, std::uint32_t flags, confab_verdict answer);
  void adds_command(std::string_view verb);
  void adds_property(std::string_view name);
  void adds_space(std::string_view name);
  // Adds an instance of a plugin that does nothing.
  confab_id plugs(std::string_view name);
  // A connection of a client of that protocol, registered under the nick; and what one says.
  confab_id enters(const protocol &as, std::string_view nick);
  confab_status says(confab_id conn, const intent &what);
  // Joins as a user, whatever protocol it speaks.
  void joins(std::string_view nick, std::string_view channel);

  const act &a;
  const cast &c;
  std::vector<told> log; // what observers were told, since everybody came
  confab_id origin_conn = 0;
  std::vector<confab_id> helpers; // hooks that belong to the act
  std::uint16_t space = 0;        // that was leased
  unsigned runs = 0;              // of the added command
  std::string malformed;          // the first thing that a client could not have understood

  // Reads what everybody was sent, and lets clients answer what they answer by themselves.
  void settle();

private:
  static confab_verdict CONFAB_CALL note(void *ctx, confab_call *call, const confab_event *event);
  void watch(std::uint32_t type, confab_id scope, std::uint16_t in = 0);
  bool concerns(const confab_event *event) const;
  std::string read_checked(confab_id conn);
  confab_status feeds(confab_id conn, const std::string &bytes);

  confab_id ann_ = 0, bob_ = 0, cat_ = 0; // connections
  confab_id ann_user_ = 0;
  std::map<confab_id, client> clients_;
  std::vector<confab_id> roster_; // who is kicked
  std::vector<confab_id> watchers_, additions_, plugins_;
};

} // namespace q265267
