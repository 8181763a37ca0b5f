#!/bin/bash
# Copyright (c) 2026 the urio developers.
# Distributed under the Boost Software License, Version 1.0. (See accompanying
# file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

# Tests urio-cp and urio-sum: test.sh TOOLS BACKEND TEST, where TOOLS is the directory that
# they are in. The standard of comparison is cp(1), diff(1) and sha256sum(1).
set -u
tools=$1 backend=$2 test=$3
self=$(realpath "$0")
export LC_ALL=C

folder=$(mktemp -d ./file_tools.XXXXXX) && cd "$folder" || exit 1
messages=$PWD/messages
: > "$messages"
trap 'cd .. && chmod -R u+rwx "$folder" && rm -rf "$folder"' EXIT
umask 022

failed=0
fail() { echo "FAILED: $*"; failed=1; }
cp_() { timeout 60 "$tools/urio-cp" --backend "$backend" "$@" 2>> "$messages"; }
sum() { timeout 60 "$tools/urio-sum" --backend "$backend" "$@" 2>> "$messages"; }
expect() # CODE COMMAND...
{
  local code=$1 is; shift
  "$@"; is=$?
  [ "$is" = "$code" ] || fail "$* ended with $is instead of $code"
}
says() { grep -aqF -- "$1" "$messages" || { fail "no message: $1"; cat "$messages"; }; }
no_temporaries() # DIRECTORY
{
  [ -z "$(find "$1" -name '.*.urio-cp*')" ] || fail "temporaries are left in $1"
}

# About 600 files of all kinds, deterministic but for the times.
make_tree()
{
  mkdir "$1" && cd "$1" || exit 1
  for d in $(seq 30); do
    mkdir -p "d$d/sub dir"
    for f in $(seq 18); do
      seq $((d * f * 7)) > "d$d/file$f"
    done
  done
  touch empty 'with space' $'new\nline' 'back\slash' $'tab\t' $'b\xffyte' -- -dash '*' .hidden
  echo text | tee 'with space' $'new\nline' 'back\slash' > /dev/null
  echo mine > .file.urio-cp
  echo file > file
  echo long > "$(printf 'x%.0s' $(seq 255))"
  echo begin > holes
  truncate -s 9M holes
  echo end >> holes
  truncate -s 20M holes
  seq 900000 > large
  local deep=deep
  for i in $(seq 40); do deep=$deep/nested; done
  mkdir -p "$deep"
  echo bottom > "$deep/file"
  ln -s file link
  ln -s /nowhere/at/all dangling
  ln -s d1 link_to_directory
  chmod 700 d2
  chmod 555 d3
  chmod 640 d1/file1
  chmod 4755 d1/file2
  chmod 444 d1/file3
  touch -d '2001-02-03 04:05:06.789' d1/file4
  cd ..
}

# cp(1) is what the modes are compared with.
modes() { (cd "$1" && find . ! -type l -printf '%m %p\0' | sort -z | tr '\0' '\n'); }
check_copy() # SOURCE COPY
{
  diff -r --no-dereference "$1" "$2" || fail "$2 differs"
  [ -d as_cp ] || cp -r "$1" as_cp
  diff <(modes as_cp) <(modes "$2") || fail "the modes of $2 differ"
  diff <(cd "$1" && find . -type f -printf '%T@ %p\0' | sort -z) \
       <(cd "$2" && find . -type f -printf '%T@ %p\0' | sort -z) || fail "times differ"
  [ "$(find "$2" -name '*.urio-cp*' | sort)" = "$2/.file.urio-cp" ] ||
    fail "$2 has more than its source"
}

test_copy()
{
  make_tree tree
  expect 0 cp_ tree copy
  check_copy tree copy
  [ "$(stat -c %b copy/holes)" -lt 2000 ] || fail 'the holes are filled'
  says ' files, '
  # Once more, over it, and into a directory.
  expect 0 cp_ -T --depth 1 --jobs 1 tree copy
  check_copy tree copy
  mkdir into
  expect 0 cp_ --quiet --progress tree tree/file tree/link into/
  check_copy tree into/tree
  [ "$(readlink into/link)" = file ] || fail 'no link'
  says '100%'
  expect 0 cp_ --verify tree/large large
  cmp tree/large large || fail 'large differs'
}

test_resume()
{
  make_tree tree
  expect 0 cp_ tree copy
  # One file is not complete, one is older, one is gone, and one part is wrong.
  rm copy/large copy/d4/file5
  head -c 3000000 tree/large > copy/.large.urio-cp
  printf wrong | dd of=copy/.large.urio-cp bs=1 seek=2000000 conv=notrunc 2> /dev/null
  touch copy/d5/file6
  echo other > copy/d5/file6
  head -c 100 tree/d6/file9 > copy/d6/.file9.urio-cp
  rm copy/d6/file9
  ln -sf elsewhere copy/link
  : > "$messages"
  expect 0 cp_ -T --resume tree copy
  says ' files were complete, '
  check_copy tree copy
  [ "$(readlink copy/link)" = file ] || fail 'the link is not mended'
}

test_errors()
{
  make_tree tree
  mkfifo tree/d7/pipe
  expect 1 cp_ tree copy
  says 'tree/d7/pipe: '
  rm tree/d7/pipe
  check_copy tree copy
  # A file that cannot be read, for root neither.
  expect 1 cp_ tree/none /proc/self/mem tree/file copy/d8
  says 'tree/none: No such file or directory'
  says '/proc/self/mem'
  [ "$(cat copy/d8/file)" = file ] || fail 'the others are not copied'
  expect 1 sum tree/none /proc/self/mem tree/file > sums
  says '/proc/self/mem: Input/output error'
  sha256sum tree/file | diff - sums || fail 'the others are not summed'
  if [ "$(id -u)" != 0 ]; then
    chmod 0 tree/d9/file1 tree/d10
    expect 1 cp_ tree copy2
    says 'tree/d9/file1 -> copy2/d9/file1: Permission denied'
    says 'tree/d10: Permission denied'
    [ -e copy2/d9/file2 ] || fail 'the others are not copied'
  fi
}

test_verify()
{
  make_tree tree
  expect 0 cp_ --verify tree copy
  expect 0 cp_ -T --verify-only tree copy
  : > "$messages"
  printf wrong | dd of=copy/large bs=1 seek=4000000 conv=notrunc 2> /dev/null
  expect 1 cp_ -T --verify-only tree copy
  says 'tree/large: differs from its copy'
  [ "$(grep -c differs "$messages")" = 1 ] || fail 'others differ'
  touch -r tree/large copy/large
  # What seems to be complete is verified, too, and is not left as it is.
  expect 1 cp_ -T --resume --verify tree copy
  [ ! -e copy/large ] || fail 'the wrong copy is there'
  rm copy/d1/file1
  expect 1 cp_ -T --verify-only tree copy
  says 'copy/d1/file1: No such file or directory'
  expect 0 cp_ -T --resume --verify tree copy
  check_copy tree copy
}

test_crash()
{
  make_tree tree
  # So that many kills find something begun.
  for i in 1 2 3; do cat tree/large tree/large tree/large > "tree/larger$i"; done
  local kills=0 n resume=
  for ((n = 0; n != 50; ++n)); do
    # Some begin anew.
    if ((n % 10 == 9)); then rm -rf copy; fi
    "$tools/urio-cp" --backend "$backend" -T --resume tree copy 2> /dev/null &
    local pid=$!
    sleep "0.0$((RANDOM % 90 + 10))"
    kill -KILL $pid 2> /dev/null
    wait $pid 2> /dev/null
    [ $? = 137 ] && ((++kills))
    # Names never show half a file.
    if [ -e copy/large ]; then
      cmp tree/large copy/large || fail "half a file after $n"
    fi
  done
  echo "$kills of $n were killed"
  ((kills > 0)) || fail 'nothing was killed'
  expect 0 cp_ -T --resume tree copy
  check_copy tree copy
}

test_sum()
{
  make_tree tree
  find tree -type f -print0 | sort -z | xargs -0 sha256sum > expected
  expect 0 sum --jobs 7 --threads 3 tree > sums
  cmp expected sums || fail 'the sums of a tree differ'
  (cd tree && sha256sum -- -dash 'back\slash' $'new\nline' ./large empty link) > expected2
  (cd tree && expect 0 sum -- -dash 'back\slash' $'new\nline' ./large empty link) > sums2
  cmp expected2 sums2 || fail 'the sums of files differ'
  cat tree/large | expect 0 sum > sums3
  sha256sum < tree/large | cmp - sums3 || fail 'the sum of a pipe differs'
  expect 0 sum - < tree/large | cmp - sums3 || fail 'the sum of a redirection differs'
  expect 0 sum <(cat tree/large) | cut -c -64 | cmp - <(cut -c -64 sums3) ||
    fail 'the sum of a named pipe differs'

  sha256sum --quiet -c sums || fail 'sha256sum -c does not like them'
  expect 0 sum -c expected > checked
  sha256sum -c expected | cmp - checked || fail 'the checks differ'
  echo changed > $'tree/new\nline'
  rm tree/d1/file1
  echo rubbish >> expected
  expect 1 sum --check expected > checked
  sha256sum -c expected 2> /dev/null | cmp - checked || fail 'the failures differ'
  says '1 line is improperly formatted'
  says '1 listed file could not be read'
  says '1 computed checksum did NOT match'
  echo rubbish | expect 1 sum -c -
  says 'no properly formatted'
  if [ -e /dev/full ]; then expect 1 sum tree/large > /dev/full; fi
}

. "${self%/*}/test_targets.sh"
. "${self%/*}/test_limits.sh"
. "${self%/*}/test_lists.sh"

"test_$test"
[ $failed = 0 ] && [ "$(grep -ac 'AddressSanitizer\|ThreadSanitizer' "$messages")" = 0 ]
