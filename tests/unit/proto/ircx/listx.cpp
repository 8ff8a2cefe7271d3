// SPDX-License-Identifier: MIT
//
// proto/ircx/listx: every term on its own and folded with others, and each mistake told apart. What
// the terms match is tested by transcripts.
#include "proto/ircx/listx.hpp"

#include "lines.hpp"

using namespace confab;
using namespace confab::ircx;
using test::read;

namespace {

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

} // namespace

TEST_CASE("listx: without terms everything is listed", "[ircx]") {
  for (const std::string_view text : {"", ":"}) {
    const asked ask(text);
    CHECK(ask.error == listx_error::none);
    CHECK(ask.query.names.empty());
    CHECK(ask.query.limit == 0);
    CHECK(ask.query.all_masks().empty());
    CHECK_FALSE(ask.query.impossible());
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
  CHECK(asked(">4").query.members_min == 5);
  CHECK(asked("<6").query.members_max == 5);
  for (const std::string_view both : {">4 <6", ">4,<6"}) {
    const asked ask(both);
    CHECK(ask.query.members_min == 5);
    CHECK(ask.query.members_max == 5);
    CHECK_FALSE(ask.query.impossible());
  }
  CHECK(asked("<0").query.impossible());
  CHECK(asked(">5 <6").query.impossible());
  CHECK(asked(">3 >7 >5").query.members_min == 8);
  CHECK(asked("<9 <4 <6").query.members_max == 3);
  CHECK(asked(">99999999999999999999").query.members_min == UINT32_MAX);
  CHECK(asked("<99999999999999999999").query.members_max == UINT32_MAX - 2);
}

TEST_CASE("listx: ages are in minutes", "[ircx]") {
  const asked ask("c>9,c<11 t<2 T>0");
  CHECK(ask.query.created.above == 9);
  CHECK(ask.query.created.below == 11);
  CHECK(ask.query.topic_changed.below == 2);
  CHECK(ask.query.topic_changed.above == 0);
  CHECK(asked("C<0").query.impossible());
  CHECK(asked("C<5 C>5").query.impossible());
  CHECK_FALSE(asked("C<5 C>4").query.impossible());
  CHECK(asked("T<5 T>7").query.impossible());
  CHECK(asked("C<99999999999").query.created.below == listx_minutes_max);
  CHECK(asked("C>99999999999").query.created.above == listx_minutes_max);
}

TEST_CASE("listx: masks are unquoted, each for the text that its letter names", "[ircx]") {
  const auto only = [](std::string_view text, listx_field field, std::string_view mask) {
    const asked ask(text);
    CAPTURE(std::string(text));
    REQUIRE(ask.error == listx_error::none);
    REQUIRE(ask.query.mask_count == 1);
    CHECK(ask.query.masks[0].field == field);
    CHECK(ask.query.masks[0].mask == mask);
  };
  only("N=*bleu", listx_field::name, "*bleu");
  only("n=#caf\xc3\xa9\\bbleu", listx_field::name, "#caf\xc3\xa9 bleu");
  only("T=hello\\c\\b*", listx_field::topic, "hello, *");
  only("T=hello\\*", listx_field::topic, "hello\\*");
  only("T=<5", listx_field::topic, "<5");
  only("S=TALK", listx_field::subject, "TALK");
  only("l=e?", listx_field::language, "e?");
  CHECK(asked("n=*,t=*world,s=t*,l=en").query.mask_count == 4);
}

TEST_CASE("listx: registered or not", "[ircx]") {
  CHECK(asked("R=1").query.only_registered);
  CHECK(asked("r=0").query.only_unregistered);
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
  CHECK(error_of(text + ",S=*") == listx_error::too_many_masks);
}

TEST_CASE("listx: errors have numerics", "[ircx]") {
  for (int i = 1; i <= static_cast<int>(listx_error::bad_limit); ++i) {
    const auto error = static_cast<listx_error>(i);
    CHECK(numeric_of(error) == (error == listx_error::too_many_params ? 901 : 900));
  }
  CHECK(numeric_of(listx_error::none) == 0);
}
