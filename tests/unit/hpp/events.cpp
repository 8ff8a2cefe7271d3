// SPDX-License-Identifier: MIT
//
// Events as C++ views: that each type can set exactly what the library says it can, that setters
// reach it, and what the views of rarer events show. Mirrors confab/cpp/event.hpp, events.hpp,
// events_bus.hpp, events_channel.hpp and setters.hpp.
#include "support/catch.hpp"

#include "core/operation.hpp"
#include "unit/hpp/chat.hpp"

#include <string>

using hpp_test::chat;
using hpp_test::contains;

namespace {

// The bits of the members that the library lets filters set.
std::uint32_t settable_in(std::uint16_t row) {
  std::uint32_t bits = 0;
  for (const confab::core::event_field &field : confab::core::info_of_row(row).fields) {
    bits |= field.field != 0 ? 1u << field.field : 0u;
  }
  for (const confab::core::event_number &number : confab::core::info_of_row(row).numbers) {
    bits |= 1u << number.field;
  }
  return bits;
}

template <class... Events>
std::uint64_t check_types() {
  const auto check = [](std::uint16_t type, std::uint32_t fields, std::size_t size) {
    CAPTURE(type);
    REQUIRE(fields == settable_in(type));
    REQUIRE(size == confab::core::info_of_row(type).size);
  };
  (check(Events::type, Events::fields, sizeof(typename Events::data)), ...);
  return (std::uint64_t{0} | ... | (std::uint64_t{1} << Events::type));
}

} // namespace

TEST_CASE("hpp: there is a view of every type, and it can set what the library can") {
  const std::uint64_t types =
      check_types<confab::connect, confab::registration, confab::authenticate, confab::disconnect,
                  confab::nick, confab::user_change, confab::message, confab::join, confab::part,
                  confab::kick, confab::invite, confab::topic, confab::member_change,
                  confab::channel_open, confab::channel_close, confab::channel_change,
                  confab::access, confab::kill, confab::oper, confab::query, confab::line_in,
                  confab::line_out, confab::rate_limit, confab::admin, confab::hook_failed,
                  confab::hook_state, confab::hook_shadow, confab::used_command, confab::property,
                  confab::plugin_state, confab::knock, confab::redirect>();
  REQUIRE(types == (std::uint64_t{1} << CONFAB_EVENT_TYPE_END) - 2); // each but NONE
  REQUIRE(confab::custom::fields == settable_in(confab::core::custom_row));
  REQUIRE(sizeof(confab::custom::data) == confab::core::info_of_row(confab::core::custom_row).size);
}

TEST_CASE("hpp: a message goes elsewhere, and as another kind") {
  chat c;
  const confab::conn_id ann = c.client("ann", "#tea,#milk");
  const confab::conn_id bob = c.client("bob", "#milk");
  c.engine.on<confab::message>(confab::transform, [](confab::transform_call<confab::message> &call,
                                                     const confab::message &) {
    call.set_name("#milk");
    call.set_kind(CONFAB_MESSAGE_NOTICE);
    REQUIRE(call.event().name() == "#milk");
    REQUIRE(call.event().kind() == CONFAB_MESSAGE_NOTICE);
  });
  c.says(ann, "PRIVMSG #tea :hello\r\n");
  REQUIRE(contains(c.hears(bob), "NOTICE #milk :hello\r\n"));
}

TEST_CASE("hpp: a rank that is given becomes another one that is taken") {
  chat c;
  const confab::conn_id ann = c.client("ann", "#tea");
  (void)c.client("bob", "#tea");
  (void)c.client("cat", "#tea");
  c.says(ann, "MODE #tea +vv bob cat\r\n");
  c.engine.on<confab::member_change>(
      confab::transform,
      [](confab::transform_call<confab::member_change> &call, const confab::member_change &) {
        call.set_nick("cat");
        call.set_rank(CONFAB_RANK_VOICE);
        call.set_set(false);
      });
  c.says(ann, "MODE #tea +o bob\r\n");
  const auto ranks = [&](std::string_view nick) {
    return c.engine.get(c.engine.find_member(c.channel("#tea"), c.user(nick)).value())->ranks;
  };
  REQUIRE(ranks("bob") == CONFAB_RANK_VOICE);
  REQUIRE(ranks("cat") == 0);
}

TEST_CASE("hpp: a channel's mode becomes another one with a value") {
  chat c;
  const confab::conn_id ann = c.client("ann", "#tea");
  c.engine.on<confab::channel_change>(
      confab::transform,
      [](confab::transform_call<confab::channel_change> &call, const confab::channel_change &) {
        call.set_mode(CONFAB_CMODE_LIMIT);
        call.set_set(true);
        call.set_value("12");
      });
  c.says(ann, "MODE #tea +m\r\n");
  REQUIRE(c.engine.get(c.channel("#tea"))->limit == 12);
}

TEST_CASE("hpp: the events about additions show their members") {
  confab_event_command command{};
  command.head.type = CONFAB_EVENT_COMMAND;
  command.command = 7;
  command.params = 2;
  command.verb = CONFAB_STR("ROLL");
  command.text = CONFAB_STR("2\n6");
  const auto used = confab::any_event(command.head).as<confab::used_command>().value();
  REQUIRE(used.command() == confab::addition_id(7));
  REQUIRE(used.params() == 2);
  REQUIRE(used.verb() == "ROLL");
  REQUIRE(used.text() == "2\n6");

  chat c;
  (void)c.client("ann", "#tea");
  confab_event_property of_channel{};
  of_channel.head.type = CONFAB_EVENT_PROPERTY;
  of_channel.subject = c.channel("#tea").raw();
  of_channel.property = 8;
  of_channel.set = 1;
  of_channel.name = CONFAB_STR("colour");
  of_channel.text = CONFAB_STR("green");
  const auto property = confab::any_event(of_channel.head).as<confab::property>().value();
  REQUIRE(property.channel() == c.channel("#tea"));
  REQUIRE_FALSE(property.user().has_value());
  REQUIRE(property.added() == confab::addition_id(8));
  REQUIRE(property.set());
  REQUIRE(property.name() == "colour");
  REQUIRE(property.text() == "green");

  confab_event_plugin refused{};
  refused.head.type = CONFAB_EVENT_PLUGIN;
  refused.state = CONFAB_PLUGIN_REFUSED;
  refused.status = CONFAB_ERR_UNSUPPORTED;
  refused.name = CONFAB_STR("mangler");
  refused.text = CONFAB_STR("another ABI");
  const auto plugin = confab::any_event(refused.head).as<confab::plugin_state>().value();
  REQUIRE_FALSE(plugin.plugin());
  REQUIRE(plugin.state() == CONFAB_PLUGIN_REFUSED);
  REQUIRE(plugin.status() == CONFAB_ERR_UNSUPPORTED);
  REQUIRE(plugin.name() == "mangler");
  REQUIRE(plugin.text() == "another ABI");
}

TEST_CASE("hpp: an event of a leased space is no core event, whatever its number") {
  confab_event_custom event{};
  event.head.space = 3;
  event.head.type = CONFAB_EVENT_MESSAGE;
  event.subject = 4;
  event.object = 5;
  event.number = 6;
  event.name = CONFAB_STR("a name");
  event.text = CONFAB_STR("a text");
  const confab::any_event any(event.head);
  REQUIRE_FALSE(any.as<confab::message>().has_value());
  const auto custom = any.as<confab::custom>().value();
  REQUIRE(custom.which() == confab::custom_type{3, CONFAB_EVENT_MESSAGE});
  REQUIRE(custom.subject() == 4);
  REQUIRE(custom.object() == 5);
  REQUIRE(custom.number() == 6);
  REQUIRE(custom.name() == "a name");
  REQUIRE(custom.text() == "a text");

  event.head.space = 0;
  REQUIRE_FALSE(any.as<confab::custom>().has_value());
  REQUIRE(any.as<confab::message>().has_value());
}
