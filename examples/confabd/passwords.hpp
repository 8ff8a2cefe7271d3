// SPDX-License-Identifier: MIT
//
// Passwords as the configuration holds them: plain, or an Argon2id hash (RFC 9106) in its usual
// text form. Comparing takes the same time wherever the difference is. Who asks, and in which
// thread a hash is computed, is decided in credentials.cpp.
#pragma once

#include <string>
#include <string_view>

namespace confabd {

// Is it a hash that would have to be computed, which takes tens of milliseconds?
bool is_password_hash(std::string_view stored) noexcept;

// What is wrong with `stored`; empty: nothing.
std::string_view password_problem(std::string_view stored);

bool password_matches(const std::string &stored, std::string_view given);

// Empty when there is not enough memory for it (64 MiB).
std::string hash_password(std::string_view plain);

// Overwrites a password that is no longer needed.
void forget(std::string &password) noexcept;

} // namespace confabd
