// SPDX-License-Identifier: MIT
//
// The values of properties (spec mic §6.3; decisions.hpp, 8, 14): of channels, users, members and
// the server, as far as who asks may know them. What it may not is empty or 0.

#include "core/properties.hpp"

#include "proto/mic/guid.hpp"
#include "proto/mic/modes.hpp"
#include "session/mic/dialect.hpp"
#include "session/mic/words.hpp"
#include "text/ipv4.hpp"

#include <confab/version.h>
#include <fmt/format.h>

namespace confab::session {

namespace {

// The four bytes of an IPv4 address in network order, or 0.
std::uint32_t ipv4_of(std::string_view address) noexcept {
  std::array<std::uint8_t, 4> bytes;
  return text::parse_ipv4(address, bytes) ? mic::packed(bytes) : 0;
}

std::uint32_t seconds(std::int64_t s) noexcept { return static_cast<std::uint32_t>(s); }

// Which of the core's properties it is; nothing for what is none.
std::string_view name_of(mic::property_id id) noexcept {
  switch (id) {
  case mic::prop_channel_topic:
    return "TOPIC";
  case mic::prop_channel_subject:
    return "SUBJECT";
  case mic::prop_channel_account:
    return "ACCOUNT";
  case mic::prop_channel_pics:
    return "PICS";
  case mic::prop_channel_data:
    return "CLIENT";
  case mic::prop_channel_client_guid:
    return "CLIENTGUID";
  case mic::prop_channel_service_guid:
    return "SERVICEPATH";
  default:
    return {};
  }
}

} // namespace

mic::property_value mic_dialect::value_of(core::conn &c, mic::property_id id, const subject &of) {
  if (of.group != 0)
    return server_value(id, of.group == mic::group_networks);
  return of.who || of.membership ? user_value(id, of) : channel_value(c, id, *of.where);
}

mic::property_value mic_dialect::channel_value(core::conn &c, mic::property_id id,
                                               const core::channel &where) {
  const auto number = [&](std::uint32_t value) {
    return mic::property_value{id, value, UINT32_MAX, {}};
  };
  const auto words = [&](std::string_view value) { return mic::property_value{id, 0, 0, value}; };
  const core::sight seen = core::sight_of(w, c.who, where);
  const core::member *own = c.who ? w.find_member(*c.who, where) : nullptr;
  const bool trusted = (own && core::on_stage(*own)) || core::is_operator(c.who);
  const mic::property_id which = mic::plain(id);
  if (const std::string_view name = name_of(which); !name.empty()) {
    const core::property_row &row = *core::find_property(name);
    const std::string_view value =
        core::refusal_to_read(w, c.who, where, row) == CONFAB_REFUSED_NONE
            ? core::property_text(w, where, row.id, {})
            : std::string_view{};
    return words(mic::is_text(mic::type_of(which)) ? value : guid_of(value));
  }
  switch (which) {
  case mic::prop_id:
  case mic::prop_channel_id:
    return number(ids.of(where));
  case mic::prop_channel_name:
    return words(where.name());
  case mic::prop_channel_members:
    return number(static_cast<std::uint32_t>(where.roster.size()));
  case mic::prop_server:
    return number(mic::server_number);
  default:
    break;
  }
  if (seen < core::sight::by_name) // its name and how many are in it, and no more
    return mic::property_value{id, 0, 0, {}};
  switch (which) {
  case mic::prop_ctime:
    return number(seconds(where.created_s));
  case mic::prop_modes:
  case mic::prop_modes2:
    return number(channel_mode_word(where));
  case mic::prop_channel_flags:
  case mic::prop_channel_flags2:
    return number(channel_flag_word(where));
  case mic::prop_channel_limit:
    return number(where.has(CONFAB_CMODE_LIMIT) ? where.limit : 0);
  case mic::prop_channel_keyword:
    return words(trusted ? where.key.view() : std::string_view{});
  case mic::prop_channel_banned:
    return words(trusted ? banned_masks(where) : std::string_view{});
  default:
    return mic::property_value{id, 0, 0, {}};
  }
}

// With one space between them, as many whole ones as fit.
std::string_view mic_dialect::banned_masks(const core::channel &where) {
  char *begin = values_.data() + values_used_;
  std::size_t used = 0;
  const std::size_t room = std::min(mic::counted_units_max, values_.size() - values_used_);
  for (const core::access_entry &entry : where.access.entries) {
    if (entry.list != CONFAB_LIST_BAN || core::is_expired(entry.expires_s, w.unix_s()))
      continue;
    const std::string_view mask = entry.mask.view();
    if (used + mask.size() + 1 > room)
      break;
    if (used > 0)
      begin[used++] = ' ';
    used += mask.copy(begin + used, mask.size());
  }
  values_used_ += used;
  return {begin, used};
}

// The bytes of a GUID; none where the text is something else, as a path may be.
std::string_view mic_dialect::guid_of(std::string_view text) {
  std::array<char, mic::guid_bytes> guid;
  if (!mic::read_guid(text, guid) || values_.size() - values_used_ < guid.size())
    return {};
  char *at = values_.data() + values_used_;
  values_used_ += std::string_view(guid.data(), guid.size()).copy(at, guid.size());
  return {at, guid.size()};
}

mic::property_value mic_dialect::user_value(mic::property_id id, const subject &of) {
  const core::user &who = of.who ? *of.who : w.user_of(*of.membership);
  const auto number = [&](std::uint32_t value) {
    return mic::property_value{id, value, UINT32_MAX, {}};
  };
  const auto words = [&](std::string_view value) { return mic::property_value{id, 0, 0, value}; };
  switch (mic::plain(id)) {
  case mic::prop_id:
    return number(of.membership ? ids.of(*of.membership) : ids.of(who));
  case mic::prop_user_id:
    return number(ids.of(who));
  case mic::prop_ctime:
    return number(of.membership ? of.membership->joined_s
                                : seconds(w.unix_ns_of(who.registered) / 1'000'000'000));
  case mic::prop_modes:
  case mic::prop_modes2:
    return number(of.membership ? member_mode_word(w, *of.membership)
                                : user_mode_word(who, speaks_mic(who)));
  case mic::prop_server:
    return number(mic::server_number);
  case mic::prop_user_alias:
  case mic::prop_member_alias:
    return words(who.is.nick());
  case mic::prop_user_ident: {
    char *at = values_.data() + values_used_;
    const std::size_t room = values_.size() - values_used_;
    const auto end = fmt::format_to_n(at, room, "{}@{}", who.is.username(), who.is.hostname());
    const std::size_t used = std::min(room, end.size);
    values_used_ += used;
    return words({at, used});
  }
  case mic::prop_user_name:
    return words(who.is.realname());
  case mic::prop_user_ipaddr: // what others see as its host may be no address
    return number(ipv4_of(who.is.hostname()));
  case mic::prop_user_away:
    return words(who.away.view());
  default: // ports, handles and packages stay here
    return mic::property_value{id, 0, 0, {}};
  }
}

mic::property_value mic_dialect::server_value(mic::property_id id, bool of_network) {
  const auto number = [&](std::uint32_t value) { return mic::property_value{id, value, 0, {}}; };
  const auto words = [&](std::string_view value) { return mic::property_value{id, 0, 0, value}; };
  switch (mic::plain(id)) {
  case mic::prop_id:
    return number(of_network ? mic::network_number : mic::server_number);
  case mic::prop_server:
  case mic::prop_server_id:
    return number(mic::server_number);
  case mic::prop_network_id:
    return number(mic::network_number);
  case mic::prop_ctime:
    return number(seconds(w.unix_ns_of(w.set.values.now) / 1'000'000'000));
  case mic::prop_server_time:
    return number(seconds(w.unix_s()));
  case mic::prop_server_dns:
    return words(w.server_name());
  case mic::prop_server_title:
  case mic::prop_server_info:
    return words(core::view(w.limits().server_info));
  case mic::prop_server_admin:
    return words(core::view(w.limits().admin_email));
  case mic::prop_server_motd:
    return words(core::view(w.limits().motd));
  case mic::prop_server_version:
    return words("confab-" CONFAB_VERSION_STRING);
  default:
    return mic::property_value{id, 0, 0, {}};
  }
}

// What everybody may know is answered at once.
void mic_dialect::answer_server(core::conn &c, const mic::get_property &asked) {
  std::array<mic::property_value, mic::properties_max> values;
  const auto wanted = asked.ids.view();
  for (std::size_t i = 0; i < wanted.size(); ++i)
    values[i] = server_value(wanted[i], asked.oid == mic::network_number);
  mic::encoding as = answer_form(c, request_);
  for (int attempt = 0; attempt < 2; ++attempt) {
    mic::record_writer record(pack_, mic::kind::data_property, asked.oid, asked.info, wanted, as);
    if (record.add(std::span<const mic::property_value>(values).first(wanted.size())))
      return w.send(c, record.finish(true).frame);
    as.wide = false;
  }
  result(c, asked.oid, mic::result::resource);
}

} // namespace confab::session
