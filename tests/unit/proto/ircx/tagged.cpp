// SPDX-License-Identifier: MIT
//
// proto/ircx/tagged: the grammar of tags byte for byte, tags that are kept for some against every
// role, and the target forms of DATA and of PRIVMSG.
#include "proto/ircx/tagged.hpp"

#include "lines.hpp"

using namespace confab;
using namespace confab::ircx;
using test::read;

namespace {

tagged_error error_of(std::string_view line) {
  tagged_command command;
  command.tag = "untouched";
  const tagged_error error = parse_tagged(read(line), command);
  CHECK((error == tagged_error::none) == (command.tag != "untouched"));
  return error;
}

tagged_error addressed(std::string_view line) {
  tagged_targets to;
  std::string_view text;
  return parse_addressed(read(line), to, text);
}

} // namespace

TEST_CASE("tagged: the grammar of tags, byte for byte", "[ircx]") {
  for (int i = 0; i < 256; ++i) {
    const char c = static_cast<char>(i);
    const bool first = i >= 'A' && i <= 'z';
    CAPTURE(i);
    CHECK(is_tag(std::string(1, c)) == first);
    CHECK(is_tag(std::string("A") + c) == (first || c == '.' || (c >= '0' && c <= '9')));
  }
  CHECK(is_tag("CCUDI1"));
  CHECK(is_tag("_FOO_"));
  CHECK(is_tag("MYORG.AVATAR"));
  CHECK(is_tag(std::string(15, 'A')));
  CHECK_FALSE(is_tag(std::string(16, 'A')));
  CHECK_FALSE(is_tag(""));
}

TEST_CASE("tagged: reserved beginnings, without case", "[ircx]") {
  CHECK(reserved_for("ADM") == tag_reserved::manager);
  CHECK(reserved_for("SYSTEM") == tag_reserved::sysop);
  CHECK(reserved_for("own.x") == tag_reserved::owner);
  CHECK(reserved_for("hStX") == tag_reserved::host);
  for (const std::string_view free : {"CCUDI1", "SY", "AD", "XSYS", "O", ""})
    CHECK(reserved_for(free) == tag_reserved::no);
}

TEST_CASE("tagged: who may use which tag", "[ircx]") {
  struct row {
    std::string_view tag;
    bool manager, sysop, owner, host, member, outsider;
  };
  constexpr row rows[] = {{"CCUDI1", true, true, true, true, true, true},
                          {"ADM", true, false, false, false, false, false},
                          {"SYSX", true, true, false, false, false, false},
                          {"OWN", false, false, true, false, false, false},
                          {"HST", false, false, true, true, false, false}};
  for (const row &wanted : rows) {
    CAPTURE(std::string(wanted.tag));
    CHECK(may_use_tag(wanted.tag, role_manager) == wanted.manager);
    CHECK(may_use_tag(wanted.tag, role_sysop) == wanted.sysop);
    CHECK(may_use_tag(wanted.tag, role_member | role_owner) == wanted.owner);
    CHECK(may_use_tag(wanted.tag, role_member | role_host) == wanted.host);
    CHECK(may_use_tag(wanted.tag, role_member | role_voice) == wanted.member);
    CHECK(may_use_tag(wanted.tag, role_outsider) == wanted.outsider);
    CHECK(may_use_tag(wanted.tag, role_server));
  }
}

TEST_CASE("tagged: three parameters for all, four for some members", "[ircx]") {
  tagged_command command;
  REQUIRE(parse_tagged(read("DATA #c CCUDI1 :#G010"), command) == tagged_error::none);
  CHECK(command.to.targets == "#c");
  CHECK(command.to.members.empty());
  CHECK(command.tag == "CCUDI1");
  CHECK(command.payload == "#G010");
  REQUIRE(parse_tagged(read("REQUEST #a,#b TAG x"), command) == tagged_error::none);
  CHECK(command.to.targets == "#a,#b");
  REQUIRE(parse_tagged(read("REPLY %#c anna,bob TAG :a b"), command) == tagged_error::none);
  CHECK(command.to.targets == "%#c");
  CHECK(command.to.members == "anna,bob");
  CHECK(command.payload == "a b");
}

TEST_CASE("Q178259: too few parameters have an answer", "[ircx]") {
  for (const std::string_view line :
       {"DATA", "DATA #c", "DATA #c TAG", "REQUEST :", "REPLY : :", "DATA : TAG :x"}) {
    CAPTURE(std::string(line));
    CHECK(error_of(line) == tagged_error::too_few);
  }
  CHECK(error_of("DATA #c : TAG :x") == tagged_error::too_few);
}

TEST_CASE("Q217149: an empty payload is refused and never relayed", "[ircx]") {
  CHECK(error_of("DATA #c TAG :") == tagged_error::no_payload);
  CHECK(error_of("DATA #c anna TAG :") == tagged_error::no_payload);
  CHECK(addressed("PRIVMSG #c :") == tagged_error::no_payload);
}

TEST_CASE("tagged: other mistakes", "[ircx]") {
  CHECK(error_of("DATA #c 1TAG :x") == tagged_error::bad_tag);
  CHECK(error_of("DATA #c SIXTEEN-BYTES-AB :x") == tagged_error::bad_tag);
  CHECK(error_of("DATA anna bob TAG :x") == tagged_error::bad_target);
  CHECK(error_of("DATA #a,#b bob TAG :x") == tagged_error::bad_target);
  CHECK(error_of("DATA #c a TAG b c") == tagged_error::too_many);
  CHECK(numeric_of(tagged_error::bad_tag) == 904);
  CHECK(numeric_of(tagged_error::bad_target) == 900);
  CHECK(numeric_of(tagged_error::too_many) == 901);
  CHECK(numeric_of(tagged_error::too_few) == 0);
  CHECK(numeric_of(tagged_error::no_payload) == 0);
}

TEST_CASE("tagged: PRIVMSG has the same target forms and no tag", "[ircx]") {
  tagged_targets to;
  std::string_view text;
  REQUIRE(parse_addressed(read("PRIVMSG anna,#c :hi"), to, text) == tagged_error::none);
  CHECK(to.targets == "anna,#c");
  CHECK(to.members.empty());
  CHECK(text == "hi");
  REQUIRE(parse_addressed(read("NOTICE #c anna,bob :hi"), to, text) == tagged_error::none);
  CHECK(to.targets == "#c");
  CHECK(to.members == "anna,bob");
  CHECK(addressed("PRIVMSG #c") == tagged_error::too_few);
  CHECK(addressed("PRIVMSG") == tagged_error::too_few);
  CHECK(addressed("PRIVMSG #c a b :x") == tagged_error::too_many);
  CHECK(addressed("PRIVMSG anna bob :x") == tagged_error::bad_target);
}
