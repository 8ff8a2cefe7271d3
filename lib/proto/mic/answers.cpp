// SPDX-License-Identifier: MIT
//
// Building answers item by item: see answers.hpp. An item is written where the frame ends, and
// taken back when that turns out to be beyond its room.

#include "proto/mic/answers.hpp"

namespace confab::mic {

namespace {

std::uint8_t flags_of(encoding as, bool info) noexcept {
  return static_cast<std::uint8_t>((as.wide ? 0 : flag_ansi) | (info ? flag_info : 0));
}

// Keeps what was written since `before` if it fits.
bool settle(writer &to, std::size_t before, std::size_t &count) noexcept {
  if (!to.fits()) {
    to.rewind(before);
    return false;
  }
  ++count;
  return true;
}

written end(writer &to, bool last) noexcept {
  if (last)
    to.add_flags(flag_last);
  return to.finish();
}

} // namespace

member_list_writer::member_list_writer(std::span<char> out, object_id cid, encoding as) noexcept
    : to_(out, kind::data_member_list, flags_of(as, false)), as_(as) {
  to_.u32(cid);
}

bool member_list_writer::add(object_id mid, std::uint32_t modes, std::string_view alias) noexcept {
  const std::size_t before = to_.used();
  to_.u32(mid);
  to_.u32(modes);
  to_.u8(as_.wide ? 0 : flag_ansi);
  const std::size_t at = to_.used();
  to_.u8(0);
  const std::size_t units = to_.text(alias, as_, counted_units_max / as_.unit_bytes());
  to_.replace_u8(at, units * as_.unit_bytes());
  return settle(to_, before, items_);
}

written member_list_writer::finish(bool last) noexcept { return end(to_, last); }

record_writer::record_writer(std::span<char> out, kind what, object_id oid, bool info,
                             std::span<const property_id> ids, encoding as) noexcept
    : to_(out, what, flags_of(as, info)), as_(as) {
  to_.u32(oid);
  to_.u8(static_cast<std::uint32_t>(ids.size()));
  for (const property_id one : ids)
    to_.u16(one);
}

bool record_writer::add(std::span<const property_value> values) noexcept {
  const std::size_t before = to_.used();
  for (const property_value &value : values)
    write_value(to_, as_, value);
  return settle(to_, before, records_);
}

written record_writer::finish(bool last) noexcept { return end(to_, last); }

} // namespace confab::mic
