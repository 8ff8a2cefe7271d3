// SPDX-License-Identifier: MIT
//
// Changes to the lists. Each builds the new list, automaton included, before it puts it in place of
// the old one; the bounds are checked before that.
#include "profanity/lists.hpp"

#include <unicode/utf8.h>

#include <algorithm>

namespace profanity {
namespace {

bool is_list_name(std::string_view name) {
  return !name.empty() && name.size() <= name_bytes_max &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
         });
}

// One line of UTF-8.
bool is_text(std::string_view text) {
  const auto *bytes = reinterpret_cast<const std::uint8_t *>(text.data());
  const auto size = static_cast<int32_t>(text.size());
  for (int32_t i = 0; i < size;) {
    UChar32 c = 0;
    U8_NEXT(bytes, i, size, c);
    if (c < 0 || c == 0 || c == '\r' || c == '\n')
      return false;
  }
  return true;
}

std::string no_list(std::string_view name) {
  return "there is no list '" + std::string(name) + "'";
}

std::shared_ptr<const matcher> nothing() {
  static const std::shared_ptr<const matcher> empty = matcher::make({});
  return empty;
}

std::string apply(list &to, const list_change &with) {
  for (const auto &text : {with.reply, with.replacement})
    if (text && (text->size() > text_bytes_max || !is_text(*text)))
      return "a reply or replacement is one line of at most 300 bytes of UTF-8";
  to.what = with.what.value_or(to.what);
  to.reply = with.reply.value_or(to.reply);
  to.replacement = with.replacement.value_or(to.replacement);
  if (with.own_exceptions && to.name == default_list && !*with.own_exceptions)
    return "the exceptions of the default list are its own";
  if (with.own_exceptions && !*with.own_exceptions && !to.good->entries().empty())
    return "it has exceptions of its own: remove them first";
  to.own_exceptions = with.own_exceptions.value_or(to.own_exceptions);
  return "";
}

// Compiles them all again, or says which one cannot be.
std::string compile_all(const folding &with, std::vector<matcher::compiled> &entries) {
  for (matcher::compiled &c : entries) {
    std::string why;
    c.expression = compile(with, c.from, why);
    if (!c.expression)
      return "'" + c.from.text + "': " + why;
  }
  return "";
}

} // namespace

std::string lower(std::string_view name) {
  std::string out(name);
  for (char &c : out) {
    if (c >= 'A' && c <= 'Z')
      c = static_cast<char>(c + 32);
  }
  return out;
}

book::book(bool look_alikes) : folds_(&folding::get(look_alikes)) {
  list made;
  made.name = default_list;
  made.own_exceptions = true;
  made.bad = made.good = nothing();
  lists_.emplace(made.name, std::make_shared<const list>(made));
}

const list *book::find(std::string_view name) const {
  const auto found = lists_.find(lower(name));
  return found == lists_.end() ? nullptr : found->second.get();
}

const list *book::in_channel(std::string_view channel) const {
  if (!channels_.empty()) {
    const auto found = channels_.find(fold_channel(channel));
    if (found != channels_.end())
      return find(found->second);
  }
  return at(scope::channels);
}

std::size_t book::entries() const {
  std::size_t sum = 0;
  for (const auto &[name, l] : lists_)
    sum += l->bad->entries().size() + l->good->entries().size();
  return sum;
}

std::string book::add_list(std::string_view name, const list_change &with) {
  list made;
  made.name = lower(name);
  if (!is_list_name(made.name))
    return "a list is named by 1 to 32 letters, digits, - and _";
  if (find(made.name))
    return "there is a list '" + made.name + "' already";
  if (lists_.size() >= lists_max)
    return "there are 64 lists already";
  made.bad = made.good = nothing();
  std::string why = apply(made, with);
  if (why.empty())
    lists_[made.name] = std::make_shared<const list>(made);
  return why;
}

std::string book::change_list(std::string_view name, const list_change &with) {
  const list *old = find(name);
  if (!old)
    return no_list(name);
  list made = *old;
  std::string why = apply(made, with);
  if (why.empty())
    lists_[made.name] = std::make_shared<const list>(made);
  return why;
}

std::string book::remove_list(std::string_view name) {
  const std::string key = lower(name);
  if (!find(key))
    return no_list(name);
  if (key == default_list)
    return "the default list stays";
  for (std::size_t i = 0; i < scope_count; ++i)
    if (scopes_[i] == key)
      return "it holds for " + std::string(scope_names[i]) + ": set another list there first";
  for (const auto &[channel, list_name] : channels_)
    if (list_name == key)
      return "it holds in " + channel + ": set another list there first";
  lists_.erase(key);
  return "";
}

std::string book::edit(std::string_view name, bool good, std::vector<matcher::compiled> entries) {
  auto made = matcher::make(std::move(entries));
  if (!made)
    return "its entries take more memory together than a list may";
  list changed = *find(name);
  (good ? changed.good : changed.bad) = std::move(made);
  lists_[changed.name] = std::make_shared<const list>(changed);
  return "";
}

std::string book::add_entries(std::string_view name, bool good, const std::vector<entry> &added) {
  const list *to = find(name);
  if (!to)
    return no_list(name);
  if (good && !to->own_exceptions)
    return "it shares the exceptions of the default list";
  std::vector<matcher::compiled> all = (good ? to->good : to->bad)->entries();
  if (all.size() + added.size() > entries_per_list_max || entries() + added.size() > entries_max)
    return "a list has at most 4096 entries, and all lists together 16384";
  std::vector<matcher::compiled> fresh;
  for (const entry &e : added) {
    if (e.text.empty() || e.text.size() > entry_bytes_max || !is_text(e.text))
      return "an entry is 1 to 128 bytes of UTF-8";
    const auto same = [&](const matcher::compiled &c) { return c.from == e; };
    if (std::any_of(all.begin(), all.end(), same))
      return "'" + e.text + "' is in the list already";
    fresh.push_back({e, nullptr});
  }
  std::string why = compile_all(*folds_, fresh);
  if (!why.empty())
    return why;
  all.insert(all.end(), fresh.begin(), fresh.end());
  return edit(name, good, std::move(all));
}

std::string book::remove_entry(std::string_view name, bool good, const entry &gone) {
  const list *from = find(name);
  if (!from)
    return no_list(name);
  std::vector<matcher::compiled> all = (good ? from->good : from->bad)->entries();
  if (std::erase_if(all, [&](const matcher::compiled &c) { return c.from == gone; }) == 0)
    return "'" + gone.text + "' is not in the list";
  return edit(name, good, std::move(all));
}

std::string book::set_scope(scope where, std::string_view name) {
  if (!name.empty() && !find(name))
    return no_list(name);
  scopes_[static_cast<std::size_t>(where)] = lower(name);
  return "";
}

std::string book::set_channel(std::string_view channel, std::string_view name) {
  if (channel.empty() || channel.size() > channel_bytes_max || !is_text(channel))
    return "a channel's name is 1 to 200 bytes of UTF-8";
  const std::string key = fold_channel(channel);
  if (name.empty())
    return channels_.erase(key) == 0 ? "no list is set for that channel" : "";
  if (!find(name))
    return no_list(name);
  if (channels_.size() >= channels_max && !channels_.contains(key))
    return "there are 1024 channels with lists of their own already";
  channels_[key] = lower(name);
  return "";
}

std::string book::set_look_alikes(bool on) {
  book changed = *this;
  changed.folds_ = &folding::get(on);
  for (const auto &[name, l] : lists_) {
    for (const bool good : {false, true}) {
      std::vector<matcher::compiled> all = (good ? l->good : l->bad)->entries();
      std::string why = compile_all(*changed.folds_, all);
      if (why.empty())
        why = changed.edit(name, good, std::move(all));
      if (!why.empty())
        return why;
    }
  }
  *this = std::move(changed);
  return "";
}

} // namespace profanity
