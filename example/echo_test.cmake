# Copyright (c) 2026 the urio developers.
# Distributed under the Boost Software License, Version 1.0. (See accompanying
# file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

execute_process(COMMAND ${ECHO} OUTPUT_VARIABLE output COMMAND_ERROR_IS_FATAL ANY)
if(NOT output STREQUAL "backend: io_uring\nHello, ring!\nIt is only Asio.\n")
  message(FATAL_ERROR "It printed:\n${output}")
endif()
