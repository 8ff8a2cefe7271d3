// SPDX-License-Identifier: MIT
//
// The callbacks of fake_host: see fake_host.hpp. Each first checks that it may be called at all.
// None of them throws.
#include "support/fake_host.hpp"

#include <algorithm>

namespace confab::test {

namespace {

fake_host &begin(void *ctx) {
  auto &host = *static_cast<fake_host *>(ctx);
  host.note(host.released == 0, "a callback after release");
  if (host.inside)
    host.inside();
  return host;
}

void check_conn(fake_host &host, confab_id conn) {
  host.note(confab_id_kind(conn) == CONFAB_KIND_CONN, "a callback for something else");
  host.note(!host.closed.contains(conn), "a callback for a connection that was closed");
  host.note(!host.ended.contains(conn), "a callback for a connection that the host ended");
}

confab_status CONFAB_CALL send(void *ctx, confab_id conn, void *, const confab_slice *slices,
                               std::size_t count, std::size_t *accepted) {
  fake_host &host = begin(ctx);
  check_conn(host, conn);
  std::size_t offered = 0;
  for (std::size_t i = 0; i < count; ++i)
    offered += slices[i].len;
  host.note(offered > 0, "nothing was sent");
  ++host.sends[conn];
  *accepted = offered;
  const confab_status status = host.on_send ? host.on_send(conn, offered, *accepted) : CONFAB_OK;
  std::size_t left = status >= 0 && *accepted <= offered ? *accepted : 0;
  for (std::size_t i = 0; i < count && left > 0; ++i) {
    const std::size_t part = std::min(left, slices[i].len);
    host.written[conn] += host.kept(conn, {slices[i].ptr, part});
    left -= part;
  }
  return status;
}

confab_status CONFAB_CALL output_pending(void *ctx, confab_id conn, void *) {
  fake_host &host = begin(ctx);
  check_conn(host, conn);
  ++host.pendings[conn];
  return CONFAB_OK;
}

confab_status CONFAB_CALL close(void *ctx, confab_id conn, void *, confab_str why) {
  fake_host &host = begin(ctx);
  check_conn(host, conn);
  host.closed[conn] = std::string(why.ptr ? why.ptr : "", why.len);
  return CONFAB_OK;
}

confab_status CONFAB_CALL log(void *ctx, const confab_log_record *record) {
  fake_host &host = begin(ctx);
  host.logged.emplace_back(record->event.ptr, record->event.len);
  host.logged_text.emplace_back(record->text.ptr, record->text.len);
  return CONFAB_OK;
}

confab_status CONFAB_CALL request(void *ctx, const confab_request *question) {
  fake_host &host = begin(ctx);
  check_conn(host, question->conn);
  host.asked.push_back(*question);
  host.passwords.emplace_back(question->password.ptr ? question->password.ptr : "",
                              question->password.len);
  return host.on_request ? host.on_request(*question) : CONFAB_OK;
}

confab_status CONFAB_CALL send_datagram(void *ctx, confab_id conn, void *, std::uint32_t port,
                                        const void *bytes, std::size_t len) {
  fake_host &host = begin(ctx);
  check_conn(host, conn);
  host.note(port >= 1024 && port <= UINT16_MAX && len > 0, "a datagram that nobody can want");
  const confab_status status = host.on_datagram ? host.on_datagram(conn) : CONFAB_OK;
  if (status >= 0)
    host.datagrams.push_back({conn, port, std::string(static_cast<const char *>(bytes), len)});
  return status;
}

confab_status CONFAB_CALL random(void *ctx, void *bytes, std::size_t len) {
  fake_host &host = begin(ctx);
  if (host.random_fails)
    return CONFAB_ERR_CALLBACK;
  ++host.randomness;
  for (std::size_t i = 0; i < len; ++i)
    static_cast<unsigned char *>(bytes)[i] =
        static_cast<unsigned char>(host.randomness >> 8U * (i % 4) | (i % 4 == 3 ? 0x40U : 0U));
  return CONFAB_OK;
}

confab_status CONFAB_CALL release(void *ctx) {
  auto &host = *static_cast<fake_host *>(ctx);
  ++host.released;
  host.note(host.released == 1, "released twice");
  return CONFAB_OK;
}

} // namespace

std::string fake_host::kept(confab_id conn, const confab_slice &slice) {
  std::string bytes(static_cast<const char *>(slice.ptr), slice.len);
  if (!by_message.contains(conn))
    return bytes;
  note(!bytes.empty() && bytes.find_first_of("\r\n") == std::string::npos,
       "a slice is not one message");
  return bytes + "\r\n";
}

confab_status fake_host::clock(void *ctx, confab_time *now) {
  *now = static_cast<fake_host *>(ctx)->clock_ns;
  return CONFAB_OK;
}

void fake_host::add_datagrams(confab_host &host) {
  host.datagram = send_datagram;
  host.random = random;
}

confab_host fake_host::table(bool push) {
  confab_host host = confab_host_init();
  host.ctx = this;
  if (push)
    host.send = send;
  else
    host.output_pending = output_pending;
  host.close = close;
  host.log = log;
  host.request = request;
  host.release = release;
  return host;
}

} // namespace confab::test
