/* SPDX-License-Identifier: MIT
 *
 * Plugins. A plugin is one constant, `confab_plugin`, that can be read before any of its code runs.
 * It gets the whole API as a table (api.h) and links nothing, so that one source builds into a
 * program or into a shared object. The host opens shared objects; the library only takes the entry.
 * One entry may be added many times, under different names, to many engines.
 *
 *   static const confab_setting settings[] = {
 *       {"reply", CONFAB_SETTING_TEXT, 0, "hello", "1", "200", NULL, "What it says.", NULL}};
 *   CONFAB_PLUGIN_EXPORT = {CONFAB_PLUGIN_HEAD, .id = "org.example.hello", .version = "1.0",
 *                           .summary = "Says hello.", .settings = settings, .settings_count = 1,
 *                           .create = create, .destroy = destroy};
 *
 * Life of an instance: `install` (when it is the only instance of its id in the engine), `create`;
 * then handlers, timers, commands, `message` and `configure`. When it is removed, everything it
 * added goes first: tokens are cancelled, data in slots is destroyed, each `release` is called.
 * `destroy` is the last call; then the host's `release` says that its code will not run again. All
 * its code runs as inside a handler (hook.h): const functions and submits, always; drive functions
 * answer CONFAB_ERR_REENTRANT. What it adds without saying for whom is its own.
 *
 * When `create` or `install` fails, everything that was added is removed, and the instance is never
 * called again, not even by a `release`, a slot's or its own `destroy`: a failing `create` gives
 * back what it took. What it submitted still happens. The names and meaning of settings are the
 * plugin's; what they may be is checked before `create`. */
#ifndef CONFAB_PLUGIN_H
#define CONFAB_PLUGIN_H

#include <confab/api.h>
#include <confab/setting.h>

#define CONFAB_PLUGIN_MAGIC 0x42464e43u

/* What a client or the host says to an instance: EXTMSG <instance> :<text>. Valid during the call.
 */
typedef struct confab_plugin_message {
  uint32_t struct_size;
  uint32_t reserved0;
  confab_id origin; /* the connection it came by: 0, the host's own */
  confab_id actor;  /* its user, or 0 */
  confab_str text;
  /* Answers with one line. Only during the call; later, confab_reply_notice to `origin`. Never null
   * where a plugin is called; the host may leave it null. */
  confab_status(CONFAB_CALL *answer)(void *answer_ctx, confab_str line);
  void *answer_ctx;
} confab_plugin_message;

typedef struct confab_plugin_entry {
  uint32_t struct_size;
  uint32_t magic;           /* CONFAB_PLUGIN_MAGIC */
  uint32_t abi_major;       /* of the library it was made for: must be the same */
  uint32_t abi_minor_least; /* of the library it needs */
  const char *id;           /* "org.example.wordfilter": letters, digits, - and _ in parts with dots
                               between; at most 64 */
  const char *version;      /* for people; at most 32 bytes */
  const char *summary;      /* one line for people; may be null */
  const confab_setting *settings; /* may be null */
  uint32_t settings_count;        /* at most 256 */
  /* Who may EXTMSG it: CONFAB_PERMIT_USER, ANY, OPERATOR, ADMINISTRATOR or HOST. */
  uint32_t message_permission;
  uint32_t flags;     /* CONFAB_PLUGIN_SINGLE */
  uint32_t reserved0; /* must be 0 */

  /* What instances share, before the first of them. May be null. */
  confab_status(CONFAB_CALL *install)(const confab_api *api, confab_engine *engine,
                                      confab_id plugin);
  /* Makes an instance: `*self` (null so far) is what its other functions get. May not be null. */
  confab_status(CONFAB_CALL *create)(const confab_api *api, confab_engine *engine, confab_id plugin,
                                     void **self);
  /* The end of an instance whose `create` succeeded: the last call, after everything it had added
   * is gone. It can add nothing any more. May be null. */
  confab_status(CONFAB_CALL *destroy)(void *self);
  /* Settings changed: confab_plugin_setting has the new ones. A negative status: the old ones stay.
   * Null: settings cannot change. */
  confab_status(CONFAB_CALL *configure)(void *self);
  /* Null: it takes no messages. */
  confab_status(CONFAB_CALL *message)(void *self, const confab_plugin_message *message);
  /* Something more that it has, by a name that says what; null when it has not. For tools that know
   * the plugin. May be null. */
  const void *(CONFAB_CALL *extension)(void *self, const char *name);
} confab_plugin_entry;

/* confab_plugin_entry.flags */
enum {
  CONFAB_PLUGIN_SINGLE = 1u << 0 /* an engine has at most one instance */
};

/* The first four members of an entry. */
#define CONFAB_PLUGIN_HEAD                                                                         \
  .struct_size = (uint32_t)sizeof(confab_plugin_entry), .magic = CONFAB_PLUGIN_MAGIC,              \
  .abi_major = CONFAB_ABI_MAJOR, .abi_minor_least = CONFAB_ABI_MINOR

/* The symbol that a host looks for in a shared object. A program that links several plugins gives
 * each its own: -DCONFAB_PLUGIN_SYMBOL=my_plugin. */
#ifndef CONFAB_PLUGIN_SYMBOL
#define CONFAB_PLUGIN_SYMBOL confab_plugin
#endif
#if defined(_WIN32)
#define CONFAB_PLUGIN_VISIBLE __declspec(dllexport)
#else
#define CONFAB_PLUGIN_VISIBLE __attribute__((visibility("default")))
#endif

/* Defines the entry: CONFAB_PLUGIN_EXPORT = {CONFAB_PLUGIN_HEAD, ...}; */
#define CONFAB_PLUGIN_EXPORT                                                                       \
  CONFAB_DECLS_BEGIN                                                                               \
  extern CONFAB_PLUGIN_VISIBLE const confab_plugin_entry CONFAB_PLUGIN_SYMBOL;                     \
  CONFAB_DECLS_END                                                                                 \
  const confab_plugin_entry CONFAB_PLUGIN_SYMBOL

/* How to add an instance. */
typedef struct confab_plugin_options {
  uint32_t struct_size;
  uint32_t flags;                   /* must be 0 */
  const confab_plugin_entry *entry; /* lives until `release` */
  confab_str name; /* of the instance: letters, digits, - and _, at most 32 bytes; without case.
                      Empty: the last part of the entry's id */
  const confab_setting_value *settings; /* copied */
  size_t settings_count;
  void *ctx;
  /* Called exactly once, after the last possible call of the plugin's code: its shared object may
   * be closed now. Not called when confab_plugin_add fails: then that holds when it returns. May be
   * null. */
  confab_status(CONFAB_CALL *release)(void *ctx);
} confab_plugin_options;

/* What an instance is: confab_plugin_get. */
typedef struct confab_plugin_info {
  uint32_t struct_size;
  uint32_t state;                   /* CONFAB_PLUGIN_LOADED or DRAINING */
  const confab_plugin_entry *entry; /* has the schema of its settings */
  confab_str name;                  /* of the instance */
  confab_str id, version, summary;
  uint32_t hooks, additions, timers, deferrals; /* that it has now */
  uint64_t messages_total;
  uint64_t failed_total; /* calls of `configure` and `message` that answered a negative status */
  confab_time added;     /* when */
} confab_plugin_info;

CONFAB_DECLS_BEGIN

static inline confab_plugin_options confab_plugin_options_init(void) {
  confab_plugin_options options;
  memset(&options, 0, sizeof options);
  options.struct_size = (uint32_t)sizeof options;
  return options;
}

static inline confab_plugin_message confab_plugin_message_init(void) {
  confab_plugin_message message;
  memset(&message, 0, sizeof message);
  message.struct_size = (uint32_t)sizeof message;
  return message;
}

/* Is this an entry that the library can take? Runs none of its code. `*why` (may be null) says what
 * is wrong.
 * Errors: ERR_ARG (null; a member that cannot be; settings whose schema is wrong); ERR_STRUCT (no
 * magic, cut off, or with members that this library does not know); ERR_UNSUPPORTED (made for
 * another ABI major, or a newer minor).
 * [call: const] [emits: no] [allocs: no] [since: 0.1] */
CONFAB_API confab_status CONFAB_CALL confab_plugin_check(const confab_plugin_entry *entry,
                                                         confab_problem *why);

/* Would the entry take these settings? Runs none of its code. `*why` (may be null) says which it
 * would not, and why.
 * Errors: as confab_plugin_check; ERR_NOT_FOUND (it has no such setting); ERR_ARG (a value that
 * cannot be, twice the same, or a required one is missing).
 * [call: const] [emits: no] [allocs: no] [since: 0.1] */
CONFAB_API confab_status CONFAB_CALL
confab_plugin_settings_check(const confab_plugin_entry *entry, const confab_setting_value *settings,
                             size_t settings_count, confab_problem *why);

/* Adds an instance: checks entry and settings, then calls `install` and `create`. A PLUGIN event
 * tells that it is LOADED, or REFUSED and why; so does confab_engine_last_error.
 * Errors: those of confab_plugin_check and confab_plugin_settings_check; ERR_NAME; ERR_EXISTS (that
 * name, or a second one of a SINGLE plugin); ERR_LIMIT (plugins_max); ERR_REENTRANT; ERR_NOMEM; and
 * whatever negative status `install` or `create` answered (ERR_CALLBACK for one that is fatal or
 * positive). `*out` is 0 then, and nothing of the plugin is left.
 * [call: outside-hook] [emits: yes] [allocs: yes] [since: 0.1] */
CONFAB_API confab_status CONFAB_CALL confab_plugin_add(confab_engine *engine,
                                                       const confab_plugin_options *options,
                                                       confab_id *out);

/* Removes an instance. From now on its handlers get no new event, and it takes no commands and no
 * messages of clients. While acts wait for its answer, its timers and the host's messages still
 * reach it, so that it can answer, for at most `drain_ms` (0: not at all): then its hooks' policies
 * decide. A PLUGIN event tells that it is DRAINING, if anything waits, and that it is GONE. Legal
 * from inside its own callbacks: then it goes when they have returned. Again, with a shorter time:
 * the shorter holds.
 * Errors: ERR_ARG; ERR_STALE_ID; ERR_DENIED (inside a callback of another plugin).
 * [call: anywhere] [emits: yes] [allocs: no] [since: 0.1] */
CONFAB_API confab_status CONFAB_CALL confab_plugin_remove(confab_engine *engine, confab_id plugin,
                                                          uint32_t drain_ms);

/* Gives an instance new settings, all of them: those that are missing get their defaults. They are
 * checked, then `configure` is asked; on failure the old ones stay.
 * Errors: those of confab_plugin_settings_check; ERR_STALE_ID; ERR_STATE (it drains; it has no
 * `configure`; or a FIXED setting differs); ERR_REENTRANT; ERR_NOMEM; and whatever negative status
 * `configure` answered.
 * [call: outside-hook] [emits: yes] [allocs: yes] [since: 0.1] */
CONFAB_API confab_status CONFAB_CALL confab_plugin_configure(confab_engine *engine,
                                                             confab_id plugin,
                                                             const confab_setting_value *settings,
                                                             size_t settings_count);

/* The host says something to an instance. Asks for no permission.
 * Errors: ERR_ARG; ERR_STRUCT; ERR_STALE_ID; ERR_UNSUPPORTED (it takes no messages);
 * ERR_REENTRANT; and whatever negative status `message` answered.
 * [call: outside-hook] [emits: yes] [allocs: yes] [since: 0.1] */
CONFAB_API confab_status CONFAB_CALL confab_plugin_send(confab_engine *engine, confab_id plugin,
                                                        const confab_plugin_message *message);

/* A setting of an instance. Texts are valid until the settings change.
 * Errors: ERR_ARG; ERR_STRUCT; ERR_STALE_ID; ERR_NOT_FOUND.
 * [call: const] [emits: no] [allocs: no] [since: 0.1] */
CONFAB_API confab_status CONFAB_CALL confab_plugin_setting(const confab_engine *engine,
                                                           confab_id plugin, confab_str name,
                                                           confab_setting_info *out);

/* Errors: ERR_ARG; ERR_STRUCT; ERR_STALE_ID.
 * [call: const] [emits: no] [allocs: no] [since: 0.1] */
CONFAB_API confab_status CONFAB_CALL confab_plugin_get(const confab_engine *engine,
                                                       confab_id plugin, confab_plugin_info *out);

/* Walks all instances: 0 gives the first; CONFAB_END behind the last.
 * Errors: ERR_ARG; ERR_STALE_ID.
 * [call: const] [emits: no] [allocs: no] [since: 0.1] */
CONFAB_API confab_status CONFAB_CALL confab_plugin_next(const confab_engine *engine,
                                                        confab_id after, confab_id *out);

/* The instance of that name, without case.
 * Errors: ERR_ARG; ERR_NOT_FOUND (`*out` is 0 then).
 * [call: const] [emits: no] [allocs: no] [since: 0.1] */
CONFAB_API confab_status CONFAB_CALL confab_plugin_find(const confab_engine *engine,
                                                        confab_str name, confab_id *out);

/* Asks an instance for an extension.
 * Errors: ERR_ARG; ERR_STALE_ID; ERR_NOT_FOUND (it has none of that name; `*out` is null then);
 * ERR_REENTRANT.
 * [call: outside-hook] [emits: yes] [allocs: yes] [since: 0.1] */
CONFAB_API confab_status CONFAB_CALL confab_plugin_extension(confab_engine *engine,
                                                             confab_id plugin, const char *name,
                                                             const void **out);

/* Writes a record into the host's log (confab_host.log): `level` is CONFAB_LOG_*, `event` a stable
 * name ("wordfilter.blocked"), `text` one line, `subject` what it is about, or 0.
 * Errors: ERR_ARG.
 * [call: const] [emits: no] [allocs: no] [since: 0.1] */
CONFAB_API confab_status CONFAB_CALL confab_log(const confab_engine *engine, uint32_t level,
                                                confab_str event, confab_str text,
                                                confab_id subject);

/* The table that plugins get (api.h); static storage, never null.
 * [call: const] [emits: no] [allocs: no] [since: 0.1] */
CONFAB_API const confab_api *CONFAB_CALL confab_api_table(void);

CONFAB_DECLS_END

#endif
