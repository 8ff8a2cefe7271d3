// SPDX-License-Identifier: MIT
//
// An instance's life: two of it are made, people talk, nonsense is said to it, it gets its settings
// again, and it goes. What it refuses is its own business; that everything stays whole is not.
#include "life.hpp"

#include <array>
#include <fmt/format.h>

namespace check_plugin {
namespace {

constexpr std::uint32_t drain_ms = 1000;

std::string status_problem(const scratch &where, confab_status status) {
  if (status >= 0) {
    return {};
  }
  confab_error_info info{};
  info.struct_size = sizeof info;
  const bool told = confab_engine_last_error(where.engine(), &info) == CONFAB_OK;
  return fmt::format("{} {}", confab_status_name(status), told ? string_of(info.text) : "");
}

// Two people and an operator do everything that people do.
void converse(scratch &where) {
  const confab_id ann = where.enter("ann");
  const confab_id bob = where.enter("bob");
  const confab_id cat = where.enter("cat");
  where.say(cat, "OPER cat secret");
  for (const char *line : {"JOIN #tea", "TOPIC #tea :Tea at five", "MODE #tea +b *!*@198.51.100.1",
                           "PRIVMSG #tea :Hello", "PRIVMSG bob :Hello, you", "AWAY :back soon"}) {
    where.say(ann, line);
  }
  for (const char *line :
       {"JOIN #tea", "PRIVMSG #tea :Hello, Ann! How the \xf0\x9f\xab\x96 sings",
        "NOTICE #tea :note",
        "PRIVMSG #tea :\x01"
        "ACTION pours tea\x01",
        "NICK robert", "WHO #tea", "WHOIS ann", "NAMES #tea", "LIST", "PRIVMSG #tea :\xff\xfe"}) {
    where.say(bob, line);
  }
  for (const char *line : {"INVITE cat #tea", "KICK #tea robert :go", "MODE #tea +tn"}) {
    where.say(ann, line);
  }
  where.say(cat, "JOIN #tea,#cake");
  where.say(bob, "JOIN #tea");
  const std::string long_text(380, 'x');
  for (int i = 0; i < 20; ++i) { // some filters look at how often somebody speaks
    where.say(bob, fmt::format("PRIVMSG #tea :{} {}", i, long_text));
    where.wait_for_answers();
    where.skip_ms(100);
  }
  where.say(bob, "PART #tea :enough");
  where.say(bob, "QUIT :bye");
  where.say(ann, "TOPIC #tea :");
  where.wait_for_answers();
  where.skip_ms(600'000); // whatever has a timer
  where.say(cat, "QUIT");
  where.say(ann, "QUIT");
  where.wait_for_answers();
}

// What its handlers did wrong, and how long the slowest call took.
std::string handler_problem(const scratch &where, confab_id plugin, std::uint64_t &slowest_ns) {
  for (confab_id id = 0; confab_hook_next(where.engine(), id, &id) == CONFAB_OK;) {
    confab_hook_info info{};
    info.struct_size = sizeof info;
    confab_hook_stats stats{};
    stats.struct_size = sizeof stats;
    if (confab_hook_get(where.engine(), id, &info) < 0 || info.owner != plugin ||
        confab_hook_stats_get(where.engine(), id, &stats) < 0) {
      continue;
    }
    slowest_ns = std::max(slowest_ns, stats.time_ns_max);
    if (stats.failed_total + stats.misused_total > 0) {
      return fmt::format("hook \"{}\" of event type {}: {} of {} calls failed, {} did what their "
                         "stage may not, the slowest took {} us",
                         string_of(info.name), info.type, stats.failed_total, stats.calls_total,
                         stats.misused_total, stats.time_ns_max / 1000);
    }
  }
  return {};
}

// Answers must be lines.
struct listener {
  unsigned lines = 0, wrong = 0;

  static confab_status CONFAB_CALL take(void *ctx, confab_str line) {
    auto &self = *static_cast<listener *>(ctx);
    const bool whole =
        string_of(line).find_first_of(std::string_view("\r\n\0", 3)) == std::string::npos;
    ++(whole ? self.lines : self.wrong);
    return whole ? CONFAB_OK : CONFAB_ERR_ARG;
  }
};

std::string say_nonsense(scratch &where, const subject &plugin, confab_id id) {
  listener heard;
  const std::string long_text(4000, 'y');
  const std::array<std::string_view, 9> texts = {
      "",       "HELP",   "STATUS", "help me \x01\x02", "ADD", "\xff\xfe\xfd", "  spaces  before",
      "a\nb\n", long_text};
  for (const std::string_view text : texts) {
    confab_plugin_message message = confab_plugin_message_init();
    message.text = str_of(text);
    message.answer = listener::take;
    message.answer_ctx = &heard;
    const confab_status status = confab_plugin_send(where.engine(), id, &message);
    where.note(status, "confab_plugin_send");
    if ((status == CONFAB_ERR_UNSUPPORTED) != (plugin.entry().message == nullptr)) {
      return fmt::format("a message was answered with {}", confab_status_name(status));
    }
  }
  return heard.wrong > 0 ? fmt::format("{} of its answers are not lines", heard.wrong)
                         : where.broken();
}

// Everything that it added and clients can say, with too little, too much and nonsense.
std::string use_commands(scratch &where, confab_id plugin) {
  const confab_id dan = where.enter("dan");
  where.say(dan, "OPER dan secret");
  where.say(dan, "JOIN #tea");
  for (confab_id id = 0; confab_addition_next(where.engine(), id, &id) == CONFAB_OK;) {
    confab_addition_info info{};
    info.struct_size = sizeof info;
    if (confab_addition_get(where.engine(), id, &info) < 0 || info.owner != plugin ||
        info.kind != CONFAB_ADDITION_COMMAND) {
      continue;
    }
    const std::string verb = string_of(info.name);
    for (const char *params : {"", " #tea", " #tea 5", " nobody :nothing at all", " -1 -1 -1 -1 -1",
                               " LIST", " HELP", " a b c d e f g h i j k l m n :o"}) {
      where.say(dan, verb + params);
    }
  }
  where.say(dan, "QUIT");
  where.wait_for_answers();
  return where.broken();
}

std::string add_twice(scratch &where, subject &plugin, confab_id &second) {
  const confab_status status = plugin.add(where, "two", second);
  if (plugin.single()) {
    return status == CONFAB_ERR_EXISTS ? "" : "it says SINGLE, and there can be two";
  }
  return status == CONFAB_ERR_EXISTS
             ? "something of it can be there once only: say SINGLE, or name it by the instance"
             : status_problem(where, status);
}

std::string configure_again(scratch &where, subject &plugin, confab_id id) {
  const std::vector<confab_setting_value> &values = plugin.values("one");
  const confab_status status =
      confab_plugin_configure(where.engine(), id, values.data(), values.size());
  where.note(status, "confab_plugin_configure");
  if (plugin.entry().configure == nullptr) {
    return status == CONFAB_ERR_STATE ? "" : "it has no `configure`, and one was called";
  }
  return status_problem(where, status);
}

std::string remove_all(scratch &where, const std::vector<confab_id> &ids) {
  for (const confab_id id : ids) {
    const confab_status status = confab_plugin_remove(where.engine(), id, drain_ms);
    where.note(status, "confab_plugin_remove");
    if (status < 0) {
      return status_problem(where, status);
    }
  }
  where.wait_for_answers();
  where.skip_ms(drain_ms + 100);
  return where.broken();
}

std::string counts_problem(const subject &plugin) {
  const call_counts &calls = plugin.calls();
  if (calls.destroyed != calls.created || calls.wrong > 0) {
    return fmt::format("created {}, destroyed {}, wrongly {}", calls.created, calls.destroyed,
                       calls.wrong);
  }
  return plugin.released() == plugin.added()
             ? ""
             : fmt::format("added {}, released {}", plugin.added(), plugin.released());
}

std::string left_problem(const holdings &before, const holdings &now) {
  return before == now ? "" : fmt::format("left: {}; before: {}", to_text(now), to_text(before));
}

// Removed without a wait while its acts are under way.
std::string remove_in_between(scratch &where, subject &plugin) {
  confab_id id = 0;
  if (const confab_status status = plugin.add(where, "again", id); status < 0) {
    return status_problem(where, status);
  }
  const confab_id eve = where.enter("eve");
  where.say(eve, "JOIN #tea");
  where.say(eve, "PRIVMSG #tea :in between");
  where.note(confab_plugin_remove(where.engine(), id, 0), "confab_plugin_remove");
  where.say(eve, "PRIVMSG #tea :and after");
  where.say(eve, "QUIT");
  return where.broken();
}

} // namespace

void check_life(report &out, subject &plugin) {
  scratch where;
  const holdings before = where.held();
  confab_id one = 0;
  confab_id two = 0;
  const confab_status status = plugin.add(where, "one", one);
  if (!out.check("create makes an instance", status_problem(where, status))) {
    return;
  }
  out.check("two instances, or SINGLE", add_twice(where, plugin, two));
  converse(where);
  out.check("a conversation goes through it", where.broken());
  std::uint64_t slowest_ns = 0;
  std::string problem = handler_problem(where, one, slowest_ns);
  out.check(fmt::format("handlers keep their contract and budgets; slowest call {} us",
                        slowest_ns / 1000),
            problem);
  out.check("the host's messages, and nonsense", say_nonsense(where, plugin, one));
  out.check("its commands, and nonsense", use_commands(where, one));
  out.check("configure with the same settings", configure_again(where, plugin, one));
  std::vector<confab_id> ids = {one};
  if (two != 0) {
    ids.push_back(two);
  }
  out.check("removed with a drain", remove_all(where, ids));
  out.check("nothing is left", left_problem(before, where.held()));
  out.check("destroy and release once each", counts_problem(plugin));
  problem = remove_in_between(where, plugin);
  if (problem.empty()) {
    problem = left_problem(before, where.held());
  }
  out.check("removed in the middle of a conversation", problem);
}

// First twice without a failure, for what an engine keeps for the next time.
void check_memory(report &out, subject &plugin) {
  constexpr std::uint64_t allocations_max = 2000;
  scratch where;
  const holdings before = where.held();
  confab_id id = 0;
  const auto add_and_remove = [&] {
    const confab_status status = plugin.add(where, "one", id);
    if (status >= 0) {
      where.note(confab_plugin_remove(where.engine(), id, 0), "confab_plugin_remove");
      where.skip_ms(1);
    }
    return status;
  };
  add_and_remove();
  add_and_remove();
  const std::uint64_t bytes = where.memory().bytes();
  std::string problem;
  std::uint64_t tried = 0;
  for (bool failed = true; failed && problem.empty() && tried < allocations_max;) {
    where.memory().fail_at(++tried);
    add_and_remove();
    failed = where.memory().failed();
    where.memory().fail_at(0);
    problem = where.broken();
    if (problem.empty()) {
      problem = left_problem(before, where.held());
    }
    if (problem.empty() && where.memory().bytes() != bytes) {
      problem = fmt::format("{} bytes before, {} after", bytes, where.memory().bytes());
    }
  }
  if (!problem.empty()) {
    problem = fmt::format("allocation {} failed: {}", tried, problem);
  }
  out.check(fmt::format("create without memory leaves nothing; {} allocations failed", tried - 1),
            problem);
  out.check("destroy and release once each, without memory", counts_problem(plugin));
}

} // namespace check_plugin
