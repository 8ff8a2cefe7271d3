// SPDX-License-Identifier: MIT
//
// Writes a new file beside the old one and puts it in its place. The text is the library's, down to
// the names of the figures. A file that cannot be written is the caller's to report; the old one
// stays then.
#include "metrics_file.hpp"

#include <confab/metrics.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fmt/format.h>
#include <fstream>

namespace confabd {

std::string write_metrics(confab_engine *engine, const std::string &file) {
  confab_str text{};
  if (const confab_status status = confab_metrics_text(engine, &text); status < 0) {
    return confab_status_name(status);
  }
  const std::string fresh = file + ".new";
  std::ofstream out(fresh, std::ios::binary | std::ios::trunc);
  out.write(text.ptr, static_cast<std::streamsize>(text.len));
  out.close();
  if (!out || std::rename(fresh.c_str(), file.c_str()) != 0) {
    return fmt::format("{}: {}", file, std::strerror(errno));
  }
  return {};
}

} // namespace confabd
