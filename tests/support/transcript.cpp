// SPDX-License-Identifier: MIT
//
// Reading transcripts: see transcript.hpp. One line is one step; what a line cannot hold is written
// with escapes. Also the comparing of lines. Nothing here knows an engine.

#include "support/transcript.hpp"

#include "support/transcript_frames.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace confab::test {

namespace {

struct place {
  const std::string &file;
  std::size_t line;

  [[noreturn]] void fail(const std::string &what) const {
    throw std::runtime_error(file + ":" + std::to_string(line) + ": " + what);
  }
};

int hex_digit(char c) {
  const std::size_t at = std::string_view("0123456789abcdef").find(c);
  return at == std::string_view::npos ? -1 : static_cast<int>(at);
}

// \r \n \0 \t \\ and \xNN.
std::string unescape(std::string_view in, const place &at) {
  std::string out;
  for (std::size_t i = 0; i < in.size(); ++i) {
    if (in[i] != '\\') {
      out += in[i];
      continue;
    }
    const char c = ++i < in.size() ? in[i] : ' ';
    const std::size_t plain = std::string_view("rn0t\\").find(c);
    if (plain != std::string_view::npos) {
      out += "\r\n\0\t\\"[plain];
    } else if (c == 'x' && i + 2 < in.size() && hex_digit(in[i + 1]) >= 0 &&
               hex_digit(in[i + 2]) >= 0) {
      out += static_cast<char>(hex_digit(in[i + 1]) * 16 + hex_digit(in[i + 2]));
      i += 2;
    } else {
      at.fail("an unknown escape");
    }
  }
  return out;
}

// {x*12}: the text before the star, that many times.
std::string repeat(std::string_view in) {
  std::string out;
  while (!in.empty()) {
    const std::size_t open = std::min(in.find('{'), in.size());
    out += in.substr(0, open);
    in.remove_prefix(open);
    const std::size_t close = in.find('}');
    const std::size_t star = in.substr(0, close).rfind('*');
    const bool counted = close != std::string_view::npos && star != std::string_view::npos &&
                         star + 1 < close &&
                         in.substr(star + 1, close - star - 1).find_first_not_of("0123456789") ==
                             std::string_view::npos;
    if (!counted) { // an ordinary brace
      out += in.substr(0, 1);
      in.remove_prefix(std::min<std::size_t>(1, in.size()));
      continue;
    }
    const std::string_view unit = in.substr(1, star - 1);
    for (int n = std::stoi(std::string(in.substr(star + 1, close - star - 1))); n > 0; --n)
      out += unit;
    in.remove_prefix(close + 1);
  }
  return out;
}

bool is_name(std::string_view word) {
  return !word.empty() && std::all_of(word.begin(), word.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
}

std::string_view trim(std::string_view text) {
  while (text.starts_with(' '))
    text.remove_prefix(1);
  while (text.ends_with(' '))
    text.remove_suffix(1);
  return text;
}

// "alice> ...", "alice>> ...", "alice>| ...", "alice< ...".
bool read_talk(transcript &out, std::string_view line, const place &at) {
  const std::size_t mark = line.find_first_of("<>");
  if (mark == std::string_view::npos)
    return false;
  const std::string_view who = line.substr(0, mark);
  if (!is_name(who) && who != "*")
    return false;
  std::string_view rest = line.substr(mark + 1);
  const bool raw = line[mark] == '>' && rest.starts_with('>');
  const bool frame = line[mark] == '>' && rest.starts_with('|');
  rest.remove_prefix(raw || frame ? 1 : 0);
  rest.remove_prefix(rest.starts_with(' ') ? 1 : 0);
  step s{step_kind::expect, at.line, std::string(who), unescape(repeat(rest), at)};
  if (line[mark] == '>') {
    if (who == "*")
      at.fail("nobody is called *");
    s.kind = step_kind::feed;
    if (frame)
      try {
        s.text = frame_of(s.text);
      } catch (const std::exception &wrong) {
        at.fail(wrong.what());
      }
    else
      s.text += raw ? "" : "\r\n";
  } else if (s.text == "(nothing)") {
    s.kind = step_kind::nothing;
  } else if (s.text == "(anything)") {
    s.kind = step_kind::anything;
  } else if (s.text == "(closed)" || s.text.starts_with("(closed: ")) {
    s.kind = step_kind::closed;
    s.text = s.text == "(closed)" ? "{any}" : s.text.substr(9, s.text.size() - 10);
  } else if (who == "*") {
    at.fail("a line is for one client");
  }
  out.steps.push_back(std::move(s));
  return true;
}

void read_line(transcript &out, std::string_view line, const place &at) {
  if (trim(line).empty() || line.starts_with('#'))
    return;
  if (read_talk(out, line, at))
    return;
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos)
    at.fail("no step");
  const std::string_view word = line.substr(0, colon), rest = trim(line.substr(colon + 1));
  if (word == "title") {
    out.title = rest;
  } else if (word == "option") {
    const std::size_t equals = rest.find('=');
    if (equals == std::string_view::npos || !out.steps.empty())
      at.fail("option: NAME = VALUE, before all steps");
    out.options.emplace_back(trim(rest.substr(0, equals)),
                             unescape(repeat(trim(rest.substr(equals + 1))), at));
  } else if (word == "host" || word == "event") {
    out.steps.push_back({word == "host" ? step_kind::host : step_kind::event,
                         at.line,
                         {},
                         unescape(repeat(rest), at)});
  } else {
    at.fail("an unknown step");
  }
}

// How many bytes at the front of `line` a placeholder may stand for: at least, at most.
std::pair<std::size_t, std::size_t> span_of(std::string_view placeholder, std::string_view line) {
  if (placeholder == "{any}")
    return {0, line.size()};
  const std::size_t end =
      placeholder == "{word}" ? line.find(' ') : line.find_first_not_of("0123456789");
  return {1, std::min(end, line.size())};
}

} // namespace

std::vector<std::string> transcript_files(const std::string &folder) {
  std::vector<std::string> files;
  for (const auto &entry : std::filesystem::directory_iterator(folder))
    if (entry.path().extension() == ".txt")
      files.push_back(entry.path().string());
  std::sort(files.begin(), files.end());
  return files;
}

transcript read_transcript(const std::string &path) {
  transcript out;
  out.file = std::filesystem::path(path).filename().string();
  std::ifstream in(path, std::ios::binary);
  if (!in)
    throw std::runtime_error(path + ": cannot be read");
  std::string line;
  for (std::size_t number = 1; std::getline(in, line); ++number)
    read_line(out, line, place{out.file, number});
  if (out.title.empty() || out.steps.empty())
    throw std::runtime_error(out.file + ": a title and steps are needed");
  return out;
}

bool line_matches(std::string_view expected, std::string_view line) {
  for (;;) {
    const std::size_t open = expected.find('{');
    const std::string_view plain = expected.substr(0, open);
    if (open == std::string_view::npos)
      return line == plain;
    if (!line.starts_with(plain))
      return false;
    const std::string_view rest = expected.substr(open);
    for (const std::string_view placeholder : {"{any}", "{word}", "{number}"})
      if (rest.starts_with(placeholder)) {
        const auto [least, most] = span_of(placeholder, line.substr(plain.size()));
        for (std::size_t n = least; n <= most; ++n)
          if (line_matches(rest.substr(placeholder.size()), line.substr(plain.size() + n)))
            return true;
        return false;
      }
    if (line.size() <= plain.size() || line[plain.size()] != '{') // an ordinary brace
      return false;
    expected = rest.substr(1);
    line = line.substr(plain.size() + 1);
  }
}

} // namespace confab::test
