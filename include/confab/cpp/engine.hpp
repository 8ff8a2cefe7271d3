// SPDX-License-Identifier: MIT
//
// The engine: an engine_ref that owns, and drives. The drive functions are engine.h's and conn.h's;
// the time is the host's, and the loop is: feed what came, tick when the deadline is reached, flush
// once.
//
// What is called on every turn of a host's loop never throws and returns its status;
// confab::checked makes an exception of it where that is wanted. What sets up throws confab::error.
#pragma once

#include <confab/cpp/additions.hpp>
#include <confab/cpp/handler.hpp>
#include <confab/cpp/host.hpp>
#include <confab/cpp/library.hpp>
#include <confab/cpp/options.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>

namespace confab {
inline namespace abi_0 {

struct fed {
  confab_status status; // OK, CONFAB_AGAIN, or an error
  std::size_t consumed;
};

// An event of the pull queue, how it ended, and how many were lost before it. Valid until the next
// pull.
struct observed {
  any_event event;
  confab_outcome outcome;
  std::uint64_t lost;
};

class engine : public engine_ref {
public:
  // Without a host: nobody is told anything, and output is pulled.
  explicit engine(const confab_engine_options &options = confab::options{})
      : engine(create(options, nullptr)) {}

  // The host stays the caller's. Where it ends before the engine, that has none from then on.
  engine(const confab_engine_options &options, pull_host &host) : engine(with(options, host)) {}
  engine(const confab_engine_options &options, push_host &host) : engine(with(options, host)) {}

  // The engine owns the host, and deletes it after the last call.
  template <class Host>
  requires std::derived_from<Host, pull_host> || std::derived_from<Host, push_host>
  engine(const confab_engine_options &options, std::unique_ptr<Host> host)
      : engine(with(options, std::move(host))) {}

  // Takes over what confab_engine_create made: the way to an engine without exceptions.
  [[nodiscard]] static engine adopt(confab_engine *raw) noexcept { return engine(raw); }

  engine(engine &&other) noexcept
      : engine_ref(std::exchange(other.raw_, nullptr), std::exchange(other.life_, nullptr)) {}
  engine &operator=(engine &&other) noexcept {
    engine old(std::move(*this));
    raw_ = std::exchange(other.raw_, nullptr);
    life_ = std::exchange(other.life_, nullptr);
    return *this;
  }
  engine(const engine &) = delete;
  engine &operator=(const engine &) = delete;

  ~engine() { destroy(); }

  // Ends the engine, as its destructor does: connections are closed, handlers deleted. From now on
  // every call throws confab::closed_engine, or answers CONFAB_ERR_STATE. Twice is harmless.
  //
  // Both may happen inside the engine's own handlers and callbacks: it then lasts until the
  // outermost call into it has returned. A call that went past the wrapper, with raw(), cannot be
  // waited for, and the program is ended.
  void destroy() noexcept {
    detail::end_engine(std::exchange(raw_, nullptr), std::exchange(life_, nullptr));
  }
  [[nodiscard]] bool is_open() const noexcept { return raw_ != nullptr; }

  void configure(const confab_engine_options &options) { must(confab_engine_configure, &options); }
  void clock_set(confab_time now, std::int64_t unix_ns) {
    must(confab_engine_clock_set, now, unix_ns);
  }
  [[nodiscard]] user_id create_user(const confab_user_options &options) {
    confab_id out = 0;
    must(confab_user_create, &options, &out);
    return user_id(out);
  }

  [[nodiscard]] conn_id open(const confab_conn_options &options, confab_time now) {
    confab_id out = 0;
    must(confab_conn_open, &options, now, &out);
    return conn_id(out);
  }
  [[nodiscard]] confab_status try_open(const confab_conn_options &options, confab_time now,
                                       conn_id &out) noexcept {
    confab_id raw_id = 0;
    const confab_status status = drive(confab_conn_open, &options, now, &raw_id);
    out = conn_id(raw_id);
    return status;
  }
  void attach(conn_id conn, confab_time now, user_id user) {
    must(confab_conn_attach, conn.raw(), now, user.raw());
  }

  // The loop of a host.
  [[nodiscard]] fed feed(conn_id conn, confab_time now, std::string_view bytes) noexcept {
    fed result{};
    result.status =
        drive(confab_conn_feed, conn.raw(), now, bytes.data(), bytes.size(), &result.consumed);
    return result;
  }
  [[nodiscard]] fed feed(conn_id conn, confab_time now, std::span<const std::byte> bytes) noexcept {
    return feed(conn, now, {reinterpret_cast<const char *>(bytes.data()), bytes.size()});
  }
  fed feed(conn_id, confab_time, std::nullptr_t) = delete; // would be a text that nothing ends
  // A datagram from `address`, of whomever it proves to be: OK also where it is dropped.
  [[nodiscard]] confab_status feed_datagram(confab_time now, std::string_view address,
                                            std::span<const std::byte> bytes) noexcept {
    return drive(confab_datagram_feed, now, str(address), bytes.data(), bytes.size());
  }
  [[nodiscard]] confab_status input_wanted(conn_id conn) const noexcept {
    return drive(confab_conn_input_wanted, conn.raw());
  }
  [[nodiscard]] confab_status writable(conn_id conn) noexcept {
    return drive(confab_conn_writable, conn.raw());
  }
  // Fills as many slices as there are, and says how many in `count`.
  [[nodiscard]] confab_status output(conn_id conn, std::span<confab_slice> slices,
                                     std::size_t &count) const noexcept {
    return drive(confab_conn_output, conn.raw(), slices.data(), slices.size(), &count);
  }
  [[nodiscard]] confab_status sent(conn_id conn, std::size_t bytes) noexcept {
    return drive(confab_conn_sent, conn.raw(), bytes);
  }
  [[nodiscard]] confab_status close(conn_id conn, confab_time now, std::string_view why) noexcept {
    return drive(confab_conn_close, conn.raw(), now, str(why));
  }
  [[nodiscard]] confab_status closed(conn_id conn, confab_time now,
                                     std::string_view why = {}) noexcept {
    return drive(confab_conn_closed, conn.raw(), now, str(why));
  }
  [[nodiscard]] confab_status tick(confab_time now) noexcept {
    return drive(confab_engine_tick, now);
  }
  [[nodiscard]] confab_status flush() noexcept { return drive(confab_engine_flush); }
  [[nodiscard]] confab_time deadline() const noexcept { return confab_engine_deadline(raw_); }

  // All that is queued for a connection, copied, and counted as sent: for tools and tests. Messages
  // (CONFAB_CONN_MESSAGES) run together in it: take those with output and sent.
  [[nodiscard]] std::string take_output(conn_id conn) {
    std::string taken;
    std::array<confab_slice, 16> slices;
    std::size_t count = 0;
    while (must(confab_conn_output, conn.raw(), slices.data(), slices.size(), &count), count > 0) {
      std::size_t bytes = 0;
      for (const confab_slice &slice : std::span(slices).first(count)) {
        taken.append(static_cast<const char *>(slice.ptr), slice.len);
        bytes += slice.len;
      }
      must(confab_conn_sent, conn.raw(), bytes);
    }
    return taken;
  }

  // All figures in the Prometheus text format. Valid until the next call that is not const.
  [[nodiscard]] std::string_view metrics() {
    confab_str out{};
    must(confab_metrics_text, &out);
    return view(out);
  }

  // The oldest event of the pull queue, if there is one (options: events_max).
  [[nodiscard]] std::optional<observed> next_event() {
    const confab_event *event = nullptr;
    confab_outcome outcome{};
    outcome.struct_size = sizeof outcome;
    std::uint64_t lost = 0;
    if (must(confab_event_next, &event, &outcome, &lost) == CONFAB_END) {
      return std::nullopt;
    }
    return observed{any_event(*event), outcome, lost};
  }

private:
  explicit engine(confab_engine *raw) noexcept : engine_ref(raw, detail::make_life(raw)) {}

  static confab_engine *create(const confab_engine_options &options, const confab_host *host) {
    detail::require_library();
    confab_engine *out = nullptr;
    checked(confab_engine_create(&options, host, &out));
    return out;
  }

  template <class Host>
  static confab_engine *with(const confab_engine_options &options, Host &host, bool owns = false) {
    auto link = std::make_unique<detail::host_link>(host, owns);
    const confab_host table = detail::host_table(*link, host);
    confab_engine *out = create(options, &table); // on failure it was not released: `link` does it
    (void)link.release();
    return out;
  }

  template <class Host>
  static confab_engine *with(const confab_engine_options &options, std::unique_ptr<Host> host) {
    confab_engine *out = with(options, *host, true);
    (void)host.release();
    return out;
  }
};

} // namespace abi_0
} // namespace confab
