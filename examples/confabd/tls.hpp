// SPDX-License-Identifier: MIT
//
// TLS as a transformation of bytes: OpenSSL between two memory BIOs. There is one pair of BIOs for
// the whole server, lent to a session for the length of one call, so that an idle session holds no
// buffer. Sockets and the engine do not belong here; certificates.cpp makes certificates.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include <openssl/ssl.h>

namespace confabd {

struct tls_options;

struct openssl_free {
  void operator()(SSL *p) const noexcept { SSL_free(p); }
  void operator()(SSL_CTX *p) const noexcept { SSL_CTX_free(p); }
  void operator()(BIO *p) const noexcept { BIO_free(p); }
};

using ssl_handle = std::unique_ptr<SSL, openssl_free>;
using ssl_context = std::unique_ptr<SSL_CTX, openssl_free>;

// One client's session. `established` is false until the handshake is over.
struct tls_session {
  ssl_handle ssl;
  bool established = false;
};

enum class tls_result : unsigned char {
  open,   // go on
  closed, // the peer said that it ends
  failed  // the peer broke the protocol, or speaks none that we allow
};

// What a call produced, besides bytes for the socket (tls_engine::output).
struct tls_step {
  tls_result result = tls_result::open;
  std::size_t bytes = 0; // plain text written (receive) or taken (send)
};

// Reads certificate and key, or makes a certificate. On failure null, and `error` says why.
// `fingerprint` receives the SHA-256 of a certificate that was made.
ssl_context make_tls_context(const tls_options &options, std::string_view server_name,
                             std::string &error, std::string &fingerprint);

class tls_engine {
public:
  tls_engine();

  // The context of sessions from now on; those that exist keep theirs.
  void use(ssl_context context) noexcept { context_ = std::move(context); }
  bool ready() const noexcept { return context_ != nullptr; }

  // Null when memory ran out.
  std::unique_ptr<tls_session> open();

  // Takes all of `cipher`, what a socket delivered, and writes the plain text in it to `plain`,
  // which must have room for cipher.size() bytes and one record more (record_bytes_max).
  tls_step receive(tls_session &session, std::span<const char> cipher, std::span<char> plain);

  // Encrypts from the front of `plain`; takes everything, or nothing and fails.
  tls_step send(tls_session &session, std::span<const char> plain);

  // Says goodbye (close_notify), if a handshake took place.
  void shut_down(tls_session &session);

  // What the calls since clear_output() have for the socket: of one session only.
  std::span<const char> output() const noexcept;
  void clear_output() noexcept;

  static constexpr std::size_t record_bytes_max = 17 * 1024; // RFC 8446 §5.2, rounded up

private:
  ssl_context context_;
  std::unique_ptr<BIO, openssl_free> in_;
  std::unique_ptr<BIO, openssl_free> out_;
};

} // namespace confabd
