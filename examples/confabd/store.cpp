// SPDX-License-Identifier: MIT
//
// The store: see store.hpp. Every statement is prepared when it is used; there are few, at most one
// batch in a second.
#include "store.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <utility>

namespace confabd {
namespace {

constexpr int busy_ms_max = 2000; // somebody looks into the file, or backs it up
constexpr const char *schema = "PRAGMA journal_mode = WAL;"
                               "PRAGMA synchronous = NORMAL;"
                               "CREATE TABLE IF NOT EXISTS registered_channel ("
                               "  name TEXT PRIMARY KEY,"
                               "  definition TEXT NOT NULL"
                               ") STRICT;";

std::string error_of(sqlite3 *database, const std::string &file) {
  return fmt::format("{}: {}", file, sqlite3_errmsg(database));
}

struct finaliser {
  void operator()(sqlite3_stmt *statement) const noexcept { sqlite3_finalize(statement); }
};
using statement = std::unique_ptr<sqlite3_stmt, finaliser>;

statement prepare(sqlite3 *database, const char *sql) {
  sqlite3_stmt *made = nullptr;
  sqlite3_prepare_v2(database, sql, -1, &made, nullptr);
  return statement(made);
}

// Runs a statement that gives no rows, with texts for its parameters.
bool run(sqlite3 *database, const char *sql, std::initializer_list<const std::string *> texts) {
  const statement made = prepare(database, sql);
  int place = 0;
  for (const std::string *text : texts) {
    if (sqlite3_bind_text(made.get(), ++place, text->data(), static_cast<int>(text->size()),
                          SQLITE_STATIC) != SQLITE_OK) {
      return false;
    }
  }
  return sqlite3_step(made.get()) == SQLITE_DONE;
}

std::string text_of(const statement &row, int column) {
  const auto *bytes = static_cast<const char *>(sqlite3_column_blob(row.get(), column));
  const auto len = static_cast<std::size_t>(sqlite3_column_bytes(row.get(), column));
  return len == 0 ? std::string() : std::string(bytes, len);
}

} // namespace

void store::closer::operator()(sqlite3 *database) const noexcept { sqlite3_close_v2(database); }

std::string store::open(const std::string &file) {
  sqlite3 *opened = nullptr;
  const int status =
      sqlite3_open_v2(file.c_str(), &opened, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr);
  std::unique_ptr<sqlite3, closer> database(opened);
  if (status != SQLITE_OK) {
    return fmt::format("{}: {}", file, sqlite3_errstr(status));
  }
  sqlite3_busy_timeout(opened, busy_ms_max);
  if (sqlite3_exec(opened, schema, nullptr, nullptr, nullptr) != SQLITE_OK) {
    return error_of(opened, file);
  }
  database_ = std::move(database);
  file_ = file;
  saved_.clear();
  return load(saved_);
}

std::string store::load(channel_rows &out) const {
  channel_rows rows;
  const statement all = prepare(database_.get(), "SELECT name, definition FROM registered_channel");
  int status = SQLITE_ERROR;
  while (all && (status = sqlite3_step(all.get())) == SQLITE_ROW) {
    rows.insert_or_assign(text_of(all, 0), text_of(all, 1));
  }
  if (status != SQLITE_DONE) {
    return error_of(database_.get(), file_);
  }
  out = std::move(rows);
  return {};
}

std::string store::save(const channel_rows &rows) {
  if (rows == saved_) {
    return {};
  }
  sqlite3 *database = database_.get();
  bool done = run(database, "BEGIN IMMEDIATE", {});
  for (auto row = saved_.begin(); done && row != saved_.end(); ++row) {
    done = rows.contains(row->first) ||
           run(database, "DELETE FROM registered_channel WHERE name = ?", {&row->first});
  }
  for (auto row = rows.begin(); done && row != rows.end(); ++row) {
    const auto before = saved_.find(row->first);
    done = (before != saved_.end() && before->second == row->second) ||
           run(database,
               "INSERT INTO registered_channel (name, definition) VALUES (?, ?) "
               "ON CONFLICT (name) DO UPDATE SET definition = excluded.definition",
               {&row->first, &row->second});
  }
  if (!done || !run(database, "COMMIT", {})) {
    std::string error = error_of(database, file_);
    run(database, "ROLLBACK", {});
    return error;
  }
  saved_ = rows;
  return {};
}

} // namespace confabd
