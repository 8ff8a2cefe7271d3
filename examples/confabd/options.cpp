// SPDX-License-Identifier: MIT
//
// What can be said of a configuration as a whole: its defaults, what the command line changes in
// it, what in it contradicts what, and which engine options it stands for. Reading and printing are
// next door, in options_read.cpp and options_print.cpp.
#include "options.hpp"

#include "options_plugins.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <sstream>

namespace confabd {
namespace {

constexpr std::size_t motd_bytes_max = 65536;

std::string to_string(confab_str text) {
  return text.len == 0 ? std::string() : std::string(text.ptr, text.len);
}

confab_str to_str(std::string_view text) { return confab_str_make(text.data(), text.size()); }

struct time_unit {
  std::string_view name;
  std::uint32_t ms;
};
constexpr std::array<time_unit, 6> time_units = {{{"w", 604'800'000},
                                                  {"d", 86'400'000},
                                                  {"h", 3'600'000},
                                                  {"m", 60'000},
                                                  {"s", 1000},
                                                  {"ms", 1}}};

listen_options make_listener(const endpoint &where, bool tls) {
  listen_options result;
  result.address = where;
  result.tls = tls;
  return result;
}

// Puts listeners on `addresses` in place of those there are of that kind.
void replace_listeners(std::vector<listen_options> &listeners,
                       const std::vector<endpoint> &addresses, bool tls) {
  if (addresses.empty()) {
    return;
  }
  std::erase_if(listeners, [&](const listen_options &l) { return l.tls == tls; });
  for (const endpoint &where : addresses) {
    listeners.push_back(make_listener(where, tls));
  }
}

std::string find_listener_conflict(const configuration &config) {
  const auto &all = config.listeners;
  if (all.empty()) {
    return "there is nothing to listen on";
  }
  for (auto i = all.begin(); i != all.end(); ++i) {
    const bool twice = std::any_of(all.begin(), i, [&](const listen_options &other) {
      return other.address == i->address && i->address.port != 0;
    });
    if (twice) {
      return fmt::format("listen.address: {} is there twice", to_text(i->address));
    }
    if (i->tls && config.tls.certificate.empty() && !config.tls.self_signed) {
      return fmt::format("listen.tls: {} needs tls.certificate and tls.key, or tls.self_signed",
                         to_text(i->address));
    }
    // They would bypass the encryption or the proxy, and MIC's messages have room for IPv4 alone.
    if (i->datagrams && (i->tls || i->proxy != proxy_mode::none || !i->address.address.is_v4())) {
      return fmt::format("listen.datagrams: {} must be IPv4, without TLS and without a proxy",
                         to_text(i->address));
    }
  }
  return {};
}

} // namespace

configuration::configuration() : limits(confab_engine_options_init()) {
  server.name = to_string(limits.server_name);
  server.description = to_string(limits.server_info);
  server.network = to_string(limits.network_name);
  server.user_modes = to_string(limits.user_modes);
  server.channel_modes = to_string(limits.channel_modes);
  server.mapping = static_cast<casemapping>(limits.casemap);
  server.motd = "Welcome. This is confabd, the reference server of confab.\n";
  hooks = {limits.hook_call_us_max, limits.hook_second_us_max, limits.hook_failures_max,
           limits.hook_retry_ms,    limits.deferral_ms_max,    limits.waiting_max,
           limits.causes_max};
  admin.location = to_string(limits.admin_location);
  admin.organisation = to_string(limits.admin_organisation);
  admin.email = to_string(limits.admin_email);
  listeners.push_back(make_listener(*parse_endpoint("127.0.0.1:6667"), false));
}

void apply(const overrides &from, configuration &to) {
  replace_listeners(to.listeners, from.listen, false);
  replace_listeners(to.listeners, from.tls_listen, true);
  if (from.tls) {
    to.listeners.push_back(make_listener(*parse_endpoint("127.0.0.1:6697"), true));
  }
  // Asked for on the command line, TLS works at once, with a certificate of one's own making.
  if (from.tls || !from.tls_listen.empty()) {
    to.tls.self_signed = true;
  }
  to.log.level = from.level.value_or(to.log.level);
  to.log.format = from.format.value_or(to.log.format);
}

std::string to_text(const config_error &error) {
  if (error.line == 0) {
    return fmt::format("{}: {}", error.file, error.what);
  }
  return fmt::format("{}:{}:{}: {}", error.file, error.line, error.column, error.what);
}

// As the settings of plugins are read (confab/setting.h).
std::optional<duration> parse_duration(std::string_view text) noexcept {
  std::uint64_t total = 0;
  std::size_t unit = 0; // of time_units: each at most once, the longest first
  if (text.empty()) {
    return std::nullopt;
  }
  while (!text.empty()) {
    std::uint64_t number = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (failure != std::errc() || number > UINT32_MAX) {
      return std::nullopt;
    }
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    const std::string_view name = text.substr(0, text.find_first_of("0123456789"));
    const std::string_view meant = name.empty() ? "s" : name;
    while (unit < time_units.size() && time_units[unit].name != meant) {
      ++unit;
    }
    if (unit == time_units.size()) {
      return std::nullopt;
    }
    text.remove_prefix(name.size());
    total += number * time_units[unit++].ms;
    if (total > UINT32_MAX) {
      return std::nullopt;
    }
  }
  return duration{static_cast<std::uint32_t>(total)};
}

std::string to_text(duration time) {
  std::string out;
  for (const time_unit &unit : time_units) {
    if (time.ms >= unit.ms) {
      out += fmt::format("{}{}", time.ms / unit.ms, unit.name);
      time.ms %= unit.ms;
    }
  }
  return out.empty() ? "0s" : out;
}

std::string find_conflict(const configuration &config) {
  if (!config.server.motd_file.empty() && !config.server.motd.empty() &&
      config.server.motd != configuration().server.motd) {
    return "server.motd and server.motd_file: only one of them can be set";
  }
  if (config.tls.certificate.empty() != config.tls.key.empty()) {
    return "tls.certificate and tls.key: one needs the other";
  }
  const connection_options &c = config.connections;
  if (c.ipv4_prefix_bits > c.ipv4_address_bits || c.ipv6_prefix_bits > c.ipv6_address_bits) {
    return "connections: the bits of a network cannot be more than those of an address";
  }
  const auto &operators = config.operators;
  for (auto i = operators.begin(); i != operators.end(); ++i) {
    if (std::any_of(operators.begin(), i, [&](const auto &o) { return o.name == i->name; })) {
      return fmt::format("operator.name: \"{}\" is there twice", i->name);
    }
  }
  if (std::string conflict = find_plugin_conflict(config); !conflict.empty()) {
    return conflict;
  }
  return find_listener_conflict(config);
}

std::string read_motd(const server_options &server, std::string &error) {
  if (server.motd_file.empty()) {
    return server.motd;
  }
  std::error_code failure;
  const std::uintmax_t bytes = std::filesystem::file_size(server.motd_file, failure);
  if (failure) {
    error = fmt::format("server.motd_file: {}: {}", server.motd_file, failure.message());
    return {};
  }
  if (bytes > motd_bytes_max) {
    error = fmt::format("server.motd_file: {}: is larger than {} bytes", server.motd_file,
                        motd_bytes_max);
    return {};
  }
  std::ifstream stream(server.motd_file, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  if (!stream) {
    error = fmt::format("server.motd_file: {}: cannot be read", server.motd_file);
  }
  return std::move(text).str();
}

confab_engine_options engine_options(const configuration &config, std::string_view motd) {
  confab_engine_options options = config.limits;
  options.server_name = to_str(config.server.name);
  options.server_info = to_str(config.server.description);
  options.network_name = to_str(config.server.network);
  options.motd = to_str(motd);
  options.admin_location = to_str(config.admin.location);
  options.admin_organisation = to_str(config.admin.organisation);
  options.admin_email = to_str(config.admin.email);
  options.user_modes = to_str(config.server.user_modes);
  options.channel_modes = to_str(config.server.channel_modes);
  options.casemap = static_cast<std::uint32_t>(config.server.mapping);
  options.hook_call_us_max = config.hooks.call_us_max;
  options.hook_second_us_max = config.hooks.second_us_max;
  options.hook_failures_max = config.hooks.failures_max;
  options.hook_retry_ms = config.hooks.retry_ms;
  options.deferral_ms_max = config.hooks.deferral_ms_max;
  options.waiting_max = config.hooks.waiting_max;
  options.causes_max = config.hooks.causes_max;
  options.events_max = 0;
  options.flags =
      config.server.password.empty() ? CONFAB_ENGINE_NO_PASSWORDS : CONFAB_ENGINE_PASSWORD_REQUIRED;
  return options;
}

std::string last_error_of(const confab_engine *engine, confab_status status) {
  confab_error_info info{};
  info.struct_size = sizeof info;
  const bool known = confab_engine_last_error(engine, &info) == CONFAB_OK && info.text.len > 0;
  return fmt::format("the engine refuses the configuration: {}",
                     known ? to_string(info.text) : confab_status_name(status));
}

std::string store_file(const configuration &config) {
  if (!config.store.file.empty()) {
    return config.store.file;
  }
  return config.file.empty()
             ? "confabd.db"
             : (std::filesystem::absolute(config.file).parent_path() / "confabd.db").string();
}

std::string find_engine_problem(const configuration &config, std::string_view motd) {
  const confab_engine_options options = engine_options(config, motd);
  std::string problem;
  confab_host host = confab_host_init(); // an engine that is not made tells its host's log why
  host.ctx = &problem;
  host.log = [](void *ctx, const confab_log_record *record) -> confab_status {
    *static_cast<std::string *>(ctx) = to_string(record->text);
    return CONFAB_OK;
  };
  confab_engine *engine = nullptr;
  const confab_status status = confab_engine_create(&options, &host, &engine);
  if (status < 0) {
    return fmt::format("the engine refuses the configuration: {}",
                       problem.empty() ? confab_status_name(status) : problem);
  }
  const std::string_view json = config.service.json;
  const confab_status taken = confab_service_set(engine, confab_str_make(json.data(), json.size()));
  problem = taken < 0 ? fmt::format("service: {}", last_error_of(engine, taken)) : "";
  const confab_status destroyed = confab_engine_destroy(engine);
  return destroyed < 0 ? confab_status_name(destroyed) : problem;
}

} // namespace confabd
