#!/bin/bash
# Copyright (c) 2026 the urio developers.
# Distributed under the Boost Software License, Version 1.0. (See accompanying
# file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

# Tests semaphore, whose path is the argument: as many are acquired as have been released.
set -u
program=$1 failed=0

check() # COROUTINES THREADS TIMES
{
  local output expected code
  output=$(timeout 60 "$program" --coroutines "$1" --threads "$2" --times "$3" 2>&1)
  code=$?
  if [[ $code = 77 ]]; then
    echo "$output"
    # The kernel's io_uring has what it needs, or has not; a reactor has not.
    [[ $output = *IORING_OP_FUTEX_WAIT* && ${URIO_BACKEND:-uring} = uring ]] && exit 77
    [[ $output = *IORING_OP_FUTEX_WAIT* ]] && exit 0
  fi
  expected="at first none
acquired $(($1 * $2 * $3)), left 0
then one
at last none"
  [[ $code = 0 && $output = "$expected" ]] && return
  echo "FAILED: $*: it ended with $code, and said: $output"
  failed=1
}

check 6 3 200
check 1 8 200
check 300 1 5
check 1 1 0
exit $failed
