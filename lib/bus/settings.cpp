// SPDX-License-Identifier: MIT
//
// Reading settings: see settings.hpp. A bound is written as a value is, so one reader serves both;
// what it bounds depends on the type: a number itself, the bytes of a text, the lines of a list.

#include "bus/settings.hpp"

#include "text/ascii.hpp"
#include "text/utf8.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>

namespace confab::bus {

namespace {

struct unit {
  std::string_view name;
  std::int64_t worth;
};

constexpr std::array<unit, 6> durations{{{"w", 604'800'000},
                                         {"d", 86'400'000},
                                         {"h", 3'600'000},
                                         {"m", 60'000},
                                         {"s", 1'000},
                                         {"ms", 1}}};
constexpr std::array<unit, 3> sizes{{{"g", 1 << 30}, {"m", 1 << 20}, {"k", 1 << 10}}};

bool read_bool(std::string_view text, std::int64_t &out) noexcept {
  const auto is = [&](std::string_view word) { return text::iequals(text, word); };
  if (is("true") || is("yes") || is("on") || is("1"))
    out = 1;
  else if (is("false") || is("no") || is("off") || is("0"))
    out = 0;
  else
    return false;
  return true;
}

bool read_int(std::string_view text, std::int64_t &out) noexcept {
  const char *const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, out);
  return !text.empty() && read.ec == std::errc{} && read.ptr == end;
}

bool read_number(std::string_view text, double &out) noexcept {
  const char *const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, out);
  return !text.empty() && read.ec == std::errc{} && read.ptr == end && std::isfinite(out);
}

// value + count * worth, or false when that is more than there is room for.
bool add_units(std::int64_t &value, std::int64_t count, std::int64_t worth) noexcept {
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
  if (count > (most - value) / worth)
    return false;
  value += count * worth;
  return true;
}

// The number in front, which is not negative; moves behind it.
bool take_count(std::string_view &text, std::int64_t &out) noexcept {
  const auto digits = static_cast<std::size_t>(
      std::find_if_not(text.begin(), text.end(), text::is_digit) - text.begin());
  if (!read_int(text.substr(0, digits), out))
    return false;
  text.remove_prefix(digits);
  return true;
}

// "1h30m": numbers with units, each unit smaller than the one before.
bool read_duration(std::string_view text, std::int64_t &out) noexcept {
  std::int64_t count = 0;
  std::size_t next = 0;
  out = 0;
  do {
    if (!take_count(text, count))
      return false;
    if (text.empty() && next == 0)
      return add_units(out, count, 1'000);
    const auto letters = static_cast<std::size_t>(
        std::find_if(text.begin(), text.end(), text::is_digit) - text.begin());
    while (next < durations.size() && durations[next].name != text.substr(0, letters))
      ++next;
    if (next == durations.size() || !add_units(out, count, durations[next++].worth))
      return false;
    text.remove_prefix(letters);
  } while (!text.empty());
  return true;
}

bool read_size(std::string_view text, std::int64_t &out) noexcept {
  std::int64_t count = 0;
  out = 0;
  if (!take_count(text, count))
    return false;
  if (text.empty())
    return add_units(out, count, 1);
  return std::any_of(sizes.begin(), sizes.end(), [&](const unit &u) {
    return text::iequals(text, u.name) && add_units(out, count, u.worth);
  });
}

// Which of the words with a space between it is, or -1.
std::int64_t find_word(std::string_view words, std::string_view wanted) noexcept {
  for (std::int64_t i = 0; !words.empty(); ++i) {
    const std::size_t end = std::min(words.find(' '), words.size());
    if (!wanted.empty() && words.substr(0, end) == wanted)
      return i;
    words.remove_prefix(std::min(end + 1, words.size()));
  }
  return -1;
}

bool printable(std::string_view text, bool lines) noexcept {
  return text::utf8_valid(text) && std::none_of(text.begin(), text.end(), [&](char c) {
           return c == '\0' || c == '\r' || (c == '\n' && !lines);
         });
}

// The value without its bounds; null, or what is wrong.
const char *read_value(const confab_setting &as, std::string_view text,
                       confab_setting_info &out) noexcept {
  bool good = false;
  switch (as.type) {
  case CONFAB_SETTING_BOOL:
    good = read_bool(text, out.integer);
    break;
  case CONFAB_SETTING_INT:
    good = read_int(text, out.integer);
    break;
  case CONFAB_SETTING_NUMBER:
    if (!read_number(text, out.number))
      return "it is no number";
    return nullptr;
  case CONFAB_SETTING_TEXT:
    return printable(text, false) ? nullptr : "it is not one line of UTF-8";
  case CONFAB_SETTING_CHOICE:
    out.integer = find_word(text_of(as.choices), text);
    good = out.integer >= 0;
    break;
  case CONFAB_SETTING_DURATION:
    good = read_duration(text, out.integer);
    break;
  case CONFAB_SETTING_SIZE:
    good = read_size(text, out.integer);
    break;
  case CONFAB_SETTING_LIST:
    if (!printable(text, true))
      return "it is no UTF-8";
    out.count = text.empty()
                    ? 0
                    : 1 + static_cast<std::uint32_t>(std::count(text.begin(), text.end(), '\n'));
    return nullptr;
  default:
    break;
  }
  static constexpr std::array<const char *, CONFAB_SETTING_LIST + 1> problems{
      "it has no type",
      "it is neither true nor false",
      "it is no whole number",
      "",
      "",
      "it is none of the choices",
      "it is no duration: 90s, 1h30m, 250ms",
      "it is no size: 4096, 64k, 1m",
      ""};
  out.number = static_cast<double>(out.integer);
  return good ? nullptr : problems[as.type < problems.size() ? as.type : 0];
}

// A bound of that setting, written as its values are; of texts and lists it is a number.
bool read_bound(const confab_setting &of, const char *text, confab_setting_info &out) noexcept {
  confab_setting as = of;
  if (of.type == CONFAB_SETTING_TEXT || of.type == CONFAB_SETTING_LIST)
    as.type = CONFAB_SETTING_INT;
  return !read_value(as, text_of(text), out);
}

const char *out_of_bounds(const confab_setting &as, const confab_setting_info &value) noexcept {
  const auto measure = [&](const confab_setting_info &v) {
    return as.type == CONFAB_SETTING_TEXT   ? static_cast<std::int64_t>(v.text.len)
           : as.type == CONFAB_SETTING_LIST ? static_cast<std::int64_t>(v.count)
                                            : v.integer;
  };
  const auto below = [&](const confab_setting_info &a, std::int64_t a_is,
                         const confab_setting_info &b, std::int64_t b_is) {
    return as.type == CONFAB_SETTING_NUMBER ? a.number < b.number : a_is < b_is;
  };
  confab_setting_info bound{};
  if (as.least && read_bound(as, as.least, bound) &&
      below(value, measure(value), bound, bound.integer))
    return as.type == CONFAB_SETTING_TEXT   ? "it is too short"
           : as.type == CONFAB_SETTING_LIST ? "it has too few lines"
                                            : "it is too small";
  if (as.most && read_bound(as, as.most, bound) &&
      below(bound, bound.integer, value, measure(value)))
    return as.type == CONFAB_SETTING_TEXT   ? "it is too long"
           : as.type == CONFAB_SETTING_LIST ? "it has too many lines"
                                            : "it is too large";
  return nullptr;
}

bool name_legal(std::string_view name) noexcept {
  return !name.empty() && name.size() <= 32 && text::is_lower(name[0]) &&
         std::all_of(name.begin(), name.end(),
                     [](char c) { return text::is_lower(c) || text::is_digit(c) || c == '_'; });
}

} // namespace

const char *read_setting(const confab_setting &as, std::string_view text,
                         confab_setting_info &out) noexcept {
  out = {};
  out.struct_size = sizeof out;
  out.type = as.type;
  out.name = confab_str_of(as.name);
  out.text = confab_str_make(text.data(), text.size());
  const char *wrong = read_value(as, text, out);
  return wrong ? wrong : out_of_bounds(as, out);
}

void default_setting(const confab_setting &as, confab_setting_info &out) noexcept {
  // The schema was checked: a default that is there can be read. One that is not is empty.
  (void)read_setting(as, text_of(as.value), out);
}

const char *schema_problem(const confab_setting &s) noexcept {
  constexpr std::uint32_t flags =
      CONFAB_SETTING_REQUIRED | CONFAB_SETTING_SECRET | CONFAB_SETTING_FIXED;
  if (!name_legal(text_of(s.name)))
    return "its name is none: small letters, digits and _";
  if (s.type < CONFAB_SETTING_BOOL || s.type > CONFAB_SETTING_LIST)
    return "its type is none";
  if ((s.flags & ~flags) != 0 || s.reserved)
    return "it has members that this library does not know";
  if ((s.type == CONFAB_SETTING_CHOICE) != (s.choices != nullptr) ||
      (s.choices && text_of(s.choices).find_first_not_of(' ') == std::string_view::npos))
    return "choices belong to a CHOICE";
  const bool unbounded = s.type == CONFAB_SETTING_BOOL || s.type == CONFAB_SETTING_CHOICE;
  confab_setting_info least{}, most{}, value{};
  if (unbounded && (s.least || s.most))
    return "its type has no bounds";
  if ((s.least && !read_bound(s, s.least, least)) || (s.most && !read_bound(s, s.most, most)))
    return "a bound is no value of its type";
  const bool crossed =
      s.type == CONFAB_SETTING_NUMBER ? least.number > most.number : least.integer > most.integer;
  if (s.least && s.most && crossed)
    return "its bounds are crossed";
  if ((s.flags & CONFAB_SETTING_REQUIRED) != 0)
    return s.value ? "it is required and has a default" : nullptr;
  // A default that is left out is empty, false or 0, and bounds do not hold for that.
  return s.value && read_setting(s, text_of(s.value), value) ? "its default is no value of it"
                                                             : nullptr;
}

const confab_setting *find_setting(const confab_plugin_entry &entry,
                                   std::string_view name) noexcept {
  for (const confab_setting &s : schema_of(entry))
    if (text_of(s.name) == name)
      return &s;
  return nullptr;
}

confab_status check_values(const confab_plugin_entry &entry,
                           std::span<const confab_setting_value> values,
                           confab_problem &why) noexcept {
  const auto says = [&](confab_status status, confab_str about, const char *text) {
    why = {about, confab_str_of(text)};
    return status;
  };
  const auto view = [](confab_str s) { return std::string_view{s.ptr, s.len}; };
  for (std::size_t i = 0; i < values.size(); ++i) {
    const confab_setting_value &given = values[i];
    if ((given.name.len > 0 && !given.name.ptr) || (given.value.len > 0 && !given.value.ptr))
      return says(CONFAB_ERR_ARG, {}, "a text without bytes");
    const confab_setting *setting = find_setting(entry, view(given.name));
    if (!setting)
      return says(CONFAB_ERR_NOT_FOUND, given.name, "there is no such setting");
    for (std::size_t k = 0; k < i; ++k)
      if (view(values[k].name) == view(given.name))
        return says(CONFAB_ERR_ARG, given.name, "it is given twice");
    confab_setting_info read{};
    if (const char *wrong = read_setting(*setting, view(given.value), read))
      return says(CONFAB_ERR_ARG, given.name, wrong);
  }
  for (const confab_setting &s : schema_of(entry))
    if ((s.flags & CONFAB_SETTING_REQUIRED) != 0 &&
        std::none_of(values.begin(), values.end(),
                     [&](const auto &given) { return view(given.name) == text_of(s.name); }))
      return says(CONFAB_ERR_ARG, confab_str_of(s.name), "it is required");
  return CONFAB_OK;
}

} // namespace confab::bus
