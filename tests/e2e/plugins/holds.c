/* SPDX-License-Identifier: MIT
 *
 * A filter for the tests of draining: it defers every message, and passes each after a while; with
 * `after` 0 it never answers. */
#include <confab/plugin.h>

#include <stdlib.h>

#define TOKENS_MAX 64

typedef struct holder {
  const confab_api *api;
  confab_engine *engine;
  confab_id plugin;
  uint32_t after_ms;
  unsigned first, count; /* of tokens, which are a ring */
  confab_id tokens[TOKENS_MAX];
} holder;

static confab_status answer(void *ctx, confab_engine *engine, confab_id timer) {
  holder *h = (holder *)ctx;
  (void)timer;
  if (h->count == 0)
    return CONFAB_OK;
  const confab_id token = h->tokens[h->first];
  h->first = (h->first + 1) % TOKENS_MAX;
  --h->count;
  return h->api->deferral_resolve(engine, token, CONFAB_PASS, 0, confab_str_make(NULL, 0), 0);
}

static confab_verdict judge(void *ctx, confab_call *call, const confab_event *event) {
  holder *h = (holder *)ctx;
  (void)event;
  confab_id token = 0;
  if (h->count == TOKENS_MAX || h->api->call_defer(call, 0, &token) < 0)
    return CONFAB_DENY;
  h->tokens[(h->first + h->count++) % TOKENS_MAX] = token;
  if (h->after_ms > 0) {
    confab_timer_spec timer = confab_timer_spec_init();
    timer.delay_ms = h->after_ms;
    timer.ctx = h;
    timer.run = answer;
    if (h->api->timer_add(h->engine, &timer, NULL) < 0)
      return CONFAB_DENY;
  }
  return CONFAB_DEFER;
}

static confab_status create(const confab_api *api, confab_engine *engine, confab_id plugin,
                            void **self) {
  confab_setting_info after;
  memset(&after, 0, sizeof after);
  after.struct_size = (uint32_t)sizeof after;
  confab_status status = api->plugin_setting(engine, plugin, CONFAB_STR("after"), &after);
  holder *h = status < 0 ? NULL : (holder *)calloc(1, sizeof *h);
  if (!h)
    return status < 0 ? status : CONFAB_ERR_NOMEM;
  h->api = api;
  h->engine = engine;
  h->plugin = plugin;
  h->after_ms = (uint32_t)after.integer;
  confab_hook hook = confab_hook_init();
  hook.type = CONFAB_EVENT_MESSAGE;
  hook.stage = CONFAB_STAGE_POLICY;
  hook.ctx = h;
  hook.call = judge;
  status = api->hook_add(engine, &hook, NULL);
  if (status < 0)
    free(h);
  else
    *self = h;
  return status;
}

static confab_status destroy(void *self) {
  free(self);
  return CONFAB_OK;
}

static const confab_setting settings[] = {{"after", CONFAB_SETTING_DURATION, 0, "0", "0", "1m",
                                           NULL, "When a message is passed; 0: never.", NULL}};

CONFAB_PLUGIN_EXPORT = {CONFAB_PLUGIN_HEAD,   .id = "org.example.holds",
                        .version = "1",       .summary = "Makes messages wait.",
                        .settings = settings, .settings_count = 1,
                        .create = create,     .destroy = destroy};
