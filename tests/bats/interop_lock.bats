# `coord lock` beside Go programs (tests/interop), etcdctl lock and the server's own lock service: one lock, one line.
# shellcheck disable=SC2016,SC2153,SC2154 # interop.bash sets name and out; shells that CMD starts expand what is theirs

load ../lib/interop

# --- helpers ---

# join LABEL KIND [TTL]: enters the line, and returns when its key stands there. Once it holds, $out/LABEL says "held … REVISION".
# Sets pid. TERM makes it give back what it holds.
join() {
  local kind=$2 ttl=${3:-30} before
  before=$(keys_count "$name/")
  case $kind in
    go) "$INTEROP" mutex hold -ttl "$ttl" "$name" 0<>"$out/endless" >"$out/$1" 3>&- & ;;
    coord) "$COORD" -q lock --ttl "$ttl" "$name" -- sh -c 'echo held $COORD_LOCK_REV; exec sleep 300' >"$out/$1" 3>&- & ;;
    etcdctl) etcdctl lock --ttl "$ttl" "$name" >"$out/$1" 3>&- & ;; # says its key
    etcdctl-once) etcdctl lock --ttl "$ttl" "$name" -- sh -c 'echo held $ETCD_LOCK_REV' >"$out/$1" 3>&- & ;;
  esac
  pid=$!
  pids+=("$pid")
  wait_until 10 more_keys_than "$before"
}

holds() { [[ -s $out/$1 ]]; }
proved_at() { awk '$1 == "held" { print $NF }' "$out/$1"; } # the revision at which LABEL learned that it holds
lease_keys() { etcdctl get --prefix --keys-only -w json "$name/" | jq -r '.kvs | sort_by(.create_revision)[].key | @base64d'; }
ttl_left() { etcdctl lease timetolive -w json "$1" | jq .ttl; }

# assert_handed_over FROM TO: TO, in line, gets nothing until FROM gives it back, and then at once.
assert_handed_over() {
  local holder before
  join first "$1"
  holder=$pid
  wait_until 10 holds first
  join second "$2"
  before=$(revision)
  run ! holds second
  kill -TERM "$holder"
  wait_until 20 holds second
  (($(proved_at second) > before))
}

# assert_outlived_by_ttl TO PID: TO, in line, gets what the killed one held when its lease ends, not before.
assert_outlived_by_ttl() {
  local lease killed left
  lease=$(basename "$(lease_keys)")
  join second "$1"
  crash_pid "$2"
  killed=$(milliseconds)
  left=$(ttl_left "$lease")
  wait_until 15 holds second
  ((left >= 1))
  (($(milliseconds) - killed >= left * 1000))
}

# --- one holds, the other waits ---

@test "a Go program holds: coord waits, and gets it when it is given back" { assert_handed_over go coord; }
@test "coord holds: a Go program waits, and gets it when it is given back" { assert_handed_over coord go; }
@test "etcdctl lock holds: coord waits, and gets it when it is given back" { assert_handed_over etcdctl coord; }
@test "coord holds: etcdctl lock waits, and gets it when it is given back" { assert_handed_over coord etcdctl-once; }

@test "a Go program holds: coord --nonblock is refused, and leaves no key behind" {
  join first go
  wait_until 10 holds first
  run -1 "$COORD" lock --nonblock "$name" -- touch "$out/ran"
  [[ ! -e $out/ran ]]
  assert_equal "$(keys_count "$name/")" 1
}

@test "etcdctl lock holds: coord --nonblock is refused" {
  join first etcdctl
  wait_until 10 holds first
  run -1 "$COORD" lock --nonblock "$name" -- true
}

@test "coord gives up at its timeout: the Go program behind it in line gets it next" {
  join first go
  local holder=$pid
  run -124 "$COORD" -q lock --timeout 200ms "$name" -- true
  join third go
  assert_equal "$(keys_count "$name/")" 2
  kill -TERM "$holder"
  wait_until 20 holds third
}

@test "a Go program that holds dies of SIGKILL: coord gets it when its lease ends, not before" {
  join first go 4
  wait_until 10 holds first
  assert_outlived_by_ttl coord "$pid"
}

@test "both processes of a coord that holds die of SIGKILL: a Go program gets it when their lease ends, not before" {
  join first coord 4
  wait_until 10 holds first
  assert_outlived_by_ttl go "$pid"
}

@test "an operator breaks the lock of a Go program with coord unlock: it hears of it" {
  join first go 3
  wait_until 10 holds first
  "$COORD" unlock --force --yes "$name"
  wait_until 20 is_gone "$pid"
  local status=0
  wait "$pid" || status=$?
  assert_equal "$status" 1
}

# --- the server's lock service ---

rpc() { # rpc PATH JSON: a call through etcd's HTTP gateway
  exec 7<>"/dev/tcp/${ETCD_ENDPOINT/://}"
  printf 'POST %s HTTP/1.0\r\nContent-Length: %d\r\n\r\n%s' "$1" "${#2}" "$2" >&7
  sed '1,/^\r$/d' <&7
  exec 7>&-
}

@test "the server's lock service holds: coord waits, and gets it when it is given back" {
  local key before
  key=$(rpc /v3/lock/lock "{\"name\": \"$(printf %s "$name" | base64 -w0)\"}" | jq -r .key)
  join second coord
  before=$(revision)
  run ! holds second
  rpc /v3/lock/unlock "{\"key\": \"$key\"}"
  wait_until 20 holds second
  (($(proved_at second) > before))
}

# --- many ---

coord_loop() { # coord_loop ROUNDS FILE: as interop mutex loop
  local i
  for ((i = 0; i < $1; i++)); do
    "$COORD" -q lock "$name" -- sh -c 'echo enter $$ >>"$0"; sleep 0.002; echo exit $$ >>"$0"' "$2" || return
  done
}

alternates() { # each "enter PID" is followed by "exit PID" of the same
  awk 'NR % 2 { if ($1 != "enter") exit 1; pid = $2; next } $1 != "exit" || $2 != pid { exit 1 }' "$1"
}

@test "three coords and three Go programs take turns: never are two inside at once" {
  local i pid
  for i in 1 2 3; do
    coord_loop 10 "$out/log" 3>&- &
    pids+=("$!")
    "$INTEROP" mutex loop "$name" 10 "$out/log" 3>&- &
    pids+=("$!")
  done
  for pid in "${pids[@]}"; do wait "$pid"; done
  assert_equal "$(wc -l <"$out/log")" 120
  alternates "$out/log"
}

@test "who shows a Go program that holds, by its lease, and those who wait, Go programs too, in their order" {
  join first go
  join second go
  join third coord
  join fourth go
  run -0 --separate-stderr "$COORD" who "$name" --json
  assert_equal "$(jq -r '.holder.key, .waiters[].key' <<<"$output")" "$(lease_keys)"
  assert_equal "$(jq -r '.holder.lease, .waiters[].lease' <<<"$output")" "$(lease_keys | sed 's,.*/,,')"
  assert_equal "$(jq -r '.waiters[1].program' <<<"$output")" sh
}
