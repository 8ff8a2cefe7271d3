// SPDX-License-Identifier: MIT
//
// Counts what the library calls of a plugin, and sees to it that `destroy` gets what `create` made.
// Everything else of the entry stays the plugin's own, so that it runs as it would anywhere. Not
// for threads: one plugin is checked at a time.
#include "subject.hpp"

#include <algorithm>
#include <cstring>

namespace check_plugin {
namespace {

subject *current = nullptr;

} // namespace

void give(std::vector<given_setting> &settings, std::string_view name, std::string_view value) {
  for (given_setting &one : settings) {
    if (one.name == name) {
      one.value.append("\n").append(value);
      return;
    }
  }
  settings.push_back({std::string(name), std::string(value)});
}

subject::subject(const confab_plugin_entry &entry, given_settings settings)
    : real_(entry), counting_{}, settings_(std::move(settings)) {
  std::memcpy(&counting_, &entry, std::min<std::size_t>(entry.struct_size, sizeof counting_));
  counting_.create = create;
  counting_.destroy = destroy;
  current = this;
}

subject::~subject() { current = nullptr; }

const std::vector<confab_setting_value> &subject::values(std::string_view name) {
  constexpr std::string_view mark = "{name}";
  filled_ = name == "two" ? settings_.second : std::vector<given_setting>();
  for (const given_setting &one : settings_.all) {
    if (std::none_of(filled_.begin(), filled_.end(),
                     [&](const given_setting &other) { return other.name == one.name; })) {
      filled_.push_back(one);
    }
  }
  values_.clear();
  for (given_setting &one : filled_) {
    for (std::size_t at = 0; (at = one.value.find(mark, at)) != one.value.npos; at += name.size()) {
      one.value.replace(at, mark.size(), name);
    }
    values_.push_back({str_of(one.name), str_of(one.value)});
  }
  return values_;
}

confab_status CONFAB_CALL subject::create(const confab_api *api, confab_engine *engine,
                                          confab_id plugin, void **self) {
  const confab_status status = current->real_.create(api, engine, plugin, self);
  if (status == CONFAB_OK) {
    ++current->calls_.created;
    current->alive_.push_back(*self);
  } else {
    ++current->calls_.failed;
  }
  return status;
}

confab_status CONFAB_CALL subject::destroy(void *self) {
  auto &alive = current->alive_;
  const auto found = std::find(alive.begin(), alive.end(), self);
  if (found == alive.end()) {
    ++current->calls_.wrong;
    return CONFAB_OK;
  }
  alive.erase(found);
  ++current->calls_.destroyed;
  return current->real_.destroy == nullptr ? CONFAB_OK : current->real_.destroy(self);
}

confab_status subject::add(scratch &where, std::string_view name, confab_id &out) {
  const std::vector<confab_setting_value> &given = values(name);
  confab_plugin_options options = confab_plugin_options_init();
  options.entry = &counting_;
  options.name = str_of(name);
  options.settings = given.data();
  options.settings_count = given.size();
  options.ctx = this;
  options.release = [](void *ctx) -> confab_status {
    ++static_cast<subject *>(ctx)->released_;
    return CONFAB_OK;
  };
  const confab_status status = confab_plugin_add(where.engine(), &options, &out);
  where.note(status, "confab_plugin_add");
  added_ += status == CONFAB_OK ? 1 : 0;
  return status;
}

} // namespace check_plugin
