// SPDX-License-Identifier: MIT
//
// Names into and out of the three views: see view.hpp. The engine's own form is the decoded one, so
// one user and one channel have one name, however many spellings reach them.

#include "session/irc/view.hpp"

#include <algorithm>
#include <cstring>

namespace confab::session {

namespace {

// Appends what fits.
struct name_writer {
  std::span<char> out;
  std::size_t used = 0;

  void put(std::string_view part) noexcept {
    used += part.copy(out.data() + used, out.size() - used);
  }
  std::string_view view() const noexcept { return {out.data(), used}; }
};

bool proved(const core::user &who) noexcept {
  return (who.modes & CONFAB_UMODE_AUTHENTICATED) != 0;
}

bool is_ascii(std::string_view name) noexcept {
  return std::none_of(name.begin(), name.end(),
                      [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
}

std::string_view spell_channel(std::string_view name, name_buffer &buffer) noexcept {
  std::size_t used = 0;
  return ircx::encode_channel(name, buffer.data(), buffer.size(), used)
             ? std::string_view{buffer.data(), used}
             : name;
}

// `%`: the channel that the session named last, while it is in it.
std::string_view last_channel(const core::conn &c) noexcept {
  const ircx_session *s = ircx_of(c);
  const core::channel *where = s ? s->w->channels.find(s->last_channel) : nullptr;
  return where && c.who && s->w->find_member(*c.who, *where) ? where->name() : std::string_view{};
}

void note_channel(const core::conn &c, std::string_view name) noexcept {
  ircx_session *s = ircx_of(c);
  const core::channel *where = s ? s->w->find_channel(name) : nullptr;
  if (where && c.who && s->w->find_member(*c.who, *where))
    s->last_channel = core::world::id(*where);
}

} // namespace

std::string_view show_nick(view v, std::string_view nick, name_buffer &buffer) noexcept {
  if (ircx::is_ordinary_nick(nick) || (v == view::v3 && ircx::can_show_decoded(nick)))
    return nick;
  std::size_t used = 0;
  const bool done = v == view::ircx ? ircx::encode_nick(nick, buffer.data(), buffer.size(), used)
                                    : ircx::encode_alias(nick, buffer.data(), buffer.size(), used);
  return done ? std::string_view{buffer.data(), used} : nick;
}

std::string_view show_source(view v, const core::user &who, name_buffer &buffer) noexcept {
  const bool marked = v == view::ircx && !proved(who);
  if (!marked && !who.extended)
    return who.is.source();
  name_buffer shown;
  name_writer out{buffer};
  out.put(show_nick(v, who.is.nick(), shown));
  out.put(marked ? "!~" : "!");
  out.put(who.is.username());
  out.put("@");
  out.put(who.is.hostname());
  return out.view();
}

std::string_view show_source(view v, const core::user *who, std::string_view server,
                             name_buffer &buffer) noexcept {
  return who ? show_source(v, *who, buffer) : server;
}

std::string_view show_username(view v, const core::user &who, name_buffer &buffer) noexcept {
  if (v != view::ircx || proved(who))
    return who.is.username();
  name_writer out{buffer};
  out.put("~");
  out.put(who.is.username());
  return out.view();
}

// A backslash is a letter of plain IRC, and the sign of an escape to clients of IRCX.
bool can_write(view v, std::string_view name) noexcept {
  constexpr std::string_view stops{" ,\a\0\r\n\\", 7};
  return looks_like_channel(name) && name[0] != '%' &&
         std::none_of(name.begin(), name.end(), [&](char c) {
           return stops.find(c) != std::string_view::npos && (c != '\\' || v == view::ircx);
         });
}

std::string_view show_channel(std::uint16_t variant, std::string_view name,
                              name_buffer &buffer) noexcept {
  return (variant & variant_spelled) != 0 || !can_write(view_of(variant), name)
             ? spell_channel(name, buffer)
             : name;
}

std::string_view list_channel(view v, std::string_view name, name_buffer &buffer) noexcept {
  return (v == view::ircx && !is_ascii(name)) || !can_write(v, name) ? spell_channel(name, buffer)
                                                                     : name;
}

std::string_view show_nicks(view v, std::string_view nicks, std::span<char> out) noexcept {
  name_writer to{out};
  while (!nicks.empty()) {
    const std::size_t end = std::min(nicks.find(','), nicks.size());
    name_buffer shown;
    const std::string_view nick = show_nick(v, nicks.substr(0, end), shown);
    nicks.remove_prefix(std::min(end + 1, nicks.size()));
    if (to.used + nick.size() + 1 > out.size())
      break;
    if (to.used > 0)
      to.put(",");
    to.put(nick);
  }
  return to.view();
}

std::string_view read_nick(const core::conn &c, std::string_view written,
                           name_buffer &buffer) noexcept {
  if (written == "'")
    return c.who ? c.who->is.nick() : std::string_view{};
  if (written.size() > buffer.size())
    return {};
  if (const std::size_t size = ircx::decode_alias(written, buffer.data()))
    return {buffer.data(), size};
  if (!written.starts_with('\''))
    return written;
  std::size_t size = 0;
  return ircx::decode_nick(written, buffer.size(), buffer.data(), size) == ircx::name_error::none
             ? std::string_view{buffer.data(), size}
             : std::string_view{};
}

std::string_view read_channel(const core::conn &c, std::string_view written,
                              name_buffer &buffer) noexcept {
  if (written == "%")
    return last_channel(c);
  if (!looks_like_channel(written))
    return written;
  if (!is_spelled(written)) {
    if (!can_write(view_of(c), written))
      return {};
    note_channel(c, written);
    return written;
  }
  if (written.size() > buffer.size() ||
      ircx::check_channel(written, buffer.size()) != ircx::name_error::none)
    return {};
  const std::string_view name{buffer.data(), ircx::decode_channel(written, buffer.data())};
  note_channel(c, name);
  return name;
}

} // namespace confab::session
