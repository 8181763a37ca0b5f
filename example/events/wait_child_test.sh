#!/bin/bash
# Copyright (c) 2026 the urio developers.
# Distributed under the Boost Software License, Version 1.0. (See accompanying
# file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

# Tests wait_child, whose path is the argument: what it says of a child, what it ends with
# itself, and that nothing is left of a child that has taken too long.
set -u
program=$1 failed=0

check() # CODE OUTPUT [OPTION...] -- COMMAND...
{
  local code=$1 expected=$2 output is
  shift 2
  output=$(timeout 60 "$program" "$@" 2>&1)
  is=$?
  [[ $is = "$code" && $output =~ ^$expected$ ]] && return
  echo "FAILED: $*: it ended with $is, and said: $output"
  failed=1
}

check 0 'process [0-9]+ exited with 0' -- true
check 3 'process [0-9]+ exited with 3' -- sh -c 'exit 3'
check 3 'process [0-9]+ exited with 3' --limit 60 -- sh -c 'sleep 0.1; exit 3'
check 143 'process [0-9]+ was killed by signal 15' -- sh -c 'kill $$'
check 127 'wait_child: .*No such file or directory.process [0-9]+ exited with 127' \
  -- /nowhere/at/all
check 1 "wait_child: the option '--command' is required but missing"

check 124 'process [0-9]+ took too long, and was killed by signal 9' --limit 0.1 -- sleep 600
# Its output has ended: all that had it has, too.
output=$(timeout 60 "$program" --limit 0.1 -- sh -c 'echo $$; exec sleep 600')
child=${output%%$'\n'*}
[[ $output = "$child"$'\n'"process $child took too long, and was killed by signal 9" ]] ||
  { echo "FAILED: $output"; failed=1; }
if kill -0 "$child" 2> /dev/null; then
  echo "FAILED: process $child is there"
  failed=1
fi

# Both at about the same time, whichever wins: it ends with one or the other.
for i in $(seq 20); do
  timeout 60 "$program" --limit 0.01 -- sleep 0.01 > /dev/null
  code=$?
  [[ $code = 0 || $code = 124 ]] || { echo "FAILED: a close race: $code"; failed=1; }
done
exit $failed
