/* SPDX-License-Identifier: MIT
 *
 * The settings of a plugin, as data: name, type, range, default and help of each, so that any tool
 * can show and check them without running the plugin. Values are texts; what a text means is said
 * with its type. */
#ifndef CONFAB_SETTING_H
#define CONFAB_SETTING_H

#include <confab/types.h>

/* confab_setting.type: how the text is read, and what `least` and `most` bound. */
enum {
  CONFAB_SETTING_BOOL = 1,   /* true, yes, on, 1; false, no, off, 0; without case */
  CONFAB_SETTING_INT = 2,    /* a decimal number of 64 bits with a sign; its value */
  CONFAB_SETTING_NUMBER = 3, /* a decimal number with a fraction or exponent, finite; its value */
  CONFAB_SETTING_TEXT = 4,   /* one line of UTF-8; its bytes */
  CONFAB_SETTING_CHOICE = 5, /* one of `choices`; no bounds */
  /* Numbers with units, from the longest to the shortest: 90s, 1h30m, 250ms. Units are w d h m s
   * ms; without one: seconds. In bounds likewise. */
  CONFAB_SETTING_DURATION = 6,
  CONFAB_SETTING_SIZE = 7, /* bytes: 4096, or with k, m, g for 1024 and its powers: 64k */
  CONFAB_SETTING_LIST = 8  /* lines of UTF-8 with an LF between; how many */
};

/* confab_setting.flags */
enum {
  CONFAB_SETTING_REQUIRED = 1u << 0, /* must be given: there is no default */
  CONFAB_SETTING_SECRET = 1u << 1,   /* tools do not show the value */
  CONFAB_SETTING_FIXED = 1u << 2     /* cannot be changed while the plugin runs */
};

/* A setting that a plugin has. Frozen: it stands in arrays. */
typedef struct confab_setting {
  const char *name;         /* 1 to 32 small letters, digits and _, a letter first */
  uint32_t type;            /* CONFAB_SETTING_* */
  uint32_t flags;           /* CONFAB_SETTING_REQUIRED, SECRET, FIXED */
  const char *value;        /* the default; null: empty, false or 0 by its type */
  const char *least, *most; /* bounds, written as values are; null: none */
  const char *choices;      /* of a CHOICE: words with a space between; else null */
  const char *help;         /* one line for people */
  const void *reserved;     /* must be null */
} confab_setting;

/* A value that is given to one. Frozen. */
typedef struct confab_setting_value {
  confab_str name, value;
} confab_setting_value;

/* What a setting is now, read by its type: confab_plugin_setting. */
typedef struct confab_setting_info {
  uint32_t struct_size;
  uint32_t type;   /* CONFAB_SETTING_* */
  uint32_t given;  /* 1: the host gave it; 0: the default */
  uint32_t count;  /* parts of a LIST: confab_part(text, i) */
  int64_t integer; /* INT; BOOL 0 or 1; DURATION in milliseconds; SIZE in bytes; CHOICE from 0 */
  double number;   /* NUMBER; else the same as `integer` */
  confab_str text; /* as it was given */
  confab_str name;
} confab_setting_info;

/* What is wrong with a plugin or its settings. Frozen. */
typedef struct confab_problem {
  confab_str about; /* the member or setting: part of what was looked at */
  confab_str text;  /* what is the matter with it; static storage */
} confab_problem;

#endif
