// SPDX-License-Identifier: MIT
//
// The callbacks of fake_host: see fake_host.hpp. Each first checks that it may be called at all.
// None of them throws.
#include "support/fake_host.hpp"

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
  std::string bytes;
  for (std::size_t i = 0; i < count; ++i)
    bytes.append(static_cast<const char *>(slices[i].ptr), slices[i].len);
  host.note(!bytes.empty(), "nothing was sent");
  ++host.sends[conn];
  *accepted = bytes.size();
  const confab_status status =
      host.on_send ? host.on_send(conn, bytes.size(), *accepted) : CONFAB_OK;
  if (status >= 0 && *accepted <= bytes.size())
    host.written[conn].append(bytes, 0, *accepted);
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

confab_status CONFAB_CALL release(void *ctx) {
  auto &host = *static_cast<fake_host *>(ctx);
  ++host.released;
  host.note(host.released == 1, "released twice");
  return CONFAB_OK;
}

} // namespace

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
