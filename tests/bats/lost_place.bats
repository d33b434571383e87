# Whoever waits in line and loses its place, because its lease has ended or an operator has deleted its key, does not go in without
# one: it takes a new place at the end. Go's packages wait on, and some then believe that they hold what others hold.

load ../lib/primitive

key_of_waiter() { etcdctl get --prefix --keys-only x/ | grep -v -e '^$' -e "/$others\$"; }
lease_of_waiter() { etcdctl lease list | sed 1d | grep -v -x "$others"; }
is_in_line() { [[ -n $(key_of_waiter) ]]; }
has_another_place() { is_in_line && [[ $(key_of_waiter) != "$lost" ]]; }

# takes_another WORD...: `coord WORD... -- CMD` waits, loses its place in each way, and gets in at its new one. CMD prints the keys
# that there are.
takes_another() {
  local how others lost
  for how in revoked deleted deleted_with_all; do
    others=$(occupy x)
    start waiter "$COORD" -q "$@" -- etcdctl get --prefix --keys-only x/
    wait_until 20 is_in_line
    lost=$(key_of_waiter)
    "$how"
    if [[ $how != deleted_with_all ]]; then
      wait_until 20 has_another_place
      run ! has_ended waiter
    fi
    vacate "$others"
    assert_equal "$(end_of waiter 20)" 'exit 0'
    assert_equal "$(grep -c . "$BATS_TEST_TMPDIR/waiter.out")" 1
    run ! grep -xF "$lost" "$BATS_TEST_TMPDIR/waiter.out"
    all_is_gone
    rm waiter.*
  done
}
revoked() { etcdctl lease revoke "$(lease_of_waiter)"; }
deleted() { etcdctl del "$(key_of_waiter)"; }
deleted_with_all() { etcdctl del --prefix x/; } # at one revision: the way is free, and the own key is gone

@test "lock" { takes_another lock x; }
@test "a lock of several names: what it had already is not in its own way" { takes_another lock --ttl 60s w x; }
@test "rwlock read" { takes_another rwlock read x; }
@test "rwlock write" { takes_another rwlock write x; }
@test "sem" { takes_another sem -j 1 x; }
@test "elect" { takes_another elect x v; }
