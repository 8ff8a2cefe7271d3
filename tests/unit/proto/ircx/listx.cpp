// SPDX-License-Identifier: MIT
//
// proto/ircx/listx: every term on its own and folded with others, each mistake told apart, and the
// members, minutes and seconds around every bound.
#include "proto/ircx/listx.hpp"

#include "lines.hpp"

using namespace confab;
using namespace confab::ircx;
using test::read;

namespace {

constexpr std::int64_t now = 10'000'000;

// A query with what it refers to.
struct asked {
  explicit asked(std::string_view text)
      : line("LISTX" + std::string(text.empty() ? "" : " ") + std::string(text)),
        scratch(line.size(), '#') {
    error = parse_listx(read(line), scratch.data(), query);
  }
  asked(const asked &) = delete;
  asked &operator=(const asked &) = delete;

  std::string line, scratch;
  listx_query query;
  listx_error error;
};

listx_error error_of(std::string_view text) { return asked(text).error; }

listx_subject room() {
  listx_subject out;
  out.name = "#Caf\xc3\xa9 Bleu";
  out.topic = "hello, world";
  out.subject = "talk";
  out.language = "en";
  out.members = 5;
  out.created_s = now - 600;
  out.topic_s = now - 60;
  out.registered = true;
  return out;
}

bool matches(std::string_view text, const listx_subject &subject = room()) {
  const asked ask(text);
  REQUIRE(ask.error == listx_error::none);
  return listx_matches(text::casemap::rfc1459, ask.query, subject, now);
}

} // namespace

TEST_CASE("listx: without terms everything is listed", "[ircx]") {
  for (const std::string_view text : {"", ":"}) {
    const asked ask(text);
    CHECK(ask.error == listx_error::none);
    CHECK(ask.query.names.empty());
    CHECK(ask.query.limit == 0);
    CHECK(listx_matches(text::casemap::rfc1459, ask.query, room(), now));
  }
}

TEST_CASE("listx: the first byte tells names from terms", "[ircx]") {
  for (const std::string_view names : {"#a", "&a", "%#a", "#a,%#b,#c*"}) {
    const asked ask(names);
    CHECK(ask.error == listx_error::none);
    CHECK(ask.query.names == names);
  }
  CHECK(error_of("#a #b") == listx_error::too_many_params);
  CHECK(error_of("#a 5") == listx_error::too_many_params);
}

TEST_CASE("listx: members are more than and fewer than", "[ircx]") {
  CHECK(matches(">4"));
  CHECK_FALSE(matches(">5"));
  CHECK(matches("<6"));
  CHECK_FALSE(matches("<5"));
  CHECK(matches(">4 <6"));
  CHECK(matches(">4,<6"));
  CHECK_FALSE(matches("<0"));
  CHECK(asked("<0").query.impossible());
  CHECK(asked(">5 <6").query.impossible());
  CHECK_FALSE(asked(">4 <6").query.impossible());
  CHECK(asked(">3 >7 >5").query.members_min == 8);
  CHECK(asked("<9 <4 <6").query.members_max == 3);
  CHECK_FALSE(matches(">99999999999999999999"));
  CHECK(matches("<99999999999999999999"));
}

TEST_CASE("listx: ages are in minutes, to the second", "[ircx]") {
  // Created 600 s ago, topic set 60 s ago.
  CHECK(matches("C<11"));
  CHECK_FALSE(matches("C<10"));
  CHECK(matches("C>9"));
  CHECK_FALSE(matches("C>10"));
  CHECK(matches("T<2"));
  CHECK_FALSE(matches("T<1"));
  CHECK(matches("T>0"));
  CHECK_FALSE(matches("T>1"));
  CHECK(matches("c>9,c<11 t<2"));
  listx_subject quiet = room();
  quiet.topic_s = 0; // never changed: the time of creation
  CHECK(matches("T>9", quiet));
  CHECK_FALSE(matches("T<2", quiet));
  CHECK_FALSE(matches("C<0"));
  CHECK(asked("C<0").query.impossible());
  CHECK(asked("C<5 C>5").query.impossible());
  CHECK_FALSE(asked("C<5 C>4").query.impossible());
  CHECK(asked("T<5 T>7").query.impossible());
  CHECK(asked("C<99999999999").query.created.below == listx_minutes_max);
  CHECK(asked("C>99999999999").query.created.above == listx_minutes_max);
}

TEST_CASE("listx: masks match the text that their letter names", "[ircx]") {
  CHECK(matches("N=*bleu"));
  CHECK(matches("N=#caf\xc3\xa9\\bbleu"));
  CHECK_FALSE(matches("N=bleu"));
  CHECK(matches("T=hello\\c\\b*"));
  CHECK(matches("S=TALK"));
  CHECK_FALSE(matches("S=walk"));
  CHECK(matches("L=e?"));
  CHECK(matches("n=*,t=*world,s=t*,l=en"));
  CHECK_FALSE(matches("n=*,t=*world,s=t*,l=fr"));
  CHECK_FALSE(matches("T=hello\\*"));
  listx_subject star = room();
  star.topic = "hello*";
  CHECK(matches("T=hello\\*", star));
  CHECK(matches("T=<5", [] {
    listx_subject odd = room();
    odd.topic = "<5";
    return odd;
  }()));
}

TEST_CASE("listx: registered or not", "[ircx]") {
  CHECK(matches("R=1"));
  CHECK_FALSE(matches("R=0"));
  listx_subject dynamic = room();
  dynamic.registered = false;
  CHECK(matches("r=0", dynamic));
  CHECK_FALSE(matches("r=1", dynamic));
  CHECK(asked("R=0 R=1").query.impossible());
}

TEST_CASE("listx: a number at the end is the limit", "[ircx]") {
  CHECK(asked("5").query.limit == 5);
  CHECK(asked(">3 5").query.limit == 5);
  CHECK(asked(">3,5").query.limit == 5);
  CHECK(asked(">3 :<9 7").query.limit == 7);
  CHECK(asked("0").query.limit == 0);
  CHECK(asked("4294967295").query.limit == 4294967295U);
  CHECK(error_of("4294967296") == listx_error::bad_limit);
  CHECK(error_of("5 >3") == listx_error::limit_not_last);
  CHECK(error_of("5,5") == listx_error::limit_not_last);
  CHECK(error_of(">3 5 6") == listx_error::limit_not_last);
}

TEST_CASE("listx: each mistake is told apart", "[ircx]") {
  CHECK(error_of("X=1") == listx_error::unknown_term);
  CHECK(error_of("=") == listx_error::unknown_term);
  CHECK(error_of("*a*") == listx_error::unknown_term);
  CHECK(error_of("C") == listx_error::bad_operator);
  CHECK(error_of("C=5") == listx_error::bad_operator);
  CHECK(error_of("N<5") == listx_error::bad_operator);
  CHECK(error_of("Tx") == listx_error::bad_operator);
  CHECK(error_of("R>1") == listx_error::bad_operator);
  CHECK(error_of("<") == listx_error::bad_number);
  CHECK(error_of(">x") == listx_error::bad_number);
  CHECK(error_of("<-1") == listx_error::bad_number);
  CHECK(error_of("C<") == listx_error::bad_number);
  CHECK(error_of("T>1h") == listx_error::bad_number);
  CHECK(error_of("R=") == listx_error::bad_registered);
  CHECK(error_of("R=2") == listx_error::bad_registered);
  CHECK(error_of("R=10") == listx_error::bad_registered);
  CHECK(error_of("N=") == listx_error::empty_mask);
  CHECK(error_of("T=a\\\\*") == listx_error::bad_mask);
}

TEST_CASE("Q236311: a trailing comma is a mistake and no further search", "[ircx]") {
  for (const std::string_view text : {"N=a,", ",N=a", "N=a,,N=b", ",", "N=a :", "N=a :  b"}) {
    CAPTURE(std::string(text));
    CHECK(error_of(text) == listx_error::empty_term);
  }
}

TEST_CASE("listx: as many masks as there is room for", "[ircx]") {
  std::string text = "N=*";
  for (std::size_t i = 1; i < listx_masks_max; ++i)
    text += ",T=*";
  CHECK(error_of(text) == listx_error::none);
  CHECK(matches(text));
  CHECK(error_of(text + ",S=*") == listx_error::too_many_masks);
}

TEST_CASE("listx: errors have numerics", "[ircx]") {
  for (int i = 1; i <= static_cast<int>(listx_error::bad_limit); ++i) {
    const auto error = static_cast<listx_error>(i);
    CHECK(numeric_of(error) == (error == listx_error::too_many_params ? 901 : 900));
  }
  CHECK(numeric_of(listx_error::none) == 0);
}

TEST_CASE("listx: a private channel does not tell what its terms hit", "[ircx]") {
  listx_subject closed = room();
  closed.restricted = true;
  CHECK(matches("N=*bleu >4", closed));
  CHECK(matches("", closed));
  for (const std::string_view text :
       {"T=*", "S=*", "L=*", "C>0", "T>0", "C<99", "R=1", "N=*,T=*"}) {
    CAPTURE(std::string(text));
    CHECK(matches(text));
    CHECK_FALSE(matches(text, closed));
  }
}
