/* SPDX-License-Identifier: MIT
 *
 * The API's functions under their usual names, in a plugin that links nothing: after
 * confab_names_use(api), as the first thing in `install` and `create`, confab_hook_add(...) is
 * api->hook_add(...), and the short forms of helpers.h work. Include this instead of other headers
 * of confab, before any of them. Each file of a plugin that includes it has a name for the table of
 * its own, and calls confab_names_use for itself. The table is the same for all instances and
 * engines; it is set once. Without this header, write api->hook_add(...). */
#ifndef CONFAB_PLUGIN_NAMES_H
#define CONFAB_PLUGIN_NAMES_H

#ifdef CONFAB_HELPERS_H
#error "include <confab/plugin/names.h> before other headers of confab"
#endif

#include <confab/conn.h>
#include <confab/plugin.h>

static const confab_api *confab_named_table;

/* The table that the names stand for. */
static inline const confab_api *confab_named_api(void) {
#if defined(__GNUC__)
  return __atomic_load_n(&confab_named_table,
                         __ATOMIC_ACQUIRE); /* engines have threads of their own */
#else
  return confab_named_table;
#endif
}

static inline void confab_names_use(const confab_api *api) {
#if defined(__GNUC__)
  if (confab_named_api() != api)
    __atomic_store_n(&confab_named_table, api, __ATOMIC_RELEASE);
#else
  confab_named_table = api;
#endif
}

#define confab_version confab_named_api()->version
#define confab_abi_major confab_named_api()->abi_major
#define confab_abi_minor confab_named_api()->abi_minor
#define confab_has_feature confab_named_api()->has_feature
#define confab_status_name confab_named_api()->status_name
#define confab_user_find confab_named_api()->user_find
#define confab_channel_find confab_named_api()->channel_find
#define confab_member_find confab_named_api()->member_find
#define confab_conn_get confab_named_api()->conn_get
#define confab_user_get confab_named_api()->user_get
#define confab_channel_get confab_named_api()->channel_get
#define confab_member_get confab_named_api()->member_get
#define confab_list_get confab_named_api()->list_get
#define confab_conn_next confab_named_api()->conn_next
#define confab_user_next confab_named_api()->user_next
#define confab_channel_next confab_named_api()->channel_next
#define confab_user_conn_next confab_named_api()->user_conn_next
#define confab_user_member_next confab_named_api()->user_member_next
#define confab_channel_member_next confab_named_api()->channel_member_next
#define confab_visible confab_named_api()->visible
#define confab_command_submit confab_named_api()->command_submit
#define confab_hook_add confab_named_api()->hook_add
#define confab_hook_remove confab_named_api()->hook_remove
#define confab_call_engine confab_named_api()->call_engine
#define confab_call_deny confab_named_api()->call_deny
#define confab_call_override confab_named_api()->call_override
#define confab_call_set confab_named_api()->call_set
#define confab_call_set_number confab_named_api()->call_set_number
#define confab_call_event confab_named_api()->call_event
#define confab_call_original confab_named_api()->call_original
#define confab_call_outcome confab_named_api()->call_outcome
#define confab_call_cause confab_named_api()->call_cause
#define confab_call_defer confab_named_api()->call_defer
#define confab_deferral_set confab_named_api()->deferral_set
#define confab_deferral_resolve confab_named_api()->deferral_resolve
#define confab_deferral_get confab_named_api()->deferral_get
#define confab_deferral_next confab_named_api()->deferral_next
#define confab_hook_stats_get confab_named_api()->hook_stats_get
#define confab_hook_get confab_named_api()->hook_get
#define confab_hook_next confab_named_api()->hook_next
#define confab_addition_remove confab_named_api()->addition_remove
#define confab_addition_get confab_named_api()->addition_get
#define confab_addition_next confab_named_api()->addition_next
#define confab_addition_find confab_named_api()->addition_find
#define confab_command_add confab_named_api()->command_add
#define confab_numeric_add confab_named_api()->numeric_add
#define confab_reply_notice confab_named_api()->reply_notice
#define confab_reply_numeric confab_named_api()->reply_numeric
#define confab_capability_add confab_named_api()->capability_add
#define confab_conn_has_capability confab_named_api()->conn_has_capability
#define confab_isupport_add confab_named_api()->isupport_add
#define confab_mode_add confab_named_api()->mode_add
#define confab_channel_mode_value confab_named_api()->channel_mode_value
#define confab_property_add confab_named_api()->property_add
#define confab_property_get confab_named_api()->property_get
#define confab_property_next confab_named_api()->property_next
#define confab_property_allowed confab_named_api()->property_allowed
#define confab_slot_add confab_named_api()->slot_add
#define confab_slot_set confab_named_api()->slot_set
#define confab_slot_get confab_named_api()->slot_get
#define confab_timer_add confab_named_api()->timer_add
#define confab_engine_time confab_named_api()->engine_time
#define confab_space_add confab_named_api()->space_add
#define confab_event_submit confab_named_api()->event_submit
#define confab_service_add confab_named_api()->service_add
#define confab_service_find confab_named_api()->service_find
#define confab_plugin_remove confab_named_api()->plugin_remove
#define confab_plugin_setting confab_named_api()->plugin_setting
#define confab_plugin_get confab_named_api()->plugin_get
#define confab_plugin_next confab_named_api()->plugin_next
#define confab_plugin_find confab_named_api()->plugin_find
#define confab_log confab_named_api()->log
#define confab_request_resolve confab_named_api()->request_resolve
#define confab_engine_stats_get confab_named_api()->engine_stats_get
#define confab_name_fold confab_named_api()->name_fold
#define confab_comic_read confab_named_api()->comic_read
#define confab_service_get confab_named_api()->service_get
#define confab_access_get confab_named_api()->access_get

#include <confab/helpers.h>

#endif
