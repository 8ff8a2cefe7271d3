/* SPDX-License-Identifier: MIT
 *
 * What the probe (probe.c) tells of itself: the table of the service under its instance's name. It
 * includes nothing of confab, for the names of plugin/names.h are for the plugin's own file. */
#ifndef PROBE_H
#define PROBE_H

struct probe {
  unsigned judged, runs, ticks, dropped, messages;
};

#endif
