// SPDX-License-Identifier: MIT
//
// What was added, as plain IRC clients meet it: verbs, EXTMSG, notices and numerics of plugins,
// help; and which names are the dialect's own and cannot be taken. What an added command does is
// its owner's business.

#include "session/irc/added.hpp"

#include "proto/ircv3/caps.hpp"
#include "session/irc/modes.hpp"

#include <algorithm>
#include <string>

namespace confab::session {

namespace {

// In any view: an added letter means the same in all of them.
template <class Table>
bool has_letter(Table &&table, std::uint32_t letter) noexcept {
  return std::any_of(std::begin(views), std::end(views), [&](view v) {
    const auto rows = table(v);
    return std::any_of(rows.begin(), rows.end(), [&](const auto &row) {
      return static_cast<unsigned char>(row.letter) == letter;
    });
  });
}

// Parameters from `first` on, with `between` in the middle.
void append_params(std::pmr::string &out, const irc::message &m, std::size_t first, char between) {
  for (std::size_t i = first; i < m.param_count; ++i) {
    if (i > first)
      out += between;
    out += m.param(i);
  }
}

void submit_command(irc_dialect &d, core::conn &c, confab_id command, std::string_view verb,
                    std::size_t params, std::string_view text) {
  core::operation op = d.make(c, CONFAB_EVENT_COMMAND);
  op.event.command.command = command;
  op.event.command.params = static_cast<std::uint32_t>(params);
  op.event.command.verb = core::str(verb);
  op.event.command.text = core::str(text);
  d.submit(std::move(op));
}

} // namespace

bool irc_dialect::reserved(std::uint32_t kind, std::string_view name,
                           std::uint32_t number) noexcept {
  switch (kind) {
  case CONFAB_ADDITION_COMMAND:
    return find_verb(name) != nullptr;
  case CONFAB_ADDITION_NUMERIC:
    return irc::is_numeric(number) || ircx::find_numeric(number) != nullptr;
  case CONFAB_ADDITION_CAPABILITY:
    return ircv3::find_capability(name) != 0;
  case CONFAB_ADDITION_ISUPPORT:
    return is_core_token(name);
  case CONFAB_ADDITION_CHANNEL_MODE:
    return has_letter(channel_letters, number);
  case CONFAB_ADDITION_USER_MODE:
    return has_letter(user_letters, number);
  default:
    return false;
  }
}

// False when nobody added such a verb.
bool receive_added(irc_dialect &d, core::conn &c, const irc::message &m) {
  core::world &w = d.w;
  const core::addition *a = w.added.commands.find(m.verb);
  if (!a || a->paused)
    return false;
  // A dear command takes more of the throttle than the driver took for the line.
  const std::uint32_t cost = a->as<confab_command_spec>().cost;
  if (cost > 1 && w.limits().commands_burst_max != 0)
    c.tokens -= (cost - 1) * core::command_cost;
  std::pmr::string text(&w.mem);
  append_params(text, m, 0, '\n');
  submit_command(d, c, core::registry::id(*a), a->name(), m.param_count, text);
  return true;
}

// EXTMSG <instance> [:]<text>: of several words, as the predecessor's users write it.
void verb_extmsg(const command &cmd) {
  std::pmr::string text(cmd.param(0), &cmd.w.mem);
  text += '\n';
  append_params(text, cmd.m, 1, ' ');
  submit_command(cmd.d, cmd.c, 0, "EXTMSG", 2, text);
}

void irc_dialect::told(core::conn &c, std::uint32_t number, std::string_view params,
                       std::string_view text) {
  if (number == 0)
    return send_line(c, "NOTICE", {nick_of(c)}, text);
  irc::line_writer line = begin_reply(c, static_cast<irc::numeric>(number), {});
  while (!params.empty()) {
    const std::size_t end = std::min(params.find('\n'), params.size());
    line.param(as_middle(params.substr(0, end)));
    params.remove_prefix(std::min(end + 1, params.size()));
  }
  if (!text.empty())
    line.text(text);
  send(c, line.finish());
}

void append_added_verbs(core::world &w, std::pmr::string &out) {
  constexpr std::size_t width = 80;
  std::size_t line = width; // the first begins a line
  w.added.each(CONFAB_ADDITION_COMMAND, [&](const core::addition &a) {
    if (line + a.name().size() + 1 > width) {
      out += "\nAdded:";
      line = 6;
    }
    out += ' ';
    out += a.name();
    line += a.name().size() + 1;
  });
}

} // namespace confab::session
