// SPDX-License-Identifier: MIT
//
// A chat server in C++: `chat_server [PORT]`, for any IRC client. Ctrl-C ends it.
//
// It shows what a program does with confab.hpp: rules are functions, and what each may answer is
// checked by the compiler. Sockets, clock and loop are in poll_host.
#include "poll_host.hpp"

#include <algorithm>
#include <charconv>
#include <iostream>
#include <random>
#include <system_error>

using namespace std::chrono_literals;

namespace {

// A number of at least `least`, or `least`.
int number(std::string_view text, int least) {
  int value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return std::max(value, least);
}

// Filters: one rewrites, one judges, one takes its time.
void add_rules(confab::engine &engine) {
  engine.on<confab::message>(confab::transform, [](confab::transform_call<confab::message> &call,
                                                   const confab::message &m) {
    std::string text(m.text());
    for (std::size_t at = text.find("darn"); at != text.npos; at = text.find("darn", at)) {
      call.set_text(text.replace(at, 4, "****"));
    }
  });
  engine.on<confab::nick>(confab::policy, [](confab::policy_call &call, const confab::nick &n) {
    return n.new_nick().starts_with("admin")
               ? call.deny("nobody is called that here", CONFAB_REFUSED_BAD_NICK)
               : call.pass();
  });
  engine.on<confab::message>(confab::policy, [](confab::policy_call &call,
                                                const confab::message &m) {
    if (m.text().find("http") == std::string_view::npos) {
      return call.pass();
    }
    const bool known = m.text().find("https://www.debian.org/") != std::string_view::npos;
    // Stands for a question to somebody else; everybody goes on meanwhile.
    call.engine().add_timer({.delay = 200ms}, [waiting = call.defer(5s),
                                               known](confab::engine_ref later, confab::timer_id) {
      (void)(known ? later.resolve(waiting, confab::pass)
                   : later.resolve(waiting, confab::deny("that link is not known here")));
    });
    return call.deferred();
  });
}

// Commands that clients have beside the protocol's own, and what the operator of the server reads.
void add_commands(confab::engine &engine) {
  engine.add_command({.verb = "ROLL", .help = "ROLL [sides]\nRolls a die.", .params_max = 1},
                     [](confab::engine_ref here, const confab::used_command &used) {
                       static std::random_device dice;
                       std::uniform_int_distribution<> die(1, number(used.param(0), 6));
                       here.notice(used.origin(), "You rolled " + std::to_string(die(dice)) + ".");
                     });
  engine.add_command({.verb = "FIGURES", .help = "FIGURES\nHow busy this server is."},
                     [](confab::engine_ref here, const confab::used_command &used) {
                       const confab_engine_stats now = here.stats();
                       here.notice(used.origin(), std::to_string(now.users) + " users, " +
                                                      std::to_string(now.deliveries_total) +
                                                      " delivered.");
                     });
  engine.on<confab::join>(confab::observe, [](confab::call &call, const confab::join &j) {
    if (const auto user = call.engine().get(j.user())) {
      std::cout << confab::view(user->nick) << " joins " << j.name() << std::endl;
    }
  });
}

} // namespace

int main(int argc, char **argv) {
  try {
    poll_host host(static_cast<std::uint16_t>(argc > 1 ? number(argv[1], 0) : 6667));
    confab::options options;
    options.server_name = confab::str("cpp.example");
    options.motd = confab::str("Try: ROLL 20");
    options.now = poll_host::now();
    options.unix_ns = poll_host::unix_ns();
    confab::engine engine(options, host);
    add_rules(engine);
    add_commands(engine);
    std::cout << "listening on 127.0.0.1:" << host.port() << std::endl;
    host.serve(engine);
  } catch (const std::exception &error) {
    std::cerr << "chat_server: " << error.what() << '\n';
    return 1;
  }
}
