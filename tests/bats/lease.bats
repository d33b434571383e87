#!/usr/bin/env bats
# coord lease grant, revoke, timetolive, list, keep-alive: against etcdctl and by itself.

load ../lib/etcd.bash
load ../lib/same.bash

setup_file() { etcd_start; }
teardown_file() { etcd_teardown; }

setup() { LEASE=$(etcdctl lease grant 600 | cut -d ' ' -f 2); }
teardown() { etcdctl lease revoke "$LEASE" || true; }

# Numbers that differ from call to call.
shape() { sed -E 's/(granted lease|lease) [0-9a-f]{16}/\1 ID/; s/("ID" ?: ?)[0-9]+/\1N/; s/([rR]evision" ?: ?)[0-9]+/\1N/'; }

gone() { [[ $(etcdctl lease timetolive "$1") == *'already expired' ]]; } # gone LEASE

@test "lease grant: answers as etcdctl does" {
  local format
  for format in simple json fields; do
    diff <(etcdctl lease grant 60 -w "$format" | shape) <("$COORD" lease grant 60 -w "$format" | shape)
  done
}

@test "lease grant: takes durations" {
  run -0 --separate-stderr "$COORD" lease grant 5m
  [[ $output =~ ^lease\ [0-9a-f]{16}\ granted\ with\ TTL\(300s\)$ ]]
}

@test "lease timetolive, list and keep-alive --once: print what etcdctl prints" {
  local format
  etcdctl put $'k \xff' v --lease "$LEASE" # one: the server lists several in no order
  for format in simple json fields; do
    same_as_etcdctl lease timetolive 1234 -w "$format"
    same_as_etcdctl lease timetolive 1234 --keys -w "$format"
    same_as_etcdctl lease list -w "$format"
    same_as_etcdctl lease keep-alive --once "$LEASE" -w "$format"
    diff <(etcdctl lease timetolive "$LEASE" -w "$format" | remaining) <("$COORD" lease timetolive "$LEASE" -w "$format" | remaining)
    diff <(etcdctl lease timetolive "$LEASE" --keys -w "$format" | remaining) \
      <("$COORD" lease timetolive "$LEASE" --keys -w "$format" | remaining)
  done
}

# The seconds left may differ by one between two calls.
remaining() { sed -E 's/remaining\([0-9]+s\)/remaining(Ns)/; s/("(ttl|TTL)" ?: ?)[0-9]+/\1N/'; }

@test "lease revoke: answers as etcdctl does, and the keys are gone" {
  local format answers=()
  etcdctl put tied v --lease "$LEASE"
  for format in json fields simple; do
    answers+=("$(etcdctl lease revoke "$(etcdctl lease grant 60 | cut -d ' ' -f 2)" -w "$format" | shape)")
    answers+=("$("$COORD" lease revoke "$(etcdctl lease grant 60 | cut -d ' ' -f 2)" -w "$format" | shape)")
    [[ ${answers[-2]} == "${answers[-1]}" ]]
  done
  run -0 --separate-stderr "$COORD" lease revoke "$LEASE"
  [[ $output == "lease $LEASE revoked" ]]
  (($(keys_count tied) == 0))
}

@test "lease: one that is not there exits with 1, with etcd's words" {
  refuses 1 'lease revoke 0000000000001234: etcdserver: requested lease not found' lease revoke 1234
  refuses 1 'lease keep-alive 0000000000001234: ' lease keep-alive --once 1234
}

@test "lease keep-alive: renews until the lease is gone, a line a renewal at once" {
  local short
  short=$(etcdctl lease grant 3 | cut -d ' ' -f 2)
  "$COORD" lease keep-alive "$short" >"$BATS_TEST_TMPDIR/out" 3>&- &
  local renewer=$!
  wait_until 10 has_lines 3 "$BATS_TEST_TMPDIR/out"
  is_alive "$renewer"
  etcdctl lease revoke "$short"
  wait "$renewer"
  [[ $(head -n 1 "$BATS_TEST_TMPDIR/out") == "lease $short keepalived with TTL(3)" ]]
  [[ $(tail -n 1 "$BATS_TEST_TMPDIR/out") == "lease $short expired or revoked." ]]
}

has_lines() { (($(wc -l <"$2") >= $1)); } # has_lines N FILE

@test "lease keep-alive: INT ends it, and the lease lives on" {
  "$COORD" lease keep-alive "$LEASE" >"$BATS_TEST_TMPDIR/out" 3>&- &
  local renewer=$!
  wait_until 10 has_lines 1 "$BATS_TEST_TMPDIR/out"
  kill -s TERM "$renewer"
  wait "$renewer" || [[ $? == 143 ]]
  run -1 gone "$LEASE"
}

@test "lease: bad words end with 64, before etcd is asked" {
  export COORD_ENDPOINTS=127.0.0.1:1
  refuses 64 'lease: which command?' lease
  refuses 64 "unknown command 'grnt'" lease grnt
  refuses 64 'TTL is missing' lease grant
  refuses 64 "'soon' is not a duration" lease grant soon
  refuses 64 'LEASE is missing' lease revoke
  refuses 64 "'zz' is not a lease id" lease revoke zz
  refuses 64 "'' is not a lease id" lease timetolive ''
  refuses 64 "one word too many: 'x'" lease list x
  refuses 64 "output format 'table' is not supported" lease list -w table
}
