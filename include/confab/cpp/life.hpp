// SPDX-License-Identifier: MIT
//
// How long an engine lives: what lets a handler end the very engine that calls it. The library
// refuses that (ERR_REENTRANT), for its caller would come back to nothing; here the end waits until
// the outermost call has returned.
//
// engine.hpp says what a program sees of it; nothing here is meant to be named.
#pragma once

#include <confab/cpp/status.hpp>
#include <confab/engine.h>

#include <cstdint>
#include <exception>
#include <new>

namespace confab {
inline namespace abi_0 {

namespace detail {

// Outlives the confab::engine that made it, while a call into the engine is under way.
struct engine_life {
  confab_engine *raw = nullptr;
  void (*end)(engine_life *) noexcept = nullptr; // engine and life; a pointer, for it is rare
  std::uint32_t depth = 0;                       // calls that are under way
  bool over = false;                             // its owner has let go
};

inline void end_raw(confab_engine *raw) noexcept {
  // Refused only where somebody called the library past the wrapper, and is called back from there.
  if (confab_engine_destroy(raw) < 0) {
    std::terminate();
  }
}

// Without memory for it, an engine still lives, but cannot be ended from inside.
inline engine_life *make_life(confab_engine *raw) noexcept {
  return new (std::nothrow) engine_life{raw, [](engine_life *life) noexcept {
                                          ++life->depth; // its last handlers end it no second time
                                          end_raw(life->raw);
                                          delete life;
                                        }};
}

// The owner lets go: at once, or when the last call has returned.
inline void end_engine(confab_engine *raw, engine_life *life) noexcept {
  if (raw == nullptr) {
    return;
  }
  if (life == nullptr) {
    end_raw(raw);
  } else if (life->depth > 0) {
    life->over = true;
  } else {
    life->end(life);
  }
}

inline void enter(engine_life *life) noexcept {
  if (life != nullptr) {
    ++life->depth;
  }
}
inline void leave(engine_life *life) noexcept {
  if (life != nullptr && --life->depth == 0 && life->over) {
    life->end(life);
  }
}

// A call into the engine is under way while this lives. Without a life (an engine_ref that a
// program made of a confab_engine has none) it does nothing: then some other call is further out.
class entry {
public:
  explicit entry(engine_life *life) noexcept : life_(life) { enter(life); }
  entry(const entry &) = delete;
  entry &operator=(const entry &) = delete;
  ~entry() { leave(life_); }

private:
  engine_life *life_;
};

// A program's function as the library holds it: with the engine's life, so that what it is given
// counts its calls as the engine's owner does.
template <class Function>
struct held {
  Function function;
  engine_life *life;
};

// What all calls answer once the engine is over: it has no id, no state and no last error.
inline constexpr confab_status closed_status = CONFAB_ERR_STATE;

// Calls a const function of the engine.
template <class Function, class... Args>
confab_status ask(const confab_engine *raw, Function function, Args... args) {
  if (raw == nullptr) {
    throw closed_engine();
  }
  return function(raw, args...);
}

// Calls a function that may run handlers. None of the caller's members are touched after it: it may
// be gone.
template <class Function, class... Args>
confab_status drive(confab_engine *raw, engine_life *life, Function function,
                    Args... args) noexcept {
  if (raw == nullptr) {
    return closed_status;
  }
  const entry inside(life);
  return function(raw, args...);
}

// The same, and throws what is not a success.
template <class Function, class... Args>
confab_status must(confab_engine *raw, engine_life *life, Function function, Args... args) {
  if (raw == nullptr) {
    throw closed_engine();
  }
  return checked(drive(raw, life, function, args...));
}

} // namespace detail

} // namespace abi_0
} // namespace confab
