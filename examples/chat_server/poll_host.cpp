// SPDX-License-Identifier: MIT
//
// See poll_host.hpp. What a socket does not take stays in the engine, and what the engine does not
// take stays here, while nothing more is read: so a slow side holds up the other, and nobody else.
#include "poll_host.hpp"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/random.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>
#include <vector>

namespace {

static_assert(sizeof(confab_slice) == sizeof(iovec), "an array of slices is one of iovecs");

volatile sig_atomic_t stopped = 0;

confab_time clock_ns(clockid_t which) {
  timespec t{};
  clock_gettime(which, &t);
  return static_cast<confab_time>(t.tv_sec) * 1'000'000'000U + static_cast<confab_time>(t.tv_nsec);
}

void require(bool good, const char *what) {
  if (!good) {
    throw std::system_error(errno, std::generic_category(), what);
  }
}

} // namespace

poll_host::poll_host(std::uint16_t port)
    : listener_(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0)) {
  const int yes = 1;
  setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  require(bind(listener_, reinterpret_cast<sockaddr *>(&address), sizeof address) == 0, "bind");
  require(listen(listener_, SOMAXCONN) == 0, "listen");
}

poll_host::~poll_host() { ::close(listener_); }

std::uint16_t poll_host::port() const {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  getsockname(listener_, reinterpret_cast<sockaddr *>(&address), &size);
  return ntohs(address.sin_port);
}

confab_time poll_host::now() { return clock_ns(CLOCK_MONOTONIC); }
std::int64_t poll_host::unix_ns() { return static_cast<std::int64_t>(clock_ns(CLOCK_REALTIME)); }

confab_status poll_host::send(confab::conn_id, void *ctx, std::span<const confab_slice> slices,
                              std::size_t &accepted) {
  auto &to = *static_cast<client *>(ctx);
  const auto *parts = reinterpret_cast<const iovec *>(slices.data());
  const ssize_t sent = writev(to.fd, parts, static_cast<int>(std::min(slices.size(), 1024UL)));
  if (sent < 0 && errno != EAGAIN && errno != EINTR) {
    return CONFAB_ERR_STATE; // the peer is gone
  }
  accepted = static_cast<std::size_t>(std::max<ssize_t>(sent, 0));
  std::size_t offered = 0;
  for (const confab_slice &slice : slices) {
    offered += slice.len;
  }
  to.full = accepted < offered;
  return CONFAB_OK;
}

confab_status poll_host::close(confab::conn_id, void *ctx, std::string_view) {
  ::close(std::exchange(static_cast<client *>(ctx)->fd, -1));
  return CONFAB_OK;
}

confab_status poll_host::random(std::span<std::byte> bytes) {
  return getentropy(bytes.data(), bytes.size()) == 0 ? CONFAB_OK : CONFAB_ERR_UNSUPPORTED;
}

void poll_host::take(confab::engine &engine, confab_time time) {
  sockaddr_in peer{};
  socklen_t size = sizeof peer;
  const int fd = accept4(listener_, reinterpret_cast<sockaddr *>(&peer), &size, SOCK_NONBLOCK);
  if (fd < 0) {
    return; // gone already
  }
  std::array<char, INET_ADDRSTRLEN> address{};
  inet_ntop(AF_INET, &peer.sin_addr, address.data(), address.size());
  client &made = clients_.emplace_back();
  made.fd = fd;
  confab::conn_options options;
  options.ctx = &made;
  options.address = confab::str(address.data());
  if (engine.try_open(options, time, made.conn) < 0) {
    ::close(fd);
    clients_.pop_back();
  }
}

void poll_host::receive(confab::engine &engine, client &from, short events, confab_time time) {
  if (from.full && (events & POLLOUT) != 0) {
    from.full = false;
    (void)engine.writable(from.conn); // may close it
  }
  if (from.fd < 0 || (!from.unread.empty() && engine.input_wanted(from.conn) != CONFAB_OK)) {
    return;
  }
  if (from.unread.empty()) {
    if ((events & (POLLIN | POLLHUP | POLLERR)) == 0) {
      return;
    }
    std::array<char, 4096> bytes;
    const ssize_t got = read(from.fd, bytes.data(), bytes.size());
    if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) {
      (void)engine.closed(from.conn, time);
      ::close(std::exchange(from.fd, -1));
      return;
    }
    from.unread.assign(bytes.data(), static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
  }
  from.unread.erase(0, engine.feed(from.conn, time, from.unread).consumed);
}

// Waits, ticks, feeds what came, flushes once. Signals come only while it waits.
void poll_host::turn(confab::engine &engine, const sigset_t &waiting) {
  std::vector<pollfd> polled{{listener_, POLLIN, 0}};
  for (const client &each : clients_) {
    const int wanted = (each.unread.empty() ? POLLIN : 0) | (each.full ? POLLOUT : 0);
    polled.push_back({wanted == 0 ? -1 : each.fd, static_cast<short>(wanted), 0});
  }
  const confab_time begin = now(), due = engine.deadline();
  const confab_time wait = std::min<confab_time>(due > begin ? due - begin : 0, 60'000'000'000U);
  const timespec most{static_cast<time_t>(wait / 1'000'000'000U),
                      static_cast<long>(wait % 1'000'000'000U)};
  if (ppoll(polled.data(), polled.size(), &most, &waiting) < 0) {
    require(errno == EINTR, "poll");
    return;
  }
  const confab_time time = now();
  confab::checked(engine.tick(time)); // first: it may make room for input
  std::size_t at = 1;
  for (client &each : clients_) {
    receive(engine, each, polled[at++].revents, time);
  }
  if (polled[0].revents != 0) {
    take(engine, time);
  }
  confab::checked(engine.flush());
  std::erase_if(clients_, [](const client &each) { return each.fd < 0; });
}

void poll_host::serve(confab::engine &engine) {
  sigset_t ours, waiting;
  sigemptyset(&ours);
  for (const int number : {SIGINT, SIGTERM}) {
    signal(number, [](int) { stopped = 1; });
    sigaddset(&ours, number);
  }
  sigprocmask(SIG_BLOCK, &ours, &waiting);
  signal(SIGPIPE, SIG_IGN); // a broken socket is writev's EPIPE
  while (stopped == 0) {
    turn(engine, waiting);
  }
}
