# Copyright (c) 2026 the urio developers.
# Distributed under the Boost Software License, Version 1.0. (See accompanying
# file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

# Asio's handler tracking names urio's operations, and tells of them as of its own.
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

# The log of a program, in lines that compare: without the time, with a word for each
# address, and without the attempts that only Asio's reactor makes (`|.5|`).
function(track result)
  execute_process(COMMAND ${ARGN} OUTPUT_QUIET ERROR_VARIABLE log
    COMMAND_ERROR_IS_FATAL ANY)
  string(REGEX REPLACE "@asio\\|[0-9.]+\\|" "@asio|time|" log "${log}")
  string(REGEX REPLACE "@0x[0-9a-f]+" "@address" log "${log}")
  string(REGEX REPLACE "@asio\\|time\\|\\.[^\n]*\n" "" log "${log}")
  set(${result} "${log}" PARENT_SCOPE)
endfunction()

track(stock ${STOCK})
track(native ${URIO})
track(hosted ${URIO} hosted)
foreach(line
    "0*1|socket@address.async_connect" "0|socket@address.cancel"
    "0*8|descriptor@address.async_write_some" "0|descriptor@address.release"
    "0*13|file@address.async_write_some" "0*15|file@address.async_read_some_at"
    "0|file@address.close" "0*17|deadline_timer@address.async_wait"
    ">6|ec=system:125,bytes_transferred=0")
  string(FIND "${native}" "@asio|time|${line}\n" found)
  if(found EQUAL -1)
    message(SEND_ERROR "no ${line} in the log:\n${native}")
  endif()
endforeach()
if(NOT native STREQUAL hosted)
  message(SEND_ERROR "not the same on a hosted loop:\n${native}\n${hosted}")
endif()
# Asio's files are descriptors on Linux and do not tell where they read.
string(REPLACE "|file@" "|descriptor@" as_stock "${native}")
string(REPLACE "_some_at\n" "_some\n" as_stock "${as_stock}")
if(NOT as_stock STREQUAL stock)
  message(SEND_ERROR "not as Asio's own:\n${as_stock}\n${stock}")
endif()
