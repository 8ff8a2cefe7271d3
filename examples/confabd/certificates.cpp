// SPDX-License-Identifier: MIT
//
// TLS contexts: which versions and options are allowed, the certificate from files, or a
// self-signed one for development that lives in memory only. Sessions are tls.cpp's.
#include "options.hpp"
#include "tls.hpp"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <fmt/format.h>

namespace confabd {
namespace {

struct x509_free {
  void operator()(X509 *p) const noexcept { X509_free(p); }
  void operator()(EVP_PKEY *p) const noexcept { EVP_PKEY_free(p); }
  void operator()(X509_EXTENSION *p) const noexcept { X509_EXTENSION_free(p); }
};

using certificate = std::unique_ptr<X509, x509_free>;
using private_key = std::unique_ptr<EVP_PKEY, x509_free>;

constexpr long day_s = 24 * 60 * 60;

// OpenSSL's own words for what went wrong last.
std::string openssl_reason() {
  const unsigned long code = ERR_peek_last_error();
  const char *reason = code == 0 ? nullptr : ERR_reason_error_string(code);
  ERR_clear_error();
  return reason == nullptr ? "unknown error" : reason;
}

bool add_names(X509 *x509, std::string_view server_name) {
  const std::string names = fmt::format("DNS:{},DNS:localhost,IP:127.0.0.1,IP:::1", server_name);
  const std::unique_ptr<X509_EXTENSION, x509_free> extension(
      X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, names.c_str()));
  return extension != nullptr && X509_add_ext(x509, extension.get(), -1) == 1;
}

bool fill_in(X509 *x509, EVP_PKEY *key, std::string_view server_name) {
  std::uint64_t serial = 0;
  if (RAND_bytes(reinterpret_cast<unsigned char *>(&serial), sizeof serial) != 1) {
    return false;
  }
  X509_NAME *name = X509_get_subject_name(x509);
  return X509_set_version(x509, X509_VERSION_3) == 1 &&
         ASN1_INTEGER_set_uint64(X509_get_serialNumber(x509), serial >> 1) == 1 &&
         X509_gmtime_adj(X509_getm_notBefore(x509), -day_s) != nullptr &&
         X509_gmtime_adj(X509_getm_notAfter(x509), 365 * day_s) != nullptr &&
         X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                                    reinterpret_cast<const unsigned char *>(server_name.data()),
                                    static_cast<int>(server_name.size()), -1, 0) == 1 &&
         X509_set_issuer_name(x509, name) == 1 && X509_set_pubkey(x509, key) == 1 &&
         add_names(x509, server_name) && X509_sign(x509, key, EVP_sha256()) > 0;
}

std::string fingerprint_of(const X509 *x509) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  if (X509_digest(x509, EVP_sha256(), digest, &size) != 1) {
    return {};
  }
  return fmt::format("{:02x}", fmt::join(digest, digest + size, ""));
}

bool use_self_signed(SSL_CTX *context, std::string_view server_name, std::string &error,
                     std::string &fingerprint) {
  const private_key key(EVP_EC_gen("P-256"));
  const certificate x509(X509_new());
  if (!key || !x509 || !fill_in(x509.get(), key.get(), server_name) ||
      SSL_CTX_use_certificate(context, x509.get()) != 1 ||
      SSL_CTX_use_PrivateKey(context, key.get()) != 1) {
    error = fmt::format("tls.self_signed: cannot make a certificate: {}", openssl_reason());
    return false;
  }
  fingerprint = fingerprint_of(x509.get());
  return true;
}

bool use_files(SSL_CTX *context, const tls_options &options, std::string &error) {
  if (SSL_CTX_use_certificate_chain_file(context, options.certificate.c_str()) != 1) {
    error = fmt::format("tls.certificate: {}: {}", options.certificate, openssl_reason());
  } else if (SSL_CTX_use_PrivateKey_file(context, options.key.c_str(), SSL_FILETYPE_PEM) != 1) {
    error = fmt::format("tls.key: {}: {}", options.key, openssl_reason());
  }
  return error.empty();
}

} // namespace

ssl_context make_tls_context(const tls_options &options, std::string_view server_name,
                             std::string &error, std::string &fingerprint) {
  ssl_context context(SSL_CTX_new(TLS_server_method()));
  if (!context) {
    error = fmt::format("TLS: {}", openssl_reason());
    return nullptr;
  }
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_options(context.get(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                                         SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_NO_TICKET);
  // Chat connections last for days: resuming them is not worth the memory of sessions and tickets.
  SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
  SSL_CTX_set_num_tickets(context.get(), 0);
  SSL_CTX_set_mode(context.get(), SSL_MODE_RELEASE_BUFFERS);
  const bool done = options.certificate.empty()
                        ? use_self_signed(context.get(), server_name, error, fingerprint)
                        : use_files(context.get(), options, error);
  return done ? std::move(context) : nullptr;
}

} // namespace confabd
