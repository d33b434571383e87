# Nine workers loop over the three places of one double barrier, and some are killed at random moments: whatever happens, rounds
# never mix. The seed is printed; SEED=N repeats a run's decisions, though not its timing.

load ../lib/primitive
load ../lib/dbarrier
load ../lib/crowd

setup() {
  name=storm
  log=$BATS_TEST_TMPDIR/log
  stop=$BATS_TEST_TMPDIR/stop
  : >"$log"
}
teardown() {
  touch "$stop"
  end_all TERM "${workers[@]}"
  lock_clean
}

readonly COUNT=3

# works WORKER: round after round until told to stop; what coord exits with goes to WORKER.ends.
works() {
  local status
  while [[ ! -e $stop ]]; do
    "$COORD" -q dbarrier run --ttl 2s --timeout 3s "$name" --count $COUNT -- sh -c "$WORK" "$log" 2>>"$BATS_TEST_TMPDIR/err" &
    echo "$!" >"$BATS_TEST_TMPDIR/$1.new"
    mv "$BATS_TEST_TMPDIR/$1.new" "$BATS_TEST_TMPDIR/$1.coord"
    status=0
    wait "$!" || status=$?
    echo "$status" >>"$BATS_TEST_TMPDIR/$1.ends"
    ((status == 0)) || sleep 0.05 # all places are taken
  done
}

# Nobody of a round runs once a later one has begun, and no round has more than COUNT. Killed ones may be missing.
rounds_never_mix() {
  awk -v count="$COUNT" '
    $2 + 0 < last { print "line " NR ": round " $2 " after " last; bad = 1 }
    { last = $2 + 0 }
    $1 == "enter" && ++of[last] > count { print "round " last " has " of[last]; bad = 1 }
    END { exit bad }' "$log"
}

@test "rounds never mix, whoever is killed, and it goes on" {
  local worker
  dice
  workers=()
  for worker in {1..9}; do
    works "$worker" 3>&- &
    workers+=("$!")
  done
  wait_until 40 test -s "$log"
  end=$((${EPOCHREALTIME/[.,]/} + 10000000))
  until past "$end"; do
    strike "$(cat "$BATS_TEST_TMPDIR/$((RANDOM % 9 + 1)).coord")"
    again=$((${EPOCHREALTIME/[.,]/} + RANDOM % 600000))
    wait_until 2 past "$again"
  done
  touch "$stop"
  for pid in "${workers[@]}"; do wait_until 40 is_gone "$pid"; done
  rounds_never_mix
  rounds=$(cut -d' ' -f2 "$log" | sort -un | wc -l)
  echo "# $rounds rounds" >&3
  ((rounds >= 3))
  # Nothing but: a round, no place, killed, its holder killed, too late, the lease lost.
  run ! grep -hvxE '0|1|137|70|124|75' "$BATS_TEST_TMPDIR"/*.ends
  wait_until 20 has_waiters "$name" 0
}
