// SPDX-License-Identifier: MIT
//
// Every key of the configuration, once: its name, what it means, its bounds, and whether a running
// server can take a new value. visit_fields calls `visit(field, member)` for each member of a
// section, in the order in which they are printed. The limits of the engine are in
// options_limits.hpp. Reading, printing and comparing are visitors and live elsewhere.
#pragma once

#include "options.hpp"
#include "text_rules.hpp"

#include <concepts>
#include <type_traits>

namespace confabd {

enum class applies : std::uint8_t { at_once, after_restart };

struct field {
  std::string_view key;
  std::string_view comment;
  std::uint32_t min = 0; // of a number, of the bytes of a text, of the ms of a time
  std::uint32_t max = 0; // likewise; of a list: its entries
  text_rule rule = text_rule::line;
  applies when = applies::at_once;
};

template <class section, class options>
concept is_section = std::same_as<std::remove_const_t<section>, options>;

template <class visitor>
void visit_fields(is_section<server_options> auto &s, visitor &&visit) {
  visit(field{"name", "The server's name, as clients see it.", 3, 63, text_rule::host_name,
              applies::after_restart},
        s.name);
  visit(field{"description", "One line about the server.", 0, 200}, s.description);
  visit(field{"network", "The network's name (ISUPPORT NETWORK).", 1, 63, text_rule::word},
        s.network);
  visit(field{"motd", "The message of the day.", 0, 65536, text_rule::lines}, s.motd);
  visit(field{"motd_file", "A file to read it from instead.", 0, 4096, text_rule::path},
        s.motd_file);
  visit(field{"password",
              "What clients must send with PASS: plain, or from `confabd hash-password`.", 0, 256,
              text_rule::password},
        s.password);
  visit(field{"casemapping", "How nicks and channel names compare.", 0, 0, text_rule::word,
              applies::after_restart},
        s.mapping);
  visit(field{"user_modes", "Modes that a new user gets.", 0, 16, text_rule::letters},
        s.user_modes);
  visit(field{"channel_modes", "Modes that a new channel gets.", 0, 16, text_rule::letters},
        s.channel_modes);
  visit(
      field{"plugin_dir",
            "Where plugins without a folder in their path are; empty: the plugins beside confabd.",
            0, 4096, text_rule::path},
      s.plugin_dir);
  visit(field{"metrics_file", "Where SIGUSR1 writes the figures, for Prometheus and its kin.", 0,
              4096, text_rule::path},
        s.metrics_file);
}

template <class visitor>
void visit_fields(is_section<admin_options> auto &s, visitor &&visit) {
  visit(field{"location", "Where the server is: the first line of ADMIN.", 0, 200}, s.location);
  visit(field{"organisation", "Who runs it.", 0, 200}, s.organisation);
  visit(field{"email", "How to reach them.", 0, 200}, s.email);
}

template <class visitor>
void visit_fields(is_section<listen_options> auto &s, visitor &&visit) {
  visit(field{"address", "A numeric address and a port; IPv6 in brackets; port 0: any free one."},
        s.address);
  visit(field{"tls", "Whether clients begin with a TLS handshake."}, s.tls);
  visit(field{"protocols",
              "What clients may speak here: \"irc\", \"ircv3\", \"ircx\", \"mic\"; empty: all."},
        s.protocols);
  visit(field{"code_page", "What clients that know no UTF-8 write here."}, s.page);
  visit(
      field{"datagrams",
            "Whether clients of MIC may send datagrams to their channels: UDP on this port, never "
            "encrypted. Changes count for new connections."},
      s.datagrams);
  visit(field{"proxy", "Whether a PROXY header (version 1 or 2) comes before everything else."},
        s.proxy);
  visit(field{"proxy_from", "Whose PROXY headers are believed.", 0, 1024}, s.proxy_from);
}

template <class visitor>
void visit_fields(is_section<tls_options> auto &s, visitor &&visit) {
  visit(field{"certificate", "A PEM file: the certificate, then those it hangs on.", 0, 4096,
              text_rule::path},
        s.certificate);
  visit(field{"key", "A PEM file: its private key.", 0, 4096, text_rule::path}, s.key);
  visit(
      field{"self_signed", "Make a certificate at each start when none is given: for development."},
      s.self_signed);
}

template <class visitor>
void visit_fields(is_section<connection_options> auto &s, visitor &&visit) {
  visit(field{"max", "Sockets in all; the process's limit of open files counts too.", 1, 1'000'000},
        s.max);
  visit(field{"per_address", "Connections of one address; 0: no limit.", 0, 1'000'000},
        s.per_address);
  visit(field{"per_prefix", "Connections of one network; 0: no limit.", 0, 1'000'000},
        s.per_prefix);
  visit(field{"attempts_max", "Attempts of one address in a while; 0: no limit.", 0, 1'000'000},
        s.attempts_max);
  visit(field{"attempts_window_s", "How long that while is, in seconds.", 1, 86'400},
        s.attempts_window_s);
  visit(field{"ipv4_address_bits", "What counts as one IPv4 address.", 8, 32}, s.ipv4_address_bits);
  visit(field{"ipv4_prefix_bits", "What counts as one IPv4 network.", 8, 32}, s.ipv4_prefix_bits);
  visit(field{"ipv6_address_bits", "What counts as one IPv6 address.", 16, 128},
        s.ipv6_address_bits);
  visit(field{"ipv6_prefix_bits", "What counts as one IPv6 network.", 16, 128}, s.ipv6_prefix_bits);
  visit(field{"tracked_max", "Addresses whose attempts are remembered.", 16, 10'000'000},
        s.tracked_max);
  visit(field{"handshake_ms_max", "Time for the PROXY header and the TLS handshake.", 100, 600'000},
        s.handshake_ms_max);
  visit(
      field{"linger_ms_max", "Time for a client to close after the server's last word.", 0, 60'000},
      s.linger_ms_max);
  visit(field{"exempt", "Addresses and networks (CIDR) without limits.", 0, 4096}, s.exempt);
  visit(field{"deny", "Addresses and networks (CIDR) that may not connect.", 0, 65'536}, s.deny);
}

template <class visitor>
void visit_fields(is_section<operator_options> auto &s, visitor &&visit) {
  visit(field{"name", "The name in `OPER name password`.", 1, 63, text_rule::word}, s.name);
  visit(field{"password", "Plain, or from `confabd hash-password`.", 1, 256, text_rule::password},
        s.password);
  visit(field{"from", "Addresses and networks (CIDR) it may come from; empty: all.", 0, 1024},
        s.from);
  visit(field{"administrator", "Above the other operators: IRCX's sysop manager."},
        s.administrator);
}

template <class visitor>
void visit_fields(is_section<hook_options> auto &s, visitor &&visit) {
  visit(field{"call_us_max", "Microseconds that one call of a handler may take; 0: no limit.", 0,
              60'000'000},
        s.call_us_max);
  visit(field{"second_us_max", "What all its calls within a second may take; 0: no limit.", 0,
              1'000'000},
        s.second_us_max);
  visit(field{"failures_max", "Failures in a row before it is not called any more; 0: no limit.", 0,
              1'000'000},
        s.failures_max);
  visit(field{"retry_ms", "How long until it is tried again.", 1, 3'600'000}, s.retry_ms);
  visit(field{"deferral_ms_max", "How long an act may wait for a handler's answer.", 1, 86'400'000},
        s.deferral_ms_max);
  visit(field{"waiting_max", "Acts of one client that may wait behind such a one.", 1, 65'535},
        s.waiting_max);
  visit(field{"causes_max", "Acts that handlers may do because of each other, in a row.", 1, 64},
        s.causes_max);
}

template <class visitor>
void visit_fields(is_section<plugin_options> auto &s, visitor &&visit) {
  visit(field{"name", "The name of the instance; without one, that of the file.", 1, 32,
              text_rule::instance},
        s.name);
  visit(field{"path", "A file, or the name of one in server.plugin_dir.", 1, 4096}, s.path);
  visit(field{"enabled", "Whether it is loaded."}, s.enabled);
  visit(field{"drain", "How long, when it goes, it may still answer for what waits.", 0, 3'600'000},
        s.drain);
}

template <class visitor>
void visit_fields(is_section<store_options> auto &s, visitor &&visit) {
  visit(field{"file", "The SQLite file of registered channels; empty: confabd.db beside this file.",
              0, 4096, text_rule::path, applies::at_once},
        s.file);
}

template <class visitor>
void visit_fields(is_section<log_options> auto &s, visitor &&visit) {
  visit(field{"level", "The least that is logged."}, s.level);
  visit(field{"format", "Lines of key=value, or JSON objects."}, s.format);
  visit(field{"file", "Where to; empty: standard error. Opened again at each rehash.", 0, 4096,
              text_rule::path},
        s.file);
}

} // namespace confabd
