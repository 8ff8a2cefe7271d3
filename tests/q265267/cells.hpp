// SPDX-License-Identifier: MIT
//
// One cell of the matrix: which act, by whom and among whom, in which stage it is met by what. And
// playing it.
#pragma once

#include "q265267/verdicts.hpp"

#include <vector>

namespace q265267 {

struct cell {
  const act *what;
  cast who;
  const verdict *met_by;
  std::uint32_t stage;
  const rewrite *with; // null where nothing is rewritten
};

std::string name_of(const cell &c);

// The rules of the channel keep it out, before any filter is asked.
bool kept_out(const act &a, const cast &c);

// All cells of one act.
std::vector<cell> cells_of(const act &a);

// Plays it; what is wrong, or "".
std::string play(const cell &c);

} // namespace q265267
