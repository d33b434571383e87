#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2154 # shells that coord starts expand what is theirs; Bats sets stderr and stderr_lines
# coord update: a value through a filter, and back if nobody changed it meanwhile.

load ../lib/primitive
load ../lib/same

setup() { out=$BATS_TEST_TMPDIR; }

increment=(sh -c 'echo $(($(cat) + 1))')

has_value() { [[ $(value_of "$1") == "$2" ]]; } # has_value KEY VALUE
mod_of() { "$COORD" get "$1" -w json | jq '.kvs[0].mod_revision'; }

# until_told FIFO: a filter that says that it runs, and waits to be told to go on.
gate() { mkfifo "$out/go" && printf 'echo >"%s/runs"; read -r _ <"%s/go"; ' "$out" "$out"; }

@test "update: pipes the value through FILTER, writes it back, and prints the revision" {
  etcdctl put n 41
  run -0 --separate-stderr "$COORD" update n -- "${increment[@]}"
  assert_equal "$output" "$(mod_of n)"
  assert_equal "$stderr" ''
  assert_equal "$(value_of n)" 42
}

@test "update: stores what FILTER writes byte for byte; --chomp drops one newline at the end" {
  printf 'a\0b\xff\n\n' | "$COORD" put n
  "$COORD" update n -- sh -c 'cat; printf "\0\n"'
  assert_equal "$(value_of n | base64)" "$(printf 'a\0b\xff\n\n\0\n\n' | base64)"
  "$COORD" update n -- echo one
  assert_equal "$(value_of n && echo end)" $'one\n\nend'
  "$COORD" update --chomp n -- printf 'two\n\n'
  assert_equal "$(value_of n && echo end)" $'two\n\nend'
  "$COORD" update --chomp n -- printf three
  assert_equal "$(value_of n && echo end)" $'three\nend'
  "$COORD" update n -- true
  assert_equal "$("$COORD" get n | wc -l)" 2
}

@test "update: what FILTER leaves as it is, is not written" {
  etcdctl put n same
  local before
  before=$(mod_of n)
  run -0 --separate-stderr "$COORD" update n -w json -- cat
  assert_equal "$(jq -c '[.attempts, .written]' <<<"$output")" '[1,0]'
  assert_equal "$(mod_of n)" "$before"
}

@test "update: json and fields tell revision and attempts" {
  etcdctl put n 1
  run -0 "$COORD" update n -w json -- "${increment[@]}"
  assert_equal "$output" "{\"revision\":$(mod_of n),\"attempts\":1,\"written\":1}"
  run -0 "$COORD" -w fields update n -- "${increment[@]}"
  assert_equal "$output" "\"Revision\" : $(mod_of n)"$'\n"Attempts" : 1\n"Written" : 1'
}

@test "update: a key that is missing is refused, or empty with --create" {
  refuses 1 "update 'n': there is no key 'n'" update n -- cat
  run -0 "$COORD" update --create n -- sh -c 'wc -c | tr -d " "'
  assert_equal "$(value_of n)" 0
  run -0 "$COORD" update --create empty -- cat
  (($(keys_count empty) == 1))
}

@test "update: keeps the lease of the key" {
  local lease
  lease=$(new_lease 600)
  etcdctl put leased 1 --lease "$lease"
  etcdctl put free 1
  "$COORD" update leased -- "${increment[@]}"
  "$COORD" update -k leased -k free -- jq -c '.leased = "x" | .free = "y"'
  assert_equal "$(value_of leased)$(value_of free)" xy
  [[ $(etcdctl lease timetolive "$lease" --keys) == *'([leased])' ]]
}

@test "update: somebody else changes it meanwhile: FILTER runs again, with the new value" {
  etcdctl put n 1
  local filter
  filter=$(gate)
  start one "$COORD" update n -w json -- bash -c "$filter"'echo $(($(cat) + 1))'
  wait_until 10 test -e "$out/runs"
  etcdctl put n 10
  rm "$out/runs"
  echo >"$out/go"
  wait_until 10 test -e "$out/runs"
  echo >"$out/go"
  assert_equal "$(end_of one 10)" 'exit 0'
  assert_equal "$(value_of n)" 11
  assert_equal "$(out_of one | jq -c '[.revision, .attempts]')" "[$(mod_of n),2]"
}

@test "update: a key that is deleted or made anew meanwhile is a conflict too" {
  etcdctl put n 1
  run -1 --separate-stderr "$COORD" update --attempts 1 n -- sh -c 'cat; etcdctl del n >&2; etcdctl put n 1 >&2'
  assert_equal "$(value_of n)" 1
}

@test "update: --attempts gives up with 1, and says so" {
  etcdctl put n 0
  run -1 --separate-stderr "$COORD" update --attempts 3 n -- sh -c 'etcdctl put n "$(cat)1" >/dev/null; echo lost'
  assert_equal "$output" ''
  assert_equal "${stderr_lines[0]}" "coord: update 'n': somebody else was faster each time, 3 times in a row"
  assert_equal "$(value_of n)" 0111
  run -1 --separate-stderr "$COORD" update --attempts 1 n -- sh -c 'etcdctl put n x >/dev/null; echo lost'
  assert_equal "${stderr_lines[0]}" "coord: update 'n': somebody else changed what it is about meanwhile"
}

@test "update: eight processes count to the exact sum" {
  local i pids=()
  for i in {1..8}; do
    (for _ in {1..10}; do "$COORD" update --create --chomp n -- "${increment[@]}" || exit; done) >/dev/null 3>&- &
    pids+=("$!")
  done
  for i in "${pids[@]}"; do wait "$i"; done
  assert_equal "$(value_of n)" 80
}

@test "update: FILTER that fails ends it with its status, and nothing is written" {
  etcdctl put n 1
  local before status
  before=$(revision)
  for status in 1 3 65 124; do
    run "-$status" --separate-stderr "$COORD" update n -- sh -c "echo junk; exit $status"
    assert_equal "$stderr" "coord: update 'n': 'sh' exited with $status, nothing was written"
    assert_equal "$output" ''
  done
  run -137 --separate-stderr "$COORD" update n -- sh -c 'echo junk; kill -KILL $$'
  assert_equal "$stderr" "coord: update 'n': 'sh' was killed by signal 9, nothing was written"
  run -3 --separate-stderr "$COORD" -q update n -- sh -c 'exit 3'
  assert_equal "$stderr" ''
  refuses 127 "cannot run '/nowhere': No such file" update n -- /nowhere
  refuses 126 "cannot run '/etc/passwd': Permission denied" update n -- /etc/passwd
  assert_equal "$(revision)" "$before"
}

@test "update: TERM, INT and HUP end FILTER and then coord, and nothing is written" {
  etcdctl put n 1
  local signal
  for signal in TERM INT HUP; do
    start "$signal" "$COORD" update n -- sh -c 'echo junk; echo $$ >"$0"; sleep 300' "$out/filter"
    wait_until 10 test -s "$out/filter"
    send "$signal" "$signal"
    assert_equal "$(end_of "$signal" 10)" "signal $(kill -l "$signal")"
    wait_until 20 is_gone "$(<"$out/filter")"
    rm "$out/filter"
  done
  assert_equal "$(value_of n)" 1
}

@test "update: coord is killed: FILTER dies with it, and nothing is written" {
  etcdctl put n 1
  start one "$COORD" update n -- sh -c 'echo junk; echo $$ >"$0"; exec sleep 300' "$out/filter"
  wait_until 10 test -s "$out/filter"
  send KILL one
  wait_until 20 is_gone "$(<"$out/filter")"
  assert_equal "$(value_of n)" 1
}

@test "update: Ctrl-C ends FILTER and coord, and the shell's loop" {
  etcdctl put n 1
  terminal_open
  type_line 'clear; for i in 1 2 3; do echo "run $i"; $COORD update n -- sh -c "echo up >/dev/tty; exec sleep 300"; done'
  wait_until 10 screen_shows '^up'
  press C-c
  wait_until 20 screen_shows '^\$' # typed earlier, it might be lost with the interrupt
  type_line 'echo "status=$?"'
  wait_until 10 screen_shows '^status=130$'
  run screen
  refute_line 'run 2'
  assert_equal "$(value_of n)" 1
}

@test "update: FILTER may ask on the terminal, be stopped and go on" {
  etcdctl put n 1
  terminal_open
  type_line '$COORD update n -- sh -c "echo up >/dev/tty; read x </dev/tty; echo \$x; cat"'
  wait_until 10 screen_shows '^up'
  press C-z
  wait_until 10 screen_shows 'Stopped'
  type_line fg
  wait_until 10 runs_in_terminal coord
  type_line typed
  wait_until 10 has_value n $'typed\n1'
}

@test "update: large values pass, and what is too large is refused" {
  head -c 1000000 /dev/urandom | base64 -w0 >"$out/large"
  etcdctl put n ''
  "$COORD" update n -- cat "$out/large"
  "$COORD" update n -- rev
  assert_equal "$(value_of n | cksum)" "$({ rev "$out/large" && echo; } | cksum)"
  local size
  for size in 1700000 3000000; do
    head -c "$size" /dev/zero >"$out/large"
    refuses 65 "update 'n': what FILTER wrote is more than etcd takes" update n -- cat "$out/large"
  done
}

@test "update: FILTER that writes without end is stopped" {
  etcdctl put n 1
  refuses 65 "update 'n': 'yes' wrote more than 64 MiB" update n -- yes
  assert_equal "$(value_of n)" 1
}

@test "update: odd keys, and keys behind --namespace" {
  local key
  for key in ' ' 'a b' 'a/' $'new\nline' '*' é; do
    "$COORD" update --create "$key" -- printf %s "$key"
    assert_equal "$(value_of "$key")" "$key"
  done
  "$COORD" update --create --key-hex 6100 -- printf nul
  assert_equal "$("$COORD" get --key-hex 6100 --print-value-only)" nul
  "$COORD" --namespace team/ update --create key -- printf x
  assert_equal "$(value_of team/key)" x
  refuses 65 'key is not provided' update --create '' -- echo
}

@test "update: several keys as one JSON object, all or nothing" {
  etcdctl put alice 10
  etcdctl put bob 5
  local transfer='.alice |= (tonumber - 3 | tostring) | .bob |= (tonumber + 3 | tostring)'
  run -0 --separate-stderr "$COORD" update -k alice -k bob -w json -- jq -c "$transfer"
  assert_equal "$(jq .written <<<"$output")" 2
  assert_equal "$(value_of alice) $(value_of bob)" '7 8'
  assert_equal "$(mod_of alice)" "$(mod_of bob)"
  run -1 --separate-stderr "$COORD" update --attempts 1 -k alice -k bob -- sh -c 'etcdctl put bob 0 >&2; jq -c "$0"' "$transfer"
  assert_equal "$(value_of alice) $(value_of bob)" '7 0'
  assert_equal "${stderr_lines[-2]}" "coord: update 'alice', 'bob': somebody else changed what it is about meanwhile"
}

@test "update: several keys: FILTER's object may leave out, delete and make keys" {
  etcdctl put a 1
  etcdctl put b 2
  printf '\xff' | "$COORD" put bytes
  "$COORD" update -k a -k b -k bytes --create -k new -- sh -c 'tee "$0/in" | jq -c "{a: null, new: .b, bytes: {b64: \"/v4=\"}}"' "$out"
  assert_equal "$(<"$out/in")" '{"a":"1","b":"2","bytes":{"b64":"/w=="},"new":null}'
  (($(keys_count a) == 0))
  assert_equal "$(value_of b) $(value_of new)" '2 2'
  assert_equal "$("$COORD" get bytes -w json | jq -r '.kvs[0].value')" '/v4='
  run -0 "$COORD" update -k b -k new -w json -- echo '{}'
  assert_equal "$(jq .written <<<"$output")" 0
}

@test "update: several keys: an output that is no such object is refused, and nothing is written" {
  etcdctl put a 1
  local before
  before=$(revision)
  refuses 65 "update 'a': FILTER's output is no JSON object" update -k a -- echo x
  refuses 65 "update 'a': FILTER's output is no JSON object" update -k a -- true
  refuses 65 "update 'a': FILTER's output has the key 'z', which was not given" update -k a -- echo '{"a": "2", "z": "1"}'
  refuses 65 "update 'a': FILTER's value of 'a' is no string (number)" update -k a -- echo '{"a": 2}'
  assert_equal "$(revision)" "$before"
}

@test "update: etcd away: ends within the time limit, with 69, before FILTER runs" {
  run -69 --separate-stderr "$COORD" --endpoints 127.0.0.1:1 --command-timeout 1s update n -- touch "$out/ran"
  [[ ${stderr_lines[0]} == "coord: update 'n': cannot reach etcd at 127.0.0.1:1: "* ]]
  [[ ! -e $out/ran ]]
}

@test "update: etcd goes away while FILTER runs: ends with 69, nothing is written" {
  etcdctl put n 1
  local filter
  filter=$(gate)
  start one "$COORD" --command-timeout 2s update n -- bash -c "$filter"'echo 2'
  wait_until 10 test -e "$out/runs"
  etcd_stop
  echo >"$out/go"
  assert_equal "$(end_of one 20)" 'exit 69'
  etcd_spawn etcd && etcd_ready etcd
  assert_equal "$(value_of n)" 1
}

@test "update: etcd is killed and started again in the middle: no update is lost, none is done twice" {
  local i pids=() status
  for i in {1..4}; do
    (for _ in {1..25}; do
      status=0
      "$COORD" --command-timeout 20s update --create --chomp n -- "${increment[@]}" >/dev/null 2>>"$out/err" || status=$?
      echo "$status"
    done) >"$out/count.$i" 3>&- &
    pids+=("$!")
  done
  wait_until 20 eval 'test "$(cat "$out"/count.* | wc -l)" -ge 20'
  etcd_kill
  etcd_spawn etcd
  for i in "${pids[@]}"; do wait "$i"; done
  local sure unknown value
  sure=$(cat "$out"/count.* | grep -c '^0$')
  unknown=$(cat "$out"/count.* | grep -c '^69$' || true)
  value=$(value_of n)
  echo "done $sure, unknown $unknown, value $value; $(cat "$out/err")"
  ((sure + unknown == 100 && sure > 0))
  ((value >= sure && value <= sure + unknown))
}

@test "update: bad words end with 64" {
  refuses 64 'FILTER is missing' update n
  refuses 64 'KEY is missing' update -- cat
  refuses 64 'KEY beside -k' update n -k m -- cat
  refuses 64 "-k 'a' is there twice" update -k a -k a -- cat
  refuses 64 '--chomp goes with one KEY only' update --chomp -k a -- cat
  refuses 64 '--attempts: -1 is no number of attempts' update --attempts=-1 n -- cat
  refuses 64 "output format 'table' is not supported" update n -w table -- cat
}
