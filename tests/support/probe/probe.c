/* SPDX-License-Identifier: MIT
 *
 * A plugin that has one of everything, for tests: built into a test and as a shared object from
 * this one source. What it was asked to do, and what it did, is counted in a service that tests
 * find by the name of the instance. */
#include <confab/plugin/names.h>

#include "probe.h"

#include <stdlib.h>

enum { WORD_BYTES = 64 };

struct self {
  struct probe counts;
  const confab_api *api;
  confab_engine *engine;
  confab_id plugin, numeric, slot;
  uint16_t space;
  char word[WORD_BYTES]; /* what it blocks */
};

static confab_verdict CONFAB_CALL judge(void *ctx, confab_call *call, const confab_event *event) {
  struct self *self = ctx;
  const confab_event_message *message = (const confab_event_message *)event;
  const size_t len = strlen(self->word);
  ++self->counts.judged;
  if (message->text.len != len || memcmp(message->text.ptr, self->word, len) != 0)
    return CONFAB_PASS;
  if (confab_call_deny(call, CONFAB_REFUSED_POLICY, CONFAB_STR("Blocked"), CONFAB_DENIAL_ERROR) < 0)
    return CONFAB_PASS;
  return CONFAB_DENY;
}

static confab_status CONFAB_CALL run(void *ctx, confab_engine *engine,
                                     const confab_event_command *event) {
  struct self *self = ctx;
  const confab_str first = confab_command_param(event, 0);
  confab_event_custom custom;
  ++self->counts.runs;
  memset(&custom, 0, sizeof custom);
  custom.head.struct_size = (uint32_t)sizeof custom;
  custom.head.space = self->space;
  custom.text = first;
  if (confab_event_submit(engine, &custom, NULL) < 0)
    return CONFAB_ERR_STATE;
  return confab_reply_numeric(engine, event->head.origin, self->numeric, &first, 1,
                              confab_str_make(NULL, 0));
}

static confab_status CONFAB_CALL tick(void *ctx, confab_engine *engine, confab_id timer) {
  struct self *self = ctx;
  (void)timer;
  ++self->counts.ticks;
  return confab_log(engine, CONFAB_LOG_DEBUG, CONFAB_STR("probe.tick"), CONFAB_STR("tick"), 0);
}

static confab_status CONFAB_CALL drop(void *ctx, void *data, confab_id object) {
  (void)object;
  ++((struct self *)ctx)->counts.dropped;
  free(data);
  return CONFAB_OK;
}

/* Remembers in its slot that a user came. */
static confab_verdict CONFAB_CALL came(void *ctx, confab_call *call, const confab_event *event) {
  struct self *self = ctx;
  char *mark = malloc(1);
  (void)call;
  if (!mark || confab_slot_set(self->engine, self->slot, event->actor, mark) < 0)
    free(mark);
  return CONFAB_PASS;
}

static confab_status take_settings(struct self *self) {
  confab_setting_info info;
  info.struct_size = (uint32_t)sizeof info;
  if (confab_plugin_setting(self->engine, self->plugin, CONFAB_STR("word"), &info) < 0 ||
      info.text.len >= WORD_BYTES)
    return CONFAB_ERR_ARG;
  memset(self->word, 0, sizeof self->word);
  if (info.text.len > 0)
    memcpy(self->word, info.text.ptr, info.text.len);
  return CONFAB_OK;
}

static confab_status add_hooks(struct self *self) {
  confab_hook hook = confab_hook_init();
  confab_status status;
  hook.type = CONFAB_EVENT_MESSAGE;
  hook.stage = CONFAB_STAGE_POLICY;
  hook.flags = CONFAB_HOOK_HAS_TEXT;
  hook.ctx = self;
  hook.call = judge;
  status = confab_hook_add(self->engine, &hook, NULL);
  if (status < 0)
    return status;
  hook.type = CONFAB_EVENT_REGISTER;
  hook.stage = CONFAB_STAGE_OBSERVE;
  hook.flags = 0;
  hook.call = came;
  return confab_hook_add(self->engine, &hook, NULL);
}

static confab_status add_named(struct self *self, confab_str name) {
  confab_space_spec space = confab_space_spec_init();
  confab_service_spec service = confab_service_spec_init();
  confab_command_spec command = confab_command_spec_init();
  confab_status status;
  space.types = 1;
  space.name = name;
  status = confab_space_add(self->engine, &space, NULL, &self->space);
  if (status < 0)
    return status;
  service.version = 1;
  service.name = name;
  service.table = &self->counts;
  status = confab_service_add(self->engine, &service, NULL);
  if (status < 0)
    return status;
  command.verb = name;
  command.params_min = 1;
  command.params_max = 1;
  command.ctx = self;
  command.run = run;
  return confab_command_add(self->engine, &command, NULL);
}

static confab_status add_others(struct self *self) {
  confab_slot_spec slot = confab_slot_spec_init();
  confab_timer_spec timer = confab_timer_spec_init();
  confab_status status;
  slot.kind = CONFAB_KIND_USER;
  slot.ctx = self;
  slot.destroy = drop;
  status = confab_slot_add(self->engine, &slot, &self->slot);
  if (status < 0)
    return status;
  timer.interval_ms = 100;
  timer.delay_ms = 100;
  timer.ctx = self;
  timer.run = tick;
  return confab_timer_add(self->engine, &timer, NULL);
}

/* A number that no other instance has: the command answers with it. */
static confab_status add_numeric(struct self *self) {
  confab_numeric_spec numeric = confab_numeric_spec_init();
  confab_status status = CONFAB_ERR_EXISTS;
  char name[] = "RPL_PROBE_A";
  numeric.text = CONFAB_STR("is what you said");
  for (numeric.number = 950; status == CONFAB_ERR_EXISTS && numeric.number < 970;
       ++numeric.number, ++name[sizeof name - 2]) {
    numeric.name = confab_str_of(name);
    status = confab_numeric_add(self->engine, &numeric, &self->numeric);
  }
  return status;
}

static confab_status CONFAB_CALL create(const confab_api *api, confab_engine *engine,
                                        confab_id plugin, void **out) {
  confab_plugin_info info;
  confab_setting_info fail;
  confab_status status;
  struct self *self = calloc(1, sizeof *self);
  if (!self)
    return CONFAB_ERR_NOMEM;
  confab_names_use(api);
  self->api = api;
  self->engine = engine;
  self->plugin = plugin;
  info.struct_size = (uint32_t)sizeof info;
  fail.struct_size = (uint32_t)sizeof fail;
  status = confab_plugin_get(engine, plugin, &info);
  if (status == CONFAB_OK)
    status = take_settings(self);
  if (status == CONFAB_OK)
    status = add_hooks(self);
  if (status == CONFAB_OK)
    status = add_named(self, info.name);
  if (status == CONFAB_OK)
    status = add_numeric(self);
  if (status == CONFAB_OK)
    status = add_others(self);
  if (status == CONFAB_OK)
    status = confab_plugin_setting(engine, plugin, CONFAB_STR("fail"), &fail);
  if (status == CONFAB_OK && fail.integer != 0)
    status = CONFAB_ERR_STATE;
  if (status != CONFAB_OK) {
    free(self); /* what it added is never called again */
    return status;
  }
  *out = self;
  return CONFAB_OK;
}

static confab_status CONFAB_CALL destroy(void *ctx) {
  free(ctx);
  return CONFAB_OK;
}

static confab_status CONFAB_CALL configure(void *ctx) { return take_settings(ctx); }

static confab_status CONFAB_CALL message(void *ctx, const confab_plugin_message *said) {
  struct self *self = ctx;
  ++self->counts.messages;
  return said->answer(said->answer_ctx, said->text);
}

static const void *CONFAB_CALL extension(void *ctx, const char *name) {
  const struct self *self = ctx;
  return strcmp(name, "org.example.probe/word") == 0 ? self->word : NULL;
}

static const confab_setting settings[] = {
    {"word", CONFAB_SETTING_TEXT, 0, "darn", "1", "60", NULL, "What it blocks.", NULL},
    {"fail", CONFAB_SETTING_BOOL, CONFAB_SETTING_FIXED, NULL, NULL, NULL, NULL,
     "Whether it fails to be created.", NULL},
};

CONFAB_PLUGIN_EXPORT = {
    CONFAB_PLUGIN_HEAD,     .id = "org.example.probe",
    .version = "1.0",       .summary = "Has one of everything.",
    .settings = settings,   .settings_count = 2,
    .create = create,       .destroy = destroy,
    .configure = configure, .message = message,
    .extension = extension,
};
