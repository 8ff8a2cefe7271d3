// SPDX-License-Identifier: MIT
//
// How entries look in files: see entry.hpp. Plain text is for people and cannot be made to look
// like something else by what people say: control bytes are shown, not sent to the reader's
// terminal, and what is no UTF-8 is replaced. JSON lines are for programs, one object each.
#include "transcript/entry.hpp"

#include "support/safe_name.hpp"
#include "support/timestamp.hpp"

#include <nlohmann/json.hpp>

#include <array>
#include <cstdio>

namespace confab::plugins::transcripts {

namespace {

using json = nlohmann::ordered_json;

constexpr std::array<std::string_view, 14> names{"start", "stop", "join",    "part",  "kick",
                                                 "close", "quit", "nick",    "topic", "mode",
                                                 "rank",  "list", "message", "notice"};

std::string dumped(const json &line) {
  return line.dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
}

// A text without control bytes, and UTF-8 throughout.
std::string shown(std::string_view text) {
  std::string safe;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte != 0x7f) {
      safe += c;
      continue;
    }
    char code[8];
    std::snprintf(code, sizeof code, "\\x%02x", byte);
    safe += code;
  }
  const std::string quoted = json(safe).dump(-1, ' ', false, json::error_handler_t::replace);
  return json::parse(quoted).get<std::string>();
}

std::string reason(const entry &e) { return e.text.empty() ? "" : ": " + shown(e.text); }

std::string speech(const entry &e, const std::string &who) {
  static constexpr std::string_view action = "\x01"
                                             "ACTION ";
  const std::string to = e.object.empty() ? "" : " (to " + shown(e.object) + "s)";
  if (e.event == what::notice)
    return "-" + who + "-" + to + " " + shown(e.text);
  std::string_view text = e.text;
  if (!text.starts_with(action))
    return "<" + who + ">" + to + " " + shown(text);
  text.remove_prefix(action.size());
  if (text.ends_with('\x01'))
    text.remove_suffix(1);
  return "* " + who + to + " " + shown(text);
}

std::string sentence(const entry &e) {
  const std::string who = e.nick.empty() ? "the server" : shown(e.nick);
  const std::string full = e.from.empty() ? who : who + " (" + shown(e.from) + ")";
  switch (e.event) {
  case what::start:
    return "* recording begins";
  case what::stop:
    return "* recording ends";
  case what::join:
    return "* " + full + " joins";
  case what::part:
    return "* " + full + " leaves" + reason(e);
  case what::kick:
    return "* " + who + " removes " + shown(e.object) + reason(e);
  case what::close:
    return "* " + who + " empties the channel" + reason(e);
  case what::quit:
    return "* " + full + " quits" + reason(e);
  case what::nick:
    return "* " + who + " is now called " + shown(e.object);
  case what::topic:
    return e.text.empty() ? "* " + who + " clears the topic"
                          : "* " + who + " sets the topic" + reason(e);
  case what::mode:
    return "* " + who + (e.set ? " sets " : " clears ") + shown(e.object) +
           (e.text.empty() ? "" : " " + shown(e.text));
  case what::rank:
    return "* " + who + (e.set ? " makes " : " unmakes ") + shown(e.object) + " " + shown(e.text);
  case what::list:
    if (e.text.empty())
      return "* " + who + " clears " + (e.object == "all" ? "all lists" : shown(e.object));
    return "* " + who + (e.set ? " adds " : " removes ") + shown(e.object) + " " + shown(e.text);
  case what::message:
  case what::notice:
    return speech(e, who);
  }
  return {};
}

const char *object_key(what event) {
  switch (event) {
  case what::nick:
    return "new_nick";
  case what::mode:
    return "mode";
  case what::list:
    return "list";
  case what::message:
  case what::notice:
    return "only";
  default:
    return "target";
  }
}

const char *text_key(what event) {
  switch (event) {
  case what::mode:
    return "value";
  case what::rank:
    return "rank";
  case what::list:
    return "mask";
  default:
    return "text";
  }
}

json head(std::int64_t unix_ns, std::string_view event, const std::string &channel) {
  json line;
  line["time"] = timestamp(unix_ns);
  line["event"] = event;
  line["channel"] = channel;
  return line;
}

std::string as_json(const entry &e) {
  json line = head(e.unix_ns, names[static_cast<std::size_t>(e.event)], e.channel);
  if (!e.nick.empty())
    line["nick"] = e.nick;
  if (!e.from.empty())
    line["from"] = e.from;
  if (e.event == what::mode || e.event == what::rank || e.event == what::list)
    line["set"] = e.set;
  if (!e.object.empty())
    line[object_key(e.event)] = e.object;
  if (!e.text.empty())
    line[text_key(e.event)] = e.text;
  return dumped(line);
}

} // namespace

std::string entry::folder() const { return folder_name(key); }

std::size_t entry::bytes() const noexcept {
  return sizeof *this + channel.size() + key.size() + nick.size() + from.size() + object.size() +
         text.size();
}

std::string entry::heading(std::uint32_t style) const {
  if (style == json_lines)
    return {}; // each line names the channel
  return "# " + shown(channel) + ", times in UTC\n";
}

std::string entry::rendered(std::uint32_t style) const {
  if (style == json_lines)
    return as_json(*this);
  return timestamp(unix_ns) + " " + sentence(*this) + "\n";
}

std::string entry::lost(std::uint32_t style, std::uint64_t count) const {
  if (style != json_lines)
    return timestamp(unix_ns) + " # " + std::to_string(count) + " lost\n";
  json line = head(unix_ns, "lost", channel);
  line["count"] = count;
  return dumped(line);
}

} // namespace confab::plugins::transcripts
