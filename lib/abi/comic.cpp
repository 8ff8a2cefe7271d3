// SPDX-License-Identifier: MIT
//
// The exported function of comic.h over text/comic.hpp. It belongs to no engine, changes nothing,
// and remembers nothing: only the numbers of the C API are made here. The grammar is the text
// library's.

#include "text/comic.hpp"
#include "abi/handle.hpp"

#include <confab/comic.h>

using namespace confab;

namespace {

static_assert(static_cast<std::uint32_t>(text::comic_kind::ring) == CONFAB_COMIC_RING);
static_assert(static_cast<std::uint32_t>(text::comic_mode::action) == CONFAB_COMIC_ACTION);

void put(const text::comic_drawing &from, uint32_t &index, uint32_t &emotion,
         uint32_t &intensity) noexcept {
  index = from.given ? from.index : UINT32_MAX;
  emotion = from.given ? from.emotion : UINT32_MAX;
  intensity = from.given ? from.intensity : UINT32_MAX;
}

} // namespace

confab_status confab_comic_read(confab_str text, uint32_t data, confab_comic *out) {
  if (text.len > 0 && !text.ptr)
    return CONFAB_ERR_ARG;
  const text::comic_message read =
      data != 0 ? text::read_comic_data(core::view(text)) : text::read_comic(core::view(text));
  confab_comic full{};
  full.kind = static_cast<uint32_t>(read.kind);
  const bool pose = read.kind == text::comic_kind::pose;
  full.mode = pose ? static_cast<uint32_t>(read.mode) : 0;
  full.requested = read.requested ? 1 : 0;
  put(read.torso, full.torso, full.torso_emotion, full.torso_intensity);
  put(read.face, full.face, full.face_emotion, full.face_intensity);
  full.names = core::str(read.names);
  full.name = core::str(read.name);
  full.url = core::str(read.url);
  full.text = core::str(read.text);
  return abi::give_struct(full, out);
}
