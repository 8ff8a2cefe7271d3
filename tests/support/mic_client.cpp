// SPDX-License-Identifier: MIT
//
// The behaviour of a client of MIC: see mic_client.hpp. Every rule here is one that the
// specification says the real client has; what it would drop in silence is kept as trouble.
#include "support/mic_client.hpp"

#include <algorithm>
#include <cctype>

namespace confab::test {

namespace {

constexpr std::size_t frame_most = 2048;

std::vector<std::string> words_of(std::string_view line) {
  std::vector<std::string> out;
  while (!line.empty()) {
    const std::size_t end = std::min(line.find(' '), line.size());
    if (end > 0)
      out.emplace_back(line.substr(0, end));
    line.remove_prefix(std::min(end + 1, line.size()));
  }
  return out;
}

std::string upper(std::string s) {
  for (char &c : s)
    c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return s;
}

bool is_group(std::uint32_t oid) { return oid >= 0xffff0001U && oid <= 0xffff0008U; }

} // namespace

std::string mic_client::feed(std::string_view bytes) {
  kept_ += bytes;
  if (phase_ == phase::probing)
    read_probe_answer();
  if (phase_ == phase::not_mic)
    return {};
  while (phase_ != phase::probing && kept_.size() >= 4) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(kept_[i]); };
    const std::size_t length = byte(2) | static_cast<std::size_t>(byte(3)) << 8U;
    if (length < 4 || length > frame_most) {
      trouble_.push_back("a length of " + std::to_string(length));
      kept_.clear();
      break;
    }
    if (kept_.size() < length)
      break;
    take_frame(std::string_view(kept_).substr(0, length));
    kept_.erase(0, length);
  }
  return std::exchange(out_, {});
}

void mic_client::read_probe_answer() {
  const std::size_t end = kept_.find('\n');
  if (end == std::string::npos) {
    if (kept_.size() > 512)
      phase_ = phase::not_mic;
    return;
  }
  std::string line = kept_.substr(0, end);
  if (!line.empty() && line.back() == '\r')
    line.pop_back();
  if (end + 1 < kept_.size())
    trouble_.push_back("bytes came right behind the answer to the probe: they are lost");
  kept_.clear();
  std::vector<std::string> words = words_of(line);
  if (words.empty() || upper(words[0]) != "YESMIC") {
    phase_ = phase::not_mic;
    return;
  }
  phase_ = phase::binary;
  anonymous_ = words.size() < 2 || words[1] != "0";
  packages_.assign(words.begin() + std::min<std::ptrdiff_t>(2, std::ssize(words)), words.end());
}

void mic_client::complain(const mic_event &event, std::string_view what) {
  trouble_.push_back("type " + std::to_string(event.type) + ": " + std::string(what));
}

void mic_client::take_frame(std::string_view frame) {
  mic_event event;
  const std::string wrong = read_event(frame, event);
  if (!wrong.empty()) {
    complain(event, wrong);
    return;
  }
  handle(event);
  events_.push_back(std::move(event));
}

bool mic_client::knows(std::uint32_t id) const {
  return std::any_of(channels_.begin(), channels_.end(), [id](const auto &entry) {
    return entry.first == id || entry.second.members.contains(id);
  });
}

mic_channel *mic_client::channel_with(std::uint32_t mid) {
  for (auto &[cid, channel] : channels_)
    if (channel.members.contains(mid))
      return &channel;
  return nullptr;
}

void mic_client::handle(const mic_event &event) {
  switch (event.type) {
  case 0x14:
    return handle_result(event);
  case 0x18:
    phase_ = phase::logged_on;
    uid_ = event.uid;
    modes_ = event.modes;
    if (uid_ == 0 || knows(uid_))
      complain(event, "an id for oneself that is none");
    return;
  case 0x19:
    return add_channel(event);
  case 0x1a:
    return add_member(event);
  case 0x1f:
    return drop_member(event);
  case 0x22:
    if (!knows(event.from) || !knows(event.to))
      complain(event, "from or to somebody unknown: dropped");
    return;
  case 0x28:
    if (!channel_with(event.from) || event.mids.empty() || event.mids.size() > 10)
      complain(event, "a whisper of nobody, to nobody, or to too many");
    return;
  case 0x23:
    return change(event);
  case 0x29:
    return add_list(event);
  case 0x2b:
    if (event.ids.empty() || (!event.info() && !is_group(event.oid) && !knows(event.oid)))
      complain(event, "properties of nothing known, or none");
    return;
  case 0x2c:
    return take_records(event);
  case 0x30:
    out_ += build.pong();
    return;
  default: // heard and ignored, or for the application
    return;
  }
}

void mic_client::handle_result(const mic_event &event) {
  if (event.request == 0x10 && event.result != 0) {
    if (queries_.empty())
      complain(event, "a query failed that was not asked");
    else
      end_query();
  }
}

void mic_client::add_channel(const mic_event &event) {
  if (event.cid == 0 || is_group(event.cid) || knows(event.cid)) {
    complain(event, "a channel with an id that cannot be used");
    return;
  }
  mic_channel fresh;
  fresh.name = event.name;
  fresh.topic = event.topic;
  fresh.modes = event.modes;
  fresh.flags = event.channel_flags;
  fresh.cookie = event.cookie;
  fresh.udp_address = event.udp_address;
  fresh.udp_port = event.udp_port;
  channels_[event.cid] = fresh;
  out_ += build.query(0xffff0007U, {{{0x1000, event.cid, 0, {}}, 0x0f82, 0}}, {0x1000, 0x1408});
  queries_.push_back({true, {}});
}

void mic_client::add_member(const mic_event &event) {
  const auto at = channels_.find(event.cid);
  if (at == channels_.end() || event.mid == 0 || is_group(event.mid) || knows(event.mid) ||
      event.mid == uid_) {
    complain(event, "a member of no channel, or with an id that cannot be used");
    return;
  }
  mic_channel &channel = at->second;
  channel.members[event.mid] = {event.mid, event.modes, 0, event.alias};
  if (!channel.complete) {
    channel.complete = true;
    channel.own_mid = event.mid;
  }
}

void mic_client::add_list(const mic_event &event) {
  const auto at = channels_.find(event.cid);
  if (at == channels_.end()) {
    complain(event, "members of no channel");
    return;
  }
  if (at->second.complete)
    complain(event, "a list behind one's own member: too late");
  for (const mic_member &item : event.members) {
    if (item.mid == 0 || knows(item.mid))
      complain(event, "a member twice, or without an id");
    at->second.members[item.mid] = item;
  }
}

void mic_client::drop_member(const mic_event &event) {
  mic_channel *channel = channel_with(event.mid);
  if (!channel) {
    complain(event, "somebody unknown is gone");
    return;
  }
  if (event.mid != channel->own_mid) {
    channel->members.erase(event.mid);
    return;
  }
  std::erase_if(channels_, [&](const auto &entry) { return &entry.second == channel; });
}

void mic_client::change_alias(const mic_event &event) {
  if (event.wide())
    complain(event, "a wide alias: half of it is read");
  const std::string &alias = event.records[0][0].text;
  if (mic_channel *channel = channel_with(event.to))
    channel->members[event.to].alias = alias;
  else if (event.to != uid_)
    complain(event, "an alias of nobody");
}

void mic_client::change(const mic_event &event) {
  if (event.to == uid_) {
    if (!event.records.empty() && event.ids[0] == 0x3302)
      change_alias(event);
    return; // understood only on no channel, harmless elsewhere
  }
  if (!knows(event.from) || !knows(event.to) || event.records.empty()) {
    complain(event, "from or to somebody unknown, or nothing: dropped");
    return;
  }
  const auto at = channels_.find(event.to);
  mic_channel *with = channel_with(event.to);
  for (const mic_property &property : event.records[0]) {
    if (property.id == 0x1802)
      complain(event, "value and mask are taken for the whole mode");
    if (property.id == 0x1002 || property.id == 0x1802)
      (with ? with->members[event.to].modes : at->second.modes) = property.number;
    if (property.id == 0x3403 && at != channels_.end())
      at->second.topic = property.text;
    if (property.id == 0x1408 && at != channels_.end())
      at->second.limit = property.number;
    if (property.id == 0x3302)
      change_alias(event);
  }
}

std::string mic_client::ask(std::uint32_t oid, const std::vector<mic_term> &terms,
                            const std::vector<std::uint16_t> &wanted) {
  queries_.push_back({});
  return build.query(oid, terms, wanted);
}

void mic_client::take_records(const mic_event &event) {
  if (queries_.empty() || event.records.empty()) {
    complain(event, "an answer to no query, or an empty one");
    return;
  }
  waiting_query &oldest = queries_.front();
  oldest.records.insert(oldest.records.end(), event.records.begin(), event.records.end());
  if (oldest.automatic && event.ids == std::vector<std::uint16_t>{0x1000, 0x1408}) {
    const auto at = channels_.find(event.records[0][0].number);
    if (at != channels_.end())
      at->second.limit = event.records[0][1].number;
  } else if (oldest.automatic) {
    complain(event, "the answer to another query is taken for the one about the limit");
  }
  if (event.last())
    end_query();
}

void mic_client::end_query() {
  if (!queries_.front().automatic)
    done_.push_back(queries_.front());
  else if (queries_.front().records.empty())
    trouble_.emplace_back("the automatic query found nothing: a stray error is shown");
  queries_.pop_front();
}

bool mic_client::take_answer(std::vector<std::vector<mic_property>> &records) {
  if (done_.empty())
    return false;
  records = done_.front().records;
  done_.pop_front();
  return true;
}

const mic_channel *mic_client::channel(std::string_view name) const {
  const auto at = channels_.find(cid_of(name));
  return at == channels_.end() ? nullptr : &at->second;
}

std::uint32_t mic_client::cid_of(std::string_view name) const {
  for (const auto &[cid, channel] : channels_)
    if (upper(channel.name) == upper(std::string(name)))
      return cid;
  return 0;
}

std::uint32_t mic_client::mid_of(std::string_view name, std::string_view alias) const {
  const mic_channel *on = channel(name);
  if (!on)
    return 0;
  for (const auto &[mid, member] : on->members)
    if (member.alias == alias)
      return mid;
  return 0;
}

} // namespace confab::test
