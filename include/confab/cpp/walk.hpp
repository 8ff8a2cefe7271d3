// SPDX-License-Identifier: MIT
//
// Ranges over what the C API walks step by step: ids with the _next functions, entries and links by
// index. A range is read once, and follows the engine: what changes it is in query.h.
#pragma once

#include <confab/cpp/ids.hpp>
#include <confab/cpp/life.hpp>
#include <confab/cpp/status.hpp>
#include <confab/engine.h>
#include <confab/hook.h>
#include <confab/query.h>

#include <cstddef>
#include <iterator>

namespace confab {
inline namespace abi_0 {

namespace detail {

// A range, read once, over what Next puts into a Value until it answers false. Ends at
// std::default_sentinel.
template <class Value, class Next>
class walk {
public:
  class iterator {
  public:
    using value_type = Value;
    using difference_type = std::ptrdiff_t;

    iterator() = default;
    explicit iterator(Next next) : next_(next) { ++*this; }

    const Value &operator*() const noexcept { return value_; }
    const Value *operator->() const noexcept { return &value_; }

    iterator &operator++() {
      more_ = next_(value_);
      return *this;
    }
    void operator++(int) { ++*this; }

    friend bool operator==(const iterator &at, std::default_sentinel_t) noexcept {
      return !at.more_;
    }

  private:
    Next next_{};
    Value value_{};
    bool more_ = false;
  };

  explicit walk(Next next) noexcept : next_(next) {}

  [[nodiscard]] iterator begin() const { return iterator(next_); }
  [[nodiscard]] std::default_sentinel_t end() const noexcept { return {}; }

private:
  Next next_;
};

// The _next functions. Throws ERR_STALE_ID when the element it stands on goes away: a walk that
// stopped early would look like a complete one.
template <class Id>
struct next_id {
  using function = confab_status (*)(const confab_engine *, confab_id of, confab_id after,
                                     confab_id *out);
  const confab_engine *engine = nullptr;
  confab_id of = 0;
  function step = nullptr;

  bool operator()(Id &id) const {
    confab_id out = 0;
    const bool more = checked(ask(engine, step, of, id.raw(), &out)) != CONFAB_END;
    id = Id(out);
    return more;
  }
};

struct next_list_entry {
  const confab_engine *engine = nullptr;
  std::uint32_t subject = CONFAB_ACCESS_CHANNEL;
  confab_id of = 0;
  std::uint32_t list = 0;
  std::uint32_t index = 0;

  bool operator()(confab_list_entry &entry) {
    entry = {};
    entry.struct_size = sizeof entry;
    return checked(ask(engine, confab_access_get, subject, of, list, index++, &entry)) !=
           CONFAB_END;
  }
};

struct next_cause {
  confab_call *call = nullptr;
  std::uint32_t index = 0;

  bool operator()(confab_cause &cause) {
    cause = {};
    cause.struct_size = sizeof cause;
    return checked(confab_call_cause(call, index++, &cause)) != CONFAB_END;
  }
};

} // namespace detail

template <class Id>
using id_walk = detail::walk<Id, detail::next_id<Id>>;
using list_walk = detail::walk<confab_list_entry, detail::next_list_entry>;
using cause_walk = detail::walk<confab_cause, detail::next_cause>;

} // namespace abi_0
} // namespace confab
