// SPDX-License-Identifier: MIT
//
// Reads, judges, copies and opens a plugin's file. The dynamic linker tells files apart by their
// names; each copy has a name of its own, /proc/self/fd/N, for as long as it is open. A plugin that
// looks for other files beside itself by $ORIGIN does not find them: plugins are single files.
#include "shared_plugin.hpp"

#include "elf_image.hpp"

#include <cerrno>
#include <cstring>
#include <dlfcn.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace loader {
namespace {

constexpr std::uint64_t file_bytes_max = 256u << 20;
constexpr const char *entry_name = "confab_plugin";

std::string name_of(int copy) { return fmt::format("/proc/self/fd/{}", copy); }

std::string reason() { return std::strerror(errno); }

struct descriptor {
  int number;

  explicit descriptor(int n) : number(n) {}
  descriptor(const descriptor &) = delete;
  descriptor &operator=(const descriptor &) = delete;
  ~descriptor() {
    if (number >= 0) {
      ::close(number);
    }
  }
};

file_identity identity_of(const struct stat &info) {
  constexpr std::int64_t ns_per_s = 1'000'000'000;
  return {info.st_dev, info.st_ino, static_cast<std::uint64_t>(info.st_size),
          info.st_mtim.tv_sec * ns_per_s + info.st_mtim.tv_nsec};
}

// Reads `bytes.size()` bytes, or says why not.
std::string read_all(int file, std::vector<unsigned char> &bytes) {
  for (std::size_t done = 0; done < bytes.size();) {
    const ssize_t got = ::read(file, bytes.data() + done, bytes.size() - done);
    if (got <= 0) {
      return got == 0 ? "changed while it was read" : reason();
    }
    done += static_cast<std::size_t>(got);
  }
  return {};
}

bool write_all(int file, const std::vector<unsigned char> &bytes) {
  for (std::size_t done = 0; done < bytes.size();) {
    const ssize_t put = ::write(file, bytes.data() + done, bytes.size() - done);
    if (put <= 0) {
      return false;
    }
    done += static_cast<std::size_t>(put);
  }
  return true;
}

// The members that the library compares first; they are plain numbers, so that what stands in the
// file is what they will be.
std::string judge_entry(const elf_image &elf) {
  const elf_symbol *symbol = elf.find(entry_name);
  if (symbol == nullptr) {
    return fmt::format("has no symbol {}: it is not a plugin", entry_name);
  }
  struct {
    std::uint32_t struct_size, magic, abi_major, abi_minor_least;
  } head{};
  const auto bytes = elf.data(symbol->address, sizeof head);
  if (!symbol->object || symbol->size < sizeof head || bytes.size() < sizeof head) {
    return fmt::format("its symbol {} is not an entry", entry_name);
  }
  std::memcpy(&head, bytes.data(), sizeof head);
  if (head.magic != CONFAB_PLUGIN_MAGIC) {
    return fmt::format("its symbol {} has the wrong magic number: it is not an entry", entry_name);
  }
  if (head.struct_size > symbol->size) {
    return fmt::format("its entry says that it has {} bytes, and has {}", head.struct_size,
                       symbol->size);
  }
  if (head.abi_major != confab_abi_major()) {
    return fmt::format("was made for version {} of the ABI; this is version {}", head.abi_major,
                       confab_abi_major());
  }
  if (head.abi_minor_least > confab_abi_minor()) {
    return fmt::format("needs at least version {}.{} of the ABI; this is version {}.{}",
                       head.abi_major, head.abi_minor_least, confab_abi_major(),
                       confab_abi_minor());
  }
  return {};
}

void judge(const elf_image &elf, plugin_image &out) {
  out.entry_problem = judge_entry(elf);
  if (elf.stays_loaded()) {
    out.unload_problem = "is linked with -z nodelete";
  }
  for (const elf_symbol &symbol : elf.symbols()) {
    if (!symbol.defined && symbol.name.starts_with("confab_")) {
      out.confab_symbols.emplace_back(symbol.name);
    }
    if (symbol.defined && symbol.unique && out.unload_problem.empty()) {
      out.unload_problem = fmt::format("has unique symbols such as {}: compile it with "
                                       "-fno-gnu-unique",
                                       symbol.name);
    }
  }
}

} // namespace

std::string identify(const std::string &path, file_identity &out) {
  struct stat info {};
  if (stat(path.c_str(), &info) != 0) {
    return reason();
  }
  out = identity_of(info);
  return {};
}

std::string read_image(const std::string &path, plugin_image &out) {
  out = {};
  const descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat info {};
  if (file.number < 0 || fstat(file.number, &info) != 0) {
    return reason();
  }
  if (!S_ISREG(info.st_mode)) {
    return "is not a file";
  }
  out.identity = identity_of(info);
  if (out.identity.bytes > file_bytes_max) {
    return fmt::format("is larger than {} MiB", file_bytes_max >> 20);
  }
  out.bytes.resize(static_cast<std::size_t>(out.identity.bytes));
  if (std::string error = read_all(file.number, out.bytes); !error.empty()) {
    return error;
  }
  elf_image elf;
  if (std::string error = elf.read(out.bytes); !error.empty()) {
    return error;
  }
  judge(elf, out);
  return {};
}

std::unique_ptr<shared_plugin> shared_plugin::open(const std::string &path, std::string &error) {
  plugin_image image;
  error = read_image(path, image);
  return error.empty() ? open(path, image, error) : nullptr;
}

std::unique_ptr<shared_plugin> shared_plugin::open(const std::string &path,
                                                   const plugin_image &image, std::string &error) {
  error = image.entry_problem;
  if (error.empty() && !image.confab_symbols.empty()) {
    error = fmt::format("wants {} linked: a plugin calls the table that it is given",
                        image.confab_symbols.front());
  }
  if (!error.empty()) {
    return nullptr;
  }
  std::unique_ptr<shared_plugin> result(new shared_plugin);
  result->path_ = path;
  result->identity_ = image.identity;
  result->copy_ =
      memfd_create(path.substr(path.rfind('/') + 1).substr(0, 200).c_str(), MFD_CLOEXEC);
  if (result->copy_ < 0 || !write_all(result->copy_, image.bytes)) {
    error = fmt::format("cannot be copied: {}", reason());
    return nullptr;
  }
  const std::string name = name_of(result->copy_);
  result->handle_ = dlopen(name.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (result->handle_ == nullptr) {
    error = dlerror();
    if (error.starts_with(name + ": ")) { // that name tells people nothing
      error.erase(0, name.size() + 2);
    }
    return nullptr;
  }
  result->entry_ = static_cast<const confab_plugin_entry *>(dlsym(result->handle_, entry_name));
  if (result->entry_ == nullptr) {
    error = fmt::format("has no symbol {}", entry_name);
    return nullptr;
  }
  return result;
}

bool shared_plugin::close() noexcept {
  bool gone = true;
  if (handle_ != nullptr) {
    dlclose(std::exchange(handle_, nullptr));
    void *left = dlopen(name_of(copy_).c_str(), RTLD_NOW | RTLD_NOLOAD);
    if (left != nullptr) {
      dlclose(left);
      gone = false;
    }
  }
  if (copy_ >= 0 && gone) { // what cannot be unloaded keeps its name: no other file may get it
    ::close(copy_);
  }
  copy_ = -1;
  entry_ = nullptr;
  return gone;
}

shared_plugin::~shared_plugin() { close(); }

} // namespace loader
