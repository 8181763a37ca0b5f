#!/bin/bash
# Copyright (c) 2026 the urio developers.
# Distributed under the Boost Software License, Version 1.0. (See accompanying
# file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

# Compares chain_reader, whose path is the argument, with cat(1).
set -u
program=$1 failed=0
folder=$(mktemp -d ./chain_reader.XXXXXX) && cd "$folder" || exit 1
trap 'cd .. && rm -rf "$folder"' EXIT
export LC_ALL=C

fail() { echo "FAILED: $*"; failed=1; }
check() # CODE ARGUMENT...: the files are the array of that name
{
  local code=$1 is
  shift
  timeout 60 "$program" "$@" "${files[@]}" > is 2> messages
  is=$?
  [[ $is = "$code" ]] || fail "$*: it ended with $is: $(cat messages)"
  cat "${files[@]}" 2> /dev/null | cmp - is || fail "$*: the output differs"
}

# Of all sizes about those of the buffers.
for size in 0 1 2 3 4 5 16383 16384 16385 65535 65536 65537 1000000; do
  head -c "$size" /dev/urandom > "size $size"
done
for i in $(seq 300); do
  seq "$i" $((3 * i)) > "file$i"
done
files=(size* file*)
check 0
check 0 --chains 1
check 0 --chains 100 --size 1000
files=(file1 size*)
check 0 --size 1
# As cat has it, the rest is printed.
files=(file1 /nowhere/at/all file2 . file3)
check 1
for message in '/nowhere/at/all: No such file or directory' '.: Is a directory'; do
  grep -qxF "chain_reader: $message" messages || fail "no message: $message"
done
files=()
check 0 < /dev/null
# No descriptor is left behind, where there are any.
files=(file*)
ulimit -n 48
check 0
exit $failed
