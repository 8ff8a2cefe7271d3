// SPDX-License-Identifier: MIT
//
// Questions of MIC (spec mic §6.4, §8; mic-observed §4.9): a query over channels, users or the
// members of a channel, and the properties of one object. Each becomes a question of the core's, so
// that its rules of sight and its filters hold; conditions and records are made here. Answers come
// in the order of the questions: the client knows them by that alone.

#include "core/rights.hpp"
#include "proto/mic/query.hpp"
#include "session/mic/dialect.hpp"

namespace confab::session {

namespace {

// A name that no channel can have: what it asks for is not there, and the answer takes its turn.
constexpr std::string_view nobody = "\a";

unsigned kind_asked(const mic::query &asked, bool channel) noexcept {
  if (asked.oid == mic::group_channels)
    return mic::of_channel;
  if (asked.oid == mic::group_users)
    return mic::of_user;
  if (asked.oid == mic::group_networks)
    return mic::of_network;
  if (asked.oid == mic::group_servers)
    return mic::of_server | mic::of_network;
  return channel ? mic::of_member | mic::of_user : 0;
}

// This server, or its network: what is asked of them is answered without the core.
bool of_server(const mic::query &asked) noexcept {
  return asked.oid == mic::group_networks || asked.oid == mic::group_servers;
}

// The condition of a query that names what it wants, whatever else has to hold.
const mic::condition *naming(const mic::query &asked, mic::property_id id) noexcept {
  const mic::condition *out = nullptr;
  for (const mic::condition &one : asked.conditions.view()) {
    if (one.or_else)
      return nullptr;
    if (!out && one.op == mic::term::equal && mic::plain(one.operand.id) == id)
      out = &one;
  }
  return out;
}

} // namespace

// The request that a question was made of; read once for all rows.
const mic::client_message &mic_dialect::asked(const core::operation &op) noexcept {
  if (asked_of_ != op.request.data() || asked_seq_ != op.event.head.seq) {
    (void)mic::decode(op.request, asked_); // it could be read when it came
    asked_of_ = op.request.data();
    asked_seq_ = op.event.head.seq;
  }
  return asked_;
}

void mic_dialect::on(core::conn &c, const mic::query &request) {
  const core::channel *within = ids.channel_of(request.oid);
  const bool known = request.oid >= mic::group_domain && request.oid <= mic::group_services;
  const unsigned kind = kind_asked(request, within != nullptr);
  if (kind == 0 && !known)
    return result(c, request.oid, mic::result::unknown_id);
  const auto usable = [&](mic::property_id id) {
    const mic::property_row *row = mic::find_property(id);
    return row && (kind == 0 || (row->of & kind) != 0) && row->id != mic::prop_system &&
           row->id != mic::prop_user1;
  };
  for (const mic::property_id id : request.wanted.view())
    if (!usable(id))
      return result(c, request.oid, mic::result::unknown_prop);
  for (const mic::condition &one : request.conditions.view())
    if (!usable(one.operand.id))
      return result(c, request.oid, mic::result::unknown_prop);
  core::operation op = make(c, CONFAB_EVENT_QUERY);
  confab_event_query &e = op.event.query;
  e.kind = (kind & mic::of_user) == 0 ? CONFAB_QUERY_LIST : CONFAB_QUERY_WHO;
  if (within) {
    e.channel = core::world::id(*within);
    e.name = core::str(within->name());
  } else if (kind == 0 || of_server(request)) {
    e.name = core::str(nobody);
  } else if (kind == mic::of_user) {
    const mic::condition *named = naming(request, mic::prop_user_alias);
    const core::user *who = named ? w.find_user(text(c, named->operand.text)) : nullptr;
    if (named)
      e.name = core::str(who ? who->is.nick() : nobody);
    op.terms.mask = named ? std::string_view{} : "*";
  } else if (const mic::condition *named = naming(request, mic::prop_channel_name)) {
    const core::channel *where = w.find_channel(text(c, named->operand.text));
    e.name = core::str(where ? where->name() : nobody);
    op.terms.with_private = true;
  } else if (const mic::condition *numbered = naming(request, mic::prop_id)) {
    const core::channel *where = ids.channel_of(numbered->operand.number);
    e.name = core::str(where ? where->name() : nobody);
    op.terms.with_private = true;
  }
  submit(std::move(op));
}

void mic_dialect::on(core::conn &c, const mic::get_property &request) {
  const core::user *who = ids.user_of(request.oid);
  const core::channel *where = ids.channel_of(request.oid);
  core::member *m = ids.member_of(request.oid);
  const bool server = request.oid == mic::server_number;
  const bool network = request.oid == mic::network_number;
  const unsigned kind = who       ? mic::of_user
                        : where   ? mic::of_channel
                        : m       ? mic::of_member
                        : server  ? mic::of_server | mic::of_network
                        : network ? mic::of_network
                                  : 0;
  if (kind == 0)
    return result(c, request.oid, mic::result::unknown_id);
  for (const mic::property_id id : request.ids.view()) {
    const mic::property_row *row = mic::find_property(id);
    if (!row || row->id == mic::prop_system || row->id == mic::prop_user1)
      return result(c, request.oid, mic::result::unknown_prop);
    if ((row->of & kind) == 0)
      return result(c, request.oid, mic::result::bad_property);
    const bool guarded =
        row->id == mic::prop_channel_keyword || row->id == mic::prop_channel_banned;
    const core::member *own = where ? w.find_member(*c.who, *where) : nullptr;
    if (guarded && !(own && core::on_stage(*own)) && !core::is_operator(c.who))
      return result(c, request.oid, mic::result::no_access);
  }
  if (server || network)
    return answer_server(c, request);
  core::operation op = make(c, CONFAB_EVENT_QUERY);
  confab_event_query &e = op.event.query;
  if (where) {
    e.kind = CONFAB_QUERY_LIST;
    e.name = core::str(where->name());
    op.terms.with_private = true;
  } else {
    if (m && !core::visible(w, c.who, *m))
      return result(c, request.oid, mic::result::unknown_id);
    e.kind = CONFAB_QUERY_WHO;
    e.name = core::str((m ? w.user_of(*m) : *who).is.nick());
  }
  submit(std::move(op));
}

// --- answers
// ---------------------------------------------------------------------------------------

// Answers have the form of their questions: a client may mix both.
mic::encoding mic_dialect::answer_form(const core::conn &c, std::string_view request) noexcept {
  return {mic::read_header(request).wide(), encoding_of(c.variant).page};
}

void mic_dialect::query_begin(core::conn &c, const core::operation &) {
  records_.reset();
  session_of(c).records = 0;
  session_of(c).held.clear(w.mem);
}

void mic_dialect::query_row(core::conn &c, const core::operation &op, const core::query_row &row) {
  if (op.request.empty() || row.code != CONFAB_REFUSED_NONE)
    return;
  subject of{0, row.where, row.who, row.membership};
  if (row.who && row.membership)
    of.where = nullptr;
  const mic::client_message &request = asked(op);
  std::array<mic::property_value, mic::properties_max> values;
  const auto fill = [&](std::span<const mic::property_id> wanted) {
    values_used_ = 0;
    for (std::size_t i = 0; i < wanted.size(); ++i)
      values[i] = value_of(c, wanted[i], of);
    return std::span<const mic::property_value>(values).first(wanted.size());
  };
  if (const auto *one = std::get_if<mic::get_property>(&request)) {
    if (!of.where && !of.membership)
      of.membership = ids.member_of(one->oid);
    add_record(c, mic::kind::data_property, one->oid, one->info, one->ids.view(),
               fill(one->ids.view()), answer_form(c, op.request));
  } else if (const auto *many = std::get_if<mic::query>(&request)) {
    if (of_server(*many) || !meets_all(c, *many, of) ||
        (many->records_max != 0 && session_of(c).records >= many->records_max))
      return;
    add_record(c, mic::kind::data_query, many->oid, many->info, many->wanted.view(),
               fill(many->wanted.view()), answer_form(c, op.request));
  }
}

bool mic_dialect::meets_all(core::conn &c, const mic::query &asked, const subject &of) {
  bool so_far = true;
  for (const mic::condition &one : asked.conditions.view()) {
    values_used_ = 0;
    const mic::property_value value = value_of(c, one.operand.id, of);
    bool met = false;
    if (mic::is_text(mic::type_of(one.operand.id))) {
      std::array<char, std::size_t{3} * mic::frame_bytes_max> room;
      const mic::converted done = mic::to_utf8(one.operand.text, encoding_of(c.variant).page, room);
      met = mic::meets(one.op, w.casemap(), value.text, {room.data(), done.bytes});
    } else {
      met = mic::is_bytes(mic::type_of(one.operand.id)) ? mic::meets(one, value.text)
                                                        : mic::meets(one, value.number);
    }
    so_far = mic::join(so_far, one, met);
  }
  return so_far;
}

// Goes out with the frame that is full; the last frame is kept until it is known to be that.
void mic_dialect::add_record(core::conn &c, mic::kind what, mic::object_id oid, bool info,
                             std::span<const mic::property_id> wanted,
                             std::span<const mic::property_value> values, mic::encoding as) {
  mic_session &s = session_of(c);
  if (!s.held.empty()) {
    w.send(c, s.held.view());
    s.held.clear(w.mem);
  }
  for (int attempt = 0; attempt < 3; ++attempt) {
    if (!records_)
      records_.emplace(pack_, what, oid, info, wanted, as);
    if (records_->add(values)) {
      ++s.records;
      return;
    }
    if (records_->records() > 0)
      w.send(c, records_->finish(false).frame);
    else
      as.wide = false; // one that no frame holds in wide strings
    records_.reset();
  }
}

// The frame that was begun is not yet the last.
void mic_dialect::query_pause(core::conn &c, const core::operation &) {
  if (!records_)
    return;
  const std::string_view frame = records_->finish(false).frame;
  records_.reset();
  session_of(c).held.assign(w.mem, frame);
}

void mic_dialect::query_end(core::conn &c, const core::operation &op) {
  mic_session &s = session_of(c);
  if (records_) {
    w.send(c, records_->finish(true).frame);
    records_.reset();
  } else if (!s.held.empty()) {
    s.held.data()[1] =
        static_cast<char>(static_cast<unsigned char>(s.held.data()[1]) | mic::flag_last);
    w.send(c, s.held.view());
    s.held.clear(w.mem);
  } else if (!op.request.empty()) {
    const mic::client_message &request = asked(op);
    if (const auto *one = std::get_if<mic::get_property>(&request))
      return result(c, one->oid, mic::result::unknown_id,
                    static_cast<std::uint8_t>(mic::kind::get_property));
    const auto *many = std::get_if<mic::query>(&request);
    if (!many)
      return;
    if (of_server(*many) && !op.refused())
      return answer_group(c, op, *many);
    // What seems to be a channel to whom was told so is one to its queries.
    const mic::condition *numbered = naming(*many, mic::prop_id);
    if (numbered && s.ghost != 0 && numbered->operand.number == s.ghost &&
        many->oid == mic::group_channels) {
      std::array<mic::property_value, mic::properties_max> values{};
      const auto wanted = many->wanted.view();
      for (std::size_t i = 0; i < wanted.size(); ++i)
        values[i] = {wanted[i], mic::plain(wanted[i]) == mic::prop_id ? s.ghost : 0, 0, {}};
      add_record(c, mic::kind::data_query, many->oid, many->info, wanted,
                 std::span<const mic::property_value>(values).first(wanted.size()),
                 answer_form(c, op.request));
      w.send(c, records_->finish(true).frame);
      return records_.reset();
    }
    result(c, many->oid, mic::result::no_matches, static_cast<std::uint8_t>(mic::kind::query));
  }
}

// One record, if it meets the conditions: there is one network here, and one server.
void mic_dialect::answer_group(core::conn &c, const core::operation &op, const mic::query &asked) {
  constexpr auto type = static_cast<std::uint8_t>(mic::kind::query);
  const subject of{asked.oid};
  if (!meets_all(c, asked, of))
    return result(c, asked.oid, mic::result::no_matches, type);
  std::array<mic::property_value, mic::properties_max> values{};
  const auto wanted = asked.wanted.view();
  for (std::size_t i = 0; i < wanted.size(); ++i)
    values[i] = value_of(c, wanted[i], of);
  add_record(c, mic::kind::data_query, asked.oid, asked.info, wanted,
             std::span<const mic::property_value>(values).first(wanted.size()),
             answer_form(c, op.request));
  if (!records_)
    return result(c, asked.oid, mic::result::resource, type);
  w.send(c, records_->finish(true).frame);
  records_.reset();
}

} // namespace confab::session
