// SPDX-License-Identifier: MIT
//
// What confabd and check_plugin read of a shared object before they open it: the symbols of a whole
// one, and no crash and no read outside of what is left of one that was cut off or written over.
#include "support/catch.hpp"

#include "loader/elf_image.hpp"
#include "loader/shared_plugin.hpp"

#include <dlfcn.h>
#include <fstream>
#include <iterator>
#include <random>
#include <vector>

using namespace loader;

namespace {

using bytes = std::vector<unsigned char>;

// The C library is a shared object that is always there; sanitizers do not have that function.
std::string library_path() {
  Dl_info info{};
  REQUIRE(dladdr(dlsym(RTLD_DEFAULT, "gnu_get_libc_version"), &info) != 0);
  return info.dli_fname;
}

bytes read_file(const std::string &path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

// Looks at everything that was read; the sanitizers see whether it is there.
std::uint64_t sum_of(const elf_image &image) {
  std::uint64_t sum = 0;
  for (const elf_symbol &symbol : image.symbols()) {
    for (const char c : symbol.name) {
      sum += static_cast<unsigned char>(c);
    }
    for (const unsigned char c :
         image.data(symbol.address, std::min<std::uint64_t>(symbol.size, 64))) {
      sum += c;
    }
  }
  return sum;
}

} // namespace

TEST_CASE("loader: the symbols of a shared object") {
  const bytes file = read_file(library_path());
  elf_image image;
  REQUIRE(image.read(file) == "");
  CHECK(image.symbols().size() > 1000);
  CHECK(sum_of(image) > 0);
  REQUIRE(image.find("gnu_get_libc_version") != nullptr);
  CHECK_FALSE(image.find("gnu_get_libc_version")->object);
  REQUIRE(image.find("environ") != nullptr);
  CHECK(image.find("environ")->object);
  CHECK(image.find("confab_plugin") == nullptr);
}

TEST_CASE("loader: what is no shared object is named") {
  elf_image image;
  CHECK(image.read({}) == "is not a shared object");
  CHECK(image.read(bytes(1000, 'x')) == "is not a shared object");
  bytes file = read_file(library_path());
  file[4] ^= 3; // 32 or 64 bits
  CHECK(image.read(file) == "is not a shared object of this machine");
}

TEST_CASE("loader: an object that was cut off is refused wherever it was cut") {
  const bytes file = read_file(library_path());
  std::mt19937 random(1);
  for (int i = 0; i < 300; ++i) {
    const std::size_t size = random() % (i % 2 == 0 ? 8192 : file.size() - 8192);
    const bytes part(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(size));
    elf_image image;
    const std::string error = image.read(part);
    CAPTURE(size);
    CHECK((error == "is cut off" || error == "is not a shared object"));
  }
}

TEST_CASE("loader: an object that was written over is read without harm") {
  const bytes whole = read_file(library_path());
  std::mt19937 random(2);
  unsigned taken = 0;
  for (int i = 0; i < 300; ++i) {
    bytes file = whole;
    for (int k = 0; k < 8; ++k) { // headers and tables are at the beginning
      file[random() % (k < 4 ? 1024 : 131072)] = static_cast<unsigned char>(random());
    }
    elf_image image;
    taken += image.read(file).empty() ? 1 : 0;
    sum_of(image);
  }
  CHECK(taken > 0);
}

TEST_CASE("loader: a library that is no plugin is not opened") {
  plugin_image image;
  REQUIRE(read_image(library_path(), image) == "");
  CHECK(image.entry_problem == "has no symbol confab_plugin: it is not a plugin");
  CHECK(image.confab_symbols.empty());
  std::string error;
  CHECK(shared_plugin::open(library_path(), error) == nullptr);
  CHECK(error == image.entry_problem);
  CHECK(shared_plugin::open("/does/not/exist.so", error) == nullptr);
  CHECK(error == "No such file or directory");
  CHECK(shared_plugin::open("/dev/null", error) == nullptr);
  CHECK(error == "is not a file");
}
