// SPDX-License-Identifier: MIT
//
// Mode changes as lines: what one command changed in one place, as a view shows it (spec ircx §8,
// §19.1). Where an operator becomes an owner, IRCX sees a taking and a giving, and plain IRC
// nothing. As many changes go to a line as fit, but for clients that read only one value of each.

#include "session/irc/dialect.hpp"

#include "core/rights.hpp"
#include "session/irc/modes.hpp"
#include "text/access_mask.hpp"

namespace confab::session {

namespace {

// One letter of a line, and its value if it has one.
struct shown_change {
  bool set;
  char letter;
  bool alone; // the next one begins a line
  std::string_view value;
};

// A rank that was exchanged is two of them.
constexpr std::size_t shown_max = 2 * core::mode_batch::changes_max;

struct change_list {
  const core::world &w;
  view v;
  std::array<shown_change, shown_max> all;
  std::array<name_buffer, core::mode_batch::changes_max>
      names; // for nicks that are shown otherwise
  std::size_t count = 0;

  void add(bool set, char letter, std::string_view value, bool alone = false) noexcept {
    if (letter == 0)
      return;
    if (value.empty() && count > 0) // two modes that are one letter here say it once
      if (const shown_change &last = all[count - 1];
          last.letter == letter && last.set == set && last.value.empty())
        return;
    all[count++] = {set, letter, alone, value};
  }

  char letter(core::mode_kind kind, std::uint32_t mode) const noexcept {
    return letter_of(v, w.added, kind, mode);
  }

  void add_rank(const core::mode_change &change, std::string_view nick) noexcept {
    constexpr auto kind = core::mode_kind::rank;
    if (change.mode == CONFAB_RANK_VOICE)
      return add(change.set, letter(kind, change.mode), nick);
    const std::uint32_t was = change.was & core::ranks_stage, is = change.is & core::ranks_stage;
    const std::uint32_t taken = was & ~is, given = is & ~was;
    if (v == view::irc) { // both ranks are `o` there
      if ((was == 0) != (is == 0))
        add(is != 0, letter(kind, CONFAB_RANK_OPERATOR), nick);
      return;
    }
    if (taken != 0)
      add(false, letter(kind, taken), nick, v == view::ircx && given != 0);
    if (given != 0)
      add(true, letter(kind, given), nick);
  }

  void add(const core::mode_change &change, name_buffer &name) noexcept {
    const std::string_view value = change.value.view();
    if (change.kind == core::mode_kind::rank)
      return add_rank(change, show_nick(v, value, name));
    // A mask for all servers is one without the server to those who know none.
    add(change.set, letter(change.kind, change.mode),
        change.kind == core::mode_kind::list && text::is_plain_mask(value) ? text::plain_mask(value)
                                                                           : value);
  }
};

// A line has fifteen parameters, of which two are the target and the letters.
constexpr std::size_t values_max = 13;

// The end of the changes from `first` on that go into one line with that room for values.
std::size_t line_end(const change_list &list, std::size_t first, std::size_t room, bool strict) {
  std::size_t values = 0, bytes = 0, i = first;
  for (; i < list.count; ++i) {
    const shown_change &change = list.all[i];
    if (!change.value.empty()) {
      if (values > 0 && (strict || values == values_max || bytes + change.value.size() + 1 > room))
        break;
      ++values;
      bytes += change.value.size() + 1;
    }
    if (change.alone)
      return i + 1;
  }
  return i;
}

} // namespace

std::string_view irc_dialect::encode_modes(std::uint16_t variant, const core::mode_batch &batch) {
  const view v = view_of(variant);
  const bool strict = is_strict(variant);
  change_list list{w, v, {}, {}};
  for (std::size_t i = 0; i < batch.count; ++i)
    list.add(batch.changes[i], list.names[i]);
  name_buffer target_buffer, source_buffer;
  const std::string_view target = batch.where
                                      ? show_channel(variant, batch.where->name(), target_buffer)
                                      : show_nick(v, batch.subject->is.nick(), target_buffer);
  // A user's own modes come from its bare nick, and behind a colon: Comic Chat takes them for a
  // channel's otherwise (spec ircx §17.12).
  const bool bare = strict && !batch.where;
  const std::string_view source = bare && batch.actor
                                      ? show_nick(v, batch.actor->is.nick(), source_buffer)
                                      : show_source(v, batch.actor, w.server_name(), source_buffer);
  const std::size_t taken = source.size() + target.size() + 2 * shown_max + 16;
  const std::size_t line_max = w.limits().line_bytes_max;
  std::size_t done = 0;
  for (std::size_t first = 0; first < list.count;) {
    const std::size_t end = line_end(list, first, line_max > taken ? line_max - taken : 0, strict);
    std::array<char, 2 * shown_max> letters;
    std::size_t used = 0;
    char sign = 0;
    for (std::size_t i = first; i < end; ++i) {
      const char wanted = list.all[i].set ? '+' : '-';
      if (wanted != sign)
        letters[used++] = sign = wanted;
      letters[used++] = list.all[i].letter;
    }
    irc::line_writer line = begin_line(variant, w.now, source, done);
    line.verb("MODE").param(target);
    if (bare)
      line.text({letters.data(), used});
    else
      line.param({letters.data(), used});
    for (std::size_t i = first; i < end; ++i)
      if (!list.all[i].value.empty())
        line.param(list.all[i].value);
    done += line.finish().size();
    first = end;
  }
  return in_page(variant, {scratch_.data(), done});
}

} // namespace confab::session
