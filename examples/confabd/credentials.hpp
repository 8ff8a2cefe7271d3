// SPDX-License-Identifier: MIT
//
// Answers the engine's questions about passwords: may this connection register, is this an
// operator? Hashes are computed in libuv's thread pool, while the asker waits and everybody else
// goes on. What a password looks like is in passwords.hpp.
#pragma once

#include "options.hpp"
#include "runtime.hpp"

#include <string>
#include <vector>

namespace confabd {

class credentials {
public:
  explicit credentials(runtime &rt) : rt_(rt) {}

  void configure(const configuration &config);

  // For CONFAB_REQUEST_PASSWORD and CONFAB_REQUEST_OPER: OK, PARKED (the answer comes later), or a
  // refusal.
  confab_status answer(const confab_request &request);

private:
  struct verification;

  confab_status answer_oper(const confab_request &request);
  // `administrator`: whom to make one when it is right; 0: nobody.
  confab_status verify(const std::string &stored, const confab_request &request,
                       confab_id administrator);

  runtime &rt_;
  std::string password_; // empty: everybody may register
  std::vector<operator_options> operators_;
  std::size_t running_ = 0;
};

} // namespace confabd
