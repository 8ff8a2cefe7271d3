# SPDX-License-Identifier: MIT
#
# confab_target_options(TARGET...): the language level, warnings, hardening and sanitizers that each
# target of ours gets, and no target of anybody else. Flags of one target only do not belong here.

set(confab_hardening_compile_options)
set(confab_hardening_link_options)
if(CONFAB_HARDENING AND NOT WIN32)
  list(APPEND confab_hardening_compile_options -fstack-protector-strong)
  if(NOT CONFAB_SANITIZE)
    # Needs an optimising build, and hides overflows from the address sanitizer.
    set(optimised "$<NOT:$<CONFIG:Debug>>")
    list(APPEND confab_hardening_compile_options
         "$<${optimised}:-U_FORTIFY_SOURCE>" "$<${optimised}:-D_FORTIFY_SOURCE=2>")
  endif()
  if(NOT APPLE)
    # Not -z nodlopen: Python, Node and C# load the library with dlopen.
    list(APPEND confab_hardening_link_options LINKER:-z,relro,-z,now)
  endif()
endif()

set(confab_sanitize_options)
if(CONFAB_SANITIZE)
  list(JOIN CONFAB_SANITIZE "," confab_sanitizers)
  # GCC sees uninitialised values in its own headers when the sanitizers' checks are woven in.
  set(confab_sanitize_options
      "-fsanitize=${confab_sanitizers}" -fno-sanitize-recover=all -fno-omit-frame-pointer
      $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
endif()

function(confab_target_options)
  foreach(target IN LISTS ARGN)
    target_compile_features(${target} PRIVATE cxx_std_20 c_std_11)
    set_target_properties(${target} PROPERTIES CXX_EXTENSIONS OFF C_EXTENSIONS OFF)
    target_compile_options(
      ${target}
      PRIVATE -Wall -Wextra -Wpedantic -Wconversion -Wshadow
              $<$<BOOL:${CONFAB_WARNINGS_AS_ERRORS}>:-Werror>
              ${confab_hardening_compile_options} ${confab_sanitize_options})
    target_link_options(${target} PRIVATE ${confab_hardening_link_options}
                        ${confab_sanitize_options})
  endforeach()
endfunction()
