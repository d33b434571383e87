#!/usr/bin/env bats
# Endpoints from DNS: --discovery-srv and its relatives, with a name server and two etcd servers in a network of their own.

# shellcheck disable=SC2154 # Bats sets stderr

load ../lib/etcd.bash

setup_file() {
  local enter
  export NET=$BATS_FILE_TMPDIR/net ZONE=$BATS_FILE_TMPDIR/zone
  export TLS_FOLDER=$BATS_FILE_TMPDIR/tls
  net_open || return 0 # each test says why it is skipped
  echo 'A here.test 127.0.0.1' >"$ZONE"
  entrance
  "${enter[@]}" "$BATS_TEST_DIRNAME/../lib/dns.py" "$ZONE" >"$NET.dns.log" 2>&1 3>&- &
  echo "$!" >"$NET.dns.pid"
  tls_make && tls_sign secure secure.test 'subjectAltName=DNS:secure.test,IP:127.0.0.1'
  net_etcd first 2379 http && net_etcd second 3379 http
  net_etcd secure 4379 https --cert-file "$TLS_FOLDER/secure.crt" --key-file "$TLS_FOLDER/secure.key"
}

teardown_file() {
  [[ ! -f $NET.dns.pid ]] || end_process "$(<"$NET.dns.pid")" KILL
  [[ ! -f $NET.pid ]] || end_process "$(<"$NET.pid")" KILL
  etcd_teardown
}

setup() {
  [[ ! -s $NET.refused ]] || skip "no network namespace here: $(<"$NET.refused")"
  export COORD=${COORD:-coord}
  unset COORD_ENDPOINTS ETCDCTL_ENDPOINTS COORD_CACERT COORD_CERT COORD_KEY
  echo 'A here.test 127.0.0.1' >"$ZONE"
  : >"$NET.dns.log"
}

# A process that keeps the namespaces, with a /etc/resolv.conf of their own.
net_open() {
  local as_root=()
  ((UID == 0)) || as_root=(-r)
  echo 'nameserver 127.0.0.1' >"$NET.resolv"
  if ! unshare "${as_root[@]}" -nm true 2>"$NET.refused"; then return 1; fi
  # shellcheck disable=SC2016 # for the shell inside
  unshare "${as_root[@]}" -nm sh -c 'ip link set lo up && mount --bind "$1.resolv" "$(realpath /etc/resolv.conf)" &&
    : >"$1.ready" && exec sleep infinity' sh "$NET" 2>"$NET.refused" 3>&- &
  echo "$!" >"$NET.pid"
  disown "$!"
  wait_until 20 test -e "$NET.ready"
}

# Sets the array `enter` to what stands before a command that is to run in there.
entrance() {
  enter=(nsenter -t "$(<"$NET.pid")")
  ((UID == 0)) || enter+=(-U --preserve-credentials)
  enter+=(-n -m --)
}

inside() { # inside COMMAND...
  local enter
  entrance
  "${enter[@]}" "$@"
}

net_etcd() { # net_etcd NAME PORT SCHEME [OPTION...]: knows under "where" what it is called
  local folder enter url=$3://127.0.0.1:$2
  etcd_prepare "$1" "$url" "http://127.0.0.1:$(($2 + 1))" --initial-cluster "$1=http://127.0.0.1:$(($2 + 1))" "${@:4}"
  folder=$(etcd_folder "$1")
  entrance
  { printf '%s\0' "${enter[@]}" && cat "$folder/command"; } >"$folder/command.inside"
  mv "$folder/command.inside" "$folder/command"
  etcd_spawn "$1"
  wait_until 20 inside env ETCDCTL_API=3 etcdctl --endpoints "$url" --cacert "$TLS_FOLDER/ca.crt" --command-timeout=1s \
    put where "$1" && return
  etcd_log "$1" >&2
  return 1
}

zone() { printf '%s\n' "$@" >>"$ZONE"; }
asked() { grep -c "^$1 " "$NET.dns.log"; } # asked NAME: how often
where() { inside "$COORD" "$@" get where --print-value-only; }

@test "discovery: an endpoint that DNS names is used" {
  zone 'SRV _etcd-client._tcp.one.test 0 0 2379 here.test'
  run -0 where --discovery-srv one.test
  assert_output first
  (($(asked _etcd-client-ssl._tcp.one.test) > 0))
}

@test "discovery: the domain may stand in the environment, and -d is short for it" {
  zone 'SRV _etcd-client._tcp.one.test 0 0 3379 here.test'
  COORD_DISCOVERY_SRV=one.test run -0 where
  assert_output second
  ETCDCTL_DISCOVERY_SRV=one.test run -0 where
  assert_output second
  run -0 where -d one.test
  assert_output second
}

@test "discovery: --endpoints on the line is more than a domain in the environment" {
  COORD_DISCOVERY_SRV=none.test run -0 where --endpoints 127.0.0.1:3379
  assert_output second
}

@test "discovery: the lowest priority is served first, whatever the order of the records" {
  zone 'SRV _etcd-client._tcp.two.test 20 100 2379 here.test' 'SRV _etcd-client._tcp.two.test 10 0 3379 here.test'
  run -0 where --discovery-srv two.test
  assert_output second
  zone 'SRV _etcd-client._tcp.owt.test 10 0 2379 here.test' 'SRV _etcd-client._tcp.owt.test 20 100 3379 here.test'
  run -0 where --discovery-srv owt.test
  assert_output first
}

@test "discovery: a target that does not answer is passed over" {
  zone 'SRV _etcd-client._tcp.dead.test 10 0 9 here.test' 'SRV _etcd-client._tcp.dead.test 20 0 3379 here.test'
  run -0 where --discovery-srv dead.test
  assert_output second
}

@test "discovery: weights share the load out within a priority" {
  local i
  zone 'SRV _etcd-client._tcp.even.test 0 50 2379 here.test' 'SRV _etcd-client._tcp.even.test 0 50 3379 here.test'
  for ((i = 0; i < 40; i++)); do # 1 in 2^39 that it is the same one each time
    where --discovery-srv even.test >>"$BATS_TEST_TMPDIR/served"
    (($(sort -u "$BATS_TEST_TMPDIR/served" | wc -l) < 2)) || return 0
  done
  fail "always $(sort -u "$BATS_TEST_TMPDIR/served")"
}

@test "discovery: --discovery-srv-name picks one of several services" {
  zone 'SRV _etcd-client._tcp.many.test 0 0 2379 here.test' 'SRV _etcd-client-beta._tcp.many.test 0 0 3379 here.test'
  run -0 where --discovery-srv many.test --discovery-srv-name beta
  assert_output second
  COORD_DISCOVERY_SRV_NAME=beta run -0 where --discovery-srv many.test
  assert_output second
  run -0 where --discovery-srv many.test
  assert_output first
}

@test "discovery: a record for TLS means https, checked against the domain if there must be TLS" {
  zone 'SRV _etcd-client-ssl._tcp.secure.test 0 0 4379 here.test' 'SRV _etcd-client._tcp.secure.test 0 0 2379 here.test'
  run -0 --separate-stderr where --discovery-srv secure.test --insecure-discovery=false --cacert "$TLS_FOLDER/ca.crt"
  assert_output secure
  [[ $stderr == *"left out 1 endpoint(s) without TLS"*secure.test* ]] || fail "$stderr"
}

@test "discovery: no endpoint with TLS where there must be one" {
  zone 'SRV _etcd-client._tcp.one.test 0 0 2379 here.test'
  run -69 where --discovery-srv one.test --insecure-discovery=false
  assert_output --partial 'DNS lists no endpoint with TLS for one.test'
}

@test "discovery: a domain without such records" {
  run -69 where --discovery-srv none.test --discovery-srv-name beta
  assert_line --partial "domain 'none.test' has no SRV records for etcd"
  assert_line 'hint: looked for _etcd-client-ssl-beta._tcp and _etcd-client-beta._tcp'
}

@test "discovery: a target of '.' means that there is no such service" {
  zone 'SRV _etcd-client._tcp.dot.test 0 0 0 .'
  run -69 where --discovery-srv dot.test
  assert_line --partial "domain 'dot.test' has no SRV records for etcd"
}

@test "discovery: what cannot be a domain is refused in a sentence" {
  local domain long
  printf -v long '%0300d' 0
  for domain in . 'a b' "$long" 'a..b' $'a\001b'; do
    run -69 where --discovery-srv "$domain"
    assert_line --partial 'has no SRV records for etcd'
  done
}

@test "discovery: a server of DNS that fails at one of the two names" {
  zone 'refused _etcd-client-ssl._tcp.half.test' 'SRV _etcd-client._tcp.half.test 0 0 3379 here.test'
  run -0 where --discovery-srv half.test
  assert_output second
}

@test "discovery: a server of DNS that says nothing" {
  zone 'silent .silent.test'
  SECONDS=0
  run -69 where --discovery-srv silent.test
  ((SECONDS < 9)) || fail "took $SECONDS s"
  assert_line --partial "DNS does not answer for '_etcd-client-ssl._tcp.silent.test'"
  assert_line --partial 'hint: look at the name servers in /etc/resolv.conf'
}

@test "discovery: no server of DNS at all" {
  kill -s STOP "$(<"$NET.dns.pid")"
  echo 'nameserver 127.0.0.7' >"$NET.resolv"
  SECONDS=0
  run -69 where --discovery-srv one.test
  echo 'nameserver 127.0.0.1' >"$NET.resolv"
  kill -s CONT "$(<"$NET.dns.pid")"
  ((SECONDS < 9)) || fail "took $SECONDS s"
  assert_line --partial 'DNS does not answer'
}

@test "discovery: CMD of a lock gets what DNS has said" {
  zone 'SRV _etcd-client._tcp.one.test 0 0 3379 here.test'
  # shellcheck disable=SC2016 # for the shell below coord
  run -0 inside "$COORD" --discovery-srv one.test lock l -- sh -c 'echo "$COORD_ENDPOINTS" && "$1" get where --print-value-only' \
    sh "$COORD"
  assert_line --index 0 http://here.test:3379
  assert_line --index 1 second
}
