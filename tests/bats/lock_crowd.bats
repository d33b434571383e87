# `coord lock` in a crowd: many who come and go at random, some of whom are killed. One at a time is inside, in the order in which
# they came. SEED=N throws the same dice again.
# shellcheck disable=SC2016,SC2154 # shells that coord starts expand what is theirs; crowd.bash sets SEED

load ../lib/primitive
load ../lib/crowd

# Notes the create revision of its key and the fencing token while it holds; nothing when the key has gone meanwhile.
readonly INSIDE='
  key=$("$COORD" get -w json -- "$COORD_LOCK_KEY") || exit 0
  came=$(printf %s "$key" | jq "(.kvs // [])[0].create_revision // empty") || exit 0
  [ -z "$came" ] || echo "$came $COORD_LOCK_REV" >>order
  exec "$0" "$PWD" 1 1'
crowd_member() { exec "$COORD" -q lock --ttl 2s x -- sh -c "$INSIDE" "$BATS_TEST_DIRNAME/../lib/overlap.bash"; }

# Whoever came before, and still was there, went in before: then who went in had come later than all before, and each token is
# larger than the last one.
in_order() {
  awk '$1 <= came || $2 <= token { print "line " NR ": came " $1 " behind " came ", token " $2 " behind " token; bad = 1 }
    { came = $1; token = $2 } END { exit bad }' order
}

@test "twelve who lock at random, some of whom are killed: one is inside at a time, first come, first served" {
  crowd 8 crowd_member{,,,,,,,,,,,}
  assert_never_together "$PWD"
  in_order || fail "not in their order"
  (($(wc -l <order) >= 15))
}

@test "twelve who lock one, the other or both of two at random, some of whom are killed: nobody waits for ever" {
  crowd_of_two() {
    local names=(b a)
    (($1 % 3 == 2)) || names=("${names[$1 % 3]}")
    exec "$COORD" -q lock --ttl 2s "${names[@]}" -- sh -c '
      for name; do [ "$name" != a ] || echo 1 >>entered; done; exec true' sh "${names[@]}"
  }
  crowd 6 crowd_of_two{,,,,,,,,,,,}
  have_entered "$PWD" 20
  wait_until 20 all_is_gone
}
