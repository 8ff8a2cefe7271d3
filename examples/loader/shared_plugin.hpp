// SPDX-License-Identifier: MIT
//
// A plugin's shared object, opened: its entry and which file it was. What runs is a private copy of
// the file, so that whoever writes over the file does not pull the ground from under running code,
// and so that a new version can be opened while the old one still runs. Everything that can be
// judged without running its code is judged before the dynamic linker sees it.
#pragma once

#include <confab/plugin.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace loader {

// Which file, and which version of it.
struct file_identity {
  std::uint64_t device = 0, inode = 0, bytes = 0;
  std::int64_t changed_ns = 0;

  friend bool operator==(const file_identity &, const file_identity &) = default;
};

// Empty: `out` is filled; else why not.
std::string identify(const std::string &path, file_identity &out);

// What the file says of itself.
struct plugin_image {
  file_identity identity;
  std::vector<unsigned char> bytes;
  std::vector<std::string> confab_symbols; // that it wants somebody to link
  std::string entry_problem;  // what is wrong with the symbol `confab_plugin`, or empty
  std::string unload_problem; // what keeps it from being unloaded, or empty
};

// Reads the file and runs nothing. Empty: it is a shared object; else why not.
std::string read_image(const std::string &path, plugin_image &out);

class shared_plugin {
public:
  // Null: `error` says why.
  static std::unique_ptr<shared_plugin> open(const std::string &path, std::string &error);
  static std::unique_ptr<shared_plugin> open(const std::string &path, const plugin_image &image,
                                             std::string &error);

  ~shared_plugin();
  shared_plugin(const shared_plugin &) = delete;
  shared_plugin &operator=(const shared_plugin &) = delete;

  // Only after the last call of its code (confab_plugin_options.release), as destroying it. False:
  // the dynamic linker keeps it.
  bool close() noexcept;

  const confab_plugin_entry &entry() const noexcept { return *entry_; }
  const file_identity &identity() const noexcept { return identity_; }
  const std::string &path() const noexcept { return path_; }

private:
  shared_plugin() = default;

  std::string path_;
  file_identity identity_;
  int copy_ = -1; // open as long as the object is: its number is the object's name to the linker
  void *handle_ = nullptr;
  const confab_plugin_entry *entry_ = nullptr;
};

} // namespace loader
