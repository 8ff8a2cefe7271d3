/* SPDX-License-Identifier: MIT
 *
 * The whole of confab's C API. Each header is the manual of its topic:
 *
 *   version.h status.h types.h   the frozen floor
 *   host.h engine.h conn.h       create, drive; sockets by callback
 *   query.h command.h            const reads; submitted writes
 *   event.h hook.h deferral.h    the event bus: events, handlers, handlers that take their time
 *   metrics.h                    what handlers cost and did
 *   service.h                    classes, bans, protection, registered channels: JSON in and out
 *   extend.h extend_*.h          what may be added: commands, modes, properties, timers, data, ...
 *   plugin.h api.h setting.h     plugins: their entry, what they get, their settings
 *   helpers.h                    short forms, written only in terms of the above */
#ifndef CONFAB_CONFAB_H
#define CONFAB_CONFAB_H

#include <confab/api.h>
#include <confab/comic.h>
#include <confab/command.h>
#include <confab/conn.h>
#include <confab/deferral.h>
#include <confab/engine.h>
#include <confab/event.h>
#include <confab/event_bus.h>
#include <confab/event_channel.h>
#include <confab/export.h>
#include <confab/extend.h>
#include <confab/extend_client.h>
#include <confab/extend_command.h>
#include <confab/extend_mode.h>
#include <confab/extend_property.h>
#include <confab/extend_slot.h>
#include <confab/extend_time.h>
#include <confab/extend_world.h>
#include <confab/helpers.h>
#include <confab/hook.h>
#include <confab/host.h>
#include <confab/metrics.h>
#include <confab/plugin.h>
#include <confab/query.h>
#include <confab/refusal.h>
#include <confab/service.h>
#include <confab/setting.h>
#include <confab/status.h>
#include <confab/types.h>
#include <confab/version.h>

#endif
