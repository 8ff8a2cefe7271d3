// SPDX-License-Identifier: MIT
//
// The in-band commands: those of the filter that servers of the nineties shipped, with its names,
// and what this one can do beyond (masks, topics, quits, a mode, RE2). Every answer is one line for
// each thing said; a long DUMP goes page by page, so that it does not flood who asked.
#include "profanity/commands.hpp"

#include <algorithm>
#include <charconv>

namespace profanity {
namespace {

constexpr std::size_t page_lines = 100;

struct entry_key {
  std::string_view key;
  entry_kind kind;
  bool good;
};
constexpr entry_key entry_keys[] = {{"BWORD", entry_kind::word, false},
                                    {"REG", entry_kind::wildcard, false},
                                    {"RE2", entry_kind::expression, false},
                                    {"GWORD", entry_kind::word, true},
                                    {"GREG", entry_kind::wildcard, true}};

struct scope_key {
  std::string_view key;
  scope where;
};
constexpr scope_key scope_keys[] = {{"CHANNELS", scope::channels},
                                    {"DYNAMIC", scope::channels},
                                    {"PRIVATE", scope::priv},
                                    {"NICKNAMES", scope::nicks},
                                    {"CHANNELNAMES", scope::channel_names},
                                    {"TOPICS", scope::topics},
                                    {"QUIT", scope::quit},
                                    {"PART", scope::part},
                                    {"KICK", scope::kick},
                                    {"AWAY", scope::away}};

std::string upper(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  return out;
}

// A command taken apart: its verb, and KEY=value in order.
struct parsed {
  struct pair {
    std::string key, value;
  };
  std::string verb;
  std::vector<pair> pairs;
  std::string wrong; // a word that is no pair

  const std::string *get(std::string_view key) const {
    for (const pair &p : pairs)
      if (p.key == key)
        return &p.value;
    return nullptr;
  }
};

bool takes_rest(std::string_view key) {
  return key == "REPLY" || key == "WITH" ||
         std::any_of(std::begin(entry_keys), std::end(entry_keys),
                     [&](const entry_key &e) { return e.key == key; });
}

parsed parse(std::string_view text) {
  parsed out;
  const auto word = [&text] {
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    const std::string_view w = text.substr(0, text.find(' '));
    text.remove_prefix(w.size());
    return w;
  };
  out.verb = upper(word());
  for (std::string_view w = word(); !w.empty(); w = word()) {
    const std::size_t equals = w.find('=');
    const std::string key = upper(w.substr(0, equals));
    std::string value(equals == std::string_view::npos ? "" : w.substr(equals + 1));
    if (equals == std::string_view::npos && out.wrong.empty())
      out.wrong = w;
    if (takes_rest(key)) {
      value += text;
      text = {};
    }
    out.pairs.push_back({key, std::move(value)});
  }
  return out;
}

const entry_key *entry_in(const parsed &said) {
  for (const entry_key &e : entry_keys)
    if (said.get(e.key))
      return &e;
  return nullptr;
}

// Every key must be one of `known`, separated by spaces: a typing error is not passed over.
std::string unknown_key(const parsed &said, std::string_view known) {
  for (const parsed::pair &p : said.pairs)
    if ((" " + std::string(known) + " ").find(" " + p.key + " ") == std::string::npos)
      return "'" + p.key + "' is not known here; known are " + std::string(known);
  return "";
}

constexpr std::string_view list_keys = "LIST ACTION EXCEPTIONS REPLY WITH BWORD REG RE2 GWORD GREG";

std::string read_change(const parsed &said, list_change &out) {
  if (const std::string *what = said.get("ACTION")) {
    const auto named = std::find(action_names.begin(), action_names.end(), lower(*what));
    if (named == action_names.end())
      return "ACTION is block, mask or replace";
    out.what = static_cast<action>(named - action_names.begin());
  }
  if (const std::string *whose = said.get("EXCEPTIONS")) {
    if (lower(*whose) != "own" && lower(*whose) != "default")
      return "EXCEPTIONS is own or default";
    out.own_exceptions = lower(*whose) == "own";
  }
  if (const std::string *text = said.get("REPLY"))
    out.reply = *text;
  if (const std::string *text = said.get("WITH"))
    out.replacement = *text;
  return "";
}

std::string add(const parsed &said, book &next) {
  if (std::string why = unknown_key(said, list_keys); !why.empty())
    return why;
  const std::string *name = said.get("LIST");
  if (!name)
    return "ADD LIST=name, with BWORD=, REG=, RE2=, GWORD= or GREG= for an entry of it";
  if (const entry_key *e = entry_in(said))
    return next.add_entries(*name, e->good, {{e->kind, *said.get(e->key)}});
  list_change change;
  std::string why = read_change(said, change);
  return why.empty() ? next.add_list(*name, change) : why;
}

std::string remove(const parsed &said, book &next) {
  if (std::string why = unknown_key(said, "LIST BWORD REG RE2 GWORD GREG"); !why.empty())
    return why;
  const std::string *name = said.get("LIST");
  if (!name)
    return "REMOVE LIST=name, with BWORD=, REG=, RE2=, GWORD= or GREG= for an entry of it";
  if (const entry_key *e = entry_in(said))
    return next.remove_entry(*name, e->good, {e->kind, *said.get(e->key)});
  return next.remove_list(*name);
}

std::string set(const parsed &said, book &next) {
  if (const std::string *name = said.get("LIST"); name && !said.get("CHANNEL")) {
    list_change change;
    std::string why = unknown_key(said, "LIST ACTION EXCEPTIONS REPLY WITH");
    if (why.empty())
      why = read_change(said, change);
    return why.empty() ? next.change_list(*name, change) : why;
  }
  if (const std::string *channel = said.get("CHANNEL")) {
    std::string why = unknown_key(said, "CHANNEL LIST");
    const std::string *name = said.get("LIST");
    if (why.empty() && !name)
      why = "SET CHANNEL=#name LIST=name; an empty LIST= for none";
    return why.empty() ? next.set_channel(*channel, *name) : why;
  }
  if (said.pairs.size() != 1)
    return "SET one of LIST=, CHANNEL=, MODE=, or where a list holds: CHANNELS=, PRIVATE=, "
           "NICKNAMES=, CHANNELNAMES=, TOPICS=, QUIT=, PART=, KICK=, AWAY=";
  const auto &[key, value] = said.pairs.front();
  if (key == "MODE") {
    if (lower(value) != "shadow" && lower(value) != "enforce")
      return "MODE is shadow or enforce";
    next.shadow = lower(value) == "shadow";
    return "";
  }
  for (const scope_key &s : scope_keys)
    if (s.key == key)
      return next.set_scope(s.where, value);
  return "'" + key + "' cannot be set";
}

std::string counts_of(const tally &t) {
  return std::to_string(t.judged) + " judged, " + std::to_string(t.hits) + " hit, " +
         std::to_string(t.excepted) + " excepted, " + std::to_string(t.blocked) + " blocked, " +
         std::to_string(t.masked) + " masked, " + std::to_string(t.replaced) + " replaced";
}

std::vector<std::string> dump_list(const list &l) {
  std::vector<std::string> out{
      "LIST=" + l.name + " ACTION=" + std::string(action_names[static_cast<std::size_t>(l.what)]) +
      " EXCEPTIONS=" + (l.own_exceptions ? "own" : "default") + " (" + counts_of(*l.counts) + ")"};
  out.push_back("LIST=" + l.name + " REPLY=" + l.reply);
  out.push_back("LIST=" + l.name + " WITH=" + l.replacement);
  for (const entry_key &key : entry_keys)
    for (const matcher::compiled &c : (key.good ? l.good : l.bad)->entries())
      if (c.from.kind == key.kind)
        out.push_back("LIST=" + l.name + " " + std::string(key.key) + "=" + c.from.text);
  return out;
}

std::vector<std::string> dump_all(const book &of) {
  std::vector<std::string> out{std::string("MODE=") + (of.shadow ? "shadow" : "enforce")};
  for (const auto &[name, l] : of.lists())
    out.push_back("LIST=" + name + " (" + std::to_string(l->bad->entries().size()) + " entries, " +
                  std::to_string(l->good->entries().size()) + " exceptions, " +
                  std::string(action_names[static_cast<std::size_t>(l->what)]) + ")");
  for (const scope_key &s : scope_keys)
    if (const list *l = of.at(s.where); l && s.key != "DYNAMIC")
      out.push_back(std::string(s.key) + "=" + l->name);
  for (const auto &[channel, name] : of.channels())
    out.push_back("CHANNEL=" + channel + " LIST=" + name);
  return out;
}

std::vector<std::string> dump(const parsed &said, const book &now) {
  if (std::string why = unknown_key(said, "LIST FROM"); !why.empty())
    return {why};
  std::size_t from = 0;
  if (const std::string *text = said.get("FROM"))
    if (std::from_chars(text->data(), text->data() + text->size(), from).ec != std::errc())
      return {"FROM is the number of a line"};
  const std::string *name = said.get("LIST");
  const list *l = name ? now.find(*name) : nullptr;
  if (name && !l)
    return {"there is no list '" + *name + "'"};
  std::vector<std::string> all = l ? dump_list(*l) : dump_all(now);
  const std::size_t begin = std::min(from, all.size());
  const std::size_t end = std::min(begin + page_lines, all.size());
  std::vector<std::string> out(all.begin() + static_cast<std::ptrdiff_t>(begin),
                               all.begin() + static_cast<std::ptrdiff_t>(end));
  out.push_back(end == all.size() ? "End of DUMP."
                                  : "More: DUMP" + (l ? " LIST=" + l->name : std::string()) +
                                        " FROM=" + std::to_string(end));
  return out;
}

std::string status(const book &of) {
  tally sum;
  std::size_t entries = 0;
  for (const auto &[name, l] : of.lists()) {
    sum.judged += l->counts->judged;
    sum.hits += l->counts->hits;
    sum.excepted += l->counts->excepted;
    sum.blocked += l->counts->blocked;
    sum.masked += l->counts->masked;
    sum.replaced += l->counts->replaced;
    entries += l->bad->entries().size();
  }
  return std::string(of.shadow ? "shadow" : "enforce") + ": " + std::to_string(of.lists().size()) +
         " lists, " + std::to_string(entries) + " entries; " + counts_of(sum) + ".";
}

} // namespace

command_result run_command(const book &now, std::string_view text, book &next) {
  const parsed said = parse(text);
  if (!said.wrong.empty())
    return {{"'" + said.wrong + "' is not KEY=value."}};
  if (said.verb == "DUMP")
    return {dump(said, now)};
  if (said.verb == "STATUS")
    return {{status(now)}};
  next = now;
  std::string why;
  if (said.verb == "ADD")
    why = add(said, next);
  else if (said.verb == "REMOVE")
    why = remove(said, next);
  else if (said.verb == "SET")
    why = set(said, next);
  else
    return {{"Commands are ADD, REMOVE, SET, DUMP and STATUS."}};
  if (!why.empty())
    return {{"Nothing changed: " + why + "."}};
  return {{"Done."}, true};
}

} // namespace profanity
