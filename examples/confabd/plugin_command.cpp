// SPDX-License-Identifier: MIT
//
// What PLUGIN LIST, STATUS, LOAD, UNLOAD and RELOAD do and answer. A client can name only plugins
// of the configuration and files in the folder of plugins: what else is on the machine is not its
// business.
#include "plugin_command.hpp"

#include "options_plugins.hpp"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <utility>

namespace confabd {
namespace {

constexpr std::size_t jobs_max = 16;
constexpr std::size_t watchers_max = 64;
constexpr std::size_t name_bytes_max = 32;

constexpr const char *help_text = "PLUGIN LIST | STATUS <name> | LOAD <file> [<name>] | UNLOAD "
                                  "<name> | RELOAD <name>\n"
                                  "Shows and changes which plugins run.\n"
                                  "LOAD takes a name of the configuration, or of a file in the "
                                  "folder of plugins.\n"
                                  "UNLOAD and RELOAD let a plugin answer first for what waits.";

std::string upper(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  return out;
}

// A file's name without a folder: letters, digits, and of - _ . none at the beginning.
bool is_file_name(std::string_view text) {
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  };
  return !text.empty() && plain(text.front()) && std::all_of(text.begin(), text.end(), [&](char c) {
    return plain(c) || c == '-' || c == '_' || c == '.';
  });
}

std::string state_of(const runtime &rt, const plugin_instance &instance) {
  if (!instance.leaving) {
    return "LOADED";
  }
  confab_plugin_info info{};
  info.struct_size = sizeof info;
  return confab_plugin_get(rt.engine, instance.id, &info) == CONFAB_OK
             ? fmt::format("DRAINING {} waiting", info.deferrals)
             : "GONE";
}

} // namespace

plugin_command::plugin_command(runtime &rt, plugin_files &files, plugin_set &plugins,
                               const configuration &config)
    : rt_(rt), files_(files), plugins_(plugins), config_(config) {
  plugins_.on_settled = [this](const std::string &name, const std::string &state) {
    settled(name, state);
  };
}

confab_status plugin_command::add() {
  confab_command_spec spec = confab_command_spec_init();
  spec.verb = CONFAB_STR("PLUGIN");
  spec.permission = CONFAB_PERMIT_OPERATOR;
  spec.help = confab_str_of(help_text);
  spec.params_min = 1;
  spec.params_max = 3;
  spec.ctx = this;
  spec.run = [](void *ctx, confab_engine *, const confab_event_command *event) -> confab_status {
    return static_cast<plugin_command *>(ctx)->ask(*event);
  };
  return confab_command_add(rt_.engine, &spec, nullptr);
}

confab_status plugin_command::ask(const confab_event_command &event) {
  if (jobs_.size() >= jobs_max) {
    answer(event.head.origin, "too much is asked for at once: try again");
    return CONFAB_OK;
  }
  const auto param = [&](std::uint32_t i) {
    return std::string(to_view(confab_command_param(&event, i)));
  };
  jobs_.push_back({event.head.origin, upper(param(0)), param(1), param(2)});
  rt_.log.write(log_level::info, "plugin.command",
                {{"conn", log_id{event.head.origin}}, {"command", to_view(event.text)}});
  return CONFAB_OK;
}

void plugin_command::answer(confab_id conn, const std::string &line) {
  rt_.note(confab_reply_notice(rt_.engine, conn, to_str("PLUGIN " + line)));
}

void plugin_command::work() {
  for (const job &what : std::exchange(jobs_, {})) {
    do_job(what);
  }
}

void plugin_command::do_job(const job &what) {
  struct verb {
    std::string_view name;
    void (plugin_command::*run)(const job &);
    bool has_subject;
  };
  constexpr verb verbs[] = {{"LIST", &plugin_command::list, false},
                            {"STATUS", &plugin_command::status, true},
                            {"LOAD", &plugin_command::load, true},
                            {"UNLOAD", &plugin_command::unload, true},
                            {"RELOAD", &plugin_command::reload, true}};
  for (const verb &one : verbs) {
    if (one.name == what.verb && (!one.has_subject || !what.subject.empty())) {
      return (this->*one.run)(what);
    }
  }
  answer(what.conn, "LIST | STATUS <name> | LOAD <file> [<name>] | UNLOAD <name> | RELOAD <name>");
}

void plugin_command::list(const job &what) {
  for (const auto &instance : plugins_.all()) {
    const confab_plugin_entry &entry = instance->what.file->entry();
    answer(what.conn,
           fmt::format("{} {} {} {}{}", instance->what.options.name, state_of(rt_, *instance),
                       entry.id, entry.version, instance->by_hand ? " by hand" : ""));
  }
  for (const plugin_options &plugin : config_.plugins) {
    if (plugins_.find(plugin.name) == nullptr) {
      answer(what.conn, fmt::format("{} {}", plugin.name, plugin.enabled ? "GONE" : "DISABLED"));
    }
  }
  answer(what.conn, fmt::format("{} in all", plugins_.all().size()));
}

plugin_instance *plugin_command::instance_of(const job &what) {
  plugin_instance *instance = plugins_.find(what.subject);
  if (instance == nullptr) {
    answer(what.conn, fmt::format("{} GONE: there is no such plugin", what.subject));
  }
  return instance;
}

void plugin_command::status(const job &what) {
  const plugin_instance *instance = instance_of(what);
  confab_plugin_info info{};
  info.struct_size = sizeof info;
  if (instance == nullptr || confab_plugin_get(rt_.engine, instance->id, &info) < 0) {
    return;
  }
  const plugin_options &options = instance->what.options;
  answer(what.conn,
         fmt::format("{} {} {} {} from {}; {} hooks, {} additions, {} timers, {} waiting; {} "
                     "messages, {} failed",
                     options.name, state_of(rt_, *instance), to_view(info.id),
                     to_view(info.version), options.path, info.hooks, info.additions, info.timers,
                     info.deferrals, info.messages_total, info.failed_total));
}

// What LOAD means: a section of the configuration, or a file.
std::string plugin_command::choose(const job &what, plugin_options &out) const {
  if (!is_file_name(what.subject)) {
    return "only names of the configuration, and of files in the folder of plugins";
  }
  const std::string &name = what.name.empty() ? what.subject : what.name;
  for (const plugin_options &plugin : config_.plugins) {
    if (same_name(plugin.name, name) && (what.name.empty() || plugin.path == what.subject)) {
      out = plugin;
      return {};
    }
  }
  out.path = what.subject;
  out.name = what.name.empty() ? std::filesystem::path(what.subject).stem().string() : what.name;
  const bool possible = out.name.size() <= name_bytes_max && is_file_name(out.name) &&
                        out.name.find('.') == out.name.npos;
  return possible ? "" : fmt::format("\"{}\" cannot be a name", out.name);
}

void plugin_command::load(const job &what) {
  opened_plugin opened;
  std::string error = choose(what, opened.options);
  if (error.empty()) {
    opened.file = files_.open(plugin_file(config_, opened.options.path), error);
  }
  const plugin_setting *about = nullptr;
  if (error.empty()) {
    error = check_settings(opened.file->entry(), opened.options, about);
  }
  const std::string name = opened.options.name.empty() ? what.subject : opened.options.name;
  if (error.empty()) {
    error = plugins_.load(std::move(opened));
  }
  answer(what.conn, fmt::format("{} {}", name, error.empty() ? "LOADED" : "REFUSED " + error));
}

void plugin_command::watch(const job &what, const std::string &name) {
  if (watchers_.size() < watchers_max) { // else it is only in the log
    watchers_.push_back({what.conn, name});
  }
}

void plugin_command::settled(const std::string &name, const std::string &state) {
  for (const watcher &one : watchers_) {
    if (same_name(one.name, name)) {
      answer(one.conn, fmt::format("{} {}", name, state));
    }
  }
  std::erase_if(watchers_, [&](const watcher &one) { return same_name(one.name, name); });
}

void plugin_command::unload(const job &what) {
  plugin_instance *instance = instance_of(what);
  if (instance == nullptr) {
    return;
  }
  watch(what, instance->what.options.name);
  plugins_.unload(*instance);
  if (!instance->released) {
    answer(what.conn, fmt::format("{} {}", instance->what.options.name, state_of(rt_, *instance)));
  }
}

std::string plugin_command::open_again(const plugin_instance &instance, opened_plugin &out) {
  out.options = instance.what.options;
  std::string error;
  out.file = files_.open(instance.what.file->path(), error);
  const plugin_setting *about = nullptr;
  return out.file ? check_settings(out.file->entry(), out.options, about) : error;
}

// With a new file, all that run the old one go: there is one version of a file at a time.
void plugin_command::reload(const job &what) {
  plugin_instance *instance = instance_of(what);
  if (instance == nullptr) {
    return;
  }
  opened_plugin next;
  std::string error = open_again(*instance, next);
  std::vector<std::pair<plugin_instance *, opened_plugin>> all;
  for (const auto &other : plugins_.all()) {
    const bool also =
        next.file && other->what.file != next.file && other->what.file->path() == next.file->path();
    if (error.empty() && (other.get() == instance || also)) {
      error = open_again(*other, next);
      all.emplace_back(other.get(), next);
    }
  }
  if (!error.empty()) {
    return answer(what.conn, fmt::format("{} REFUSED {}; it goes on as it was before",
                                         instance->what.options.name, error));
  }
  for (auto &[one, opened] : all) {
    watch(what, one->what.options.name);
    plugins_.reload(*one, std::move(opened));
    if (!one->released) {
      answer(what.conn, fmt::format("{} {}", one->what.options.name, state_of(rt_, *one)));
    }
  }
}

} // namespace confabd
