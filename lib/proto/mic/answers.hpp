// SPDX-License-Identifier: MIT
//
// Frames that hold as many items as fit: DATAMEMBERLIST (spec/mic.md §3.33) and the records of
// DATAPROPERTY and DATAQUERY (§3.34). A writer takes items until one does not fit; the caller then
// finishes the frame, sends it and begins the next with that item. An item is never split. An
// answer is one or several frames, the last of which says that it is.

#pragma once

#include "proto/mic/property.hpp"
#include "proto/mic/writer.hpp"

#include <span>

namespace confab::mic {

class member_list_writer {
public:
  member_list_writer(std::span<char> out, object_id cid, encoding as) noexcept;

  // False, and the frame as it was, when it does not fit. Here the length of the alias counts bytes
  // and each item tells its own form, unlike anywhere else; half an alias is never written.
  bool add(object_id mid, std::uint32_t modes, std::string_view alias) noexcept;
  std::size_t items() const noexcept { return items_; }

  written finish(bool last) noexcept;

private:
  writer to_;
  encoding as_;
  std::size_t items_ = 0;
};

class record_writer {
public:
  // `what` is data_property or data_query; `info` repeats the flag of the request. All records of a
  // frame have these properties, 1 to properties_max of them.
  record_writer(std::span<char> out, kind what, object_id oid, bool info,
                std::span<const property_id> ids, encoding as) noexcept;

  // One value for each property, in the same order. False, and the frame as it was, when it does
  // not fit.
  bool add(std::span<const property_value> values) noexcept;
  std::size_t records() const noexcept { return records_; }

  written finish(bool last) noexcept;

private:
  writer to_;
  encoding as_;
  std::size_t records_ = 0;
};

} // namespace confab::mic
