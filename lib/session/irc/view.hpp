// SPDX-License-Identifier: MIT
//
// The three ways in which the family of IRC shows one engine (spec ircx §3.6, §19): plain IRC, IRC
// with capabilities, and IRCX. A connection's view decides letters, prefixes, names and numerics;
// it is part of its variant, so that each encoding is made once. Tables of letters are in
// modes.hpp.

#pragma once

#include "core/world.hpp"
#include "proto/ircx/names.hpp"
#include "session/pages.hpp"

#include <array>
#include <span>
#include <string_view>

namespace confab::session {

enum class view : std::uint8_t { irc, v3, ircx };

// The bits of conn::variant of this family. Those of members (member::manner) of the family of MIC
// are 32 and 128, and mean nothing here.
enum irc_variant : std::uint16_t {
  variant_view = 3U,          // a `view`, where it is not strict
  variant_page = 15U,         // where it is: index into `pages`
  variant_spelled = 1U << 4U, // member::manner: it entered as `%#name`, and is shown it so
  variant_ircx = 1U << 6U,    // where it is strict: IRCX is on
  variant_strict = 1U << 8U,  // laid out as Microsoft's clients read it: spec ircx §17
  variant_time = 1U << 9U,    // server-time
};

constexpr bool is_strict(std::uint16_t variant) noexcept { return (variant & variant_strict) != 0; }
constexpr view view_of(std::uint16_t variant) noexcept {
  if (is_strict(variant))
    return (variant & variant_ircx) != 0 ? view::ircx : view::irc;
  return static_cast<view>(variant & variant_view);
}
inline view view_of(const core::conn &c) noexcept { return view_of(c.variant); }
constexpr mic::code_page page_of(std::uint16_t variant) noexcept {
  return is_strict(variant) ? pages[variant & variant_page] : mic::code_page::utf8;
}

// How an act was said: operation::manner and mode_batch::manner.
enum irc_manner : std::uint8_t {
  manner_prop = 1U << 0U,           // by PROP, though it is a topic or a key: see manner.hpp
  manner_spelled = variant_spelled, // the channel was written `%#name`, and errors say it so
};

// What conn::session points to: before registration a `registration` (dialect.hpp), afterwards an
// ircx_session where IRCX is on, and nothing for all others.
struct irc_session {
  bool registered;
};
struct ircx_session : irc_session {
  explicit ircx_session(core::world &world) noexcept : irc_session{true}, w(&world) {}
  core::world *w;
  confab_id last_channel = 0; // the one it named last and is in: `%` alone
};
inline ircx_session *ircx_of(const core::conn &c) noexcept {
  auto *s = static_cast<irc_session *>(c.session);
  return s && s->registered ? static_cast<ircx_session *>(s) : nullptr;
}

// Room for any name as a view writes it.
using name_buffer = std::array<char, 520>;

// A nick as the view shows it: as it is, quoted behind `'`, or as its `^` alias (spec §1.6). A view
// of `buffer` or of `nick`.
std::string_view show_nick(view v, std::string_view nick, name_buffer &buffer) noexcept;
// "nick!username@hostname" likewise; an ircx view sees `~` before the name of who proved nothing.
std::string_view show_source(view v, const core::user &who, name_buffer &buffer) noexcept;
// The name of who acts: the user's source, or the server's where there is none.
std::string_view show_source(view v, const core::user *who, std::string_view server,
                             name_buffer &buffer) noexcept;
// The username alone, with that `~`.
std::string_view show_username(view v, const core::user &who, name_buffer &buffer) noexcept;
// A channel's name: as it is, or quoted behind `%` where plain IRC could not say it or the member
// entered by that spelling.
std::string_view show_channel(std::uint16_t variant, std::string_view name,
                              name_buffer &buffer) noexcept;

// Can the view write the name as it is?
bool can_write(view v, std::string_view name) noexcept;
// The same as show_channel where the view has no membership to go by: IRCX writes names beyond
// ASCII behind `%`.
std::string_view list_channel(view v, std::string_view name, name_buffer &buffer) noexcept;
// Nicks with a comma between them, each as the view shows it; what does not fit is left out.
std::string_view show_nicks(view v, std::string_view nicks, std::span<char> out) noexcept;

// What a client wrote, as the engine calls it: a nick in any spelling, `'` alone for itself; a
// channel in either spelling, `%` alone for the one it named last. Empty: it cannot be a name. What
// does not look like a channel comes back as it is, for the core to refuse.
std::string_view read_nick(const core::conn &c, std::string_view written,
                           name_buffer &buffer) noexcept;
std::string_view read_channel(const core::conn &c, std::string_view written,
                              name_buffer &buffer) noexcept;
constexpr bool looks_like_channel(std::string_view written) noexcept {
  return !written.empty() &&
         (written[0] == '#' || written[0] == '&' ||
          (written[0] == '%' && (written.size() == 1 || written[1] == '#' || written[1] == '&')));
}
// Was it written as `%#name` or `%&name`?
constexpr bool is_spelled(std::string_view written) noexcept {
  return written.size() > 1 && written[0] == '%' && (written[1] == '#' || written[1] == '&');
}

} // namespace confab::session
