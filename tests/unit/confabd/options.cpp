// SPDX-License-Identifier: MIT
//
// confabd's configuration: what is printed reads back to the same values, every mistake is reported
// with its place, and the command line changes what it should.
#include "support/catch.hpp"

#include "options.hpp"
#include "options_limits.hpp"
#include "passwords.hpp"
#include "rehash.hpp"

#include <fstream>
#include <sstream>

using namespace confabd;

namespace {

configuration read_well(std::string_view toml) {
  const read_result result = read_config(toml, "test.toml");
  for (const config_error &error : result.errors) {
    UNSCOPED_INFO(to_text(error));
  }
  REQUIRE(result.ok());
  return result.value;
}

// The first mistake, as people see it.
std::string mistake_in(std::string_view toml) {
  const read_result result = read_config(toml, "test.toml");
  return result.ok() ? "none" : to_text(result.errors.front());
}

bool same(const configuration &a, const configuration &b) { return compare(a, b).empty(); }

} // namespace

TEST_CASE("confabd: an empty file means the defaults") {
  CHECK(same(read_well(""), configuration()));
  CHECK(find_conflict(configuration()).empty());
  CHECK(configuration().listeners.size() == 1);
  CHECK(to_text(configuration().listeners[0].address) == "127.0.0.1:6667");
}

TEST_CASE("confabd: the printed defaults read back to the defaults") {
  const std::string printed = print_config(configuration());
  CHECK(same(read_well(printed), configuration()));
  CHECK(print_config(read_well(printed)) == printed);
}

TEST_CASE("confabd: a configuration in which everything differs reads back as it was printed") {
  const configuration config = read_well(R"(
[server]
name = "irc.example.org"
description = "a \"quoted\" \\ description"
network = "Example"
motd = "one\ntwo \\ \"three\"\n\u00e9\n"
password = "secret word"
casemapping = "rfc1459"
user_modes = ""
channel_modes = "nts"
[server.admin]
location = "Here"
organisation = "Us"
email = "us@example.org"
[[listen]]
address = "0.0.0.0:6667"
datagrams = true
[[listen]]
address = "[::]:6697"
tls = true
proxy = "required"
proxy_from = ["192.0.2.0/24", "2001:db8::1"]
[tls]
certificate = "/etc/confabd/cert.pem"
key = "/etc/confabd/key.pem"
self_signed = true
[limits]
nick_bytes_max = 20
ping_interval_ms = 0
[connections]
max = 5
per_address = 0
exempt = []
deny = ["198.51.100.0/24"]
[[operator]]
name = "alice"
password = "wonder\"land"
from = ["127.0.0.1"]
administrator = true
[[operator]]
name = "bob"
password = "builder"
[log]
level = "debug"
format = "json"
file = "/var/log/confabd.log"
)");
  const configuration again = read_well(print_config(config));
  CHECK(same(again, config));
  CHECK(again.server == config.server);
  CHECK(again.admin == config.admin);
  CHECK(again.listeners == config.listeners);
  CHECK(again.tls == config.tls);
  CHECK(again.connections == config.connections);
  CHECK(again.operators == config.operators);
  CHECK(again.log == config.log);
  CHECK(again.limits.nick_bytes_max == 20);
  CHECK(again.limits.ping_interval_ms == 0);
  CHECK(again.server.description == "a \"quoted\" \\ description");
  CHECK(again.server.motd == "one\ntwo \\ \"three\"\n\u00e9\n");
  CHECK(again.listeners[0].datagrams);
  CHECK(again.listeners[1].proxy == proxy_mode::required);
  CHECK(again.operators[0].password == "wonder\"land");
}

TEST_CASE("confabd: each mistake is reported with file, line and column") {
  const std::pair<const char *, const char *> cases[] = {
      {"[server]\nnmae = \"x\"\n", "test.toml:2:1: server.nmae: there is no such key"},
      {"[sever]\n", "test.toml:1:2: sever: there is no such key"},
      {"server = 3\n", "test.toml:1:10: server: must be a section, [server]"},
      {"[server]\nname = 7\n", "test.toml:2:8: server.name: must be a text in quotes"},
      {"[server]\nname = \"localhost\"\n",
       "test.toml:2:8: server.name: must be a host name with a dot in it"},
      {"[server]\nnetwork = \"a b\"\n",
       "test.toml:2:11: server.network: must be one word without spaces, '!', '@' and '*'"},
      {"[server]\nnetwork = \"\"\n",
       "test.toml:2:11: server.network: 0 bytes are not between 1 and 63"},
      {"[server]\ncasemapping = \"rfc7613\"\n",
       "test.toml:2:15: server.casemapping: must be one of: ascii, rfc1459"},
      {"[server.admin]\nmail = \"x\"\n", "test.toml:2:1: admin.mail: there is no such key"},
      {"[limits]\nnick_bytes_max = 65\n",
       "test.toml:2:18: limits.nick_bytes_max: 65 is not between 1 and 64"},
      {"[limits]\nnick_bytes_max = -1\n",
       "test.toml:2:18: limits.nick_bytes_max: -1 is not between 1 and 64"},
      {"[limits]\nnick_bytes_max = \"9\"\n",
       "test.toml:2:18: limits.nick_bytes_max: must be a whole number"},
      {"[limits]\nnick_bytes_max = 9.0\n",
       "test.toml:2:18: limits.nick_bytes_max: must be a whole number"},
      {"[tls]\nself_signed = 1\n", "test.toml:2:15: tls.self_signed: must be true or false"},
      {"[listen]\naddress = \"127.0.0.1:1\"\n",
       "test.toml:1:1: listen: must be sections, [[listen]]"},
      {"[[listen]]\ntls = true\n", "test.toml:1:1: listen.address: is missing"},
      {"[[listen]]\naddress = \"localhost:1\"\n",
       "test.toml:2:11: listen.address: must be ADDRESS:PORT, such as \"127.0.0.1:6667\" or "
       "\"[::1]:6667\""},
      {"[connections]\ndeny = \"10.0.0.0/8\"\n",
       "test.toml:2:8: connections.deny: must be a list of texts in quotes"},
      {"[connections]\ndeny = [\"10.0.0.0/8\", \"10.0.0.0/40\"]\n",
       "test.toml:2:23: connections.deny: must be an address or a network such as "
       "\"192.0.2.0/24\""},
      {"[[operator]]\nname = \"a\"\n", "test.toml:1:1: operator.password: is missing"},
      {"[[operator]]\nname = \"a\"\npassword = \"$argon2id$nonsense\"\n",
       "test.toml:3:12: operator.password: is not a hash that `confabd hash-password` made"},
  };
  for (const auto &[toml, expected] : cases) {
    CAPTURE(toml);
    CHECK(mistake_in(toml) == expected);
  }
  // The text of a syntax error is toml++'s; its place is ours to pass on.
  CHECK(mistake_in("[server]\nname = \n").starts_with("test.toml:2:"));
}

TEST_CASE("confabd: all mistakes of a file are reported, up to a bound") {
  const read_result two = read_config("[server]\na = 1\nb = 2\n", "test.toml");
  CHECK(two.errors.size() == 2);
  std::string many = "[server]\n";
  for (int i = 0; i < 100; ++i) {
    many += "k" + std::to_string(i) + " = 1\n";
  }
  CHECK(read_config(many, "test.toml").errors.size() == 20);
}

TEST_CASE("confabd: names of hosts, at their edges") {
  const auto accepted = [](const std::string &name) {
    return read_config("[server]\nname = \"" + name + "\"\n", "test.toml").ok();
  };
  for (const char *name : {"a.b", "irc-1.example.org", "My.Little.Server", "1.2.3.x"}) {
    CAPTURE(name);
    CHECK(accepted(name));
  }
  for (const char *name :
       {"abc", ".a.b", "a.b.", "a..b", "-a.b", "a-.b", "a.b-", "a_b.c", "a b.c"}) {
    CAPTURE(name);
    CHECK_FALSE(accepted(name));
  }
  CHECK(accepted(std::string(61, 'x') + ".x"));
  CHECK_FALSE(accepted(std::string(62, 'x') + ".x"));
}

TEST_CASE("confabd: relative paths count from the configuration's folder") {
  const read_result result =
      read_config("[tls]\ncertificate = \"c.pem\"\nkey = \"../k.pem\"\n", "/etc/confabd/x.toml");
  REQUIRE(result.ok());
  CHECK(result.value.tls.certificate == "/etc/confabd/c.pem");
  CHECK(result.value.tls.key == "/etc/k.pem");
}

TEST_CASE("confabd: a file that cannot be read is a mistake with its name") {
  const read_result result = read_config_file("/does/not/exist.toml");
  REQUIRE(result.errors.size() == 1);
  CHECK(to_text(result.errors[0]) == "/does/not/exist.toml: No such file or directory");
}

TEST_CASE("confabd: contradictions are found") {
  const auto conflict = [](std::string_view toml) { return find_conflict(read_well(toml)); };
  CHECK(
      conflict("[[listen]]\naddress = \"127.0.0.1:1\"\n[[listen]]\naddress = \"127.0.0.1:1\"\n") ==
      "listen.address: 127.0.0.1:1 is there twice");
  CHECK(
      conflict("[[listen]]\naddress = \"127.0.0.1:0\"\n[[listen]]\naddress = \"127.0.0.1:0\"\n") ==
      "");
  CHECK(conflict("[[listen]]\naddress = \"127.0.0.1:1\"\ntls = true\n") ==
        "listen.tls: 127.0.0.1:1 needs tls.certificate and tls.key, or tls.self_signed");
  const std::string datagrams = "listen.datagrams: ",
                    why = " must be IPv4, without TLS and without a proxy";
  for (const auto &[address, more] :
       {std::pair("127.0.0.1:1", "tls = true\n"),
        std::pair("127.0.0.1:1", "proxy = \"optional\"\n"), std::pair("[::1]:1", "")})
    CHECK(conflict(std::string("[tls]\nself_signed = true\n[[listen]]\naddress = \"") + address +
                   "\"\ndatagrams = true\n" + more) == datagrams + address + why);
  CHECK(conflict("[[listen]]\naddress = \"127.0.0.1:1\"\ndatagrams = true\n") == "");
  CHECK(conflict("[tls]\ncertificate = \"x\"\n") ==
        "tls.certificate and tls.key: one needs the other");
  CHECK(conflict("listen = []\n") == "there is nothing to listen on");
  CHECK(conflict("[server]\nmotd = \"x\"\nmotd_file = \"y\"\n") ==
        "server.motd and server.motd_file: only one of them can be set");
  CHECK(conflict("[[operator]]\nname = \"a\"\npassword = \"x\"\n"
                 "[[operator]]\nname = \"a\"\npassword = \"y\"\n") ==
        "operator.name: \"a\" is there twice");
  CHECK(conflict("[connections]\nipv4_prefix_bits = 25\nipv4_address_bits = 24\n") ==
        "connections: the bits of a network cannot be more than those of an address");
}

TEST_CASE("confabd: --listen replaces the plain listeners and leaves the others") {
  configuration config = read_well("[[listen]]\naddress = \"0.0.0.0:6667\"\n"
                                   "[[listen]]\naddress = \"0.0.0.0:6697\"\ntls = true\n"
                                   "[tls]\nself_signed = true\n");
  overrides changes;
  changes.listen = {*parse_endpoint("127.0.0.1:7000"), *parse_endpoint("[::1]:7000")};
  apply(changes, config);
  REQUIRE(config.listeners.size() == 3);
  CHECK(to_text(config.listeners[0].address) == "0.0.0.0:6697");
  CHECK(config.listeners[0].tls);
  CHECK(to_text(config.listeners[1].address) == "127.0.0.1:7000");
  CHECK(to_text(config.listeners[2].address) == "[::1]:7000");
  CHECK_FALSE(config.listeners[2].tls);
}

TEST_CASE("confabd: --tls needs no configuration") {
  configuration config;
  overrides changes;
  changes.tls = true;
  changes.level = log_level::error;
  changes.format = log_format::json;
  apply(changes, config);
  CHECK(find_conflict(config).empty());
  REQUIRE(config.listeners.size() == 2);
  CHECK(to_text(config.listeners[1].address) == "127.0.0.1:6697");
  CHECK(config.listeners[1].tls);
  CHECK(config.log.level == log_level::error);
  CHECK(config.log.format == log_format::json);
}

TEST_CASE("confabd: the engine's options are those of the configuration") {
  const configuration config = read_well(
      "[server]\nname = \"irc.example.org\"\npassword = \"x\"\ncasemapping = \"rfc1459\"\n"
      "[limits]\ntopic_bytes_max = 123\n");
  const confab_engine_options options = engine_options(config, "hello\n");
  CHECK(std::string_view(options.server_name.ptr, options.server_name.len) == "irc.example.org");
  CHECK(std::string_view(options.motd.ptr, options.motd.len) == "hello\n");
  CHECK(options.casemap == CONFAB_CASEMAP_RFC1459);
  CHECK(options.topic_bytes_max == 123);
  CHECK(options.flags == CONFAB_ENGINE_PASSWORD_REQUIRED);
  CHECK(engine_options(configuration(), "").flags == CONFAB_ENGINE_NO_PASSWORDS);
}

namespace {

// Sets every number of a section to its least or its greatest value, and others not at all.
struct bound_setter {
  bool greatest = false;

  void operator()(const field &f, std::uint32_t &member) const {
    member = greatest ? f.max : f.min;
  }
};

} // namespace

TEST_CASE("confabd: the engine takes the least and the greatest of every limit") {
  for (const bool greatest : {false, true}) {
    configuration config;
    visit_fields(config.limits, bound_setter{greatest});
    visit_fields(config.hooks, bound_setter{greatest});
    CHECK(find_engine_problem(config, "") == "");
  }
}

TEST_CASE("confabd: what only the engine can judge is reported in its words") {
  configuration config = read_well("[server]\nchannel_modes = \"ntZ\"\n");
  CHECK(find_engine_problem(config, "") ==
        "the engine refuses the configuration: user_modes, channel_modes: a letter that cannot be "
        "set from the start");
}

TEST_CASE("confabd: the example file is the printed defaults") {
  std::ifstream stream(CONFAB_TESTS_DIR "/../examples/confabd/confabd.toml");
  std::ostringstream text;
  text << stream.rdbuf();
  // When it differs: confabd --print-config > examples/confabd/confabd.toml
  CHECK(text.str() == print_config(configuration()));
}

TEST_CASE("confabd: the configuration for load tests has no throttles") {
  const read_result result = read_config_file(CONFAB_TESTS_DIR "/bench/confabd.toml");
  for (const config_error &error : result.errors) {
    UNSCOPED_INFO(to_text(error));
  }
  REQUIRE(result.ok());
  const configuration &config = result.value;
  CHECK(find_conflict(config).empty());
  CHECK(config.limits.commands_burst_max == 0);
  CHECK(config.limits.nick_changes_max == 0);
  CHECK(config.limits.conns_max >= 60'000);
  CHECK(config.limits.output_backlog_bytes_max >= 8u << 20);
  CHECK(config.connections.per_address == 0);
  CHECK(config.connections.per_prefix == 0);
  CHECK(config.connections.attempts_max == 0);
}

TEST_CASE("confabd: passwords match as they are or by their hash") {
  CHECK(password_matches("secret", "secret"));
  CHECK_FALSE(password_matches("secret", "secres"));
  CHECK_FALSE(password_matches("secret", "secret "));
  CHECK_FALSE(password_matches("secret", ""));
  const std::string hash = hash_password("secret");
  REQUIRE(is_password_hash(hash));
  CHECK(password_problem(hash).empty());
  CHECK(password_matches(hash, "secret"));
  CHECK_FALSE(password_matches(hash, "Secret"));
  CHECK(hash_password("secret") != hash); // salted
}
