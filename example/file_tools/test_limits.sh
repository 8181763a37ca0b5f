# Copyright (c) 2026 the urio developers.
# Distributed under the Boost Software License, Version 1.0. (See accompanying
# file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

# Part of test.sh: few descriptors, little room, a program that is ended.

can_mount()
{
  unshare -rm true 2> /dev/null || { echo 'skipped in part: nothing can be mounted'; false; }
}

limited() # DESCRIPTORS COMMAND...
(
  ulimit -n "$1" && shift && "$@"
)

# As an own process may have them open.
with_descriptors() # HOW_MANY COMMAND...
(
  local n=$1 unused; shift
  for ((; n != 0; --n)); do exec {unused}< /dev/null; done
  "$@"
)

test_descriptors()
{
  make_tree tree
  expect 0 limited 64 cp_ tree copy
  check_copy tree copy
  rm -rf copy
  expect 0 limited 64 with_descriptors 30 cp_ --jobs 64 --resume tree copy
  check_copy tree copy
  expect 0 limited 64 with_descriptors 36 cp_ -T --verify --jobs 64 tree copy
  check_copy tree copy
  find tree -type f -print0 | sort -z | xargs -0 sha256sum > expected
  expect 0 limited 64 sum tree > sums
  cmp expected sums || fail 'the sums differ'
  expect 0 limited 64 with_descriptors 36 sum --jobs 64 tree > sums
  cmp expected sums || fail 'the sums differ with fewer descriptors'
  expect 0 limited 64 with_descriptors 36 sum -c expected > checked
  sha256sum -c expected | cmp - checked || fail 'the checks differ'
}

test_full()
{
  can_mount || return
  expect 0 unshare -rm "$self" "$tools" "$backend" little_room
}

test_little_room()
{
  make_tree tree
  mkdir full
  mount -t tmpfs -o size=4m none full || exit 1
  local option
  for option in --quiet --resume; do
    expect 1 cp_ $option tree full/copy
    says 'No space left on device'
    no_temporaries_but_one full
    rm -rf full/copy
    expect 1 cp_ $option tree/large full/large
    [ -z "$(ls -A full)" ] || fail 'something is left'
  done
  # Holes take no room, between file systems neither.
  truncate -s 1G gap
  echo end >> gap
  expect 0 cp_ gap full/gap
  cmp -s <(tail -c 100 gap) <(tail -c 100 full/gap) || fail 'the end of the gap differs'
  umount full
}

no_temporaries_but_one() # the tree has one of its own
{
  [ -z "$(find "$1" -name '.*.urio-cp*' ! -name .file.urio-cp)" ] ||
    fail "temporaries are left in $1"
}

# Who ends it finds no temporaries; with --resume it can be gone on with.
test_ended()
{
  make_tree tree
  local n ended=0
  for n in 1 2 3; do
    rm -rf copy
    "$tools/urio-cp" --backend "$backend" tree copy 2> /dev/null &
    local pid=$!
    until [ -e copy/file ] || ! kill -0 $pid 2> /dev/null; do :; done
    kill -TERM $pid 2> /dev/null
    wait $pid 2> /dev/null
    [ $? = 143 ] && ((++ended))
    no_temporaries_but_one copy
  done
  echo "$ended of $n were ended"
  expect 0 cp_ -T --resume tree copy
  check_copy tree copy
}
