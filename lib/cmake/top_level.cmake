# SPDX-License-Identifier: MIT
#
# What confab decides only when it is the project being built, and leaves to the outer project
# otherwise: the build type, the compiler cache, and where the programs go.

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set_property(CACHE CMAKE_BUILD_TYPE PROPERTY VALUE Release)
endif()

find_program(CONFAB_CCACHE ccache)
mark_as_advanced(CONFAB_CCACHE)
foreach(language C CXX)
  if(CONFAB_CCACHE AND NOT CMAKE_${language}_COMPILER_LAUNCHER)
    set(CMAKE_${language}_COMPILER_LAUNCHER "${CONFAB_CCACHE}")
  endif()
endforeach()

set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/bin")
set(CMAKE_LIBRARY_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/lib")
set(CMAKE_ARCHIVE_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/lib")
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
