// SPDX-License-Identifier: MIT
//
// A tiny HTTP service on 127.0.0.1 in a thread of its own, for tests of what asks one: one request
// for each connection, answered with what a function says. It understands no more HTTP than that.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <functional>
#include <string>
#include <thread>
#include <vector>

namespace confab::test {

class http_service {
public:
  // `answer` makes a whole response of a request's body, in a thread for each request; an empty one
  // closes the connection without a word.
  explicit http_service(std::function<std::string(const std::string &)> answer)
      : answer_(std::move(answer)), socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in here{};
    here.sin_family = AF_INET;
    here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof here;
    ok_ = ::bind(socket_, reinterpret_cast<sockaddr *>(&here), sizeof here) == 0 &&
          ::listen(socket_, 64) == 0 &&
          ::getsockname(socket_, reinterpret_cast<sockaddr *>(&here), &size) == 0;
    port_ = ntohs(here.sin_port);
    thread_ = std::jthread([this](const std::stop_token &stop) { accept_all(stop); });
  }
  ~http_service() {
    thread_.request_stop();
    thread_.join();
    served_.clear(); // joins
    ::close(socket_);
  }
  http_service(const http_service &) = delete;
  http_service &operator=(const http_service &) = delete;

  bool ok() const { return ok_; }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/review"; }

  static std::string response(const std::string &body, const char *status = "200 OK") {
    return std::string("HTTP/1.1 ") + status +
           "\r\nContent-Length: " + std::to_string(body.size()) + "\r\nConnection: close\r\n\r\n" +
           body;
  }

private:
  void accept_all(const std::stop_token &stop) {
    while (!stop.stop_requested()) {
      pollfd ready{socket_, POLLIN, 0};
      if (::poll(&ready, 1, 10) != 1)
        continue;
      const int client = ::accept(socket_, nullptr, nullptr);
      if (client >= 0)
        served_.emplace_back([this, client] { serve(client); });
    }
  }
  void serve(int client) {
    std::string got;
    char part[4096];
    std::size_t wanted = std::string::npos;
    while (got.size() < wanted) {
      const ssize_t n = ::recv(client, part, sizeof part, 0);
      if (n <= 0)
        break;
      got.append(part, static_cast<std::size_t>(n));
      const std::size_t head = got.find("\r\n\r\n"), length = got.find("Content-Length: ");
      if (head != std::string::npos && length != std::string::npos)
        wanted = head + 4 + std::stoul(got.substr(length + 16));
    }
    const std::size_t head = got.find("\r\n\r\n");
    if (head != std::string::npos) {
      const std::string out = answer_(got.substr(head + 4));
      for (std::size_t done = 0; done < out.size();) {
        const ssize_t n = ::send(client, out.data() + done, out.size() - done, MSG_NOSIGNAL);
        if (n <= 0)
          break;
        done += static_cast<std::size_t>(n);
      }
    }
    ::close(client);
  }

  std::function<std::string(const std::string &)> answer_;
  int socket_;
  bool ok_ = false;
  unsigned port_ = 0;
  std::vector<std::jthread> served_;
  std::jthread thread_;
};

} // namespace confab::test
