// SPDX-License-Identifier: MIT
//
// RPL_ISUPPORT (005): what the server says it can do, made from the very tables and options that do
// it, so that it is true. At most 13 tokens to a line, as modern.ircdocs.horse has it.

#include "session/format.hpp"
#include "session/irc/added.hpp"
#include "session/irc/modes.hpp"
#include "text/casemap.hpp"

#include <algorithm>
#include <cstring>

namespace confab::session {

namespace {

// Collects tokens and sends them by lines.
class token_lines {
public:
  token_lines(irc_dialect &d, core::conn &c) noexcept : d_(d), c_(c) {}

  template <class... Args>
  void add(fmt::format_string<Args...> format, Args &&...args) {
    char token[200];
    const std::string_view text = format_into(token, format, std::forward<Args>(args)...);
    if (count_ == tokens_max || used_ + text.size() + 1 > sizeof buffer_)
      flush();
    std::memcpy(buffer_ + used_, text.data(), text.size());
    tokens_[count_++] = {buffer_ + used_, text.size()};
    used_ += text.size();
  }

  void flush() {
    char line[400];
    std::size_t used = 0;
    for (std::size_t i = 0; i < count_; ++i) {
      if (i > 0)
        line[used++] = ' ';
      std::memcpy(line + used, tokens_[i].data(), tokens_[i].size());
      used += tokens_[i].size();
    }
    if (count_ > 0)
      d_.send_tokens(c_, {line, used});
    count_ = used_ = 0;
  }

private:
  static constexpr std::size_t tokens_max = 13;
  irc_dialect &d_;
  core::conn &c_;
  char buffer_[340]; // with a source, a nick and the text it stays below 512
  std::string_view tokens_[tokens_max];
  std::size_t count_ = 0, used_ = 0;
};

// "beI,k,l,Cimnpst"
std::string_view chanmodes(view v, const core::registry &added, char (&out)[64]) noexcept {
  std::size_t used = 0;
  for (const mode_type type :
       {mode_type::a_list, mode_type::b_always, mode_type::c_when_set, mode_type::d_flag}) {
    if (type != mode_type::a_list)
      out[used++] = ',';
    each_channel_letter(v, added, [&](const mode_letter &row) {
      if (row.type == type)
        out[used++] = row.letter;
    });
  }
  return {out, used};
}

std::string_view list_letters(view v, char (&out)[8]) noexcept {
  std::size_t used = 0;
  for (const mode_letter &row : channel_letters(v))
    if (row.type == mode_type::a_list)
      out[used++] = row.letter;
  return {out, used};
}

// The ranks, from the highest down, as letters and as prefixes.
struct rank_texts {
  explicit rank_texts(view v) noexcept {
    for (const rank_prefix &row : rank_prefixes(v)) {
      prefixes[count] = row.prefix;
      letters[count++] = row.letter;
    }
  }
  std::string_view prefix() const noexcept { return {prefixes, count}; }
  std::string_view letter() const noexcept { return {letters, count}; }

  char prefixes[8], letters[8];
  std::size_t count = 0;
};

constexpr std::string_view channel_types = "#&%"; // `%`: of %#name and %&name
constexpr std::size_t whisper_targets_max = 20;   // spec ircx §1.7

// What only sessions with IRCX are told.
void add_ircx(token_lines &out, const confab_engine_options &o) {
  out.add("IRCX=0"); // the only version of it
  out.add("ACCESS={}", o.list_entries_max);
  out.add("PROP");
  out.add("WHISPER={}", whisper_targets_max);
}

// What send_isupport says of itself.
constexpr std::string_view core_tokens[] = {
    "ACCESS",   "AWAYLEN",   "CASEMAPPING", "CHANLIMIT", "CHANMODES", "CHANNELLEN", "CHANTYPES",
    "ELIST",    "EXCEPTS",   "INVEX",       "IRCX",      "KEYLEN",    "KICKLEN",    "LINELEN",
    "MAXLIST",  "MODES",     "NAMELEN",     "NETWORK",   "NICKLEN",   "PREFIX",     "PROP",
    "SAFELIST", "STATUSMSG", "TARGMAX",     "TOPICLEN",  "USERLEN",   "WHISPER"};

} // namespace

bool is_core_token(std::string_view name) noexcept {
  return std::find(std::begin(core_tokens), std::end(core_tokens), name) != std::end(core_tokens);
}

void irc_dialect::send_tokens(core::conn &c, std::string_view tokens) noexcept {
  // The tokens are parameters of their own: written as one piece, for they hold no space but
  // between them.
  irc::line_writer line(reply_.data(), reply_.size(), w.limits().line_bytes_max);
  line.source(w.server_name()).numeric(irc::RPL_ISUPPORT).param(nick_of(c));
  while (!tokens.empty()) {
    const std::size_t end = std::min(tokens.find(' '), tokens.size());
    line.param(tokens.substr(0, end));
    tokens.remove_prefix(std::min(end + 1, tokens.size()));
  }
  send(c, line.text(irc::text_of(irc::RPL_ISUPPORT)).finish());
}

void irc_dialect::send_isupport(core::conn &c) noexcept {
  const confab_engine_options &o = w.limits();
  const view v = view_of(c);
  token_lines out(*this, c);
  char letters[64], lists[8];
  const rank_texts ranks(v);
  const std::string_view list = list_letters(v, lists);
  out.add("AWAYLEN={}", o.away_bytes_max);
  out.add("CASEMAPPING={}", text::name(w.casemap()));
  out.add("CHANLIMIT={}:{}", channel_types, o.channels_per_user_max);
  out.add("CHANMODES={}", chanmodes(v, w.added, letters));
  out.add("CHANNELLEN={}", o.channel_bytes_max);
  out.add("CHANTYPES={}", channel_types);
  out.add("ELIST=CMNTU");
  if (v != view::ircx) { // it has no letters for these lists
    out.add("EXCEPTS=e");
    out.add("INVEX=I");
  }
  out.add("KEYLEN={}", o.key_bytes_max);
  out.add("KICKLEN={}", o.reason_bytes_max);
  if (o.line_bytes_max != irc::line_bytes_limit)
    out.add("LINELEN={}", o.line_bytes_max);
  out.add("MAXLIST={}:{}", list, o.list_entries_max);
  out.add("MODES={}", o.modes_max);
  out.add("NAMELEN={}", o.realname_bytes_max);
  if (o.network_name.len > 0)
    out.add("NETWORK={}", core::view(o.network_name));
  out.add("NICKLEN={}", o.nick_bytes_max);
  out.add("PREFIX=({}){}", ranks.letter(), ranks.prefix());
  out.add("SAFELIST");
  out.add("STATUSMSG={}", ranks.prefix());
  const std::uint32_t t = o.targets_max;
  out.add("TARGMAX=JOIN:{},KICK:{},KILL:1,LIST:{},NAMES:{},NOTICE:{},PART:{},PRIVMSG:{},WHOIS:{},"
          "WHOWAS:{}",
          t, t, t, t, t, t, t, t, t);
  out.add("TOPICLEN={}", o.topic_bytes_max);
  out.add("USERLEN={}", o.username_bytes_max);
  if (v == view::ircx)
    add_ircx(out, o);
  w.added.each(CONFAB_ADDITION_ISUPPORT,
               [&](const core::addition &a) { out.add("{}", a.more.view()); });
  out.flush();
}

// A token with `-` in front is no longer true.
void irc_dialect::send_ircx_isupport(core::conn &c) noexcept {
  token_lines out(*this, c);
  char letters[64], lists[8];
  const rank_texts ranks(view::ircx);
  out.add("CHANMODES={}", chanmodes(view::ircx, w.added, letters));
  out.add("CHANTYPES={}", channel_types);
  out.add("-EXCEPTS");
  out.add("-INVEX");
  out.add("MAXLIST={}:{}", list_letters(view::ircx, lists), w.limits().list_entries_max);
  out.add("PREFIX=({}){}", ranks.letter(), ranks.prefix());
  out.add("STATUSMSG={}", ranks.prefix());
  add_ircx(out, w.limits());
  out.flush();
}

} // namespace confab::session
