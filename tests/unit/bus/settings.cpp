// SPDX-License-Identifier: MIT
//
// Settings of plugins: what each type reads, its bounds from both sides, which schemas are none,
// and which sets of values fit.
#include "bus/settings.hpp"
#include "support/catch.hpp"
#include "support/engine_fixture.hpp"

#include <cmath>
#include <limits>

using namespace confab;
using namespace confab::test;

namespace {

confab_setting setting(std::uint32_t type, const char *least = nullptr, const char *most = nullptr,
                       const char *choices = nullptr) {
  confab_setting s{};
  s.name = "it";
  s.type = type;
  s.least = least;
  s.most = most;
  s.choices = choices;
  return s;
}

// The value as an integer, or "" and what is wrong.
std::string read(const confab_setting &s, std::string_view text) {
  confab_setting_info info{};
  const char *wrong = bus::read_setting(s, text, info);
  if (wrong)
    return wrong;
  CHECK(string_of(info.text) == text);
  CHECK(string_of(info.name) == "it");
  CHECK(info.type == s.type);
  return std::to_string(s.type == CONFAB_SETTING_LIST ? static_cast<std::int64_t>(info.count)
                                                      : info.integer);
}

std::string schema(confab_setting s) {
  const char *wrong = bus::schema_problem(s);
  return wrong ? wrong : "";
}

} // namespace

TEST_CASE("a setting that is true or false") {
  const confab_setting s = setting(CONFAB_SETTING_BOOL);
  for (const char *word : {"true", "Yes", "ON", "1"})
    CHECK(read(s, word) == "1");
  for (const char *word : {"false", "No", "OFF", "0"})
    CHECK(read(s, word) == "0");
  for (const char *word : {"", "2", "tru", "truee", " 1"})
    CHECK(read(s, word) == "it is neither true nor false");
}

TEST_CASE("a setting that is a whole number, at its bounds") {
  const confab_setting s = setting(CONFAB_SETTING_INT, "-5", "10");
  CHECK(read(s, "-6") == "it is too small");
  CHECK(read(s, "-5") == "-5");
  CHECK(read(s, "-4") == "-4");
  CHECK(read(s, "9") == "9");
  CHECK(read(s, "10") == "10");
  CHECK(read(s, "11") == "it is too large");
  const confab_setting free = setting(CONFAB_SETTING_INT);
  CHECK(read(free, "9223372036854775807") == "9223372036854775807");
  CHECK(read(free, "-9223372036854775808") == "-9223372036854775808");
  for (const char *bad :
       {"", "9223372036854775808", "-9223372036854775809", "1.5", "+1", " 1", "1 ", "0x1", "-"})
    CHECK(read(free, bad) == "it is no whole number");
}

TEST_CASE("a setting that is a number, at its bounds") {
  const confab_setting s = setting(CONFAB_SETTING_NUMBER, "0.5", "1e3");
  confab_setting_info info{};
  CHECK(bus::read_setting(s, "0.5", info) == nullptr);
  CHECK(info.number == 0.5);
  CHECK(bus::read_setting(s, "999.75", info) == nullptr);
  CHECK(info.number == 999.75);
  CHECK(bus::read_setting(s, "1000", info) == nullptr);
  CHECK(read(s, "0.4999") == "it is too small");
  CHECK(read(s, "1000.01") == "it is too large");
  for (const char *bad : {"", "nan", "inf", "-inf", "1e999", "1,5", "1.5x", " 1"})
    CHECK(read(setting(CONFAB_SETTING_NUMBER), bad) == "it is no number");
}

TEST_CASE("a setting that is a text, at its bounds") {
  const confab_setting s = setting(CONFAB_SETTING_TEXT, "2", "4");
  CHECK(read(s, "1") == "it is too short");
  CHECK(read(s, "12") == "0");
  CHECK(read(s, "1234") == "0");
  CHECK(read(s, "12345") == "it is too long");
  CHECK(read(s, "a\nb") == "it is not one line of UTF-8");
  CHECK(read(s, std::string_view("a\0b", 3)) == "it is not one line of UTF-8");
  CHECK(read(s, "\xff\xfe") == "it is not one line of UTF-8");
  CHECK(read(setting(CONFAB_SETTING_TEXT), "") == "0");
}

TEST_CASE("a setting that is a choice") {
  const confab_setting s = setting(CONFAB_SETTING_CHOICE, nullptr, nullptr, "block mask replace");
  CHECK(read(s, "block") == "0");
  CHECK(read(s, "replace") == "2");
  for (const char *bad : {"", "mas", "masks", "MASK", "block mask", " "})
    CHECK(read(s, bad) == "it is none of the choices");
}

TEST_CASE("a setting that is a duration, at its bounds") {
  const confab_setting s = setting(CONFAB_SETTING_DURATION, "250ms", "1h30m");
  CHECK(read(s, "249ms") == "it is too small");
  CHECK(read(s, "250ms") == "250");
  CHECK(read(s, "1") == "1000");
  CHECK(read(s, "90s") == "90000");
  CHECK(read(s, "1m30s") == "90000");
  CHECK(read(s, "1m5ms") == "60005");
  CHECK(read(s, "5400") == "5400000");
  CHECK(read(s, "1h30m1ms") == "it is too large");
  const confab_setting free = setting(CONFAB_SETTING_DURATION);
  CHECK(read(free, "2w1d") == std::to_string(15LL * 86'400'000));
  CHECK(read(free, "9223372036854775s807ms") == "9223372036854775807");
  for (const char *bad :
       {"", "s", "1x", "30m1h", "1m1m", "1h30", "-1s", "1 s", "1.5s", "1S",
        "9223372036854775s808ms", "9223372036854775807w", "99999999999999999999s"})
    CHECK(read(free, bad) == "it is no duration: 90s, 1h30m, 250ms");
}

TEST_CASE("a setting that is a size, at its bounds") {
  const confab_setting s = setting(CONFAB_SETTING_SIZE, "1k", "2m");
  CHECK(read(s, "1023") == "it is too small");
  CHECK(read(s, "1024") == "1024");
  CHECK(read(s, "1k") == "1024");
  CHECK(read(s, "2M") == "2097152");
  CHECK(read(s, "2097153") == "it is too large");
  const confab_setting free = setting(CONFAB_SETTING_SIZE);
  CHECK(read(free, "8589934591g") == std::to_string(8589934591LL << 30));
  for (const char *bad : {"", "k", "1kb", "1.5k", "-1", "8589934592g", "1t"})
    CHECK(read(free, bad) == "it is no size: 4096, 64k, 1m");
}

TEST_CASE("a setting that is a list, at its bounds") {
  const confab_setting s = setting(CONFAB_SETTING_LIST, "1", "3");
  CHECK(read(s, "") == "it has too few lines");
  CHECK(read(s, "one") == "1");
  CHECK(read(s, "one\ntwo\nthree") == "3");
  CHECK(read(s, "one\ntwo\nthree\nfour") == "it has too many lines");
  CHECK(read(s, "\n\n") == "3");
  CHECK(read(s, "a\rb") == "it is no UTF-8");
  const confab_str text = CONFAB_STR("one\n\nthree");
  CHECK(string_of(confab_part(text, 0)) == "one");
  CHECK(string_of(confab_part(text, 1)) == "");
  CHECK(string_of(confab_part(text, 2)) == "three");
  CHECK(string_of(confab_part(text, 3)) == "");
  CHECK(string_of(confab_part({nullptr, 0}, 0)) == "");
}

TEST_CASE("schemas that are none") {
  confab_setting s = setting(CONFAB_SETTING_INT);
  CHECK(schema(s) == "");
  for (const char *name : {"", "A", "1a", "a b", "a-b", "abcdefghijklmnopqrstuvwxyzabcdefg"}) {
    s.name = name;
    CHECK(schema(s) == "its name is none: small letters, digits and _");
  }
  s.name = nullptr;
  CHECK(schema(s) == "its name is none: small letters, digits and _");
  for (const std::uint32_t type : {0U, 9U, UINT32_MAX})
    CHECK(schema(setting(type)) == "its type is none");
  s = setting(CONFAB_SETTING_INT);
  s.flags = 8;
  CHECK(schema(s) == "it has members that this library does not know");
  s.flags = 0;
  s.reserved = &s;
  CHECK(schema(s) == "it has members that this library does not know");
  CHECK(schema(setting(CONFAB_SETTING_CHOICE)) == "choices belong to a CHOICE");
  CHECK(schema(setting(CONFAB_SETTING_CHOICE, nullptr, nullptr, " ")) ==
        "choices belong to a CHOICE");
  CHECK(schema(setting(CONFAB_SETTING_INT, nullptr, nullptr, "a")) == "choices belong to a CHOICE");
  CHECK(schema(setting(CONFAB_SETTING_BOOL, "0")) == "its type has no bounds");
  CHECK(schema(setting(CONFAB_SETTING_CHOICE, nullptr, "1", "a")) == "its type has no bounds");
  CHECK(schema(setting(CONFAB_SETTING_INT, "a")) == "a bound is no value of its type");
  CHECK(schema(setting(CONFAB_SETTING_DURATION, nullptr, "x")) ==
        "a bound is no value of its type");
  CHECK(schema(setting(CONFAB_SETTING_INT, "2", "1")) == "its bounds are crossed");
  CHECK(schema(setting(CONFAB_SETTING_NUMBER, "0.2", "0.1")) == "its bounds are crossed");
  CHECK(schema(setting(CONFAB_SETTING_LIST, "2", "2")) == "");
  s = setting(CONFAB_SETTING_INT, "1", "5");
  s.value = "6";
  CHECK(schema(s) == "its default is no value of it");
  s.value = "5";
  CHECK(schema(s) == "");
  s.flags = CONFAB_SETTING_REQUIRED;
  CHECK(schema(s) == "it is required and has a default");
  s.value = nullptr;
  CHECK(schema(s) == "");
}

TEST_CASE("values that fit a schema, and those that do not") {
  confab_setting settings[] = {setting(CONFAB_SETTING_INT, "1", "5"), setting(CONFAB_SETTING_TEXT)};
  settings[0].name = "number";
  settings[1].name = "text";
  settings[1].flags = CONFAB_SETTING_REQUIRED;
  confab_plugin_entry entry{};
  entry.settings = settings;
  entry.settings_count = 2;
  confab_problem why{};
  const auto check = [&](std::vector<confab_setting_value> values) {
    why = {};
    const confab_status status = bus::check_values(entry, values, why);
    return std::string(confab_status_name(status)) + " " + string_of(why.about) + ": " +
           string_of(why.text);
  };
  const confab_str number = CONFAB_STR("number"), text = CONFAB_STR("text");
  CHECK(check({{text, {}}}) == "CONFAB_OK : ");
  CHECK(check({{number, CONFAB_STR("5")}, {text, CONFAB_STR("a")}}) == "CONFAB_OK : ");
  CHECK(check({}) == "CONFAB_ERR_ARG text: it is required");
  CHECK(check({{number, CONFAB_STR("6")}, {text, {}}}) == "CONFAB_ERR_ARG number: it is too large");
  CHECK(check({{text, {}}, {text, {}}}) == "CONFAB_ERR_ARG text: it is given twice");
  CHECK(check({{CONFAB_STR("other"), {}}, {text, {}}}) ==
        "CONFAB_ERR_NOT_FOUND other: there is no such setting");
  CHECK(check({{{nullptr, 1}, {}}}) == "CONFAB_ERR_ARG : a text without bytes");
}
