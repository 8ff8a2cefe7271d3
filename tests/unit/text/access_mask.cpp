// SPDX-License-Identifier: MIT
//
// text/access_mask: completion of masks after the table of Exchange's documentation, each part of a
// match on its own, extended nicks, and users with and without `~`.
#include "text/access_mask.hpp"

#include "support/catch.hpp"

#include <string>

using namespace confab;
using text::mask_error;

namespace {

std::string completed(std::string_view in) {
  char out[text::mask_bytes_limit];
  std::size_t length = 0;
  if (text::complete_mask(in, out, length) != mask_error::none)
    return "(none)";
  return {out, length};
}

mask_error error_of(std::string_view in) {
  char out[text::mask_bytes_limit];
  std::size_t length = 0;
  return text::complete_mask(in, out, length);
}

text::mask_subject bob() {
  text::mask_subject who;
  who.nick = "bob";
  who.user = "robert";
  who.host = "pc.example.com";
  who.address = "10.0.0.7";
  who.server = "irc1";
  return who;
}

bool matches(std::string_view mask, const text::mask_subject &who = bob()) {
  return text::mask_matches(text::casemap::rfc1459, completed(mask), who);
}

} // namespace

TEST_CASE("masks: a short one is completed by what it looks like", "[ircx]") {
  CHECK(completed("") == "*!*@*$*");
  CHECK(completed("piper") == "piper!*@*$*");
  CHECK(completed("*.company.com") == "*!*@*.company.com$*");
  CHECK(completed("litware.com") == "*!*@litware.com$*");
  CHECK(completed("10.0.*") == "*!*@10.0.*$*");
  CHECK(completed("2001:db8::1") == "*!*@2001:db8::1$*");
  CHECK(completed("u@h") == "*!u@h$*");
  CHECK(completed("@h") == "*!*@h$*");
  CHECK(completed("n!u") == "n!u@*$*");
  CHECK(completed("n!") == "n!*@*$*");
  CHECK(completed("n!u@h") == "n!u@h$*");
  CHECK(completed("n!u@h$s") == "n!u@h$s");
  CHECK(completed("$s") == "*!*@*$s");
  CHECK(completed("h$s") == "*!*@h$s");
  CHECK(completed("n!u$s") == "n!u@*$s");
  CHECK(completed("@$s") == "*!*@*$s");
  CHECK(completed("*") == "*!*@*$*");
  CHECK(completed("a@b!c") == "*!a@b!c$*"); // as in plain IRC: the `@` comes first
  CHECK(completed("a$b!u@h") == "a$b!u@h$*");
  CHECK(completed("'Zo\xc3\xab\\bX") == "'Zo\xc3\xab\\bX!*@*$*");
  CHECK(text::mask_of_all == completed(""));
}

TEST_CASE("masks: completing twice is completing once", "[ircx]") {
  constexpr std::string_view pieces = "a!@$.*'";
  for (unsigned code = 0; code < 7 * 7 * 7 * 7 * 7 * 7; ++code) {
    std::string in;
    for (unsigned rest = code, i = 0; i < 6; ++i, rest /= 7)
      in.push_back(pieces[rest % 7]);
    const std::string once = completed(in);
    if (once == "(none)" || completed(once) != once)
      FAIL(in << " -> " << once << " -> " << completed(once));
    const text::mask_parts parts = text::split_mask(once);
    if (parts.nick.empty() || parts.user.empty() || parts.host.empty() || parts.server.empty())
      FAIL(in << " -> " << once);
  }
  SUCCEED();
}

TEST_CASE("masks: what cannot be one is refused", "[ircx]") {
  CHECK(error_of(std::string(249, 'n')) == mask_error::none); // and !*@*$*
  CHECK(error_of(std::string(250, 'n')) == mask_error::too_long);
  for (int i = 0; i < 256; ++i) {
    CAPTURE(i);
    CHECK((error_of(std::string("a") + static_cast<char>(i)) == mask_error::bad_character) ==
          (i <= 32 || i == 127));
  }
  CHECK(error_of("'a\\\\*") == mask_error::inexpressible);
  CHECK(error_of("a\\\\*") == mask_error::none); // no extended nick: nothing to unquote
}

TEST_CASE("masks: every part has to match", "[ircx]") {
  CHECK(matches(""));
  CHECK(matches("BOB"));
  CHECK(matches("b?b!rob*@*.EXAMPLE.com$irc?"));
  CHECK_FALSE(matches("bobby"));
  CHECK_FALSE(matches("bob!x*@*"));
  CHECK_FALSE(matches("bob!*@*.example.org"));
  CHECK_FALSE(matches("bob!*@*$irc2"));
  CHECK(matches("10.0.0.*"));
  CHECK(matches("pc.example.*"));
  CHECK_FALSE(matches("10.0.1.*"));
}

TEST_CASE("masks: what is not known matches the star alone", "[ircx]") {
  text::mask_subject nobody;
  CHECK(matches("", nobody));
  CHECK_FALSE(matches("?*", nobody));
  CHECK_FALSE(matches("*!*@?*", nobody));
  CHECK_FALSE(matches("*!*@*$?*", nobody));
}

TEST_CASE("masks: a ban hits the user with its tilde and without", "[ircx]") {
  text::mask_subject who = bob();
  CHECK(matches("*!robert@*", who));
  CHECK_FALSE(matches("*!~robert@*", who));
  CHECK_FALSE(matches("*!~*@*", who));
  who.tilde = true;
  CHECK(matches("*!robert@*", who));
  CHECK(matches("*!~robert@*", who));
  CHECK(matches("*!~*@*", who));
  CHECK(matches("*!?robert@*", who));
  CHECK_FALSE(matches("*!~bob@*", who));
}

TEST_CASE("masks: extended nicks are matched unquoted", "[ircx]") {
  text::mask_subject who = bob();
  who.nick = "Zo\xc3\xab *X";
  who.extended_nick = true;
  CHECK(matches("'Zo\xc3\xab\\b\\*X", who));
  CHECK(matches("'zo?\\b*", who));
  CHECK(matches("'*\\*x", who));
  CHECK_FALSE(matches("'*\\?x", who));
  CHECK(matches("*x", who));
  CHECK(matches("^5A6FC3AB202A58", who)); // as plain clients know it
  CHECK(matches("^5a6f*", who));
  CHECK_FALSE(matches("^5A6FC3AB", who));
  CHECK_FALSE(matches("^626F62", bob())); // an ordinary nick has no alias
  CHECK_FALSE(matches("'*", bob()));      // an ordinary nick is written without the mark
  who.nick = "foo\\bar";
  who.extended_nick = false;
  CHECK(matches("foo\\bar", who)); // a backslash is a letter there
}

TEST_CASE("masks: a plain ban says all but the server", "[ircx]") {
  CHECK(text::is_plain_mask("n!u@h$*"));
  CHECK(text::plain_mask("n!u@h$*") == "n!u@h");
  CHECK_FALSE(text::is_plain_mask("n!u@h$s"));
  CHECK(text::plain_mask("n!u@h$s") == "n!u@h$s");
}
