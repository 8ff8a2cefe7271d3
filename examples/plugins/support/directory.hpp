// SPDX-License-Identifier: MIT
//
// A directory that a plugin writes into: validated when it is named, not when the first line is
// lost, and locked, so that two instances never write into the same one. Whatever is wrong with it
// is an exception that says so in one line; there is no other place that is used instead. And
// small files in it that are replaced whole, so that a crash leaves the old one or the new one.
#pragma once

#include <cerrno>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <system_error>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace confab::plugins {

[[noreturn]] inline void fail(const std::string &what, int error) {
  throw std::runtime_error(what + ": " + std::generic_category().message(error));
}

// A file descriptor that closes.
class descriptor {
public:
  descriptor(const std::string &path, int flags, unsigned mode = 0600)
      : fd_(::open(path.c_str(), flags | O_CLOEXEC, mode)) {}
  descriptor(const descriptor &) = delete;
  descriptor &operator=(const descriptor &) = delete;
  ~descriptor() {
    if (fd_ >= 0)
      ::close(fd_);
  }
  int get() const noexcept { return fd_; }
  bool open() const noexcept { return fd_ >= 0; }

private:
  int fd_;
};

// 0, or the error after which not everything was written.
inline int write_all(int fd, const std::string &bytes) noexcept {
  for (std::size_t at = 0; at < bytes.size();) {
    const ssize_t wrote = ::write(fd, bytes.data() + at, bytes.size() - at);
    if (wrote < 0 && errno != EINTR)
      return errno;
    at += wrote > 0 ? static_cast<std::size_t>(wrote) : 0;
  }
  return 0;
}

class locked_directory {
public:
  // Makes it, for its owner alone, if it is not there.
  explicit locked_directory(const std::string &path)
      : path_(validated(path)), lock_(lock_name(), O_RDWR | O_CREAT) {
    if (!lock_.open())
      fail(path_ + " cannot be written to", errno);
    if (::flock(lock_.get(), LOCK_EX | LOCK_NB) != 0) {
      if (errno == EWOULDBLOCK)
        throw std::runtime_error(path_ + " is in use by another instance");
      fail(path_ + " cannot be locked", errno);
    }
  }
  const std::string &path() const noexcept { return path_; }

  // Without what says the same: "/a//b/" is "/a/b".
  static std::string normal(const std::string &path) {
    std::string out = std::filesystem::path(path).lexically_normal().string();
    while (out.size() > 1 && out.back() == '/')
      out.pop_back();
    return out;
  }

  void replace_file(const std::string &name, const std::string &bytes) const {
    const std::string target = path_ + "/" + name, fresh = target + ".new";
    {
      const descriptor file(fresh, O_WRONLY | O_CREAT | O_TRUNC);
      if (!file.open())
        fail(fresh, errno);
      if (const int error = write_all(file.get(), bytes); error != 0)
        fail(fresh, error);
      if (::fsync(file.get()) != 0)
        fail(fresh, errno);
    }
    if (::rename(fresh.c_str(), target.c_str()) != 0)
      fail(target, errno);
    const descriptor folder(path_, O_RDONLY | O_DIRECTORY);
    if (!folder.open() || ::fsync(folder.get()) != 0)
      fail(path_, errno);
  }

  // Nothing when there is no such file.
  std::optional<std::string> read_file(const std::string &name) const {
    const std::string source = path_ + "/" + name;
    const descriptor file(source, O_RDONLY);
    if (!file.open() && errno == ENOENT)
      return std::nullopt;
    if (!file.open())
      fail(source, errno);
    std::string out;
    char bytes[4096];
    for (;;) {
      const ssize_t got = ::read(file.get(), bytes, sizeof bytes);
      if (got == 0)
        return out;
      if (got < 0 && errno != EINTR)
        fail(source, errno);
      out.append(bytes, got > 0 ? static_cast<std::size_t>(got) : 0);
    }
  }

private:
  static std::string validated(const std::string &path) {
    if (path.empty() || path[0] != '/')
      throw std::runtime_error("\"" + path + "\" is no absolute path: it must begin with /");
    std::string out = normal(path);
    std::error_code error;
    const std::filesystem::file_status there = std::filesystem::status(out, error);
    if (std::filesystem::exists(there) && !std::filesystem::is_directory(there))
      throw std::runtime_error(out + " is not a directory");
    if (!std::filesystem::exists(there)) {
      std::filesystem::create_directories(std::filesystem::path(out).parent_path(), error);
      if (error || (::mkdir(out.c_str(), 0700) != 0 && errno != EEXIST))
        fail(out + " cannot be made", error ? error.value() : errno);
    }
    return out;
  }
  std::string lock_name() const { return path_ + "/.lock"; }

  std::string path_;
  descriptor lock_;
};

} // namespace confab::plugins
