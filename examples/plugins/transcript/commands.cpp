// SPDX-License-Identifier: MIT
//
// EXTMSG, for operators: what is recorded and where, changed while the server runs. A change is on
// disk before it is answered; if it cannot be saved, it does not happen and the answer says why.
#include "transcript/recorder.hpp"

#include "support/safe_name.hpp"

#include <algorithm>

namespace confab::plugins::transcripts {

namespace {

constexpr std::string_view usage =
    "START CHANNEL=#name | START ALL | STOP CHANNEL=#name | STOP ALL | STATUS [CHANNEL=#name] | "
    "SET DIRECTORY=/path";
constexpr std::size_t name_bytes_max = 200; // of a channel: as much as engines allow
constexpr std::size_t list_lines_max = 10;

char upper(char c) noexcept { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; }

bool same(std::string_view a, std::string_view b) noexcept {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return upper(x) == upper(y); });
}

std::string_view trimmed(std::string_view text) noexcept {
  while (text.starts_with(' '))
    text.remove_prefix(1);
  while (text.ends_with(' '))
    text.remove_suffix(1);
  return text;
}

// Takes the first word off.
std::string_view word(std::string_view &text) noexcept {
  const std::string_view first = text.substr(0, text.find(' '));
  text = trimmed(text.substr(first.size()));
  return first;
}

// What stands behind `KEY=`; nothing when something else stands there.
std::optional<std::string_view> value(std::string_view text, std::string_view key) noexcept {
  if (!same(text.substr(0, key.size()), key))
    return std::nullopt;
  return text.substr(key.size());
}

bool name_possible(std::string_view name) noexcept {
  return !name.empty() && name.size() <= name_bytes_max &&
         std::none_of(name.begin(), name.end(),
                      [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == ','; });
}

void answer(const confab_plugin_message &to, const std::string &line) {
  (void)to.answer(to.answer_ctx, str(line)); // who cannot be told is gone
}

} // namespace

// What goes wrong on the way is an answer, too.
void recorder::message(const confab_plugin_message &said) {
  try {
    obey(said);
  } catch (const std::bad_alloc &) {
    throw;
  } catch (const std::exception &why) {
    answer(said, std::string("Nothing changed: ") + why.what());
  }
}

void recorder::obey(const confab_plugin_message &said) {
  std::string_view rest = trimmed(view(said.text));
  const std::string_view verb = word(rest);
  const std::optional<std::string_view> path = value(rest, "DIRECTORY=");
  if (same(verb, "START") || same(verb, "STOP"))
    answer(said, switched(same(verb, "START"), rest));
  else if (same(verb, "STATUS"))
    status(said, rest);
  else if (same(verb, "SET") && path)
    answer(said, directory_set(trimmed(*path)));
  else
    answer(said, std::string(usage));
}

std::string recorder::switched(bool on, std::string_view what) {
  if (same(what, "ALL"))
    return all_switched(on);
  const std::optional<std::string_view> name = value(what, "CHANNEL=");
  if (!name)
    return std::string(usage);
  if (!name_possible(*name))
    return "That is no name of a channel";
  return one_switched(on, *name);
}

// Takes over what is recorded from now on; the channels that it makes a difference to are told.
void recorder::change(recorded next) {
  const std::vector<room> before = channels();
  if (!next.none())
    listen();
  try {
    adopt(std::move(next));
  } catch (...) {
    if (state_.none())
      unlisten();
    throw;
  }
  if (state_.none())
    unlisten();
  const auto among = [](const std::vector<room> &all, const room &one) {
    return std::binary_search(all.begin(), all.end(), one, room::less);
  };
  const std::vector<room> after = channels();
  for (const room &where : after)
    if (!among(before, where))
      begin(where);
  for (const room &where : before)
    if (!among(after, where))
      end(where);
  pump();
}

std::string recorder::one_switched(bool on, std::string_view name) {
  const std::string key = key_of(name), shown(name);
  if (state_.has(key) == on)
    return shown + (on ? " is recorded already" : " is not recorded");
  recorded next = state_;
  if (on == next.all)
    next.names.erase(key);
  else if (next.names.size() >= recorded::names_max)
    return "Too many channels are named: use ALL";
  else
    next.names.insert(key);
  change(std::move(next));
  confab_id open = 0;
  if (!on)
    return shown + " is no longer recorded";
  return in_.api->channel_find(in_.engine, str(name), &open) == CONFAB_OK
             ? shown + " is recorded from now on"
             : shown + " will be recorded when it is open";
}

std::string recorder::all_switched(bool on) {
  recorded next = state_;
  next.all = on;
  next.names.clear();
  change(std::move(next));
  return on ? "All channels are recorded from now on" : "Nothing is recorded any more";
}

std::string recorder::directory_set(std::string_view path) {
  if (!may_set_directory_)
    return "The directory is set by the server's configuration only";
  const directory next = acquire(std::string(path));
  recorded state = state_;
  state.directory = next == home_ ? "" : next->path();
  const writing how = plan(next);
  adopt(std::move(state));
  where_ = next;
  writer_->change(how, file_settings::queue_of(in_));
  return "Transcripts go to " + next->path() + " from now on";
}

void recorder::status(const confab_plugin_message &to, std::string_view what) {
  if (const auto name = value(what, "CHANNEL="); name && name_possible(*name)) {
    const std::string key = key_of(*name), shown(*name);
    return answer(to, state_.has(key)
                          ? shown + " is recorded in " + where_->path() + "/" + folder_name(key)
                          : shown + " is not recorded");
  }
  if (!what.empty())
    return answer(to, std::string(usage));
  report();
  const writer_stats is = writer_->stats();
  answer(to, "Transcripts go to " + where_->path());
  answer(to, std::to_string(is.written_total) + " lines written, " +
                 std::to_string(is.queued_lines) + " waiting, " + std::to_string(is.lost_total) +
                 " lost; " + std::to_string(untold_total_) + " notices not delivered");
  if (!last_error_.empty())
    answer(to, "The last error: " + last_error_);
  if (state_.none())
    return answer(to, "Nothing is recorded");
  answer(to, state_.all ? state_.names.empty() ? "All channels are recorded"
                                               : "All channels are recorded, except:"
                        : "Recorded:");
  std::string line;
  std::size_t lines = 0, shown = 0;
  for (const std::string &name : state_.names) {
    if (line.size() + name.size() > 300) {
      answer(to, line);
      line.clear();
      if (++lines == list_lines_max)
        return answer(to, "... and " + std::to_string(state_.names.size() - shown) + " more");
    }
    line += (line.empty() ? "" : " ") + name;
    ++shown;
  }
  if (!line.empty())
    answer(to, line);
}

} // namespace confab::plugins::transcripts
