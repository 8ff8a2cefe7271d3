// SPDX-License-Identifier: MIT
//
// The codecs under any bytes: what is read can be written and read again as the same, decoders say
// no and nothing worse, and encoders stay inside their room.
#include "fuzz/targets.hpp"

#include "proto/irc/message.hpp"
#include "proto/ircx/access.hpp"
#include "proto/ircx/auth.hpp"
#include "proto/ircx/create.hpp"
#include "proto/ircx/events.hpp"
#include "proto/ircx/listx.hpp"
#include "proto/ircx/names.hpp"
#include "proto/ircx/props.hpp"
#include "proto/ircx/tagged.hpp"
#include "proto/mic/client_message.hpp"
#include "proto/mic/server_message.hpp"
#include "text/access_mask.hpp"
#include "text/comic.hpp"
#include "text/quoting.hpp"
#include "text/utf8.hpp"
#include "wire/length_framer.hpp"

#include <algorithm>
#include <array>
#include <memory_resource>
#include <string>
#include <vector>

namespace confab::fuzz {

namespace {

template <class Each>
void each_line(std::string_view bytes, Each &&each) {
  while (!bytes.empty()) {
    const std::size_t end = std::min(bytes.find('\n'), bytes.size());
    const std::string_view line = bytes.substr(0, std::min<std::size_t>(end, 510));
    each(line.substr(0, line.find_first_of(std::string_view("\r\0", 2)))); // as framed
    bytes.remove_prefix(std::min(end + 1, bytes.size()));
  }
}

// A line that says the same, where it can be said.
void write_again(const irc::message &m) {
  std::array<char, 16384> buffer;
  irc::line_writer line(buffer.data(), buffer.size(), buffer.size());
  if (!m.source.empty())
    line.source(m.source);
  line.verb(m.verb);
  for (std::size_t i = 0; i + 1 < m.param_count; ++i)
    line.param(m.params[i]);
  if (m.param_count > 0)
    line.text(m.params[m.param_count - 1U]);
  std::string_view written = line.finish();
  written.remove_suffix(2);
  irc::message again;
  must(irc::parse(written, again) == irc::parse_result::ok, "what was written can be read");
  must(again.verb == m.verb && again.source == m.source && again.param_count == m.param_count,
       "a line keeps its parts");
  for (std::size_t i = 0; i < m.param_count; ++i)
    must(again.params[i] == m.params[i], "a line keeps its parameters");
}

void names(std::string_view word) {
  std::vector<char> room(std::max<std::size_t>(1, word.size()));
  std::array<char, 2048> written;
  std::size_t length = 0;
  if (ircx::decode_nick(word, 64, room.data(), length) == ircx::name_error::none) {
    std::size_t used = 0, again = 0;
    const std::string nick(room.data(), length);
    std::vector<char> back(2048);
    must(ircx::encode_nick(nick, written.data(), written.size(), used), "a nick can be written");
    must(ircx::decode_nick({written.data(), used}, 200, back.data(), again) ==
                 ircx::name_error::none &&
             std::string_view(back.data(), again) == nick,
         "a nick survives its way");
  }
  if (ircx::check_channel(word, 200) == ircx::name_error::none)
    must(ircx::decode_channel(word, room.data()) <= word.size(), "a channel's name does not grow");
  must(ircx::decode_alias(word, room.data()) <= word.size(), "an alias stands for less");
  must(text::unquote(word, room.data()) <= word.size(), "unquoting makes nothing longer");
  std::array<char, text::mask_bytes_limit> mask;
  if (text::complete_mask(word, mask.data(), length) == text::mask_error::none) {
    std::array<char, text::mask_bytes_limit> twice;
    std::size_t size = 0;
    must(text::complete_mask({mask.data(), length}, twice.data(), size) == text::mask_error::none &&
             std::string_view(mask.data(), length) == std::string_view(twice.data(), size),
         "completing twice is completing once");
  }
  const text::comic_message comic = text::read_comic(word);
  must(comic.text.size() <= word.size(), "a comic text is part of the text");
}

void commands(const irc::message &m) {
  ircx::create_command create;
  (void)ircx::parse_create(m, 200, create);
  ircx::prop_command prop;
  (void)ircx::parse_prop(m, prop);
  ircx::tagged_command tagged;
  if (ircx::parse_tagged(m, tagged) == ircx::tagged_error::none)
    must(ircx::is_tag(tagged.tag) && !tagged.payload.empty(), "a tagged message is whole");
  ircx::event_command event;
  (void)ircx::parse_event(m, event);
  ircx::auth_line auth;
  (void)ircx::parse_auth(m, auth);
  ircx::access_command access;
  (void)ircx::parse_access(m, access);
  std::size_t most = 1;
  for (std::size_t i = 0; i < m.param_count; ++i)
    most += m.params[i].size();
  std::vector<char> scratch(most);
  ircx::listx_query listx;
  (void)ircx::parse_listx(m, scratch.data(), listx);
}

} // namespace

void fuzz_irc(std::string_view bytes) {
  each_line(bytes, [](std::string_view line) {
    irc::message m;
    if (irc::parse(line, m) != irc::parse_result::ok)
      return;
    must(m.param_count <= irc::params_max, "there are fifteen parameters at most");
    irc::tag_reader tags(m.tags);
    for (irc::tag t; tags.next(t);)
      must(!t.key.empty(), "a tag has a key");
    write_again(m);
  });
}

void fuzz_ircx(std::string_view bytes) {
  each_line(bytes, [](std::string_view line) {
    irc::message m;
    if (irc::parse(line, m) != irc::parse_result::ok)
      return;
    commands(m);
    for (std::size_t i = 0; i < m.param_count; ++i)
      names(m.params[i]);
  });
}

void fuzz_mic(std::string_view bytes) {
  wire::length_framer framer;
  std::pmr::memory_resource &memory = *std::pmr::new_delete_resource();
  static mic::client_message message;
  std::string_view fresh = bytes, frame;
  for (;;) {
    const wire::framed got = framer.next(memory, fresh, mic::frame_bytes_max, frame);
    if (got != wire::framed::whole)
      break;
    must(frame.size() >= 4 && frame.size() <= mic::frame_bytes_max, "a frame is within its limits");
    if (mic::decode(frame, message) != mic::malformed::no)
      continue;
    const auto *said = std::get_if<mic::send_msg>(&message);
    if (!said || said->body.data)
      continue;
    std::vector<char> text(said->body.text.utf8_bytes_most());
    const auto utf8 = mic::to_utf8(said->body.text, mic::code_page::utf8, text);
    must(text::utf8_valid({text.data(), utf8.bytes}), "texts come out as UTF-8");
  }
  framer.clear(memory);
}

} // namespace confab::fuzz
