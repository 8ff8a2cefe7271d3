// SPDX-License-Identifier: MIT
//
// The OpenSSL calls behind tls_engine. Each call lends the BIOs to one session, lets OpenSSL
// consume all of its input, and takes them back: OpenSSL itself keeps an unfinished record.
// Anything that blocks or touches a socket does not belong here.
#include "tls.hpp"

#include <openssl/err.h>

#include <algorithm>
#include <cassert>
#include <climits>
#include <new>

namespace confabd {
namespace {

// Attaches the BIOs to a session and detaches them again.
class loan {
public:
  loan(SSL *ssl, BIO *in, BIO *out) : ssl_(ssl) {
    BIO_up_ref(in);
    BIO_up_ref(out);
    SSL_set0_rbio(ssl, in);
    SSL_set0_wbio(ssl, out);
    ERR_clear_error(); // SSL_get_error looks at what earlier sessions left there
  }
  ~loan() {
    SSL_set0_rbio(ssl_, nullptr);
    SSL_set0_wbio(ssl_, nullptr);
  }
  loan(const loan &) = delete;
  loan &operator=(const loan &) = delete;

private:
  SSL *ssl_;
};

BIO *make_memory_bio() {
  BIO *bio = BIO_new(BIO_s_mem());
  if (bio == nullptr) {
    throw std::bad_alloc();
  }
  BIO_set_mem_eof_return(bio, -1); // empty means "more later", not the end
  return bio;
}

tls_result result_of(SSL *ssl, int returned) {
  switch (SSL_get_error(ssl, returned)) {
  case SSL_ERROR_WANT_READ:
  case SSL_ERROR_WANT_WRITE:
    return tls_result::open;
  case SSL_ERROR_ZERO_RETURN:
    return tls_result::closed;
  default:
    return tls_result::failed;
  }
}

int clamp_to_int(std::size_t size) noexcept {
  return static_cast<int>(std::min<std::size_t>(size, INT_MAX));
}

} // namespace

tls_engine::tls_engine() : in_(make_memory_bio()), out_(make_memory_bio()) {}

std::unique_ptr<tls_session> tls_engine::open() {
  ssl_handle ssl(SSL_new(context_.get()));
  if (!ssl) {
    return nullptr;
  }
  SSL_set_accept_state(ssl.get());
  auto session = std::make_unique<tls_session>();
  session->ssl = std::move(ssl);
  return session;
}

tls_step tls_engine::receive(tls_session &session, std::span<const char> cipher,
                             std::span<char> plain) {
  assert(plain.size() >= cipher.size() + record_bytes_max);
  SSL *ssl = session.ssl.get();
  const loan lent(ssl, in_.get(), out_.get());
  tls_step step;
  if (BIO_write(in_.get(), cipher.data(), clamp_to_int(cipher.size())) !=
      static_cast<int>(cipher.size())) {
    step.result = tls_result::failed;
  }
  if (!session.established && step.result == tls_result::open) {
    const int returned = SSL_do_handshake(ssl);
    session.established = returned == 1;
    step.result = returned == 1 ? tls_result::open : result_of(ssl, returned);
  }
  while (session.established && step.result == tls_result::open) {
    const std::span<char> room = plain.subspan(step.bytes);
    const int returned = SSL_read(ssl, room.data(), clamp_to_int(room.size()));
    if (returned <= 0) {
      step.result = result_of(ssl, returned);
      break;
    }
    step.bytes += static_cast<std::size_t>(returned);
  }
  // Nothing of this session may meet the next one.
  BIO_reset(in_.get());
  return step;
}

tls_step tls_engine::send(tls_session &session, std::span<const char> plain) {
  const loan lent(session.ssl.get(), in_.get(), out_.get());
  tls_step step;
  const int returned = SSL_write(session.ssl.get(), plain.data(), clamp_to_int(plain.size()));
  if (returned <= 0) {
    step.result = tls_result::failed;
  } else {
    step.bytes = static_cast<std::size_t>(returned);
  }
  return step;
}

void tls_engine::shut_down(tls_session &session) {
  if (session.established) {
    const loan lent(session.ssl.get(), in_.get(), out_.get());
    SSL_shutdown(session.ssl.get());
  }
}

std::span<const char> tls_engine::output() const noexcept {
  char *data = nullptr;
  const long size = BIO_get_mem_data(out_.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

void tls_engine::clear_output() noexcept { BIO_reset(out_.get()); }

} // namespace confabd
