// SPDX-License-Identifier: MIT
//
// Passwords by way of libsodium. Nothing here blocks on anything but the processor, keeps state, or
// logs.
#include "passwords.hpp"

#include <sodium.h>

namespace confabd {
namespace {

constexpr std::string_view hash_prefix = "$argon2id$";

// Equal lengths for sodium_memcmp, so that not even the length of the right password shows.
using digest = unsigned char[crypto_generichash_BYTES];

void digest_of(std::string_view text, digest &out) {
  crypto_generichash(out, sizeof out, reinterpret_cast<const unsigned char *>(text.data()),
                     text.size(), nullptr, 0);
}

} // namespace

bool is_password_hash(std::string_view stored) noexcept { return stored.starts_with(hash_prefix); }

std::string_view password_problem(std::string_view stored) {
  if (!stored.starts_with("$argon2")) {
    return stored.find_first_of(std::string_view("\r\n\0", 3)) == stored.npos
               ? ""
               : "a password is one line";
  }
  const std::string text(stored);
  const bool readable =
      is_password_hash(stored) && stored.size() < crypto_pwhash_STRBYTES &&
      crypto_pwhash_str_needs_rehash(text.c_str(), crypto_pwhash_OPSLIMIT_INTERACTIVE,
                                     crypto_pwhash_MEMLIMIT_INTERACTIVE) != -1;
  return readable ? "" : "is not a hash that `confabd hash-password` made";
}

bool password_matches(const std::string &stored, std::string_view given) {
  if (is_password_hash(stored)) {
    return crypto_pwhash_str_verify(stored.c_str(), given.data(), given.size()) == 0;
  }
  digest a;
  digest b;
  digest_of(stored, a);
  digest_of(given, b);
  return sodium_memcmp(a, b, sizeof a) == 0;
}

std::string hash_password(std::string_view plain) {
  char out[crypto_pwhash_STRBYTES];
  if (crypto_pwhash_str(out, plain.data(), plain.size(), crypto_pwhash_OPSLIMIT_INTERACTIVE,
                        crypto_pwhash_MEMLIMIT_INTERACTIVE) != 0) {
    return {};
  }
  return out;
}

void forget(std::string &password) noexcept {
  sodium_memzero(password.data(), password.size());
  password.clear();
}

} // namespace confabd
