// SPDX-License-Identifier: MIT
//
// The generator: every act x every cast that can bring it about x every stage x every verdict that
// applies there. Nothing is left out by hand: what a row of a table says decides.
#include "q265267/cells.hpp"

namespace q265267 {

namespace {

const char *const stage_names[] = {"TRANSFORM", "POLICY", "OVERRIDE", "OBSERVE"};

std::vector<cast> casts_of(const act &a) {
  std::vector<cast> out;
  const bool submits = scene::submittable(a) && !a.is(act_by_client);
  for (const room &where : rooms())
    for (const protocol &others : protocols()) {
      for (const protocol &origin : protocols())
        if (a.is(act_opens) || origin.can(a.what))
          out.push_back({&origin, &others, &where, origin_kind::client});
      if (submits && !a.is(act_server_only))
        out.push_back({&others, &others, &where, origin_kind::user});
      if ((submits && a.is(act_by_server)) || a.is(act_by_host))
        out.push_back({&others, &others, &where, origin_kind::server});
    }
  return out;
}

} // namespace

bool kept_out(const act &a, const cast &c) {
  return a.is(act_enters) && c.where->for_mic && c.by == origin_kind::client &&
         c.origin->bit != CONFAB_PROTOCOL_MIC;
}

namespace {

// Is there something that the client could have said, to hold what a filter made of it against?
bool sayable(const act &a, const cast &c, const rewrite &with) {
  if (c.by != origin_kind::client || a.is(act_opens | act_output))
    return true;
  intent meant = a.what;
  change(meant, with.field, with.said ? with.said : with.value, with.number);
  return c.origin->can(meant);
}

bool meets(const act &a, const cast &c, const verdict &v, std::uint32_t stage) {
  const bool line = a.type == CONFAB_EVENT_LINE_IN || a.type == CONFAB_EVENT_LINE_OUT;
  const bool never_waits = a.is_final() || a.is(act_no_wait);
  if ((v.stages >> stage & 1U) == 0)
    return false;
  if (a.is(act_row) && stage != CONFAB_STAGE_POLICY && stage != CONFAB_STAGE_OVERRIDE)
    return false; // rows of answers are judged, and nothing else
  if (a.is_final() && (stage == CONFAB_STAGE_OVERRIDE || v.is(verdict_lifted)))
    return false; // what is not denied is not lifted
  if (v.is(verdict_waits | verdict_defers) && never_waits)
    return false;
  if (v.is(verdict_no_wait) && !never_waits)
    return false;
  if (v.is(verdict_bypassed) && (line || a.type != a.what.type || a.is(act_row | act_custom)))
    return false; // the whole act is judged by what was stopped, not that event alone
  if (kept_out(a, c) && (v.traits != 0 || v.then != aftermath::none))
    return false; // no handler is asked: what the simple ones would say is enough
  if (v.is(verdict_cpp) && (a.is(act_custom) || !can_throw(a.type)))
    return false; // the wrapper fixes the type
  return scene::can_follow(v.then, a, c, v.is(verdict_in_handler));
}

} // namespace

std::string name_of(const cell &c) {
  std::string out = std::string(c.what->name) + ", by " + name_of(c.who) + ": in " +
                    stage_names[c.stage] + " a handler " + c.met_by->name;
  if (c.with)
    out += " member " + std::to_string(c.with->field) + " to \"" + c.with->value + "\"" +
           (c.with->field < CONFAB_FIELD_KIND ? "" : std::to_string(c.with->number));
  return out;
}

std::vector<cell> cells_of(const act &a) {
  std::vector<cell> out;
  for (const cast &who : casts_of(a))
    for (const verdict &v : verdicts())
      for (std::uint32_t stage = 0; stage < CONFAB_STAGE_COUNT; ++stage) {
        if (!meets(a, who, v, stage))
          continue;
        if (!v.is(verdict_rewrites | verdict_texts)) {
          out.push_back({&a, who, &v, stage, nullptr});
          continue;
        }
        for (const rewrite &with : a.rewrites)
          if ((v.is(verdict_rewrites) || with.field < CONFAB_FIELD_KIND) && sayable(a, who, with))
            out.push_back({&a, who, &v, stage, &with});
      }
  return out;
}

} // namespace q265267
