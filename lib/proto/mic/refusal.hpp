// SPDX-License-Identifier: MIT
//
// What can be wrong with a frame of a client, and what it is told: one row for each. A frame that
// cannot be read changes nothing; its sender gets EVENTRESULT with object 0, the row's result and
// the type of the frame, and the connection goes on unless the row is fatal. What a frame asks for
// in vain is not judged here: that is the core's, and the session knows the result for it.

#pragma once

#include "proto/mic/result.hpp"

#include <cstdint>
#include <string_view>

namespace confab::mic {

enum class malformed : std::uint8_t {
  no,            // it can be read
  length,        // the header's length is under 4, over 2048, or not that of the frame
  null_kind,     // type 0
  reserved_kind, // a type that the specification keeps for later
  unknown_kind,  // a type above those
  not_for_us,    // a type that only servers send
  truncated,     // the frame ends within its fixed part, a list, a string or a value
  trailing,      // bytes behind the last part
  odd_text,      // a wide text of an odd number of bytes
  no_text,       // a message with nothing in it
  long_text,     // a message of more than 2000 bytes
  count,         // none, too many or an impossible number of targets, terms or properties
  target,        // neither an id nor an alias, or both
  property,      // an operation that the request or the number does not have
  term           // a query's operator or connector is none, or not for that property
};

struct malformed_row {
  malformed what;
  std::string_view name;
  result answer;
  bool fatal; // close after the answer: nothing that follows can be trusted
};

const malformed_row &row_of(malformed what) noexcept;

} // namespace confab::mic
