/* SPDX-License-Identifier: MIT
 *
 * A word filter, and the file to copy for a plugin of your own. It refuses messages that hold one
 * of the words in its setting `words`, whatever protocol they came by. Read it from the bottom up:
 * the entry says what there is, create() subscribes, judge() decides. It keeps no copy of its
 * settings: it asks for them when it needs them, so that new ones hold at once. */
#include <confab/plugin.h>

#include <ctype.h>
#include <stdlib.h>

/* An instance: there may be many, so nothing is global. */
typedef struct filter {
  const confab_api *api; /* every call goes through this table: nothing is linked */
  confab_engine *engine;
  confab_id plugin;
} filter;

static confab_setting_info setting(const filter *self, confab_str name) {
  confab_setting_info info;
  memset(&info, 0, sizeof info);
  info.struct_size = (uint32_t)sizeof info; /* what is filled in: as much as this header knows */
  self->api->plugin_setting(self->engine, self->plugin, name, &info);
  return info;
}

/* Bytes above 127 are parts of letters: "é" does not end a word. */
static int in_word(char c) { return isalnum((unsigned char)c) || (unsigned char)c > 127; }

/* Is `word` in `text` as a whole word, without case? Texts have a length and no NUL at their end.
 */
static int holds(confab_str text, confab_str word) {
  for (size_t at = 0; word.len > 0 && at + word.len <= text.len; ++at) {
    size_t same = 0;
    while (same < word.len &&
           tolower((unsigned char)text.ptr[at + same]) == tolower((unsigned char)word.ptr[same]))
      ++same;
    const size_t end = at + same;
    if (same == word.len && (at == 0 || !in_word(text.ptr[at - 1])) &&
        (end == text.len || !in_word(text.ptr[end])))
      return 1;
  }
  return 0;
}

/* The handler. POLICY only reads and judges; to change a text, subscribe to TRANSFORM and use
 * api->call_set (topic_mangler shows it). */
static confab_verdict CONFAB_CALL judge(void *ctx, confab_call *call, const confab_event *event) {
  const filter *self = (const filter *)ctx;
  const confab_event_message *message = (const confab_event_message *)event;
  const confab_setting_info words = setting(self, CONFAB_STR("words"));
  for (uint32_t i = 0; i < words.count; ++i) {
    if (!holds(message->text, confab_part(words.text, i)))
      continue;
    /* How the denial looks. ERROR: the client is told, in its own protocol. */
    self->api->call_deny(call, CONFAB_REFUSED_CANNOT_SEND, setting(self, CONFAB_STR("reply")).text,
                         CONFAB_DENIAL_ERROR);
    return CONFAB_DENY;
  }
  return CONFAB_PASS; /* no opinion: other filters may still refuse it */
}

static confab_status CONFAB_CALL create(const confab_api *api, confab_engine *engine,
                                        confab_id plugin, void **out) {
  filter *self = (filter *)malloc(sizeof *self);
  if (!self)
    return CONFAB_ERR_NOMEM;
  self->api = api;
  self->engine = engine;
  self->plugin = plugin;

  confab_hook hook = confab_hook_init();
  hook.type = CONFAB_EVENT_MESSAGE;
  hook.stage = CONFAB_STAGE_POLICY;
  hook.flags = CONFAB_HOOK_HAS_TEXT;
  hook.ctx = self;
  hook.call = judge;
  const confab_status status = api->hook_add(engine, &hook, NULL);
  if (status < 0) {
    free(self); /* a create that fails gives back what it took, and destroy is not called */
    return status;
  }
  *out = self;
  return CONFAB_OK;
}

/* The last call. The hook is gone already: what a plugin adds goes with it. */
static confab_status CONFAB_CALL destroy(void *self) {
  free(self);
  return CONFAB_OK;
}

/* New settings, checked by the schema below; they are read when they are needed. */
static confab_status CONFAB_CALL configure(void *self) {
  (void)self;
  return CONFAB_OK;
}

/* name, type, flags, default, least, most, choices, help, reserved */
static const confab_setting settings[] = {
    {"words", CONFAB_SETTING_LIST, CONFAB_SETTING_REQUIRED, NULL, "1", "1000", NULL,
     "The words to refuse.", NULL},
    {"reply", CONFAB_SETTING_TEXT, 0, "Please choose other words.", "0", "200", NULL,
     "What the sender is told.", NULL},
};

CONFAB_PLUGIN_EXPORT = {
    CONFAB_PLUGIN_HEAD,     .id = "confab.message_filter",
    .version = "1.0",       .summary = "Refuses messages that hold one of its words.",
    .settings = settings,   .settings_count = sizeof settings / sizeof settings[0],
    .create = create,       .destroy = destroy,
    .configure = configure,
};
