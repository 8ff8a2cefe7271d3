// SPDX-License-Identifier: MIT
//
// Looks passwords up and has hashes verified in other threads. Those threads see nothing but their
// own verification: the engine and the log are touched only in the loop's thread.
#include "credentials.hpp"

#include "connection.hpp"
#include "passwords.hpp"

#include <algorithm>

namespace confabd {
namespace {

// Each takes 64 MiB while it runs, and there are four threads; more wait. Beyond this many,
// refused.
constexpr std::size_t verifications_max = 64;

// Before the answer, which says what one is now. Afterwards nobody knows the name any more under
// which it was asked.
void make_administrator(runtime &rt, confab_id user) {
  if (user == 0) {
    return;
  }
  confab_event_user_change change{};
  change.head.struct_size = sizeof change;
  change.head.type = CONFAB_EVENT_USER_CHANGE;
  change.head.flags = CONFAB_EVENT_FORCED;
  change.user = user;
  change.what = CONFAB_USER_MODE;
  change.mode = CONFAB_UMODE_ADMINISTRATOR;
  change.set = 1;
  rt.note(confab_command_submit(rt.engine, &change.head, nullptr));
}

} // namespace

struct credentials::verification {
  uv_work_t work{};
  credentials *owner = nullptr;
  confab_id request = 0, administrator = 0;
  std::string stored;
  std::string given;
  bool matches = false;

  static void run(uv_work_t *work) {
    auto *self = static_cast<verification *>(work->data);
    self->matches = password_matches(self->stored, self->given);
    forget(self->given);
  }

  static void done(uv_work_t *work, int status) {
    const std::unique_ptr<verification> self(static_cast<verification *>(work->data));
    --self->owner->running_;
    // The asker may be gone: then the id is dead, and nobody waits for this answer.
    runtime &rt = self->owner->rt_;
    const confab_status answer = status == 0 && self->matches ? CONFAB_OK : CONFAB_ERR_DENIED;
    if (answer == CONFAB_OK) {
      make_administrator(rt, self->administrator);
    }
    rt.note(confab_request_resolve(rt.engine, self->request, answer, to_str("")));
  }
};

void credentials::configure(const configuration &config) {
  password_ = config.server.password;
  operators_ = config.operators;
}

confab_status credentials::answer(const confab_request &request) {
  if (request.kind == CONFAB_REQUEST_OPER) {
    return answer_oper(request);
  }
  if (request.kind == CONFAB_REQUEST_PACKAGE) { // it has none
    return CONFAB_ERR_DENIED;
  }
  return password_.empty() ? CONFAB_OK : verify(password_, request, 0);
}

confab_status credentials::answer_oper(const confab_request &request) {
  const auto found =
      std::find_if(operators_.begin(), operators_.end(),
                   [&](const operator_options &o) { return o.name == to_view(request.name); });
  if (found == operators_.end()) {
    return CONFAB_ERR_DENIED;
  }
  confab_conn_info info{};
  info.struct_size = sizeof info;
  if (confab_conn_get(rt_.engine, request.conn, &info) != CONFAB_OK) {
    return CONFAB_ERR_DENIED;
  }
  const ip_address &address = static_cast<const connection *>(info.ctx)->address;
  const auto &from = found->from;
  const bool allowed =
      from.empty() || std::any_of(from.begin(), from.end(),
                                  [&](const auto &prefix) { return prefix.contains(address); });
  return allowed ? verify(found->password, request, found->administrator ? request.user : 0)
                 : CONFAB_ERR_DENIED;
}

confab_status credentials::verify(const std::string &stored, const confab_request &request,
                                  confab_id administrator) {
  // Who becomes an administrator is made one before the answer: not inside the question.
  if (!is_password_hash(stored) && administrator == 0) {
    if (!password_matches(stored, to_view(request.password))) {
      return CONFAB_ERR_DENIED;
    }
    make_administrator(rt_, administrator);
    return CONFAB_OK;
  }
  if (running_ >= verifications_max) {
    return CONFAB_ERR_LIMIT;
  }
  auto task = std::make_unique<verification>();
  task->work.data = task.get();
  task->owner = this;
  task->request = request.id;
  task->administrator = administrator;
  task->stored = stored;
  task->given = to_view(request.password);
  if (uv_queue_work(rt_.loop, &task->work, verification::run, verification::done) != 0) {
    return CONFAB_ERR_LIMIT;
  }
  ++running_;
  task.release(); // done() has it now
  return CONFAB_PARKED;
}

} // namespace confabd
