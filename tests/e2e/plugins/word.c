/* SPDX-License-Identifier: MIT
 *
 * A filter for the tests of loading: it refuses messages in which a word is, and says which version
 * of itself did. What the compiler is told makes it another version, or breaks what a plugin must
 * have: VERSION, WORD, MAJOR, MINOR, MAGIC, ID, FAILS, LINKS, SINGLE. */
#include <confab/plugin.h>

#include <stdlib.h>

#ifndef VERSION
#define VERSION "1"
#endif
#ifndef MAJOR
#define MAJOR CONFAB_ABI_MAJOR
#endif
#ifndef MINOR
#define MINOR CONFAB_ABI_MINOR
#endif
#ifndef MAGIC
#define MAGIC CONFAB_PLUGIN_MAGIC
#endif
#ifndef ID
#define ID "org.example.word"
#endif
#ifndef FAILS
#define FAILS 0
#endif
#ifndef SINGLE
#define SINGLE 0
#endif

typedef struct word {
  const confab_api *api;
  confab_engine *engine;
  confab_id plugin;
} word;

static confab_setting_info setting(const word *w, const char *name) {
  confab_setting_info info;
  memset(&info, 0, sizeof info);
  info.struct_size = (uint32_t)sizeof info;
  if (w->api->plugin_setting(w->engine, w->plugin, confab_str_of(name), &info) < 0)
    info.text.len = 0;
  return info;
}

static int has(confab_str text, confab_str part) {
  for (size_t i = 0; part.len > 0 && i + part.len <= text.len; ++i)
    if (memcmp(text.ptr + i, part.ptr, part.len) == 0)
      return 1;
  return 0;
}

static confab_verdict judge(void *ctx, confab_call *call, const confab_event *event) {
  const word *w = (const word *)ctx;
  const confab_event_message *message = (const confab_event_message *)event;
  if (!has(message->text, setting(w, "word").text))
    return CONFAB_PASS;
  if (w->api->call_deny(call, CONFAB_REFUSED_POLICY, CONFAB_STR("refused by version " VERSION),
                        CONFAB_DENIAL_ERROR) < 0)
    return CONFAB_PASS;
  return CONFAB_DENY;
}

static confab_status create(const confab_api *api, confab_engine *engine, confab_id plugin,
                            void **self) {
  word *w = (word *)calloc(1, sizeof *w);
  if (!w)
    return CONFAB_ERR_NOMEM;
  w->api = api;
  w->engine = engine;
  w->plugin = plugin;
  confab_hook hook = confab_hook_init();
  hook.type = CONFAB_EVENT_MESSAGE;
  hook.stage = CONFAB_STAGE_POLICY;
  hook.ctx = w;
  hook.call = judge;
  confab_status status = api->hook_add(engine, &hook, NULL);
  if (status == CONFAB_OK && (FAILS || has(setting(w, "word").text, CONFAB_STR("unbearable"))))
    status = CONFAB_ERR_STATE;
#ifdef LINKS
  if (confab_abi_major() > 99)
    status = CONFAB_ERR_STATE;
#endif
  if (status < 0)
    free(w);
  else
    *self = w;
  return status;
}

static confab_status destroy(void *self) {
  free(self);
  return CONFAB_OK;
}

static confab_status configure(void *self) {
  return has(setting((const word *)self, "word").text, CONFAB_STR("unbearable")) ? CONFAB_ERR_STATE
                                                                                 : CONFAB_OK;
}

static confab_status say(void *self, const confab_plugin_message *message) {
  const word *w = (const word *)self;
  return message->answer(message->answer_ctx, setting(w, "word").text);
}

#ifndef WORD
#define WORD "spam"
#endif
static const confab_setting settings[] = {
    {"word", CONFAB_SETTING_TEXT, 0, WORD, "1", "40", NULL, "What is refused.", NULL},
    {"level", CONFAB_SETTING_INT, CONFAB_SETTING_FIXED, "3", "1", "10", NULL, "How much.", NULL},
    {"token", CONFAB_SETTING_TEXT, CONFAB_SETTING_SECRET, NULL, NULL, NULL, NULL, "Who we are.",
     NULL},
    {"names", CONFAB_SETTING_LIST, 0, NULL, NULL, "3", NULL, "Whose.", NULL},
    {"mode", CONFAB_SETTING_CHOICE, 0, "soft", NULL, NULL, "soft hard", "How.", NULL}};

CONFAB_PLUGIN_EXPORT = {.struct_size = (uint32_t)sizeof(confab_plugin_entry),
                        .magic = MAGIC,
                        .abi_major = MAJOR,
                        .abi_minor_least = MINOR,
                        .id = ID,
                        .version = VERSION,
                        .summary = "Refuses a word.",
                        .settings = settings,
                        .settings_count = sizeof settings / sizeof settings[0],
                        .flags = SINGLE ? CONFAB_PLUGIN_SINGLE : 0,
                        .create = create,
                        .destroy = destroy,
                        .configure = configure,
                        .message = say};
