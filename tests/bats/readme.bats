#!/usr/bin/env bats
# README.md: every example prints what it shows, its links lead somewhere, and its picture is what the program shows today.

load ../lib/etcd # each example starts a server of its own, though

setup() {
  cd "$BATS_TEST_TMPDIR" || return
  top=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
}

texts() { # texts SVG: what stands there in the end, rows joined, without numbers, which differ from session to session
  sed '1,/<rect/d; /class="[^"]*gone/d; s/<[^>]*>//g' "$1" | tr -d '\n ' | sed -E 's/[0-9a-f]*[0-9][0-9a-f]*//g'
}

@test "README: every example prints what it shows" {
  run -0 "$top/tests/lib/console.py" "$top/README.md"
  assert_output ""
}

@test "README: what prints something else, or never ends, is found" {
  printf '%s\n' '```console' '$ echo one; echo two' one '$ echo pid 7' 'pid 8' '```' >page.md
  run -1 "$top/tests/lib/console.py" page.md
  assert_line 'page.md:2: echo one; echo two'
  refute_line --partial 'page.md:4'
}

@test "README: every link to a file has its file" {
  run -0 bash -c "grep -hoE '\]\([A-Za-z][^):]*\)' '$top/README.md' | sed 's/^](//; s/)\$//' | sort -u"
  for file in "${lines[@]}"; do [[ -e $top/$file ]] || fail "there is no $file"; done
}

@test "README: every command has its line" {
  for command in $("$COORD" help | sed -n '/^Keys:/,/^Connection:/s/^  \([a-z-]*\)  .*/\1/p'); do
    grep -qE "[\`, ]${command}[\`, ]" "$top/README.md" || fail "$command is not there"
  done
}

@test "README: its picture is what the program shows today, small, and asks nobody" {
  unshare --map-root-user --uts true 2>refused || skip "no namespaces here: $(<refused)" # as in a container
  "$top/man/picture/record" "$COORD" >now.svg
  assert_equal "$(texts now.svg)" "$(texts "$top/man/picture/coord.svg")"
  [[ $(wc -c <"$top/man/picture/coord.svg") -lt 60000 ]] || fail "it is too large"
  run -1 grep -E '<script|<image|href|url\(|@import' "$top/man/picture/coord.svg"
}
