// SPDX-License-Identifier: MIT
//
// A complete small IRC server on poll(2): `server_poll [PORT]` listens on 127.0.0.1 (port 6667).
//
// Here are sockets, the clock and signals; everything that is chat is the library's. One turn of
// the loop: wait, tick, feed what came, flush once. The engine pushes its output (host_send); what
// a socket does not take stays queued until confab_conn_writable.
// Missing on purpose: TLS, configuration, logs, limits by address. See examples/confabd.
#define _DEFAULT_SOURCE // getentropy

#include <confab/confab.h>

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum { CLIENTS_MAX = 500, UNREAD_MAX = 4096, SLICES_MAX = 1024 };
enum { LISTENER = CLIENTS_MAX, SIGNALS, POLLED_COUNT }; // behind the clients in `polled`

_Static_assert(sizeof(confab_slice) == sizeof(struct iovec), "an array of slices is one of iovecs");

typedef struct client {
  struct pollfd *polled; // its socket; fd -1: the slot is free
  confab_id conn;
  size_t unread; // what the engine did not take of `bytes` yet (CONFAB_AGAIN)
  char bytes[UNREAD_MAX];
} client;

typedef struct server {
  confab_engine *engine;
  client clients[CLIENTS_MAX];
  struct pollfd polled[POLLED_COUNT]; // LISTENER and SIGNALS have fd -1 once the server stops
} server;

static int signal_pipe[2]; // global, for a signal handler gets no argument

static void on_signal(int number) { (void)!write(signal_pipe[1], &number, 1); }

static void require(int ok, const char *what) {
  if (!ok) {
    perror(what);
    exit(1);
  }
}

// For mistakes of this program. NOMEM is none: the engine ends that connection and goes on.
static void check(confab_status status, const char *what) {
  if (status < 0 && status != CONFAB_ERR_NOMEM) {
    fprintf(stderr, "%s: %s\n", what, confab_status_name(status));
    exit(1);
  }
}

static confab_time clock_ns(clockid_t which) {
  struct timespec t;
  clock_gettime(which, &t);
  return (confab_time)t.tv_sec * 1000000000u + (confab_time)t.tv_nsec;
}

static confab_status host_send(void *ctx, confab_id conn, void *conn_ctx,
                               const confab_slice *slices, size_t count, size_t *accepted) {
  (void)ctx, (void)conn;
  client *c = conn_ctx;
  const int some = count < SLICES_MAX ? (int)count : SLICES_MAX;
  const ssize_t sent = writev(c->polled->fd, (const struct iovec *)slices, some);
  if (sent < 0 && errno != EAGAIN && errno != EINTR) {
    return CONFAB_ERR_STATE; // the peer is gone: the engine closes it
  }
  *accepted = sent < 0 ? 0 : (size_t)sent;
  size_t offered = 0;
  for (size_t i = 0; i < count; ++i) {
    offered += slices[i].len;
  }
  c->polled->events |= (short)(*accepted < offered ? POLLOUT : 0);
  return CONFAB_OK;
}

static confab_status host_close(void *ctx, confab_id conn, void *conn_ctx, confab_str why) {
  (void)ctx, (void)conn, (void)why;
  client *c = conn_ctx;
  close(c->polled->fd);
  *c->polled = (struct pollfd){.fd = -1};
  c->unread = 0;
  return CONFAB_OK;
}

static confab_status host_random(void *ctx, void *bytes, size_t len) {
  (void)ctx;
  return getentropy(bytes, len) == 0 ? CONFAB_OK : CONFAB_ERR_UNSUPPORTED;
}

// The socket ended.
static void client_gone(server *s, client *c, confab_time now, const char *why) {
  check(confab_conn_closed(s->engine, c->conn, now, confab_str_of(why)), "closed");
  host_close(s, c->conn, c, confab_str_of(why)); // the engine does not: it was told
}

// One connection a turn: poll reports the next one again.
static void client_accept(server *s, int listener, confab_time now) {
  struct sockaddr_in peer = {0};
  const int fd = accept(listener, (struct sockaddr *)&peer, &(socklen_t){sizeof peer});
  client *c = s->clients;
  while (c < s->clients + CLIENTS_MAX && c->polled->fd >= 0) {
    ++c;
  }
  if (fd < 0 || c == s->clients + CLIENTS_MAX || fcntl(fd, F_SETFL, O_NONBLOCK) != 0) {
    close(fd); // gone already, or no room
    return;
  }
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int)); // there is one write a turn
  char address[INET_ADDRSTRLEN] = "0";
  inet_ntop(AF_INET, &peer.sin_addr, address, sizeof address);
  confab_conn_options options = confab_conn_options_init();
  options.ctx = c;
  options.address = confab_str_of(address);
  if (confab_conn_open(s->engine, &options, now, &c->conn) == CONFAB_OK) {
    *c->polled = (struct pollfd){.fd = fd, .events = POLLIN};
  } else {
    close(fd);
  }
}

// What the engine does not take now stays in `bytes`, and nothing is read meanwhile: the peer's
// writes fill the kernel's buffers, and it has to wait.
static void client_feed(server *s, client *c, confab_time now) {
  size_t consumed = 0;
  check(confab_conn_feed(s->engine, c->conn, now, c->bytes, c->unread, &consumed), "feed");
  c->unread -= consumed;
  memmove(c->bytes, c->bytes + consumed, c->unread);
  c->polled->events = (short)((c->polled->events & ~POLLIN) | (c->unread == 0 ? POLLIN : 0));
}

static void client_read(server *s, client *c, confab_time now) {
  const ssize_t got = read(c->polled->fd, c->bytes, sizeof c->bytes);
  if (got > 0) {
    c->unread = (size_t)got;
    client_feed(s, c, now);
  } else if (got == 0 || (errno != EAGAIN && errno != EINTR)) {
    client_gone(s, c, now, got == 0 ? "" : strerror(errno));
  }
}

static void client_serve(server *s, client *c, confab_time now) {
  if (c->polled->revents & POLLOUT) {
    c->polled->events &= (short)~POLLOUT;
    check(confab_conn_writable(s->engine, c->conn), "writable"); // may call host_close
  }
  if (c->unread > 0 && confab_conn_input_wanted(s->engine, c->conn) == CONFAB_OK) {
    client_feed(s, c, now);
  } else if (c->polled->revents & POLLIN) {
    client_read(s, c, now);
  } else if (c->polled->revents & (POLLERR | POLLHUP | POLLNVAL)) {
    client_gone(s, c, now, "");
  }
}

static void stop(server *s, confab_time now) {
  close(s->polled[LISTENER].fd);
  s->polled[LISTENER].fd = s->polled[SIGNALS].fd = -1;
  for (client *c = s->clients; c < s->clients + CLIENTS_MAX; ++c) {
    if (c->polled->fd >= 0) {
      check(confab_conn_close(s->engine, c->conn, now, CONFAB_STR("Server stops")), "close");
    }
  }
}

// Ends when it was told to stop and the last client has its goodbye, or had its time for it.
static void serve(server *s) {
  confab_time now = clock_ns(CLOCK_MONOTONIC);
  confab_id first;
  while (s->polled[LISTENER].fd >= 0 || confab_conn_next(s->engine, 0, &first) == CONFAB_OK) {
    // Rounded up, so that something is due after it; a minute at most, for poll counts in int.
    const confab_time deadline = confab_engine_deadline(s->engine);
    const confab_time ms = deadline > now ? (deadline - now - 1) / 1000000 + 1 : 0;
    if (poll(s->polled, POLLED_COUNT, ms < 60000 ? (int)ms : 60000) < 0) {
      require(errno == EINTR, "poll");
      continue; // the signal is in the pipe
    }
    now = clock_ns(CLOCK_MONOTONIC);
    check(confab_engine_tick(s->engine, now), "tick"); // first: it may make room for input
    for (client *c = s->clients; c < s->clients + CLIENTS_MAX; ++c) {
      client_serve(s, c, now);
    }
    if (s->polled[LISTENER].revents) {
      client_accept(s, s->polled[LISTENER].fd, now);
    }
    if (s->polled[SIGNALS].revents) {
      stop(s, now);
    }
    check(confab_engine_flush(s->engine), "flush");
  }
}

static void listen_on(server *s, uint16_t port) {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  require(fd >= 0 && fcntl(fd, F_SETFL, O_NONBLOCK) == 0, "socket");
  require(setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &(int){1}, sizeof(int)) == 0, "reuse");
  require(bind(fd, (struct sockaddr *)&address, sizeof address) == 0, "bind");
  require(listen(fd, SOMAXCONN) == 0 && pipe(signal_pipe) == 0, "listen");
  for (size_t i = 0; i < CLIENTS_MAX; ++i) {
    s->clients[i].polled = &s->polled[i];
    s->polled[i].fd = -1;
  }
  s->polled[LISTENER] = (struct pollfd){.fd = fd, .events = POLLIN};
  s->polled[SIGNALS] = (struct pollfd){.fd = signal_pipe[0], .events = POLLIN};
}

static void start(server *s) {
  confab_engine_options options = confab_engine_options_init();
  options.now = clock_ns(CLOCK_MONOTONIC);
  options.unix_ns = (int64_t)clock_ns(CLOCK_REALTIME);
  options.close_linger_ms_max = 1000; // how long a stop may take
  confab_host host = confab_host_init();
  host.ctx = s;
  host.send = host_send;
  host.close = host_close;
  host.random = host_random;
  check(confab_engine_create(&options, &host, &s->engine), "create");
}

int main(int argc, char **argv) {
  char *end = argc > 1 ? argv[1] : "6667";
  const unsigned long port = strtoul(end, &end, 10);
  if (argc > 2 || *end != '\0' || port == 0 || port > UINT16_MAX) {
    fprintf(stderr, "usage: server_poll [PORT]\n");
    return 2;
  }
  server *s = calloc(1, sizeof *s);
  require(s != NULL, "memory");
  listen_on(s, (uint16_t)port);
  start(s);
  signal(SIGPIPE, SIG_IGN); // a broken socket is writev's EPIPE
  signal(SIGINT, on_signal);
  signal(SIGTERM, on_signal);
  serve(s);
  check(confab_engine_destroy(s->engine), "destroy");
  free(s);
  return 0;
}
