// SPDX-License-Identifier: MIT
//
// The settings that plugins which write files share, and what is made of them. A plugin names them
// in its own table of settings, so that tools show them like any other.
#pragma once

#include "support/file_writer.hpp"
#include "support/glue.hpp"

namespace confab::plugins::file_settings {

inline constexpr confab_setting bytes_max = {
    "file_bytes",
    CONFAB_SETTING_SIZE,
    0,
    "16m",
    "0",
    "1024g",
    nullptr,
    "A file that would grow beyond this is followed by a new one; 0: no bound.",
    nullptr};
inline constexpr confab_setting daily = {"file_daily",
                                         CONFAB_SETTING_BOOL,
                                         0,
                                         "true",
                                         nullptr,
                                         nullptr,
                                         nullptr,
                                         "Each day (UTC) begins a new file.",
                                         nullptr};
inline constexpr confab_setting files_max = {
    "keep_files",
    CONFAB_SETTING_INT,
    0,
    "0",
    "0",
    "1000000",
    nullptr,
    "How many files of a folder are kept; the oldest go; 0: all.",
    nullptr};
inline constexpr confab_setting age_max = {
    "keep_age", CONFAB_SETTING_DURATION,
    0,          "0s",
    "0s",       "5200w",
    nullptr,    "Files that were not written to for so long go; 0: none.",
    nullptr};
inline constexpr confab_setting sync = {
    "sync",
    CONFAB_SETTING_CHOICE,
    0,
    "second",
    nullptr,
    nullptr,
    "never second always",
    "When files are pushed through to the disk: by the system, each second, or with each write.",
    nullptr};
inline constexpr confab_setting queue = {
    "queue", CONFAB_SETTING_SIZE,
    0,       "8m",
    "16k",   "4g",
    nullptr, "What may wait to be written; more is counted as lost, and the file says so.",
    nullptr};

inline rotation rotation_of(const place &in, std::string extension) {
  rotation out;
  out.extension = std::move(extension);
  out.bytes_max = static_cast<std::uint64_t>(in.setting("file_bytes").integer);
  out.daily = in.setting("file_daily").integer != 0;
  out.files_max = static_cast<std::uint32_t>(in.setting("keep_files").integer);
  out.age_ns_max = in.setting("keep_age").integer * 1'000'000;
  return out;
}

inline syncing sync_of(const place &in) { return static_cast<syncing>(in.setting("sync").integer); }

inline std::size_t queue_of(const place &in) {
  return static_cast<std::size_t>(in.setting("queue").integer);
}

} // namespace confab::plugins::file_settings
