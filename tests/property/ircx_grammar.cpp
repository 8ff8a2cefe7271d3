// SPDX-License-Identifier: MIT
//
// Laws of IRCX's text forms over generated input: writing and reading are inverse for names,
// aliases, escapes, masks and blobs; no parser of a command reads outside its line, which lies
// flush against an unreadable page, or half succeeds; and judging an access list does not depend on
// the order of levels in it. The seed is fixed and shown on failure.
#include "core/access_rules.hpp"
#include "proto/irc/names.hpp"
#include "proto/ircx/access.hpp"
#include "proto/ircx/auth.hpp"
#include "proto/ircx/create.hpp"
#include "proto/ircx/events.hpp"
#include "proto/ircx/listx.hpp"
#include "proto/ircx/names.hpp"
#include "proto/ircx/props.hpp"
#include "proto/ircx/tagged.hpp"
#include "text/access_mask.hpp"
#include "text/quoting.hpp"
#include "text/utf8.hpp"

#include "support/catch.hpp"
#include "support/guard_page.hpp"

#include <algorithm>
#include <random>
#include <string>
#include <vector>

using namespace confab;

namespace {

constexpr std::uint64_t seed = 20260102;

// Choices that are the same on every machine: the distributions of <random> are not.
class chooser {
public:
  explicit chooser(std::uint64_t from) : engine_(from) {}

  std::size_t below(std::size_t bound) { return static_cast<std::size_t>(engine_() % bound); }
  bool one_in(std::size_t n) { return below(n) == 0; }
  template <class List>
  auto from(const List &list) {
    return list[below(std::size(list))];
  }
  char any_byte() { return static_cast<char>(below(256)); }

private:
  std::mt19937_64 engine_;
};

std::string bytes(chooser &choose, std::size_t bytes_max) {
  std::string out(choose.below(bytes_max + 1), '\0');
  for (char &c : out)
    c = choose.one_in(2) ? choose.from(std::string_view(" ,\\\r\n\t\0bcrnt0*?'^#%$!@", 22))
                         : choose.any_byte();
  return out;
}

std::string characters(chooser &choose, std::size_t count_max) {
  static constexpr std::string_view list[] = {
      "a", "Z", "9", " ",  ",", "\\",       "\t",           "*",
      "?", "'", "^", "\n", "#", "\xc3\xab", "\xe2\x82\xac", "\xf0\x9f\x98\x80",
      "-", "."};
  std::string out;
  for (std::size_t i = 1 + choose.below(count_max); i > 0; --i)
    out += choose.from(list);
  return out;
}

// A line of one of IRCX's commands that is nearly right.
std::string nearly_a_line(chooser &choose) {
  static constexpr std::string_view pieces[] = {"ACCESS",
                                                "PROP",
                                                "CREATE",
                                                "LISTX",
                                                "EVENT",
                                                "AUTH",
                                                "DATA",
                                                "#c",
                                                "%#c\\b",
                                                "$",
                                                "*",
                                                "'",
                                                "ADD",
                                                "DENY",
                                                "OWNER",
                                                "CLEAR",
                                                "LIST",
                                                "5",
                                                "0",
                                                "99999999999",
                                                "TOPIC",
                                                "TOPIC,",
                                                "LAG",
                                                ":",
                                                ":a b",
                                                "n!u@h$s",
                                                "a\\\\*",
                                                "lk",
                                                "+phs",
                                                "de",
                                                "<5",
                                                ">3,",
                                                "C<9",
                                                "T=*",
                                                "N=a,",
                                                "R=1",
                                                "I",
                                                "S",
                                                "NTLM",
                                                "CCUDI1",
                                                "USER",
                                                "x",
                                                "\xff",
                                                "\xef\xbc\x83r",
                                                "'\xed\xa0\xbd",
                                                "^5A",
                                                "%",
                                                ",",
                                                "\\",
                                                "b!"};
  std::string out(choose.from(std::vector<std::string_view>(pieces, pieces + 7)));
  for (std::size_t i = choose.below(9); i > 0; --i) {
    out += ' ';
    out += choose.from(pieces);
  }
  if (choose.one_in(4))
    out += " " + bytes(choose, 12);
  return out;
}

bool lies_within(std::string_view part, std::string_view whole) {
  return part.empty() ||
         (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size());
}

// Reads a line as every command, whatever its verb is, and looks at all that comes of it. How many
// read it without an error.
std::size_t read_as_everything(std::string_view line, char *scratch) {
  irc::message m;
  irc::parse(line, m);
  std::size_t good = 0;
  bool within = true;

  ircx::access_command access;
  if (ircx::parse_access(m, access) == ircx::access_error::none) {
    ++good;
    within = within && lies_within(access.object, line) && lies_within(access.reason, line) &&
             access.mask_length <= text::mask_bytes_limit;
  }
  ircx::prop_command prop;
  if (ircx::parse_prop(m, prop) == ircx::prop_error::none) {
    ++good;
    within = within && lies_within(prop.names, line) && lies_within(prop.value, line);
  }
  ircx::create_command create;
  const ircx::create_fault fault = ircx::parse_create(m, ircx::channel_bytes_limit, create);
  if (fault.error == ircx::create_error::none) {
    ++good;
    within = within && lies_within(create.channel, line) && lies_within(create.key, line);
  } else {
    within = within && create.channel.empty();
  }
  ircx::listx_query listx;
  if (ircx::parse_listx(m, scratch, listx) == ircx::listx_error::none) {
    ++good;
    for (const ircx::listx_mask &mask : listx.all_masks())
      within = within && lies_within(mask.mask, {scratch, line.size()});
    within = within && lies_within(listx.names, line);
  }
  ircx::event_command event;
  good += ircx::parse_event(m, event) == ircx::event_error::none ? 1 : 0;
  within = within && lies_within(event.written, line);
  ircx::auth_line auth;
  good += ircx::parse_auth(m, auth) == ircx::auth_error::none ? 1 : 0;
  within = within && lies_within(auth.blob, line) && lies_within(auth.package, line);
  ircx::tagged_command tagged;
  good += ircx::parse_tagged(m, tagged) == ircx::tagged_error::none ? 1 : 0;
  within = within && lies_within(tagged.payload, line) && lies_within(tagged.to.members, line);
  REQUIRE(within);
  return good;
}

} // namespace

TEST_CASE("ircx grammar: unquoting undoes quoting and reads nothing outside") {
  chooser choose(seed);
  const test::guard_page page(4096), out_page(4096);
  for (int i = 0; i < 50000; ++i) {
    const std::string raw = bytes(choose, 40);
    CAPTURE(seed, i, raw);
    for (const auto where : {text::quoting::name, text::quoting::payload}) {
      char *out = out_page.before_end(2 * raw.size());
      std::size_t used = 0;
      REQUIRE(text::quote(page.place_at_end(raw), where, out, 2 * raw.size(), used));
      const std::string_view written(out, used);
      REQUIRE(written.find_first_of(std::string_view("\r\n\t\0", 4)) == std::string_view::npos);
      REQUIRE((where == text::quoting::payload ||
               written.find_first_of(" ,") == std::string_view::npos));
      REQUIRE(text::unquote(written, out) == raw.size());
      REQUIRE(std::string_view(out, raw.size()) == raw);
    }
    // Anything at all can be unquoted in its own place.
    char *any = page.before_end(raw.size());
    raw.copy(any, raw.size());
    REQUIRE(text::unquote({any, raw.size()}, any) <= raw.size());
    raw.copy(any, raw.size());
    REQUIRE(text::unquote_mask({any, raw.size()}, any).value_or(0) <= raw.size());
    raw.copy(any, raw.size());
    const auto normal = text::normalise_utf8({any, raw.size()}, any);
    REQUIRE((!normal || text::utf8_valid({any, *normal})));
  }
}

TEST_CASE("ircx grammar: a nick that can be written can be read, and is the same") {
  chooser choose(seed + 1);
  int read = 0;
  for (int i = 0; i < 100000; ++i) {
    const std::string nick = characters(choose, 6);
    std::string written(64, '#');
    std::size_t used = 0;
    CAPTURE(seed, i, nick);
    REQUIRE(ircx::encode_nick(nick, written.data(), written.size(), used));
    written.resize(used);
    std::string again(used, '#');
    std::size_t length = 0;
    const ircx::name_error error = ircx::decode_nick(written, 31, again.data(), length);
    if (error == ircx::name_error::none) {
      REQUIRE(again.substr(0, length) == nick);
      ++read;
    }
    // Two names never look alike: the form says which kind it is.
    REQUIRE((written.front() == '\'') == !ircx::is_ordinary_nick(nick));
    std::string alias(64, '#'), back(32, '#');
    used = 0;
    REQUIRE(ircx::encode_alias(nick, alias.data(), alias.size(), used));
    alias.resize(used);
    REQUIRE(ircx::decode_alias(alias, back.data()) == nick.size());
    REQUIRE(back.substr(0, nick.size()) == nick);
    REQUIRE(irc::nick_valid(alias, 63)); // plain clients can say it
  }
  CHECK(read > 20000);
}

TEST_CASE("ircx grammar: a channel that can be written can be read, and is the same") {
  chooser choose(seed + 2);
  for (int i = 0; i < 50000; ++i) {
    const std::string name = choose.from(std::string_view("#&")) + characters(choose, 10);
    std::string written(128, '#');
    std::size_t used = 0;
    CAPTURE(seed, i, name);
    REQUIRE(ircx::encode_channel(name, written.data(), written.size(), used));
    written.resize(used);
    REQUIRE(ircx::check_channel(written, 200) == ircx::name_error::none);
    std::string again(used, '#');
    again.resize(ircx::decode_channel(written, again.data()));
    REQUIRE(again == name);
    REQUIRE(ircx::classify(written) == ircx::object_kind::extended_channel);
  }
}

TEST_CASE("ircx grammar: names of any bytes are judged without looking outside") {
  chooser choose(seed + 3);
  const test::guard_page page(4096), out_page(4096);
  std::size_t good = 0;
  for (int i = 0; i < 100000; ++i) {
    const std::string raw =
        std::string(choose.from(std::vector<std::string_view>{"", "'", "%#", "#", "^", "0"})) +
        (choose.one_in(2) ? bytes(choose, 20) : characters(choose, 8));
    const std::string_view placed = page.place_at_end(raw);
    CAPTURE(seed, i, raw);
    std::size_t length = 0;
    if (ircx::decode_nick(placed, 31, out_page.before_end(raw.size()), length) ==
        ircx::name_error::none) {
      REQUIRE(length <= raw.size());
      REQUIRE(length > 0);
      ++good;
    }
    if (ircx::check_channel(placed, 200) == ircx::name_error::none) {
      REQUIRE(ircx::decode_channel(placed, out_page.before_end(raw.size())) >= 1);
      ++good;
    }
    ircx::classify(placed);
    ircx::can_show_decoded(placed);
    ircx::is_plain_channel(placed);
  }
  CHECK(good > 10000);
}

TEST_CASE("ircx grammar: completing a mask is idempotent, and what it matches does not change") {
  chooser choose(seed + 4);
  const test::guard_page page(4096);
  int completed = 0;
  for (int i = 0; i < 50000; ++i) {
    const std::string in = choose.one_in(2) ? bytes(choose, 12) : characters(choose, 6);
    char once[text::mask_bytes_limit], twice[text::mask_bytes_limit];
    std::size_t once_length = 0, twice_length = 0;
    CAPTURE(seed, i, in);
    if (text::complete_mask(page.place_at_end(in), once, once_length) != text::mask_error::none)
      continue;
    const std::string_view mask(once, once_length);
    REQUIRE(text::complete_mask(mask, twice, twice_length) == text::mask_error::none);
    REQUIRE(std::string_view(twice, twice_length) == mask);
    text::mask_subject who;
    const std::string nick = characters(choose, 3);
    who.nick = nick;
    who.extended_nick = !ircx::is_ordinary_nick(nick);
    text::mask_matches(text::casemap::rfc1459, mask, who);
    REQUIRE(text::mask_matches(text::casemap::rfc1459, text::mask_of_all, who));
    ++completed;
  }
  CHECK(completed > 5000);
}

TEST_CASE("ircx grammar: no command reads outside its line or half succeeds") {
  chooser choose(seed + 5);
  const test::guard_page page(4096), scratch(4096);
  std::size_t good = 0;
  for (int i = 0; i < 100000; ++i) {
    const std::string line = choose.one_in(8) ? bytes(choose, 60) : nearly_a_line(choose);
    CAPTURE(seed, i, line);
    good += read_as_everything(page.place_at_end(line), scratch.before_end(line.size()));
    good += read_as_everything(page.place_at_begin(line), scratch.before_end(line.size()));
  }
  // The generator has to hit good lines often enough for the law to mean something.
  CHECK(good > 20000);
}

TEST_CASE("ircx grammar: every beginning of a line is read without looking outside") {
  chooser choose(seed + 6);
  const test::guard_page page(4096), scratch(4096);
  for (int i = 0; i < 500; ++i) {
    const std::string line = nearly_a_line(choose);
    CAPTURE(seed, i, line);
    for (std::size_t n = 0; n <= line.size(); ++n)
      read_as_everything(page.place_at_end(std::string_view(line).substr(0, n)),
                         scratch.before_end(n));
  }
}

TEST_CASE("ircx grammar: a blob of any octets comes through a challenge") {
  chooser choose(seed + 7);
  for (int i = 0; i < 30000; ++i) {
    const std::string octets = bytes(choose, 60);
    std::string line(200, '#');
    std::size_t used = 0;
    CAPTURE(seed, i, octets);
    REQUIRE(ircx::write_challenge("NTLM", octets, line.data(), line.size(), used));
    irc::message m;
    ircx::auth_line auth;
    REQUIRE(irc::parse(std::string_view(line).substr(0, used - 2), m) == irc::parse_result::ok);
    REQUIRE(ircx::parse_auth(m, auth) == ircx::auth_error::none);
    std::string back(auth.blob);
    back.resize(ircx::decode_blob(back, back.data()));
    REQUIRE(back == octets);
  }
}

TEST_CASE("ircx grammar: the verdict of a list does not depend on the order of its levels") {
  chooser choose(seed + 8);
  static constexpr std::string_view masks[] = {"bob!*@*$*", "eve!*@*$*", "*!*@*$*",
                                               "*!*@*.company.com$*", "*!~*@*$*"};
  static constexpr std::uint32_t levels[] = {CONFAB_LIST_BAN, CONFAB_LIST_GRANT, CONFAB_LIST_VOICE,
                                             CONFAB_LIST_OPERATOR, CONFAB_LIST_OWNER};
  text::mask_subject bob;
  bob.nick = "bob";
  bob.user = "robert";
  bob.host = "pc.company.com";
  for (int i = 0; i < 20000; ++i) {
    std::vector<core::access_view> list;
    for (std::size_t n = choose.below(7); n > 0; --n)
      list.push_back({choose.from(levels), choose.from(masks), choose.one_in(3) ? 100 : 0});
    bob.tilde = choose.one_in(2);
    const std::int64_t now = choose.one_in(2) ? 50 : 100;
    const auto judge = [&] {
      return core::judge_access(
          list, [](const core::access_view &e) { return e; },
          [&](const core::access_view &e) {
            return text::mask_matches(text::casemap::rfc1459, e.mask, bob);
          },
          now);
    };
    const core::access_verdict before = judge();
    std::stable_sort(list.begin(), list.end(),
                     [](const auto &a, const auto &b) { return a.list > b.list; });
    const core::access_verdict after = judge();
    CAPTURE(seed, i);
    REQUIRE(before.outcome == after.outcome);
    REQUIRE(before.list == after.list);
    // What is expired makes no difference.
    list.erase(std::remove_if(list.begin(), list.end(),
                              [&](const auto &e) { return core::is_expired(e.expires_s, now); }),
               list.end());
    REQUIRE(judge().outcome == after.outcome);
  }
}
