// SPDX-License-Identifier: MIT
//
// The floor of the C++ wrapper: text views both ways, and how a status becomes an exception.
//
// Everything is in an inline namespace that carries the ABI major, so that two releases of these
// headers can live in one program. Nothing here knows an engine.
#pragma once

#include <confab/status.h>
#include <confab/types.h>

#include <exception>
#include <string_view>

namespace confab {
inline namespace abi_0 {

// Both ways between the two kinds of view. Neither copies, and neither keeps anything alive.
[[nodiscard]] constexpr confab_str str(std::string_view text) noexcept {
  return confab_str{text.data(), text.size()};
}

[[nodiscard]] constexpr std::string_view view(confab_str text) noexcept {
  return text.len == 0 ? std::string_view{} : std::string_view{text.ptr, text.len};
}

// A text that is there for as long as the program runs: only a constant expression makes one. What
// keeps a text past the statement that gives it takes a literal, so that it cannot dangle.
class literal {
public:
  constexpr literal() noexcept = default;
  consteval literal(const char *text) noexcept : text_(text) {}
  consteval literal(std::string_view text) noexcept : text_(text) {}

  [[nodiscard]] constexpr std::string_view view() const noexcept { return text_; }

private:
  std::string_view text_;
};

// What the throwing forms throw: a negative status. Allocates nothing.
class error : public std::exception {
public:
  explicit error(confab_status status) noexcept : status_(status) {}

  [[nodiscard]] confab_status status() const noexcept { return status_; }
  [[nodiscard]] bool fatal() const noexcept { return confab_is_fatal(status_) != 0; }
  // The constant's name: "CONFAB_ERR_ARG". engine::last_error has the detail.
  [[nodiscard]] const char *what() const noexcept override { return confab_status_name(status_); }

private:
  confab_status status_;
};

// A call on an engine that was destroyed or moved from. What returns its status in place of
// throwing answers CONFAB_ERR_STATE.
class closed_engine : public error {
public:
  closed_engine() noexcept : error(CONFAB_ERR_STATE) {}
  [[nodiscard]] const char *what() const noexcept override { return "this engine is closed"; }
};

// Returns what is not negative, OK or news (CONFAB_PARKED), and throws what is.
inline confab_status checked(confab_status status) {
  if (status < 0) {
    throw error(status);
  }
  return status;
}

} // namespace abi_0
} // namespace confab
