// SPDX-License-Identifier: MIT
//
// Playing transcripts, the host's additions: commands that answer what they were given, modes,
// capabilities, tokens, numerics, and a plugin that says what it heard. Orders are in the manual;
// everything else of the host is in transcript_host.cpp.

#include "support/transcript_player.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace confab::test {

namespace {

constexpr std::array<std::string_view, 9> permissions{
    "user", "any", "self", "member", "voiced", "channel-operator", "owner", "operator", "host"};
constexpr std::array<std::string_view, 3> values{"flag", "set", "always"};
constexpr std::array<std::string_view, 3> ranks{"voice", "operator", "owner"};

template <class Table>
std::uint32_t index_of(const Table &table, std::string_view word) {
  const auto at = std::find(table.begin(), table.end(), word);
  if (at == table.end())
    throw std::runtime_error("an unknown word: " + std::string(word));
  return static_cast<std::uint32_t>(at - table.begin());
}

confab_status create(const confab_api *api, confab_engine *engine, confab_id plugin, void **self) {
  (void)engine;
  (void)plugin;
  *self = const_cast<confab_api *>(api);
  return CONFAB_OK;
}

confab_status hear(void *, const confab_plugin_message *message) {
  const std::string said{view_of(message->text)};
  if (said == "fail")
    return CONFAB_ERR_STATE;
  return message->answer(message->answer_ctx, str_of("heard: " + said));
}

confab_plugin_entry entry_of(std::uint32_t permission) {
  confab_plugin_entry entry{};
  entry.struct_size = sizeof entry;
  entry.magic = CONFAB_PLUGIN_MAGIC;
  entry.abi_major = CONFAB_ABI_MAJOR;
  entry.abi_minor_least = CONFAB_ABI_MINOR;
  entry.id = "org.example.echo";
  entry.version = "1";
  entry.message_permission = permission;
  entry.create = create;
  entry.message = hear;
  return entry;
}

} // namespace

// "VERB: first|second", or the numeric that was asked for.
confab_status player::on_command(void *ctx, confab_engine *engine,
                                 const confab_event_command *event) {
  const addition &a = *static_cast<addition *>(ctx);
  if (a.fails)
    return CONFAB_ERR_STATE;
  std::string words = std::string(view_of(event->verb)) + ":";
  std::vector<confab_str> params;
  for (std::uint32_t i = 0; i < event->params; ++i) {
    params.push_back(confab_command_param(event, i));
    words += (i == 0 ? " " : "|") + std::string(view_of(params.back()));
  }
  return a.numeric != 0 ? confab_reply_numeric(engine, event->head.origin, a.numeric, params.data(),
                                               params.size(), {})
                        : confab_reply_notice(engine, event->head.origin, str_of(words));
}

confab_status player::add_command(const order &o, addition &a) {
  confab_command_spec spec = confab_command_spec_init();
  spec.verb = str_of(o.word(1));
  spec.params_min = static_cast<std::uint32_t>(std::stoul(o.word(2)));
  spec.params_max = static_cast<std::uint32_t>(std::stoul(o.word(3)));
  spec.permission = index_of(permissions, o.word(4));
  for (std::size_t i = 5; i < o.words.size(); ++i) {
    const std::string &word = o.words[i];
    if (word == "fails")
      a.fails = true;
    else if (word.starts_with("cost="))
      spec.cost = static_cast<std::uint32_t>(std::stoul(word.substr(5)));
    else
      a.numeric = find_added(word).id;
  }
  std::string help = o.text; // lines with a bar between
  std::replace(help.begin(), help.end(), '|', '\n');
  spec.help = str_of(help);
  spec.ctx = &a;
  spec.run = on_command;
  return confab_command_add(engine_, &spec, &a.id);
}

confab_status player::add_mode(const order &o, addition &a) {
  confab_mode_spec spec = confab_mode_spec_init();
  const bool of_channel = o.word(1) == "channel";
  spec.subject = of_channel ? CONFAB_KIND_CHANNEL : CONFAB_KIND_USER;
  spec.name = str_of(o.word(2));
  spec.letter = static_cast<unsigned char>(o.word(3)[0]);
  spec.value = index_of(values, o.word(4));
  if (o.words.size() > 5 && of_channel)
    spec.rank = 1U << index_of(ranks, o.words[5]);
  else if (o.words.size() > 5)
    spec.permission = index_of(permissions, o.words[5]);
  return confab_mode_add(engine_, &spec, &a.id, nullptr);
}

confab_status player::add_plugin(const order &o, addition &a) {
  a.entry = entry_of(index_of(permissions, o.word(2)));
  confab_plugin_options options = confab_plugin_options_init();
  options.entry = &a.entry;
  options.name = str_of(o.word(1));
  return confab_plugin_add(engine_, &options, &a.id);
}

confab_status player::add_one(const order &o, addition &a) {
  const std::string &what = o.word(0);
  if (what == "command")
    return add_command(o, a);
  if (what == "mode")
    return add_mode(o, a);
  if (what == "plugin")
    return add_plugin(o, a);
  if (what == "numeric") {
    confab_numeric_spec spec = confab_numeric_spec_init();
    spec.number = static_cast<std::uint32_t>(std::stoul(o.word(1)));
    spec.name = str_of(o.word(2));
    spec.text = str_of(o.text);
    return confab_numeric_add(engine_, &spec, &a.id);
  }
  if (what == "capability") {
    confab_capability_spec spec = confab_capability_spec_init();
    spec.name = str_of(o.word(1));
    spec.value = o.words.size() > 2 ? str_of(o.words[2]) : confab_str{};
    return confab_capability_add(engine_, &spec, &a.id);
  }
  confab_isupport_spec spec = confab_isupport_spec_init();
  spec.token = str_of(o.word(1));
  return confab_isupport_add(engine_, &spec, &a.id);
}

// It is found again under its name, if it was added; the engine keeps its address.
confab_status player::add(const order &o) {
  const std::string &what = o.word(0);
  addition &a = additions_.emplace_back();
  const confab_status status = add_one(o, a);
  if (status == CONFAB_OK)
    added_[what == "mode" || what == "numeric" ? o.word(2) : o.word(1)] = &a;
  return status;
}

const player::addition &player::find_added(const std::string &name) const {
  const auto at = added_.find(name);
  if (at == added_.end())
    throw std::runtime_error("nothing was added as " + name);
  return *at->second;
}

confab_status player::remove(const order &o) {
  const confab_id id = find_added(o.word(1)).id;
  return confab_id_kind(id) == CONFAB_KIND_PLUGIN ? confab_plugin_remove(engine_, id, 0)
                                                  : confab_addition_remove(engine_, id);
}

} // namespace confab::test
