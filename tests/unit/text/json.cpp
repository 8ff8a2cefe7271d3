// SPDX-License-Identifier: MIT
//
// text/json: each kind of value, good and bad, with the place of the mistake; escapes; and that
// what is written is read back.
#include "text/json.hpp"

#include "support/catch.hpp"

#include <string>
#include <vector>

using namespace confab;
using text::json_kind;
using text::json_reader;

namespace {

struct text_case {
  std::string_view json, value;
};

// The text that a JSON text stands for, or "place: problem".
std::string read_text(std::string_view json) {
  json_reader in(json);
  std::pmr::string out;
  if (in.string(out) && in.finish())
    return std::string(out);
  return std::to_string(in.place()) + ": " + in.problem();
}

std::string read_number(std::string_view json) {
  json_reader in(json);
  std::int64_t out = 0;
  return in.whole(out) && in.finish() ? std::to_string(out)
                                      : std::to_string(in.place()) + ": " + in.problem();
}

// All members of an object of texts, or the problem.
std::string read_object(std::string_view json) {
  json_reader in(json);
  std::string out;
  std::pmr::string key, value;
  bool first = true;
  if (in.open_object())
    while (in.member(first, key) && in.string(value))
      out.append(key).append("=").append(value).append(";");
  return in.finish() ? out : std::to_string(in.place()) + ": " + in.problem();
}

} // namespace

TEST_CASE("json: texts and their escapes") {
  const text_case cases[] = {
      {R"("")", ""},
      {R"( "a b" )", "a b"},
      {R"("\"\\\/\b\f\n\r\t")", "\"\\/\b\f\n\r\t"},
      {R"("\u0041\u00e9\u20AC")", "A\xc3\xa9\xe2\x82\xac"},
      {R"("\ud83d\ude00")", "\xf0\x9f\x98\x80"},
      {"\"\xc3\xa9\"", "\xc3\xa9"},
      {R"("\ud83d")", "1: half a character"},
      {R"("\ud83dx\ude00")", "1: half a character"},
      {R"("\ude00")", "1: half a character"},
      {R"("ab\x")", "3: no such escape"},
      {R"("\u12g4")", "5: four hexadecimal digits must follow"},
      {R"("open)", "5: ends too early"},
      {R"("open\)", "5: no such escape"},
      {"\"a\nb\"", "2: a control byte in a text"},
      {"\"\xff\"", "0: is not UTF-8"},
      {R"("a" b)", "4: something follows the end"},
      {"1", "0: must be a text in quotes"},
      {"", "0: ends too early"},
  };
  for (const text_case &c : cases) {
    INFO(c.json);
    CHECK(read_text(c.json) == c.value);
  }
}

TEST_CASE("json: numbers are whole") {
  const text_case cases[] = {
      {"0", "0"},
      {" -12 ", "-12"},
      {"9223372036854775807", "9223372036854775807"},
      {"9223372036854775808", "0: is out of range"},
      {"01", "0: must be a whole number"},
      {"-", "0: must be a whole number"},
      {"1.0", "0: must be a whole number"},
      {"1e3", "0: must be a whole number"},
      {"+1", "0: must be a whole number"},
      {"\"1\"", "0: must be a whole number"},
      {"12 13", "3: something follows the end"},
  };
  for (const text_case &c : cases) {
    INFO(c.json);
    CHECK(read_number(c.json) == c.value);
  }
}

TEST_CASE("json: objects and lists, and where they go wrong") {
  const text_case cases[] = {
      {"{}", ""},
      {R"({"a":"1", "b" : "2"})", "a=1;b=2;"},
      {R"({"a":"1",})", "9: nothing follows the comma"},
      {R"({"a":"1" "b":"2"})", "9: a comma or the end is missing"},
      {R"({"a" "1"})", "5: a colon is missing"},
      {R"({a:"1"})", "1: must be a text in quotes"},
      {R"({"a":"1")", "8: ends too early"},
      {"[]", "0: must be an object"},
      {"{} {}", "3: something follows the end"},
  };
  for (const text_case &c : cases) {
    INFO(c.json);
    CHECK(read_object(c.json) == c.value);
  }
  json_reader in("[true, false]");
  bool first = true, value = false;
  CHECK(in.open_array());
  CHECK((in.element(first) && in.boolean(value) && value));
  CHECK((in.element(first) && in.boolean(value) && !value));
  CHECK_FALSE(in.element(first));
  CHECK(in.finish());
  json_reader no("[nothing]");
  first = true;
  CHECK((no.open_array() && no.element(first)));
  CHECK(no.next() == json_kind::literal);
  CHECK_FALSE(no.boolean(value));
  CHECK(std::string(no.problem()) == "must be true or false");
}

TEST_CASE("json: what is written is read back, and what is no UTF-8 becomes question marks") {
  const std::string_view texts[] = {"", "plain", "\"\\/", std::string_view("\0\x01\x1f\x7f", 4),
                                    "\xc3\xa9 \xf0\x9f\x98\x80"};
  const auto written = [](std::string_view text) {
    std::string out;
    text::write_json_string(text, [&](std::string_view piece) { out += piece; });
    return out;
  };
  for (const std::string_view one : texts)
    CHECK(read_text(written(one)) == one);
  CHECK(read_text(written("a\xff\xc3z\xe2\x82")) == "a??z??");
}
