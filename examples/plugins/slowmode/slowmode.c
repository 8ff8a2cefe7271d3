/* SPDX-License-Identifier: MIT
 *
 * Slow mode: a mode of channels, MODE #x +W 30, that lets each member speak once in so many
 * seconds. Shows an added mode with a value, a policy that judges, an observer that remembers what
 * really happened (a message that another filter refuses costs nothing), and data on members that
 * goes with them. Who has voice or more may always speak. Nothing here knows a protocol. */
#include <confab/plugin.h>

#include <stdio.h>
#include <stdlib.h>

#define NS_PER_S UINT64_C(1000000000)

typedef struct slowmode {
  const confab_api *api;
  confab_id plugin;
  confab_id slot; /* on members: when they spoke last */
  uint32_t mode;
} slowmode;

/* The seconds that a mode's value says, or 0 for what is no number from 1 to 999999. */
static uint32_t seconds_of(confab_str value) {
  uint32_t seconds = 0;
  if (value.len < 1 || value.len > 6 || value.ptr[0] == '0')
    return 0;
  for (size_t i = 0; i < value.len; ++i) {
    if (value.ptr[i] < '0' || value.ptr[i] > '9')
      return 0;
    seconds = seconds * 10 + (uint32_t)(value.ptr[i] - '0');
  }
  return seconds;
}

static int64_t setting(const slowmode *self, const confab_engine *engine, const char *name) {
  confab_setting_info info = {.struct_size = sizeof info};
  return self->api->plugin_setting(engine, self->plugin, confab_str_of(name), &info) == CONFAB_OK
             ? info.integer
             : 0;
}

static confab_verdict deny(const slowmode *self, confab_call *call, uint32_t code,
                           const char *text) {
  /* Should that fail, it is refused all the same, only without the text. */
  (void)self->api->call_deny(call, code, confab_str_of(text), CONFAB_DENIAL_ERROR);
  return CONFAB_DENY;
}

/* POLICY of a mode change: is the value a number of seconds in range? */
static confab_verdict CONFAB_CALL judge_value(void *ctx, confab_call *call,
                                              const confab_event *event) {
  const slowmode *self = ctx;
  const confab_event_channel_change *e = (const confab_event_channel_change *)event;
  if (e->mode != self->mode || !e->set)
    return CONFAB_PASS;
  const uint32_t seconds = seconds_of(e->value);
  const int64_t most = setting(self, self->api->call_engine(call), "longest") / 1000;
  if (seconds > 0 && seconds <= most)
    return CONFAB_PASS;
  char text[80];
  snprintf(text, sizeof text, "Slow mode takes 1 to %u seconds", (unsigned)most);
  return deny(self, call, CONFAB_REFUSED_BAD_VALUE, text);
}

/* The seconds of a channel that is slow for this user, or 0; `*member` is its place there, or 0. */
static uint32_t slow_for(const slowmode *self, const confab_engine *engine, confab_id channel,
                         confab_id user, confab_id *member) {
  confab_member_info info = {.struct_size = sizeof info};
  confab_str value;
  *member = 0;
  if (user == 0 || confab_id_kind(channel) != CONFAB_KIND_CHANNEL ||
      self->api->channel_mode_value(engine, channel, self->mode, &value) != CONFAB_OK ||
      value.len == 0)
    return 0;
  if (self->api->member_find(engine, channel, user, member) == CONFAB_OK &&
      self->api->member_get(engine, *member, &info) == CONFAB_OK && info.ranks != 0)
    return 0;
  return seconds_of(value);
}

/* When the member spoke last; who just came in has spoken then, or leaving and coming back would
 * be a way around. 0: never. */
static confab_time spoke_at(const slowmode *self, const confab_engine *engine, confab_id member,
                            confab_time now) {
  confab_member_info info = {.struct_size = sizeof info};
  void *spoke = NULL;
  int64_t unix_ns = 0;
  if (self->api->slot_get(engine, self->slot, member, &spoke) == CONFAB_OK && spoke)
    return *(const confab_time *)spoke;
  if (!setting(self, engine, "joining_counts") ||
      self->api->member_get(engine, member, &info) != CONFAB_OK ||
      self->api->engine_time(engine, NULL, &unix_ns) != CONFAB_OK)
    return 0;
  const int64_t ago_s = unix_ns / (int64_t)NS_PER_S - info.joined_unix_s;
  const confab_time ago = ago_s > 0 ? (confab_time)ago_s * NS_PER_S : 0;
  return ago < now ? now - ago : 0;
}

/* POLICY of a message. */
static confab_verdict CONFAB_CALL judge_message(void *ctx, confab_call *call,
                                                const confab_event *event) {
  const slowmode *self = ctx;
  const confab_event_message *e = (const confab_event_message *)event;
  const confab_engine *engine = self->api->call_engine(call);
  confab_id member;
  const uint32_t seconds = slow_for(self, engine, e->target, event->actor, &member);
  if (seconds == 0 || (event->flags & CONFAB_EVENT_FORCED) != 0) /* the host's word */
    return CONFAB_PASS;
  if (member == 0) /* nobody counts for those outside */
    return deny(self, call, CONFAB_REFUSED_MEMBERS_ONLY,
                "Slow mode: only members may speak in this channel");
  const confab_time spoke = spoke_at(self, engine, member, event->time);
  const confab_time until = spoke + seconds * NS_PER_S;
  if (spoke == 0 || event->time >= until)
    return CONFAB_PASS;
  const unsigned wait = (unsigned)((until - event->time + NS_PER_S - 1) / NS_PER_S);
  char text[96];
  snprintf(text, sizeof text, "Slow mode: wait %u more second%s before you speak again", wait,
           wait == 1 ? "" : "s");
  return deny(self, call, CONFAB_REFUSED_CANNOT_SEND, text);
}

/* OBSERVE of a message: it was said, so the clock of who said it starts. */
static confab_verdict CONFAB_CALL remember(void *ctx, confab_call *call,
                                           const confab_event *event) {
  const slowmode *self = ctx;
  const confab_event_message *e = (const confab_event_message *)event;
  confab_engine *engine = self->api->call_engine(call);
  confab_outcome how = {.struct_size = sizeof how};
  confab_id member;
  void *spoke = NULL;
  if (self->api->call_outcome(call, &how) != CONFAB_OK || how.outcome != CONFAB_OUTCOME_COMMITTED ||
      slow_for(self, engine, e->target, event->actor, &member) == 0 || member == 0)
    return CONFAB_PASS;
  if (self->api->slot_get(engine, self->slot, member, &spoke) == CONFAB_OK && spoke) {
    *(confab_time *)spoke = event->time;
    return CONFAB_PASS;
  }
  confab_time *fresh = malloc(sizeof *fresh);
  if (fresh)
    *fresh = event->time;
  if (!fresh || self->api->slot_set(engine, self->slot, member, fresh) < 0) {
    free(fresh);
    return -1; /* a failure of this handler: it is counted and told, and the member may go on */
  }
  return CONFAB_PASS;
}

static confab_status CONFAB_CALL forget(void *ctx, void *data, confab_id member) {
  (void)ctx;
  (void)member;
  free(data);
  return CONFAB_OK;
}

static confab_status add_hook(slowmode *self, confab_engine *engine, uint16_t type, uint16_t stage,
                              confab_verdict(CONFAB_CALL *call)(void *, confab_call *,
                                                                const confab_event *)) {
  confab_hook hook = confab_hook_init();
  hook.type = type;
  hook.stage = stage;
  hook.ctx = self;
  hook.call = call;
  return self->api->hook_add(engine, &hook, NULL);
}

/* Adds everything; what was added before a failure goes with the instance that failed. */
static confab_status set_up(slowmode *self, confab_engine *engine) {
  confab_mode_spec mode = confab_mode_spec_init();
  confab_slot_spec slot = confab_slot_spec_init();
  confab_setting_info letter = {.struct_size = sizeof letter};
  confab_status status;
  mode.subject = CONFAB_KIND_CHANNEL;
  mode.name = CONFAB_STR("slow-mode");
  mode.value = CONFAB_MODE_WHEN_SET;
  slot.kind = CONFAB_KIND_MEMBER;
  slot.name = CONFAB_STR("spoke");
  slot.destroy = forget;
  if ((status = self->api->plugin_setting(engine, self->plugin, CONFAB_STR("letter"), &letter)) < 0)
    return status;
  mode.letter = (unsigned char)letter.text.ptr[0];
  if ((status = self->api->mode_add(engine, &mode, NULL, &self->mode)) < 0 ||
      (status = self->api->slot_add(engine, &slot, &self->slot)) < 0 ||
      (status = add_hook(self, engine, CONFAB_EVENT_CHANNEL_CHANGE, CONFAB_STAGE_POLICY,
                         judge_value)) < 0 ||
      (status = add_hook(self, engine, CONFAB_EVENT_MESSAGE, CONFAB_STAGE_POLICY, judge_message)) <
          0)
    return status;
  return add_hook(self, engine, CONFAB_EVENT_MESSAGE, CONFAB_STAGE_OBSERVE, remember);
}

static confab_status CONFAB_CALL create(const confab_api *api, confab_engine *engine,
                                        confab_id plugin, void **self) {
  slowmode *made = malloc(sizeof *made);
  if (!made)
    return CONFAB_ERR_NOMEM;
  *made = (slowmode){.api = api, .plugin = plugin};
  const confab_status status = set_up(made, engine);
  if (status < 0) {
    free(made);
    return status;
  }
  *self = made;
  return CONFAB_OK;
}

/* The settings that may change are read where they are used. */
static confab_status CONFAB_CALL configure(void *self) {
  (void)self;
  return CONFAB_OK;
}

static confab_status CONFAB_CALL destroy(void *self) {
  free(self);
  return CONFAB_OK;
}

static const confab_setting settings[] = {
    {"letter", CONFAB_SETTING_TEXT, CONFAB_SETTING_FIXED, "W", "1", "1", NULL,
     "The mode's letter for IRC clients.", NULL},
    {"longest", CONFAB_SETTING_DURATION, 0, "6h", "1s", "999999s", NULL,
     "The longest wait that a channel may ask for.", NULL},
    {"joining_counts", CONFAB_SETTING_BOOL, 0, "true", NULL, NULL, NULL,
     "Who has just joined waits as if it had spoken.", NULL}};

CONFAB_PLUGIN_EXPORT = {CONFAB_PLUGIN_HEAD,
                        .id = "org.confab.slowmode",
                        .version = "1.0",
                        .summary = "A channel mode that lets each member speak once in N seconds.",
                        .settings = settings,
                        .settings_count = 3,
                        .flags = CONFAB_PLUGIN_SINGLE,
                        .create = create,
                        .destroy = destroy,
                        .configure = configure};
