# SPDX-License-Identifier: MIT
#
# libcurl speaks HTTP to the service; nlohmann_json is its language.

find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(libcurl REQUIRED IMPORTED_TARGET libcurl)
find_package(nlohmann_json 3 REQUIRED)
set(plugin_libraries Threads::Threads PkgConfig::libcurl nlohmann_json::nlohmann_json)
