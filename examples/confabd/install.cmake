# SPDX-License-Identifier: MIT
#
# What is installed with confabd: its plugins' checker, its pages of the manual, and, in a build for
# packages, the service and the configuration. confabd.toml.5 is made from confabd.toml, which is
# what --print-config prints: a key cannot be missing there.

find_package(Python3 COMPONENTS Interpreter)
install(TARGETS confabd RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}" COMPONENT server)
install(PROGRAMS $<TARGET_FILE:check_plugin> DESTINATION "${CMAKE_INSTALL_BINDIR}"
        RENAME confab-check-plugin COMPONENT server)

set(man "${CMAKE_CURRENT_LIST_DIR}/man")
install(FILES "${man}/confabd.8" DESTINATION "${CMAKE_INSTALL_MANDIR}/man8" COMPONENT server)
install(FILES "${man}/confab-check-plugin.1" DESTINATION "${CMAKE_INSTALL_MANDIR}/man1"
        COMPONENT server)
if(Python3_Interpreter_FOUND)
  set(page "${PROJECT_BINARY_DIR}/man/confabd.toml.5")
  add_custom_command(
    OUTPUT "${page}"
    COMMAND Python3::Interpreter "${man}/toml_page.py" "${CMAKE_CURRENT_LIST_DIR}/confabd.toml"
            "${man}/confabd.toml.5.in" "${page}"
    DEPENDS "${man}/toml_page.py" "${man}/confabd.toml.5.in"
            "${CMAKE_CURRENT_LIST_DIR}/confabd.toml"
    VERBATIM)
  add_custom_target(confabd_pages ALL DEPENDS "${page}")
  install(FILES "${page}" DESTINATION "${CMAKE_INSTALL_MANDIR}/man5" COMPONENT server)
else()
  message(STATUS "Python is missing: no page confabd.toml(5)")
endif()

if(CONFAB_PACKAGE)
  set(packaging "${CMAKE_CURRENT_LIST_DIR}/packaging")
  install(FILES "${packaging}/confabd.service" DESTINATION /lib/systemd/system COMPONENT server)
  install(FILES "${packaging}/confabd.sysusers" DESTINATION lib/sysusers.d RENAME confabd.conf
          COMPONENT server)
  # Beside the configuration the service may not write: the store lies in its own folder.
  set(toml "${CMAKE_CURRENT_LIST_DIR}/confabd.toml")
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${toml}")
  file(READ "${toml}" text)
  string(REGEX REPLACE "(\\[store\\]\n[^\n]*\nfile = \")\""
                       "\\1/var/lib/confabd/confabd.db\"" packaged "${text}")
  if(packaged STREQUAL text)
    message(FATAL_ERROR "confabd.toml has no line for the file of the store")
  endif()
  file(WRITE "${PROJECT_BINARY_DIR}/packaged/confabd.toml" "${packaged}")
  install(FILES "${PROJECT_BINARY_DIR}/packaged/confabd.toml"
          DESTINATION "${CMAKE_INSTALL_FULL_SYSCONFDIR}/confabd" COMPONENT server)
endif()
