// SPDX-License-Identifier: MIT
//
// What a session sees when it enters a channel and leaves it: the JOIN, the topic, who is there,
// and the channel's own words ONJOIN and ONPART (IRCX draft §8.2.12, §8.2.13; spec ircx §5.2,
// §5.9.3, §6.4).

#include "session/irc/dialect.hpp"

#include "core/properties.hpp"
#include "session/format.hpp"
#include "session/irc/manner.hpp"
#include "text/quoting.hpp"

namespace confab::session {

// The draft acknowledges a CREATE by a line of its own before the JOIN. Microsoft's clients begin
// anew at each of the two, so they get one: their control was seen to take the JOIN (mic-observed
// §7), and Comic Chat learns its own address from no other line.
void irc_dialect::entered(core::conn &c, const core::operation &op, const core::member &m) {
  const core::channel &where = w.channel_of(m);
  const auto variant = static_cast<std::uint16_t>(c.variant | m.manner);
  name_buffer name, asked;
  const std::string_view shown = show_channel(variant, where.name(), name);
  const bool ircx = view_of(c) == view::ircx;
  if (&c == op.origin && !op.redirected_from.empty() && !ircx)
    reply(c, irc::ERR_LINKCHANNEL,
          {show_channel(as_typed(c, op), op.redirected_from, asked), shown});
  if (&c == op.origin && op.made && manner_of(op) == manner::create && ircx &&
      !is_strict(c.variant)) {
    irc::line_writer line(reply_.data(), reply_.size(), w.limits().line_bytes_max);
    send(c, line.verb("CREATE").param(shown).param("0").finish());
  }
  w.to_conn(op, c, m.manner);
  if (ircx_session *s = ircx_of(c))
    s->last_channel = core::world::id(where);
  send_channel(c, where, m);
}

// As if it had just joined: that is what a client understands.
void irc_dialect::resumed(core::conn &c, const core::member &m) {
  const core::channel &where = w.channel_of(m);
  core::operation op = make(c, CONFAB_EVENT_JOIN);
  op.event.head.time = w.now;
  op.event.join.name = core::str(where.name());
  w.to_conn(op, c, m.manner);
  send_channel(c, where, m);
}

// A member that parts of itself; the channel is still there.
void irc_dialect::left(core::conn &c, const core::member &m) {
  const core::channel &where = w.channel_of(m);
  greet(c, where, static_cast<std::uint16_t>(c.variant | m.manner),
        core::property_text(w, where, core::property::on_part), false);
}

void irc_dialect::pretend(core::conn &c, const core::operation &op) { w.to_conn(op, c); }

// The members come as the answer to a question, so that its filters see it; what the channel says
// to those who enter follows at its end.
void irc_dialect::send_channel(core::conn &c, const core::channel &where, const core::member &m) {
  if (!where.topic.empty())
    row_topic(c, where, static_cast<std::uint16_t>(c.variant | m.manner));
  core::operation op = make(c, CONFAB_EVENT_QUERY);
  set_manner(op, manner::entrance, m.manner & manner_spelled);
  op.event.query.kind = CONFAB_QUERY_NAMES;
  op.event.query.channel = core::world::id(where);
  op.event.query.name = core::str(where.name());
  submit(std::move(op));
}

// One line each. The channel speaks for itself, which confuses clients of today: they get a notice
// of the server's.
void irc_dialect::greet(core::conn &c, const core::channel &where, std::uint16_t variant,
                        std::string_view text, bool joining) noexcept {
  name_buffer buffer;
  const std::string_view name = show_channel(variant, where.name(), buffer);
  const bool notice = view_of(c) == view::v3;
  text::greeting_lines lines(text);
  char said[600];
  for (std::string_view piece; lines.next(piece);) {
    irc::line_writer line(reply_.data(), reply_.size(), w.limits().line_bytes_max);
    line.source(notice ? w.server_name() : name)
        .verb(joining && !notice ? "PRIVMSG" : "NOTICE")
        .param(joining && !notice ? name : nick_of(c))
        .text(notice ? format_into(said, "[{}] {}", name, piece) : piece);
    send(c, line.finish());
  }
}

} // namespace confab::session
