/* SPDX-License-Identifier: MIT
 *
 * The whole of confab's C API. Each header is the manual of its topic:
 *
 *   version.h status.h types.h   the frozen floor
 *   host.h engine.h conn.h       create, drive; sockets by callback
 *   query.h command.h            const reads; submitted writes
 *   event.h hook.h               the event bus
 *   helpers.h                    short forms, written only in terms of the above */
#ifndef CONFAB_CONFAB_H
#define CONFAB_CONFAB_H

#include <confab/command.h>
#include <confab/conn.h>
#include <confab/engine.h>
#include <confab/event.h>
#include <confab/export.h>
#include <confab/helpers.h>
#include <confab/hook.h>
#include <confab/host.h>
#include <confab/query.h>
#include <confab/status.h>
#include <confab/types.h>
#include <confab/version.h>

#endif
