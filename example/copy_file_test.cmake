# Copyright (c) 2026 the urio developers.
# Distributed under the Boost Software License, Version 1.0. (See accompanying
# file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

# Copies the program itself, which is some megabytes long and no multiple of a block.
set(copy ${COPY_FILE}.copy)
execute_process(COMMAND ${COPY_FILE} ${COPY_FILE} ${copy} COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${CMAKE_COMMAND} -E compare_files ${COPY_FILE} ${copy}
  COMMAND_ERROR_IS_FATAL ANY)
file(REMOVE ${copy})

# A file that is not there is an error that says so.
execute_process(COMMAND ${COPY_FILE} ${COPY_FILE}.none ${copy}
  RESULT_VARIABLE result ERROR_VARIABLE message)
if(NOT result EQUAL 1 OR NOT message MATCHES "No such file or directory")
  message(FATAL_ERROR "result ${result}: ${message}")
endif()
