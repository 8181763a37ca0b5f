# Copyright (c) 2026 the urio developers.
# Distributed under the Boost Software License, Version 1.0. (See accompanying
# file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

# Part of test.sh: what urio-sum reads. The standard of comparison is sha256sum -c.

check_list() # LIST
{
  local code
  sha256sum -c "$1" > want 2> /dev/null; code=$?
  expect $code sum -c "$1" > got
  cmp want got || fail "the checks of $1 differ"
}

test_lists()
{
  local names=(f 'b\s' $'n\nl' $'cr\r' $'c\rr' 'two  blanks' 'pa(ren) = x' '*star' ' blank') n
  for n in "${names[@]}"; do echo "$n" > "$n"; done
  sha256sum -- "${names[@]}" > plain
  sha256sum -b -- "${names[@]}" > binary
  sha256sum --tag -- "${names[@]}" > tagged
  check_list plain
  grep -q 'n\\nl: OK' got || fail 'nothing is checked'
  sha256sum f '*star' ' blank' | sed 's/  / /' > one_blank
  sha256sum f two* | sed 's/  /\t/' > tab
  sed 's/SHA256 (/SHA256(/; s/) = /)= /' tagged > openssl
  sed 's/^/ \t /' plain > blanks
  sed 's/^/ \t /' tagged > blanks_tagged
  sed 's/$/\r/' plain > crlf
  sed 's/$/\r/' tagged > crlf_tagged
  sha256sum f | tr a-e A-E > capitals
  { echo '# comment'; echo; printf '\r\n'; cat plain; md5sum --tag f; echo ' #'; } > mixed
  { cat plain; sed 's/  / /' plain; } > both_ways
  sed 's/^\\//' plain > not_escaped
  { echo '\x'; sed 's/\\n/\\x/' plain; head -c 70 plain; } > malformed
  md5sum --tag f > nothing
  local list
  for list in binary tagged one_blank tab openssl blanks blanks_tagged crlf crlf_tagged \
              capitals mixed both_ways not_escaped malformed nothing; do
    check_list $list
  done
  echo changed > f
  for list in plain crlf crlf_tagged openssl; do check_list $list; done

  # From the standard input, and several at once.
  expect 1 sum -c < plain > got
  sha256sum -c < plain 2> /dev/null | cmp - got || fail 'the standard input differs'
  expect 1 sum --check - < tagged > got
  sha256sum -c - < tagged 2> /dev/null | cmp - got || fail 'the - differs'
  expect 1 sum -c plain tagged > got
  sha256sum -c plain tagged 2> /dev/null | cmp - got || fail 'two lists differ'
  sha256sum < f > input
  expect 0 sum -c input < f > got
  [ "$(cat got)" = '-: OK' ] || fail 'the standard input is not checked'
  expect 1 sum -c < input
  says 'no properly formatted'
  # Names of all kinds are written as they are read.
  expect 0 sum -- "${names[@]}" > got
  sha256sum -- "${names[@]}" | cmp - got || fail 'the sums differ'
}

# Whoever writes may come late, or have nothing to write.
test_pipes()
{
  mkfifo p1 p2 p3
  seq 100000 > file
  local n
  for n in 1 2 3; do
    sum p1 p2 p3 > got &
    cat file > p3
    : > p2
    cat file file > p1
    wait $!
    { cat file file | sha256sum; sha256sum < /dev/null; sha256sum < file; } |
      cut -c -64 | cmp - <(cut -c -64 got) || fail 'the sums of pipes differ'
  done
}
