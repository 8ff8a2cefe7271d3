// SPDX-License-Identifier: MIT
//
// Playing transcripts, second half: the host. Orders of `host:` steps (the manual lists them),
// answers to the engine's questions, filters that deny, rewrite and allow, and events as text.

#include "support/transcript_player.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <stdexcept>

namespace confab::test {

namespace {

using options = confab_engine_options;

struct number_option {
  std::string_view name;
  std::uint32_t options::*member;
};

constexpr std::array number_options{
    number_option{"flags", &options::flags},
    number_option{"casemap", &options::casemap},
    number_option{"line_bytes_max", &options::line_bytes_max},
    number_option{"nick_bytes_max", &options::nick_bytes_max},
    number_option{"username_bytes_max", &options::username_bytes_max},
    number_option{"realname_bytes_max", &options::realname_bytes_max},
    number_option{"channel_bytes_max", &options::channel_bytes_max},
    number_option{"topic_bytes_max", &options::topic_bytes_max},
    number_option{"reason_bytes_max", &options::reason_bytes_max},
    number_option{"away_bytes_max", &options::away_bytes_max},
    number_option{"key_bytes_max", &options::key_bytes_max},
    number_option{"mask_bytes_max", &options::mask_bytes_max},
    number_option{"users_max", &options::users_max},
    number_option{"channels_max", &options::channels_max},
    number_option{"channels_per_user_max", &options::channels_per_user_max},
    number_option{"members_per_channel_max", &options::members_per_channel_max},
    number_option{"list_entries_max", &options::list_entries_max},
    number_option{"invites_per_user_max", &options::invites_per_user_max},
    number_option{"targets_max", &options::targets_max},
    number_option{"modes_max", &options::modes_max},
    number_option{"whowas_entries_max", &options::whowas_entries_max},
    number_option{"parked_max", &options::parked_max},
    number_option{"input_backlog_bytes_max", &options::input_backlog_bytes_max},
    number_option{"output_backlog_bytes_max", &options::output_backlog_bytes_max},
    number_option{"registration_ms_max", &options::registration_ms_max},
    number_option{"ping_interval_ms", &options::ping_interval_ms},
    number_option{"ping_timeout_ms", &options::ping_timeout_ms},
    number_option{"close_linger_ms_max", &options::close_linger_ms_max},
    number_option{"commands_burst_max", &options::commands_burst_max},
    number_option{"commands_per_second_max", &options::commands_per_second_max},
    number_option{"nick_changes_max", &options::nick_changes_max},
    number_option{"nick_window_ms", &options::nick_window_ms},
    number_option{"auth_failures_max", &options::auth_failures_max},
    number_option{"auth_window_ms", &options::auth_window_ms},
    number_option{"auth_suspension_ms", &options::auth_suspension_ms},
    number_option{"auth_addresses_max", &options::auth_addresses_max},
};

struct text_option {
  std::string_view name;
  confab_str options::*member;
};

constexpr std::array text_options{
    text_option{"server_name", &options::server_name},
    text_option{"server_info", &options::server_info},
    text_option{"network_name", &options::network_name},
    text_option{"motd", &options::motd},
    text_option{"admin_location", &options::admin_location},
    text_option{"admin_organisation", &options::admin_organisation},
    text_option{"admin_email", &options::admin_email},
    text_option{"user_modes", &options::user_modes},
    text_option{"channel_modes", &options::channel_modes},
    text_option{"packages", &options::packages},
};

constexpr std::array<std::string_view, CONFAB_REFUSED_END> refusal_names{"NONE",
                                                                         "POLICY",
                                                                         "BUSY",
                                                                         "NO_SUCH_USER",
                                                                         "NO_SUCH_CHANNEL",
                                                                         "BAD_NAME",
                                                                         "CANNOT_SEND",
                                                                         "TOO_MANY_CHANNELS",
                                                                         "NO_TEXT",
                                                                         "NICK_IN_USE",
                                                                         "BAD_NICK",
                                                                         "NICK_TOO_FAST",
                                                                         "TARGET_NOT_MEMBER",
                                                                         "NOT_MEMBER",
                                                                         "ALREADY_MEMBER",
                                                                         "BANNED",
                                                                         "INVITE_ONLY",
                                                                         "BAD_KEY",
                                                                         "CHANNEL_FULL",
                                                                         "RANK_NEEDED",
                                                                         "LIST_FULL",
                                                                         "BAD_VALUE",
                                                                         "UNKNOWN_MODE",
                                                                         "NOT_OPERATOR",
                                                                         "BAD_PASSWORD",
                                                                         "NO_OPERATOR_HERE",
                                                                         "OTHER_USER",
                                                                         "LIMIT",
                                                                         "BANNED_FROM_SERVER",
                                                                         "NOT_VOICED",
                                                                         "NO_CTCP",
                                                                         "MEMBERS_ONLY",
                                                                         "NO_MOTD",
                                                                         "TOO_LONG",
                                                                         "BAD_KEY_VALUE",
                                                                         "WAS_NO_USER",
                                                                         "FAILED",
                                                                         "PARAMETERS",
                                                                         "NOT_REGISTERED",
                                                                         "NOT_THERE",
                                                                         "OWNER_NEEDED",
                                                                         "FORBIDDEN",
                                                                         "AUTH_ONLY",
                                                                         "CLOSED_LIST",
                                                                         "NO_WHISPER",
                                                                         "NO_DATA",
                                                                         "CHANNEL_EXISTS",
                                                                         "ALREADY_IN",
                                                                         "NO_CREATE",
                                                                         "NO_DYNAMIC",
                                                                         "WRONG_PROTOCOL",
                                                                         "RESERVED_NAME",
                                                                         "DUPLICATE",
                                                                         "NO_ENTRY",
                                                                         "NOT_SUPPORTED",
                                                                         "NO_MECHANISM",
                                                                         "UNKNOWN_PROPERTY",
                                                                         "TOO_FAST",
                                                                         "AUTH_SUSPENDED"};

constexpr std::array<std::string_view, CONFAB_EVENT_TYPE_END> type_names{
    "NONE",        "CONNECT",       "REGISTER",     "AUTHENTICATE",  "DISCONNECT",     "NICK",
    "USER_CHANGE", "MESSAGE",       "JOIN",         "PART",          "KICK",           "INVITE",
    "TOPIC",       "MEMBER_CHANGE", "CHANNEL_OPEN", "CHANNEL_CLOSE", "CHANNEL_CHANGE", "ACCESS",
    "KILL",        "OPER",          "QUERY",        "LINE_IN",       "LINE_OUT",       "RATE_LIMIT",
    "ADMIN",       "HOOK_FAILED",   "HOOK_STATE",   "HOOK_SHADOW",   "COMMAND",        "PROPERTY",
    "PLUGIN",      "KNOCK",         "REDIRECT"};

constexpr std::array<std::string_view, 10> field_names{
    "", "text", "nick", "username", "hostname", "realname", "name", "key", "value", "mask"};
constexpr std::array<std::string_view, 6> request_names{"",       "PASSWORD", "OPER",
                                                        "REHASH", "DIE",      "PACKAGE"};
constexpr std::array<std::string_view, 6> outcome_names{"",        "committed", "denied",
                                                        "refused", "expired",   "cancelled"};
constexpr std::array<std::string_view, CONFAB_CMODE_CORE_END> mode_names{
    "moderated", "no_external", "topic_locked", "invite_only", "secret",
    "private",   "no_ctcp",     "key",          "limit",       "hidden",
    "knock",     "no_format",   "no_whisper",   "auditorium",  "auth_only",
    "cloneable", "clone",       "registered",   "service",     "mic_only",
    "unicode",   "echo",        "feed",         "auth_speech", "no_data"};
constexpr std::array<std::string_view, CONFAB_LIST_COUNT> list_names{
    "ban", "exception", "invite", "grant", "voice", "operator", "owner"};
constexpr std::array<std::string_view, 9> user_mode_names{
    "invisible",     "wallops",    "operator", "administrator", "gag",
    "authenticated", "no_whisper", "no_data",  "server_notices"};

// The place of a word in a table; throws when it is not there.
template <class Table>
std::uint32_t index_of(const Table &table, std::string_view word) {
  const auto at = std::find(table.begin(), table.end(), word);
  if (at == table.end())
    throw std::runtime_error("an unknown word: " + std::string(word));
  return static_cast<std::uint32_t>(at - table.begin());
}

template <class Command>
Command command_of(std::uint32_t type, confab_id actor, std::uint32_t flags) {
  Command command;
  CONFAB_COMMAND_INIT(&command, type);
  command.head.actor = actor;
  command.head.flags = flags;
  return command;
}

template <class Event>
const Event &as(const confab_event &event) {
  return reinterpret_cast<const Event &>(event);
}

std::string join(std::initializer_list<std::string_view> parts) {
  std::string out;
  for (const std::string_view part : parts) {
    out += out.empty() ? "" : " ";
    out += part;
  }
  return out;
}

std::string_view sign_of(std::uint32_t set) { return set != 0 ? "+" : "-"; }

std::string text_of(confab_str text) { return ":" + std::string(view_of(text)); }

} // namespace

std::string_view refusal_name(std::uint32_t code) {
  return code < refusal_names.size() ? refusal_names[code] : "?";
}

std::uint32_t refusal_code(std::string_view name) {
  const auto at = std::find(refusal_names.begin(), refusal_names.end(), name);
  return at == refusal_names.end() ? 0U : static_cast<std::uint32_t>(at - refusal_names.begin());
}

bool set_option(options &out, const std::string &name, const std::string &value) {
  for (const number_option &option : number_options)
    if (option.name == name) {
      out.*option.member = static_cast<std::uint32_t>(std::stoul(value));
      return true;
    }
  for (const text_option &option : text_options)
    if (option.name == name) {
      out.*option.member = str_of(value);
      return true;
    }
  return false;
}

const std::string &player::order::word(std::size_t i) const {
  if (i >= words.size())
    throw std::runtime_error("a word is missing");
  return words[i];
}

// --- orders

void player::host_step(const step &s) {
  std::string_view rest = s.text;
  std::string wanted = "CONFAB_OK";
  if (const std::size_t status = rest.rfind(" = CONFAB_"); status != std::string_view::npos) {
    wanted = rest.substr(status + 3);
    rest = rest.substr(0, status);
  }
  order o;
  while (!rest.empty() && rest[0] != ':') {
    const std::size_t end = std::min(rest.find(' '), rest.size());
    o.words.emplace_back(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  o.text = rest.substr(rest.empty() ? 0 : 1);
  try {
    const std::string got = confab_status_name(obey(o));
    if (got != wanted)
      problem(s.line, "the status is " + got);
  } catch (const std::runtime_error &error) {
    throw std::runtime_error(script_.file + ":" + std::to_string(s.line) + ": " + error.what());
  }
}

confab_status player::obey(const order &o) {
  const std::string &what = o.word(0);
  if (what == "open")
    return open(o.word(1), o).open ? CONFAB_OK : CONFAB_ERR_DENIED;
  if (what == "close" || what == "gone" || what == "attach")
    return end(o);
  if (what == "tick")
    return tick(o);
  if (what == "deaf" || what == "hears") {
    clients_[o.word(1)].deaf = what == "deaf";
    return CONFAB_OK;
  }
  if (what == "answer")
    return answer(o);
  if (what == "resolve")
    return resolve(o);
  if (what == "deny" || what == "rewrite" || what == "allow")
    return add_filter(o);
  if (what == "drop")
    return drop_filters();
  constexpr std::array<std::string_view, 6> additions{"command",    "mode",  "numeric",
                                                      "capability", "token", "plugin"};
  if (std::find(additions.begin(), additions.end(), what) != additions.end())
    return add(o);
  if (what == "remove")
    return remove(o);
  if (what == "submit")
    return submit(o);
  if (what == "configure")
    return configure(o);
  if (what == "service")
    return confab_service_set(engine_, str_of(o.text));
  if (what == "user") {
    confab_user_options user = confab_user_options_init();
    user.nick = str_of(o.word(1));
    user.realname = str_of(o.text);
    confab_id id = 0;
    ++host_users_;
    return confab_user_create(engine_, &user, &id);
  }
  throw std::runtime_error("an unknown order: " + what);
}

// A connection ends from either side, or becomes another session of a user.
confab_status player::end(const order &o) {
  client &c = clients_[o.word(1)];
  if (o.word(0) == "close")
    return confab_conn_close(engine_, c.id, now_, str_of(o.text));
  if (o.word(0) == "attach")
    return confab_conn_attach(engine_, c.id, now_, user_id(o.word(2)));
  c.open = false;
  return confab_conn_closed(engine_, c.id, now_, str_of(o.text));
}

confab_status player::tick(const order &o) {
  const std::string &span = o.word(1);
  const confab_time unit = span.ends_with("ms") ? 1'000'000 : 1'000'000'000;
  now_ += static_cast<confab_time>(std::stoull(span.substr(1))) * unit;
  return confab_engine_tick(engine_, now_);
}

confab_status player::answer(const order &o) {
  const std::string &how = o.word(2);
  answers_[index_of(request_names, o.word(1))] = how == "grant"  ? CONFAB_OK
                                                 : how == "park" ? CONFAB_PARKED
                                                                 : CONFAB_ERR_DENIED;
  return CONFAB_OK;
}

confab_status player::resolve(const order &o) {
  auto &open = requests_[index_of(request_names, o.word(1))];
  if (open.empty())
    throw std::runtime_error("no such question is open");
  const confab_id id = open.front();
  open.pop_front();
  const std::string &how = o.word(2);
  return confab_request_resolve(engine_, id,
                                how == "grant"   ? CONFAB_OK
                                : how == "go_on" ? CONFAB_AGAIN
                                                 : CONFAB_ERR_DENIED,
                                str_of(o.text));
}

confab_status player::on_request(void *ctx, const confab_request *request) {
  player &self = *static_cast<player *>(ctx);
  const auto found = self.answers_.find(request->kind);
  const confab_status status = found != self.answers_.end()               ? found->second
                               : request->kind == CONFAB_REQUEST_PASSWORD ? CONFAB_OK
                                                                          : CONFAB_ERR_DENIED;
  if (status == CONFAB_PARKED)
    self.requests_[request->kind].push_back(request->id);
  return status;
}

confab_status player::configure(const order &o) {
  options_.now = 0;
  options_.unix_ns = 0;
  if (!set_option(options_, o.word(1), o.words.size() > 2 ? o.words[2] : o.text))
    throw std::runtime_error("no such option");
  return confab_engine_configure(engine_, &options_);
}

// --- filters

confab_status player::add_filter(const order &o) {
  filter &f = filters_.emplace_back();
  f.owner = this;
  f.text = o.text;
  confab_hook hook = confab_hook_init();
  hook.type = static_cast<std::uint16_t>(index_of(type_names, o.word(1)));
  for (std::size_t i = 2; i < o.words.size(); ++i) {
    if (o.words[i] == "containing")
      f.containing = o.word(++i);
    else if (o.words[i] == "as")
      f.code = refusal_code(o.word(++i));
    else if (o.words[i] == "silently")
      f.visibility = CONFAB_DENIAL_SILENT;
    else if (o.words[i] == "shadow")
      f.visibility = CONFAB_DENIAL_SHADOW;
    else
      f.field = index_of(field_names, o.words[i]);
  }
  const bool deny = o.word(0) == "deny", rewrite = o.word(0) == "rewrite";
  hook.stage = deny      ? CONFAB_STAGE_POLICY
               : rewrite ? CONFAB_STAGE_TRANSFORM
                         : CONFAB_STAGE_OVERRIDE;
  f.verdict = deny ? CONFAB_DENY : rewrite ? CONFAB_PASS : CONFAB_ALLOW;
  hook.ctx = &f;
  hook.call = on_filter;
  return confab_hook_add(engine_, &hook, &f.id);
}

confab_status player::drop_filters() {
  confab_status status = CONFAB_OK;
  for (const filter &f : filters_)
    status = std::min(status, confab_hook_remove(engine_, f.id));
  filters_.clear();
  return status;
}

confab_verdict player::on_filter(void *ctx, confab_call *call, const confab_event *event) {
  filter &f = *static_cast<filter *>(ctx);
  return f.owner->judge(f, call, *event);
}

confab_verdict player::judge(filter &f, confab_call *call, const confab_event &event) {
  if (describe(event).find(f.containing) == std::string::npos)
    return CONFAB_PASS;
  confab_status status = CONFAB_OK;
  if (f.verdict == CONFAB_DENY)
    status = confab_call_deny(call, f.code, str_of(f.text), f.visibility);
  else if (f.verdict == CONFAB_ALLOW)
    status = confab_call_override(call, str_of(f.text));
  else
    status = confab_call_set(call, f.field, str_of(f.text));
  if (status != CONFAB_OK)
    problem(0, std::string("a filter: ") + confab_status_name(status));
  return f.verdict;
}

// --- events

confab_verdict player::on_observe(void *ctx, confab_call *call, const confab_event *event) {
  static_cast<player *>(ctx)->observe(*event, call);
  return CONFAB_PASS;
}

void player::observe(const confab_event &event, confab_call *call) {
  confab_outcome outcome{};
  outcome.struct_size = sizeof outcome;
  if (confab_call_outcome(call, &outcome) != CONFAB_OK)
    problem(0, "an event without an outcome");
  std::string told = describe(event) + " -> " + std::string(outcome_names[outcome.outcome]);
  if (outcome.code != 0) {
    told += " " + std::string(refusal_name(outcome.code));
    out_.refusals.insert(outcome.code);
  }
  if (outcome.override_hook != 0)
    told += " allowed " + text_of(outcome.override_reason);
  out_.events.push_back(std::move(told));
}

std::string player::nick_of(confab_id user) const {
  if (user == 0)
    return "server";
  confab_user_info info{};
  info.struct_size = sizeof info;
  return confab_user_get(engine_, user, &info) == CONFAB_OK ? std::string(view_of(info.nick))
                                                            : "gone";
}

confab_id player::user_id(const std::string &nick) const {
  confab_id id = 0;
  if (nick != "server" && confab_user_find(engine_, str_of(nick), &id) != CONFAB_OK)
    throw std::runtime_error("nobody is called " + nick);
  return id;
}

// "TYPE actor what": who acts on whom and what, in words.
std::string player::describe(const confab_event &e) const {
  const std::string head =
      join({e.type < type_names.size() ? type_names[e.type] : "?", nick_of(e.actor)});
  switch (e.type) {
  case CONFAB_EVENT_REGISTER: {
    const auto &r = as<confab_event_register>(e);
    return join(
        {head, view_of(r.nick), view_of(r.username), view_of(r.hostname), text_of(r.realname)});
  }
  case CONFAB_EVENT_DISCONNECT:
    return join({head, text_of(as<confab_event_disconnect>(e).text)});
  case CONFAB_EVENT_NICK:
    return join({head, view_of(as<confab_event_nick>(e).nick)});
  case CONFAB_EVENT_USER_CHANGE: {
    const auto &u = as<confab_event_user_change>(e);
    return join({head, sign_of(u.set), std::to_string(u.what), text_of(u.text)});
  }
  case CONFAB_EVENT_MESSAGE: {
    const auto &m = as<confab_event_message>(e);
    return m.context == 0 ? join({head, view_of(m.name), text_of(m.text)})
                          : join({head, view_of(m.context_name), view_of(m.name), text_of(m.text)});
  }
  case CONFAB_EVENT_KILL:
    return join(
        {head, view_of(as<confab_event_kill>(e).nick), text_of(as<confab_event_kill>(e).text)});
  case CONFAB_EVENT_QUERY: {
    const auto &q = as<confab_event_query>(e);
    return join({head, std::to_string(q.kind), q.phase == CONFAB_QUERY_ROW ? "row" : "ask",
                 nick_of(q.user), view_of(q.name)});
  }
  case CONFAB_EVENT_COMMAND: {
    const auto &c = as<confab_event_command>(e);
    std::string params = text_of(c.text);
    std::replace(params.begin(), params.end(), '\n', '|');
    return join({head, view_of(c.verb), params});
  }
  case CONFAB_EVENT_PLUGIN: {
    const auto &p = as<confab_event_plugin>(e);
    return join({head, view_of(p.name), std::to_string(p.state), text_of(p.text)});
  }
  case CONFAB_EVENT_LINE_IN:
    return join({head, text_of(as<confab_event_line>(e).text)});
  default:
    return describe_in_channel(head, e);
  }
}

// The same for what happens in a channel.
std::string player::describe_in_channel(const std::string &head, const confab_event &e) {
  switch (e.type) {
  case CONFAB_EVENT_JOIN:
    return join({head, view_of(as<confab_event_join>(e).name)});
  case CONFAB_EVENT_PART:
    return join(
        {head, view_of(as<confab_event_part>(e).name), text_of(as<confab_event_part>(e).text)});
  case CONFAB_EVENT_KICK: {
    const auto &k = as<confab_event_kick>(e);
    return join({head, view_of(k.name), view_of(k.nick), text_of(k.text)});
  }
  case CONFAB_EVENT_INVITE:
    return join(
        {head, view_of(as<confab_event_invite>(e).nick), view_of(as<confab_event_invite>(e).name)});
  case CONFAB_EVENT_TOPIC:
    return join(
        {head, view_of(as<confab_event_topic>(e).name), text_of(as<confab_event_topic>(e).text)});
  case CONFAB_EVENT_MEMBER_CHANGE: {
    const auto &m = as<confab_event_member_change>(e);
    return join({head, view_of(m.name), view_of(m.nick), sign_of(m.set), std::to_string(m.rank)});
  }
  case CONFAB_EVENT_CHANNEL_OPEN:
  case CONFAB_EVENT_CHANNEL_CLOSE:
    return join({head, view_of(as<confab_event_channel>(e).name)});
  case CONFAB_EVENT_CHANNEL_CHANGE: {
    const auto &c = as<confab_event_channel_change>(e);
    const std::string added = "mode" + std::to_string(c.mode); // by number
    return join({head, view_of(c.name), sign_of(c.set),
                 c.mode < mode_names.size() ? mode_names[c.mode] : added, text_of(c.value)});
  }
  case CONFAB_EVENT_ACCESS: {
    const auto &a = as<confab_event_access>(e);
    const std::string_view list = a.list < list_names.size() ? list_names[a.list] : "all";
    return a.set == CONFAB_ACCESS_CLEAR
               ? join({head, view_of(a.name), "clear", list})
               : join({head, view_of(a.name), sign_of(a.set), list, view_of(a.mask)});
  }
  case CONFAB_EVENT_PROPERTY: {
    const auto &p = as<confab_event_property>(e);
    return join({head, sign_of(p.set), view_of(p.name), text_of(p.text)});
  }
  case CONFAB_EVENT_KNOCK: {
    const auto &k = as<confab_event_knock>(e);
    return join({head, view_of(k.name), refusal_name(k.code), text_of(k.text)});
  }
  default:
    return head;
  }
}

// --- submits

confab_status player::submit(order o) {
  o.words.erase(o.words.begin());
  std::uint32_t flags = 0;
  if (o.word(0) == "forced") {
    flags = CONFAB_EVENT_FORCED;
    o.words.erase(o.words.begin());
  }
  constexpr std::array<std::string_view, 8> about_users{"PRIVMSG", "NOTICE", "WALLOPS", "NICK",
                                                        "QUIT",    "KILL",   "CHANGE",  "REDIRECT"};
  return std::find(about_users.begin(), about_users.end(), o.word(0)) != about_users.end()
             ? submit_user(o, flags)
             : submit_channel(o, flags);
}

confab_status player::submit_user(const order &o, std::uint32_t flags) {
  const std::string &what = o.word(0);
  const confab_id actor = user_id(o.word(1));
  const confab_str text = str_of(o.text);
  if (what == "NICK") {
    auto c = command_of<confab_event_nick>(CONFAB_EVENT_NICK, actor, flags);
    c.nick = str_of(o.word(2));
    return confab_command_submit(engine_, &c.head, nullptr);
  }
  if (what == "QUIT") {
    auto c = command_of<confab_event_disconnect>(CONFAB_EVENT_DISCONNECT, actor, flags);
    c.text = text;
    return confab_command_submit(engine_, &c.head, nullptr);
  }
  if (what == "KILL") {
    auto c = command_of<confab_event_kill>(CONFAB_EVENT_KILL, actor, flags);
    c.nick = str_of(o.word(2));
    c.text = text;
    return confab_command_submit(engine_, &c.head, nullptr);
  }
  if (what == "REDIRECT") {
    auto c = command_of<confab_event_redirect>(CONFAB_EVENT_REDIRECT, actor, flags);
    c.targets = str_of(o.word(2));
    c.text = text;
    return confab_command_submit(engine_, &c.head, nullptr);
  }
  if (what == "CHANGE") {
    constexpr std::array<std::string_view, 5> parts{"", "away", "mode", "realname", "hostname"};
    auto c = command_of<confab_event_user_change>(CONFAB_EVENT_USER_CHANGE, actor, flags);
    c.user = actor;
    c.what = index_of(parts, o.word(2));
    c.set = c.what == CONFAB_USER_MODE && o.word(3).starts_with('-') ? 0 : 1;
    if (c.what == CONFAB_USER_MODE)
      c.mode = 1U << index_of(user_mode_names, std::string_view(o.word(3)).substr(1));
    c.text = text;
    return confab_command_submit(engine_, &c.head, nullptr);
  }
  auto c = command_of<confab_event_message>(CONFAB_EVENT_MESSAGE, actor, flags);
  c.kind = what == "PRIVMSG"  ? CONFAB_MESSAGE_PRIVMSG
           : what == "NOTICE" ? CONFAB_MESSAGE_NOTICE
                              : CONFAB_MESSAGE_WALLOPS;
  c.name = c.kind == CONFAB_MESSAGE_WALLOPS ? confab_str{} : str_of(o.word(2));
  c.text = text;
  return confab_command_submit(engine_, &c.head, nullptr);
}

confab_status player::submit_channel(const order &o, std::uint32_t flags) {
  const std::string &what = o.word(0);
  const confab_id actor = user_id(o.word(1));
  const confab_str name = str_of(o.word(2));
  if (what == "JOIN") {
    auto c = command_of<confab_event_join>(CONFAB_EVENT_JOIN, actor, flags);
    c.name = name;
    c.key = o.words.size() > 3 ? str_of(o.words[3]) : confab_str{};
    return confab_command_submit(engine_, &c.head, nullptr);
  }
  if (what == "PART") {
    auto c = command_of<confab_event_part>(CONFAB_EVENT_PART, actor, flags);
    c.name = name;
    c.text = str_of(o.text);
    return confab_command_submit(engine_, &c.head, nullptr);
  }
  if (what == "TOPIC") {
    auto c = command_of<confab_event_topic>(CONFAB_EVENT_TOPIC, actor, flags);
    c.name = name;
    c.text = str_of(o.text);
    return confab_command_submit(engine_, &c.head, nullptr);
  }
  if (what == "KICK") {
    auto c = command_of<confab_event_kick>(CONFAB_EVENT_KICK, actor, flags);
    c.name = name;
    c.nick = str_of(o.word(3));
    c.text = str_of(o.text);
    return confab_command_submit(engine_, &c.head, nullptr);
  }
  if (what == "INVITE") {
    auto c = command_of<confab_event_invite>(CONFAB_EVENT_INVITE, actor, flags);
    c.name = name;
    c.nick = str_of(o.word(3));
    return confab_command_submit(engine_, &c.head, nullptr);
  }
  return submit_setting(o, actor, flags);
}

// Ranks, modes and lists: "RANK actor #x +voice nick".
confab_status player::submit_setting(const order &o, confab_id actor, std::uint32_t flags) {
  const std::string &what = o.word(0);
  const confab_str name = str_of(o.word(2));
  const std::string_view setting = std::string_view(o.word(3)).substr(1);
  const std::uint32_t set = o.word(3).starts_with('+') ? 1 : 0;
  const confab_str value = o.words.size() > 4 ? str_of(o.words[4]) : confab_str{};
  if (what == "RANK") {
    constexpr std::array<std::string_view, 3> ranks{"voice", "operator", "owner"};
    auto c = command_of<confab_event_member_change>(CONFAB_EVENT_MEMBER_CHANGE, actor, flags);
    c.name = name;
    c.nick = value;
    c.rank = 1U << index_of(ranks, setting);
    c.set = set;
    return confab_command_submit(engine_, &c.head, nullptr);
  }
  if (what == "MODE") {
    auto c = command_of<confab_event_channel_change>(CONFAB_EVENT_CHANNEL_CHANGE, actor, flags);
    c.name = name;
    c.mode = index_of(mode_names, setting);
    c.set = set;
    c.value = value;
    return confab_command_submit(engine_, &c.head, nullptr);
  }
  auto c = command_of<confab_event_access>(CONFAB_EVENT_ACCESS, actor, flags);
  c.name = name;
  c.list = index_of(list_names, setting);
  c.set = set;
  c.mask = value;
  return confab_command_submit(engine_, &c.head, nullptr);
}

} // namespace confab::test
