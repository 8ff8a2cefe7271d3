/* SPDX-License-Identifier: MIT
 *
 * The least a C program does with confab: makes an engine, prints the version it runs on, ends.
 * It sees nothing but what is installed.
 * What an engine is good for is shown in examples/, not here. */
#include <confab/confab.h>

#include <stdio.h>

int main(void) {
  confab_engine_options options = confab_engine_options_init();
  confab_engine *engine = NULL;
  confab_status status = confab_engine_create(&options, NULL, &engine);
  if (status != CONFAB_OK || confab_abi_major() != CONFAB_ABI_MAJOR) {
    fprintf(stderr, "confab_engine_create: %s\n", confab_status_name(status));
    return 1;
  }
  printf("confab %s\n", confab_version());
  return confab_engine_destroy(engine) == CONFAB_OK ? 0 : 1;
}
