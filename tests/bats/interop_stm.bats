# `coord update` beside Go's concurrency.NewSTM (tests/interop): the same keys, and no update lost.
# shellcheck disable=SC2016,SC2154 # shells that coord starts expand what is theirs; crowd.bash sets SEED

load ../lib/interop
load ../lib/crowd

setup() {
  prefix=stm/$BATS_TEST_NUMBER/
  out=$BATS_TEST_TMPDIR
}
teardown() { end_all KILL "${pids[@]}"; }

sum() { etcdctl get --prefix --print-value-only -- "$prefix" | awk '{ s += $1 } END { print s }'; }

coord_add() { # coord_add KEY ROUNDS
  local i
  for ((i = 0; i < $2; i++)); do
    "$COORD" update --create --chomp "$1" -- awk '{ n = $1 } END { print n + 1 }' || return
  done
}

coord_transfer() { # coord_transfer ROUNDS SEED: between the five accounts
  local i from to amount
  RANDOM=$2
  for ((i = 0; i < $1; i++)); do
    from=$((RANDOM % 5)) to=$(((from + 1 + RANDOM % 4) % 5)) amount=$((1 + RANDOM % 9))
    "$COORD" update -k "$prefix$from" -k "$prefix$to" -- \
      jq -c --arg a "$prefix$from" --arg b "$prefix$to" --argjson n "$amount" \
      '.[$a] |= (tonumber - $n | tostring) | .[$b] |= (tonumber + $n | tostring)' || return
  done
}

@test "coord and Go programs at three levels count on one key to the exact sum" {
  local level pid
  for level in snapshot serializable repeatable snapshot; do
    "$INTEROP" stm add "$level" "$prefix" 25 3>&- &
    pids+=("$!")
    coord_add "$prefix" 10 3>&- &
    pids+=("$!")
  done
  for pid in "${pids[@]}"; do wait "$pid"; done
  assert_equal "$(value_of "$prefix")" 140
}

@test "coord and Go programs move amounts between accounts, some are killed: the sum stays" {
  local i pid victims=() end
  dice
  for i in {0..4}; do etcdctl put "$prefix$i" 100 >/dev/null; done
  for i in 1 2 3 4; do
    "$INTEROP" stm transfer snapshot "$prefix" 5 50 "$((SEED + i))" 3>&- &
    pids+=("$!")
    coord_transfer 13 "$((SEED + i))" 3>&- &
    pids+=("$!")
  done
  # Besides these, some that are killed at any moment, until the others are done or for ten seconds.
  end=$((SECONDS + 10))
  while ((SECONDS < end)) && is_alive "${pids[1]}"; do
    for i in 1 2; do
      coord_transfer 50 "$RANDOM" >/dev/null 2>&1 3>&- &
      victims=("$!")
      "$INTEROP" stm transfer serializable "$prefix" 5 1000 "$RANDOM" >/dev/null 2>&1 3>&- &
      victims+=("$!")
      read -r -t "0.$((RANDOM % 8 + 1))" _ <>"$out/pause" || true
      for pid in "${victims[@]}"; do
        kill -STOP "$pid" || true # a shell would start the next one beside its last breath
        pkill -KILL -P "$pid" || true
        end_process "$pid" KILL
      done
    done
  done
  for pid in "${pids[@]}"; do wait "$pid"; done
  assert_equal "$(sum)" 500
}
