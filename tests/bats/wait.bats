# `coord wait`: conditions at one revision, exit statuses, CMD, --show, and etcd gone meanwhile.
# shellcheck disable=SC1003,SC2016,SC2154 # backslashes in keys; expanded by the shell that coord runs; $stderr is run's

load ../lib/primitive

waits() { # waits LABEL COND...: starts it, and returns when it has said that it waits
  start "$1" "$COORD" wait "${@:2}"
  wait_until 10 says "$1" "waiting for"
}

@test "what holds already is not waited for: prints the revision" {
  put a 1
  run -0 --separate-stderr "$COORD" wait a a=1 '!b' 'a>=1' 'a~^[0-9]$' 'a:count=1'
  assert_equal "$output" "$(revision)"
  assert_equal "$stderr" ''
  run -0 "$COORD" wait a -w json
  assert_output "{\"revision\":$(revision)}"
}

@test "waits until all hold at once, and says which one does not" {
  put a 1
  waits w a=1 'n>=3' '!c'
  says w "^coord: waiting for 3 conditions: 'n>=3' does not hold: there is no such key$"
  put n 2
  put c x
  put n 3
  run -1 has_ended w
  del c
  assert_equal "$(end_of w 10)" "exit 0"
  assert_equal "$(out_of w)" "$(revision)"
}

@test "a value that is no number is told of" {
  put n many
  waits w 'n>=3'
  says w "waiting for 'n>=3': it is 'many', which is no number$"
  put n 3
  assert_equal "$(end_of w 10)" "exit 0"
}

@test "the keys below a prefix are counted" {
  waits w 'workers/:count>=3'
  says w "waiting for 'workers/:count>=3': 0 keys$"
  put workers/1 ''
  put workers-4 ''
  put workers/2 ''
  run -1 has_ended w
  put workers/3 ''
  assert_equal "$(end_of w 10)" "exit 0"
}

@test "--nonblock: 1, -E, -q; --timeout: 124" {
  run -1 "$COORD" wait -n a=1
  assert_output "coord: wait: 'a=1' does not hold: there is no such key"
  put a 2
  run -7 "$COORD" wait --timeout 0 -E 7 a=1 b
  assert_output "coord: wait: 'a=1' does not hold: it is '2'; nor does 1 more"
  run -1 "$COORD" wait -q -n a=1
  assert_output ''
  run -124 "$COORD" wait --timeout 300ms 'a~^x'
  assert_output "coord: wait: timed out: 'a~^x' does not hold: it is '2'"
  run -9 "$COORD" wait -q --timeout 300ms -E 9 '!a'
  assert_output ''
}

@test "words that make no sense: exit 64" {
  local words
  run -64 "$COORD" wait
  for words in '' '!' '=x' 'a>=x' 'a~(' 'a~*' '!a=b' 'a\' 'a\q' ':count>1' 'a:count~x'; do
    run -64 "$COORD" wait -n "$words"
    assert_line --partial "coord help conditions"
  done
  for status in 256 -1 x ''; do run -64 "$COORD" wait -n -E "$status" a; done
  run -64 "$COORD" wait --timeout soon a
}

@test "odd keys and values" {
  local key
  for key in 'two words' $'new\nline' 'größe' 'a=b' '!x' 'C:\tmp' 'x:count' '-n' 'end/'; do
    put "$key" 'some value'
  done
  "$COORD" wait -n 'two words=some value' $'new\nline' 'größe~^s' 'a\=b' '\!x' 'C:\\tmp' 'x\:count=some value' 'end/'
  "$COORD" wait -n '\-n'
  "$COORD" put --key-hex 6e0061 x
  "$COORD" wait -n 'n\x00a=x'
  head -c 1000000 /dev/zero | tr '\0' a | etcdctl put big >/dev/null
  "$COORD" wait -n 'big~^a*$' 'big!~(a*)*b'
}

@test "help conditions" {
  run -0 "$COORD" help conditions
  assert_line --partial 'PREFIX:count>=N'
  run -0 "$COORD" help
  assert_line --partial "what 'coord wait' can wait for"
  run -64 "$COORD" help condition
  assert_line --partial "did you mean 'conditions'?"
}

# --- CMD ---

@test "CMD runs in our place once they hold" {
  start w "$COORD" wait go -- sh -c 'echo "$$ $COORD_WAIT_REV"; read -r line; echo "got $line"; kill -TERM $$' <<<unused
  wait_until 10 says w "waiting for 'go'"
  put go 1
  assert_equal "$(end_of w 10)" "signal 15"
  assert_equal "$(sed -n 1p w.out)" "$(pid_of w) $(revision)"
  run -3 "$COORD" wait go -- sh -c 'cat; exit 3' <<<input
  assert_output input
}

@test "CMD finds signals, descriptors and the connection as it should" {
  put go 1
  run -0 "$COORD" wait go -- sh -c 'grep -E "^Sig(Blk|Ign)" /proc/self/status; ls /proc/self/fd | wc -l; echo "$COORD_ENDPOINTS"'
  assert_line --regexp 'SigBlk:.0000000000000000$'
  assert_line --regexp 'SigIgn:.*[02468ace][0-9a-f]{3}$' # PIPE is not ignored
  assert_line "$COORD_ENDPOINTS"
  run -0 "$COORD" wait go -- sh -c 'for fd in /proc/$$/fd/*; do readlink "$fd"; done; true'
  refute_output --partial socket:
  refute_output --partial eventpoll
}

@test "CMD that cannot be run: 127, 126" {
  put go 1
  run -127 "$COORD" wait go -- no-such-command
  assert_output --partial no-such-command
  run -126 "$COORD" wait go -- /
  run -1 "$COORD" wait -n gone -- touch ran
  [[ ! -e ran ]]
}

# --- --show ---

@test "--show prints what is there and each change, until it holds" {
  put job 1
  start w "$COORD" wait --show 'job>=100' '!lock'
  wait_until 10 says w '^job>=100: 1$'
  put job 37
  wait_until 10 says w '^job>=100: 37$'
  put other x
  put lock x
  wait_until 10 says w '^!lock: present$'
  put job 100
  wait_until 10 says w '^job>=100: 100$'
  del lock
  assert_equal "$(end_of w 10)" "exit 0"
  printf '%s\n' 'job>=100: 1' '!lock: absent' 'job>=100: 37' '!lock: present' 'job>=100: 100' '!lock: absent' \
    "$(revision)" >expected
  diff expected w.out
}

@test "--show in json: one object a line" {
  put job $'a\xff'
  run -124 --separate-stderr "$COORD" wait --timeout 300ms --show 'job=b' 'job:count>1' none -w json
  assert_equal "$(jq -c '[.condition,.holds,.exists,.count,.value_b64]' <<<"$output")" \
    $'["job=b",false,true,null,"Yf8="]\n["job:count>1",false,null,1,null]\n["none",false,false,null,null]'
}

# --- trouble ---

@test "etcd is restarted and compacted while it waits" {
  waits w 'n>=3'
  put n 1
  etcd_kill
  etcd_restart
  put n 2
  etcdctl compaction "$(revision)"
  run -1 has_ended w
  put n 3
  assert_equal "$(end_of w 20)" "exit 0"
}

@test "--show: etcd is restarted in the middle, and each state that was seen is told once" {
  put job/1 10
  start w "$COORD" wait 'job/1>=100' --show
  wait_until 10 says w 'job/1>=100: 10'
  etcd_kill
  etcd_restart
  put job/1 60
  wait_until 20 says w 'job/1>=100: 60'
  etcd_restart
  put job/1 100
  assert_equal "$(end_of w 20)" "exit 0"
  assert_equal "$(sed 's/.*: //' w.out | paste -sd ' ')" "10 60 100 $(revision)"
}

@test "stopped while the state came about and was compacted away: it is still seen" {
  waits w go=now
  kill -STOP "$(pid_of w)"
  put go now
  local i
  for i in 1 2 3; do put other "$i"; done
  etcdctl compaction "$(revision)"
  etcd_restart
  kill -CONT "$(pid_of w)"
  assert_equal "$(end_of w 20)" "exit 0"
}

@test "etcd is away: 69 without waiting, 124 with --timeout; waiting begins before etcd is there" {
  local away=(--endpoints 127.0.0.1:1)
  run -69 "$COORD" "${away[@]}" wait -n a
  run -124 "$COORD" "${away[@]}" wait --timeout 500ms a
  etcd_stop
  start w "$COORD" wait '!a'
  wait_until 10 says w "trying again"
  etcd_spawn etcd
  etcd_ready etcd
  assert_equal "$(end_of w 20)" "exit 0"
}

@test "TERM and INT end a wait" {
  waits one a
  send TERM one
  assert_equal "$(end_of one)" "signal 15"
  waits two a
  send INT two
  assert_equal "$(end_of two)" "signal 2"
}

@test "under --namespace" {
  put app/x/a 1
  put b 1
  run -0 "$COORD" --namespace app/ wait -n x/a=1 '!b' 'x/:count=1'
}
