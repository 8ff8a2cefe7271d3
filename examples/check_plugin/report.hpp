// SPDX-License-Identifier: MIT
//
// What the checks found: a line for each, and how many held. It goes to standard output at once, so
// that a plugin that brings the program down is caught behind the last line. What is checked stands
// in life.cpp and main.cpp.
#pragma once

#include <string>
#include <string_view>

namespace check_plugin {

class report {
public:
  // One check. `problem` says what is wrong, and is empty when nothing is; true then.
  bool check(std::string_view name, const std::string &problem);

  // The last line, and the exit status.
  int finish() const;

private:
  unsigned passed_ = 0, failed_ = 0;
};

} // namespace check_plugin
