# Copyright (c) 2026 the urio developers.
# Distributed under the Boost Software License, Version 1.0. (See accompanying
# file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

# Three clients are greeted, and get back what they send.
execute_process(COMMAND ${REACTOR_SERVICE_ECHO} 3
  OUTPUT_VARIABLE output RESULT_VARIABLE result TIMEOUT 60)
string(REGEX MATCHALL "a client got: Hello world!\nHello, service!\n" replies "${output}")
list(LENGTH replies count)
if(NOT result EQUAL 0 OR NOT count EQUAL 3)
  message(FATAL_ERROR "unexpected result ${result} and output:\n${output}")
endif()
