// SPDX-License-Identifier: MIT
//
// Laws of the MIC codec over generated input: what the tests' client builds is decoded to the same
// values and the other way round; decoders read nothing outside their input, which lies flush
// against unreadable pages, however it was damaged; encoders write nothing outside their room;
// texts survive their way through a code page or UTF-16. The seed is fixed and shown on failure.
// Frames known byte for byte are in unit/proto/mic.
#include "proto/mic/query.hpp"
#include "text/utf8.hpp"
#include "wire/length_framer.hpp"

#include "support/catch.hpp"
#include "support/chatter.hpp"
#include "support/guard_page.hpp"
#include "support/mic_client.hpp"
#include "support/mic_recode.hpp"

#include <algorithm>
#include <memory_resource>
#include <string>
#include <vector>

using namespace confab;
using test::chooser;

namespace {

constexpr std::uint64_t seed = 20260104;

std::uint32_t any_id(chooser &pick) {
  return pick.one_in(8) ? 0xffff0000U + static_cast<std::uint32_t>(pick.below(12))
                        : static_cast<std::uint32_t>(pick.bits());
}

std::uint32_t usable_id(chooser &pick) { return static_cast<std::uint32_t>(pick.below(1000)) + 1; }

std::string utf8_text(chooser &pick, std::size_t characters_max) {
  static constexpr std::string_view characters[] = {"a",
                                                    "Z",
                                                    "0",
                                                    " ",
                                                    "\r\n",
                                                    "#",
                                                    "\xc3\xa9",
                                                    "\xc2\x81",
                                                    "\xe2\x82\xac",
                                                    "\xd0\x96",
                                                    "\xe4\xb8\xad",
                                                    "\xef\xbf\xbd",
                                                    "\xf0\x9f\x98\x80",
                                                    std::string_view("\0", 1)};
  std::string out;
  for (std::size_t i = pick.below(characters_max + 1); i > 0; --i)
    out += pick.of(characters);
  return out;
}

std::string any_bytes(chooser &pick, std::size_t bytes_max) {
  std::string out(pick.below(bytes_max + 1), '\0');
  for (char &c : out)
    c = static_cast<char>(pick.below(256));
  return out;
}

// A string that a client may send: bytes of its page, or characters of UTF-16.
std::string client_text(chooser &pick, bool wide, std::size_t units_max) {
  return wide ? utf8_text(pick, units_max / 2) : any_bytes(pick, units_max);
}

std::string some(chooser &pick, bool wide, std::size_t units_max) {
  return "x" + client_text(pick, wide, units_max - 1);
}

test::mic_property any_property(chooser &pick, bool wide, bool operations) {
  static constexpr std::uint16_t known[] = {0x1000, 0x1002, 0x1802, 0x3302, 0x3403, 0x0c80,
                                            0x0281, 0x2405, 0x3a88, 0x1408, 0x2c11, 0x3fff};
  test::mic_property out;
  out.id = pick.one_in(3) ? static_cast<std::uint16_t>(pick.below(0x4000)) : pick.of(known);
  if (operations && pick.one_in(4))
    out.id =
        mic::with_op(out.id, pick.one_in(2) ? mic::property_op::add : mic::property_op::remove);
  const mic::property_type type = mic::type_of(out.id);
  const std::size_t bytes = mic::fixed_bytes(type);
  out.number = static_cast<std::uint32_t>(pick.bits());
  if (bytes == 0)
    out.number = 0;
  else if (bytes < 4)
    out.number &= (1U << 8U * bytes) - 1;
  out.high = bytes == 8 ? static_cast<std::uint32_t>(pick.bits()) : 0;
  if (mic::is_text(type))
    out.text = client_text(pick, wide, 30);
  else if (bytes == 0)
    out.text = any_bytes(pick, 30);
  return out;
}

test::mic_term any_term(chooser &pick, bool wide) {
  test::mic_term out{any_property(pick, wide, false), 0x0f82, 0x0f88};
  if (pick.one_in(2))
    out.joined = 0x0f89;
  for (int tries = 0; tries < 20; ++tries) {
    const auto op = static_cast<mic::term>(0x0f80 + pick.below(8));
    if (mic::applies(op, mic::type_of(out.property.id))) {
      out.op = static_cast<std::uint16_t>(op);
      break;
    }
  }
  return out;
}

std::vector<std::uint16_t> property_numbers(chooser &pick) {
  std::vector<std::uint16_t> out;
  for (std::size_t i = 1 + pick.below(15); i > 0; --i)
    out.push_back(static_cast<std::uint16_t>(pick.below(0x4000)));
  return out;
}

std::string random_message(chooser &pick, const test::mic_frames &build) {
  const bool wide = build.wide, data = pick.one_in(3);
  const std::string body =
      data ? "x" + any_bytes(pick, 200) : some(pick, wide, pick.one_in(5) ? 900 : 60);
  const bool by_id = pick.one_in(2);
  const std::uint32_t uid = by_id ? usable_id(pick) : 0;
  const std::string alias = by_id ? "" : some(pick, wide, 23);
  switch (pick.below(5)) {
  case 0:
    return build.send_msg(any_id(pick), body, data);
  case 1:
    return build.send_user(uid, alias, body, data);
  case 2: {
    std::vector<std::uint32_t> mids;
    for (std::size_t i = 1 + pick.below(10); i > 0; --i)
      mids.push_back(any_id(pick));
    return build.send_whisper(mids, body, data);
  }
  case 3:
    return build.send_invite(uid, alias, client_text(pick, wide, 60));
  default:
    return build.kill_user(uid, alias, client_text(pick, wide, 63));
  }
}

std::string random_request(chooser &pick, const test::mic_frames &build) {
  const bool wide = build.wide;
  const auto text = [&](std::size_t units_max) { return client_text(pick, wide, units_max); };
  switch (pick.below(8)) {
  case 0: {
    test::mic_create c{any_id(pick), any_id(pick), any_id(pick), any_id(pick),        7,  text(63),
                       text(31),     text(95),     text(31),     any_bytes(pick, 16), "", text(31)};
    return build.create_channel(c);
  }
  case 1:
    return build.open_channel(text(200), text(31), any_id(pick), 9);
  case 2:
    return build.leave_channel(any_id(pick), text(63));
  case 3:
    return build.close(any_id(pick), some(pick, wide, 63));
  case 4:
    return build.get_property(any_id(pick), property_numbers(pick), pick.one_in(2));
  case 5: {
    std::vector<test::mic_property> values;
    for (std::size_t i = 1 + pick.below(15); i > 0; --i)
      values.push_back(any_property(pick, wide, true));
    return build.set_property(any_id(pick), values);
  }
  case 6: {
    std::vector<test::mic_term> terms;
    for (std::size_t i = pick.below(6); i > 0; --i)
      terms.push_back(any_term(pick, wide));
    return build.query(any_id(pick), terms, property_numbers(pick),
                       static_cast<std::uint16_t>(pick.below(3)), pick.one_in(2));
  }
  default:
    return build.pong();
  }
}

std::string random_client_frame(chooser &pick, const test::mic_frames &build) {
  const bool wide = build.wide;
  if (pick.one_in(8))
    return build.connect_user(client_text(pick, wide, 23), client_text(pick, wide, 63),
                              client_text(pick, wide, 31), any_id(pick),
                              client_text(pick, wide, 200));
  if (pick.one_in(8))
    return build.connect_sspi('N', client_text(pick, wide, 31), client_text(pick, wide, 23),
                              client_text(pick, wide, 63), any_bytes(pick, 500), any_id(pick));
  return pick.one_in(2) ? random_message(pick, build) : random_request(pick, build);
}

// A frame with a place or two damaged, and often with a length that fits again.
std::string damaged(chooser &pick, std::string frame) {
  for (std::size_t i = 1 + pick.below(3); i > 0 && !frame.empty(); --i) {
    const std::size_t at = pick.below(frame.size());
    switch (pick.below(5)) {
    case 0:
      frame[at] = static_cast<char>(pick.below(256));
      break;
    case 1:
      frame.erase(at, 1 + pick.below(6));
      break;
    case 2:
      frame.insert(at, any_bytes(pick, pick.one_in(20) ? 2100 : 20));
      break;
    case 3:
      frame[at] = pick.one_in(2) ? '\xff' : '\0';
      break;
    default:
      frame.resize(at);
    }
  }
  if (frame.size() >= 4 && !pick.one_in(4)) {
    frame[2] = static_cast<char>(frame.size() & 0xffU);
    frame[3] = static_cast<char>(frame.size() >> 8U);
  }
  return frame;
}

bool lies_within(std::string_view part, std::string_view whole) {
  return part.empty() ||
         (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size());
}

// Whether every view of a message is of its frame, and every count within its bound.
struct all_within {
  std::string_view frame;

  bool text(const mic::wire_text &t) const { return lies_within(t.bytes, frame); }
  bool texts(std::initializer_list<mic::wire_text> all) const {
    return std::all_of(all.begin(), all.end(), [this](const auto &t) { return text(t); });
  }

  bool operator()(const mic::connect_user &m) const {
    return texts({m.alias, m.password, m.name, m.description});
  }
  bool operator()(const mic::connect_sspi &m) const {
    return texts({m.package, m.alias, m.name}) && lies_within(m.token, frame);
  }
  bool operator()(const mic::kill_user &m) const { return texts({m.alias, m.reason}); }
  bool operator()(const mic::create_channel &m) const {
    return texts({m.name, m.keyword, m.topic, m.subject, m.account}) &&
           lies_within(m.client_guid, frame) && lies_within(m.service_guid, frame);
  }
  bool operator()(const mic::open_channel &m) const { return texts({m.name, m.keyword}); }
  bool operator()(const mic::leave_channel &m) const { return text(m.reason); }
  bool operator()(const mic::close_object &m) const { return text(m.reason); }
  bool operator()(const mic::send_invite &m) const { return texts({m.alias, m.channel}); }
  bool operator()(const mic::send_msg &m) const { return body(m.body); }
  bool operator()(const mic::send_udp &m) const { return lies_within(m.payload, frame); }
  bool operator()(const mic::send_user &m) const { return text(m.alias) && body(m.body); }
  bool operator()(const mic::send_whisper &m) const {
    return m.mids.count >= 1 && m.mids.count <= 10 && body(m.body);
  }
  bool operator()(const mic::get_property &m) const {
    return m.ids.count >= 1 && m.ids.count <= 15;
  }
  bool operator()(const mic::set_property &m) const {
    const auto values = m.values.view();
    return !values.empty() && values.size() <= 15 &&
           std::all_of(values.begin(), values.end(),
                       [this](const mic::wire_property &p) { return text(p.text); });
  }
  bool operator()(const mic::query &m) const {
    const auto conditions = m.conditions.view();
    return conditions.size() <= 5 && m.wanted.count >= 1 && m.wanted.count <= 15 &&
           std::all_of(conditions.begin(), conditions.end(),
                       [this](const mic::condition &c) { return text(c.operand.text); });
  }
  bool operator()(const mic::pong &) const { return true; }

  bool body(const mic::message_body &b) const {
    return text(b.text) && !b.text.empty() && b.text.bytes.size() <= mic::body_bytes_max;
  }
};

// Decodes, and when that goes, looks at all of it. Returns what was wrong with the frame.
mic::malformed decode_placed(std::string_view frame) {
  mic::client_message message;
  const mic::malformed wrong = mic::decode(frame, message);
  if (wrong == mic::malformed::no)
    REQUIRE(std::visit(all_within{frame}, message));
  return wrong;
}

mic::property_value as_value(const test::mic_property &p) {
  return {p.id, p.number, p.high, p.text};
}

// A frame of the server of any kind, into any room.
mic::written random_server_frame(chooser &pick, mic::encoding as, std::span<char> out) {
  const std::string name = utf8_text(pick, pick.one_in(9) ? 300 : 20), topic = utf8_text(pick, 120);
  const std::string said = pick.one_in(9) ? utf8_text(pick, 1500) : utf8_text(pick, 80);
  const mic::body body{said, pick.one_in(3)};
  std::vector<mic::object_id> mids;
  for (std::size_t i = pick.below(12); i > 0; --i)
    mids.push_back(any_id(pick));
  std::vector<test::mic_property> owned;
  for (std::size_t i = 1 + pick.below(6); i > 0; --i) {
    owned.push_back(any_property(pick, true, false));
  }
  std::vector<mic::property_value> values;
  for (const test::mic_property &p : owned)
    values.push_back(as_value(p));
  const mic::object_id a = any_id(pick), b = any_id(pick), c = any_id(pick);
  switch (pick.below(17)) {
  case 0:
    return mic::encode(mic::event_result{a, mic::result::banned, 5}, as, out);
  case 1:
    return mic::encode(mic::event_sspi{0, 'N', said}, as, out);
  case 2:
    return mic::encode(mic::event_add_network{a, name, topic}, as, out);
  case 3:
    return mic::encode(mic::event_add_server{a, b, name, topic}, as, out);
  case 4:
    return mic::encode(mic::event_add_user{a, b, c, 7}, as, out);
  case 5:
    return mic::encode(mic::event_add_channel{a, b, c, 1, 2, 3, name, topic, topic}, as, out);
  case 6:
    return mic::encode(mic::event_add_member{a, b, c, name}, as, out);
  case 7:
    return mic::encode(mic::event_del_user{a, b, mic::result::timeout, said}, as, out);
  case 8:
    return mic::encode(mic::event_del_member{a, b, said}, as, out);
  case 9:
    return mic::encode(mic::event_invite{a, name, topic}, as, out);
  case 10:
    return mic::encode(mic::event_knock{a, b}, as, out);
  case 11:
    return mic::encode(mic::event_msg{a, b, body}, as, out);
  case 12:
    return mic::encode(mic::event_prop{a, b, values}, as, out);
  case 13:
    return mic::encode(mic::event_udp{a, b, said}, as, out);
  case 14:
    return mic::encode(mic::event_user{a, b, name, body}, as, out);
  case 15:
    return mic::encode(mic::event_whisper{a, mids, body}, as, out);
  default:
    return mic::encode(mic::ping{}, as, out);
  }
}

} // namespace

TEST_CASE("mic codec: what a client builds is decoded to what it meant") {
  chooser pick(seed);
  for (int i = 0; i < 30000; ++i) {
    const test::mic_frames build{pick.one_in(2)};
    const std::string frame = random_client_frame(pick, build);
    CAPTURE(seed, i, static_cast<int>(frame[0]), build.wide);
    mic::client_message message;
    REQUIRE(mic::decode(frame, message) == mic::malformed::no);
    REQUIRE(std::visit(all_within{frame}, message));
    REQUIRE(test::rebuilt(message, build.wide) == frame);
  }
}

TEST_CASE("mic codec: nothing outside a frame is read, however it was damaged") {
  chooser pick(seed + 1);
  const test::guard_page page(8192);
  std::array<std::size_t, 16> faults{};
  for (int i = 0; i < 60000; ++i) {
    std::string frame =
        pick.one_in(6) ? any_bytes(pick, 80) : random_client_frame(pick, {pick.one_in(2)});
    if (!pick.one_in(10))
      frame = damaged(pick, frame);
    CAPTURE(seed, i, frame.size());
    ++faults[static_cast<std::size_t>(decode_placed(page.place_at_end(frame)))];
    decode_placed(page.place_at_begin(frame));
  }
  // Each fault has to be hit, or the law says little.
  for (std::size_t what = 0; what <= static_cast<std::size_t>(mic::malformed::term); ++what) {
    INFO(mic::row_of(static_cast<mic::malformed>(what)).name);
    CHECK(faults[what] > 0);
  }
}

TEST_CASE("mic codec: any bytes in any split give the same frames") {
  chooser pick(seed + 2);
  auto &memory = *std::pmr::new_delete_resource();
  const auto cut = [&](std::string_view input, bool by_byte) {
    wire::length_framer framer;
    std::vector<std::string> out;
    while (!input.empty()) {
      const std::string piece(input.substr(0, by_byte ? 1 : 1 + pick.below(500)));
      input.remove_prefix(piece.size());
      std::string_view fresh = piece, frame;
      for (wire::framed got; (got = framer.next(memory, fresh, 2048, frame)) != wire::framed::none;)
        out.push_back((got == wire::framed::whole ? "" : "!") + std::string(frame));
      framer.keep(memory, fresh);
      REQUIRE(framer.kept() < 2048);
    }
    framer.clear(memory);
    return out;
  };
  for (int i = 0; i < 300; ++i) {
    std::string stream;
    for (std::size_t n = pick.below(30); n > 0; --n)
      stream += pick.one_in(20) ? any_bytes(pick, 9) : random_client_frame(pick, {pick.one_in(2)});
    CAPTURE(seed, i);
    REQUIRE(cut(stream, false) == cut(stream, true));
  }
}

TEST_CASE("mic codec: frames of the server stay in their room and are read to the end") {
  chooser pick(seed + 3);
  const test::guard_page page(4096);
  std::size_t fitted = 0, refused = 0;
  for (int i = 0; i < 30000; ++i) {
    const mic::encoding as{pick.one_in(2), mic::code_page::windows_1252};
    const std::size_t room = pick.one_in(3) ? pick.below(100) : 4096;
    const chooser before = pick;
    const mic::written got = random_server_frame(pick, as, {page.before_end(room), room});
    CAPTURE(seed, i, room, got.needed);
    REQUIRE(got.frame.empty() == (got.needed > std::min(room, mic::frame_bytes_max)));
    if (got.frame.empty()) {
      // The same in enough room takes as much as was said.
      chooser again = before;
      const mic::written roomy = random_server_frame(again, as, {page.before_end(4096), 4096});
      REQUIRE(roomy.needed == got.needed);
      ++refused;
      continue;
    }
    ++fitted;
    const std::string frame(got.frame);
    test::mic_event event;
    REQUIRE(test::read_event(frame, event) == "");
    // Through both, the same bytes. What was cut is short enough now.
    REQUIRE(test::reencoded(event) == frame);
  }
  CHECK(fitted > 10000);
  CHECK(refused > 1000);
}

TEST_CASE("mic codec: answers are whole frames of whole items, whatever their room") {
  chooser pick(seed + 4);
  const test::guard_page page(4096);
  for (int i = 0; i < 2000; ++i) {
    const mic::encoding as{pick.one_in(2), mic::code_page::windows_1252};
    const std::size_t room = 8 + pick.below(2200);
    const std::span<char> out(page.before_end(room), room);
    CAPTURE(seed, i, room);
    mic::member_list_writer list(out, 5, as);
    std::size_t items = 0;
    while (list.add(any_id(pick), any_id(pick), utf8_text(pick, 30)))
      ++items;
    test::mic_event event;
    REQUIRE(test::read_event(list.finish(true).frame, event) == "");
    REQUIRE(event.members.size() == items);
    std::vector<mic::property_id> ids;
    std::vector<test::mic_property> owned;
    for (std::size_t n = 1 + pick.below(5); n > 0; --n) {
      owned.push_back(any_property(pick, true, false));
      ids.push_back(owned.back().id);
    }
    std::vector<mic::property_value> values;
    for (const test::mic_property &p : owned)
      values.push_back(as_value(p));
    mic::record_writer writer(out, mic::kind::data_query, 5, pick.one_in(2), ids, as);
    std::size_t records = 0;
    while (records < 500 && writer.add(values))
      ++records;
    const mic::written got = writer.finish(true);
    if (records == 0)
      continue;
    REQUIRE(test::read_event(got.frame, event) == "");
    REQUIRE(event.records.size() == records);
  }
}

TEST_CASE("mic codec: the client's reader survives what the fuzzer makes of frames") {
  chooser pick(seed + 5);
  const test::guard_page page(8192);
  std::string room(4096, '\0');
  for (int i = 0; i < 20000; ++i) {
    std::string frame(
        random_server_frame(pick, {pick.one_in(2), mic::code_page::windows_1252}, room).frame);
    frame = damaged(pick, frame);
    test::mic_event event;
    test::mic_client client;
    client.feed("YESMIC\r\n");
    const std::string wrong = test::read_event(page.place_at_end(frame), event);
    client.feed(frame);
    if (wrong.empty())
      REQUIRE(event.type == static_cast<unsigned char>(frame[0]));
  }
}

TEST_CASE("mic codec: any bytes of a page come back, and so does UTF-8 through UTF-16") {
  chooser pick(seed + 6);
  const unsigned pages[] = {1250, 1251, 1252, 1253, 1254, 1255, 1256, 1257, 1258};
  for (int i = 0; i < 30000; ++i) {
    mic::code_page page = mic::code_page_usual;
    REQUIRE(mic::find_code_page(pick.of(pages), page));
    CAPTURE(seed, i, static_cast<int>(page));
    const std::string bytes = any_bytes(pick, 60);
    std::string utf8(3 * bytes.size(), '\0'), again(bytes.size(), '\0');
    const mic::converted there = mic::to_utf8({bytes, false}, page, utf8);
    REQUIRE(there.taken == bytes.size());
    REQUIRE(there.lost == 0);
    utf8.resize(there.bytes);
    const mic::converted back = mic::from_utf8(utf8, {false, page}, again);
    REQUIRE(back.lost == 0);
    REQUIRE(again == bytes);
    const std::string text = utf8_text(pick, 40);
    std::string wide(4 * text.size(), '\0'), whole(text.size(), '\0');
    wide.resize(mic::from_utf8(text, {true, page}, wide).bytes);
    REQUIRE(wide == test::utf16le(text));
    REQUIRE(mic::to_utf8({wide, true}, page, whole).lost == 0);
    REQUIRE(whole == text);
  }
}

TEST_CASE("mic codec: no bytes are converted outside their room, and cuts are at characters") {
  chooser pick(seed + 7);
  const test::guard_page in(4096), out(4096);
  for (int i = 0; i < 40000; ++i) {
    const std::string bytes = pick.one_in(2) ? any_bytes(pick, 60) : utf8_text(pick, 30);
    const std::string_view from = in.place_at_end(bytes);
    const std::size_t room = pick.below(80);
    const std::span<char> to(out.before_end(room), room);
    const mic::encoding as{pick.one_in(2),
                           pick.one_in(4) ? mic::code_page::utf8 : mic::code_page::windows_1251};
    CAPTURE(seed, i, room, as.wide);
    const mic::converted done = mic::from_utf8(from, as, to);
    REQUIRE(done.bytes <= room);
    REQUIRE(done.bytes == mic::measure(from, as, room).bytes);
    REQUIRE(mic::measure(from.substr(0, done.taken), as).bytes == done.bytes);
    REQUIRE((done.taken == from.size() || room - done.bytes < 4));
    const mic::converted read = mic::to_utf8({from, as.wide}, as.page, to);
    REQUIRE(read.bytes <= room);
    REQUIRE(text::utf8_valid({to.data(), read.bytes}));
  }
}
