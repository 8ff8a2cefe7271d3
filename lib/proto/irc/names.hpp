// SPDX-License-Identifier: MIT
//
// Which names IRC can carry: nicks, channels, user names, hosts, and the masks made of them.
// Sources: RFC 2812 §2.3.1 (nick, user, host), RFC 2811 §2.1 (channels), RFC 1123 §2.1 (hosts).
// Pure functions of bytes; the limits come from the engine's options as arguments. Whether a name
// is taken, reserved or forbidden by policy is not decided here, nor is matching (text/mask.hpp).

#pragma once

#include <cstddef>
#include <string_view>

namespace confab::irc {

// First a letter or one of []\`_^{|}, then also digits and '-'; 1 to bytes_max bytes.
bool nick_valid(std::string_view nick, std::size_t bytes_max) noexcept;

// One of `chantypes`, then anything but space, comma, BEL, NUL, CR, LF; 1 to bytes_max bytes. The
// bare prefix is a name, and so is one with a colon, since clients expect both of today's servers.
bool channel_name_valid(std::string_view channel, std::size_t bytes_max,
                        std::string_view chantypes) noexcept;

// Writes what can be shown of a user name, at most bytes_max bytes: letters, digits and -._~[]{}^|;
// other bytes are dropped. Where nothing is left, that is `user`, because a name of emoji must not
// keep anybody out. `out` has room for bytes_max bytes and may begin where `in` does.
std::size_t username_clean(std::string_view in, char *out, std::size_t bytes_max) noexcept;

// The parts of `nick!user@host`; `nick@host` and `nick!user` have the others empty.
struct userhost {
  std::string_view nick, user, host;
};

userhost split_userhost(std::string_view source) noexcept;

// A host name that may be shown: letters, digits and inner hyphens, labels of 1 to 63 bytes, 253 in
// all, at least one dot, one dot at the end allowed. A dotted IPv4 address passes; IPv6 does not.
bool hostname_valid(std::string_view host) noexcept;

// Completes a mask to nick!user@host: `n` is a nick, `u@h` user and host, `n!u` nick and user, a
// word with a dot or a colon a host; empty parts become `*`. Returns the length, at most in.size()
// + 4, or 0 and nothing written when it does not fit into `size` bytes, is empty, or holds a space
// or a control byte. Completing a complete mask changes nothing. `out` must not overlap `in`.
std::size_t mask_complete(std::string_view in, char *out, std::size_t size) noexcept;

} // namespace confab::irc
