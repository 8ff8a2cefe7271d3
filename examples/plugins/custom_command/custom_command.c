/* SPDX-License-Identifier: MIT
 *
 * A command of one's own: ISLOCAL <nick> says whether a user is connected to this server, as the
 * sample CustomCommand of old did by looking at raw lines. Here nothing is parsed: the core knows
 * the verb, its help, how many parameters it takes and who may use it, in every protocol, and
 * filters can judge it like any other act. Nothing is in this file but the handshake and one
 * answer. */
#include <confab/plugin.h>

#include <stdio.h>
#include <stdlib.h>

typedef struct islocal {
  const confab_api *api;
} islocal;

/* What happens when the command has passed every check. */
static confab_status CONFAB_CALL run(void *ctx, confab_engine *engine,
                                     const confab_event_command *event) {
  const confab_api *api = ((const islocal *)ctx)->api;
  const confab_str nick = confab_command_param(event, 0);
  confab_user_info who = {.struct_size = sizeof who};
  confab_id user = 0;
  char text[256]; /* a nick has at most 64 bytes; what a client made up is cut */

  if (nick.len == 0)
    snprintf(text, sizeof text, "Whom do you mean?");
  else if (api->user_find(engine, nick, &user) != CONFAB_OK ||
           api->user_get(engine, user, &who) != CONFAB_OK)
    snprintf(text, sizeof text, "Nobody here is called %.*s", (int)(nick.len < 64 ? nick.len : 64),
             nick.ptr);
  else if (who.sessions == 0)
    snprintf(text, sizeof text, "%.*s is not connected here", (int)who.nick.len, who.nick.ptr);
  else
    snprintf(text, sizeof text, "%.*s is connected here with %u session%s", (int)who.nick.len,
             who.nick.ptr, (unsigned)who.sessions, who.sessions == 1 ? "" : "s");
  return api->reply_notice(engine, event->head.origin, confab_str_of(text));
}

static confab_status CONFAB_CALL destroy(void *self) {
  free(self);
  return CONFAB_OK;
}

static confab_status CONFAB_CALL create(const confab_api *api, confab_engine *engine,
                                        confab_id plugin, void **self) {
  confab_command_spec spec = confab_command_spec_init();
  islocal *made = malloc(sizeof *made);
  (void)plugin; /* what is added here is this instance's own */
  if (!made)
    return CONFAB_ERR_NOMEM;
  made->api = api;
  spec.verb = CONFAB_STR("ISLOCAL");
  spec.help = CONFAB_STR("ISLOCAL <nick>\nSays whether that user is connected to this server.");
  spec.params_min = spec.params_max = 1;
  spec.permission = CONFAB_PERMIT_USER;
  spec.ctx = made;
  spec.run = run;
  const confab_status status = api->command_add(engine, &spec, NULL);
  if (status < 0) { /* somebody has the verb: `destroy` is not called */
    free(made);
    return status;
  }
  *self = made;
  return CONFAB_OK;
}

CONFAB_PLUGIN_EXPORT = {CONFAB_PLUGIN_HEAD,
                        .id = "org.confab.custom_command",
                        .version = "1.0",
                        .summary = "ISLOCAL <nick>: is that user connected here?",
                        .flags = CONFAB_PLUGIN_SINGLE,
                        .create = create,
                        .destroy = destroy};
