# Copyright (c) 2026 the urio developers.
# Distributed under the Boost Software License, Version 1.0. (See accompanying
# file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

# urio::replace_asio: for programs whose sources are not touched, see
# include/urio/replace_asio.hpp. All targets that end up in one program have to link it.

include(CheckLinkerFlag)

add_library(urio_replace_asio INTERFACE)
add_library(urio::replace_asio ALIAS urio_replace_asio)
set_target_properties(urio_replace_asio PROPERTIES EXPORT_NAME replace_asio)
target_link_libraries(urio_replace_asio INTERFACE urio)
target_compile_options(urio_replace_asio INTERFACE
  "SHELL:$<$<COMPILE_LANGUAGE:CXX>:-include urio/replace_asio.hpp>")

# The check that a source file has not been forgotten is a linker script's.
check_linker_flag(CXX ${CMAKE_CURRENT_LIST_DIR}/replace_asio.ld URIO_LINKER_SCRIPTS)
if(URIO_LINKER_SCRIPTS)
  set(installed ${CMAKE_INSTALL_LIBDIR}/cmake/urio/replace_asio.ld)
  if(NOT IS_ABSOLUTE ${installed})
    set(installed $<INSTALL_PREFIX>/${installed})
  endif()
  target_link_options(urio_replace_asio INTERFACE
    $<BUILD_INTERFACE:${CMAKE_CURRENT_LIST_DIR}/replace_asio.ld>
    $<INSTALL_INTERFACE:${installed}>)
endif()
