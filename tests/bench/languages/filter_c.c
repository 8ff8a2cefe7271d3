// SPDX-License-Identifier: MIT
//
// What a filter in C costs a message; languages.py says what is measured, and compares it with the
// same in other languages. For each line on its input, the name of a kind of handler, it prints how
// many nanoseconds a message took with that handler.
#define _GNU_SOURCE // memmem

#include <confab/confab.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { BATCH = 50, BATCHES = 40, KINDS = 4 };

#define LINE "PRIVMSG #room :hello there everybody, darn it, that was a fine evening\r\n"

static void check(confab_status status) {
  if (status < 0) {
    fprintf(stderr, "filter_c: %s\n", confab_status_name(status));
    exit(1);
  }
}

static confab_verdict rewrite(void *ctx, confab_call *call, const confab_event *event) {
  (void)ctx;
  const confab_str text = ((const confab_event_message *)event)->text;
  const char *found = memmem(text.ptr, text.len, "darn", 4);
  char made[512];
  if (found && text.len <= sizeof made) {
    memcpy(made, text.ptr, text.len);
    for (; found; found = memmem(found + 4, (size_t)(text.ptr + text.len - found - 4), "darn", 4)) {
      memcpy(made + (found - text.ptr), "****", 4);
    }
    check(confab_call_set(call, CONFAB_FIELD_TEXT, confab_str_make(made, text.len)));
  }
  return CONFAB_PASS;
}

static confab_verdict judge(void *ctx, confab_call *call, const confab_event *event) {
  (void)ctx;
  const confab_str text = ((const confab_event_message *)event)->text;
  if (memmem(text.ptr, text.len, "spam", 4)) {
    check(
        confab_call_deny(call, CONFAB_REFUSED_POLICY, CONFAB_STR("no spam"), CONFAB_DENIAL_ERROR));
    return CONFAB_DENY;
  }
  return CONFAB_PASS;
}

static confab_verdict see(void *ctx, confab_call *call, const confab_event *event) {
  (void)ctx, (void)call, (void)event;
  return CONFAB_PASS;
}

static confab_status take_all(void *ctx, confab_id conn, void *conn_ctx, const confab_slice *slices,
                              size_t count, size_t *accepted) {
  (void)ctx, (void)conn, (void)conn_ctx;
  for (size_t i = 0; i < count; ++i) {
    *accepted += slices[i].len;
  }
  return CONFAB_OK;
}

typedef struct kind {
  const char *name;
  uint16_t stage;
  confab_verdict(CONFAB_CALL *call)(void *ctx, confab_call *call, const confab_event *event);
  confab_engine *engine;
  confab_id from; // who speaks; another listens
} kind;

static void feed(kind *k, confab_id conn, const char *bytes, size_t len) {
  size_t taken = 0;
  check(confab_conn_feed(k->engine, conn, 0, bytes, len, &taken));
}

static void start(kind *k) {
  confab_engine_options options = confab_engine_options_init();
  options.commands_burst_max = 0;
  confab_host host = confab_host_init();
  host.send = take_all;
  check(confab_engine_create(&options, &host, &k->engine));
  for (int i = 0; i < 2; ++i) {
    confab_conn_options conn = confab_conn_options_init();
    conn.address = CONFAB_STR("192.0.2.1");
    confab_id opened = 0;
    check(confab_conn_open(k->engine, &conn, 0, &opened));
    char lines[64];
    const int len = snprintf(lines, sizeof lines, "NICK n%d\r\nUSER u 0 * :u\r\nJOIN #room\r\n", i);
    feed(k, opened, lines, (size_t)len);
    k->from = opened;
  }
  check(confab_engine_flush(k->engine));
  if (k->call) {
    confab_hook hook = confab_hook_init();
    hook.type = CONFAB_EVENT_MESSAGE;
    hook.stage = k->stage;
    hook.call = k->call;
    check(confab_hook_add(k->engine, &hook, NULL));
  }
}

static double round_ns(kind *k, const char *batch, size_t len) {
  struct timespec begin, end;
  clock_gettime(CLOCK_MONOTONIC, &begin);
  for (int i = 0; i < BATCHES; ++i) {
    feed(k, k->from, batch, len);
    check(confab_engine_flush(k->engine));
  }
  clock_gettime(CLOCK_MONOTONIC, &end);
  const double ns =
      (double)(end.tv_sec - begin.tv_sec) * 1e9 + (double)(end.tv_nsec - begin.tv_nsec);
  return ns / (BATCH * BATCHES);
}

int main(void) {
  kind kinds[KINDS] = {{"none", 0, NULL, NULL, 0},
                       {"rewrites", CONFAB_STAGE_TRANSFORM, rewrite, NULL, 0},
                       {"judges", CONFAB_STAGE_POLICY, judge, NULL, 0},
                       {"sees", CONFAB_STAGE_OBSERVE, see, NULL, 0}};
  static char batch[BATCH * (sizeof LINE - 1)];
  for (size_t i = 0; i < BATCH; ++i) {
    memcpy(batch + i * (sizeof LINE - 1), LINE, sizeof LINE - 1);
  }
  for (kind *k = kinds; k < kinds + KINDS; ++k) {
    start(k);
  }
  char wanted[32];
  while (scanf("%31s", wanted) == 1) {
    for (kind *k = kinds; k < kinds + KINDS; ++k) {
      if (strcmp(k->name, wanted) == 0) {
        printf("%.1f\n", round_ns(k, batch, sizeof batch));
        fflush(stdout);
      }
    }
  }
  for (kind *k = kinds; k < kinds + KINDS; ++k) {
    check(confab_engine_destroy(k->engine));
  }
  return 0;
}
