# Copyright (c) 2026 the urio developers.
# Distributed under the Boost Software License, Version 1.0. (See accompanying
# file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

# Asio's handler tracking names urio's operations.
execute_process(COMMAND ${ECHO} OUTPUT_QUIET ERROR_VARIABLE log
  COMMAND_ERROR_IS_FATAL ANY)
foreach(operation async_accept async_connect async_receive async_send)
  if(NOT log MATCHES "@asio\\|[0-9.]+\\|[0-9*]+\\|socket@0x[0-9a-f]+\\.${operation}")
    message(SEND_ERROR "no ${operation} in the log")
  endif()
endforeach()
if(NOT log MATCHES "@asio\\|[0-9.]+\\|>[0-9]+\\|ec=system:0,bytes_transferred=13")
  message(SEND_ERROR "no result of a transfer in the log:\n${log}")
endif()
