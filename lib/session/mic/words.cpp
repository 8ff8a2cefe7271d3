// SPDX-License-Identifier: MIT
//
// Mode words: see words.hpp. Sources: spec mic §5, mic-observed §4.3 and §4.7. What a bit does is
// the core's business, who may change it too; here it is only found. Facts about a user that nobody
// sets, such as that it speaks another protocol, are added to its words.

#include "session/mic/words.hpp"

#include "core/rights.hpp"
#include "proto/mic/modes.hpp"

#include <array>

namespace confab::session {

namespace {

constexpr std::array<word_bit, 10> mode_table{{
    {mic::channel_private, CONFAB_CMODE_PRIVATE},
    {mic::channel_secret, CONFAB_CMODE_SECRET},
    {mic::channel_invite, CONFAB_CMODE_INVITE_ONLY},
    {mic::channel_moderated, CONFAB_CMODE_MODERATED},
    {mic::channel_no_extern, CONFAB_CMODE_NO_EXTERNAL},
    {mic::channel_topic_op, CONFAB_CMODE_TOPIC_LOCKED},
    {mic::channel_auditorium, CONFAB_CMODE_AUDITORIUM},
    {mic::channel_knock, CONFAB_CMODE_KNOCK},
    {mic::channel_no_data, CONFAB_CMODE_NO_DATA},
    {mic::channel_no_whisper, CONFAB_CMODE_NO_WHISPER},
}};

// Clients may ask for those up to ECHO when they make a channel.
constexpr std::array<word_bit, 11> flag_table{{
    {mic::channel_auth_join, CONFAB_CMODE_AUTH_ONLY},
    {mic::channel_auth_talk, CONFAB_CMODE_AUTH_SPEECH},
    {mic::channel_feed, CONFAB_CMODE_FEED},
    {mic::channel_mic_only, CONFAB_CMODE_MIC_ONLY},
    {mic::channel_template, CONFAB_CMODE_CLONEABLE},
    {mic::channel_unicode, CONFAB_CMODE_UNICODE},
    {mic::channel_echo_source, CONFAB_CMODE_ECHO},
    {mic::channel_clone, CONFAB_CMODE_CLONE},
    {mic::channel_persistent, CONFAB_CMODE_REGISTERED},
    {mic::channel_service, CONFAB_CMODE_SERVICE},
    {mic::channel_room_chat, CONFAB_CMODE_NO_FORMAT},
}};

constexpr std::array<word_bit, 5> user_table{{
    {mic::user_invisible, CONFAB_UMODE_INVISIBLE},
    {mic::user_no_data, CONFAB_UMODE_NO_DATA},
    {mic::user_notices, CONFAB_UMODE_SERVER_NOTICES},
    {mic::user_no_whisper, CONFAB_UMODE_NO_WHISPER},
    {mic::user_mic_only, CONFAB_UMODE_MIC_ONLY},
}};

constexpr std::uint32_t bit_if(bool set, std::uint32_t bit) noexcept { return set ? bit : 0; }
constexpr std::uint64_t bit(std::uint32_t mode) noexcept { return std::uint64_t{1} << mode; }

} // namespace

std::span<const word_bit> channel_mode_bits() noexcept { return mode_table; }
std::span<const word_bit> channel_flag_bits() noexcept { return flag_table; }
std::span<const word_bit> user_mode_bits() noexcept { return user_table; }

std::uint32_t channel_mode_word(std::uint64_t modes, std::uint32_t marks) noexcept {
  std::uint32_t word = marks & marked_modes;
  for (const word_bit &row : mode_table)
    word |= (modes & bit(row.mode)) != 0 ? row.bit : 0;
  return word;
}

std::uint32_t channel_flag_word(const core::channel &where) noexcept {
  std::uint32_t word = where.marks >> 16U & marked_flags;
  for (const word_bit &row : flag_table)
    word |= where.has(row.mode) ? row.bit : 0;
  return word | bit_if(where.name().starts_with('&'), mic::channel_local);
}

// PRIVATE and SECRET exclude each other: the stricter one holds. A style of display is no mode of
// the core's that anybody may set; it is kept as a mark.
std::uint64_t modes_of_words(std::uint32_t modes, std::uint32_t flags) noexcept {
  if ((modes & mic::channel_secret) != 0)
    modes &= ~std::uint32_t{mic::channel_private};
  flags &= mic::channel_flags_client & ~marked_flags;
  std::uint64_t out = 0;
  for (const word_bit &row : mode_table)
    out |= (modes & row.bit) != 0 ? bit(row.mode) : 0;
  for (const word_bit &row : flag_table)
    out |= (flags & row.bit) != 0 ? bit(row.mode) : 0;
  return out;
}

bool speaks_mic(const core::user &who) noexcept {
  for (const core::conn *c = who.sessions; c; c = c->next_of_user)
    if (c->framed)
      return true;
  return false;
}

std::uint32_t user_mode_word(const core::user &who, bool of_mic) noexcept {
  std::uint32_t word = bit_if(!of_mic && who.sessions, mic::user_irc);
  for (const word_bit &row : user_table)
    word |= (who.modes & row.mode) != 0 ? row.bit : 0;
  word |= bit_if((who.modes & CONFAB_UMODE_AUTHENTICATED) != 0, mic::user_authenticated);
  word |= bit_if(who.is_away, mic::user_away);
  return word | bit_if(core::is_operator(&who), mic::user_sysop);
}

std::uint32_t member_mode_word(const core::user &who, const core::channel &where,
                               std::uint32_t ranks, std::uint32_t refuses, bool of_mic) noexcept {
  std::uint32_t word = refuses;
  word <<= 8U; // as NO_DATA and NO_WHISPER stand in the word
  if ((ranks & core::ranks_stage) != 0)
    word |= mic::member_host | mic::member_speaker;
  else if ((ranks & CONFAB_RANK_VOICE) != 0 || !where.has(CONFAB_CMODE_MODERATED))
    word |= mic::member_speaker;
  word |= bit_if((who.modes & CONFAB_UMODE_AUTHENTICATED) != 0, mic::member_authenticated);
  word |= bit_if(!of_mic && who.sessions, mic::member_irc);
  return word | bit_if(core::is_operator(&who), mic::member_sysop);
}

} // namespace confab::session
