# Copyright (c) 2026 the urio developers.
# Distributed under the Boost Software License, Version 1.0. (See accompanying
# file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

# Installs urio, and builds and runs a program elsewhere that finds it there.
file(REMOVE_RECURSE ${WORK})
execute_process(COMMAND ${CMAKE_COMMAND} --install ${BUILD} --prefix ${WORK}/root
  OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${CMAKE_COMMAND} -S ${CONSUMER} -B ${WORK}/build -G ${GENERATOR}
  -DCMAKE_PREFIX_PATH=${WORK}/root -DCMAKE_CXX_COMPILER=${CXX}
  OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${CMAKE_COMMAND} --build ${WORK}/build
  OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${WORK}/build/consumer OUTPUT_VARIABLE output
  COMMAND_ERROR_IS_FATAL ANY)
if(NOT output MATCHES "Hello, ring!")
  message(FATAL_ERROR "It printed:\n${output}")
endif()

set(ENV{URIO_LOG} 1)
execute_process(COMMAND ${WORK}/build/replaced ERROR_VARIABLE log
  OUTPUT_VARIABLE output COMMAND_ERROR_IS_FATAL ANY)
if(NOT log MATCHES "urio: backend: io_uring")
  message(FATAL_ERROR "It printed:\n${output}${log}")
endif()
