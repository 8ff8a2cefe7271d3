// SPDX-License-Identifier: MIT
//
// The callbacks of the extension itself in the old API, each as what replaces it: the life of a
// plugin, its settings, and what is said to it.

#include "unit/plugins/old_api.hpp"

namespace confab::test {
namespace {

// A plugin that notes what happens to it.
struct noted {
  static std::string &log() {
    static std::string text;
    return text;
  }
  static confab_engine *&engine() {
    static confab_engine *made = nullptr;
    return made;
  }
  static confab_status CONFAB_CALL install(const confab_api *, confab_engine *, confab_id) {
    log() += "install ";
    return CONFAB_OK;
  }
  static confab_status CONFAB_CALL create(const confab_api *a, confab_engine *e, confab_id,
                                          void **self) {
    log() += "create ";
    engine() = e;
    *self = const_cast<confab_api *>(a);
    return CONFAB_OK;
  }
  static confab_status CONFAB_CALL refuse(const confab_api *, confab_engine *, confab_id, void **) {
    log() += "refuse ";
    return CONFAB_ERR_STATE;
  }
  static confab_status CONFAB_CALL destroy(void *) {
    log() += "destroy ";
    return CONFAB_OK;
  }
  static confab_status CONFAB_CALL message(void *, const confab_plugin_message *said) {
    // Who may is the entry's word; who it is, and of which kind of operators, the plugin sees.
    auto who = fresh<confab_user_info>();
    CHECK(api().user_get(engine(), said->actor, &who) == CONFAB_OK);
    log() += (who.modes & CONFAB_UMODE_ADMINISTRATOR) != 0 ? "administrator: " : "operator: ";
    log() += string_of(said->text) + " ";
    return said->answer(said->answer_ctx, CONFAB_STR("configured"));
  }

  static confab_plugin_entry entry() {
    static const confab_setting settings[] = {
        {"limit", CONFAB_SETTING_INT, 0, "5", "1", "9", nullptr, "How many.", nullptr}};
    confab_plugin_entry e{};
    e.struct_size = sizeof e;
    e.magic = CONFAB_PLUGIN_MAGIC;
    e.abi_major = CONFAB_ABI_MAJOR;
    e.abi_minor_least = CONFAB_ABI_MINOR;
    e.id = "test.noted";
    e.version = "1";
    e.settings = settings;
    e.settings_count = 1;
    e.message_permission = CONFAB_PERMIT_OPERATOR;
    e.install = install;
    e.create = create;
    e.destroy = destroy;
    e.message = message;
    log().clear();
    return e;
  }
};

} // namespace

std::vector<old_row> old_extension() {
  return {
      {"Extension.Name",
       [] {
         const confab_plugin_entry e = noted::entry();
         CHECK(confab_plugin_check(&e, nullptr) == CONFAB_OK);
         old_world w;
         REQUIRE(w.add(e) == CONFAB_OK);
         confab_id found = 0;
         CHECK(api().plugin_find(w.engine, CONFAB_STR("NOTED"), &found) == CONFAB_OK);
         CHECK(found == w.plugin);
         CHECK(w.add(e) == CONFAB_ERR_EXISTS);
         CHECK(w.add(e, {}, "other") == CONFAB_OK);
         CHECK(w.finish() == "");
       }},
      {"Extension.Init",
       [] {
         confab_plugin_entry e = noted::entry();
         e.create = noted::refuse;
         {
           old_world w;
           CHECK(w.add(e) == CONFAB_ERR_STATE);
           CHECK(w.plugin == 0);
         }
         CHECK(noted::log() == "install refuse "); // and nothing after it: Q195847
       }},
      {"Extension.Term",
       [] {
         const confab_plugin_entry e = noted::entry();
         old_world w;
         REQUIRE(w.add(e) == CONFAB_OK);
         REQUIRE(w.remove() == CONFAB_OK);
         CHECK(noted::log() == "install create destroy ");
         CHECK(w.released == 1);
       }},
      {"Extension.OnInstall",
       [] {
         const confab_plugin_entry e = noted::entry();
         old_world w;
         REQUIRE(w.add(e, {}, "one") == CONFAB_OK);
         REQUIRE(w.add(e, {}, "two") == CONFAB_OK);
         CHECK(noted::log() == "install create create ");
         CHECK(w.finish() == "");
       }},
      {"Extension.OnConfigureExtension",
       [] {
         const confab_plugin_entry e = noted::entry();
         old_world w;
         REQUIRE(w.add(e) == CONFAB_OK);
         CHECK(has(w.heard(w.ann, w.ann, "EXTMSG noted set x=1"), "configured"));
         CHECK_FALSE(has(w.heard(w.bob, w.bob, "EXTMSG noted set y=2"), "configured"));
         CHECK(w.user_mode("ann", CONFAB_UMODE_ADMINISTRATOR) == CONFAB_OK);
         CHECK(has(w.heard(w.ann, w.ann, "EXTMSG noted set z=3"), "configured"));
         CHECK(noted::log() == "install create operator: set x=1 administrator: set z=3 ");
         CHECK(w.finish() == "");
         // The shipped ones were for administrators only.
         confab_plugin_entry strict = noted::entry();
         strict.message_permission = CONFAB_PERMIT_ADMINISTRATOR;
         old_world other;
         REQUIRE(other.add(strict) == CONFAB_OK);
         CHECK_FALSE(has(other.heard(other.ann, other.ann, "EXTMSG noted x"), "configured"));
         CHECK(other.user_mode("ann", CONFAB_UMODE_ADMINISTRATOR) == CONFAB_OK);
         CHECK(has(other.heard(other.ann, other.ann, "EXTMSG noted x"), "configured"));
         CHECK(other.finish() == "");
       }},
      {"Extension.OnGetPropertyPageClass",
       [] {
         const confab_plugin_entry e = noted::entry();
         const confab_setting_value good{CONFAB_STR("limit"), CONFAB_STR("9")},
             bad{CONFAB_STR("limit"), CONFAB_STR("10")};
         CHECK(confab_plugin_settings_check(&e, &good, 1, nullptr) == CONFAB_OK);
         confab_problem why{};
         CHECK(confab_plugin_settings_check(&e, &bad, 1, &why) == CONFAB_ERR_ARG);
         CHECK(string_of(why.about) == "limit");
         CHECK(noted::log().empty()); // no code of it ran
       }},
  };
}

} // namespace confab::test
