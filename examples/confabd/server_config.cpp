// SPDX-License-Identifier: MIT
//
// Applies configurations: the first, and those that a rehash reads. Everything that can fail is
// done before anything changes; with one mistake the server stays exactly as it was.
#include "connection.hpp"
#include "rehash.hpp"
#include "server.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <utility>

namespace confabd {
namespace {

// Files that are neither clients nor listeners: the log, the loop's own, a configuration that is
// read.
constexpr rlim_t files_reserved = 64;

std::uint32_t sockets_allowed(std::uint32_t wanted, std::size_t listeners) {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) {
    return wanted;
  }
  const rlim_t reserved = files_reserved + listeners;
  const rlim_t room = limit.rlim_cur > reserved ? limit.rlim_cur - reserved : 1;
  return static_cast<std::uint32_t>(std::min<rlim_t>(wanted, room));
}

bool any_tls(const configuration &config) {
  return std::any_of(config.listeners.begin(), config.listeners.end(),
                     [](const listen_options &l) { return l.tls; });
}

// Do both stand for the same socket? On port 0 many may listen; those differ by what they speak.
bool same_socket(const listen_options &a, const listen_options &b) {
  return a.address == b.address && (a.address.port != 0 || a.tls == b.tls);
}

} // namespace

// What a configuration needs before it can be used.
struct server::prepared {
  std::string motd;
  ssl_context tls; // null: none is needed, or the present one stays
  std::vector<listener_handle> opened;
  std::vector<std::pair<listener *, datagram_handle>> datagrams; // of listeners that stay
  std::vector<opened_plugin> plugins;
};

std::string server::prepare(configuration &config, prepared &out) {
  std::string error = find_conflict(config);
  if (!error.empty()) {
    return error;
  }
  std::vector<config_error> mistakes;
  out.plugins = open_plugins(config, plugin_files_, mistakes);
  for (const config_error &mistake : mistakes) {
    log_.write(log_level::error, "rehash.mistake", {{"at", to_text(mistake)}});
  }
  if (!mistakes.empty()) {
    return to_text(mistakes.front());
  }
  out.motd = read_motd(config.server, error);
  if (!error.empty()) {
    return error;
  }
  // Files are read again, since a renewed certificate has the same name; one of our own making
  // stays.
  const bool keep = config.tls.certificate.empty() && config.tls == config_.tls && rt_.tls.ready();
  if (any_tls(config) && !keep) {
    std::string fingerprint;
    out.tls = make_tls_context(config.tls, config.server.name, error, fingerprint);
    if (!out.tls) {
      return error;
    }
    if (!fingerprint.empty()) {
      log_.write(log_level::warning, "tls.self_signed", {{"sha256", fingerprint}});
    }
  }
  for (const listen_options &options : config.listeners) {
    const auto open =
        std::find_if(listeners_.begin(), listeners_.end(),
                     [&](const listener_handle &l) { return same_socket(l->options, options); });
    if (open == listeners_.end()) {
      out.opened.push_back(open_listener(rt_, options, error));
    } else if (options.datagrams && !(*open)->datagrams) {
      out.datagrams.emplace_back(open->get(), open_datagrams(rt_, (*open)->bound, error));
    }
    if (!error.empty()) {
      return error;
    }
  }
  return {};
}

std::string server::start(const configuration &config) {
  config_ = config;
  prepared ready;
  std::string error = log_.configure(config_.log);
  if (error.empty()) {
    error = prepare(config_, ready);
  }
  if (error.empty()) {
    error = create_engine();
  }
  if (error.empty()) {
    error = service_.apply(config_);
  }
  if (error.empty()) {
    error = plugins_.apply(std::move(ready.plugins));
  }
  if (!error.empty()) {
    return error;
  }
  watch();
  commit(std::move(ready), configuration(config_));
  log_.write(log_level::info, "server.started",
             {{"version", confab_version()}, {"pid", static_cast<std::uint64_t>(uv_os_getpid())}});
  return {};
}

// Takes what was prepared; cannot fail.
void server::commit(prepared &&ready, configuration &&config) {
  if (ready.tls) {
    rt_.tls.use(std::move(ready.tls));
  }
  for (listener_handle &one : listeners_) {
    const auto wanted =
        std::find_if(config.listeners.begin(), config.listeners.end(),
                     [&](const listen_options &l) { return same_socket(l, one->options); });
    if (wanted == config.listeners.end()) {
      log_.write(log_level::info, "listener.closed", {{"address", to_text(one->bound)}});
      one.reset();
    } else {
      one->options = *wanted;
      if (!wanted->datagrams) {
        one->datagrams.reset();
      }
    }
  }
  for (auto &[one, socket] : ready.datagrams) {
    one->datagrams = std::move(socket);
  }
  std::erase(listeners_, nullptr);
  for (listener_handle &one : ready.opened) {
    log_.write(log_level::info, "listener.opened",
               {{"address", to_text(one->bound)}, {"tls", one->options.tls ? "yes" : "no"}});
    listeners_.push_back(std::move(one));
  }
  rt_.limits = config.connections;
  rt_.gate.configure(config.connections);
  use_limits(config.connections);
  credentials_.configure(config);
  motd_ = std::move(ready.motd);
  config_ = std::move(config);
}

void server::use_limits(const connection_options &limits) {
  const auto with_datagrams = static_cast<std::size_t>(
      std::count_if(listeners_.begin(), listeners_.end(),
                    [](const listener_handle &l) { return l->datagrams != nullptr; }));
  rt_.sockets_max = sockets_allowed(limits.max, listeners_.size() + with_datagrams);
  if (rt_.sockets_max < limits.max) {
    log_.write(log_level::warning, "connections.limited_by_files",
               {{"max", std::uint64_t{limits.max}}, {"possible", std::uint64_t{rt_.sockets_max}}});
  }
}

// Reads the configuration again and applies it. Empty, or why everything stays as it was.
std::string server::rehash() {
  read_result read = read_again_();
  for (const config_error &error : read.errors) {
    log_.write(log_level::error, "rehash.mistake", {{"at", to_text(error)}});
  }
  const std::string error =
      read.ok() ? apply_new(std::move(read.value)) : std::string("the configuration has mistakes");
  if (!error.empty()) {
    log_.write(log_level::error, "rehash.failed", {{"reason", error}});
  }
  return error;
}

std::string server::apply_new(configuration config) {
  prepared ready;
  std::string error = prepare(config, ready);
  if (error.empty()) {
    error = log_.configure(config.log);
  }
  if (!error.empty()) {
    return error;
  }
  const std::vector<config_change> changes = compare(config_, config);
  // What only a restart can change keeps its value, so that every rehash until then says so.
  config.server.name = config_.server.name;
  config.server.mapping = config_.server.mapping;
  const confab_engine_options options = engine_options(config, ready.motd);
  if (const confab_status status = confab_engine_configure(rt_.engine, &options); status < 0) {
    error = last_error_of(rt_.engine, status);
  } else {
    error = service_.apply(config);
    const bool served = error.empty();
    if (served) {
      error = plugins_.apply(std::move(ready.plugins));
    }
    if (served && !error.empty()) {
      service_.undo();
    }
    if (!error.empty()) {
      const confab_engine_options before = engine_options(config_, motd_);
      rt_.note(confab_engine_configure(rt_.engine, &before));
    }
  }
  if (!error.empty()) {
    log_.configure(config_.log);
    return error;
  }
  for (const config_change &change : changes) {
    log_.write(log_level::info,
               change.when == applies::at_once ? "rehash.changed" : "rehash.needs_restart",
               {{"key", change.key}, {"before", change.before}, {"after", change.after}});
  }
  commit(std::move(ready), std::move(config));
  log_.write(log_level::info, "rehash.done", {{"changes", std::uint64_t{changes.size()}}});
  return {};
}

} // namespace confabd
