// SPDX-License-Identifier: MIT
//
// Two people talk in one process: no sockets, no threads, no clock.
//
// The host (this program) feeds the bytes that clients would send and prints the bytes that they
// would get. A filter on the event bus refuses one word. Read it from main() on. What else a host
// can do is in the headers; a server with real sockets is examples/server_poll.
#include <confab/confab.h>

#include <stdio.h>
#include <stdlib.h>

// Time is an argument. Nothing here waits, so it stands still.
static const confab_time now = 0;

static void check(confab_status status, const char *what) {
  if (status < 0) {
    fprintf(stderr, "%s: %s\n", what, confab_status_name(status));
    exit(1);
  }
}

static int contains(confab_str text, confab_str word) {
  for (size_t at = 0; at + word.len <= text.len; ++at) {
    if (memcmp(text.ptr + at, word.ptr, word.len) == 0) {
      return 1;
    }
  }
  return 0;
}

// The filter. It sees every message before anything happens, whichever protocol it came by.
static confab_verdict no_spam(void *ctx, confab_call *call, const confab_event *event) {
  (void)ctx;
  const confab_event_message *message = (const confab_event_message *)event;
  if (!contains(message->text, CONFAB_STR("spam"))) {
    return CONFAB_PASS;
  }
  check(confab_call_deny(call, CONFAB_REFUSED_CANNOT_SEND, CONFAB_STR("no spam here"),
                         CONFAB_DENIAL_ERROR),
        "deny");
  return CONFAB_DENY;
}

static confab_id client(confab_engine *engine) {
  confab_conn_options options = confab_conn_options_init();
  options.address = CONFAB_STR("192.0.2.1");
  confab_id conn = 0;
  check(confab_conn_open(engine, &options, now, &conn), "open");
  return conn;
}

static void says(confab_engine *engine, confab_id conn, const char *lines) {
  check(confab_conn_feed(engine, conn, now, lines, strlen(lines), NULL), "feed");
  check(confab_engine_flush(engine), "flush");
}

// Takes what is queued for a client; with a name, prints it.
static void receives(confab_engine *engine, confab_id conn, const char *name) {
  confab_slice slice;
  size_t count = 0, total = 0;
  while (check(confab_conn_output(engine, conn, &slice, 1, &count), "output"), count > 0) {
    if (name) {
      printf("%s gets: %.*s", name, (int)slice.len, (const char *)slice.ptr);
    }
    check(confab_conn_sent(engine, conn, slice.len), "sent");
    total += slice.len;
  }
  if (name && total == 0) {
    printf("%s gets nothing\n", name);
  }
}

int main(void) {
  confab_engine *engine = NULL;
  check(confab_engine_create(NULL, NULL, &engine), "create");

  confab_id filter = 0;
  confab_hook hook = confab_hook_init();
  hook.type = CONFAB_EVENT_MESSAGE;
  hook.stage = CONFAB_STAGE_POLICY;
  hook.call = no_spam;
  check(confab_hook_add(engine, &hook, &filter), "hook");

  confab_id ann = client(engine), bob = client(engine);
  says(engine, ann, "NICK ann\r\nUSER ann 0 * :Ann\r\nJOIN #tea\r\n");
  says(engine, bob, "NICK bob\r\nUSER bob 0 * :Bob\r\nJOIN #tea\r\n");
  receives(engine, ann, NULL); // the welcome, which is long
  receives(engine, bob, NULL);

  says(engine, ann, "PRIVMSG #tea :Hello, Bob!\r\n");
  receives(engine, bob, "bob");
  says(engine, bob, "PRIVMSG #tea :Buy spam, Ann!\r\n");
  receives(engine, ann, "ann");
  receives(engine, bob, "bob");

  check(confab_engine_destroy(engine), "destroy");
  return 0;
}
