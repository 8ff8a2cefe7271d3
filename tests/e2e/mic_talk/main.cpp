// SPDX-License-Identifier: MIT
//
// mic_talk HOST PORT: the MIC client of tests/support over a socket, for scripts. It takes one
// command a line from standard input and prints what comes, one event a line; what a real client
// would have misunderstood is printed as `trouble:`, and makes it end with 1. What the client does
// by itself (its query after each channel, its pongs) it does here too.
#include "support/mic_client.hpp"

#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <functional>
#include <map>
#include <sstream>
#include <stdexcept>

using confab::test::mic_client;
using confab::test::mic_create;
using confab::test::mic_event;

namespace {

constexpr std::uint16_t alias = 0x3302, away = 0x3307, name = 0x3401, members = 0x140b,
                        topic = 0x3403, modes2 = 0x1802, udp_port = 0x0c80;

int connect_to(const char *host, const char *port) {
  addrinfo hints{}, *found = nullptr;
  hints.ai_socktype = SOCK_STREAM;
  if (getaddrinfo(host, port, &hints, &found) != 0)
    throw std::runtime_error("no such host or port");
  const int fd = socket(found->ai_family, found->ai_socktype, found->ai_protocol);
  const int status = fd < 0 ? -1 : connect(fd, found->ai_addr, found->ai_addrlen);
  freeaddrinfo(found);
  if (status != 0)
    throw std::runtime_error("no connection");
  return fd;
}

// A socket for datagrams, on any port of the loopback interface.
int open_datagrams(std::uint16_t &port) {
  const int fd = socket(AF_INET, SOCK_DGRAM, 0);
  sockaddr_in own{};
  own.sin_family = AF_INET;
  own.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof own;
  if (fd < 0 || bind(fd, reinterpret_cast<sockaddr *>(&own), sizeof own) != 0 ||
      getsockname(fd, reinterpret_cast<sockaddr *>(&own), &size) != 0)
    throw std::runtime_error("no datagrams");
  port = ntohs(own.sin_port);
  return fd;
}

class session {
public:
  session(int fd, int datagrams, std::uint16_t port) : fd_(fd), datagrams_(datagrams), port_(port) {
    send(mic_client::probe());
  }

  void send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t done = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (done < 0)
        throw std::runtime_error("the connection is gone");
      bytes.remove_prefix(static_cast<std::size_t>(done));
    }
  }

  void heard(std::string_view bytes) {
    const auto before = mic_.now();
    const std::map<std::uint32_t, std::string> known = names();
    send(mic_.feed(bytes));
    if (before == mic_client::phase::probing && mic_.now() != before)
      std::printf(mic_.now() == mic_client::phase::not_mic ? "not MIC\n" : "YESMIC\n");
    for (const mic_event &event : mic_.take_events())
      show(event, known);
    for (; told_ < mic_.trouble().size(); ++told_)
      std::printf("trouble: %s\n", mic_.trouble()[told_].c_str());
    std::fflush(stdout);
  }

  void heard_datagram(std::string_view bytes) {
    mic_event event;
    const std::string wrong = confab::test::read_event(bytes, event);
    const auto at = mic_.channels().find(event.cid);
    if (!wrong.empty() || event.type != 0x26 || at == mic_.channels().end())
      std::printf("trouble: a datagram: %s\n", wrong.c_str());
    else
      std::printf("EVENTUDP %s to %s :%s\n", names()[event.mid].c_str(), at->second.name.c_str(),
                  event.text.c_str());
    std::fflush(stdout);
  }

  // False: there is no such command.
  bool does(const std::string &line) {
    std::istringstream words(line);
    std::string verb;
    words >> verb;
    const auto word = [&] {
      std::string w;
      words >> w;
      return w;
    };
    const auto rest = [&] {
      std::string text;
      std::getline(words >> std::ws, text);
      return text;
    };
    const auto &build = mic_.build;
    const std::string a = word();
    const std::uint32_t cid = mic_.cid_of(a);
    const auto with_nick = [&](auto &&frame) { // the nick is the next word, the text what follows
      const std::uint32_t mid = mic_.mid_of(a, word());
      send(frame(mid));
    };
    if (verb == "login")
      send(build.connect_user(a, a, word(), 0, a + " of MIC"));
    else if (verb == "create")
      send(build.create_channel(created(a, word())));
    else if (verb == "open")
      send(build.open_channel(a, word(), 1));
    else if (verb == "leave")
      send(build.leave_channel(cid));
    else if (verb == "say")
      send(build.send_msg(cid, rest()));
    else if (verb == "whisper")
      with_nick([&](std::uint32_t mid) { return build.send_whisper({mid}, rest()); });
    else if (verb == "tell")
      send(build.send_user(0, a, rest()));
    else if (verb == "topic")
      send(build.set_property(cid, {{topic, 0, 0, rest()}}));
    else if (verb == "nick")
      send(build.set_property(mic_.uid(), {{alias, 0, 0, a}}));
    else if (verb == "away")
      send(build.set_property(mic_.uid(), {{away, 0, 0, a}}));
    else if (verb == "host")
      with_nick([&](std::uint32_t mid) { return build.set_property(mid, {{modes2, 3, 3, {}}}); });
    else if (verb == "kick")
      with_nick([&](std::uint32_t mid) { return build.close(mid, rest()); });
    else if (verb == "list")
      send(mic_.ask(0xffff0007U, {}, {name, members, topic}));
    else if (verb == "listen") // for datagrams of that channel
      send(build.set_property(channel(a).own_mid, {{udp_port, port_, 0, {}}}));
    else if (verb == "datagram")
      send_datagram(cid, channel(a), channel(a).cookie, rest());
    else if (verb == "forge")
      send_datagram(cid, channel(a), channel(a).cookie ^ 1U, rest());
    else if (verb == "quit")
      send(build.close(mic_.uid(), {}));
    else
      return false;
    return true;
  }

  bool in_trouble() const { return !mic_.trouble().empty(); }

private:
  // `mic` in the second word: for clients of MIC only.
  static mic_create created(const std::string &channel, const std::string &how) {
    mic_create c;
    c.name = channel;
    c.flags = how == "mic" ? 0x10 : 0;
    return c;
  }

  const confab::test::mic_channel &channel(const std::string &called) const {
    const auto at = mic_.channels().find(mic_.cid_of(called));
    if (at == mic_.channels().end())
      throw std::runtime_error("not in " + called);
    return at->second;
  }

  void send_datagram(std::uint32_t cid, const confab::test::mic_channel &where,
                     std::uint32_t cookie, const std::string &text) const {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(where.udp_port);
    std::memcpy(&to.sin_addr, &where.udp_address, sizeof to.sin_addr); // in network order as it is
    const std::string bytes = mic_.build.send_udp(cid, where.own_mid, cookie, text);
    if (sendto(datagrams_, bytes.data(), bytes.size(), 0, reinterpret_cast<sockaddr *>(&to),
               sizeof to) < 0)
      throw std::runtime_error("a datagram did not go");
  }

  std::map<std::uint32_t, std::string> names() const {
    std::map<std::uint32_t, std::string> out;
    for (const auto &[cid, channel] : mic_.channels()) {
      out[cid] = channel.name;
      for (const auto &[mid, member] : channel.members)
        out[mid] = member.alias;
    }
    return out;
  }

  void show(const mic_event &e, const std::map<std::uint32_t, std::string> &before) const {
    std::map<std::uint32_t, std::string> known = names();
    known.insert(before.begin(), before.end());
    const auto who = [&](std::uint32_t id) { return id == 0 ? "-" : known[id].c_str(); };
    switch (e.type) {
    case 0x14:
      return void(std::printf("EVENTRESULT %u of %02x\n", e.result, e.request));
    case 0x18:
      return void(std::printf("EVENTADDUSER modes %x\n", e.modes));
    case 0x19:
      return void(std::printf("EVENTADDCHANNEL %s modes %x flags %x%s :%s\n", e.name.c_str(),
                              e.modes, e.channel_flags, e.udp_port != 0 ? " with datagrams" : "",
                              e.topic.c_str()));
    case 0x1a:
      return void(std::printf("EVENTADDMEMBER %s %s %x\n", who(e.cid), e.alias.c_str(), e.modes));
    case 0x1f:
      return void(
          std::printf("EVENTDELMEMBER %s by %s :%s\n", who(e.mid), who(e.kid), e.text.c_str()));
    case 0x22:
      return void(std::printf("EVENTMSG %s to %s :%s\n", who(e.from), who(e.to), e.text.c_str()));
    case 0x27:
      return void(std::printf("EVENTUSER %s :%s\n", e.alias.c_str(), e.text.c_str()));
    case 0x28:
      return void(std::printf("EVENTWHISPER %s :%s\n", who(e.from), e.text.c_str()));
    case 0x23:
      for (const auto &record : e.records)
        for (const auto &p : record)
          std::printf("EVENTPROP %s of %s %04x %x %s\n", who(e.from), who(e.to), p.id, p.number,
                      p.text.c_str());
      return;
    case 0x29:
      std::printf("DATAMEMBERLIST %s", who(e.cid));
      for (const auto &m : e.members)
        std::printf(" %s:%x", m.alias.c_str(), m.modes);
      return void(std::printf("\n"));
    case 0x2c:
      for (const auto &record : e.records) {
        std::printf("DATAQUERY");
        for (const auto &p : record)
          std::printf(" %04x=%x%s", p.id, p.number, p.text.empty() ? "" : (":" + p.text).c_str());
        std::printf("\n");
      }
      return;
    default:
      return void(std::printf("type %02x %s\n", e.type, e.text.c_str()));
    }
  }

  int fd_, datagrams_;
  std::uint16_t port_; // where it takes datagrams
  mic_client mic_;
  std::size_t told_ = 0;
};

int run(const char *host, const char *port) {
  const int fd = connect_to(host, port);
  std::uint16_t own_port = 0;
  const int datagrams = open_datagrams(own_port);
  session s(fd, datagrams, own_port);
  std::string typed;
  pollfd waits[3] = {{fd, POLLIN, 0}, {STDIN_FILENO, POLLIN, 0}, {datagrams, POLLIN, 0}};
  for (;;) {
    if (poll(waits, 3, -1) < 0 && errno != EINTR)
      return 2;
    std::array<char, 4096> buffer;
    if (waits[2].revents != 0)
      if (const ssize_t got = recv(datagrams, buffer.data(), buffer.size(), 0); got >= 0)
        s.heard_datagram({buffer.data(), static_cast<std::size_t>(got)});
    if (waits[0].revents != 0) {
      const ssize_t got = recv(fd, buffer.data(), buffer.size(), 0);
      if (got <= 0)
        break;
      s.heard({buffer.data(), static_cast<std::size_t>(got)});
    }
    if (waits[1].revents == 0)
      continue;
    const ssize_t got = read(STDIN_FILENO, buffer.data(), buffer.size());
    if (got <= 0)
      break;
    typed.append(buffer.data(), static_cast<std::size_t>(got));
    for (std::size_t end; (end = typed.find('\n')) != std::string::npos; typed.erase(0, end + 1))
      if (!s.does(typed.substr(0, end)))
        std::fprintf(stderr, "no such command: %s\n", typed.substr(0, end).c_str());
  }
  std::printf("closed\n");
  close(fd);
  return s.in_trouble() ? 1 : 0;
}

} // namespace

int main(int argc, char **argv) {
  if (argc != 3) {
    std::fprintf(stderr, "mic_talk HOST PORT\n");
    return 2;
  }
  try {
    return run(argv[1], argv[2]);
  } catch (const std::exception &e) {
    std::fprintf(stderr, "%s\n", e.what());
    return 2;
  }
}
