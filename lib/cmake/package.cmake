# SPDX-License-Identifier: MIT
#
# `cpack`: Debian packages, one per component: libconfab0, libconfab-dev, confabd, python3-confab
# where bindings/python can be built. The preset `package` configures a build for them, with the
# prefix and folders of a distribution. What a package holds beside what is installed (copyright,
# changelog, compressed pages) is added by debian_files.cmake; the SPDX list is written beside them.

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME confab)
set(CPACK_PACKAGE_VENDOR "the confab authors")
set(CONFAB_PACKAGE_MAINTAINER "the confab authors <confab@localhost>" CACHE STRING
    "Who answers for the Debian packages: NAME <ADDRESS>")
set(CPACK_PACKAGE_CONTACT "${CONFAB_PACKAGE_MAINTAINER}")
set(CPACK_PACKAGING_INSTALL_PREFIX "${CMAKE_INSTALL_PREFIX}")
set(CPACK_PACKAGE_DIRECTORY "${PROJECT_BINARY_DIR}/packages")
set(CPACK_STRIP_FILES ON)
set(CPACK_COMPONENTS_ALL runtime development)
set(CPACK_COMPONENTS_GROUPING IGNORE)

set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
    OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)

include(lib/cmake/version.cmake)
set(debian_dir "${CMAKE_CURRENT_LIST_DIR}/debian")
string(TIMESTAMP package_date "%a, %d %b %Y %H:%M:%S +0000" UTC)
set(package_version "${PROJECT_VERSION}-${CPACK_DEBIAN_PACKAGE_RELEASE}")

set(CPACK_DEBIAN_RUNTIME_PACKAGE_NAME "libconfab${CONFAB_ABI_MAJOR}")
set(CPACK_DEBIAN_RUNTIME_PACKAGE_SECTION libs)
set(CPACK_COMPONENT_RUNTIME_DESCRIPTION "embeddable chat engine (shared library)
confab is a chat engine that a program links: it takes bytes and the time, and
gives back bytes, events and state. Every act passes an event bus on which
filters can rewrite it, refuse it, or take their time to decide.")
# Not GENERATE_SHLIBS, which takes the plugins of confabd for libraries.
file(CONFIGURE OUTPUT "${PROJECT_BINARY_DIR}/debian/shlibs" CONTENT
     "libconfab @CONFAB_ABI_MAJOR@ libconfab@CONFAB_ABI_MAJOR@ (>= @PROJECT_VERSION@)\n" @ONLY)
set(CPACK_DEBIAN_RUNTIME_PACKAGE_CONTROL_EXTRA "${debian_dir}/triggers"
                                               "${PROJECT_BINARY_DIR}/debian/shlibs")

set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_NAME libconfab-dev)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS
    "${CPACK_DEBIAN_RUNTIME_PACKAGE_NAME} (= ${package_version})")
set(CPACK_COMPONENT_DEVELOPMENT_DESCRIPTION "embeddable chat engine (development files)
The headers for C and C++, the static library, a CMake package and the file for
pkg-config.")

if(TARGET confabd)
  list(APPEND CPACK_COMPONENTS_ALL server)
  set(CPACK_DEBIAN_SERVER_PACKAGE_NAME confabd)
  set(CPACK_DEBIAN_SERVER_PACKAGE_SECTION net)
  set(CPACK_DEBIAN_SERVER_PACKAGE_DEPENDS
      "init-system-helpers (>= 1.54), systemd | systemd-standalone-sysusers, passwd, procps")
  set(CPACK_COMPONENT_SERVER_DESCRIPTION "chat server around the confab library
Serves IRC, IRCX and MIC in the same channels over TCP and TLS, keeps registered
channels in SQLite, loads plugins, and reads its configuration again without a
restart. The plugins that come with confab are in it, and a program that checks
plugins.")
  set(CPACK_DEBIAN_SERVER_PACKAGE_CONTROL_EXTRA
      "${debian_dir}/conffiles" "${debian_dir}/postinst" "${debian_dir}/prerm"
      "${debian_dir}/postrm")
endif()

if(TARGET confab_python)
  list(APPEND CPACK_COMPONENTS_ALL python)
  set(CPACK_DEBIAN_PYTHON_PACKAGE_NAME python3-confab)
  set(CPACK_DEBIAN_PYTHON_PACKAGE_SECTION python)
  # dpkg-shlibdeps cannot know the package of a library that is not installed.
  set(CPACK_DEBIAN_PYTHON_PACKAGE_SHLIBDEPS OFF)
  set(CPACK_DEBIAN_PYTHON_PACKAGE_DEPENDS
      "${CPACK_DEBIAN_RUNTIME_PACKAGE_NAME} (= ${package_version}), python3 (>= 3.11), \
python3-cffi-backend, libc6")
  set(CPACK_DEBIAN_PYTHON_PACKAGE_CONTROL_EXTRA "${debian_dir}/python/postinst"
                                                "${debian_dir}/python/prerm")
  set(CPACK_COMPONENT_PYTHON_DESCRIPTION "embeddable chat engine (Python)
Engines, events, filters and commands of confab for programs in Python and
asyncio.")
endif()

find_program(CONFAB_REUSE reuse)
find_program(CONFAB_GZIP gzip)
mark_as_advanced(CONFAB_REUSE CONFAB_GZIP)
configure_file("${CMAKE_CURRENT_LIST_DIR}/debian_files.cmake.in"
               "${CMAKE_CURRENT_BINARY_DIR}/debian_files.cmake" @ONLY)
set(CPACK_PRE_BUILD_SCRIPTS "${CMAKE_CURRENT_BINARY_DIR}/debian_files.cmake")
include(CPack)

# What has to be built before cpack is called.
add_custom_target(packaged DEPENDS confab confab_static)
foreach(target examples confabd_pages confab_python)
  if(TARGET ${target})
    add_dependencies(packaged ${target})
  endif()
endforeach()
