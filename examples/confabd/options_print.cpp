// SPDX-License-Identifier: MIT
//
// Writes a configuration as TOML with comments: what --print-config shows, and what the example
// file confabd.toml is made of. Whatever it writes, options_read.cpp reads back to the same values.
#include "options_fields.hpp"
#include "options_limits.hpp"
#include "options_plugins.hpp"
#include "options_text.hpp"

#include <fmt/format.h>
#include <iterator>

namespace confabd {
namespace {

// Appends `text` as the inside of a TOML basic string; `lines`: LF stays.
void append_toml(std::string &out, std::string_view text, bool lines) {
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out.push_back('\\');
      out.push_back(c);
    } else if (c == '\n' && lines) {
      out.push_back(c);
    } else if (byte < 0x20 || byte == 0x7f) {
      fmt::format_to(std::back_inserter(out), "\\u{:04X}", byte);
    } else {
      out.push_back(c);
    }
  }
}

// Writes the members of one section.
class section_printer {
public:
  section_printer(std::string &out, bool comments) : out_(out), comments_(comments) {}

  template <class value>
  void operator()(const field &f, const value &member) {
    if (comments_) {
      fmt::format_to(std::back_inserter(out_), "# {}", f.comment);
      if constexpr (std::same_as<value, std::uint32_t>) {
        fmt::format_to(std::back_inserter(out_), " {} to {}.", f.min, f.max);
      }
      print_words<value>();
      if (f.when == applies::after_restart) {
        out_.append(" Changes need a restart.");
      }
      out_.push_back('\n');
    }
    fmt::format_to(std::back_inserter(out_), "{} = {}\n", f.key, toml_value(member));
  }

private:
  template <class value>
  void print_words() {
    if constexpr (std::is_enum_v<value>) {
      const char *between = " ";
      for (const std::string_view word : words<value>::all) {
        fmt::format_to(std::back_inserter(out_), "{}\"{}\"", between, word);
        between = " or ";
      }
      out_.push_back('.');
    }
  }

  std::string &out_;
  bool comments_;
};

template <class section>
void print_section(std::string &out, std::string_view heading, const section &members,
                   bool comments = true) {
  fmt::format_to(std::back_inserter(out), "\n{}\n", heading);
  visit_fields(members, section_printer(out, comments));
}

void print_plugins(std::string &out, const configuration &config,
                   const std::vector<const confab_plugin_entry *> &entries) {
  if (config.plugins.empty()) {
    out.append("\n# Plugins; as many as you like, also one file more than once under other names.\n"
               "# What settings there are, `confabd --print-config` says.\n"
               "# [[plugins]]\n# path = \"profanity\"\n# drain = \"5s\"\n# [plugins.settings]\n");
  }
  for (std::size_t i = 0; i < config.plugins.size(); ++i) {
    print_section(out, "[[plugins]]", config.plugins[i], i == 0);
    const std::string settings =
        print_settings(config.plugins[i], i < entries.size() ? entries[i] : nullptr);
    out.append(settings.empty() ? "" : "[plugins.settings]\n").append(settings);
  }
}

void print_service(std::string &out, const service_options &service) {
  out.append("\n# User classes, bans with hours, protection against attacks and registered "
             "channels:\n# all that confab/service.h has, under the same names.\n");
  if (!service.toml.empty()) {
    out.append(service.toml).append("\n");
    return;
  }
  out.append("# [service]\n# protection = \"low\" # of none, low, medium, high\n"
             "# [[service.classes]]\n# name = \"strangers\"\n# logon = \"anonymous\"\n"
             "# message_delay_s = 2\n# nick_delay_s = 60\n"
             "# [[service.bans]]\n# host = \"*.example.net\"\n# hours = \"22:00-06:00\"\n"
             "# reason = \"Not at night\"\n"
             "# What members change in a registered channel is kept in the store and counts from "
             "then on.\n"
             "# [[service.channels]]\n# name = \"#lobby\"\n# autostart = true\n"
             "# modes = [\"topic_locked\", \"no_external\"]\n# topic = \"Welcome\"\n"
             "# properties = { OWNERKEY = \"secret\" }\n");
}

} // namespace

std::string toml_value(const std::string &text) {
  const bool lines = text.find('\n') != text.npos;
  std::string out = lines ? "\"\"\"\n" : "\"";
  append_toml(out, text, lines);
  return out.append(lines ? "\"\"\"" : "\"");
}

std::string toml_value(const endpoint &where) { return toml_value(to_text(where)); }

std::string toml_value(const std::vector<ip_prefix> &prefixes) {
  std::string out = "[";
  for (const ip_prefix &prefix : prefixes) {
    out.append(out.size() == 1 ? "" : ", ").append(toml_value(to_text(prefix)));
  }
  return out.append("]");
}

std::string toml_value(const protocol_set &protocols) {
  std::string out = "[";
  for (std::size_t i = 0; i < protocol_set::names.size(); ++i) {
    if ((protocols.bits >> i & 1U) != 0) {
      out.append(out.size() == 1 ? "" : ", ")
          .append(toml_value(std::string(protocol_set::names[i])));
    }
  }
  return out.append("]");
}

std::string print_config(const configuration &config,
                         const std::vector<const confab_plugin_entry *> &plugins) {
  std::string out =
      "# The configuration of confabd. Every key is optional; what is not set has the value\n"
      "# that `confabd --print-config` shows. SIGHUP or REHASH reads the file again.\n";
  print_section(out, "[server]", config.server);
  print_section(out, "# What ADMIN answers.\n[server.admin]", config.admin);
  bool first = true;
  for (const listen_options &listener : config.listeners) {
    print_section(out, "[[listen]]", listener, first);
    first = false;
  }
  print_section(out, "[tls]", config.tls);
  print_section(out, "# What the engine allows, in all and to one client.\n[limits]",
                config.limits);
  print_section(out, "# Who may connect.\n[connections]", config.connections);
  first = true;
  for (const operator_options &oper : config.operators) {
    print_section(out, "[[operator]]", oper, first);
    first = false;
  }
  if (config.operators.empty()) {
    out.append("\n# Who becomes an operator with OPER; as many as you like.\n"
               "# [[operator]]\n# name = \"alice\"\n# password = \"$argon2id$...\"\n"
               "# from = [\"192.0.2.0/24\"]\n# administrator = true\n");
  }
  print_section(out, "# What handlers of plugins may take before they count as failing.\n[hooks]",
                config.hooks);
  print_plugins(out, config, plugins);
  print_service(out, config.service);
  print_section(out, "[store]", config.store);
  print_section(out, "[log]", config.log);
  return out;
}

} // namespace confabd
