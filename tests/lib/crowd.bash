# shellcheck shell=bash
# A crowd of coords that go in and out at random, some of which are killed: nobody may ever be inside beside somebody whom it
# excludes (overlap.bash). Load it after etcd.bash.

# crowd SECONDS MEMBER...: each MEMBER is the name of a function that is called with a number and runs coord in place of itself
# (exec). All run again and again for so long, and now and then both processes of one of them are killed.
crowd() {
  local end=$((EPOCHSECONDS + $1)) i victim seed=$((RANDOM * 32768 + RANDOM)) loops=()
  shift
  echo "# seed $seed" >&3
  for ((i = 1; i <= $#; i++)); do
    crowd_loop "$end" "$i" "${!i}" "$((seed + i))" 3>&- &
    loops+=("$!")
  done
  RANDOM=$seed
  while ((EPOCHSECONDS < end)); do
    sleep 1.5 # the pace of the killings, nothing that is waited for
    victim=$(cat "$BATS_TEST_TMPDIR/crowd.$((RANDOM % $# + 1))") || continue
    # shellcheck disable=SC2046 # the holder, if it is there already
    kill -KILL "$victim" $(pgrep -P "$victim") 2>/dev/null || true
  done
  for i in "${loops[@]}"; do wait "$i" || fail "a member of the crowd ended with $?: $(cat "$BATS_TEST_TMPDIR"/crowd.err.*)"; done
}

# Ends with 0 unless one round has ended in another way than it may: done, lost (a machine that stood still), killed.
crowd_loop() { # crowd_loop END NUMBER MEMBER SEED
  local status
  RANDOM=$4
  while ((EPOCHSECONDS < $1)); do
    "$3" "$RANDOM" 2>"$BATS_TEST_TMPDIR/crowd.err.$2" &
    echo "$!" >"$BATS_TEST_TMPDIR/crowd.$2"
    status=0
    wait "$!" || status=$?
    [[ $status == @(0|75|137) ]] || return "$status"
  done
}

# assert_never_together FOLDER: what overlap.bash found; and that there was something to find.
assert_never_together() {
  [[ ! -e $1/overlap ]] || fail "together: $(cat "$1/overlap")"
  echo "# entered: $(wc -l <"$1/entered")" >&3
  (($(wc -l <"$1/entered") >= 20)) || fail "only $(wc -l <"$1/entered") got in"
}
