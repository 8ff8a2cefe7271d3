// SPDX-License-Identifier: MIT
//
// The exported functions of conn.h: checks of arguments and ids in front of the driver.
// What a connection does with its bytes is the driver's business.

#include "abi/handle.hpp"
#include "abi/texts.hpp"

#include "proto/mic/code_page.hpp"
#include "text/ipv4.hpp"

#include <array>
#include <cstddef>

using namespace confab;
using namespace confab::abi;

namespace {

constexpr std::uint32_t options_least =
    offsetof(confab_conn_options, hostname) + sizeof(confab_str);
constexpr std::uint32_t protocols_known =
    CONFAB_PROTOCOL_IRC | CONFAB_PROTOCOL_IRCV3 | CONFAB_PROTOCOL_IRCX | CONFAB_PROTOCOL_MIC;
constexpr std::uint32_t flags_known = CONFAB_CONN_SECURE | CONFAB_CONN_MESSAGES;

// What stands in every source and mask: no space, no control byte, nothing that ends a name.
bool host_legal(confab_str s) noexcept {
  const std::string_view host = core::view(s);
  return s.len <= UINT8_MAX && (s.len == 0 || s.ptr) &&
         std::none_of(host.begin(), host.end(), [](char c) {
           return static_cast<unsigned char>(c) <= ' ' || c == 0x7f || c == '!' || c == '@' ||
                  c == '*' || c == '?';
         });
}

// "192.0.2.1" and a port, or neither.
bool datagrams_legal(const confab_conn_options &o, std::array<std::uint8_t, 4> &address) noexcept {
  address = {};
  if (o.datagram_address.len == 0)
    return o.datagram_port == 0;
  return o.datagram_address.ptr && o.datagram_port > 0 && o.datagram_port <= UINT16_MAX &&
         text::parse_ipv4(core::view(o.datagram_address), address);
}

// A reason is one line, for all who see it.
bool why_legal(confab_str why) noexcept {
  return why.len == 0 || (why.ptr && one_line(core::view(why)));
}

// Runs `body` on a living connection.
template <class Body>
confab_status with_conn(confab_engine *engine, confab_id id, Body &&body) noexcept {
  return guard_drive(engine, [&](confab_engine &e) {
    if (confab_id_kind(id) != CONFAB_KIND_CONN)
      return e.fail(CONFAB_ERR_ARG, "not the id of a connection");
    core::conn *c = e.drive().w.conns.find(id);
    if (!c)
      return e.fail(CONFAB_ERR_STALE_ID, "the connection is gone", id);
    const confab_status status = body(e.drive(), *c);
    return status < 0 ? e.fail(status, confab_status_name(status), id) : status;
  });
}

template <class Body>
confab_status read_conn(const confab_engine *engine, confab_id id, Body &&body) noexcept {
  return guard_const(engine, [&](core::world &w) -> confab_status {
    if (confab_id_kind(id) != CONFAB_KIND_CONN)
      return CONFAB_ERR_ARG;
    core::conn *c = w.conns.find(id);
    return c ? body(*c) : CONFAB_ERR_STALE_ID;
  });
}

} // namespace

confab_status confab_conn_open(confab_engine *engine, const confab_conn_options *options,
                               confab_time now, confab_id *out) {
  if (out)
    *out = 0;
  return guard_drive(engine, [&](confab_engine &e) {
    if (!out)
      return e.fail(CONFAB_ERR_ARG, "no place for the id");
    confab_conn_options o = confab_conn_options_init();
    const confab_status taken = options ? take_struct(options, o, options_least) : CONFAB_OK;
    if (taken != CONFAB_OK)
      return e.fail(taken, "struct_size");
    if ((o.protocol & ~protocols_known) != 0)
      return e.fail(CONFAB_ERR_ARG, "unknown protocol");
    mic::code_page page{};
    if (o.code_page != 0 && !mic::find_code_page(o.code_page, page))
      return e.fail(CONFAB_ERR_ARG, "unknown code page");
    if (o.port > UINT16_MAX)
      return e.fail(CONFAB_ERR_ARG, "no port");
    if ((o.flags & ~flags_known) != 0)
      return e.fail(CONFAB_ERR_ARG, "unknown flags");
    if (o.trust > CONFAB_TRUST_CLAIMED)
      return e.fail(CONFAB_ERR_ARG, "unknown trust");
    if (!host_legal(o.address) || !host_legal(o.hostname) || o.address.len == 0)
      return e.fail(CONFAB_ERR_ARG, "address or hostname");
    std::array<std::uint8_t, 4> datagrams;
    if (o.reserved0 != 0 || !datagrams_legal(o, datagrams))
      return e.fail(CONFAB_ERR_ARG, "datagram address or port");
    const session::conn_terms terms{o.flags,
                                    o.trust,
                                    o.ctx,
                                    core::view(o.address),
                                    core::view(o.hostname.len > 0 ? o.hostname : o.address),
                                    o.protocol,
                                    o.code_page,
                                    o.port,
                                    datagrams,
                                    static_cast<std::uint16_t>(o.datagram_port)};
    const confab_status status = e.drive().open(terms, now, *out);
    return status < 0 ? e.fail(status, "the connection was not opened") : status;
  });
}

confab_status confab_conn_feed(confab_engine *engine, confab_id conn, confab_time now,
                               const void *bytes, size_t len, size_t *consumed) {
  std::size_t taken = 0;
  if (consumed)
    *consumed = 0;
  const confab_status status =
      with_conn(engine, conn, [&](session::driver &d, core::conn &c) -> confab_status {
        if (len > 0 && !bytes)
          return CONFAB_ERR_ARG;
        return d.feed(c, now, {static_cast<const char *>(bytes), len}, taken);
      });
  if (consumed)
    *consumed = taken;
  return status;
}

confab_status confab_conn_input_wanted(const confab_engine *engine, confab_id conn) {
  return read_conn(engine, conn, [&](core::conn &c) -> confab_status {
    return engine->made->input_wanted(c) ? CONFAB_OK : CONFAB_AGAIN;
  });
}

confab_status confab_conn_output(const confab_engine *engine, confab_id conn, confab_slice *slices,
                                 size_t max, size_t *count) {
  if (count)
    *count = 0;
  if (!count || (max > 0 && !slices))
    return CONFAB_ERR_ARG;
  return read_conn(engine, conn, [&](core::conn &c) -> confab_status {
    *count = session::driver::show(c, {slices, max});
    return CONFAB_OK;
  });
}

confab_status confab_conn_sent(confab_engine *engine, confab_id conn, size_t bytes) {
  return with_conn(engine, conn,
                   [&](session::driver &d, core::conn &c) { return d.sent(c, bytes); });
}

confab_status confab_conn_writable(confab_engine *engine, confab_id conn) {
  return with_conn(engine, conn, [&](session::driver &d, core::conn &c) -> confab_status {
    return d.w.host.send ? d.writable(c) : CONFAB_ERR_STATE;
  });
}

confab_status confab_conn_close(confab_engine *engine, confab_id conn, confab_time now,
                                confab_str why) {
  return with_conn(engine, conn, [&](session::driver &d, core::conn &c) -> confab_status {
    if (!why_legal(why))
      return CONFAB_ERR_ARG;
    return d.close(c, now, core::view(why));
  });
}

confab_status confab_conn_closed(confab_engine *engine, confab_id conn, confab_time now,
                                 confab_str why) {
  return with_conn(engine, conn, [&](session::driver &d, core::conn &c) -> confab_status {
    if (!why_legal(why))
      return CONFAB_ERR_ARG;
    return d.closed(c, now, core::view(why));
  });
}

confab_status confab_conn_attach(confab_engine *engine, confab_id conn, confab_time now,
                                 confab_id user) {
  return with_conn(engine, conn, [&](session::driver &d, core::conn &c) -> confab_status {
    if (confab_id_kind(user) != CONFAB_KIND_USER)
      return CONFAB_ERR_ARG;
    core::user *who = d.w.users.find(user);
    return who ? d.attach(c, now, *who) : CONFAB_ERR_STALE_ID;
  });
}

confab_status confab_datagram_feed(confab_engine *engine, confab_time now, confab_str address,
                                   const void *bytes, size_t len) {
  return guard_drive(engine, [&](confab_engine &e) {
    if ((len > 0 && !bytes) || address.len == 0 || !host_legal(address))
      return e.fail(CONFAB_ERR_ARG, "address or bytes");
    const confab_status status =
        e.drive().datagram(now, core::view(address), {static_cast<const char *>(bytes), len});
    return status < 0 ? e.fail(status, "a datagram") : status;
  });
}
