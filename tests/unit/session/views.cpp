// SPDX-License-Identifier: MIT
//
// The three views of the family of IRC, as functions of names and letters: what one engine is
// called in each, and that no letter means two things in any. Whole exchanges are in the
// conformance suite's transcripts.
#include "session/irc/modes.hpp"
#include "session/irc/view.hpp"

#include "support/catch.hpp"

#include <memory>
#include <set>
#include <string>

using namespace confab;
using namespace confab::session;

namespace {

std::string nick(view v, std::string_view name) {
  name_buffer buffer;
  return std::string(show_nick(v, name, buffer));
}

std::string channel(view v, std::string_view name, bool spelled = false) {
  name_buffer buffer;
  const auto variant = static_cast<std::uint16_t>(static_cast<unsigned>(v) |
                                                  (spelled ? std::uint32_t{variant_spelled} : 0U));
  return std::string(show_channel(variant, name, buffer));
}

std::string listed(view v, std::string_view name) {
  name_buffer buffer;
  return std::string(list_channel(v, name, buffer));
}

// What a connection of that view means by what it wrote. It is not on the stack: gcc's address
// sanitizer does not align what it keeps there as a connection is aligned.
struct reader {
  explicit reader(view v) : mem({nullptr, nullptr}), c(std::make_unique<core::conn>(mem)) {
    c->variant = static_cast<std::uint16_t>(v);
  }
  std::string nick(std::string_view written) {
    name_buffer buffer;
    return std::string(read_nick(*c, written, buffer));
  }
  std::string channel(std::string_view written) {
    name_buffer buffer;
    return std::string(read_channel(*c, written, buffer));
  }
  core::memory mem;
  std::unique_ptr<core::conn> c;
};

std::string letters_of(view v, mode_type type) {
  std::string out;
  for (const mode_letter &row : channel_letters(v))
    if (row.type == type)
      out += row.letter;
  return out;
}

std::string prefixes(view v, std::uint32_t ranks, bool all) {
  char out[2];
  return {out, write_prefixes(v, ranks, all, out)};
}

} // namespace

TEST_CASE("views: an ordinary nick is itself, another has three forms") {
  for (const view v : views) {
    CHECK(nick(v, "bob") == "bob");
    CHECK(nick(v, "a\\b^`") == "a\\b^`");
  }
  CHECK(nick(view::irc, "Zo\xc3\xab") == "^5A6FC3AB");
  CHECK(nick(view::v3, "Zo\xc3\xab") == "Zo\xc3\xab");
  CHECK(nick(view::ircx, "Zo\xc3\xab") == "'Zo\xc3\xab");
  // What capabilities do not make legible is the alias.
  for (const std::string_view odd : {"a b", "a*b", "9lives", "a?"}) {
    CHECK(nick(view::v3, odd).starts_with('^'));
    CHECK(nick(view::irc, odd) == nick(view::v3, odd));
  }
  CHECK(nick(view::ircx, "a b,c") == "'a\\bb\\cc"); // (a comma is in no nick of the core)
}

TEST_CASE("views: every spelling of a nick that a view shows is read as that nick") {
  for (const std::string_view name : {"bob", "Zo\xc3\xab", "a b", "9lives", "\xe6\x97\xa5"})
    for (const view shown : views)
      for (const view reads : views) {
        CAPTURE(name, static_cast<int>(shown), static_cast<int>(reads));
        CHECK(reader(reads).nick(nick(shown, name)) == name);
      }
  CHECK(reader(view::irc).nick("^5a6fc3ab") == "Zo\xc3\xab");
  CHECK(reader(view::irc).nick("^5a6") == "^5a6"); // not in pairs: a nick like others
  CHECK(reader(view::ircx).nick("'").empty());     // who has no nick yet
  CHECK(reader(view::ircx).nick("'\xff").empty());
  CHECK(reader(view::ircx).nick("'!x").empty());
  CHECK(reader(view::irc).nick(std::string(600, 'x')).empty());
}

TEST_CASE("views: channels are spelled with % where they must be, or were entered so") {
  for (const view v : views) {
    CHECK(channel(v, "#x") == "#x");
    CHECK(channel(v, "#x", true) == "%#x");
    CHECK(channel(v, "#a b") == "%#a\\bb");
    CHECK(channel(v, "&a,b") == "%&a\\cb");
    CHECK(channel(v, "#Caf\xc3\xa9") == "#Caf\xc3\xa9");
  }
  CHECK(channel(view::irc, "#a\\b") == "#a\\b");
  CHECK(channel(view::ircx, "#a\\b") == "%#a\\\\b");
  CHECK(listed(view::ircx, "#Caf\xc3\xa9") == "%#Caf\xc3\xa9");
  CHECK(listed(view::v3, "#Caf\xc3\xa9") == "#Caf\xc3\xa9");
  CHECK(listed(view::ircx, "#x") == "#x");
}

TEST_CASE("views: every spelling of a channel is read as that channel") {
  for (const std::string_view name : {"#x", "#a b", "&a,b", "#Caf\xc3\xa9", "#a\\b"})
    for (const view v : views)
      for (const bool spelled : {false, true}) {
        CAPTURE(name, static_cast<int>(v), spelled);
        CHECK(reader(v).channel(channel(v, name, spelled)) == name);
      }
  CHECK(reader(view::ircx).channel("#a\\b").empty()); // an escape of nothing
  CHECK(reader(view::irc).channel("#a b").empty());
  CHECK(reader(view::irc).channel("%#a\xff").empty());
  CHECK(reader(view::irc).channel("%").empty()); // it named none
  CHECK(reader(view::irc).channel("nowhere") == "nowhere");
}

TEST_CASE("views: a list of nicks keeps its order and stays in its bounds") {
  std::array<char, 20> out;
  CHECK(show_nicks(view::ircx, "bob,a b", out) == "bob,'a\\bb");
  CHECK(show_nicks(view::irc, "bob,a b", out) == "bob,^612062");
  CHECK(show_nicks(view::irc, "", out).empty());
  CHECK(show_nicks(view::irc, "aaaaaaaaaaaaaaa,bbbbbbbbbbbb,c", out) == "aaaaaaaaaaaaaaa");
}

TEST_CASE("views: letters, and no letter twice in a view") {
  CHECK(letters_of(view::irc, mode_type::a_list) == "beI");
  CHECK(letters_of(view::v3, mode_type::a_list) == "beI");
  CHECK(letters_of(view::ircx, mode_type::a_list) == "b");
  CHECK(letters_of(view::irc, mode_type::d_flag) == "CDEFHRZimnprstuwx");
  CHECK(letters_of(view::v3, mode_type::d_flag) == "CDEFHRZimnprstuwx");
  CHECK(letters_of(view::ircx, mode_type::d_flag) == "adefhimnprstuwxyz");
  CHECK(letters_of(view::irc, mode_type::rank) == "ov");
  CHECK(letters_of(view::v3, mode_type::rank) == "qov");
  CHECK(letters_of(view::ircx, mode_type::rank) == "qov");
  for (const view v : views) {
    std::set<char> channel, user;
    for (const mode_letter &row : channel_letters(v))
      CHECK(channel.insert(row.letter).second);
    for (const user_letter &row : user_letters(v))
      CHECK(user.insert(row.letter).second);
  }
  CHECK(user_letters(view::irc).size() ==
        4); // ADMINISTRATOR is `o` there; IRCX and GAG are not shown
  CHECK(user_letters(view::ircx).size() == 7);
}

TEST_CASE("views: one rank, one prefix, and a plain owner is an operator") {
  constexpr std::uint32_t owner = CONFAB_RANK_OWNER, operator_ = CONFAB_RANK_OPERATOR,
                          voice = CONFAB_RANK_VOICE;
  CHECK(prefixes(view::irc, owner | voice, true) == "@+");
  CHECK(prefixes(view::v3, owner | voice, true) == "~+");
  CHECK(prefixes(view::ircx, owner | voice, true) == ".+");
  CHECK(prefixes(view::ircx, owner | voice, false) == ".");
  for (const view v : views) {
    CHECK(prefixes(v, operator_, false) == "@");
    CHECK(prefixes(v, voice, false) == "+");
    CHECK(prefixes(v, 0, true).empty());
    CHECK(rank_of_prefix(v, '%') == 0);
    CHECK(rank_of_prefix(v, '@') == operator_);
    for (const std::uint32_t rank : {operator_, voice})
      CHECK(rank_of_prefix(v, prefix_of_rank(v, rank)) == rank);
  }
  CHECK(rank_of_prefix(view::irc, '.') == 0);
  CHECK(rank_of_prefix(view::v3, '~') == owner);
  CHECK(rank_of_prefix(view::ircx, '.') == owner);
}
