# SPDX-License-Identifier: MIT
#
# A thread that writes, and JSON: lines for programs, and what the plugin keeps over a restart.
find_package(Threads REQUIRED)
find_package(nlohmann_json REQUIRED)
set(plugin_libraries Threads::Threads nlohmann_json::nlohmann_json)
