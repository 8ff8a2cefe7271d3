// SPDX-License-Identifier: MIT
//
// confabd's sections [[plugins]] and [hooks]: what is read, what is printed, which file is meant,
// and every mistake with its place. No plugin is opened: tests/e2e/test_plugins.py does that.
#include "support/catch.hpp"

#include "options_plugins.hpp"
#include "rehash.hpp"

#include <algorithm>

using namespace confabd;

namespace {

configuration read_well(std::string_view toml) {
  const read_result result = read_config(toml, "/etc/confabd/test.toml");
  for (const config_error &error : result.errors) {
    UNSCOPED_INFO(to_text(error));
  }
  REQUIRE(result.ok());
  return result.value;
}

std::string mistake_in(std::string_view toml) {
  const read_result result = read_config(toml, "test.toml");
  return result.ok() ? "none" : to_text(result.errors.front());
}

constexpr confab_setting settings[] = {
    {"word", CONFAB_SETTING_TEXT, 0, "spam", "1", "40", nullptr, "What is refused.", nullptr},
    {"on", CONFAB_SETTING_BOOL, 0, "true", nullptr, nullptr, nullptr, nullptr, nullptr},
    {"count", CONFAB_SETTING_INT, CONFAB_SETTING_REQUIRED, nullptr, "-5", nullptr, nullptr,
     "How many.", nullptr},
    {"key", CONFAB_SETTING_TEXT, CONFAB_SETTING_SECRET, nullptr, nullptr, nullptr, nullptr,
     "A key.", nullptr},
    {"names", CONFAB_SETTING_LIST, 0, "a\nb", nullptr, "9", nullptr, "Whose.", nullptr},
    {"mode", CONFAB_SETTING_CHOICE, CONFAB_SETTING_FIXED, "soft", nullptr, nullptr, "soft hard",
     "How.", nullptr},
    {"wait", CONFAB_SETTING_DURATION, 0, "5s", "0", "1h", nullptr, "How long.", nullptr}};

confab_plugin_entry make_entry() {
  confab_plugin_entry entry{};
  entry.settings = settings;
  entry.settings_count = std::size(settings);
  return entry;
}

} // namespace

TEST_CASE("confabd: plugins are read with names, settings and how they drain") {
  const configuration config = read_well(R"(
[[plugins]]
path = "profanity"
[[plugins]]
path = "../lib/slow.so"
name = "slow-2"
enabled = false
drain = "1m30s"
settings = { word = "a b", count = -3, ratio = 0.5, on = true, list = ["x", "y z", 7], none = [] }
)");
  REQUIRE(config.plugins.size() == 2);
  const plugin_options &first = config.plugins[0];
  CHECK(first.name == "profanity");
  CHECK(first.path == "profanity");
  CHECK(first.enabled);
  CHECK(first.drain.ms == 5000);
  CHECK(first.settings.empty());
  const plugin_options &second = config.plugins[1];
  CHECK(second.name == "slow-2");
  CHECK(second.path == "/etc/lib/slow.so");
  CHECK_FALSE(second.enabled);
  CHECK(second.drain.ms == 90'000);
  const std::pair<const char *, const char *> values[] = {{"word", "a b"},       {"count", "-3"},
                                                          {"ratio", "0.5"},      {"on", "true"},
                                                          {"list", "x\ny z\n7"}, {"none", ""}};
  CHECK(second.settings.size() == std::size(values));
  for (const auto &[name, value] : values) {
    CAPTURE(name);
    const plugin_setting *setting = find_setting(second, name);
    REQUIRE(setting != nullptr);
    CHECK(setting->value == value);
    CHECK(setting->place.line == 9);
  }
  CHECK(find_setting(second, "other") == nullptr);
  CHECK(setting_values(second).size() == std::size(values));
}

TEST_CASE("confabd: each mistake in a plugin's section has its place") {
  const std::pair<const char *, const char *> cases[] = {
      {"[plugins]\npath = \"x\"\n", "test.toml:1:1: plugins: must be sections, [[plugins]]"},
      {"[[plugins]]\nname = \"x\"\n", "test.toml:1:1: plugins.path: is missing"},
      {"[[plugins]]\npath = \"x\"\npat = 1\n", "test.toml:3:1: plugins.pat: there is no such key"},
      {"[[plugins]]\npath = \"\"\n", "test.toml:2:8: plugins.path: 0 bytes are not between 1 and "
                                     "4096"},
      {"[[plugins]]\npath = \"x\"\nname = \"a b\"\n",
       "test.toml:3:8: plugins.name: must be letters, digits, '-' and '_' only"},
      {"[[plugins]]\npath = \"a b.so\"\n",
       "test.toml:1:1: plugins.name: is missing, and \"a b\" cannot be one"},
      {"[[plugins]]\npath = \"x\"\ndrain = 5\n",
       "test.toml:3:9: plugins.drain: must be a time in quotes, such as \"5s\""},
      {"[[plugins]]\npath = \"x\"\ndrain = \"5 s\"\n",
       "test.toml:3:9: plugins.drain: must be a time, such as \"5s\" or \"1m30s\""},
      {"[[plugins]]\npath = \"x\"\ndrain = \"2h\"\n",
       "test.toml:3:9: plugins.drain: 2h is not between 0s and 1h"},
      {"[[plugins]]\npath = \"x\"\nsettings = 3\n",
       "test.toml:3:12: plugins.settings: must be a section, [plugins.settings]"},
      {"[[plugins]]\npath = \"x\"\n[plugins.settings]\nday = 2020-01-01\n",
       "test.toml:4:7: plugins.settings.day: must be a text, a number, true or false, or a list of "
       "texts"},
      {"[[plugins]]\npath = \"x\"\n[plugins.settings]\nlist = [\"a\\nb\"]\n",
       "test.toml:4:8: plugins.settings.list: its entries must be texts of one line, or numbers"},
      {"[hooks]\ncauses_max = 65\n",
       "test.toml:2:14: hooks.causes_max: 65 is not between 1 and 64"},
  };
  for (const auto &[toml, expected] : cases) {
    CAPTURE(toml);
    CHECK(mistake_in(toml) == expected);
  }
}

TEST_CASE("confabd: plugins that cannot be there together") {
  const auto conflict = [](std::string_view toml) { return find_conflict(read_well(toml)); };
  CHECK(conflict("[[plugins]]\npath = \"x\"\n[[plugins]]\npath = \"x\"\nname = \"y\"\n") == "");
  CHECK(conflict("[[plugins]]\npath = \"x\"\n[[plugins]]\npath = \"y\"\nname = \"X\"\n") ==
        "plugins.name: \"X\" is there twice");
  CHECK(conflict("[limits]\nplugins_max = 1\n[[plugins]]\npath = \"x\"\n[[plugins]]\n"
                 "path = \"y\"\nenabled = false\n") == "");
  CHECK(conflict("[limits]\nplugins_max = 1\n[[plugins]]\npath = \"x\"\n[[plugins]]\n"
                 "path = \"y\"\n") == "plugins: there are 2, and limits.plugins_max is 1");
}

TEST_CASE("confabd: a path without a folder is a name in the folder of plugins") {
  const configuration config = read_well("[server]\nplugin_dir = \"plug\"\n");
  CHECK(plugin_folder(config) == "/etc/confabd/plug");
  CHECK(plugin_file(config, "x") == "/etc/confabd/plug/x.so");
  CHECK(plugin_file(config, "x.so") == "/etc/confabd/plug/x.so");
  CHECK(plugin_file(config, "/a/x") == "/a/x");
  CHECK(plugin_folder(configuration()).ends_with("plugins"));
}

TEST_CASE("confabd: times as people write them") {
  const std::pair<const char *, std::uint32_t> right[] = {
      {"0", 0},          {"90", 90'000},    {"0s", 0},           {"250ms", 250},
      {"1m30s", 90'000}, {"2h", 7'200'000}, {"1w", 604'800'000}, {"1d1ms", 86'400'001}};
  for (const auto &[text, ms] : right) {
    CAPTURE(text);
    REQUIRE(parse_duration(text));
    CHECK(parse_duration(text)->ms == ms);
    CHECK(parse_duration(to_text(duration{ms}))->ms == ms);
  }
  for (const char *text :
       {"", "s", "5x", "-5s", "5s1m", "5s5s", "5 s", "1.5s", "99999999999s", "8w", "S"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_duration(text));
  }
  CHECK(to_text(duration{5000}) == "5s");
  CHECK(to_text(duration{0}) == "0s");
}

TEST_CASE("confabd: a plugin's settings are printed by its schema, and read back") {
  const confab_plugin_entry entry = make_entry();
  configuration config =
      read_well("[[plugins]]\npath = \"x\"\n[plugins.settings]\nword = \"a \\\"b\\\"\"\n"
                "count = -5\nkey = \"hush\"\nnames = [\"one\", \"two\"]\non = false\n");
  const std::string printed = print_config(config, {&entry});
  CHECK(printed.find("hush") == printed.npos);
  const char *lines =
      "[plugins.settings]\n"
      "# What is refused. A text, 1 to 40 bytes. Default: spam.\nword = \"a \\\"b\\\"\"\n"
      "# True or false. Default: true.\non = false\n"
      "# How many. A whole number, at least -5. Required.\ncount = \"-5\"\n"
      "# A key. A text. Default: none.\n# key = \"(not shown)\"\n"
      "# Whose. A list of texts, at most 9 entries.\nnames = [\"one\", \"two\"]\n"
      "# How. One of soft hard. Default: soft. A change loads the plugin again.\n"
      "# mode = \"soft\"\n"
      "# How long. A time, 0 to 1h. Default: 5s.\n# wait = \"5s\"\n";
  CHECK(printed.find(lines) != printed.npos);
  configuration again = read_well(printed);
  REQUIRE(again.plugins.size() == 1);
  std::erase_if(config.plugins[0].settings, [](const auto &s) { return s.name == "key"; });
  CHECK(again.plugins == config.plugins);
  // Without the schema nobody knows what is secret.
  const std::string blind = print_config(config);
  CHECK(blind.find("word = \"a") == blind.npos);
  CHECK(blind.find("# word = \"(not shown)\"") != blind.npos);
}

TEST_CASE("confabd: changed plugins are changes, and secrets stay out of them") {
  const auto with = [](const char *word, bool secret) {
    configuration config = read_well("[[plugins]]\npath = \"x\"\n[plugins.settings]\nword = \"" +
                                     std::string(word) + "\"\n");
    config.plugins[0].settings[0].secret = secret;
    return config;
  };
  const auto shown = compare(with("red", false), with("blue", false));
  REQUIRE(shown.size() == 1);
  CHECK(shown[0].key == "plugins x settings.word");
  CHECK(shown[0].before == "\"red\"");
  CHECK(shown[0].after == "\"blue\"");
  const auto hidden = compare(with("red", true), with("blue", true));
  REQUIRE(hidden.size() == 1);
  CHECK(hidden[0].before == "(not shown)");
  CHECK(hidden[0].after == "(not shown)");
  CHECK(compare(with("red", true), with("red", true)).empty());
  CHECK(compare(configuration(), with("red", true)).size() == 5);
}

TEST_CASE("confabd: the engine's options for handlers are those of [hooks] and [limits]") {
  const configuration config = read_well(R"(
[hooks]
call_us_max = 11
second_us_max = 12
failures_max = 13
retry_ms = 14
deferral_ms_max = 15
waiting_max = 16
causes_max = 17
[limits]
plugins_max = 21
additions_max = 22
timers_max = 23
slots_max = 24
)");
  const confab_engine_options options = engine_options(config, "");
  CHECK(options.hook_call_us_max == 11);
  CHECK(options.hook_second_us_max == 12);
  CHECK(options.hook_failures_max == 13);
  CHECK(options.hook_retry_ms == 14);
  CHECK(options.deferral_ms_max == 15);
  CHECK(options.waiting_max == 16);
  CHECK(options.causes_max == 17);
  CHECK(options.plugins_max == 21);
  CHECK(options.additions_max == 22);
  CHECK(options.timers_max == 23);
  CHECK(options.slots_max == 24);
  CHECK(find_engine_problem(config, "") == "");
  CHECK(compare(config, read_well(print_config(config))).empty());
}
