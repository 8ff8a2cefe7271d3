// SPDX-License-Identifier: MIT
//
// A program on confab.h and confab.cc: the parts that hello does not touch are in the single source
// too, and work. It speaks IRCX and MIC, sets the service's configuration, and prints what it saw;
// amalgamation.py compares that.
#include <confab/confab.h>

#include <stdio.h>
#include <stdlib.h>

static void check(confab_status status, const char *what) {
  if (status < 0) {
    fprintf(stderr, "%s: %s\n", what, confab_status_name(status));
    exit(1);
  }
}

// What the engine answers to the first bytes of a client, and which protocol it took them for.
static void greet(confab_engine *engine, const char *bytes, size_t size) {
  confab_conn_options options = confab_conn_options_init();
  options.address = CONFAB_STR("192.0.2.1");
  confab_id conn = 0;
  check(confab_conn_open(engine, &options, 0, &conn), "open");
  check(confab_conn_feed(engine, conn, 0, bytes, size, NULL), "feed");
  check(confab_engine_flush(engine), "flush");
  confab_conn_info info = {.struct_size = sizeof info};
  check(confab_conn_get(engine, conn, &info), "get");
  confab_slice slice = {0};
  size_t count = 0;
  check(confab_conn_output(engine, conn, &slice, 1, &count), "output");
  printf("%s, answered: %s\n",
         info.protocol == CONFAB_PROTOCOL_IRCX  ? "IRCX"
         : info.protocol == CONFAB_PROTOCOL_MIC ? "MIC"
                                                : "IRC",
         count && slice.len ? "yes" : "no");
}

int main(void) {
  const char *names[] = {"irc", "ircv3", "ircx", "mic", "service"};
  for (size_t i = 0; i < sizeof names / sizeof *names; ++i) {
    printf("%s: %d\n", names[i], (int)confab_has_feature(names[i]));
  }
  confab_engine *engine = NULL;
  check(confab_engine_create(NULL, NULL, &engine), "create");
  greet(engine, "IRCX\r\n", 6);
  greet(engine, "MODE ISMIC\r\n", 12);
  check(confab_service_set(engine, CONFAB_STR("{\"channels\": [{\"name\": \"#lobby\"}]}")),
        "service");
  confab_id channel = 0;
  check(confab_channel_find(engine, CONFAB_STR("#lobby"), &channel), "find");
  printf("#lobby: %s\n", channel ? "there" : "missing");
  check(confab_engine_destroy(engine), "destroy");
  return 0;
}
