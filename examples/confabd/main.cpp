// SPDX-License-Identifier: MIT
//
// The command line of confabd and its exit codes: 0 all is well, 1 it cannot run, 2 it was asked
// for something that makes no sense. What the options do is decided in options.cpp and server.cpp.
#include "options_plugins.hpp"
#include "passwords.hpp"
#include "plugin_files.hpp"
#include "server.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <sodium.h>
#include <sys/resource.h>

#include <csignal>
#include <cstdio>
#include <iostream>
#include <string>

namespace {

using namespace confabd;

constexpr int exit_cannot_run = 1;
constexpr int exit_usage = 2;

struct command_line {
  std::string config_file;
  std::vector<std::string> listen, tls_listen;
  std::string level, format;
  overrides changes;
  clock_options clock;
  bool check = false;
  bool print = false;
  bool version = false;
  bool hash = false;
};

void say(const std::string &what) { fmt::print(stderr, "confabd: {}\n", what); }

template <class container>
std::vector<std::string> words_of(const container &all) {
  return {all.begin(), all.end()};
}

void declare(CLI::App &app, command_line &line) {
  const auto endpoint_check = [](const std::string &text) {
    return parse_endpoint(text) ? std::string()
                                : fmt::format("{} is not ADDRESS:PORT or [ADDRESS]:PORT", text);
  };
  app.add_option("--listen", line.listen, "Listen here instead of where the configuration says")
      ->type_name("ADDR:PORT")
      ->allow_extra_args(false)
      ->check(endpoint_check);
  app.add_option("--tls-listen", line.tls_listen, "The same, for TLS")
      ->type_name("ADDR:PORT")
      ->allow_extra_args(false)
      ->check(endpoint_check);
  app.add_flag("--tls", line.changes.tls,
               "Also listen with TLS on 127.0.0.1:6697; without a configured certificate, with one "
               "made on the spot");
  app.add_option("--config", line.config_file, "Read this configuration")->type_name("FILE");
  app.add_flag("--check-config", line.check, "Say whether the configuration is right, and stop");
  app.add_flag("--print-config", line.print, "Print the configuration in effect as TOML, and stop");
  app.add_option("--log-format", line.format, "How log lines look")
      ->check(CLI::IsMember(words_of(words<log_format>::all)));
  app.add_option("--log-level", line.level, "The least that is logged")
      ->check(CLI::IsMember(words_of(words<log_level>::all)));
  app.add_flag("--version", line.version, "Print the version, and stop");
  // For tests that cannot wait: an empty group hides them from --help.
  app.add_option("--clock-offset-s", line.clock.offset_s)->group("");
  app.add_option("--clock-rate", line.clock.rate)->check(CLI::Range(1, 1000))->group("");
  app.add_subcommand("hash-password", "Read a password from standard input and print its hash")
      ->callback([&line] { line.hash = true; });
}

// The texts of the command line as values; CLI11 has checked them.
void convert(command_line &line) {
  for (const std::string &text : line.listen) {
    line.changes.listen.push_back(*parse_endpoint(text));
  }
  for (const std::string &text : line.tls_listen) {
    line.changes.tls_listen.push_back(*parse_endpoint(text));
  }
  line.changes.level = parse_word<log_level>(line.level);
  line.changes.format = parse_word<log_format>(line.format);
}

int print_hash() {
  std::string password;
  if (!std::getline(std::cin, password) || password.empty()) {
    say("hash-password: there is no password on standard input");
    return exit_usage;
  }
  const std::string hash = hash_password(password);
  forget(password);
  if (hash.empty()) {
    say("hash-password: not enough memory");
    return exit_cannot_run;
  }
  fmt::print("{}\n", hash);
  return 0;
}

// The file, if there is one, and then what the command line changes.
read_result read_effective(const command_line &line) {
  read_result result =
      line.config_file.empty() ? read_result{} : read_config_file(line.config_file);
  apply(line.changes, result.value);
  return result;
}

// Whether `config` would work: everything but listening is tried.
std::string try_config(const configuration &config) {
  std::string error = find_conflict(config);
  if (!error.empty()) {
    return error;
  }
  const std::string motd = read_motd(config.server, error);
  if (!error.empty()) {
    return error;
  }
  std::string fingerprint;
  if (!config.tls.certificate.empty() &&
      !make_tls_context(config.tls, config.server.name, error, fingerprint)) {
    return error;
  }
  return find_engine_problem(config, motd);
}

int report(const std::vector<config_error> &errors) {
  for (const config_error &error : errors) {
    fmt::print(stderr, "{}\n", to_text(error));
  }
  return exit_usage;
}

// What each plugin of the configuration is; null for one that is not enabled and cannot be opened.
std::vector<const confab_plugin_entry *> entries_of(const configuration &config,
                                                    plugin_files &files,
                                                    std::vector<plugin_file_handle> &opened) {
  std::vector<const confab_plugin_entry *> entries;
  for (const plugin_options &plugin : config.plugins) {
    std::string error;
    opened.push_back(files.open(plugin_file(config, plugin.path), error));
    entries.push_back(opened.back() ? &opened.back()->entry() : nullptr);
  }
  return entries;
}

void raise_file_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
  }
}

int serve(const command_line &line, const configuration &config) {
  raise_file_limit();
  std::signal(SIGPIPE, SIG_IGN);
  logger log;
  server instance(log, line.clock, [&line] { return read_effective(line); });
  if (const std::string error = instance.start(config); !error.empty()) {
    say(error);
    return exit_cannot_run;
  }
  return instance.run();
}

int run(command_line &line) {
  if (line.version) {
    fmt::print("confabd {}\n", confab_version());
    return 0;
  }
  if (sodium_init() < 0) {
    say("libsodium does not work here");
    return exit_cannot_run;
  }
  if (line.hash) {
    return print_hash();
  }
  convert(line);
  read_result read = read_effective(line);
  plugin_files files;
  std::vector<opened_plugin> plugins;
  if (read.ok()) {
    plugins = open_plugins(read.value, files, read.errors);
  }
  if (!read.ok()) {
    return report(read.errors);
  }
  if (const std::string error = try_config(read.value); !error.empty()) {
    const bool from_file = !line.config_file.empty();
    say(from_file ? fmt::format("{}: {}", line.config_file, error) : error);
    return exit_usage;
  }
  if (line.print) {
    std::vector<plugin_file_handle> opened;
    fmt::print("{}", print_config(read.value, entries_of(read.value, files, opened)));
    return 0;
  }
  if (line.check) {
    fmt::print("{}: ok\n", line.config_file.empty() ? "defaults" : line.config_file);
    return 0;
  }
  plugins.clear();
  return serve(line, read.value);
}

} // namespace

int main(int argc, char **argv) {
  CLI::App app("The reference server of confab. Without arguments: IRC on 127.0.0.1:6667.",
               "confabd");
  command_line line;
  declare(app, line);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError &error) {
    return app.exit(error) == 0 ? 0 : exit_usage;
  }
  return run(line);
}
