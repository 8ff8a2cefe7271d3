// SPDX-License-Identifier: MIT
//
// What a shared object says of itself before any of its code runs: its symbols, what it needs, and
// the bytes of its data as they stand in the file. Every read is bounded, so that a file that was
// cut off or written over is refused here and not by a signal. Opening is shared_plugin.cpp's.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace loader {

struct elf_symbol {
  std::string_view name; // part of the image
  std::uint64_t address = 0, size = 0;
  bool defined = false;
  bool object = false; // data, not a function
  bool unique =
      false; // one for the whole process (STB_GNU_UNIQUE): such objects are never unloaded
};

class elf_image {
public:
  // Reads an image that lives as long as this. Empty: done; else why it is no shared object of this
  // machine.
  std::string read(std::span<const unsigned char> file);

  const std::vector<elf_symbol> &symbols() const noexcept { return symbols_; }
  const elf_symbol *find(std::string_view name) const noexcept;
  bool stays_loaded() const noexcept { return stays_loaded_; } // linked with -z nodelete

  // `count` bytes of what will be at `address`, as far as the file has them; shorter: it has not.
  std::span<const unsigned char> data(std::uint64_t address, std::uint64_t count) const noexcept;

private:
  struct segment {
    std::uint64_t address = 0, offset = 0, bytes = 0;
  };
  struct dynamic_part;

  std::string read_segments(std::uint64_t &dynamic_at, std::uint64_t &dynamic_bytes);
  std::string read_symbols(const dynamic_part &part);
  std::uint64_t count_symbols(const dynamic_part &part) const noexcept;
  std::uint64_t count_gnu_symbols(std::uint64_t table) const noexcept;
  std::string_view text_at(std::uint64_t address, std::uint64_t end) const noexcept;

  std::span<const unsigned char> file_;
  std::vector<segment> segments_;
  std::vector<elf_symbol> symbols_;
  bool stays_loaded_ = false;
};

} // namespace loader
