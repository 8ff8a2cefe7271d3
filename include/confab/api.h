/* SPDX-License-Identifier: MIT
 *
 * The API as a table: what a plugin gets instead of linking the library. Each member is the
 * function confab_<member> of the header that is named before it; that header is its manual. All
 * that may be called inside handlers is here; what only the host may call is not, for it drives the
 * engine.
 *
 * The table only grows, at its end. A plugin that was built with an older header finds all it
 * knows; one that was built with a newer header is refused by `abi_minor_least` of its entry, or
 * looks first: CONFAB_HAS(api, member). The table is constant and lives as long as the library. */
#ifndef CONFAB_API_H
#define CONFAB_API_H

#include <confab/comic.h>
#include <confab/command.h>
#include <confab/deferral.h>
#include <confab/engine.h>
#include <confab/extend.h>
#include <confab/hook.h>
#include <confab/metrics.h>
#include <confab/query.h>
#include <confab/service.h>
#include <confab/setting.h>
#include <confab/status.h>
#include <confab/version.h>

/* Of plugin.h, which includes this. */
struct confab_plugin_info;

typedef struct confab_api {
  uint32_t struct_size;
  uint32_t reserved0;

  /* version.h */
  const char *(CONFAB_CALL *version)(void);
  uint32_t(CONFAB_CALL *abi_major)(void);
  uint32_t(CONFAB_CALL *abi_minor)(void);
  int32_t(CONFAB_CALL *has_feature)(const char *name);

  /* status.h */
  const char *(CONFAB_CALL *status_name)(confab_status status);

  /* query.h */
  confab_status(CONFAB_CALL *user_find)(const confab_engine *engine, confab_str nick,
                                        confab_id *out);
  confab_status(CONFAB_CALL *channel_find)(const confab_engine *engine, confab_str name,
                                           confab_id *out);
  confab_status(CONFAB_CALL *member_find)(const confab_engine *engine, confab_id channel,
                                          confab_id user, confab_id *out);
  confab_status(CONFAB_CALL *conn_get)(const confab_engine *engine, confab_id conn,
                                       confab_conn_info *out);
  confab_status(CONFAB_CALL *user_get)(const confab_engine *engine, confab_id user,
                                       confab_user_info *out);
  confab_status(CONFAB_CALL *channel_get)(const confab_engine *engine, confab_id channel,
                                          confab_channel_info *out);
  confab_status(CONFAB_CALL *member_get)(const confab_engine *engine, confab_id member,
                                         confab_member_info *out);
  confab_status(CONFAB_CALL *list_get)(const confab_engine *engine, confab_id channel,
                                       uint32_t list, uint32_t index, confab_list_entry *out);
  confab_status(CONFAB_CALL *conn_next)(const confab_engine *engine, confab_id after,
                                        confab_id *out);
  confab_status(CONFAB_CALL *user_next)(const confab_engine *engine, confab_id after,
                                        confab_id *out);
  confab_status(CONFAB_CALL *channel_next)(const confab_engine *engine, confab_id after,
                                           confab_id *out);
  confab_status(CONFAB_CALL *user_conn_next)(const confab_engine *engine, confab_id user,
                                             confab_id after, confab_id *out);
  confab_status(CONFAB_CALL *user_member_next)(const confab_engine *engine, confab_id user,
                                               confab_id after, confab_id *out);
  confab_status(CONFAB_CALL *channel_member_next)(const confab_engine *engine, confab_id channel,
                                                  confab_id after, confab_id *out);
  confab_status(CONFAB_CALL *visible)(const confab_engine *engine, confab_id viewer,
                                      confab_id subject);

  /* command.h */
  confab_status(CONFAB_CALL *command_submit)(confab_engine *engine, const confab_event *command,
                                             uint64_t *seq);

  /* hook.h */
  confab_status(CONFAB_CALL *hook_add)(confab_engine *engine, const confab_hook *hook,
                                       confab_id *out);
  confab_status(CONFAB_CALL *hook_remove)(confab_engine *engine, confab_id hook);
  confab_engine *(CONFAB_CALL *call_engine)(confab_call *call);
  confab_status(CONFAB_CALL *call_deny)(confab_call *call, uint32_t code, confab_str text,
                                        uint32_t visibility);
  confab_status(CONFAB_CALL *call_override)(confab_call *call, confab_str reason);
  confab_status(CONFAB_CALL *call_set)(confab_call *call, uint32_t field, confab_str value);
  confab_status(CONFAB_CALL *call_set_number)(confab_call *call, uint32_t field, uint64_t value);
  const confab_event *(CONFAB_CALL *call_event)(confab_call *call);
  confab_status(CONFAB_CALL *call_original)(confab_call *call, uint32_t field, confab_str *out,
                                            confab_id *changed_by);
  confab_status(CONFAB_CALL *call_outcome)(confab_call *call, confab_outcome *out);
  confab_status(CONFAB_CALL *call_cause)(confab_call *call, uint32_t index, confab_cause *out);

  /* deferral.h */
  confab_status(CONFAB_CALL *call_defer)(confab_call *call, uint32_t wait_ms, confab_id *token);
  confab_status(CONFAB_CALL *deferral_set)(confab_engine *engine, confab_id token, uint32_t field,
                                           confab_str value);
  confab_status(CONFAB_CALL *deferral_resolve)(confab_engine *engine, confab_id token,
                                               confab_verdict verdict, uint32_t code,
                                               confab_str text, uint32_t visibility);
  confab_status(CONFAB_CALL *deferral_get)(const confab_engine *engine, confab_id token,
                                           confab_deferral_info *out);
  confab_status(CONFAB_CALL *deferral_next)(const confab_engine *engine, confab_id after,
                                            confab_id *out);

  /* metrics.h */
  confab_status(CONFAB_CALL *hook_stats_get)(const confab_engine *engine, confab_id hook,
                                             confab_hook_stats *out);
  confab_status(CONFAB_CALL *hook_get)(const confab_engine *engine, confab_id hook,
                                       confab_hook_info *out);
  confab_status(CONFAB_CALL *hook_next)(const confab_engine *engine, confab_id after,
                                        confab_id *out);

  /* extend.h */
  confab_status(CONFAB_CALL *addition_remove)(confab_engine *engine, confab_id addition);
  confab_status(CONFAB_CALL *addition_get)(const confab_engine *engine, confab_id addition,
                                           confab_addition_info *out);
  confab_status(CONFAB_CALL *addition_next)(const confab_engine *engine, confab_id after,
                                            confab_id *out);
  confab_status(CONFAB_CALL *addition_find)(const confab_engine *engine, uint32_t kind,
                                            confab_str name, confab_id *out);

  /* extend_command.h */
  confab_status(CONFAB_CALL *command_add)(confab_engine *engine, const confab_command_spec *spec,
                                          confab_id *out);
  confab_status(CONFAB_CALL *numeric_add)(confab_engine *engine, const confab_numeric_spec *spec,
                                          confab_id *out);
  confab_status(CONFAB_CALL *reply_notice)(confab_engine *engine, confab_id conn, confab_str text);
  confab_status(CONFAB_CALL *reply_numeric)(confab_engine *engine, confab_id conn,
                                            confab_id numeric, const confab_str *params,
                                            size_t count, confab_str text);

  /* extend_client.h */
  confab_status(CONFAB_CALL *capability_add)(confab_engine *engine,
                                             const confab_capability_spec *spec, confab_id *out);
  confab_status(CONFAB_CALL *conn_has_capability)(const confab_engine *engine, confab_id conn,
                                                  confab_id capability);
  confab_status(CONFAB_CALL *isupport_add)(confab_engine *engine, const confab_isupport_spec *spec,
                                           confab_id *out);

  /* extend_mode.h */
  confab_status(CONFAB_CALL *mode_add)(confab_engine *engine, const confab_mode_spec *spec,
                                       confab_id *out, uint32_t *mode);
  confab_status(CONFAB_CALL *channel_mode_value)(const confab_engine *engine, confab_id channel,
                                                 uint32_t mode, confab_str *out);

  /* extend_property.h */
  confab_status(CONFAB_CALL *property_add)(confab_engine *engine, const confab_property_spec *spec,
                                           confab_id *out);
  confab_status(CONFAB_CALL *property_get)(const confab_engine *engine, confab_id subject,
                                           confab_str name, confab_str *out);
  confab_status(CONFAB_CALL *property_next)(const confab_engine *engine, confab_id subject,
                                            confab_id after, confab_id *out, confab_str *value);
  confab_status(CONFAB_CALL *property_allowed)(const confab_engine *engine, confab_id viewer,
                                               confab_id subject, confab_id property,
                                               uint32_t write);

  /* extend_slot.h */
  confab_status(CONFAB_CALL *slot_add)(confab_engine *engine, const confab_slot_spec *spec,
                                       confab_id *out);
  confab_status(CONFAB_CALL *slot_set)(confab_engine *engine, confab_id slot, confab_id object,
                                       void *data);
  confab_status(CONFAB_CALL *slot_get)(const confab_engine *engine, confab_id slot,
                                       confab_id object, void **data);

  /* extend_time.h */
  confab_status(CONFAB_CALL *timer_add)(confab_engine *engine, const confab_timer_spec *spec,
                                        confab_id *out);
  confab_status(CONFAB_CALL *engine_time)(const confab_engine *engine, confab_time *now,
                                          int64_t *unix_ns);

  /* extend_world.h */
  confab_status(CONFAB_CALL *space_add)(confab_engine *engine, const confab_space_spec *spec,
                                        confab_id *out, uint16_t *space);
  confab_status(CONFAB_CALL *event_submit)(confab_engine *engine, const confab_event_custom *event,
                                           uint64_t *seq);
  confab_status(CONFAB_CALL *service_add)(confab_engine *engine, const confab_service_spec *spec,
                                          confab_id *out);
  confab_status(CONFAB_CALL *service_find)(const confab_engine *engine, confab_str name,
                                           uint32_t version_least, const void **table,
                                           confab_id *service);

  /* plugin.h */
  confab_status(CONFAB_CALL *plugin_remove)(confab_engine *engine, confab_id plugin,
                                            uint32_t drain_ms);
  confab_status(CONFAB_CALL *plugin_setting)(const confab_engine *engine, confab_id plugin,
                                             confab_str name, confab_setting_info *out);
  confab_status(CONFAB_CALL *plugin_get)(const confab_engine *engine, confab_id plugin,
                                         struct confab_plugin_info *out);
  confab_status(CONFAB_CALL *plugin_next)(const confab_engine *engine, confab_id after,
                                          confab_id *out);
  confab_status(CONFAB_CALL *plugin_find)(const confab_engine *engine, confab_str name,
                                          confab_id *out);
  confab_status(CONFAB_CALL *log)(const confab_engine *engine, uint32_t level, confab_str event,
                                  confab_str text, confab_id subject);

  /* engine.h */
  confab_status(CONFAB_CALL *request_resolve)(confab_engine *engine, confab_id request,
                                              confab_status status, confab_str text);
  confab_status(CONFAB_CALL *engine_stats_get)(const confab_engine *engine,
                                               confab_engine_stats *out);

  /* query.h */
  confab_status(CONFAB_CALL *name_fold)(const confab_engine *engine, confab_str name, char *out,
                                        size_t out_size);

  /* comic.h */
  confab_status(CONFAB_CALL *comic_read)(confab_str text, uint32_t data, confab_comic *out);

  /* service.h */
  confab_status(CONFAB_CALL *service_get)(const confab_engine *engine, char *out, size_t size,
                                          size_t *needed);

  /* query.h */
  confab_status(CONFAB_CALL *access_get)(const confab_engine *engine, uint32_t subject,
                                         confab_id of, uint32_t list, uint32_t index,
                                         confab_list_entry *out);
} confab_api;

#endif
