# Copyright (c) 2026 the urio developers.
# Distributed under the Boost Software License, Version 1.0. (See accompanying
# file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

# Part of test.sh: what urio-cp writes to, and what it leaves alone.

two_sources()
{
  mkdir -p x/m y/m d
  seq 300000 > x/n
  seq 300001 600000 > y/n
}

test_names()
{
  two_sources
  # Two sources of one name.
  expect 1 cp_ x/n y/n d
  says 'y/n: not copied: d/n is the copy of x/n'
  cmp x/n d/n || fail 'a wrong file under the name'
  expect 0 cp_ x/n x/n x/../x/n d
  says 'x/../x/n is named more than once'
  # Directories become one, and the last file counts.
  echo 1 > x/m/f; echo 2 > y/m/f; echo 3 > y/m/g
  expect 0 cp_ x/m y/m d
  diff -r y/m d/m || fail 'two directories are not one'
  mkdir -p z/n
  expect 1 cp_ x/n z/n d
  says 'z/n: not copied'
  # What is to be a directory and is not there.
  expect 1 cp_ x/n nodir/
  expect 1 cp_ -T x/n nodir/
  [ ! -e nodir ] || fail 'nodir is there'
  expect 0 cp_ x new/
  diff -r x new || fail 'new differs'
  expect 1 cp_ x/n/ d
  says 'x/n/: Not a directory'
  # Two programs with one target.
  local n option
  for option in --quiet --resume; do
    for n in 1 2 3; do
      rm -f d/one
      cp_ $option x/n d/one & cp_ $option y/n d/one
      wait
      cmp -s x/n d/one || cmp -s y/n d/one || fail 'neither of two files'
    done
  done
  no_temporaries d
}

# What somebody else has put where an unfinished copy would be.
test_lasting()
{
  two_sources
  echo precious > precious
  local kind
  for kind in hard soft directory pipe; do
    rm -rf d && mkdir d
    case $kind in
      hard) ln precious d/.n.urio-cp ;;
      soft) ln -s ../precious d/.n.urio-cp ;;
      directory) mkdir d/.n.urio-cp ;;
      pipe) mkfifo d/.n.urio-cp ;;
    esac
    local before; before=$(stat -c '%i %f' d/.n.urio-cp)
    expect 0 cp_ --resume x/n d
    expect 0 cp_ x/n d
    cmp x/n d/n || fail "$kind: the copy differs"
    [ "$(cat precious)" = precious ] || fail "$kind: written to"
    [ "$(stat -c '%i %f' d/.n.urio-cp)" = "$before" ] || fail "$kind: removed"
    [ "$(ls -A d)" = $'.n.urio-cp\nn' ] || fail "$kind: more than that"
  done
}

test_over()
{
  two_sources
  echo old > t
  chmod 640 t
  [ "$(id -u)" != 0 ] || chown 1:2 t
  ln t t2
  ln -s t link
  local before; before=$(stat -c '%i %u %g %a %h' t)
  expect 0 cp_ --verify x/n link
  cmp x/n t2 || fail 'not written through'
  [ "$(stat -c %Y t)" = "$(stat -c %Y x/n)" ] || fail 'another time'
  expect 0 cp_ -T --resume y/n link
  cmp y/n t2 || fail 'not written through to resume'
  [ -L link ] || fail 'the link is replaced'
  [ "$(stat -c '%i %u %g %a %h' t)" = "$before" ] || fail 'the file is replaced'
  ln -s nowhere dangling
  expect 1 cp_ x/n dangling
  says 'x/n: not copied: in its place is a dangling symbolic link'
  [ ! -e nowhere ] || fail 'written through a dangling link'

  # The same file by another name.
  ln x/n same
  expect 1 cp_ x/n same
  expect 1 cp_ x/n x/./n
  says 'x/n: not copied: it is the same file as same'
  seq 300000 | cmp - x/n || fail 'copied over itself'

  # Two names of one file: it is one or the other.
  mkdir from to
  cp x/n from/a; cp y/n from/b
  touch to/a; ln to/a to/b
  expect 0 cp_ -T --jobs 8 from to
  cmp -s to/a from/a || cmp -s to/a from/b || fail 'neither of two files'

  # A symbolic link to a directory is no directory.
  mkdir -p tree/sub copy outside
  echo f > tree/sub/f
  ln -s ../outside copy/sub
  expect 1 cp_ -T tree copy
  says 'tree/sub: not copied: what is in its place is no directory'
  [ ! -e outside/f ] || fail 'written through a link to a directory'
  mkdir copy2 copy2/a
  expect 1 cp_ -T from copy2
  says 'from/a -> copy2/a: Is a directory'
}

# Targets that are no regular files are written to, and stay what they are.
test_special()
{
  two_sources
  mkfifo pipe
  local option
  for option in --quiet --resume; do
    cp_ $option -T x/n pipe & cat pipe > got
    wait $! || fail 'cannot copy into a pipe'
    [ -p pipe ] || fail 'the pipe is replaced'
    cmp x/n got || fail 'another file came through the pipe'
  done
  ln -s x link
  expect 1 cp_ -T link pipe
  [ -p pipe ] || fail 'the pipe is replaced by a link'
  if [ "$(id -u)" = 0 ] && mknod null c 1 3 && (: > null) 2> /dev/null; then
    expect 0 cp_ x/n null
    [ -c null ] || fail 'the device is replaced'
  else
    echo 'no device: they cannot be made here'
  fi
  # Files whose size lies.
  local f
  for f in /proc/version /proc/sys/kernel/ostype /sys/kernel/mm/transparent_hugepage/enabled; do
    [ -r "$f" ] || { echo "there is no $f"; continue; }
    rm -f copied
    expect 0 cp_ "$f" copied
    cat "$f" | cmp - copied || fail "the copy of $f differs"
    expect 0 cp_ --resume "$f" copied
    cat "$f" | cmp - copied || fail "the second copy of $f differs"
    expect 0 sum "$f" > got
    sha256sum "$f" | cmp - got || fail "the sum of $f differs"
  done
}

test_itself()
{
  mkdir -p tree/d1
  echo file > tree/file
  expect 1 cp_ tree tree/d1/inside
  [ ! -e tree/d1/inside ] || fail 'copied into itself'
  cd tree
  expect 1 cp_ . copy
  expect 1 cp_ ./ new/copy
  expect 1 cp_ / x
  [ "$(ls -A)" = $'d1\nfile' ] || fail 'something is copied into itself'
  cd ..
  says 'not copied: it cannot be copied into itself'
  if can_mount; then
    expect 0 unshare -rm "$self" "$tools" "$backend" mounted_twice
  fi
}

# The names do not tell.
test_mounted_twice()
{
  mkdir -p tree/d1 again
  echo file > tree/file
  mount --bind tree again || exit 1
  expect 1 cp_ tree again/copy
  says 'tree/copy: not copied: it is the copy'
  cmp tree/file tree/copy/file || fail 'the rest is not copied'
  [ ! -e tree/copy/copy ] || fail 'copied into itself'
  umount again
}
