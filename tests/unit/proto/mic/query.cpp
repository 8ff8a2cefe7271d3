// SPDX-License-Identifier: MIT
//
// proto/mic/query: reading terms, wanted properties and operands of every type; what is wrong with
// others; and what each operator means for numbers, masks and texts. Queries that real clients send
// are in vectors.cpp.
#include "proto/mic/query.hpp"

#include "support/catch.hpp"
#include "support/mic_recode.hpp"

#include <string>
#include <tuple>

using namespace confab;
using mic::malformed;
using mic::term;
using test::mic_term;

namespace {

constexpr std::uint16_t and_also = 0x0f88, or_else = 0x0f89;

malformed fault(const std::string &frame) {
  mic::client_message out;
  return mic::decode(frame, out);
}

malformed fault_of(const std::vector<mic_term> &terms,
                   const std::vector<std::uint16_t> &wanted = {0x1000}) {
  return fault(test::mic_frames{}.query(0xffff0007, terms, wanted));
}

mic_term number_term(std::uint16_t id, std::uint16_t op, std::uint32_t value = 1) {
  return {{id, value, 0, {}}, op, and_also};
}

mic_term text_term(std::uint16_t id, std::uint16_t op, const std::string &value = "x") {
  return {{id, 0, 0, value}, op, and_also};
}

bool number_meets(term op, std::uint32_t value, std::uint32_t operand) {
  mic::condition wanted;
  wanted.op = op;
  wanted.operand.id = mic::prop_channel_members;
  wanted.operand.number = operand;
  return mic::meets(wanted, value);
}

bool text_meets(term op, std::string_view value, std::string_view operand) {
  return mic::meets(op, text::casemap::rfc1459, value, operand);
}

} // namespace

TEST_CASE("mic query: conditions, wanted properties and operands", "[mic]") {
  for (const bool wide : {false, true}) {
    std::vector<mic_term> terms{number_term(0x140b, 0x0f85, 1),
                                number_term(0x140b, 0x0f87, 50),
                                text_term(0x3401, 0x0f80, "chat"),
                                {{0x1802, 4, 6, {}}, 0x0f82, or_else},
                                {{0x2405, 0, 0, "guid"}, 0x0f83, and_also}};
    const std::string frame = test::mic_frames{wide}.query(
        0xffff0007, terms, {0x3401, 0x140b, 0x3403, 0x1002, 0x1000, 0x1408}, 20);
    mic::client_message out;
    REQUIRE(mic::decode(frame, out) == malformed::no);
    const auto &got = std::get<mic::query>(out);
    CHECK(got.oid == mic::group_channels);
    CHECK(got.info);
    CHECK(got.records_max == 20);
    CHECK(got.wanted.count == 6);
    CHECK(got.wanted.items[5] == mic::prop_channel_limit);
    const auto conditions = got.conditions.view();
    REQUIRE(conditions.size() == 5);
    CHECK(conditions[0].op == term::greater_equal);
    CHECK(conditions[0].operand.number == 1);
    CHECK(conditions[1].operand.number == 50);
    CHECK_FALSE(conditions[1].or_else);
    CHECK(test::utf8_of(conditions[2].operand.text) == "chat");
    CHECK(conditions[3].or_else);
    CHECK(conditions[3].operand.high == 6);
    CHECK(conditions[4].operand.text.bytes == "guid");
  }
  CHECK(fault_of({}) == malformed::no);
}

TEST_CASE("mic query: terms that are none, or not for that property", "[mic]") {
  CHECK(fault_of({number_term(0x140b, 0x0f8a)}) == malformed::term);
  CHECK(fault_of({number_term(0x140b, and_also)}) == malformed::term);
  CHECK(fault_of({number_term(0x140b, 0x1000)}) == malformed::term);
  CHECK(fault_of({number_term(0x140b, 0x0f80)}) == malformed::term);             // contains
  CHECK(fault_of({{{0x1802, 1, 1, {}}, 0x0f84, and_also}}) == malformed::term);  // order of a mask
  CHECK(fault_of({{{0x2405, 0, 0, "g"}, 0x0f81, and_also}}) == malformed::term); // of bytes
  CHECK(fault_of({number_term(0x140b, 0x0f82), {{0x1000, 1, 0, {}}, 0x0f82, 0x0f82}}) ==
        malformed::term);
  CHECK(fault_of({text_term(0x3401, 0x0f86)}) == malformed::no); // texts have an order
  CHECK(fault_of({text_term(0x7402, 0x0f82)}) == malformed::property);
  CHECK(fault_of({}, {0x7402}) == malformed::property);
}

TEST_CASE("mic query: counts that cannot be", "[mic]") {
  CHECK(fault_of(std::vector<mic_term>(5, number_term(0x140b, 0x0f82))) == malformed::no);
  CHECK(fault_of(std::vector<mic_term>(6, number_term(0x140b, 0x0f82))) == malformed::count);
  CHECK(fault_of({}, {}) == malformed::count);
  CHECK(fault_of({}, std::vector<std::uint16_t>(15, 0x1000)) == malformed::no);
  CHECK(fault_of({}, std::vector<std::uint16_t>(16, 0x1000)) == malformed::count);
  for (const int words : {1, 3, 4, 6, 15, 255}) {
    std::string frame = test::mic_frames{}.query(1, {}, {0x1000});
    frame[8] = static_cast<char>(words);
    CHECK(fault(frame) == malformed::count);
  }
  for (const int words : {2, 5, 14}) {
    std::string frame = test::mic_frames{}.query(1, {}, {0x1000});
    frame[8] = static_cast<char>(words);
    CHECK(fault(frame) == malformed::truncated);
  }
}

TEST_CASE("mic query: operands are as long as they say", "[mic]") {
  std::string frame = test::mic_frames{}.query(1, {text_term(0x3401, 0x0f82, "name")}, {0x1000});
  frame[frame.size() - 5] = 3;
  CHECK(fault(frame) == malformed::trailing);
  frame[frame.size() - 5] = 5;
  CHECK(fault(frame) == malformed::truncated);
}

TEST_CASE("mic query: what the operators mean for numbers", "[mic]") {
  const struct {
    term op;
    bool below, at, above;
  } rows[] = {{term::equal, false, true, false},   {term::not_equal, true, false, true},
              {term::greater, false, false, true}, {term::greater_equal, false, true, true},
              {term::less, true, false, false},    {term::less_equal, true, true, false}};
  for (const auto &row : rows) {
    CHECK(number_meets(row.op, 4, 5) == row.below);
    CHECK(number_meets(row.op, 5, 5) == row.at);
    CHECK(number_meets(row.op, 6, 5) == row.above);
    CHECK(number_meets(row.op, 0xffffffff, 0) == row.above);
    CHECK(text_meets(row.op, "abc", "abd") == row.below);
    CHECK(text_meets(row.op, "ab", "abc") == row.below);
    CHECK(text_meets(row.op, "ABC{", "abc[") == row.at);
    CHECK(text_meets(row.op, "b", "abc") == row.above);
    CHECK(text_meets(row.op, "\xc3\xa9", "z") == row.above);
  }
}

TEST_CASE("mic query: a mask looks at its bits only", "[mic]") {
  mic::condition wanted;
  wanted.operand.id = mic::prop_modes2;
  wanted.operand.number = 4;
  wanted.operand.high = 6;
  CHECK(mic::meets(wanted, 4));
  CHECK(mic::meets(wanted, 0xfffffffd));
  CHECK_FALSE(mic::meets(wanted, 6));
  wanted.op = term::not_equal;
  CHECK(mic::meets(wanted, 6));
}

TEST_CASE("mic query: what has a second half that is no mask is equal in both", "[mic]") {
  mic::condition wanted;
  wanted.operand.id = mic::prop_server_time;
  wanted.operand.number = 7;
  CHECK(mic::meets(wanted, 7));
  wanted.operand.high = 1;
  CHECK_FALSE(mic::meets(wanted, 7));
  wanted.op = term::not_equal;
  CHECK(mic::meets(wanted, 7));
}

TEST_CASE("mic query: GUIDs are equal or not, and none is none in both its ways", "[mic]") {
  const std::string guid = "0123456789abcdef", other = "0123456789abcdeF", zero(16, '\0');
  const auto meets = [](term op, std::string_view value, std::string_view operand) {
    mic::condition wanted;
    wanted.op = op;
    wanted.operand.id = mic::prop_channel_client_guid;
    wanted.operand.text.bytes = operand;
    return mic::meets(wanted, value);
  };
  for (const auto &[value, operand, same] :
       {std::tuple(guid, guid, true), std::tuple(guid, other, false), std::tuple(guid, zero, false),
        std::tuple(std::string(), guid, false), std::tuple(std::string(), zero, true),
        std::tuple(std::string(), std::string(), true)}) {
    CHECK(meets(term::equal, value, operand) == same);
    CHECK(meets(term::not_equal, value, operand) != same);
  }
}

TEST_CASE("mic query: texts are searched and matched without case", "[mic]") {
  CHECK(text_meets(term::contains, "#Comic Chat", "CHAT"));
  CHECK(text_meets(term::contains, "abc", ""));
  CHECK(text_meets(term::contains, "", ""));
  CHECK_FALSE(text_meets(term::contains, "abc", "abcd"));
  CHECK(text_meets(term::mask, "Anna", "a*n?"));
  CHECK_FALSE(text_meets(term::mask, "Anna", "a*n"));
}

TEST_CASE("mic query: conditions join from left to right", "[mic]") {
  mic::condition both, either;
  either.or_else = true;
  // false and x or true: true, where AND and OR are taken in turn
  CHECK(mic::join(mic::join(false, both, true), either, true));
  // true or x and false: false, though OR with precedence for AND would be true
  CHECK_FALSE(mic::join(mic::join(true, either, true), both, false));
}
