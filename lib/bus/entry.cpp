// SPDX-License-Identifier: MIT
//
// Whether an entry is one that this library can take: see plugins.hpp. An entry may be older than
// the library, or newer as long as it asks for nothing that is not here. None of its code runs.

#include "bus/plugins.hpp"

#include "text/ascii.hpp"
#include "text/utf8.hpp"

#include <algorithm>
#include <cstddef>
#include <cstring>

namespace confab::bus {

namespace {

// What the first entries had. Nothing smaller is one.
constexpr std::uint32_t entry_least = offsetof(confab_plugin_entry, extension) + sizeof(void *);
// No entry will ever be larger: a size beyond is no size.
constexpr std::uint32_t entry_most = 4096;

// "org.example.wordfilter": words with dots between.
bool id_legal(std::string_view id) noexcept {
  if (id.empty() || id.size() > 64 || id.front() == '.' || id.back() == '.' ||
      id.find("..") != std::string_view::npos)
    return false;
  return std::all_of(id.begin(), id.end(), [](char c) {
    return text::is_alpha(c) || text::is_digit(c) || c == '-' || c == '_' || c == '.';
  });
}

bool line_legal(std::string_view line) noexcept {
  return text::utf8_valid(line) &&
         line.find_first_of(std::string_view("\r\n", 2)) == std::string_view::npos;
}

confab_status say(confab_problem &why, confab_status status, std::string_view about,
                  const char *text) noexcept {
  why = {core::str(about), confab_str_of(text)};
  return status;
}

confab_status check_size(const confab_plugin_entry &entry, confab_problem &why) noexcept {
  if (entry.magic != CONFAB_PLUGIN_MAGIC)
    return say(why, CONFAB_ERR_STRUCT, "magic", "this is no plugin");
  if (entry.struct_size < entry_least || entry.struct_size > entry_most)
    return say(why, CONFAB_ERR_STRUCT, "struct_size", "the entry is cut off");
  const char *bytes = reinterpret_cast<const char *>(&entry);
  if (entry.abi_major != CONFAB_ABI_MAJOR)
    return say(why, CONFAB_ERR_UNSUPPORTED, "abi_major", "it was made for another library");
  if (entry.abi_minor_least > CONFAB_ABI_MINOR)
    return say(why, CONFAB_ERR_UNSUPPORTED, "abi_minor_least", "it needs a newer library");
  if (entry.struct_size > sizeof entry &&
      std::any_of(bytes + sizeof entry, bytes + entry.struct_size, [](char c) { return c != 0; }))
    return say(why, CONFAB_ERR_STRUCT, "struct_size",
               "it has members that this library does not know");
  return CONFAB_OK;
}

confab_status check_members(const confab_plugin_entry &entry, confab_problem &why) noexcept {
  const std::string_view version = text_of(entry.version);
  if (!id_legal(text_of(entry.id)))
    return say(why, CONFAB_ERR_ARG, "id", "it is none");
  if (version.empty() || version.size() > 32 || !line_legal(version))
    return say(why, CONFAB_ERR_ARG, "version", "it is none");
  if (!line_legal(text_of(entry.summary)))
    return say(why, CONFAB_ERR_ARG, "summary", "it is not one line of UTF-8");
  if (!entry.create)
    return say(why, CONFAB_ERR_ARG, "create", "it is missing");
  const std::uint32_t who = entry.message_permission;
  if (who != CONFAB_PERMIT_USER && who != CONFAB_PERMIT_ANY && who != CONFAB_PERMIT_OPERATOR &&
      who != CONFAB_PERMIT_HOST && who != CONFAB_PERMIT_ADMINISTRATOR)
    return say(why, CONFAB_ERR_ARG, "message_permission", "it is none");
  if ((entry.flags & ~std::uint32_t{CONFAB_PLUGIN_SINGLE}) != 0 || entry.reserved0 != 0)
    return say(why, CONFAB_ERR_ARG, "flags", "it has flags that this library does not know");
  return CONFAB_OK;
}

confab_status check_schema(const confab_plugin_entry &entry, confab_problem &why) noexcept {
  constexpr std::uint32_t settings_max = 256;
  if (entry.settings_count > settings_max || (entry.settings_count > 0 && !entry.settings))
    return say(why, CONFAB_ERR_ARG, "settings_count", "there are none, or too many");
  for (std::uint32_t i = 0; i < entry.settings_count; ++i) {
    const confab_setting &s = entry.settings[i];
    if (const char *wrong = schema_problem(s))
      return say(why, CONFAB_ERR_ARG, s.name ? std::string_view(s.name) : "settings", wrong);
    if (find_setting(entry, s.name) != &s)
      return say(why, CONFAB_ERR_ARG, s.name, "there are two of that name");
  }
  return CONFAB_OK;
}

} // namespace

confab_status take_entry(const confab_plugin_entry *entry, confab_plugin_entry &out,
                         confab_problem &why) noexcept {
  out = {};
  if (!entry)
    return say(why, CONFAB_ERR_ARG, "entry", "there is none");
  if (const confab_status status = check_size(*entry, why); status != CONFAB_OK)
    return status;
  std::memcpy(static_cast<void *>(&out), entry,
              std::min<std::size_t>(entry->struct_size, sizeof out));
  out.struct_size = sizeof out;
  if (const confab_status status = check_members(out, why); status != CONFAB_OK)
    return status;
  return check_schema(out, why);
}

} // namespace confab::bus
