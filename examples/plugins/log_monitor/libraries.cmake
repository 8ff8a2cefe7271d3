# SPDX-License-Identifier: MIT
#
# A thread that writes.
find_package(Threads REQUIRED)
set(plugin_libraries Threads::Threads)
