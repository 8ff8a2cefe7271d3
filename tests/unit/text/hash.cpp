// SPDX-License-Identifier: MIT
//
// text/hash: SipHash-1-3 against values from another implementation, a direct transcription of the
// paper in Python, itself checked against the paper's SipHash-2-4 vector (a129ca6149be45e5) and
// against CPython 3.11, whose hash() of bytes is SipHash-1-3 under the zero key with
// PYTHONHASHSEED=0.
#include "text/hash.hpp"

#include "support/catch.hpp"

#include <set>
#include <string>

using namespace confab;
using text::casemap;

namespace {

// The paper's key: the bytes 00 to 0f.
constexpr text::hash_key paper_key{0x0706050403020100U, 0x0f0e0d0c0b0a0908U};

// The paper's message: the bytes 00, 01, 02 and so on.
std::string paper_message(std::size_t bytes) {
  std::string out;
  for (std::size_t i = 0; i < bytes; ++i)
    out.push_back(static_cast<char>(i & 0xffU));
  return out;
}

struct vector {
  std::size_t bytes;
  std::uint64_t hash;
};

constexpr vector vectors[] = {
    {0, 0xabac0158050fc4dcU},   {1, 0xc9f49bf37d57ca93U},   {2, 0x82cb9b024dc7d44dU},
    {3, 0x8bf80ab8e7ddf7fbU},   {4, 0xcf75576088d38328U},   {5, 0xdef9d52f49533b67U},
    {6, 0xc50d2b50c59f22a7U},   {7, 0xd3927d989bb11140U},   {8, 0x369095118d299a8eU},
    {9, 0x25a48eb36c063de4U},   {15, 0xd320d86d2a519956U},  {16, 0xcc4fdd1a7d908b66U},
    {17, 0x9cf2689063dbd80cU},  {31, 0x2370dd1f8c21d1bcU},  {63, 0x9d199062b7bbb3a8U},
    {255, 0xf76214e3153c4a15U}, {256, 0x75b3e64e167de370U}, {257, 0x5d8ffca6213c73b8U},
};

} // namespace

TEST_CASE("hash: SipHash-1-3 gives the reference values", "[text]") {
  for (const vector &v : vectors) {
    CAPTURE(v.bytes);
    CHECK(text::siphash13(paper_key, paper_message(v.bytes)) == v.hash);
  }
  CHECK(text::siphash13({0, 0}, "#channel-name-of-some-length") == 0x07ffc803fb8739f7U);
}

TEST_CASE("hash: the key and the length matter", "[text]") {
  CHECK(text::siphash13({1, 0}, "a") != text::siphash13({0, 1}, "a"));
  std::set<std::uint64_t> seen;
  for (std::size_t i = 0; i <= 64; ++i)
    seen.insert(text::siphash13(paper_key, std::string(i, '\0')));
  CHECK(seen.size() == 65);
}

TEST_CASE("hash: the folded hash is the hash of the folded text", "[text]") {
  for (const casemap map : {casemap::ascii, casemap::rfc1459})
    for (std::size_t bytes = 0; bytes <= 300; ++bytes) {
      const std::string s = paper_message(bytes);
      std::string folded(bytes, '\0');
      text::fold_into(map, s, folded.data());
      CAPTURE(bytes);
      CHECK(text::siphash13_folded(paper_key, map, s) == text::siphash13(paper_key, folded));
    }
}

TEST_CASE("hash: names that are equal hash alike, under their mapping only", "[text]") {
  const auto hash = [](casemap map, std::string_view s) {
    return text::siphash13_folded(paper_key, map, s);
  };
  CHECK(hash(casemap::ascii, "#Chan") == hash(casemap::ascii, "#cHAN"));
  CHECK(hash(casemap::rfc1459, "nick[]\\~") == hash(casemap::rfc1459, "NICK{}|^"));
  CHECK(hash(casemap::ascii, "nick[]\\~") != hash(casemap::ascii, "NICK{}|^"));
}
