#!/bin/bash
# Copyright (c) 2026 the urio developers.
# Distributed under the Boost Software License, Version 1.0. (See accompanying
# file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

# Tests write_atomically, whose path is the argument: what it writes, that nobody sees a part
# of it, and that what fails leaves the old file and nothing else.
set -u
program=$1 failed=0
folder=$(mktemp -d ./write_atomically.XXXXXX) && cd "$folder" || exit 1
trap 'cd .. && rm -rf "$folder"' EXIT
export LC_ALL=C

fail() { echo "FAILED: $*"; failed=1; }
write() { timeout 60 "$program" "$@"; }
fails() # MESSAGE FILE CONTENT
{
  local said code
  said=$(write "$2" < "$3" 2>&1)
  code=$?
  [[ $code = 1 && $said = "write_atomically: $1" ]] || fail "$2: it ended with $code: $said"
}
check_files() { [[ $(echo *) = "$*" ]] || fail "there are $(echo *) instead of $*"; }

head -c 3000000 /dev/urandom > random
: > empty
head -c 300000 /dev/zero | tr '\0' a > all_a
head -c 300000 /dev/zero | tr '\0' b > all_b
for content in random empty all_a; do
  write target < "$content" && cmp "$content" target || fail "content $content"
done
check_files all_a all_b empty random target

# Whoever looks sees one of the two.
(for i in $(seq 20); do write target < all_b && write target < all_a || exit 1; done) &
writer=$!
while kill -0 "$writer" 2> /dev/null; do
  cat target > seen
  cmp -s seen all_a || cmp -s seen all_b || fail "a part was seen: $(wc -c < seen) bytes"
done
wait "$writer" || fail "a write failed"
rm -f seen
cmp target all_a || fail "the last is not there"

mkdir directory
fails 'rename: Is a directory' directory all_b
fails 'open: No such file or directory' nowhere/target all_b
fails 'open: Not a directory' empty/target all_b
[[ -d directory && -z $(ls -A directory) ]] || fail "the directory has changed"
# There is room for a part.
(trap '' XFSZ; ulimit -f 8; fails 'write: only 8192 bytes' target all_b; exit $failed) || failed=1
(trap '' XFSZ; ulimit -f 0; fails 'write: File too large' target all_b; exit $failed) || failed=1
cmp target all_a || fail "what failed has changed the file"
check_files all_a all_b directory empty random target
exit $failed
