// SPDX-License-Identifier: MIT
//
// The whole of confab's C++ API: a header-only wrapper, written only in terms of confab.h.
//
//   status ids options        text views, errors, ids by kind, options with their defaults
//   host engine               what the engine calls, and what drives it
//   life library              when an engine ends; which library it may be
//   engine_view walk          what one may ask; the ranges it gives
//   engine_ref command        what one may submit: all that a handler has
//   event events events_bus   events as views; those about channels in events_channel
//   interest verdict call     the event bus: what a handler cares for, gets and answers
//   additions thrown          commands of clients, and timers; what becomes of exceptions
//   handler setters waiting   how it is called; what it may set; acts whose handler took its time
//   task act answer           such a handler as a coroutine, what it judges, what it may await;
//   task_promise task_awaiter how it runs and waits
//
//   confab::engine engine;
//   engine.on<confab::message>(confab::policy, [](confab::call &, const confab::message &m) {
//     return m.text().empty() ? confab::deny("say something") : confab::pass;
//   });
#pragma once

#include <confab/confab.h>
#include <confab/cpp/act.hpp>
#include <confab/cpp/additions.hpp>
#include <confab/cpp/answer.hpp>
#include <confab/cpp/call.hpp>
#include <confab/cpp/command.hpp>
#include <confab/cpp/engine.hpp>
#include <confab/cpp/engine_ref.hpp>
#include <confab/cpp/engine_view.hpp>
#include <confab/cpp/event.hpp>
#include <confab/cpp/events.hpp>
#include <confab/cpp/events_bus.hpp>
#include <confab/cpp/events_channel.hpp>
#include <confab/cpp/handler.hpp>
#include <confab/cpp/host.hpp>
#include <confab/cpp/ids.hpp>
#include <confab/cpp/interest.hpp>
#include <confab/cpp/library.hpp>
#include <confab/cpp/life.hpp>
#include <confab/cpp/options.hpp>
#include <confab/cpp/setters.hpp>
#include <confab/cpp/status.hpp>
#include <confab/cpp/task.hpp>
#include <confab/cpp/task_awaiter.hpp>
#include <confab/cpp/task_promise.hpp>
#include <confab/cpp/thrown.hpp>
#include <confab/cpp/verdict.hpp>
#include <confab/cpp/waiting.hpp>
#include <confab/cpp/walk.hpp>
