// SPDX-License-Identifier: MIT
//
// One plugin, built twice from one source: linked into this program, and as a shared object that
// links nothing of confab. Both do the same.
#include "probe.h"
#include "support/catch.hpp"
#include "unit/bus/hooked.hpp"

#include <dlfcn.h>

using namespace confab::test;

extern "C" const confab_plugin_entry confab_plugin_probe;

namespace {

// The shared object, open while this lives.
struct shared_object {
  shared_object() : handle(dlopen(CONFAB_PROBE, RTLD_NOW | RTLD_LOCAL)) {}
  ~shared_object() {
    if (handle)
      dlclose(handle);
  }
  shared_object(const shared_object &) = delete;
  shared_object &operator=(const shared_object &) = delete;

  const confab_plugin_entry *entry() const {
    return handle ? static_cast<const confab_plugin_entry *>(dlsym(handle, "confab_plugin"))
                  : nullptr;
  }
  void *handle;
};

const probe *counts_of(const engine_fixture &chat, std::string_view name) {
  const void *table = nullptr;
  ignore(confab_service_find(chat.engine, str_of(name), 1, &table, nullptr));
  return static_cast<const probe *>(table);
}

confab_status add(engine_fixture &chat, const confab_plugin_entry *entry, std::string_view name,
                  std::vector<confab_setting_value> values, confab_id &id) {
  confab_plugin_options options = confab_plugin_options_init();
  options.entry = entry;
  options.name = str_of(name);
  options.settings = values.data();
  options.settings_count = values.size();
  return confab_plugin_add(chat.engine, &options, &id);
}

void exercise(const confab_plugin_entry *entry) {
  scene chat;
  confab_id one = 0, two = 0, three = 0;
  CHECK(add(chat, entry, "PROBE", {}, one) == CONFAB_OK);
  CHECK(add(chat, entry, "other", {{CONFAB_STR("word"), CONFAB_STR("heck")}}, two) == CONFAB_OK);
  CHECK(add(chat, entry, "third", {{CONFAB_STR("fail"), CONFAB_STR("yes")}}, three) ==
        CONFAB_ERR_STATE);
  REQUIRE(counts_of(chat, "PROBE") != nullptr);
  CHECK(counts_of(chat, "third") == nullptr);
  const probe &counts = *counts_of(chat, "PROBE");
  chat.say(chat.ann, "PRIVMSG #x :darn\r\nPRIVMSG #x :heck\r\nPRIVMSG #x :fine");
  CHECK(chat.read(chat.bob) == ":ann!ann@192.0.2.1 PRIVMSG #x :fine\r\n");
  CHECK(has(chat.read(chat.ann), ":confab.local 404 ann #x :Blocked"));
  CHECK(counts.judged >= 2);
  chat.say(chat.ann, "PROBE word");
  CHECK(chat.read(chat.ann) == ":confab.local 950 ann word :is what you said\r\n");
  CHECK(counts.runs == 1);
  chat.say(chat.ann, "EXTMSG probe :anybody there?");
  CHECK(chat.read(chat.ann) == ":confab.local NOTICE ann :anybody there?\r\n");
  CHECK(counts.messages == 1);
  const confab_id dan = chat.enter("dan");
  chat.end(dan);
  CHECK(counts.dropped == 1);
  chat.wait_ms(1000);
  CHECK(counts.ticks > 0);
  const confab_setting_value changed{CONFAB_STR("word"), CONFAB_STR("fine")};
  CHECK(confab_plugin_configure(chat.engine, one, &changed, 1) == CONFAB_OK);
  const void *word = nullptr;
  CHECK(confab_plugin_extension(chat.engine, one, "org.example.probe/word", &word) == CONFAB_OK);
  CHECK(std::string(static_cast<const char *>(word)) == "fine");
  chat.say(chat.ann, "PRIVMSG #x :fine");
  CHECK(chat.read(chat.bob) == "");
  CHECK(confab_plugin_remove(chat.engine, one, 0) == CONFAB_OK);
  chat.say(chat.ann, "PRIVMSG #x :fine\r\nPROBE word");
  CHECK(chat.read(chat.bob) == ":ann!ann@192.0.2.1 PRIVMSG #x :fine\r\n");
  CHECK(chat.broken() == "");
  CHECK(chat.destroy() == "");
}

} // namespace

TEST_CASE("a plugin that is linked in") { exercise(&confab_plugin_probe); }

TEST_CASE("the same plugin as a shared object") {
  const shared_object object;
  INFO((object.handle ? "" : dlerror()));
  REQUIRE(object.entry() != nullptr);
  CHECK(object.entry() != &confab_plugin_probe);
  exercise(object.entry());
}

TEST_CASE("both in one engine, and the shared object closed in its release") {
  scene chat;
  confab_id in = 0, out = 0;
  CHECK(add(chat, &confab_plugin_probe, "linked", {}, in) == CONFAB_OK);
  auto object = std::make_unique<shared_object>();
  REQUIRE(object->entry() != nullptr);
  confab_plugin_options options = confab_plugin_options_init();
  options.entry = object->entry();
  options.name = CONFAB_STR("loaded");
  options.ctx = &object;
  options.release = [](void *ctx) -> confab_status {
    static_cast<std::unique_ptr<shared_object> *>(ctx)->reset();
    return CONFAB_OK;
  };
  CHECK(confab_plugin_add(chat.engine, &options, &out) == CONFAB_OK);
  chat.say(chat.ann, "LINKED a\r\nLOADED b");
  const std::string told = chat.read(chat.ann);
  CHECK(has(told, ":confab.local 950 ann a :is what you said"));
  CHECK(has(told, ":confab.local 951 ann b :is what you said"));
  CHECK(confab_plugin_remove(chat.engine, out, 0) == CONFAB_OK);
  CHECK(object == nullptr);
  chat.wait_ms(1000);
  chat.say(chat.ann, "PRIVMSG #x :hello\r\nLINKED c");
  CHECK(has(chat.read(chat.ann), ":confab.local 950 ann c :"));
  CHECK(chat.destroy() == "");
}
