// SPDX-License-Identifier: MIT
//
// What outlasts the server: one SQLite file in WAL, with a row for each registered channel as its
// members left it. It is made when there is something to keep. What is in a row is the engine's.
#pragma once

#include <map>
#include <memory>
#include <string>

struct sqlite3;

namespace confabd {

// By the folded name of the channel: its definition, as an object of JSON.
using channel_rows = std::map<std::string, std::string>;

class store {
public:
  // Opens or makes the file. On failure the error says why, and the store stays as it was.
  std::string open(const std::string &file);
  bool is_open() const noexcept { return database_ != nullptr; }
  const std::string &file() const noexcept { return file_; }

  // Both answer with an error, or with nothing.
  std::string load(channel_rows &out) const;
  // In one transaction: either all of them are what is kept, or what was kept before stays.
  std::string save(const channel_rows &rows);

private:
  struct closer {
    void operator()(sqlite3 *database) const noexcept;
  };

  std::unique_ptr<sqlite3, closer> database_;
  std::string file_;
  channel_rows saved_; // what the file has: rows that did not change are not written
};

} // namespace confabd
