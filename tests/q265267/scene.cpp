// SPDX-License-Identifier: MIT
//
// Playing a scene: see scene.hpp. It asserts nothing; what was told and what is left is for cells
// to compare.
#include "q265267/scene.hpp"

#include "q265267/acts.hpp"

#include "core/operation.hpp"

#include <algorithm>
#include <utility>

using namespace confab::test;

namespace q265267 {

namespace {

engine_fixture::setup make_setup(const act &a) {
  engine_fixture::setup with;
  with.clock = true;
  with.tweak = [&a](confab_engine_options &o) {
    o.whowas_entries_max = 1;
    o.hook_failures_max = 0;
    if (a.tweak)
      a.tweak(o);
  };
  return with;
}

bool about_hooks(std::uint16_t type) {
  return type == CONFAB_EVENT_HOOK_FAILED || type == CONFAB_EVENT_HOOK_STATE ||
         type == CONFAB_EVENT_HOOK_SHADOW;
}

// The channel of the act, or of those who act.
std::string place_of(const intent &what) { return what.name.starts_with('#') ? what.name : "#x"; }

} // namespace

std::span<const room> rooms() {
  static constexpr room all[] = {{"open to all", false}, {"for MIC only", true}};
  return all;
}

std::string name_of(const cast &c) {
  const char *by = c.by == origin_kind::client ? c.origin->name
                   : c.by == origin_kind::user ? "the host for a user"
                                               : "the server";
  return std::string(by) + " among " + c.others->name + ", channels " + c.where->name;
}

scene::scene(const act &of, const cast &with) : engine_fixture(make_setup(of)), a(of), c(with) {}

bool scene::submittable(const act &a) {
  return a.is(act_custom) ||
         (confab::core::info_of_row(a.what.type).submittable && !a.is(act_opens));
}

void scene::joins(std::string_view nick, std::string_view channel) {
  ignore(confab_channel_join(engine, user(nick), str_of(channel), {}));
}

void scene::closes(const std::string &channel) {
  intent what;
  what.type = CONFAB_EVENT_CHANNEL_CHANGE;
  what.name = channel;
  what.mode = CONFAB_CMODE_MIC_ONLY;
  server_does(what);
}

void scene::gather(const intent &what) {
  if (c.by == origin_kind::user) {
    confab_user_options options = confab_user_options_init();
    options.nick = str_of("ann");
    ignore(confab_user_create(engine, &options, &ann_user_));
    ann_ = 0;
  } else {
    ann_ = enters(*c.origin, "ann");
  }
  bob_ = enters(*c.others, "bob");
  cat_ = enters(*c.others, "cat");
  for (const char *channel : {"#x", "#y"})
    for (const char *nick : {"ann", "bob"})
      joins(nick, channel);
  if (c.where->for_mic) // who is in stays in, whatever it speaks
    for (const char *channel : {"#x", "#y"})
      closes(channel);
  if (a.prepare)
    a.prepare(*this);
  ann_user_ = user("ann");
  roster_ = {ann_user_, user("bob")};
  origin_conn = c.by == origin_kind::client && !a.is(act_opens) ? ann_ : 0;
  if (a.is(act_opens) && a.type != CONFAB_EVENT_CONNECT) {
    ignore(perform({.type = CONFAB_EVENT_CONNECT, .hostname = what.hostname}));
    if (c.origin->greet)
      c.origin->greet(*this, origin_conn, clients_[origin_conn]);
  }
  settle();
  log.clear();
  watch(0, 0);
  if (a.type == CONFAB_EVENT_LINE_IN)
    watch(CONFAB_EVENT_LINE_IN, origin_conn);
  if (a.type == CONFAB_EVENT_LINE_OUT)
    watch(CONFAB_EVENT_LINE_OUT, bob_);
  if (a.is(act_custom))
    watch(a.type, 0, space);
}

confab_status scene::perform(const intent &what) {
  if (what.type == CONFAB_EVENT_CONNECT) {
    confab_conn_options options = confab_conn_options_init();
    options.address = CONFAB_STR("192.0.2.9");
    options.hostname = str_of(what.hostname);
    const confab_status opened = confab_conn_open(engine, &options, now, &origin_conn);
    clients_[origin_conn] = {c.origin, what.nick, {}};
    return opened;
  }
  if (what.type == CONFAB_EVENT_PLUGIN)
    return plugs(what.name) != 0 ? CONFAB_OK : CONFAB_ERR_STATE;
  if (c.by != origin_kind::client)
    return submit(engine, what, c.by == origin_kind::user ? ann_user_ : 0, false, space);
  return says(origin_conn, what);
}

bool scene::can_follow(aftermath then, const act &a, const cast &c, bool in_handler) {
  const bool nobody = c.by == origin_kind::server;
  switch (then) {
  case aftermath::quit:
    return !nobody && !a.is(act_opens);
  case aftermath::hang_up:
    return !nobody && !in_handler;
  case aftermath::empty:
    return a.what.name != "#new" && !a.is(act_opens);
  case aftermath::again:
    return submittable(a);
  case aftermath::speak:
    // The server's own acts wait for nobody, not even for each other.
    return !nobody && !in_handler && !a.is(act_opens) && a.type != CONFAB_EVENT_DISCONNECT;
  default:
    return true;
  }
}

void scene::follow(aftermath then, const intent &what) {
  switch (then) {
  case aftermath::hang_up:
    if (c.by == origin_kind::client) {
      ignore(end(origin_conn));
      return;
    }
    [[fallthrough]];
  case aftermath::quit:
    ignore(confab_user_quit(engine, ann_user_, CONFAB_STR("ended")));
    return;
  case aftermath::empty:
    if (const confab_id where = channel(place_of(what)))
      for (const confab_id who : roster_)
        ignore(confab_channel_kick(engine, 0, where, who, CONFAB_STR("emptied")));
    return;
  case aftermath::again:
    ignore(submit(engine, what, c.by == origin_kind::server ? 0 : ann_user_, false, space));
    return;
  case aftermath::speak:
    ignore(perform({.type = CONFAB_EVENT_MESSAGE,
                    .name = "#x",
                    .text = "later",
                    .kind = CONFAB_MESSAGE_PRIVMSG}));
    return;
  default:
    return;
  }
}

void scene::leave() {
  for (auto *hooks : {&watchers_, &helpers}) {
    for (const confab_id hook : *hooks)
      ignore(confab_hook_remove(engine, hook));
    hooks->clear();
  }
  for (const confab_id addition : std::exchange(additions_, {}))
    ignore(confab_addition_remove(engine, addition));
  for (const confab_id plugin : std::exchange(plugins_, {}))
    ignore(confab_plugin_remove(engine, plugin, 0));
  runs = 0;
  std::vector<confab_id> going = conns(); // the same one is always the last, and remembered
  std::stable_partition(going.begin(), going.end(), [&](confab_id conn) { return conn != cat_; });
  for (const confab_id conn : going)
    ignore(end(conn));
  clients_.clear();
  for (const confab_id who : users())
    ignore(confab_user_quit(engine, who, {}));
  ignore(confab_engine_flush(engine));
}

// --- what there is to see
// ---------------------------------------------------------------------------

std::string scene::read_checked(confab_id conn) {
  const std::string bytes = read(conn);
  client &who = clients_[conn];
  return who.speaks ? who.speaks->hear(who, bytes, malformed) : bytes;
}

confab_status scene::feeds(confab_id conn, const std::string &bytes) {
  const std::vector<char> copy(bytes.begin(), bytes.end()); // gone right after the call
  std::size_t consumed = 0;
  return confab_conn_feed(engine, conn, now, copy.data(), copy.size(), &consumed);
}

confab_id scene::enters(const protocol &as, std::string_view nick) {
  const confab_id conn = open();
  client &who = clients_[conn];
  who = {&as, std::string(nick), {}};
  as.enter(*this, conn, who);
  return conn;
}

confab_status scene::says(confab_id conn, const intent &what) {
  return feeds(conn, clients_[conn].speaks->say(what, clients_[conn]));
}

void scene::settle() {
  for (bool more = true; more;) {
    more = false;
    for (auto &[conn, who] : clients_) {
      const std::string bytes = read(conn);
      const std::string answers = who.mic ? who.mic->feed(bytes) : std::string{};
      more = more || !answers.empty();
      if (!answers.empty())
        ignore(feeds(conn, answers));
    }
  }
  for (auto &[conn, who] : clients_)
    if (who.mic)
      (void)who.mic->take_events();
}

std::string scene::origin_told() { return origin_conn != 0 ? read_checked(origin_conn) : ""; }

std::string scene::others_told() {
  std::string out;
  for (const confab_id conn : {ann_, bob_, cat_}) {
    if (conn == 0 || conn == origin_conn)
      continue;
    for (const std::string &piece : pieces(read_checked(conn)))
      out += (conn == bob_ ? "bob " : conn == cat_ ? "cat " : "ann ") + piece;
  }
  return out;
}

// In an order that does not depend on where things lie.
std::string scene::state() const {
  const std::string all = dump();
  std::vector<std::string> lines;
  std::string channel;
  for (std::size_t at = 0; at < all.size();) {
    const std::size_t end = all.find('\n', at);
    std::string line = all.substr(at, end + 1 - at);
    at = end + 1;
    if (line.starts_with("conn "))
      break;
    if (line.starts_with("channel "))
      channel = line.substr(8, line.find(' ', 8) - 8);
    lines.push_back(line.starts_with(' ') ? channel + line : line);
  }
  std::sort(lines.begin(), lines.end());
  std::string out = runs != 0 ? "the command ran " + std::to_string(runs) + " times\n" : "";
  confab_str value{};
  if (const confab_id x = this->channel("#x");
      x != 0 && confab_property_get(engine, x, CONFAB_STR("colour"), &value) == CONFAB_OK)
    out += "colour " + string_of(value) + "\n";
  for (const std::string &line : lines)
    out += line;
  return out;
}

bool scene::origin_alive() const {
  confab_conn_info info{};
  info.struct_size = sizeof info;
  if (origin_conn != 0)
    return confab_conn_get(engine, origin_conn, &info) == CONFAB_OK &&
           info.state != CONFAB_CONN_CLOSING;
  if (c.by == origin_kind::client)
    return false;
  confab_user_info who{};
  who.struct_size = sizeof who;
  return c.by == origin_kind::server || confab_user_get(engine, ann_user_, &who) == CONFAB_OK;
}

// Is it part of what the act leads to, whoever filters it?
bool scene::concerns(const confab_event *event) const {
  if (event->space == 0 && event->type == CONFAB_EVENT_PLUGIN)
    return string_of(reinterpret_cast<const confab_event_plugin *>(event)->name) == a.what.name;
  if (event->space != 0 || !about_hooks(event->type))
    return true;
  const confab_id hook = event->type == CONFAB_EVENT_HOOK_FAILED
                             ? reinterpret_cast<const confab_event_hook_failed *>(event)->hook
                         : event->type == CONFAB_EVENT_HOOK_STATE
                             ? reinterpret_cast<const confab_event_hook_state *>(event)->hook
                             : reinterpret_cast<const confab_event_hook_shadow *>(event)->hook;
  return std::find(helpers.begin(), helpers.end(), hook) != helpers.end();
}

confab_verdict CONFAB_CALL scene::note(void *ctx, confab_call *call, const confab_event *event) {
  auto &self = *static_cast<scene *>(ctx);
  confab_outcome o{};
  o.struct_size = sizeof o;
  ignore(confab_call_outcome(call, &o));
  // Kicking out who is gone already is refused or impossible: as it happens.
  const bool idle = event->space == 0 && event->type == CONFAB_EVENT_KICK && event->actor == 0 &&
                    o.outcome == CONFAB_OUTCOME_REFUSED;
  if (!idle && self.concerns(event))
    self.log.push_back({event->type, o.outcome, o.code, event->seq});
  return CONFAB_PASS;
}

void scene::watch(std::uint32_t type, confab_id scope, std::uint16_t in) {
  confab_hook hook = confab_hook_init();
  hook.space = in;
  hook.type = static_cast<std::uint16_t>(type);
  hook.stage = CONFAB_STAGE_OBSERVE;
  hook.priority = -30000;
  hook.scope = scope;
  hook.ctx = this;
  hook.call = note;
  confab_id id = 0;
  ignore(confab_hook_add(engine, &hook, &id));
  watchers_.push_back(id);
}

void scene::helper(std::uint32_t type, std::uint32_t stage, std::uint32_t flags,
                   confab_verdict answer) {
  static constexpr confab_verdict verdicts[] = {-1, CONFAB_DENY};
  confab_hook hook = confab_hook_init();
  hook.type = static_cast<std::uint16_t>(type);
  hook.stage = static_cast<std::uint16_t>(stage);
  hook.flags = flags;
  hook.ctx = const_cast<confab_verdict *>(&verdicts[answer == CONFAB_DENY ? 1 : 0]);
  hook.call = [](void *ctx, confab_call *, const confab_event *) {
    return *static_cast<const confab_verdict *>(ctx);
  };
  confab_id id = 0;
  ignore(confab_hook_add(engine, &hook, &id));
  helpers.push_back(id);
}

// --- what somebody added
// ----------------------------------------------------------------------------

void scene::adds_command(std::string_view verb) {
  confab_command_spec spec = confab_command_spec_init();
  spec.verb = str_of(verb);
  spec.params_max = 1;
  spec.ctx = this;
  spec.run = [](void *ctx, confab_engine *, const confab_event_command *event) {
    ++static_cast<scene *>(ctx)->runs;
    // What it does shows what it was told.
    static_cast<scene *>(ctx)->runs += event->text.len == 5 ? 1U : 0U;
    return static_cast<confab_status>(CONFAB_OK);
  };
  confab_id id = 0;
  ignore(confab_command_add(engine, &spec, &id));
  additions_.push_back(id);
}

void scene::adds_property(std::string_view name) {
  confab_property_spec spec = confab_property_spec_init();
  spec.name = str_of(name);
  spec.subject = CONFAB_KIND_CHANNEL;
  spec.read = CONFAB_PERMIT_MEMBER;
  spec.write = CONFAB_PERMIT_CHANNEL_OPERATOR;
  confab_id id = 0;
  ignore(confab_property_add(engine, &spec, &id));
  additions_.push_back(id);
}

// Once for the whole engine: a space that was closed keeps its number.
void scene::adds_space(std::string_view name) {
  if (space != 0)
    return;
  confab_space_spec spec = confab_space_spec_init();
  spec.name = str_of(name);
  spec.types = 1;
  ignore(confab_space_add(engine, &spec, nullptr, &space));
}

confab_id scene::plugs(std::string_view name) {
  static constexpr confab_plugin_entry entry = [] {
    confab_plugin_entry e{};
    e.struct_size = sizeof e;
    e.magic = CONFAB_PLUGIN_MAGIC;
    e.abi_major = CONFAB_ABI_MAJOR;
    e.abi_minor_least = CONFAB_ABI_MINOR;
    e.id = "org.example.idle";
    e.version = "1";
    e.create = [](const confab_api *, confab_engine *, confab_id, void **) {
      return static_cast<confab_status>(CONFAB_OK);
    };
    return e;
  }();
  confab_plugin_options options = confab_plugin_options_init();
  options.entry = &entry;
  options.name = str_of(name);
  confab_id id = 0;
  ignore(confab_plugin_add(engine, &options, &id));
  plugins_.push_back(id);
  return id;
}

} // namespace q265267
