// SPDX-License-Identifier: MIT
//
// The configuration as values: what a TOML file and the command line can say, and how it is read
// and written. What each key means and may be stands in options_fields.hpp, once, for reader,
// writer and comparison alike. Applying a configuration to a running server belongs to server.cpp.
#pragma once

#include "address.hpp"
#include "admission.hpp"
#include "log.hpp"

#include <confab/plugin.h>

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace confabd {

enum class casemapping : std::uint8_t { ascii, rfc1459 };
// Of Windows, but for the first.
enum class code_page : std::uint8_t {
  utf8,
  windows_1250,
  windows_1251,
  windows_1252,
  windows_1253,
  windows_1254,
  windows_1255,
  windows_1256,
  windows_1257,
  windows_1258
};
// As confab_conn_options has it.
constexpr std::uint32_t number_of(code_page page) noexcept {
  return page == code_page::utf8 ? 65001 : 1249 + static_cast<std::uint32_t>(page);
}
enum class proxy_mode : std::uint8_t { none, optional, required };

// The words that a configuration file uses, in the order of the enumerators.
template <class enumeration>
struct words;
template <>
struct words<casemapping> {
  static constexpr std::array<std::string_view, 2> all = {"ascii", "rfc1459"};
};
template <>
struct words<proxy_mode> {
  static constexpr std::array<std::string_view, 3> all = {"none", "optional", "required"};
};
template <>
struct words<code_page> {
  static constexpr std::array<std::string_view, 10> all = {
      "utf-8",        "windows-1250", "windows-1251", "windows-1252", "windows-1253",
      "windows-1254", "windows-1255", "windows-1256", "windows-1257", "windows-1258"};
};
template <>
struct words<log_level> {
  static constexpr std::array<std::string_view, 4> all = {"debug", "info", "warning", "error"};
};
template <>
struct words<log_format> {
  static constexpr std::array<std::string_view, 2> all = {"text", "json"};
};

template <class enumeration>
std::optional<enumeration> parse_word(std::string_view word) noexcept {
  for (std::size_t i = 0; i < words<enumeration>::all.size(); ++i) {
    if (words<enumeration>::all[i] == word) {
      return static_cast<enumeration>(i);
    }
  }
  return std::nullopt;
}

// As people write it: 90s, 1h30m, 250ms.
struct duration {
  std::uint32_t ms = 0;

  friend bool operator==(const duration &, const duration &) = default;
};

std::optional<duration> parse_duration(std::string_view text) noexcept;
std::string to_text(duration time);

struct server_options {
  std::string name, description, network, motd, motd_file, user_modes, channel_modes, password;
  std::string plugin_dir, metrics_file;
  casemapping mapping = casemapping::ascii;

  friend bool operator==(const server_options &, const server_options &) = default;
};

struct admin_options {
  std::string location, organisation, email;

  friend bool operator==(const admin_options &, const admin_options &) = default;
};

// A set of CONFAB_PROTOCOL_*; empty: all.
struct protocol_set {
  static constexpr std::array<std::string_view, 4> names = {"irc", "ircv3", "ircx", "mic"};
  std::uint32_t bits = 0;

  friend bool operator==(const protocol_set &, const protocol_set &) = default;
};

struct listen_options {
  endpoint address;
  bool tls = false;
  protocol_set protocols;
  code_page page = code_page::windows_1252;
  bool datagrams = false;
  proxy_mode proxy = proxy_mode::none;
  std::vector<ip_prefix> proxy_from = {*parse_prefix("127.0.0.0/8"), *parse_prefix("::1/128")};

  friend bool operator==(const listen_options &, const listen_options &) = default;
};

struct tls_options {
  std::string certificate, key;
  bool self_signed = false;

  friend bool operator==(const tls_options &, const tls_options &) = default;
};

struct operator_options {
  std::string name, password;
  std::vector<ip_prefix> from;
  bool administrator = false;

  friend bool operator==(const operator_options &, const operator_options &) = default;
};

// The engine's numbers for handlers and for what they defer, under the engine's names without the
// prefix.
struct hook_options {
  std::uint32_t call_us_max = 0, second_us_max = 0, failures_max = 0, retry_ms = 0,
                deferral_ms_max = 0, waiting_max = 0, causes_max = 0;

  friend bool operator==(const hook_options &, const hook_options &) = default;
};

// A place in the configuration's file, for what is found wrong only later. All places are equal.
struct config_place {
  std::uint32_t line = 0, column = 0;

  friend bool operator==(const config_place &, const config_place &) { return true; }
};

struct plugin_setting {
  std::string name, value;
  bool secret = true; // until the plugin's schema says otherwise
  config_place place;

  friend bool operator==(const plugin_setting &, const plugin_setting &) = default;
};

struct plugin_options {
  std::string name; // of the instance
  std::string path; // a file, or a name in server.plugin_dir
  bool enabled = true;
  duration drain{5000};
  std::vector<plugin_setting> settings; // by name
  config_place place, path_place;

  friend bool operator==(const plugin_options &, const plugin_options &) = default;
};

// Classes, bans and registered channels, as the engine takes them (confab/service.h); what they
// mean is the engine's. The TOML that it was is for printing.
struct service_options {
  std::string json = "{}", toml;

  friend bool operator==(const service_options &a, const service_options &b) {
    return a.json == b.json;
  }
};

struct store_options {
  std::string file; // empty: see store_file

  friend bool operator==(const store_options &, const store_options &) = default;
};

struct configuration {
  std::string file; // where it was read; empty: nowhere
  server_options server;
  admin_options admin;
  std::vector<listen_options> listeners;
  tls_options tls;
  confab_engine_options limits; // its numbers only; texts and times stay at their defaults
  hook_options hooks;
  connection_options connections;
  std::vector<operator_options> operators;
  std::vector<plugin_options> plugins;
  service_options service;
  store_options store;
  log_options log;

  // What confabd does without a file: loopback, port 6667, the engine's own defaults.
  configuration();
};

// What the command line says; it outlasts a rehash.
struct overrides {
  std::vector<endpoint> listen;     // in place of the file's plain listeners
  std::vector<endpoint> tls_listen; // in place of the file's TLS listeners
  bool tls = false;                 // another TLS listener on 127.0.0.1:6697
  std::optional<log_level> level;
  std::optional<log_format> format;
};

void apply(const overrides &from, configuration &to);

struct config_error {
  std::string file;
  std::uint32_t line = 0; // 0: about the file as a whole
  std::uint32_t column = 0;
  std::string what;
};

std::string to_text(const config_error &error); // "confabd.toml:3:7: ..."

// Either all of a configuration, or why not: every mistake, up to a bound.
struct read_result {
  configuration value;
  std::vector<config_error> errors;

  bool ok() const noexcept { return errors.empty(); }
};

// `file` names the text in errors; relative paths in it count from that file's folder.
read_result read_config(std::string_view toml, const std::string &file);
read_result read_config_file(const std::string &file);

// What can only be judged when file and command line are taken together. Empty: nothing is wrong.
std::string find_conflict(const configuration &config);

// A complete TOML file with comments. Reading it gives the same configuration, but for plugins'
// settings that are secret. `plugins`: the entry of each of config.plugins, null where it is not
// known; empty: none is.
std::string print_config(const configuration &config,
                         const std::vector<const confab_plugin_entry *> &plugins = {});

// Where registered channels are kept: `store.file`, or confabd.db beside the configuration.
std::string store_file(const configuration &config);

// The message of the day: `motd`, or what is in `motd_file`. On failure `error` says why.
std::string read_motd(const server_options &server, std::string &error);

// What the engine has against `config`, which only it can judge (letters of modes, for one); empty:
// nothing.
std::string find_engine_problem(const configuration &config, std::string_view motd);

// The engine's words for why it just refused a call.
std::string last_error_of(const confab_engine *engine, confab_status status);

// The engine's options that `config` stands for. They point into `config` and `motd`.
confab_engine_options engine_options(const configuration &config, std::string_view motd);

} // namespace confabd
