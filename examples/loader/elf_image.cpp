// SPDX-License-Identifier: MIT
//
// Reads ELF as the dynamic linker does: program headers and the dynamic section, never section
// headers, which can be stripped. The word size and byte order are those of this machine; what is
// made for another one is left to the dynamic linker to name.
#include "elf_image.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <link.h>
#include <optional>

namespace loader {
namespace {

using header = ElfW(Ehdr);
using program_header = ElfW(Phdr);
using dynamic_entry = ElfW(Dyn);
using symbol = ElfW(Sym);

constexpr std::uint64_t symbols_max = 1u << 20;
constexpr unsigned char native_class = sizeof(void *) == 8 ? ELFCLASS64 : ELFCLASS32;
constexpr unsigned char native_order =
    std::endian::native == std::endian::little ? ELFDATA2LSB : ELFDATA2MSB;

template <class type>
std::optional<type> value_in(std::span<const unsigned char> bytes) {
  if (bytes.size() < sizeof(type)) {
    return std::nullopt;
  }
  type value;
  std::memcpy(&value, bytes.data(), sizeof value);
  return value;
}

// Part of `all`; as much of it as there is.
std::span<const unsigned char> part(std::span<const unsigned char> all, std::uint64_t offset,
                                    std::uint64_t count) {
  if (offset >= all.size()) {
    return {};
  }
  return all.subspan(static_cast<std::size_t>(offset),
                     static_cast<std::size_t>(std::min<std::uint64_t>(count, all.size() - offset)));
}

template <class type>
std::optional<type> value_at(const elf_image &image, std::uint64_t address) {
  return value_in<type>(image.data(address, sizeof(type)));
}

} // namespace

// What the dynamic section says; addresses are 0 when it does not.
struct elf_image::dynamic_part {
  std::uint64_t symbols = 0, texts = 0, texts_bytes = 0, hash = 0, gnu_hash = 0;
};

std::span<const unsigned char> elf_image::data(std::uint64_t address,
                                               std::uint64_t count) const noexcept {
  for (const segment &s : segments_) {
    if (address >= s.address && address - s.address < s.bytes) {
      const std::uint64_t skipped = address - s.address;
      return part(file_, s.offset + skipped, std::min(count, s.bytes - skipped));
    }
  }
  return {};
}

std::string_view elf_image::text_at(std::uint64_t address, std::uint64_t end) const noexcept {
  if (address >= end) {
    return {};
  }
  const auto bytes = data(address, end - address);
  const auto nul = std::find(bytes.begin(), bytes.end(), '\0');
  return {reinterpret_cast<const char *>(bytes.data()),
          static_cast<std::size_t>(nul - bytes.begin())};
}

std::string elf_image::read_segments(std::uint64_t &dynamic_at, std::uint64_t &dynamic_bytes) {
  const std::optional<header> head = value_in<header>(file_);
  if (!head || std::memcmp(head->e_ident, ELFMAG, SELFMAG) != 0) {
    return "is not a shared object";
  }
  if (head->e_ident[EI_CLASS] != native_class || head->e_ident[EI_DATA] != native_order ||
      head->e_type != ET_DYN || head->e_phentsize != sizeof(program_header)) {
    return "is not a shared object of this machine";
  }
  for (std::uint64_t i = 0; i < head->e_phnum; ++i) {
    const auto entry = value_in<program_header>(
        part(file_, head->e_phoff + i * sizeof(program_header), sizeof(program_header)));
    if (!entry || entry->p_offset > file_.size() ||
        entry->p_filesz > file_.size() - entry->p_offset) {
      return "is cut off";
    }
    if (entry->p_type == PT_LOAD) {
      segments_.push_back({entry->p_vaddr, entry->p_offset, entry->p_filesz});
    } else if (entry->p_type == PT_DYNAMIC) {
      dynamic_at = entry->p_offset;
      dynamic_bytes = entry->p_filesz;
    }
  }
  return dynamic_bytes > 0 ? "" : "is not a shared object";
}

std::string elf_image::read(std::span<const unsigned char> file) {
  *this = {};
  file_ = file;
  std::uint64_t at = 0;
  std::uint64_t bytes = 0;
  if (std::string error = read_segments(at, bytes); !error.empty()) {
    return error;
  }
  dynamic_part found;
  const auto dynamic = part(file_, at, bytes);
  for (std::size_t i = 0; i + sizeof(dynamic_entry) <= dynamic.size(); i += sizeof(dynamic_entry)) {
    const auto entry = *value_in<dynamic_entry>(dynamic.subspan(i));
    switch (entry.d_tag) {
    case DT_SYMTAB:
      found.symbols = entry.d_un.d_ptr;
      break;
    case DT_STRTAB:
      found.texts = entry.d_un.d_ptr;
      break;
    case DT_STRSZ:
      found.texts_bytes = entry.d_un.d_val;
      break;
    case DT_HASH:
      found.hash = entry.d_un.d_ptr;
      break;
    case DT_GNU_HASH:
      found.gnu_hash = entry.d_un.d_ptr;
      break;
    case DT_FLAGS_1:
      stays_loaded_ = (entry.d_un.d_val & DF_1_NODELETE) != 0;
      break;
    default:
      break;
    }
  }
  return read_symbols(found);
}

// The table of symbols does not say how long it is; the tables of their hashes do.
std::uint64_t elf_image::count_symbols(const dynamic_part &part) const noexcept {
  if (part.hash != 0) {
    return value_at<std::uint32_t>(*this, part.hash + 4).value_or(0); // nchain
  }
  return part.gnu_hash == 0 ? 0 : count_gnu_symbols(part.gnu_hash);
}

std::uint64_t elf_image::count_gnu_symbols(std::uint64_t table) const noexcept {
  const auto word = [this](std::uint64_t address) {
    return std::uint64_t{value_at<std::uint32_t>(*this, address).value_or(0)};
  };
  const std::uint64_t buckets = std::min(word(table), symbols_max);
  const std::uint64_t first = word(table + 4); // those before it are undefined, and not hashed
  const std::uint64_t first_bucket = table + 16 + word(table + 8) * sizeof(ElfW(Addr));
  std::uint64_t last = 0;
  for (std::uint64_t i = 0; i < buckets; ++i) {
    last = std::max(last, word(first_bucket + 4 * i));
  }
  if (last < first) {
    return first;
  }
  const std::uint64_t chains = first_bucket + 4 * buckets;
  while (last < symbols_max) { // the last of a chain has bit 0 set
    const auto link = value_at<std::uint32_t>(*this, chains + 4 * (last - first));
    ++last;
    if (!link || (*link & 1) != 0) {
      break;
    }
  }
  return last;
}

std::string elf_image::read_symbols(const dynamic_part &part) {
  const std::uint64_t count = std::min(count_symbols(part), symbols_max);
  const std::uint64_t texts_end = part.texts + part.texts_bytes;
  for (std::uint64_t i = 1; i < count; ++i) { // number 0 is none
    const auto entry = value_at<symbol>(*this, part.symbols + i * sizeof(symbol));
    if (!entry || entry->st_name >= part.texts_bytes) {
      return "has a broken table of symbols";
    }
    elf_symbol &s = symbols_.emplace_back();
    s.name = text_at(part.texts + entry->st_name, texts_end);
    s.address = entry->st_value;
    s.size = entry->st_size;
    s.defined = entry->st_shndx != SHN_UNDEF;
    s.object = ELF64_ST_TYPE(entry->st_info) == STT_OBJECT;
    s.unique = ELF64_ST_BIND(entry->st_info) == STB_GNU_UNIQUE;
  }
  return {};
}

const elf_symbol *elf_image::find(std::string_view name) const noexcept {
  const auto found = std::find_if(symbols_.begin(), symbols_.end(), [name](const elf_symbol &s) {
    return s.defined && s.name == name;
  });
  return found == symbols_.end() ? nullptr : &*found;
}

} // namespace loader
