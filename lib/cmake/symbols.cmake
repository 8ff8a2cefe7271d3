# SPDX-License-Identifier: MIT
#
# confab_symbols_script(LIST ABI_MAJOR OUTPUT): makes the linker's version script from the list of
# exported symbols. The list has one line per symbol with the columns symbol, since, deprecated and
# removed ('-' is "not"); '#' begins a comment. What is removed, or not listed, is not exported.

function(confab_symbols_script list abi_major output)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${list}")
  file(STRINGS "${list}" lines)
  set(exported "")
  foreach(line IN LISTS lines)
    string(REGEX REPLACE "#.*" "" line "${line}")
    string(STRIP "${line}" line)
    if(line STREQUAL "")
      continue()
    endif()
    if(NOT line MATCHES "^(confab_[a-z0-9_]+)[ \t]+[0-9.]+[ \t]+([0-9.]+|-)[ \t]+([0-9.]+|-)$")
      message(FATAL_ERROR "${list}: not 'symbol since deprecated removed': ${line}")
    endif()
    if(CMAKE_MATCH_3 STREQUAL "-")
      string(APPEND exported "    ${CMAKE_MATCH_1};\n")
    endif()
  endforeach()
  if(exported STREQUAL "")
    message(FATAL_ERROR "${list} exports nothing")
  endif()
  file(CONFIGURE OUTPUT "${output}" @ONLY CONTENT
"CONFAB_@abi_major@ {
  global:
@exported@  local:
    *;
};
")
endfunction()
