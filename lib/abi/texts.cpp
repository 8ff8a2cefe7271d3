// SPDX-License-Identifier: MIT
//
// Checks of what handlers write: see texts.hpp. One table of bounds for the members of all events;
// whether a name or text makes sense is not known here.

#include "abi/texts.hpp"

#include "wire/length_framer.hpp"

#include <confab/hook.h>

#include <algorithm>

namespace confab::abi {

namespace {

// Whole lines with their ends, none of them empty: transports that carry each line in a message of
// its own find their ends.
bool whole_lines(std::string_view text) noexcept {
  while (!text.empty()) {
    const std::size_t end = text.find_first_of(std::string_view("\r\n\0", 3));
    if (end == std::string_view::npos || end == 0 || text.substr(end, 2) != "\r\n")
      return false;
    text.remove_prefix(end + 2);
  }
  return true;
}

// A client of MIC may say several lines at once, and octets that are no text at all.
bool message_legal(const core::event_box &event, std::string_view text) noexcept {
  if (event.head.protocol != CONFAB_PROTOCOL_MIC)
    return one_line(text);
  const bool octets = event.message.kind == CONFAB_MESSAGE_DATA && event.message.tag.len == 0;
  return octets || text.find('\0') == std::string_view::npos;
}

bool bytes_legal(const core::event_box &event, std::string_view text) noexcept {
  const bool frames = event.head.protocol == CONFAB_PROTOCOL_MIC;
  switch (core::row_of(event.head)) {
  case CONFAB_EVENT_LINE_IN:
    return frames ? wire::whole_frames(text) : one_line(text);
  case CONFAB_EVENT_LINE_OUT:
    return frames ? wire::whole_frames(text) : whole_lines(text);
  case CONFAB_EVENT_MESSAGE:
    return message_legal(event, text);
  case CONFAB_EVENT_COMMAND: // LF stands between parameters
    return text.find_first_of(std::string_view("\r\0", 2)) == std::string_view::npos;
  default:
    return one_line(text);
  }
}

// The bound of the text that a type of event is about.
std::size_t text_bytes_max(const confab_engine_options &o, std::uint16_t row) noexcept {
  switch (row) {
  case CONFAB_EVENT_TOPIC:
    return o.topic_bytes_max;
  case CONFAB_EVENT_USER_CHANGE:
    return o.away_bytes_max;
  case CONFAB_EVENT_MESSAGE:
  case CONFAB_EVENT_LINE_IN:
  case CONFAB_EVENT_COMMAND:
  case CONFAB_EVENT_PROPERTY:
  case core::custom_row:
    return o.line_bytes_max;
  case CONFAB_EVENT_LINE_OUT:
    return o.output_backlog_bytes_max;
  default:
    return o.reason_bytes_max;
  }
}

std::size_t bytes_max(const confab_engine_options &o, std::uint16_t row,
                      std::uint32_t field) noexcept {
  switch (field) {
  case CONFAB_FIELD_NICK:
    return o.nick_bytes_max;
  case CONFAB_FIELD_USERNAME:
    return o.username_bytes_max;
  case CONFAB_FIELD_HOSTNAME:
    return UINT8_MAX;
  case CONFAB_FIELD_REALNAME:
    return o.realname_bytes_max;
  case CONFAB_FIELD_NAME:
    if (row == CONFAB_EVENT_QUERY) // a mask, or several nicks
      return o.line_bytes_max;
    return std::max(o.channel_bytes_max, o.nick_bytes_max);
  case CONFAB_FIELD_KEY:
  case CONFAB_FIELD_VALUE:
    return o.key_bytes_max;
  case CONFAB_FIELD_MASK:
    return o.mask_bytes_max;
  default:
    return text_bytes_max(o, row);
  }
}

} // namespace

confab_status text_legal(const confab_engine_options &o, const core::event_box &event,
                         const core::event_field *place, confab_str value) noexcept {
  const std::uint16_t row = core::row_of(event.head);
  if (!place || (value.len > 0 && !value.ptr) || !bytes_legal(event, core::view(value)))
    return CONFAB_ERR_ARG;
  // What is long already may stay so.
  const std::size_t now = place->field == CONFAB_FIELD_TEXT ? core::field_of(event, *place).len : 0;
  return value.len > std::max(now, bytes_max(o, row, place->field)) ? CONFAB_ERR_TOO_LONG
                                                                    : CONFAB_OK;
}

confab_status denial_legal(const confab_engine_options &o, std::uint32_t code, confab_str text,
                           std::uint32_t visibility) noexcept {
  if (code == CONFAB_REFUSED_NONE || code >= CONFAB_REFUSED_END ||
      visibility > CONFAB_DENIAL_SHADOW || (text.len > 0 && !text.ptr) ||
      !one_line(core::view(text)))
    return CONFAB_ERR_ARG;
  return text.len > o.line_bytes_max ? CONFAB_ERR_TOO_LONG : CONFAB_OK;
}

} // namespace confab::abi
