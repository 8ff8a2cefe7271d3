/* SPDX-License-Identifier: MIT
 *
 * Refuses to open channels whose names are in a text file: one name or pattern a line, where `*` is
 * any run of characters and `?` is one; empty lines and lines that begin with `;` do not count. The
 * file is read when the plugin is created and when it is configured again, never in a handler. */
#include <confab/plugin.h>

#include <stdio.h>
#include <stdlib.h>

#define FILE_BYTES_MAX ((size_t)1 << 20)
#define NAMES_MAX 10000u

/* What was read: the bytes, and a view of each pattern in them. */
typedef struct list {
  char *bytes;
  confab_str *names;
  size_t count;
} list;

typedef struct blocker {
  const confab_api *api;
  confab_engine *engine;
  confab_id plugin;
  list blocked;
} blocker;

static confab_setting_info setting(const blocker *self, confab_str name) {
  confab_setting_info info;
  memset(&info, 0, sizeof info);
  info.struct_size = (uint32_t)sizeof info;
  self->api->plugin_setting(self->engine, self->plugin, name, &info);
  return info;
}

static void drop(list *gone) {
  free(gone->bytes);
  free(gone->names);
  memset(gone, 0, sizeof *gone);
}

/* Both are folded. Goes back to the last `*` only: time grows with the product of the lengths at
 * most. */
static int matches(confab_str pattern, confab_str name) {
  size_t p = 0, n = 0, star = SIZE_MAX, tried = 0;
  while (n < name.len) {
    if (p < pattern.len && pattern.ptr[p] == '*') {
      star = p++;
      tried = n;
    } else if (p < pattern.len && (pattern.ptr[p] == '?' || pattern.ptr[p] == name.ptr[n])) {
      ++p;
      ++n;
    } else if (star != SIZE_MAX) {
      p = star + 1;
      n = ++tried;
    } else {
      return 0;
    }
  }
  while (p < pattern.len && pattern.ptr[p] == '*')
    ++p;
  return p == pattern.len;
}

static confab_status refuse(const blocker *self, confab_status status, const char *why) {
  self->api->log(self->engine, CONFAB_LOG_ERROR, CONFAB_STR("channel_block.file"),
                 confab_str_of(why), 0);
  return status;
}

/* The whole file, as the engine compares names, or what is wrong with it. */
static const char *read_bytes(const blocker *self, const char *path, char **bytes, size_t *len) {
  FILE *file = fopen(path, "rb");
  if (!file)
    return "the file cannot be opened";
  *bytes = (char *)malloc(FILE_BYTES_MAX + 1);
  *len = *bytes ? fread(*bytes, 1, FILE_BYTES_MAX + 1, file) : 0;
  const int broken = ferror(file);
  fclose(file);
  if (!*bytes)
    return "no memory for the file";
  if (broken)
    return "the file cannot be read";
  if (*len > FILE_BYTES_MAX)
    return "the file is larger than 1 MiB";
  char *const folded = (char *)malloc(*len + 1); /* never nothing */
  if (!folded)
    return "no memory for the file";
  const confab_str text = confab_str_make(*bytes, *len);
  const confab_status status = self->api->name_fold(self->engine, text, folded, *len);
  free(*bytes);
  *bytes = folded;
  return status < 0 ? "the names in the file cannot be compared" : NULL;
}

/* Reads the file anew. What was there stays when that fails. */
static confab_status load(blocker *self) {
  const confab_str path = setting(self, CONFAB_STR("file")).text;
  char name[4097];
  if (path.len >= sizeof name || path.len == 0 || path.ptr[0] != '/')
    return refuse(self, CONFAB_ERR_ARG, "the setting `file` is no absolute path");
  memcpy(name, path.ptr, path.len);
  name[path.len] = '\0';

  list fresh = {NULL, NULL, 0};
  size_t len = 0;
  const char *why = read_bytes(self, name, &fresh.bytes, &len);
  if (!why && !(fresh.names = (confab_str *)calloc(NAMES_MAX, sizeof *fresh.names)))
    why = "no memory for the names";
  const char *at = fresh.bytes, *const end = fresh.bytes ? fresh.bytes + len : NULL;
  while (!why && at < end) {
    const char *line_end = (const char *)memchr(at, '\n', (size_t)(end - at));
    if (!line_end)
      line_end = end;
    confab_str line = confab_str_make(at, (size_t)(line_end - at));
    while (line.len > 0 && (line.ptr[line.len - 1] == '\r' || line.ptr[line.len - 1] == ' '))
      --line.len;
    if (line.len > 0 && line.ptr[0] != ';') {
      if (fresh.count == NAMES_MAX)
        why = "the file has more than 10000 names";
      else
        fresh.names[fresh.count++] = line;
    }
    at = line_end + (line_end < end);
  }
  if (why) {
    drop(&fresh);
    return refuse(self, CONFAB_ERR_ARG, why);
  }
  drop(&self->blocked);
  self->blocked = fresh;
  return CONFAB_OK;
}

static confab_verdict CONFAB_CALL judge(void *ctx, confab_call *call, const confab_event *event) {
  const blocker *self = (const blocker *)ctx;
  const confab_str given = ((const confab_event_channel *)event)->name;
  char folded[256]; /* longer than any engine lets a channel's name be */
  if (self->api->name_fold(self->engine, given, folded, sizeof folded) < 0)
    return -1; /* not a verdict: a failure, and so a refusal */
  const confab_str name = confab_str_make(folded, given.len);
  for (size_t i = 0; i < self->blocked.count; ++i) {
    if (!matches(self->blocked.names[i], name))
      continue;
    self->api->call_deny(call, CONFAB_REFUSED_POLICY, setting(self, CONFAB_STR("reply")).text,
                         CONFAB_DENIAL_ERROR);
    return CONFAB_DENY;
  }
  return CONFAB_PASS;
}

/* New settings: the file is read again, also when its name is the same. */
static confab_status CONFAB_CALL configure(void *self) { return load((blocker *)self); }

static confab_status CONFAB_CALL destroy(void *ctx) {
  drop(&((blocker *)ctx)->blocked);
  free(ctx);
  return CONFAB_OK;
}

static confab_status CONFAB_CALL create(const confab_api *api, confab_engine *engine,
                                        confab_id plugin, void **out) {
  blocker *self = (blocker *)calloc(1, sizeof *self);
  if (!self)
    return CONFAB_ERR_NOMEM;
  self->api = api;
  self->engine = engine;
  self->plugin = plugin;
  confab_status status = load(self);

  confab_hook hook = confab_hook_init();
  hook.type = CONFAB_EVENT_CHANNEL_OPEN;
  hook.stage = CONFAB_STAGE_POLICY;
  hook.ctx = self;
  hook.call = judge;
  if (status >= 0)
    status = api->hook_add(engine, &hook, NULL);
  if (status < 0) {
    destroy(self);
    return status;
  }
  *out = self;
  return CONFAB_OK;
}

static const confab_setting settings[] = {
    {"file", CONFAB_SETTING_TEXT, CONFAB_SETTING_REQUIRED, NULL, "1", "4096", NULL,
     "The absolute path of the file with the names.", NULL},
    {"reply", CONFAB_SETTING_TEXT, 0, "This channel may not be opened here.", "0", "200", NULL,
     "What is said to whoever tries.", NULL},
};

CONFAB_PLUGIN_EXPORT = {
    CONFAB_PLUGIN_HEAD,     .id = "confab.channel_block",
    .version = "1.0",       .summary = "Refuses to open channels that a file names.",
    .settings = settings,   .settings_count = sizeof settings / sizeof settings[0],
    .create = create,       .destroy = destroy,
    .configure = configure,
};
