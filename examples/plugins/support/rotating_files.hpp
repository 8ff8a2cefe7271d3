// SPDX-License-Identifier: MIT
//
// Files that grow, are followed by new ones and go at last: one folder for each subject, in it
// YYYY-MM-DD.NNNN.ext by the day (UTC) on which the file was begun and a number within that day. A
// new file comes with a new day and when the old one is full; old ones go by count and by age. Only
// files with names of that form are ever counted or deleted. Used by one thread, the writer's:
// nothing here may be called from a handler.
#pragma once

#include "support/directory.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <compare>
#include <cstdint>
#include <cstdio>
#include <map>
#include <set>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include <sys/stat.h>

namespace confab::plugins {

inline constexpr std::int64_t day_ns = 86'400'000'000'000;

struct rotation {
  std::string extension;       // of new files: "log"
  std::uint64_t bytes_max = 0; // of a file; 0: no bound
  bool daily = true;           // a new file each day
  std::uint32_t files_max = 0; // kept in a folder; 0: all
  std::int64_t age_ns_max = 0; // since a file was last written to; 0: for ever
};

// What a file is called.
struct file_name {
  std::int64_t day = 0; // since 1970
  std::uint32_t index = 0;
  std::string extension;
  auto operator<=>(const file_name &) const = default;

  std::string text() const {
    const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{day}}};
    char out[48];
    std::snprintf(out, sizeof out, "%04d-%02u-%02u.%04u.", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), index);
    return out + extension;
  }
  // Nothing for what `text` never gives.
  static std::optional<file_name> parse(std::string_view name) {
    int year = 0;
    unsigned month = 0, day = 0;
    file_name out;
    const char *at = name.data(), *end = at + name.size();
    const auto number = [&](auto &into, char behind) {
      const auto [next, error] = std::from_chars(at, end, into);
      if (error != std::errc{} || next == end || *next != behind)
        return false;
      at = next + 1;
      return true;
    };
    if (!number(year, '-') || !number(month, '-') || !number(day, '.') || !number(out.index, '.'))
      return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{month},
                                           std::chrono::day{day}};
    out.day = std::chrono::sys_days{date}.time_since_epoch().count();
    out.extension.assign(at, end);
    return out.text() == name ? std::optional(out) : std::nullopt;
  }
};

struct file_line {
  std::int64_t unix_ns;
  std::string text; // with its end
};

class rotating_files {
public:
  void use(std::string directory, rotation how) {
    current_.clear();
    directory_ = std::move(directory);
    how_ = std::move(how);
  }

  // Appends lines to a folder's newest file, or to new ones; `heading` begins each file. Answers
  // how many were written: the rest are in no file, not even in part, and the error says why.
  std::size_t append(const std::string &folder, const std::string &heading,
                     std::span<const file_line> lines) {
    file &f = newest(folder);
    std::size_t written = 0;
    while (written < lines.size()) {
      if (ends_before(f, f.size, lines[written]))
        begin_next(folder, f, lines[written].unix_ns);
      std::size_t end = written;
      std::string block = lines[end++].text;
      const std::uint64_t begun = f.size == 0 ? heading.size() : f.size;
      while (end < lines.size() && !ends_before(f, begun + block.size(), lines[end]))
        block += lines[end++].text;
      if (!write(folder, f, heading, block))
        break;
      written = end;
    }
    return written;
  }

  // Sees to it that what was written outlives the machine; new files and folders, too.
  void sync() {
    for (const std::string &path : unsynced_) {
      const descriptor written(path, O_RDONLY); // none when it went meanwhile
      if (written.open() && ::fsync(written.get()) != 0)
        error_ = path + ": " + std::generic_category().message(errno);
    }
    unsynced_.clear();
  }
  bool unsynced() const noexcept { return !unsynced_.empty(); }

  // Deletes what is too old, in all folders.
  void prune_all(std::int64_t unix_ns) {
    std::error_code error;
    std::filesystem::directory_iterator at(directory_, error), end;
    for (; !error && at != end; at.increment(error))
      if (std::error_code no_folder; at->is_directory(no_folder))
        prune(at->path().filename().string(), unix_ns, 0);
  }

  // The last thing that went wrong since it was last asked, or "".
  std::string take_error() { return std::exchange(error_, {}); }

private:
  struct file {
    file_name name; // index 0: there is none yet
    std::uint64_t size = 0;
  };
  // Beyond, the oldest thing to do is to look at the folders again.
  static constexpr std::size_t remembered_max = 4096;

  std::string path_of(const std::string &folder) const { return directory_ + "/" + folder; }

  // The names of the files in a folder, the newest last.
  std::vector<file_name> list(const std::string &folder) const {
    std::vector<file_name> out;
    std::error_code error;
    std::filesystem::directory_iterator at(path_of(folder), error), end;
    for (; !error && at != end; at.increment(error))
      if (auto name = file_name::parse(at->path().filename().string()))
        out.push_back(std::move(*name));
    std::sort(out.begin(), out.end());
    return out;
  }

  file &newest(const std::string &folder) {
    if (current_.size() >= remembered_max && !current_.contains(folder))
      current_.clear();
    const auto [at, fresh] = current_.try_emplace(folder);
    if (fresh)
      if (const std::vector<file_name> names = list(folder); !names.empty()) {
        std::error_code error;
        const auto size =
            std::filesystem::file_size(path_of(folder) + "/" + names.back().text(), error);
        at->second = {names.back(), error ? 0 : size};
      }
    return at->second;
  }

  bool ends_before(const file &f, std::uint64_t size, const file_line &next) const {
    return f.name.index == 0 || f.name.extension != how_.extension ||
           (how_.daily && next.unix_ns / day_ns > f.name.day) ||
           (how_.bytes_max != 0 && size != 0 && size + next.text.size() > how_.bytes_max);
  }

  // A clock that was set back does not bring old files back.
  void begin_next(const std::string &folder, file &f, std::int64_t unix_ns) {
    const std::int64_t day = unix_ns / day_ns;
    f.name = day > f.name.day ? file_name{day, 1, how_.extension}
                              : file_name{f.name.day, f.name.index + 1, how_.extension};
    f.size = 0;
    prune(folder, unix_ns, 1);
  }

  bool write(const std::string &folder, file &f, const std::string &heading,
             const std::string &block) {
    ::mkdir(path_of(folder).c_str(), 0700); // what is wrong with it shows when the file is opened
    const std::string path = path_of(folder) + "/" + f.name.text();
    const descriptor to(path, O_WRONLY | O_APPEND | O_CREAT);
    struct stat before {};
    int wrong = !to.open() || ::fstat(to.get(), &before) != 0 ? errno : 0;
    const std::string bytes = before.st_size == 0 ? heading + block : block;
    if (wrong == 0)
      wrong = write_all(to.get(), bytes);
    if (wrong != 0) {
      error_ = path + ": " + std::generic_category().message(wrong);
      if (to.open() && ::ftruncate(to.get(), before.st_size) != 0)
        error_ += "; and it ends within a line";
      return false;
    }
    f.size = static_cast<std::uint64_t>(before.st_size) + bytes.size();
    unsynced_.insert(path);
    if (before.st_size == 0)
      unsynced_.insert({path_of(folder), directory_});
    return true;
  }

  // Deletes files of a folder, so that `room` more can be kept.
  void prune(const std::string &folder, std::int64_t unix_ns, std::size_t room) {
    if (how_.files_max == 0 && how_.age_ns_max == 0)
      return;
    const std::vector<file_name> names = list(folder);
    const std::size_t most = how_.files_max == 0 ? SIZE_MAX : how_.files_max;
    for (std::size_t i = 0; i < names.size(); ++i) {
      const std::string path = path_of(folder) + "/" + names[i].text();
      struct stat is {};
      const bool old = how_.age_ns_max != 0 && ::stat(path.c_str(), &is) == 0 &&
                       is.st_mtime < (unix_ns - how_.age_ns_max) / 1'000'000'000;
      if ((old || names.size() - i + room > most) && ::unlink(path.c_str()) != 0)
        error_ = path + ": " + std::generic_category().message(errno);
    }
  }

  std::string directory_;
  rotation how_;
  std::map<std::string, file> current_;
  std::set<std::string> unsynced_; // paths of files and folders
  std::string error_;
};

} // namespace confab::plugins
