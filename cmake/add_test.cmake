# Copyright (c) 2026 the urio developers.
# Distributed under the Boost Software License, Version 1.0. (See accompanying
# file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

set(URIO_TEST_PREFIX "" CACHE STRING
  "Begins the names of the tests, to tell builds apart that run under one ctest")

# urio_add_test(<name> COMMAND <command> [<argument>...])
#
# A test that exits with 77 is skipped, and has said why.
function(urio_add_test name)
  add_test(NAME ${URIO_TEST_PREFIX}${name} ${ARGN})
  set_tests_properties(${URIO_TEST_PREFIX}${name} PROPERTIES
    TIMEOUT 1500 SKIP_RETURN_CODE 77)
endfunction()
