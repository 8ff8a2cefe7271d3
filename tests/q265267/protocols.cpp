// SPDX-License-Identifier: MIT
//
// The table of protocols: see protocols.hpp. What a row says is in the protocol's own file; a new
// protocol is one row here, and the matrix grows by it.
#include "q265267/protocols.hpp"

namespace q265267 {

std::span<const protocol> protocols() {
  static const protocol all[] = {irc_protocol()};
  return all;
}

} // namespace q265267
