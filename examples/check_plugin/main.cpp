// SPDX-License-Identifier: MIT
//
// check_plugin PLUGIN.so [SETTINGS]: loads a plugin and verifies that it keeps the
// contract of confab/plugin.h, in an engine of its own without sockets. One line for each check,
// the totals last. Exit status: 0 all hold, 1 some do not, 2 it was asked for something that makes
// no sense.
#include "life.hpp"

#include "loader/shared_plugin.hpp"

#include <cstdio>
#include <fmt/format.h>
#include <optional>

namespace {

using namespace check_plugin;

struct command_line {
  std::string file;
  given_settings settings;
};

std::optional<command_line> parse(int argc, char **argv) {
  command_line line;
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    const bool second = word == "--set-second";
    const bool set = (word == "--set" || second) && i + 1 < argc;
    const std::string_view pair = set ? std::string_view(argv[++i]) : std::string_view();
    const std::size_t equals = pair.find('=');
    if (set && equals != pair.npos) {
      give(second ? line.settings.second : line.settings.all, pair.substr(0, equals),
           pair.substr(equals + 1));
    } else if (!set && !word.starts_with('-') && line.file.empty()) {
      line.file = word;
    } else {
      return std::nullopt;
    }
  }
  return line.file.empty() ? std::nullopt : std::optional(line);
}

std::string to_text(confab_status status, const confab_problem &why) {
  return status >= 0 ? std::string()
                     : fmt::format("{} {}: {}", confab_status_name(status), string_of(why.about),
                                   string_of(why.text));
}

// What can be said before any of its code runs, and then the opened file; null: it cannot be.
std::unique_ptr<loader::shared_plugin> check_file(report &out, const std::string &file) {
  loader::plugin_image image;
  if (!out.check("the file is a shared object", loader::read_image(file, image))) {
    return nullptr;
  }
  out.check("the entry can be read before any code runs", image.entry_problem);
  out.check("it links nothing of confab", fmt::format("{}", fmt::join(image.confab_symbols, ", ")));
  out.check("nothing keeps it from being unloaded", image.unload_problem);
  std::string error;
  std::unique_ptr<loader::shared_plugin> plugin = loader::shared_plugin::open(file, image, error);
  return out.check("it opens", error) ? std::move(plugin) : nullptr;
}

bool check_entry(report &out, const confab_plugin_entry &entry, subject &plugin) {
  confab_problem why{};
  confab_status status = confab_plugin_check(&entry, &why);
  if (!out.check("the library takes the entry and the schema of its settings",
                 to_text(status, why))) {
    return false;
  }
  const std::vector<confab_setting_value> &values = plugin.values("one");
  why = {};
  status = confab_plugin_settings_check(&entry, values.data(), values.size(), &why);
  return out.check("it takes these settings, and defaults for the rest", to_text(status, why));
}

int run(const command_line &line) {
  report out;
  std::unique_ptr<loader::shared_plugin> file = check_file(out, line.file);
  if (file) {
    {
      subject plugin(file->entry(), line.settings);
      if (check_entry(out, file->entry(), plugin)) {
        check_life(out, plugin);
        check_memory(out, plugin);
      }
    }
    out.check("it is unloaded when it is closed", file->close() ? "" : "its code is still there");
  }
  return out.finish();
}

} // namespace

namespace check_plugin {

bool report::check(std::string_view name, const std::string &problem) {
  fmt::print("{}{}{}\n", problem.empty() ? "ok      " : "FAILED  ", name,
             problem.empty() ? "" : ": " + problem);
  std::fflush(stdout);
  ++(problem.empty() ? passed_ : failed_);
  return problem.empty();
}

int report::finish() const {
  fmt::print("{} passed, {} failed\n", passed_, failed_);
  return failed_ == 0 ? 0 : 1;
}

} // namespace check_plugin

int main(int argc, char **argv) {
  const std::optional<command_line> line = parse(argc, argv);
  if (!line) {
    fmt::print(
        stderr,
        "usage: check_plugin PLUGIN.so [--set NAME=VALUE]... [--set-second NAME=VALUE]...\n"
        "The same NAME again is another line of a list. There are several instances, one "
        "after the other and\ntwo at once: {{name}} in a VALUE stands for an instance's name, "
        "and --set-second is for the second one.\n");
    return 2;
  }
  return run(*line);
}
