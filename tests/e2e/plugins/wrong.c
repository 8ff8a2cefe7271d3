/* SPDX-License-Identifier: MIT
 *
 * A filter that breaks its contract, for the tests of what a server makes of that: as the compiler
 * is told, it answers what is no verdict (VERDICT), or takes its time (SLEEP_MS). */
#include <confab/plugin.h>

#include <time.h>

#ifndef VERDICT
#define VERDICT CONFAB_PASS
#endif
#ifndef SLEEP_MS
#define SLEEP_MS 0
#endif

static int nothing;

static confab_verdict judge(void *ctx, confab_call *call, const confab_event *event) {
  (void)ctx;
  (void)call;
  (void)event;
  const struct timespec wait = {SLEEP_MS / 1000, SLEEP_MS % 1000 * 1000000L};
  if (SLEEP_MS > 0)
    nanosleep(&wait, NULL);
  return VERDICT;
}

static confab_status create(const confab_api *api, confab_engine *engine, confab_id plugin,
                            void **self) {
  (void)plugin;
  *self = &nothing;
  confab_hook hook = confab_hook_init();
  hook.type = CONFAB_EVENT_MESSAGE;
  hook.stage = CONFAB_STAGE_POLICY;
  hook.call = judge;
  return api->hook_add(engine, &hook, NULL);
}

CONFAB_PLUGIN_EXPORT = {CONFAB_PLUGIN_HEAD, .id = "org.example.wrong", .version = "1",
                        .create = create};
