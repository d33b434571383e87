#!/usr/bin/env bats
# shellcheck disable=SC2030,SC2031,SC2154 # a test is a subshell
# The doctor on alarms, old versions, clocks and slow networks.

load ../lib/etcd
load ../lib/doctor

@test "members that disagree" {
  local member
  etcd_start_as torn
  member=$(etcdctl endpoint status | cut -d, -f2)
  exec 7<>"/dev/tcp/${ETCD_ENDPOINT/://}"
  member=$(printf '{"action": "ACTIVATE", "memberID": "%u", "alarm": "CORRUPT"}' "0x${member# }")
  printf 'POST /v3/maintenance/alarm HTTP/1.0\r\nContent-Length: %d\r\n\r\n%s' "${#member}" "$member" >&7
  grep -q CORRUPT <&7
  exec 7>&-
  run -1 "$COORD" doctor
  finds problem alarm 'CORRUPT on torn: members disagree' 'take out the member'
  etcd_use "$endpoint"
}

@test "a version with known faults" {
  is_etcd_34 || skip "the table of faults ends before this server"
  run -0 "$COORD" doctor
  finds warning version 'etcd 3.4.[0-9]*: a leader that was stalled' 'upgrade to 3.4.31 or newer'
  finds warning version 'etcd 3.4.[0-9]*: 3.4 gets no mends any more' 'upgrade to 3.5 or 3.6'
}

# relay_start OPTION...: a way to the server that distorts what passes, as $relay
relay_start() {
  free_port
  relay=127.0.0.1:$port
  "$BATS_TEST_DIRNAME/../lib/relay.py" "${relay##*:}" "$endpoint" "$@" >"$BATS_TEST_TMPDIR/relay.log" 2>&1 3>&- &
  relay_pid=$!
  wait_until 20 bash -c ": 2>/dev/null </dev/tcp/${relay/://}"
}

@test "clocks that differ" {
  relay_start --behind 3600
  run -0 "$COORD" --endpoints "$relay" doctor
  kill "$relay_pid"
  finds warning clock "\(59m\|1h\).* apart from that of $relay" 'let NTP set both clocks'
  refute_line --regexp '^problem'
}

@test "a network that is too slow for a lease" {
  relay_start --delay 0.4
  run -1 "$COORD" --endpoints "$relay" --dial-timeout 20s --command-timeout 30s doctor --ttl 2s
  kill "$relay_pid"
  finds problem lease 'one of 2s has time for [012] requests' 'use --ttl [0-9]*s or more'
}
