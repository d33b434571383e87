# `coord elect` and its relatives beside Go programs (tests/interop) and etcdctl elect: one election, one line.
# shellcheck disable=SC2016,SC2153,SC2154 # interop.bash sets name and out; shells that CMD starts expand what is theirs

load ../lib/interop

# --- helpers ---

# join LABEL KIND [TTL]: stands with LABEL as value, and returns when its key is there. Sets pid. TERM makes it resign.
join() {
  local kind=$2 ttl=${3:-30} before
  before=$(keys_count "$name/")
  case $kind in
    go) "$INTEROP" election lead -ttl "$ttl" "$name" "$1" 0<>"$out/endless" >"$out/$1" 3>&- & ;;
    coord) "$COORD" -q elect --ttl "$ttl" "$name" "$1" -- sh -c 'echo leads $COORD_ELECTION_KEY $COORD_ELECTION_REV; exec sleep 300' \
      >"$out/$1" 3>&- & ;;
    etcdctl) etcdctl elect "$name" "$1" >"$out/$1" 3>&- & ;; # says its key
  esac
  pid=$!
  pids+=("$pid")
  wait_until 10 more_keys_than "$before"
}

has_begun() { [[ -s $out/$1 ]]; }
leads() { [[ $("$COORD" leader "$name") == "$1" && $("$INTEROP" election leader "$name") == "$1 "* ]]; }
observe() { # observe LABEL KIND: sets pid
  case $2 in
    go) "$INTEROP" election observe "$name" >"$out/$1" 3>&- & ;;
    coord) "$COORD" observe --json "$name" >"$out/$1" 3>&- & ;;
    etcdctl) etcdctl elect -l "$name" >"$out/$1" 3>&- & ;;
  esac
  pids+=("$!")
}
saw() { # saw LABEL VALUE
  grep -q -e "^$2 " -e "^$2$" -e "\"value\":\"$2\"" "$out/$1"
}

# assert_handed_over FROM TO: TO, in line, does not lead until FROM resigns, and then it does.
assert_handed_over() {
  local leader
  join first "$1"
  leader=$pid
  wait_until 10 has_begun first
  join second "$2"
  leads first
  run ! has_begun second
  kill -TERM "$leader"
  wait_until 10 has_begun second
  leads second
}

# assert_outlived_by_ttl TO PID: TO, in line, leads when the lease of the killed one ends.
assert_outlived_by_ttl() {
  join second "$1"
  crash_pid "$2"
  run ! has_begun second
  wait_until 20 has_begun second
  leads second
}

# --- one leads, the other waits ---

@test "Go leads: coord waits, and leads when it resigns" { assert_handed_over go coord; }
@test "coord leads: Go waits, and leads when it resigns" { assert_handed_over coord go; }
@test "etcdctl elect leads: coord waits, and leads when it resigns" { assert_handed_over etcdctl coord; }
@test "coord leads: etcdctl elect waits, and leads when it resigns" { assert_handed_over coord etcdctl; }

@test "Go leads: coord --nonblock is refused, and leaves no key behind" {
  join first go
  run -1 "$COORD" elect --nonblock "$name" x -- true
  assert_equal "$(keys_count "$name/")" 1
}

@test "a Go leader dies of SIGKILL: coord leads when its lease ends" {
  join first go 4
  wait_until 10 has_begun first
  assert_outlived_by_ttl coord "$pid"
}

@test "both processes of a coord that leads die of SIGKILL: Go leads when their lease ends" {
  join first coord 4
  wait_until 10 has_begun first
  assert_outlived_by_ttl go "$pid"
}

# --- key and revision ---

@test "Go and coord agree on the leader's value, key and revision" {
  join first coord
  wait_until 10 has_begun first
  assert_equal "$("$INTEROP" election leader "$name")" "$("$COORD" leader "$name" --json | jq -r '"\(.value) \(.key) \(.rev)"')"
  assert_equal "leads $("$INTEROP" election leader "$name" | cut -d' ' -f2-)" "$(<"$out/first")"
}

@test "coord proclaims and resigns for a Go leader, by its key and revision" {
  local key rev
  join first go
  wait_until 10 has_begun first
  read -r _ key rev <"$out/first"
  "$COORD" proclaim "$name" changed --key "$key" --rev "$rev"
  leads changed
  run -1 "$COORD" proclaim "$name" changed --key "$key" --rev "$((rev + 1))"
  "$COORD" resign "$name" --key "$key" --rev "$rev"
  run -1 "$INTEROP" election leader "$name"
  run -1 "$INTEROP" election proclaim "$name" late "$key" "$rev"
}

@test "Go resigns for coord by key and revision: coord stops its command" {
  local key rev
  join first coord
  wait_until 10 has_begun first
  read -r _ key rev <"$out/first"
  "$INTEROP" election resign "$name" "$key" "$rev"
  local status=0
  wait "$pid" || status=$?
  assert_equal "$status" 75
}

# --- observers ---

@test "Go and etcdctl observe coord's leaders and what they proclaim; coord observes Go's" {
  local key rev
  observe gos go
  observe ctls etcdctl
  observe ours coord
  join one coord
  wait_until 10 has_begun one
  read -r _ key rev <"$out/one"
  for label in gos ctls ours; do wait_until 10 saw "$label" one; done
  "$COORD" proclaim "$name" two --key "$key" --rev "$rev"
  for label in gos ctls ours; do wait_until 10 saw "$label" two; done
  join three go
  kill -TERM "$pid" "${pids[3]}"
  join four go
  wait_until 10 has_begun four
  for label in gos ctls ours; do wait_until 10 saw "$label" four; done
}

# --- many ---

coord_loop() { # coord_loop ROUNDS FILE: as interop election loop
  local i
  for ((i = 0; i < $1; i++)); do
    "$COORD" -q elect "$name" "$i" -- sh -c 'echo enter $$ >>"$0"; echo exit $$ >>"$0"' "$2" || return
  done
}

alternates() { # each "enter PID" is followed by "exit PID" of the same
  awk 'NR % 2 { if ($1 != "enter") exit 1; pid = $2; next } $1 != "exit" || $2 != pid { exit 1 }' "$1"
}

@test "two coords and two Go programs lead in turns: never two at once" {
  local i pid
  for i in 1 2; do
    coord_loop 8 "$out/log" 3>&- &
    pids+=("$!")
    "$INTEROP" election loop "$name" "$i" 8 "$out/log" 3>&- &
    pids+=("$!")
  done
  for pid in "${pids[@]}"; do wait "$pid"; done
  assert_equal "$(wc -l <"$out/log")" 64
  alternates "$out/log"
}
