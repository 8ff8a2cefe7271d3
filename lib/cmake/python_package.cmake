# SPDX-License-Identifier: MIT
#
# The target confab_python and the component `python`: the package of bindings/python as pip
# installs it, built against the shared library of this build, for python3-confab. Nothing is
# downloaded. Without the bindings, or without what they are built with, there is no such component.

set(source "${PROJECT_SOURCE_DIR}/bindings/python")
if(NOT EXISTS "${source}/pyproject.toml")
  message(STATUS "no bindings/python: no package python3-confab")
  return()
endif()
# The distribution's own Python, whichever is first on the path.
find_program(CONFAB_SYSTEM_PYTHON python3 PATHS /usr/bin NO_DEFAULT_PATH)
mark_as_advanced(CONFAB_SYSTEM_PYTHON)
execute_process(COMMAND "${CONFAB_SYSTEM_PYTHON}" -c "import setuptools, wheel, cffi, pip"
                RESULT_VARIABLE missing OUTPUT_QUIET ERROR_QUIET)
if(NOT missing EQUAL 0)
  message(STATUS "Python's cffi, pip, setuptools or wheel is missing: no package python3-confab")
  return()
endif()

set(stage "${PROJECT_BINARY_DIR}/python-stage")
file(GLOB_RECURSE inputs CONFIGURE_DEPENDS "${source}/*.py" "${source}/*.pyi" "${source}/*.toml")
# Debian's own layout is dist-packages; RUNPATH stays empty, since the library is the system's.
add_custom_command(
  OUTPUT "${stage}.stamp"
  COMMAND "${CMAKE_COMMAND}" -E rm -rf "${stage}"
  COMMAND "${CMAKE_COMMAND}" -E env "CONFAB_BUILD_DIR=${PROJECT_BINARY_DIR}" CONFAB_RUNPATH=
          DEB_PYTHON_INSTALL_LAYOUT=deb "${CONFAB_SYSTEM_PYTHON}" -m pip install --quiet
          --no-build-isolation --no-deps --no-index --no-compile --ignore-installed
          --root-user-action=ignore --break-system-packages --root "${stage}" --prefix /usr
          "${source}"
  # pip builds beside the sources.
  COMMAND "${CMAKE_COMMAND}" -E rm -rf "${source}/build" "${source}/confab.egg-info"
  COMMAND "${CMAKE_COMMAND}" -E touch "${stage}.stamp"
  DEPENDS confab ${inputs} "${PROJECT_SOURCE_DIR}/bindings/api.json"
  VERBATIM)
add_custom_target(confab_python ALL DEPENDS "${stage}.stamp")
install(DIRECTORY "${stage}/usr/lib/" DESTINATION lib COMPONENT python USE_SOURCE_PERMISSIONS
        # pip's notes about where and how it installed.
        PATTERN direct_url.json EXCLUDE PATTERN RECORD EXCLUDE PATTERN REQUESTED EXCLUDE
        PATTERN __pycache__ EXCLUDE)
