# Copyright (c) 2026 the urio developers.
# Distributed under the Boost Software License, Version 1.0. (See accompanying
# file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

# Installation, and the package that find_package(urio) finds.

include(CMakePackageConfigHelpers)

install(TARGETS urio urio_replace_asio EXPORT urio-targets
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
  LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY include/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(EXPORT urio-targets NAMESPACE urio::
  DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/urio)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/urio-config-version.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES cmake/urio-config.cmake cmake/replace_asio.ld ${PROJECT_BINARY_DIR}/urio-config-version.cmake
  DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/urio)
