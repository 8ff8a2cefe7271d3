# SPDX-License-Identifier: MIT
#
# What `cmake --install` puts where. Components: `runtime` is the shared library as programs load
# it; `development` is what one compiles against: headers, the static library, the CMake package and
# confab.pc. Everything can be moved after it was installed.

include(CMakePackageConfigHelpers)

set(confab_cmake_dir "${CMAKE_INSTALL_LIBDIR}/cmake/confab")

install(DIRECTORY "${PROJECT_SOURCE_DIR}/include/confab"
        DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}" COMPONENT development
        FILES_MATCHING PATTERN "*.h" PATTERN "*.hpp")

install(
  TARGETS confab
  EXPORT confab-shared
  LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}" COMPONENT runtime NAMELINK_COMPONENT development
  RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}" COMPONENT runtime
  ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}" COMPONENT development)
install(TARGETS confab_static EXPORT confab-static
        ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}" COMPONENT development)

foreach(kind shared static)
  install(EXPORT confab-${kind} FILE confab-${kind}.cmake NAMESPACE confab::
          DESTINATION "${confab_cmake_dir}" COMPONENT development)
endforeach()

configure_package_config_file(
  "${CMAKE_CURRENT_LIST_DIR}/confabConfig.cmake.in"
  "${CMAKE_CURRENT_BINARY_DIR}/confabConfig.cmake" INSTALL_DESTINATION "${confab_cmake_dir}"
  NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file("${CMAKE_CURRENT_BINARY_DIR}/confabConfigVersion.cmake"
                                 COMPATIBILITY SameMajorVersion)
install(FILES "${CMAKE_CURRENT_BINARY_DIR}/confabConfig.cmake"
              "${CMAKE_CURRENT_BINARY_DIR}/confabConfigVersion.cmake"
        DESTINATION "${confab_cmake_dir}" COMPONENT development)

# confab.pc finds its prefix from where it lies, unless the folders are absolute.
set(confab_pc_dir "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
if(IS_ABSOLUTE "${CMAKE_INSTALL_LIBDIR}" OR IS_ABSOLUTE "${CMAKE_INSTALL_INCLUDEDIR}")
  set(confab_pc_prefix "${CMAKE_INSTALL_PREFIX}")
  set(confab_pc_libdir "${CMAKE_INSTALL_FULL_LIBDIR}")
  set(confab_pc_includedir "${CMAKE_INSTALL_FULL_INCLUDEDIR}")
else()
  file(RELATIVE_PATH confab_pc_up "/${confab_pc_dir}" "/")
  string(REGEX REPLACE "/$" "" confab_pc_up "${confab_pc_up}")
  set(confab_pc_prefix "\${pcfiledir}/${confab_pc_up}")
  set(confab_pc_libdir "\${prefix}/${CMAKE_INSTALL_LIBDIR}")
  set(confab_pc_includedir "\${prefix}/${CMAKE_INSTALL_INCLUDEDIR}")
endif()
configure_file("${CMAKE_CURRENT_LIST_DIR}/confab.pc.in" "${CMAKE_CURRENT_BINARY_DIR}/confab.pc"
               @ONLY)
install(FILES "${CMAKE_CURRENT_BINARY_DIR}/confab.pc" DESTINATION "${confab_pc_dir}"
        COMPONENT development)
