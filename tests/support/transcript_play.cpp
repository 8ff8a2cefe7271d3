// SPDX-License-Identifier: MIT
//
// Playing transcripts, first half: bytes to the engine, output to the clients' lines, and the
// judging. Whatever a transcript says, every line that leaves the engine is well-formed, and after
// the end the engine holds nothing: no connection, no user, no channel, no byte.

#include "support/transcript_frames.hpp"
#include "support/transcript_player.hpp"

#include <algorithm>
#include <cstdlib>
#include <stdexcept>

namespace confab::test {

confab_str str_of(std::string_view text) { return {text.data(), text.size()}; }
std::string_view view_of(confab_str text) { return {text.len > 0 ? text.ptr : "", text.len}; }

player::player(const transcript &script, const feeding &how)
    : script_(script), how_(how), options_(confab_engine_options_init()) {}

void *player::on_memory(void *ctx, void *ptr, std::size_t old_size, std::size_t new_size) {
  auto &held = static_cast<player *>(ctx)->bytes_held_;
  held = held - (ptr ? old_size : 0) + new_size;
  if (new_size > 0)
    return std::realloc(ptr, new_size);
  std::free(ptr);
  return nullptr;
}

void player::create() {
  options_.now = now_;
  options_.unix_ns = 1'700'000'000'000'000'000;
  options_.allocator = {this, on_memory};
  options_.commands_burst_max = 0; // a transcript about throttling says so
  for (const auto &[name, value] : script_.options)
    if (!set_option(options_, name, value))
      throw std::runtime_error(script_.file + ": no option " + name);
  confab_host host = confab_host_init();
  host.ctx = this;
  host.close = on_close;
  host.request = on_request;
  if (confab_engine_create(&options_, &host, &engine_) != CONFAB_OK)
    throw std::runtime_error(script_.file + ": the options are refused");
  confab_hook all = confab_hook_init();
  all.stage = CONFAB_STAGE_OBSERVE;
  all.ctx = this;
  all.call = on_observe;
  confab_id id = 0;
  if (confab_hook_add(engine_, &all, &id) != CONFAB_OK)
    throw std::runtime_error(script_.file + ": no observer");
}

void player::problem(std::size_t line, const std::string &what) {
  if (how_.judge)
    out_.problems.push_back(script_.file + ":" + std::to_string(line) + ": " + what);
}

played player::run() {
  create();
  for (std::size_t at = 0; at < script_.steps.size();)
    step_once(at);
  finish();
  return std::move(out_);
}

void player::step_once(std::size_t &at) {
  const step &s = script_.steps[at];
  switch (s.kind) {
  case step_kind::feed:
    return feed_step(at);
  case step_kind::host:
    host_step(s);
    settle();
    break;
  case step_kind::event:
    expect_event(s);
    break;
  default:
    for (auto &[name, c] : clients_)
      if (s.who == "*" && s.kind != step_kind::expect)
        expect({s.kind, s.line, name, s.text});
    if (s.who != "*")
      expect(s);
  }
  ++at;
}

// --- input

player::client &player::open(const std::string &name, const order &how) {
  client &c = clients_[name];
  c = {};
  confab_conn_options options = confab_conn_options_init();
  options.address = CONFAB_STR("127.0.0.1");
  for (std::size_t i = 2; i < how.words.size(); ++i) {
    const std::string_view word = how.words[i];
    if (word == "secure")
      options.flags |= CONFAB_CONN_SECURE;
    else if (word.starts_with("address="))
      options.address = str_of(word.substr(8));
    else if (word.starts_with("hostname="))
      options.hostname = str_of(word.substr(9));
    else if (word.starts_with("protocols="))
      options.protocol = static_cast<std::uint32_t>(std::stoul(std::string(word.substr(10))));
    else if (word.starts_with("page="))
      options.code_page = static_cast<std::uint32_t>(std::stoul(std::string(word.substr(5))));
    else if (word.starts_with("port="))
      options.port = static_cast<std::uint32_t>(std::stoul(std::string(word.substr(5))));
    else
      throw std::runtime_error(script_.file +
                               ": open NAME [secure] [address=A] [hostname=H] [protocols=N] "
                               "[page=N] [port=N]");
  }
  c.open = confab_conn_open(engine_, &options, now_, &c.id) == CONFAB_OK;
  return c;
}

void player::feed_step(std::size_t &at) {
  const step &s = script_.steps[at];
  std::string bytes = s.text;
  for (++at; how_.merge && at < script_.steps.size(); ++at) {
    const step &next = script_.steps[at];
    if (next.kind != step_kind::feed || next.who != s.who)
      break;
    bytes += next.text;
  }
  const auto found = clients_.find(s.who);
  client &c = found != clients_.end() ? found->second : open(s.who, {});
  if (!c.open)
    return problem(s.line, s.who + " is closed");
  out_.feed_bytes.push_back(bytes.size());
  std::vector<std::string_view> pieces{bytes};
  if (how_.cut)
    pieces = how_.cut(feeds_, bytes);
  ++feeds_;
  for (const std::string_view piece : pieces) {
    c.unfed += piece;
    push(c);
    settle();
  }
}

void player::push(client &c) {
  while (c.open && !c.unfed.empty()) {
    std::size_t taken = 0;
    const confab_status status =
        confab_conn_feed(engine_, c.id, now_, c.unfed.data(), c.unfed.size(), &taken);
    c.unfed.erase(0, taken);
    if (status == CONFAB_OK)
      continue;
    if (status != CONFAB_AGAIN)
      problem(0, std::string("feed: ") + confab_status_name(status));
    return;
  }
}

// --- output

// Hands out all there is, as a host does, until nothing moves any more.
void player::settle() {
  for (bool moved = true; moved;) {
    moved = false;
    if (confab_engine_flush(engine_) < 0)
      problem(0, "flush failed");
    for (auto &[name, c] : clients_) {
      moved |= c.open && !c.deaf && drain(c);
      if (c.open && !c.unfed.empty() && confab_conn_input_wanted(engine_, c.id) == CONFAB_OK) {
        const std::size_t before = c.unfed.size();
        push(c);
        moved |= c.unfed.size() < before;
      }
    }
  }
}

bool player::drain(client &c) {
  bool any = false;
  for (;;) {
    confab_slice slices[16];
    std::size_t count = 0, bytes = 0;
    if (confab_conn_output(engine_, c.id, slices, 16, &count) != CONFAB_OK || count == 0)
      return any;
    std::string taken;
    for (std::size_t i = 0; i < count; ++i) {
      taken.append(static_cast<const char *>(slices[i].ptr), slices[i].len);
      bytes += slices[i].len;
    }
    if (bytes == 0)
      return any;
    for (auto &[name, other] : clients_)
      if (&other == &c)
        take_output(name, c, taken);
    if (confab_conn_sent(engine_, c.id, bytes) < 0)
      problem(0, "sent failed");
    any = true;
  }
}

void player::take_output(const std::string &name, client &c, std::string_view bytes) {
  out_.output[name] += bytes;
  c.partial += bytes;
  for (std::size_t end; !c.frames && (end = c.partial.find("\r\n")) != std::string::npos;) {
    std::string line = c.partial.substr(0, end);
    c.partial.erase(0, end + 2);
    const std::size_t tags = line.starts_with('@') ? line.find(' ') + 1 : 0;
    if (line.size() - tags + 2 > options_.line_bytes_max)
      problem(0, name + " got too long a line: " + line);
    if (line.empty() || line.find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos)
      problem(0, name + " got a malformed line: " + line);
    c.frames = line.starts_with("YESMIC");
    c.lines.push_back(std::move(line));
  }
  if (c.frames)
    take_frames(name, c);
}

// A frame is kept as its bytes, and looked at in words.
void player::take_frames(const std::string &name, client &c) {
  while (c.partial.size() >= 4) {
    const std::size_t size =
        static_cast<unsigned char>(c.partial[2]) + 256U * static_cast<unsigned char>(c.partial[3]);
    if (size < 4 || size > 2048) {
      problem(0, name + " got a frame of no length");
      return c.partial.clear();
    }
    if (c.partial.size() < size)
      return;
    const std::string words = words_of(c.partial.substr(0, size));
    if (words.starts_with("MALFORMED") || words.starts_with("UNKNOWN"))
      problem(0, name + " got a malformed frame: " + words);
    c.lines.push_back(c.partial.substr(0, size));
    c.partial.erase(0, size);
  }
}

confab_status player::on_close(void *ctx, confab_id conn, void *, confab_str why) {
  for (auto &[name, c] : static_cast<player *>(ctx)->clients_)
    if (c.open && c.id == conn) {
      c.open = false;
      c.why = view_of(why);
    }
  return CONFAB_OK;
}

// --- judging

void player::expect(const step &s) {
  const auto found = clients_.find(s.who);
  if (found == clients_.end())
    return problem(s.line, "there is no " + s.who);
  client &c = found->second;
  switch (s.kind) {
  case step_kind::anything:
    return c.lines.clear();
  case step_kind::nothing:
    if (!c.lines.empty())
      problem(s.line, s.who + " got: " + (c.frames ? words_of(c.lines.front()) : c.lines.front()));
    return;
  case step_kind::closed:
    if (c.open || !line_matches(s.text, c.why))
      problem(s.line, s.who + (c.open ? " is open" : " was closed: " + c.why));
    return;
  default:
    break;
  }
  std::string got = c.lines.empty() ? "nothing" : c.lines.front();
  std::string wanted = s.text;
  if (c.frames && !c.lines.empty() && !got.starts_with("YESMIC")) {
    const bool hex = wanted.starts_with('<');
    wanted = hex ? compact_hex(wanted) : wanted;
    got = hex ? hex_words(got) : words_of(got);
  }
  if (c.lines.empty() || !line_matches(wanted, got))
    problem(s.line, "expected " + s.text + "\n    but " + s.who + " got " + got);
  if (!c.lines.empty())
    c.lines.pop_front();
}

// Looks ahead: events that nobody asks for are passed over.
void player::expect_event(const step &s) {
  std::string since;
  for (std::size_t i = events_seen_; i < out_.events.size(); ++i) {
    if (line_matches(s.text, out_.events[i])) {
      events_seen_ = i + 1;
      return;
    }
    since = out_.events[i] + (since.empty() ? "" : "\n    ") + since;
  }
  since.resize(std::min<std::size_t>(since.size(), 1000));
  problem(s.line, "no event " + s.text + "; the latest are:\n    " + since);
}

void player::finish() {
  const std::size_t line = script_.steps.back().line;
  for (auto &[name, c] : clients_) {
    for (const std::string &left : c.lines)
      problem(line, "not expected by " + name + ": " + (c.frames ? words_of(left) : left));
    if (!c.partial.empty())
      problem(line, name + " got half a line: " + c.partial);
  }
  (void)drop_filters();
  for (auto &[name, c] : clients_)
    if (c.open && confab_conn_closed(engine_, c.id, now_, {}) != CONFAB_OK)
      problem(line, name + " cannot be closed");
  if (confab_engine_flush(engine_) != CONFAB_OK)
    problem(line, "the last flush failed");
  check_empty(line);
  if (confab_engine_destroy(engine_) != CONFAB_OK)
    problem(line, "destroy failed");
  if (bytes_held_ != 0)
    problem(line, std::to_string(bytes_held_) + " bytes are left behind");
}

void player::check_empty(std::size_t line) {
  confab_engine_stats stats{};
  stats.struct_size = sizeof stats;
  if (confab_engine_stats_get(engine_, &stats) != CONFAB_OK)
    return problem(line, "no stats");
  const bool empty = stats.conns == 0 && stats.conns_unregistered == 0 && stats.parked == 0 &&
                     stats.backlog_bytes == 0 && stats.users <= host_users_ &&
                     (stats.users > 0 || (stats.channels == 0 && stats.members == 0 &&
                                          stats.operators == 0 && stats.users_invisible == 0));
  if (!empty)
    problem(line, "the engine is not empty after the last client left");
}

played play(const transcript &script, const feeding &how) { return player(script, how).run(); }

} // namespace confab::test
