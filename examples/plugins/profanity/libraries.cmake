# SPDX-License-Identifier: MIT
#
# RE2 matches in time that grows with the text only, whatever the expression; ICU knows how
# characters fold and which look alike; nlohmann_json writes the state.

find_package(PkgConfig REQUIRED)
pkg_check_modules(re2 REQUIRED IMPORTED_TARGET re2)
pkg_check_modules(icu REQUIRED IMPORTED_TARGET icu-uc icu-i18n)
find_package(nlohmann_json 3 REQUIRED)
set(plugin_libraries PkgConfig::re2 PkgConfig::icu nlohmann_json::nlohmann_json)
