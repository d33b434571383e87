# `coord publish` and `subscribe`: order, retention, positions, CMD, gaps, odd names, etcd gone meanwhile.
# shellcheck disable=SC2016,SC2154 # expanded by the shell that coord runs; $stderr is run's

load ../lib/primitive
load ../lib/metrics

setup() {
  cd "$BATS_TEST_TMPDIR" || return
  t=topic-$BATS_TEST_NUMBER
}

# --- helpers ---

publish() { "$COORD" publish "$t" "$@"; }
has_lines() { (($(wc -l <"$1.out") == $2)); } # has_lines LABEL N
follow() { # follow LABEL [OPTION...] [-- CMD...]: subscribes; returns when it watches
  local before
  before=$(watchers)
  start "$1" "$COORD" subscribe "$t" "${@:2}"
  wait_until 10 watchers_are_more_than "$before"
}
position() { etcdctl get --print-value-only -- "__$t/positions/$1"; }
stands_at() { [[ $(position "$1") == "$2" ]]; } # stands_at NAME POSITION

# --- publishing ---

@test "publish prints nothing; json tells key and revision" {
  run -0 publish one two
  assert_output ''
  run -0 publish three -w json
  assert_equal "$(jq -r '.revision' <<<"$output")" "$(revision)"
  assert_equal "$(etcdctl get --print-value-only "$(jq -r .key <<<"$output")")" three
}

@test "messages are kept on a lease that a topic's publishers share; or for ever" {
  local i
  for i in 1 2 3 4 5 6; do publish --retain 7d "$i"; done
  (($(leases_count) <= 2)) # two where an hour ended in between
  run -0 "$COORD" subscribe "$t" --from beginning --count 6
  assert_output $'1\n2\n3\n4\n5\n6'
  "$COORD" publish "$t-ever" x --retain forever
  assert_equal "$(etcdctl get --prefix "$t-ever/" -w json | jq '.kvs[0].lease // 0')" 0
}

@test "retention ends: the messages go, and their lease" {
  publish --retain 1s gone
  "$COORD" wait --timeout 30s "$t/:count=0"
  wait_until 10 all_is_gone
}

@test "a stream of lines, NUL-separated items, files" {
  seq 1000 | publish -
  printf 'a\nb\0\0c' | publish -0 -
  head -c 700000 /dev/zero | tr '\0' x >big
  publish --value-file big --value-file big
  "$COORD" subscribe "$t" --from beginning --count 1005 -0 | tr '\n\0' '|\n' >back
  { seq 1000 && printf 'a|b\n\nc\n' && cat big && echo && cat big && echo; } | cmp - back
}

# --- subscribing ---

@test "what is kept first, in order, then what comes" {
  publish a b
  etcdctl put "$t/zzz" c >/dev/null
  etcdctl put "$t/0" d >/dev/null
  follow s --from beginning
  wait_until 10 has_lines s 4
  publish e
  etcdctl put "$t/0" f >/dev/null
  etcdctl del "$t/0" >/dev/null
  publish g
  wait_until 10 has_lines s 7
  assert_equal "$(out_of s | paste -sd ' ')" "a b c d e f g"
}

@test "--from now is the default; --from REVISION" {
  publish before
  follow s
  publish after
  wait_until 10 has_lines s 1
  assert_equal "$(out_of s)" after
  run -0 "$COORD" subscribe "$t" --from "$(($(revision) - 1))" --count 2
  assert_output $'before\nafter'
  run -0 "$COORD" subscribe "$t" --from "$(revision)" --count 1
  assert_output after
}

@test "--from a revision that is still to come: 65, and no position is kept; the next one is none of those" {
  local next
  next=$(($(revision) + 1))
  for words in '' '--resume me' '-- touch ran'; do
    eval "run -65 \"\$COORD\" subscribe \"\$t\" --from $((next + 100)) $words"
    assert_output --partial "coord: subscribe '$t': revision $((next + 100)) is still to come"
  done
  [[ ! -e ran && -z $(position me) ]]
  follow s --from "$(($(revision) + 1))"
  publish a
  wait_until 10 has_lines s 1
}

@test "json: one object a line, also for odd bytes" {
  printf 'x\xff\n' >odd
  publish $'two\nlines' --value-file odd
  run -0 "$COORD" subscribe "$t" --from beginning --count 2 --json
  assert_equal "$(sed -n 1p <<<"$output" | jq -c keys)" '["key","revision","topic","value"]'
  assert_equal "$(sed -n 1p <<<"$output" | jq .value)" '"two\nlines"'
  assert_equal "$(sed -n 2p <<<"$output" | jq -r .value_b64)" "$(base64 <odd)"
}

@test "--timeout: 124, -E, -q; a message in time is printed" {
  run -124 "$COORD" subscribe "$t" --timeout 300ms
  assert_output "coord: subscribe '$t': timed out"
  run -5 "$COORD" -q subscribe "$t" --timeout 300ms -E 5
  assert_output ''
  publish a
  run -124 --separate-stderr "$COORD" subscribe "$t" --timeout 300ms --from beginning
  assert_output a
}

@test "INT and TERM end it; a reader that has seen enough ends it" {
  follow one
  send TERM one
  assert_equal "$(end_of one)" "signal 15"
  follow two --resume me
  send INT two
  assert_equal "$(end_of two)" "signal 2"
  assert_equal "$(leases_count)" 0
  publish a b
  run -0 timeout 20 bash -c '"$COORD" subscribe "$1" --from beginning | head -n 1' - "$t"
  assert_output a
}

@test "odd topics: spaces, newlines, slashes, other alphabets; topics nest" {
  local topic
  for topic in 'two words' 'end/' '..' $'new\nline' 'größe' '/abs'; do
    "$COORD" publish "$topic" "$topic!" ''
    "$COORD" subscribe "$topic" --from beginning --count 2 -0 >out
    printf '%s\0\0' "$topic!" | cmp - out
  done
  "$COORD" publish "$t/sub" below
  "$COORD" publish "$t-other" beside
  run -0 "$COORD" subscribe "$t" --from beginning --count 1
  assert_output below
}

@test "words that make no sense: exit 64" {
  run -64 "$COORD" publish
  run -64 "$COORD" publish '' x
  run -64 "$COORD" publish __x x
  run -64 "$COORD" publish "$t"
  run -64 "$COORD" publish "$t" x -0
  local retain
  for retain in 0 500ms soon -1 ''; do run -64 "$COORD" publish "$t" x --retain "$retain"; done
  run -64 "$COORD" subscribe ''
  local from
  for from in 0 -1 '' later 1x; do run -64 "$COORD" subscribe "$t" --from "$from"; done
  run -64 "$COORD" subscribe "$t" --resume ''
  run -64 "$COORD" subscribe "$t" --resume a/b
  run -64 "$COORD" subscribe "$t" --count 0
  for status in 256 -1 x ''; do run -64 "$COORD" subscribe "$t" --timeout 1s -E "$status"; done
  run -64 "$COORD" subscribe "$t" --timeout 0
  run -64 "$COORD" subscribe "$t" --attempts -1
  run -64 "$COORD" subscribe "$t" -0 -- true
  run -65 "$COORD" publish "$t" --value-file /nonexistent
  run -65 "$COORD" publish "$t" --value-file /tmp
  assert_output --partial "cannot read '/tmp': Is a directory"
}

# --- positions ---

@test "--resume goes on where it stopped; --from is for the first time" {
  publish a b c
  run -0 "$COORD" subscribe "$t" --resume me --from beginning --count 2
  assert_output $'a\nb'
  run -0 "$COORD" subscribe "$t" --resume me --from beginning --count 1
  assert_output c
  publish d
  run -0 "$COORD" subscribe "$t" --resume me --count 1
  assert_output d
  assert_equal "$(position me)" "$(revision_of_last)"
  run -0 "$COORD" subscribe "$t" --resume other --from beginning --count 4
  assert_output $'a\nb\nc\nd'
}
revision_of_last() { etcdctl get --prefix --sort-by=MODIFY --order=DESCEND --limit=1 "$t/" -w json | jq '.kvs[0].mod_revision'; }

@test "--resume without a position keeps where it begins" {
  follow s --resume me
  wait_until 10 eval '[[ -n $(position me) ]]'
  send TERM s
  end_of s
  publish missed
  run -0 "$COORD" subscribe "$t" --resume me --count 1
  assert_output missed
}

@test "a killed subscriber goes on: nothing is lost, the last may come again" {
  seq 500 | publish -
  start s "$COORD" subscribe "$t" --resume me --from beginning --ttl 2s -- sh -c 'echo "$COORD_MESSAGE"; sleep 0.01'
  wait_until 20 eval '(($(wc -l <s.out) > 20))'
  kill -KILL "$(pid_of s)"
  assert_equal "$(end_of s)" "signal 9"
  start rest "$COORD" subscribe "$t" --resume me
  wait_until 60 eval '(($(cat s.out rest.out | sort -nu | wc -l) == 500))'
  (($(cat s.out rest.out | wc -l) <= 501))
}

@test "a name has one subscriber: the next one waits, says so, and takes over" {
  follow one --resume me --note first
  run -0 "$COORD" who "__$t/subscribers/me"
  assert_output --partial first
  start two "$COORD" subscribe "$t" --resume me
  wait_until 10 says two "waiting for the name 'me' of topic '$t': held by .* (coord)"
  publish a
  wait_until 10 has_lines one 1
  run -124 "$COORD" subscribe "$t" --resume me --timeout 500ms
  assert_output --partial "somebody else has the name 'me'"
  send TERM one
  end_of one
  publish b
  wait_until 10 has_lines two 1
  assert_equal "$(out_of two)" b
}

@test "the name is lost: exit 75" {
  follow s --resume me -- sh -c 'while [ ! -e go ]; do sleep 0.05; done'
  publish a
  wait_until 10 pgrep -P "$(pid_of s)" sh
  etcdctl del --prefix "__$t/subscribers/" >/dev/null
  touch go
  assert_equal "$(end_of s 10)" "exit 75"
}

@test "a position ahead of the store, or that is none: exit 65" {
  etcdctl put "__$t/positions/me" 999999999 >/dev/null
  run -65 "$COORD" subscribe "$t" --resume me
  assert_output --partial "was at 999999999 before"
  etcdctl put "__$t/positions/me" nonsense >/dev/null
  run -65 "$COORD" subscribe "$t" --resume me
  assert_output --partial "holds no position"
}

# --- CMD ---

@test "CMD has its message on stdin and in its environment, one at a time, in order" {
  publish $'a\nb' c
  run -0 "$COORD" subscribe "$t" --from beginning --count 2 -- \
    sh -c 'echo "$COORD_TOPIC,$COORD_MESSAGE_ATTEMPT,$COORD_MESSAGE_REV,$(cat | tr "\n" "|")"; [ "$COORD_MESSAGE" = c ] || test "${COORD_MESSAGE_KEY#"$COORD_TOPIC"/}" != "$COORD_MESSAGE_KEY"'
  assert_output "$t,1,$(revision),a|b
$t,1,$(revision),c"
}

@test "a message that fails comes again, and only then the next one" {
  publish a b
  run -0 --separate-stderr "$COORD" subscribe "$t" --from beginning --count 2 -- \
    sh -c 'echo "$COORD_MESSAGE $COORD_MESSAGE_ATTEMPT"; [ "$COORD_MESSAGE_ATTEMPT" = 3 ] || [ "$COORD_MESSAGE" = b ]'
  assert_output $'a 1\na 2\na 3\nb 1'
  assert_equal "$(grep -c 'sh exited with 1' <<<"$stderr")" 2
}

@test "it gives up after --attempts, with CMD's status, and begins there the next time" {
  publish a b
  run -3 --separate-stderr "$COORD" subscribe "$t" --resume me --from beginning --attempts 2 -- \
    sh -c 'echo "$COORD_MESSAGE"; [ "$COORD_MESSAGE" = a ] || exit 3'
  assert_output $'a\nb\nb'
  assert_regex "$stderr" "gave up message .* after 2 attempts"
  run -0 "$COORD" subscribe "$t" --resume me --count 1
  assert_output b
  assert_equal "$(leases_count)" 1 # the messages'
}

@test "TERM: CMD's group gets it, and the message comes again" {
  publish a
  start s "$COORD" subscribe "$t" --resume me --from beginning -- sh -c 'echo "$$"; exec sleep 300'
  wait_until 10 has_lines s 1
  send TERM s
  assert_equal "$(end_of s 10)" "signal 15"
  is_gone "$(out_of s)"
  run -0 "$COORD" subscribe "$t" --resume me --count 1 --timeout 5s
  assert_output a
}

@test "CMD that cannot be found: 127; a large message, and one with NUL, are on stdin" {
  head -c 1000000 /dev/zero >zeros
  publish --value-file zeros
  run -127 "$COORD" subscribe "$t" --from beginning -- no-such-command
  run -0 "$COORD" subscribe "$t" --from beginning --count 1 -- sh -c 'wc -c; echo "<$COORD_MESSAGE>"'
  assert_output $'1000000\n<>'
}

# --- trouble ---

@test "etcd restarts in the middle: nothing is missed, nothing comes twice" {
  follow s
  publish 1 2
  wait_until 10 has_lines s 2
  etcd_kill
  wait_until 10 says s "^coord: subscribe '$t': "
  etcd_spawn etcd
  etcd_ready etcd
  publish 3
  wait_until 20 has_lines s 3
  publish 4
  wait_until 20 has_lines s 4
  assert_equal "$(out_of s | paste -sd ' ')" "1 2 3 4"
  says s "goes on"
}

@test "etcd restarts while CMD runs, with and without a name: the message counts, and none comes twice" {
  follow s --ttl 60s --resume me -- sh -c 'echo "$COORD_MESSAGE"; until [ -e go ]; do sleep 0.05; done'
  follow plain -- sh -c 'echo "$COORD_MESSAGE"; until [ -e go ]; do sleep 0.05; done'
  publish 1
  wait_until 10 has_lines s 1
  wait_until 10 has_lines plain 1
  etcd_kill
  touch go # CMD ends, and nobody can be told
  wait_until 10 eval '! pgrep -P "$(pid_of s)"'
  etcd_spawn etcd
  etcd_ready etcd
  publish 2
  wait_until 20 has_lines s 2
  wait_until 20 has_lines plain 2
  wait_until 20 stands_at me "$(revision_of_last)"
  publish 3
  wait_until 20 has_lines s 3
  wait_until 20 has_lines plain 3
  assert_equal "$(out_of s | paste -sd ' '),$(out_of plain | paste -sd ' ')" '1 2 3,1 2 3'
}

@test "compacted meanwhile: the gap is told with its revisions, and what is kept still comes" {
  follow s --json
  kill -STOP "$(pid_of s)"
  local from to
  from=$(($(revision) + 1))
  etcdctl put "$t/gone" x >/dev/null
  etcdctl del "$t/gone" >/dev/null
  publish kept --retain forever
  to=$(revision)
  etcdctl compaction "$to" >/dev/null
  etcd_restart # what was under way to it is gone
  kill -CONT "$(pid_of s)"
  wait_until 20 eval 'jq -e "select(.value == \"kept\")" s.out'
  # It may have heard of the first ones before it was stopped.
  [[ $(jq -c 'select(.gap)' s.out) == "{\"topic\":\"$t\",\"gap\":{\"from\":$from,\"to\":$((to - 1))}}" ]] ||
    [[ $(jq -c 'select(.value == "x")' s.out) ]]
}

@test "a position that was compacted away: a gap; --strict: 65" {
  publish --retain forever a
  "$COORD" subscribe "$t" --resume me --from beginning --count 1
  local from to
  from=$(($(revision_of_last) + 1))
  publish --retain forever b
  etcdctl put "$t/x" gone >/dev/null
  etcdctl del "$t/x" >/dev/null
  to=$(($(revision) - 1))
  etcdctl compaction "$((to + 1))" >/dev/null
  run -65 "$COORD" subscribe "$t" --resume me --strict
  assert_output --partial "the revisions $from to $to are compacted"
  run -0 --separate-stderr "$COORD" subscribe "$t" --resume me --count 1
  assert_output b
  assert_regex "$stderr" "the revisions $from to $to are compacted"
}

@test "no etcd: 69" {
  local away=(--endpoints 127.0.0.1:1)
  run -69 "$COORD" "${away[@]}" publish "$t" x
  refute_output --partial "may have been"
  run -69 "$COORD" "${away[@]}" subscribe "$t"
  run -69 "$COORD" "${away[@]}" subscribe "$t" --resume me -- touch ran
  [[ ! -e ran ]]
}

@test "etcd is away from the start: --timeout waits for it too, and ends with 124" {
  local away=(--endpoints 127.0.0.1:1) words
  for words in '--timeout 3s' '--timeout 300ms' '--timeout 3s --resume me' '--timeout 3s --from beginning -- touch ran'; do
    eval "run -124 \"\$COORD\" \"\${away[@]}\" subscribe \"\$t\" $words"
    assert_output --partial "coord: subscribe '$t': timed out: cannot reach etcd"
  done
  [[ ! -e ran ]]
  etcd_stop
  start s "$COORD" subscribe "$t" --timeout 10m --from beginning --count 1
  start named "$COORD" subscribe "$t" --timeout 10m --from beginning --count 1 --resume me
  wait_until 20 says s "^coord: subscribe '$t': cannot reach etcd .*; trying again$"
  wait_until 20 says named "; trying again$"
  etcd_spawn etcd
  etcd_ready etcd
  publish a
  assert_equal "$(end_of s 20)" 'exit 0'
  assert_equal "$(end_of named 20)" 'exit 0'
  assert_equal "$(out_of s) $(out_of named) $(grep -c 'trying again' s.err)" 'a a 1'
}

@test "etcd is killed while lines are published: each is there once, or was named as not put" {
  seq 60000 >lines
  START_INPUT=lines start producer "$COORD" publish "$t" -
  wait_until 15 eval '(($(keys_count "$t/") > 500))'
  etcd_kill
  etcd_spawn etcd
  etcd_ready etcd
  local end put
  end=$(end_of producer 90)
  put=$(keys_count "$t/")
  "$COORD" subscribe "$t" --from beginning --count "$put" >back
  head -n "$put" lines | cmp - back
  [[ $end == "exit 0" ]] || says producer "the first [0-9]* messages were put"
  [[ $end != "exit 0" ]] || ((put == 60000))
}

@test "8 publishers, 4 subscribers, etcd restarted in between: each sees all, once, in the same order" {
  local i
  for i in 1 2 3 4; do follow "sub$i"; done
  for i in 1 2 3 4 5 6 7 8; do
    start "pub$i" bash -c 'for n in $(seq 40); do echo "$1-$n"; sleep 0.01; done | "$COORD" --command-timeout 30s publish "$2" -' - "$i" "$t"
  done
  wait_until 20 eval '(($(wc -l <sub1.out) > 40))'
  etcd_restart
  for i in 1 2 3 4 5 6 7 8; do assert_equal "$(end_of "pub$i" 60)" "exit 0"; done
  for i in 1 2 3 4; do wait_until 30 has_lines "sub$i" 320; done
  for i in 2 3 4; do cmp sub1.out "sub$i.out"; done
  sort sub1.out | cmp - <(for i in 1 2 3 4 5 6 7 8; do seq -f "$i-%g" 40; done | sort)
  for i in 1 2 3 4 5 6 7 8; do grep "^$i-" sub1.out | cmp - <(seq -f "$i-%g" 40); done
}

@test "under --namespace" {
  "$COORD" --namespace app/ publish "$t" a
  assert_equal "$(keys_count "app/$t/")" 1
  run -0 "$COORD" --namespace app/ subscribe "$t" --from beginning --resume me --count 1
  assert_output a
  assert_equal "$(keys_count "app/__$t/positions/")" 1
}
