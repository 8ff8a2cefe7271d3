/* SPDX-License-Identifier: MIT
 *
 * Rewrites topics: only letters and digits of any script, and spaces, survive. It shows a TRANSFORM
 * handler, which changes what others then judge, and in-band commands: EXTMSG <instance> ON, OFF or
 * STATUS, for operators of the server. */
#if !defined(_GNU_SOURCE) && !defined(_POSIX_C_SOURCE)
#define _POSIX_C_SOURCE 200809L /* newlocale, iswalnum_l */
#endif
#include <confab/plugin.h>

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <wctype.h>

typedef struct mangler {
  const confab_api *api;
  confab_engine *engine;
  confab_id plugin;
  locale_t utf8; /* what a letter is; the process's own locale is not touched */
  int on;
  unsigned long long changed;
} mangler;

/* The character at the start of `text`, and its bytes in `*len`; 0 (and one byte) when there is no
 * legal one. */
static uint32_t character(confab_str text, size_t *len) {
  const unsigned char *at = (const unsigned char *)text.ptr;
  *len = 1;
  if (at[0] < 0x80)
    return at[0];
  const size_t bytes = at[0] >= 0xf0 ? 4 : at[0] >= 0xe0 ? 3 : 2;
  if (at[0] < 0xc2 || at[0] > 0xf4 || bytes > text.len)
    return 0;
  uint32_t value = at[0] & (0x7fu >> bytes);
  for (size_t i = 1; i < bytes; ++i) {
    if ((at[i] & 0xc0) != 0x80)
      return 0;
    value = value << 6 | (at[i] & 0x3fu);
  }
  const uint32_t least = bytes == 4 ? 0x10000 : bytes == 3 ? 0x800 : 0x80;
  if (value < least || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff))
    return 0;
  *len = bytes;
  return value;
}

/* Writes what survives of `text`, which is never more, to `out`; returns how much that is. */
static size_t mangle(const mangler *self, confab_str text, char *out) {
  size_t written = 0;
  while (text.len > 0) {
    size_t len = 0;
    const uint32_t c = character(text, &len);
    if (c == ' ' || iswalnum_l((wint_t)c, self->utf8)) {
      memcpy(out + written, text.ptr, len);
      written += len;
    }
    text = confab_str_make(text.ptr + len, text.len - len);
  }
  return written;
}

/* TRANSFORM: what is set here is what later handlers judge, and the core checks it again. */
static confab_verdict CONFAB_CALL rewrite(void *ctx, confab_call *call, const confab_event *event) {
  mangler *self = (mangler *)ctx;
  const confab_str text = ((const confab_event_topic *)event)->text;
  if (!self->on)
    return CONFAB_PASS;
  char *out = (char *)malloc(text.len);
  if (!out)
    return -1; /* not a verdict: a failure, which is counted */
  const size_t len = mangle(self, text, out);
  confab_status status = CONFAB_OK;
  if (len != text.len) {
    status = self->api->call_set(call, CONFAB_FIELD_TEXT, confab_str_make(out, len)); /* copies */
    self->changed += status >= 0;
  }
  free(out);
  return status < 0 ? -1 : CONFAB_PASS;
}

static int is(confab_str text, const char *word) {
  return text.len == strlen(word) && strncasecmp(text.ptr, word, text.len) == 0;
}

/* EXTMSG. The entry says that only operators may; a mistake is answered, and changes nothing. */
static confab_status CONFAB_CALL message(void *ctx, const confab_plugin_message *said) {
  mangler *self = (mangler *)ctx;
  if (is(said->text, "ON") || is(said->text, "OFF"))
    self->on = is(said->text, "ON");
  else if (!is(said->text, "STATUS"))
    return said->answer(said->answer_ctx, CONFAB_STR("Say ON, OFF or STATUS."));
  char line[96];
  const int len = snprintf(line, sizeof line, "Topics are %s; %llu changed so far.",
                           self->on ? "rewritten" : "left alone", self->changed);
  return said->answer(said->answer_ctx, confab_str_make(line, (size_t)len));
}

static confab_status CONFAB_CALL destroy(void *ctx) {
  mangler *self = (mangler *)ctx;
  freelocale(self->utf8);
  free(self);
  return CONFAB_OK;
}

static confab_status CONFAB_CALL create(const confab_api *api, confab_engine *engine,
                                        confab_id plugin, void **out) {
  mangler *self = (mangler *)calloc(1, sizeof *self);
  if (!self)
    return CONFAB_ERR_NOMEM;
  self->api = api;
  self->engine = engine;
  self->plugin = plugin;
  self->utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
  if (self->utf8 == (locale_t)0) {
    api->log(engine, CONFAB_LOG_ERROR, CONFAB_STR("topic_mangler.locale"),
             CONFAB_STR("this system has no locale C.UTF-8"), 0);
    free(self);
    return CONFAB_ERR_UNSUPPORTED;
  }
  confab_setting_info on;
  memset(&on, 0, sizeof on);
  on.struct_size = (uint32_t)sizeof on;
  api->plugin_setting(engine, plugin, CONFAB_STR("on"), &on);
  self->on = on.integer != 0;

  confab_hook hook = confab_hook_init();
  hook.type = CONFAB_EVENT_TOPIC;
  hook.stage = CONFAB_STAGE_TRANSFORM;
  hook.flags = CONFAB_HOOK_HAS_TEXT;
  hook.ctx = self;
  hook.call = rewrite;
  const confab_status status = api->hook_add(engine, &hook, NULL);
  if (status < 0) {
    destroy(self);
    return status;
  }
  *out = self;
  return CONFAB_OK;
}

static const confab_setting settings[] = {
    {"on", CONFAB_SETTING_BOOL, CONFAB_SETTING_FIXED, "true", NULL, NULL, NULL,
     "Whether it rewrites from the start.", NULL},
};

CONFAB_PLUGIN_EXPORT = {
    CONFAB_PLUGIN_HEAD,
    .id = "confab.topic_mangler",
    .version = "1.0",
    .summary = "Keeps only letters, digits and spaces of topics.",
    .settings = settings,
    .settings_count = sizeof settings / sizeof settings[0],
    .message_permission = CONFAB_PERMIT_OPERATOR,
    .create = create,
    .destroy = destroy,
    .message = message,
};
