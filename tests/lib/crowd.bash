# shellcheck shell=bash
# A crowd of coords that go in and out at random, some of which are killed: nobody may ever be inside beside somebody whom it
# excludes (overlap.bash). Load it after primitive.bash. SEED=N throws the same dice again, though not at the same moments.

# dice: a seed for RANDOM, printed.
dice() {
  RANDOM=${SEED:=$((SRANDOM % 32768))}
  echo "# SEED=$SEED" >&3
}

# strike PID: one of a coord's two processes, or both, dies of SIGKILL. Nothing where it has ended.
strike() {
  local holder victims
  [[ $(cat "/proc/$1/comm") == coord ]] 2>/dev/null || return 0
  holder=$(pgrep -P "$1" -x coord) || true
  case $((RANDOM % 3)) in
    0) victims=("$1") ;;
    1) victims=("${holder:-$1}") ;;
    2) victims=(${holder:+"$holder"} "$1") ;;
  esac
  kill -KILL "${victims[@]}" 2>/dev/null || true
}

# crowd SECONDS MEMBER...: each MEMBER is the name of a function that is called with a number and runs coord in place of itself
# (exec). All run again and again for so long, and until assert_never_together has enough to go by; one is struck now and then.
crowd() {
  local end=$((EPOCHSECONDS + $1)) i loops=() folder=$BATS_TEST_TMPDIR
  shift
  dice
  rm -f "$folder/crowd.stop"
  for ((i = 1; i <= $#; i++)); do
    crowd_loop "$i" "${!i}" "$((SEED + i))" 3>&- &
    loops+=("$!")
  done
  while ((EPOCHSECONDS < end)) || { ((EPOCHSECONDS < end + 60)) && ! have_entered "$folder" 20; }; do
    sleep 0.7 # the pace of the killings, nothing that is waited for
    i=$((RANDOM % $# + 1))
    [[ ! -s $folder/crowd.$i ]] || strike "$(<"$folder/crowd.$i")"
  done
  touch "$folder/crowd.stop"
  for i in "${loops[@]}"; do wait "$i" || fail "a member of the crowd ended with $?: $(cat "$folder"/crowd.err.*)"; done
}

# Ends with 0 unless one round has ended in another way than it may: done, its holder killed, lost (a machine that stood still),
# killed.
crowd_loop() { # crowd_loop NUMBER MEMBER SEED
  local status path=$BATS_TEST_TMPDIR/crowd
  RANDOM=$3
  while [[ ! -e $path.stop ]]; do
    "$2" "$RANDOM" 2>"$path.err.$1" &
    echo "$!" >"$path.new.$1" && mv "$path.new.$1" "$path.$1"
    status=0
    wait "$!" || status=$?
    [[ $status == @(0|70|75|137) ]] || return "$status"
  done
}

have_entered() { [[ -e $1/entered ]] && (($(wc -l <"$1/entered") >= $2)); } # have_entered FOLDER NUMBER

# assert_never_together FOLDER: what overlap.bash found; and that there was something to find.
assert_never_together() {
  [[ ! -e $1/overlap ]] || fail "together: $(cat "$1/overlap")"
  echo "# entered: $(wc -l <"$1/entered")" >&3
  have_entered "$1" 20 || fail "only $(wc -l <"$1/entered") got in"
}
