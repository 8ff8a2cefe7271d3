# SPDX-License-Identifier: MIT
#
# Reads the ABI's numbers from the one place that has them, include/confab/version.h, into
# CONFAB_ABI_MAJOR and CONFAB_ABI_MINOR, and refuses a header whose release differs from the
# project's.

set(confab_version_header "${PROJECT_SOURCE_DIR}/include/confab/version.h")
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${confab_version_header}")

function(confab_header_number name result)
  file(STRINGS "${confab_version_header}" line REGEX "^#define ${name} [0-9]+")
  if(NOT line MATCHES "^#define ${name} ([0-9]+)$")
    message(FATAL_ERROR "${confab_version_header} does not define ${name} as one number")
  endif()
  set(${result} "${CMAKE_MATCH_1}" PARENT_SCOPE)
endfunction()

foreach(part MAJOR MINOR PATCH)
  confab_header_number(CONFAB_VERSION_${part} number)
  if(NOT number EQUAL PROJECT_VERSION_${part})
    message(FATAL_ERROR "CONFAB_VERSION_${part} is ${number} in ${confab_version_header}, "
                        "but the project is ${PROJECT_VERSION}")
  endif()
endforeach()
foreach(part MAJOR MINOR)
  confab_header_number(CONFAB_ABI_${part} CONFAB_ABI_${part})
endforeach()
