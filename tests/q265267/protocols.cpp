// SPDX-License-Identifier: MIT
//
// The table of protocols: see protocols.hpp. What a row says is in the protocol's own file; a new
// protocol is one row here, and the matrix grows by it.
#include "q265267/protocols.hpp"

#include <algorithm>

namespace q265267 {

std::span<const protocol> protocols() {
  static const protocol all[] = {irc_protocol(), ircv3_protocol(), ircx_protocol(), mic_protocol()};
  return all;
}

std::vector<std::string> pieces(std::string_view heard) {
  std::vector<std::string> out;
  while (!heard.empty()) {
    const std::size_t end = std::min(heard.find('\n'), heard.size() - 1) + 1;
    out.emplace_back(heard.substr(0, end));
    heard.remove_prefix(end);
  }
  return out;
}

std::string as_message(const protocol &speaks, std::string bytes) {
  if (speaks.bit != CONFAB_PROTOCOL_MIC)
    bytes.resize(bytes.size() - 2);
  return bytes;
}

} // namespace q265267
