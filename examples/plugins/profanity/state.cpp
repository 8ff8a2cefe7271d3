// SPDX-License-Identifier: MIT
//
// Reading and writing the state. A file that cannot be understood is an error and is left alone:
// writing over it would lose what is in it.
#include "profanity/state.hpp"

#include <nlohmann/json.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

namespace profanity {
namespace {

using json = nlohmann::json;

constexpr std::size_t state_bytes_max = std::size_t{16} << 20,
                      words_bytes_max = std::size_t{1} << 20;

// The names of kinds of entries in the file: bad ones, then exceptions.
struct kind_name {
  entry_kind kind;
  bool good;
  const char *name;
};
constexpr kind_name kind_names[] = {{entry_kind::word, false, "words"},
                                    {entry_kind::wildcard, false, "wildcards"},
                                    {entry_kind::expression, false, "expressions"},
                                    {entry_kind::word, true, "good_words"},
                                    {entry_kind::wildcard, true, "good_wildcards"}};

std::string problem(const std::string &path, const char *what) {
  return path + ": " + what + ": " + std::strerror(errno);
}

std::string read_file(const std::string &path, std::size_t most, std::string &out) {
  struct closer {
    void operator()(std::FILE *f) const { std::fclose(f); }
  };
  const std::unique_ptr<std::FILE, closer> file(std::fopen(path.c_str(), "rb"));
  if (!file)
    return problem(path, "cannot be opened");
  out.resize(most + 1);
  out.resize(std::fread(out.data(), 1, out.size(), file.get()));
  if (std::ferror(file.get()))
    return problem(path, "cannot be read");
  return out.size() > most ? path + ": is too large" : "";
}

// The bytes are on the disk before the name points to them, and the name before this returns.
std::string write_file(const std::string &path, const std::string &text) {
  const std::string fresh = path + ".new";
  const int fd = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0)
    return problem(fresh, "cannot be written");
  std::size_t done = 0;
  while (done < text.size()) {
    const ssize_t n = ::write(fd, text.data() + done, text.size() - done);
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      break;
    done += static_cast<std::size_t>(n);
  }
  const bool good = done == text.size() && ::fsync(fd) == 0;
  if ((::close(fd) != 0 || !good) || std::rename(fresh.c_str(), path.c_str()) != 0) {
    std::string why = problem(fresh, "cannot be written");
    ::unlink(fresh.c_str());
    return why;
  }
  const std::string folder = path.substr(0, path.find_last_of('/') + 1);
  const int folder_fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder_fd >= 0) {
    // Some file systems cannot; the rename has happened all the same.
    [[maybe_unused]] const int synced = ::fsync(folder_fd);
    ::close(folder_fd);
  }
  return "";
}

json list_to_json(const list &from) {
  json out{{"name", from.name},
           {"action", action_names[static_cast<std::size_t>(from.what)]},
           {"reply", from.reply},
           {"replacement", from.replacement},
           {"own_exceptions", from.own_exceptions}};
  for (const kind_name &kind : kind_names) {
    json texts = json::array();
    for (const matcher::compiled &c : (kind.good ? from.good : from.bad)->entries())
      if (c.from.kind == kind.kind)
        texts.push_back(c.from.text);
    out[kind.name] = std::move(texts);
  }
  return out;
}

std::string list_from_json(const json &from, book &to) {
  const std::string name = from.at("name");
  const std::string what = from.at("action");
  const auto named = std::find(action_names.begin(), action_names.end(), what);
  if (named == action_names.end())
    return "'" + what + "' is no action";
  const list_change change{
      static_cast<action>(named - action_names.begin()), from.at("reply").get<std::string>(),
      from.at("replacement").get<std::string>(), from.at("own_exceptions").get<bool>()};
  std::string why = to.find(name) ? to.change_list(name, change) : to.add_list(name, change);
  for (const bool good : {false, true}) {
    std::vector<entry> entries;
    for (const kind_name &kind : kind_names)
      if (kind.good == good)
        for (const std::string text : from.at(kind.name))
          entries.push_back({kind.kind, text});
    if (why.empty() && !entries.empty())
      why = to.add_entries(name, good, entries);
  }
  return why;
}

std::string book_from_json(const json &from, book &to) {
  if (from.at("version") != 1)
    return "is of a version that is not known";
  std::string why;
  for (const json &l : from.at("lists"))
    if (why.empty())
      why = list_from_json(l, to);
  for (std::size_t i = 0; i < scope_count && why.empty(); ++i)
    why = to.set_scope(static_cast<scope>(i),
                       from.at("scopes").value(std::string(scope_names[i]), ""));
  for (const auto &[channel, name] : from.at("channels").items())
    if (why.empty())
      why = to.set_channel(channel, name.get<std::string>());
  to.shadow = from.at("mode") == "shadow";
  return why;
}

} // namespace

std::string save(const book &from, const std::string &path) {
  json lists = json::array(), scopes = json::object();
  for (const auto &[name, l] : from.lists())
    lists.push_back(list_to_json(*l));
  for (std::size_t i = 0; i < scope_count; ++i)
    if (const list *l = from.at(static_cast<scope>(i)))
      scopes[std::string(scope_names[i])] = l->name;
  const json out{{"version", 1},
                 {"mode", from.shadow ? "shadow" : "enforce"},
                 {"lists", std::move(lists)},
                 {"scopes", std::move(scopes)},
                 {"channels", from.channels()}};
  return write_file(path, out.dump(1) + "\n");
}

std::string load(const std::string &path, book &to, bool *there) {
  *there = ::access(path.c_str(), F_OK) == 0 || errno != ENOENT;
  if (!*there)
    return "";
  std::string text;
  if (std::string why = read_file(path, state_bytes_max, text); !why.empty())
    return why;
  book fresh = to;
  std::string why;
  try {
    why = book_from_json(json::parse(text), fresh);
  } catch (const json::exception &e) {
    why = e.what();
    std::replace_if( // it may show bytes of the file
        why.begin(), why.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
  }
  if (!why.empty())
    return path + ": " + why;
  to = std::move(fresh);
  return "";
}

entry entry_of_line(std::string_view line, bool &good) {
  good = line.size() > 1 && line[0] == '+';
  if (good)
    line.remove_prefix(1);
  if (!good && line.size() > 2 && line.front() == '/' && line.back() == '/')
    return {entry_kind::expression, std::string(line.substr(1, line.size() - 2))};
  const bool wild = line.find_first_of("*?") != std::string_view::npos;
  return {wild ? entry_kind::wildcard : entry_kind::word, std::string(line)};
}

std::string import_words(const std::string &path, book &to) {
  std::string text;
  if (std::string why = read_file(path, words_bytes_max, text); !why.empty())
    return why;
  std::vector<entry> entries[2];
  std::string_view left = text;
  while (!left.empty()) {
    std::string_view line = left.substr(0, left.find('\n'));
    left.remove_prefix(std::min(left.size(), line.size() + 1));
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ' || line.back() == '\t'))
      line.remove_suffix(1);
    if (line.empty() || line[0] == ';')
      continue;
    bool good = false;
    entry made = entry_of_line(line, good);
    auto &all = entries[good ? 1 : 0];
    if (all.size() > entries_per_list_max)
      return path + ": has more entries than a list can";
    if (std::find(all.begin(), all.end(), made) == all.end())
      all.push_back(std::move(made));
  }
  for (const bool good : {false, true}) {
    if (entries[good ? 1 : 0].empty())
      continue;
    if (std::string why = to.add_entries(default_list, good, entries[good ? 1 : 0]); !why.empty())
      return path + ": " + why;
  }
  return "";
}

} // namespace profanity
