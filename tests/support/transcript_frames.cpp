// SPDX-License-Identifier: MIT
//
// Frames as words: see transcript_frames.hpp. A request is looked up by its name and built by
// mic_frames; an event is read by read_event and written field by field, in the order of its
// layout. Whether a transcript makes sense is the player's business.

#include "support/transcript_frames.hpp"

#include "support/mic_wire.hpp"

#include <map>
#include <stdexcept>
#include <vector>

namespace confab::test {

namespace {

std::uint32_t number(const std::string &word) {
  std::size_t used = 0;
  const unsigned long value = std::stoul(word, &used, 0);
  if (used != word.size())
    throw std::runtime_error("no number: " + word);
  return static_cast<std::uint32_t>(value);
}

bool is_number(const std::string &word) {
  return !word.empty() && word.find_first_not_of("0123456789abcdefx") == std::string::npos &&
         word[0] >= '0' && word[0] <= '9';
}

std::vector<std::string> split(std::string_view in, char at) {
  std::vector<std::string> out;
  while (!in.empty()) {
    const std::size_t end = std::min(in.find(at), in.size());
    if (end > 0)
      out.emplace_back(in.substr(0, end));
    in.remove_prefix(std::min(end + 1, in.size()));
  }
  return out;
}

// The words of a request, those of the form NAME=VALUE apart, and the text behind " :".
struct request {
  std::vector<std::string> words;
  std::map<std::string, std::string> named;
  std::string text;
  bool wide = false, data = false, info = false;

  explicit request(std::string_view in) {
    const std::size_t colon = in.find(" :");
    if (colon != std::string_view::npos)
      text = in.substr(colon + 2);
    for (std::string &word : split(in.substr(0, colon), ' ')) {
      const std::size_t equals = word.find('=');
      if (word == "wide" || word == "data" || word == "info")
        (word == "wide" ? wide : word == "data" ? data : info) = true;
      else if (equals != std::string::npos && equals > 0)
        named[word.substr(0, equals)] = word.substr(equals + 1);
      else
        words.push_back(std::move(word));
    }
    if (words.empty())
      throw std::runtime_error("no request");
  }

  const std::string &word(std::size_t i) const {
    static const std::string nothing;
    return i < words.size() ? words[i] : nothing;
  }
  std::uint32_t id(std::size_t i) const { return number(word(i)); }
  // A target by its number or by its name.
  std::uint32_t uid(std::size_t i) const { return is_number(word(i)) ? id(i) : 0; }
  std::string alias(std::size_t i) const { return is_number(word(i)) ? std::string() : word(i); }
  std::string named_text(const char *name) const {
    const auto at = named.find(name);
    return at == named.end() ? std::string() : at->second;
  }
  std::uint32_t named_number(const char *name, std::uint32_t usual = 0) const {
    const auto at = named.find(name);
    return at == named.end() ? usual : number(at->second);
  }
};

std::vector<std::uint32_t> numbers(const std::string &list) {
  std::vector<std::uint32_t> out;
  for (const std::string &one : split(list, ','))
    out.push_back(number(one));
  return out;
}

std::vector<std::uint16_t> ids(const std::string &list) {
  std::vector<std::uint16_t> out;
  for (const std::uint32_t one : numbers(list))
    out.push_back(static_cast<std::uint16_t>(one));
  return out;
}

bool has_text(std::uint16_t id) { return (id >> 11U & 7U) >= 4; }
bool has_bytes(std::uint16_t id) { return has_text(id) && (id >> 11U & 7U) < 6; }

int nibble(char c) {
  const std::size_t at = std::string_view("0123456789abcdef").find(c);
  return at == std::string_view::npos ? -1 : static_cast<int>(at);
}

// The bytes of hexadecimal digits, as GUIDs stand in words.
std::string from_hex(std::string_view digits) {
  std::string out;
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
    const int high = nibble(digits[i]), low = nibble(digits[i + 1]);
    if (high < 0 || low < 0)
      throw std::runtime_error("no hex");
    out += static_cast<char>(high * 16 + low);
  }
  return out;
}

std::string to_hex(std::string_view bytes) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string out;
  for (const char c : bytes) {
    out += digits[static_cast<unsigned char>(c) >> 4U];
    out += digits[static_cast<unsigned char>(c) & 15U];
  }
  return out;
}

// ID VALUE [MASK], or ID and the text.
mic_property property(const request &r, std::size_t at) {
  mic_property out;
  out.id = static_cast<std::uint16_t>(r.id(at));
  if (has_text(out.id))
    out.text = r.text;
  else
    out.number = r.id(at + 1);
  if (r.words.size() > at + 2)
    out.high = r.id(at + 2);
  return out;
}

// ID:OP:VALUE, joined by a word of its own, `and` or `or`.
std::vector<mic_term> terms(const request &r, std::size_t at) {
  static const std::map<std::string, std::uint16_t> operators{
      {"contains", 0x0f80}, {"mask", 0x0f81},    {"equal", 0x0f82}, {"notequal", 0x0f83},
      {"greater", 0x0f84},  {"atleast", 0x0f85}, {"less", 0x0f86},  {"atmost", 0x0f87}};
  std::vector<mic_term> out;
  std::uint16_t joined = 0x0f88;
  for (; at < r.words.size(); ++at) {
    const std::string &word = r.word(at);
    if (word == "and" || word == "or") {
      joined = word == "and" ? 0x0f88 : 0x0f89;
      continue;
    }
    const std::vector<std::string> parts = split(word, ':');
    if (parts.size() < 2)
      throw std::runtime_error("no condition: " + word);
    mic_term term;
    term.property.id = static_cast<std::uint16_t>(number(parts[0]));
    const auto op = operators.find(parts[1]);
    if (op == operators.end())
      throw std::runtime_error("no operator: " + parts[1]);
    term.op = op->second;
    term.joined = joined;
    const std::string value = parts.size() > 2 ? parts[2] : std::string();
    if (has_text(term.property.id))
      term.property.text = has_bytes(term.property.id) ? from_hex(value) : value;
    else
      term.property.number = number(value);
    if (parts.size() > 3)
      term.property.high = number(parts[3]);
    out.push_back(std::move(term));
  }
  return out;
}

std::string build(const request &r) {
  const mic_frames to{r.wide};
  const std::string &kind = r.words[0];
  if (kind == "CONNECTUSER")
    return to.connect_user(r.word(1), r.word(2), r.word(3), r.named_number("modes"), r.text);
  if (kind == "CONNECTSSPI")
    return to.connect_sspi(r.word(1)[0], r.word(2), r.word(3), r.word(4), r.text,
                           r.named_number("modes"));
  if (kind == "KILLUSER")
    return to.kill_user(r.uid(1), r.alias(1), r.text);
  if (kind == "CREATECHANNEL") {
    mic_create all;
    all.name = r.word(1);
    all.modes = r.named_number("modes");
    all.flags = r.named_number("flags");
    all.open = r.named_number("open", 1);
    all.limit = r.named_number("limit");
    all.keyword = r.named_text("keyword");
    all.subject = r.named_text("subject");
    all.client_guid = from_hex(r.named_text("clientguid"));
    all.service_guid = from_hex(r.named_text("serviceguid"));
    all.topic = r.text;
    return to.create_channel(all);
  }
  if (kind == "OPENCHANNEL")
    return to.open_channel(r.words.size() > 1 ? r.word(1) : r.text, r.named_text("keyword"),
                           r.named_number("open"));
  if (kind == "LEAVECHANNEL")
    return to.leave_channel(r.id(1), r.text);
  if (kind == "CLOSE")
    return to.close(r.id(1), r.text);
  if (kind == "SENDINVITE")
    return to.send_invite(r.uid(1), r.alias(1), r.word(2));
  if (kind == "SENDMSG")
    return to.send_msg(r.id(1), r.text, r.data);
  if (kind == "SENDUDP")
    return to.send_udp(r.id(1), r.id(2), r.id(3), r.text);
  if (kind == "SENDUSER")
    return to.send_user(r.uid(1), r.alias(1), r.text, r.data);
  if (kind == "SENDWHISPER")
    return to.send_whisper(numbers(r.word(1)), r.text, r.data);
  if (kind == "GETPROPERTY")
    return to.get_property(r.id(1), ids(r.word(2)), r.info);
  if (kind == "SETPROPERTY")
    return to.set_property(r.id(1), {property(r, 2)});
  if (kind == "QUERY")
    return to.query(r.id(1), terms(r, 3), ids(r.word(2)),
                    static_cast<std::uint16_t>(r.named_number("max")));
  if (kind == "PONG")
    return to.pong();
  throw std::runtime_error("no request: " + kind);
}

std::string hex(std::uint32_t value) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string out;
  do
    out.insert(out.begin(), digits[value & 15U]);
  while ((value >>= 4U) != 0);
  return "0x" + out;
}

std::string value_words(const mic_property &p) {
  const std::string id = hex(p.id);
  if (has_bytes(p.id))
    return id + "=" + to_hex(p.text);
  return has_text(p.id) ? id + "=" + p.text : id + "=" + hex(p.number);
}

std::string records_words(const mic_event &e) {
  std::string out;
  for (const auto &record : e.records) {
    std::string one;
    for (const mic_property &value : record)
      one += (one.empty() ? "" : " ") + value_words(value);
    out += " {" + one + "}";
  }
  return out;
}

std::string body(const mic_event &e) {
  return (e.data() ? std::string(" data") : std::string()) + " :" + e.text;
}

std::string event_words(const mic_event &e) {
  const auto field = [](const char *name, std::uint32_t value) {
    return std::string(" ") + name + "=" + hex(value);
  };
  switch (e.type) {
  case 0x14:
    return "EVENTRESULT" + field("oid", e.oid) + field("result", e.result) +
           field("request", e.request);
  case 0x15:
    return "EVENTSSPI" + field("sequence", e.sequence) + " :" + e.text;
  case 0x18:
    return "EVENTADDUSER" + field("nid", e.nid) + field("sid", e.sid) + field("uid", e.uid) +
           field("modes", e.modes);
  case 0x19:
    return "EVENTADDCHANNEL" + field("cid", e.cid) + field("modes", e.modes) +
           field("flags", e.channel_flags) + " name=" + e.name + " topic=" + e.topic;
  case 0x1a:
    return "EVENTADDMEMBER" + field("cid", e.cid) + field("mid", e.mid) + field("modes", e.modes) +
           " alias=" + e.alias;
  case 0x1d:
    return "EVENTDELUSER" + field("uid", e.uid) + field("kid", e.kid) + field("result", e.result) +
           " :" + e.text;
  case 0x1f:
    return "EVENTDELMEMBER" + field("mid", e.mid) + field("kid", e.kid) + " :" + e.text;
  case 0x20:
    return "EVENTINVITE" + field("from", e.from) + " alias=" + e.alias + " name=" + e.name;
  case 0x21:
    return "EVENTKNOCK" + field("cid", e.cid) + field("uid", e.uid);
  case 0x22:
    return "EVENTMSG" + field("from", e.from) + field("to", e.to) + body(e);
  case 0x23:
    return "EVENTPROP" + field("from", e.from) + field("to", e.to) + records_words(e);
  case 0x27:
    return "EVENTUSER" + field("from", e.from) + field("to", e.to) + " alias=" + e.alias + body(e);
  case 0x28: {
    std::string to;
    for (const std::uint32_t mid : e.mids)
      to += (to.empty() ? "" : ",") + hex(mid);
    return "EVENTWHISPER" + field("from", e.from) + " to=" + to + body(e);
  }
  case 0x29: {
    std::string out = "DATAMEMBERLIST" + field("cid", e.cid);
    for (const mic_member &m : e.members)
      out += " {" + hex(m.mid) + " " + hex(m.modes) + " " + m.alias + "}";
    return out + (e.last() ? " last" : "");
  }
  case 0x2b:
  case 0x2c:
    return (e.type == 0x2b ? "DATAPROPERTY" : "DATAQUERY") + field("oid", e.oid) +
           records_words(e) + (e.info() ? " info" : "") + (e.last() ? " last" : "");
  case 0x30:
    return "PING";
  default:
    return "UNKNOWN" + field("type", e.type);
  }
}

} // namespace

std::string compact_hex(std::string_view words) {
  std::string out;
  for (const char c : words)
    if (c != ' ')
      out += c;
  return out;
}

std::string frame_of(std::string_view words) {
  if (!words.starts_with('<'))
    return build(request(words));
  const std::string digits = compact_hex(words);
  const std::string out = from_hex(std::string_view(digits).substr(1, digits.size() - 2));
  if (!digits.ends_with('>') || digits.size() % 2 != 0)
    throw std::runtime_error("half a byte");
  return out;
}

std::string words_of(std::string_view frame) {
  mic_event e;
  const std::string wrong = read_event(frame, e);
  return wrong.empty() ? event_words(e) + (e.wide() && !e.data() && e.type != 0x30 ? " wide" : "")
                       : "MALFORMED " + wrong;
}

std::string hex_words(std::string_view frame) { return "<" + to_hex(frame) + ">"; }

} // namespace confab::test
