# shellcheck shell=bash
# What the tests of `coord dbarrier` share. Load it after etcd.bash and lock.bash.

# A participant's log is made of lines "enter ROUND" and "exit ROUND", ROUND being the revision of ready.
# shellcheck disable=SC2016,SC2034 # the shell that coord starts expands it; test files use it
readonly WORK='echo "enter $COORD_DBARRIER_REV" >>"$0"; echo "exit $COORD_DBARRIER_REV" >>"$0"'

waiters_count() { keys_count "$1/waiters/"; }
has_waiters() { (($(waiters_count "$1") == $2)); }
round_is_over() { (($(keys_count "$1/") == 0)); }

# joins LABEL NAME COUNT [OPTION...] -- CMD...: a participant in the background.
joins() {
  local label=$1 barrier=$2 count=$3
  start "$label" "$COORD" dbarrier run --count "$count" "$barrier" "${@:4}"
}

# Rounds follow each other: no line of a round stands behind one of a later round, and COUNT are in each.
rounds_are_whole() { # rounds_are_whole FILE COUNT ROUNDS
  awk -v count="$2" -v rounds="$3" '
    $2 + 0 < last { print "line " NR ": round " $2 " after " last; bad = 1 }
    $2 + 0 != last { ++seen; last = $2 + 0; entered = 0 }
    $1 == "enter" { ++entered; ++of[last] }
    END {
      for (round in of) if (of[round] != count) { print "round " round ": " of[round]; bad = 1 }
      if (seen != rounds) { print seen " rounds"; bad = 1 }
      exit bad
    }' "$1"
}
