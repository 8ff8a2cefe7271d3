// SPDX-License-Identifier: MIT
//
// Joins the configuration's channels with those that are kept, and saves them: see service.hpp.
// Nothing here runs inside a handler: those only note that something changed.
#include "service.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <utility>

namespace confabd {
namespace {

using json = nlohmann::ordered_json;

constexpr std::uint64_t save_delay_ms = 1000;

// What the administration keeps saying of a channel that its members have changed.
constexpr const char *standing[] = {"autostart", "operator_owns"};

std::string fold(const confab_engine *engine, const std::string &name) {
  std::string out(name.size(), '\0');
  return confab_name_fold(engine, to_str(name), out.data(), out.size()) == CONFAB_OK ? out : name;
}

// A list of channels in a configuration that may say anything; the engine judges it.
json *channels_of(json &all) {
  const auto found = all.find("channels");
  return found != all.end() && found->is_array() ? &*found : nullptr;
}

std::string name_of(const json &channel) {
  return channel.is_object() && channel.contains("name") && channel["name"].is_string()
             ? channel["name"].get<std::string>()
             : std::string();
}

// The kept one, with what the administration says of it now.
json join(const json &wanted, const std::string &kept) {
  json joined = json::parse(kept, nullptr, false);
  if (!joined.is_object()) {
    return wanted;
  }
  for (const char *member : standing) {
    joined.erase(member);
    if (wanted.contains(member)) {
      joined[member] = wanted[member];
    }
  }
  return joined;
}

} // namespace

std::string service::current() const {
  std::size_t needed = 0;
  std::string out;
  while (confab_service_get(rt_.engine, out.data(), out.size(), &needed) == CONFAB_AGAIN) {
    out.resize(needed);
  }
  return out;
}

std::string service::rows_of(const std::string &text, channel_rows &out) const {
  json all = json::parse(text, nullptr, false);
  if (all.is_discarded()) {
    return "the engine's configuration cannot be read";
  }
  if (const json *channels = channels_of(all)) {
    for (const json &channel : *channels) {
      out.insert_or_assign(fold(rt_.engine, name_of(channel)), channel.dump());
    }
  }
  return {};
}

std::string service::apply(const configuration &config) {
  json wanted = json::parse(config.service.json, nullptr, false);
  json *channels = channels_of(wanted);
  channel_rows kept;
  std::string error;
  before_ = current();
  const std::string file = store_file(config);
  if (channels != nullptr && !channels->empty()) {
    if (!store_.is_open() || store_.file() != file) {
      error = store_.open(file);
    }
    if (error.empty()) {
      error = store_.load(kept);
    }
  }
  if (error.empty()) {
    error = rows_of(before_, kept); // what is there is newer than what was saved
  }
  if (!error.empty()) {
    return error;
  }
  if (channels != nullptr) {
    for (json &channel : *channels) {
      const auto row = kept.find(fold(rt_.engine, name_of(channel)));
      channel = row == kept.end() ? channel : join(channel, row->second);
    }
  }
  const std::string text = wanted.dump();
  if (const confab_status status = confab_service_set(rt_.engine, to_str(text)); status < 0) {
    rt_.note(status);
    return fmt::format("service: {}", last_error_of(rt_.engine, status));
  }
  rt_.service_changed = store_.is_open();
  return {};
}

void service::undo() { rt_.note(confab_service_set(rt_.engine, to_str(before_))); }

void service::work() {
  const std::uint64_t now_ms = rt_.loop_ms();
  if (std::exchange(rt_.service_changed, false) && due_ms_ == UINT64_MAX) {
    due_ms_ = now_ms + save_delay_ms;
  }
  if (now_ms >= due_ms_) {
    save();
  }
}

void service::save_now() {
  if (std::exchange(rt_.service_changed, false) || due_ms_ != UINT64_MAX) {
    save();
  }
}

// What could not be saved is tried again: a full disk is no reason to lose it.
void service::save() {
  due_ms_ = UINT64_MAX;
  if (!store_.is_open()) {
    return;
  }
  channel_rows rows;
  std::string error = rows_of(current(), rows);
  if (error.empty()) {
    error = store_.save(rows);
  }
  if (!error.empty()) {
    rt_.log.write(log_level::error, "store.failed", {{"reason", error}});
    due_ms_ = rt_.loop_ms() + 10 * save_delay_ms;
  } else {
    rt_.log.write(log_level::debug, "store.saved", {{"channels", std::uint64_t{rows.size()}}});
  }
}

} // namespace confabd
