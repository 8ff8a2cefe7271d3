// SPDX-License-Identifier: MIT
//
// The server's log: one line for each event, a stable event name and fields, as text or as a JSON
// object. What people say to each other is never a field at info or above. Texts that strangers
// chose are escaped, so that nobody can forge a line. What is worth logging is decided elsewhere.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

namespace spdlog {
class logger;
}

namespace confabd {

enum class log_level : std::uint8_t { debug, info, warning, error };
enum class log_format : std::uint8_t { text, json };

struct log_options {
  log_level level = log_level::info;
  log_format format = log_format::text;
  std::string file; // empty: standard error

  friend bool operator==(const log_options &, const log_options &) = default;
};

// An id of the engine's: written in hexadecimal.
struct log_id {
  std::uint64_t value = 0;
};

struct log_field {
  std::string_view key;
  std::variant<std::string_view, std::uint64_t, log_id> value;
};

class logger {
public:
  logger();
  ~logger();
  logger(const logger &) = delete;
  logger &operator=(const logger &) = delete;

  // Takes new options and opens the file again, as rotation needs it. On failure the old log goes
  // on and the reason is returned; empty: done.
  std::string configure(const log_options &options);

  bool enabled(log_level level) const noexcept { return level >= level_; }
  void write(log_level level, std::string_view event, std::initializer_list<log_field> fields);

private:
  std::shared_ptr<spdlog::logger> sink_;
  log_level level_ = log_level::info;
  log_format format_ = log_format::text;
};

// Appends `text` with control characters, quotes, backslashes and bytes that are no UTF-8 escaped,
// as JSON (RFC 8259 §7) wants them.
void append_escaped(std::string &out, std::string_view text);

} // namespace confabd
