// SPDX-License-Identifier: MIT
//
// Formats log lines and hands them to spdlog, which has the clock, the levels and the files. Both
// forms are written by one function each, so that they cannot drift apart. No policy: see
// observe.cpp.
#include "log.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <iterator>
#include <spdlog/logger.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>

namespace confabd {
namespace {

// The length of the well-formed UTF-8 sequence that `text` begins with; 0 when there is none (RFC
// 3629 §4).
std::size_t sequence_bytes(std::string_view text) noexcept {
  const auto byte = [&](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u;
  };
  const auto tail = [&](std::size_t i) { return (byte(i) & 0xc0) == 0x80; };
  const unsigned lead = byte(0);
  if (lead < 0x80) {
    return 1;
  }
  if (lead >= 0xc2 && lead <= 0xdf) {
    return tail(1) ? 2 : 0;
  }
  if (lead >= 0xe0 && lead <= 0xef) {
    const bool overlong = lead == 0xe0 && byte(1) < 0xa0;
    const bool surrogate = lead == 0xed && byte(1) > 0x9f;
    return tail(1) && tail(2) && !overlong && !surrogate ? 3 : 0;
  }
  if (lead >= 0xf0 && lead <= 0xf4) {
    const bool outside = (lead == 0xf0 && byte(1) < 0x90) || (lead == 0xf4 && byte(1) > 0x8f);
    return tail(1) && tail(2) && tail(3) && !outside ? 4 : 0;
  }
  return 0;
}

spdlog::level::level_enum spdlog_level(log_level level) noexcept {
  switch (level) {
  case log_level::debug:
    return spdlog::level::debug;
  case log_level::info:
    return spdlog::level::info;
  case log_level::warning:
    return spdlog::level::warn;
  case log_level::error:
    return spdlog::level::err;
  }
  return spdlog::level::err;
}

// The parts that spdlog fills in; %v is what append_text or append_json made.
std::string pattern_of(log_format format) {
  return format == log_format::json ? R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l",%v})"
                                    : "%Y-%m-%dT%H:%M:%S.%eZ %l %v";
}

std::shared_ptr<spdlog::logger> make_logger(const log_options &options) {
  std::shared_ptr<spdlog::sinks::sink> sink;
  if (options.file.empty()) {
    sink = std::make_shared<spdlog::sinks::stderr_sink_st>();
  } else {
    sink = std::make_shared<spdlog::sinks::basic_file_sink_st>(options.file, false);
  }
  auto result = std::make_shared<spdlog::logger>("confabd", std::move(sink));
  result->set_pattern(pattern_of(options.format), spdlog::pattern_time_type::utc);
  result->set_level(spdlog_level(options.level));
  result->flush_on(spdlog::level::debug);
  return result;
}

bool plain_word(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return c > ' ' && c < '\x7f' && c != '"' && c != '\\' && c != '=';
  });
}

struct value_writer {
  std::string &out;
  bool json;

  void operator()(std::string_view text) const {
    if (!json && plain_word(text)) {
      out.append(text);
      return;
    }
    out.push_back('"');
    append_escaped(out, text);
    out.push_back('"');
  }
  void operator()(std::uint64_t number) const {
    fmt::format_to(std::back_inserter(out), "{}", number);
  }
  void operator()(log_id id) const {
    fmt::format_to(std::back_inserter(out), fmt::runtime(json ? "\"{:x}\"" : "{:x}"), id.value);
  }
};

std::string text_line(std::string_view event, std::initializer_list<log_field> fields) {
  std::string line(event);
  for (const log_field &field : fields) {
    fmt::format_to(std::back_inserter(line), " {}=", field.key);
    std::visit(value_writer{line, false}, field.value);
  }
  return line;
}

std::string json_line(std::string_view event, std::initializer_list<log_field> fields) {
  std::string line = fmt::format(R"("event":"{}")", event);
  for (const log_field &field : fields) {
    fmt::format_to(std::back_inserter(line), R"(,"{}":)", field.key);
    std::visit(value_writer{line, true}, field.value);
  }
  return line;
}

} // namespace

void append_escaped(std::string &out, std::string_view text) {
  while (!text.empty()) {
    const std::size_t bytes = sequence_bytes(text);
    const char c = text.front();
    if (bytes == 0) {
      out.append("\\ufffd");
    } else if (c == '"' || c == '\\') {
      out.push_back('\\');
      out.push_back(c);
    } else if (static_cast<unsigned char>(c) < 0x20 || c == '\x7f') {
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned char>(c));
    } else {
      out.append(text.substr(0, bytes));
    }
    text.remove_prefix(std::max<std::size_t>(bytes, 1));
  }
}

logger::logger() : sink_(make_logger({})) {}

logger::~logger() = default;

std::string logger::configure(const log_options &options) {
  try {
    sink_ = make_logger(options);
  } catch (const spdlog::spdlog_ex &error) {
    return error.what();
  }
  level_ = options.level;
  format_ = options.format;
  return {};
}

void logger::write(log_level level, std::string_view event,
                   std::initializer_list<log_field> fields) {
  if (!enabled(level)) {
    return;
  }
  sink_->log(spdlog_level(level),
             format_ == log_format::json ? json_line(event, fields) : text_line(event, fields));
}

} // namespace confabd
