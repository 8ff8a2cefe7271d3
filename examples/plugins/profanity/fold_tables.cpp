// SPDX-License-Identifier: MIT
//
// What single characters become: asked of ICU once per process for the parts of Unicode whose
// letters have case, width, accents or look-alikes, and kept as a table. Characters outside of them
// stay what they are. ICU is not asked while a text is read, but what kind of character one is that
// is not in the table.
#include "profanity/fold.hpp"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/uscript.h>
#include <unicode/uspoof.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <dlfcn.h>
#include <memory>

namespace profanity {
namespace {

struct range {
  char32_t first, last;
};

// Latin to Georgian and Cherokee, phonetic letters, letterlike signs, enclosed letters; the
// additions to Latin and Cyrillic; ligatures; full-width forms; letters of mathematics and emoji.
constexpr range ranges[] = {
    {0x80, 0x33ff},   {0xa640, 0xa69f}, {0xa720, 0xa7ff},   {0xab30, 0xabbf},   {0xfb00, 0xfb4f},
    {0xfe00, 0xfe2f}, {0xfeff, 0xffef}, {0x10400, 0x1044f}, {0x1d400, 0x1d7ff}, {0x1f100, 0x1f1ff}};

// Accents that go with any script; the vowels and signs of Indic scripts are letters here.
bool is_accent(UChar32 c) {
  UErrorCode status = U_ZERO_ERROR;
  return u_charType(c) == U_NON_SPACING_MARK && uscript_getScript(c, &status) == USCRIPT_INHERITED;
}

glyph kind_of(UChar32 c) {
  if (is_accent(c))
    return glyph::combined;
  if (u_isUWhiteSpace(c))
    return glyph::space;
  if (u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT) || u_charType(c) == U_CONTROL_CHAR)
    return glyph::gone;
  if (!u_isalnum(c) && (U_GET_GC_MASK(c) & U_GC_M_MASK) == 0)
    return glyph::single;
  switch (u_getIntPropertyValue(c, UCHAR_LINE_BREAK)) {
  case U_LB_IDEOGRAPHIC:
  case U_LB_CONDITIONAL_JAPANESE_STARTER:
  case U_LB_COMPLEX_CONTEXT:
    return glyph::single; // no spaces between words
  default:
    return glyph::word;
  }
}

icu::UnicodeString without_accents(const icu::UnicodeString &text) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::UnicodeString apart =
      icu::Normalizer2::getNFDInstance(status)->normalize(text, status);
  icu::UnicodeString out;
  for (int32_t i = 0; U_SUCCESS(status) && i < apart.length(); i = apart.moveIndex32(i, 1))
    if (!is_accent(apart.char32At(i)))
      out.append(apart.char32At(i));
  return U_SUCCESS(status) ? out : text;
}

bool all_latin_letters(const icu::UnicodeString &text) {
  for (int32_t i = 0; i < text.length(); ++i)
    if (text[i] < u'a' || text[i] > u'z')
      return false;
  return !text.isEmpty();
}

struct spoof_closer {
  void operator()(USpoofChecker *checker) const { uspoof_close(checker); }
};
using spoof_checker = std::unique_ptr<USpoofChecker, spoof_closer>;

// What `text` looks like, as small letters.
icu::UnicodeString looks_like(const USpoofChecker *checker, const icu::UnicodeString &text) {
  UErrorCode status = U_ZERO_ERROR;
  icu::UnicodeString out;
  uspoof_getSkeletonUnicodeString(checker, 0, text, out, &status);
  return U_SUCCESS(status) ? without_accents(out).toLower() : text;
}

// The letter that the name of a character ends with: of "LATIN LETTER SMALL CAPITAL A", "NEGATIVE
// SQUARED LATIN CAPITAL LETTER A", "REGIONAL INDICATOR SYMBOL LETTER A", which look like it and
// that no other table says it of. Empty when there is none.
icu::UnicodeString named_letter(UChar32 c) {
  char name[128];
  UErrorCode status = U_ZERO_ERROR;
  const int32_t len = u_charName(c, U_UNICODE_CHAR_NAME, name, sizeof name, &status);
  const std::string_view said(name, U_SUCCESS(status) ? static_cast<std::size_t>(len) : 0);
  const bool latin = said.starts_with("LATIN ") || said.find(" LATIN ") != said.npos ||
                     said.starts_with("REGIONAL INDICATOR ");
  if (!latin || said.size() < 2 || said[said.size() - 2] != ' ' || said.back() < 'A' ||
      said.back() > 'Z')
    return {};
  return icu::UnicodeString(static_cast<UChar32>(said.back())).toLower();
}

// A small letter may look like nothing (в) and its capital like something (B): both are tried, and
// only plain Latin letters count as found. ASCII is never changed: to say that m looks like rn, or
// l like 1, hits more good words than bad ones.
icu::UnicodeString fold_char(const USpoofChecker *checker, UChar32 c) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::UnicodeString original(c);
  icu::UnicodeString plain = without_accents(
      icu::Normalizer2::getNFKCCasefoldInstance(status)->normalize(original, status));
  if (U_FAILURE(status))
    return original;
  if (checker == nullptr || plain.isEmpty() || all_latin_letters(plain))
    return plain;
  const icu::UnicodeString named = named_letter(c);
  if (!named.isEmpty())
    return named;
  if (!u_isalpha(c))
    return plain;
  for (const icu::UnicodeString &shape : {plain, icu::UnicodeString(plain).toUpper()}) {
    icu::UnicodeString latin = looks_like(checker, shape);
    if (all_latin_letters(latin))
      return latin;
  }
  return plain;
}

// ICU keeps what it worked out for the whole process, and gives it back to nobody. Were its
// libraries unloaded with the plugin, that would be lost, again with each reload: they stay.
void keep_icu(const void *in_library) {
  Dl_info where{};
  if (dladdr(in_library, &where) != 0 && where.dli_fname)
    (void)dlopen(where.dli_fname, RTLD_LAZY | RTLD_NOLOAD | RTLD_NODELETE);
}

void keep_icu() {
  keep_icu(reinterpret_cast<const void *>(&u_charType));  // libicuuc
  keep_icu(reinterpret_cast<const void *>(&uspoof_open)); // libicui18n
}

} // namespace

const folding &folding::get(bool look_alikes) {
  if (look_alikes) {
    static const folding alike(true);
    return alike;
  }
  static const folding plain(false);
  return plain;
}

folding::folding(bool look_alikes) {
  keep_icu();
  pool_.reserve(1U << 16);
  for (char32_t c = 0; c < 128; ++c) {
    const char small = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : static_cast<char>(c);
    const glyph kind = kind_of(static_cast<UChar32>(c));
    ascii_[c] = {static_cast<std::uint32_t>(pool_.size()), 1, kind};
    pool_ += kind == glyph::space ? ' ' : small;
  }
  for (const range &r : ranges)
    build(r.first, r.last, look_alikes);
}

void folding::build(char32_t first, char32_t last, bool look_alikes) {
  UErrorCode status = U_ZERO_ERROR;
  const spoof_checker checker(look_alikes ? uspoof_open(&status) : nullptr);
  for (char32_t c = first; c <= last; ++c) {
    const auto code = static_cast<UChar32>(c);
    entry made{static_cast<std::uint32_t>(pool_.size()), 0, kind_of(code)};
    const icu::UnicodeString to = fold_char(checker.get(), code);
    if (made.kind == glyph::space) {
      pool_ += ' ';
    } else if (made.kind == glyph::word || made.kind == glyph::single) {
      to.toUTF8String(pool_);
      made.kind = to.isEmpty() ? glyph::gone : kind_of(to.char32At(0));
    }
    made.len = static_cast<std::uint8_t>(pool_.size() - made.offset);
    entries_.push_back(made);
  }
}

folded_char folding::next(std::string_view text, std::size_t &at) const {
  const auto byte = static_cast<unsigned char>(text[at]);
  const auto shown = [this](const entry &e) {
    return folded_char{e.kind, std::string_view(pool_).substr(e.offset, e.len)};
  };
  if (byte < 128) {
    ++at;
    return shown(ascii_[byte]);
  }
  const std::size_t from = at;
  const auto *bytes = reinterpret_cast<const std::uint8_t *>(text.data());
  auto index = static_cast<int32_t>(at);
  UChar32 code = 0;
  U8_NEXT(bytes, index, static_cast<int32_t>(text.size()), code);
  at = static_cast<std::size_t>(index);
  if (code < 0) {
    at = from + 1;
    return {glyph::single, "\xef\xbf\xbd"};
  }
  std::size_t before = 0;
  for (const range &r : ranges) {
    const auto c = static_cast<char32_t>(code);
    if (c >= r.first && c <= r.last)
      return shown(entries_[before + (c - r.first)]);
    before += r.last - r.first + 1;
  }
  return {kind_of(code), text.substr(from, at - from)};
}

} // namespace profanity
