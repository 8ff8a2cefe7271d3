// SPDX-License-Identifier: MIT
//
// Entries that a library must not take, and those it must: what is corrupt, cut off, too old or too
// new, or has a schema that is none. None of their code runs.
#include "support/catch.hpp"
#include "unit/bus/plugged.hpp"

#include <cstring>

using namespace confab::test;

namespace {

std::string check(const confab_plugin_entry *entry) {
  confab_problem why{};
  const confab_status status = confab_plugin_check(entry, &why);
  if (status == CONFAB_OK)
    return why.text.len == 0 ? "OK" : "OK, with a problem";
  return std::string(confab_status_name(status)).substr(std::strlen("CONFAB_ERR_")) + " " +
         string_of(why.about);
}

std::string check_with(const std::function<void(confab_plugin_entry &)> &tweak) {
  fake_plugin fake;
  tweak(fake.entry);
  const std::string found = check(&fake.entry);
  // What is no plugin for a tool is none for an engine.
  pluggable chat;
  const confab_status status = chat.plug("mine", {}, &fake.entry);
  CHECK((status == CONFAB_OK) == (found == "OK"));
  if (status != CONFAB_OK) {
    CHECK(chat.fake.created == 0);
    CHECK(chat.states() == std::vector<std::uint32_t>{CONFAB_PLUGIN_REFUSED});
    confab_error_info error{};
    error.struct_size = sizeof error;
    CHECK(confab_engine_last_error(chat.engine, &error) == CONFAB_OK);
    CHECK(error.status == status);
    CHECK(error.text.len > 0);
  }
  return found;
}

} // namespace

TEST_CASE("an entry that is none") {
  CHECK(check(nullptr) == "ARG entry");
  CHECK(confab_plugin_check(nullptr, nullptr) == CONFAB_ERR_ARG);
  CHECK(check_with([](auto &) {}) == "OK");
  CHECK(check_with([](auto &e) { e.magic = 0; }) == "STRUCT magic");
  CHECK(check_with([](auto &e) { e.magic = __builtin_bswap32(e.magic); }) == "STRUCT magic");
  for (const std::uint32_t size :
       {0U, 4U, 16U, std::uint32_t{sizeof(confab_plugin_entry)} - 1, 4097U, UINT32_MAX})
    CHECK(check_with([&](auto &e) { e.struct_size = size; }) == "STRUCT struct_size");
  CHECK(check_with([](auto &e) { e.abi_major = CONFAB_ABI_MAJOR + 1; }) == "UNSUPPORTED abi_major");
  CHECK(check_with([](auto &e) { e.abi_minor_least = CONFAB_ABI_MINOR + 1; }) ==
        "UNSUPPORTED abi_minor_least");
  CHECK(check_with([](auto &e) { e.abi_minor_least = 0; }) == "OK"); // an older one
  for (const char *id : {"", ".a", "a.", "a..b", "a b", "a/b", "\xc3\xa4"})
    CHECK(check_with([&](auto &e) { e.id = id; }) == "ARG id");
  const std::string longest(64, 'a'), longer(65, 'a');
  CHECK(check_with([&](auto &e) { e.id = longest.c_str(); }) == "OK");
  CHECK(check_with([&](auto &e) { e.id = longer.c_str(); }) == "ARG id");
  CHECK(check_with([](auto &e) { e.id = nullptr; }) == "ARG id");
  CHECK(check_with([](auto &e) { e.version = nullptr; }) == "ARG version");
  CHECK(check_with([](auto &e) { e.version = ""; }) == "ARG version");
  const std::string version(33, '1');
  CHECK(check_with([&](auto &e) { e.version = version.c_str(); }) == "ARG version");
  CHECK(check_with([](auto &e) { e.summary = nullptr; }) == "OK");
  CHECK(check_with([](auto &e) { e.summary = "a\nb"; }) == "ARG summary");
  CHECK(check_with([](auto &e) { e.create = nullptr; }) == "ARG create");
  CHECK(check_with([](auto &e) { e.message_permission = CONFAB_PERMIT_SELF; }) ==
        "ARG message_permission");
  CHECK(check_with([](auto &e) { e.message_permission = CONFAB_PERMIT_HOST; }) == "OK");
  CHECK(check_with([](auto &e) { e.message_permission = CONFAB_PERMIT_ADMINISTRATOR; }) == "OK");
  CHECK(check_with([](auto &e) { e.flags = 2; }) == "ARG flags");
  CHECK(check_with([](auto &e) { e.reserved0 = 1; }) == "ARG flags");
}

TEST_CASE("an entry of a newer header is taken while what is new in it is zero") {
  fake_plugin fake;
  struct newer {
    confab_plugin_entry known;
    const void *more[2];
  } entry{fake.entry, {nullptr, nullptr}};
  entry.known.struct_size = sizeof entry;
  CHECK(check(&entry.known) == "OK");
  entry.more[1] = &entry;
  CHECK(check(&entry.known) == "STRUCT struct_size");
}

TEST_CASE("a schema that is none") {
  static const confab_setting good = {
      "a", CONFAB_SETTING_INT, 0, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr};
  static const confab_setting twice[] = {good, good};
  static const confab_setting bad = {"b",     99,      0,       nullptr, nullptr,
                                     nullptr, nullptr, nullptr, nullptr};
  static const confab_setting mixed[] = {good, bad};
  CHECK(check_with([](auto &e) { e.settings_count = 1; }) == "ARG settings_count");
  CHECK(check_with([](auto &e) {
          e.settings = &good;
          e.settings_count = 257;
        }) == "ARG settings_count");
  CHECK(check_with([](auto &e) {
          e.settings = &good;
          e.settings_count = 1;
        }) == "OK");
  CHECK(check_with([](auto &e) {
          e.settings = twice;
          e.settings_count = 2;
        }) == "ARG a");
  CHECK(check_with([](auto &e) {
          e.settings = mixed;
          e.settings_count = 2;
        }) == "ARG b");
}

TEST_CASE("settings are checked without an engine") {
  fake_plugin fake;
  fake.settings = {{"n", CONFAB_SETTING_INT, CONFAB_SETTING_REQUIRED, nullptr, "1", "5", nullptr,
                    "A number.", nullptr}};
  const confab_plugin_entry *entry = fake.with_settings();
  confab_problem why{};
  confab_setting_value value{CONFAB_STR("n"), CONFAB_STR("5")};
  CHECK(confab_plugin_settings_check(entry, &value, 1, &why) == CONFAB_OK);
  CHECK(confab_plugin_settings_check(entry, &value, 1, nullptr) == CONFAB_OK);
  CHECK(confab_plugin_settings_check(entry, nullptr, 0, &why) == CONFAB_ERR_ARG);
  CHECK(string_of(why.about) == "n");
  CHECK(string_of(why.text) == "it is required");
  CHECK(confab_plugin_settings_check(entry, nullptr, 1, &why) == CONFAB_ERR_ARG);
  value.value = CONFAB_STR("6");
  CHECK(confab_plugin_settings_check(entry, &value, 1, &why) == CONFAB_ERR_ARG);
  CHECK(string_of(why.text) == "it is too large");
  value.name = CONFAB_STR("m");
  CHECK(confab_plugin_settings_check(entry, &value, 1, &why) == CONFAB_ERR_NOT_FOUND);
  CHECK(confab_plugin_settings_check(nullptr, &value, 1, &why) == CONFAB_ERR_ARG);
  fake.entry.magic = 0;
  CHECK(confab_plugin_settings_check(entry, &value, 1, &why) == CONFAB_ERR_STRUCT);
}
