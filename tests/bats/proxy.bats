#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2154,SC2034 # read when evaluated; ports are set by ports_take
#
# `coord proxy`. Backends are small servers of the test; their entries are keys that it writes itself.

load ../lib/primitive
load ../lib/proxy

setup_file() { ports_take one two dead && export one two dead && etcd_start; }

# --- helpers ---

up() { etcdctl put "web/127.0.0.1:$1" "{\"Addr\":\"127.0.0.1:$1\"}" >/dev/null; } # up PORT
down() { etcdctl del "web/127.0.0.1:$1" >/dev/null; }

hold() { # hold LABEL: a connection that stays open until the file LABEL.go is there; says what it got first, and "ended well" or not
  start "$1" python3 -c '
import os, socket, sys, time
connection = socket.create_connection(("127.0.0.1", int(sys.argv[1])), timeout=20)
print(connection.recv(100).decode().strip(), flush=True)
try:
    connection.settimeout(0.05)
    while not os.path.exists(sys.argv[2]):
        try:
            if not connection.recv(100): break
        except TimeoutError: pass
    connection.settimeout(20)
    connection.sendall(b"bye")
    connection.shutdown(socket.SHUT_WR)
    print("ended well" if connection.recv(100) == b"got 3\n" else "ended badly", flush=True)
except OSError as error: print("broken", flush=True)
' "$port" "$1.go"
  wait_until 10 test -s "$1.out"
}
backends_of() { # backends_of N: the ports that answered N calls, and how often
  local i
  for ((i = 0; i < $1; i++)); do call | head -n 1; done | sort | uniq -c | awk '{ print $2 "x" $1 }' | paste -sd ' '
}
both() { printf '%sx%s\n%sx%s\n' "$one" "$1" "$two" "$2" | sort | paste -sd ' '; }

# The kernel's list of connections: a port in hex, and "02:" where a keepalive timer runs. `established` is 01.
probed_ends() { awk -v port="$(printf ':%04X' "$1")" '($2 ~ port || $3 ~ port) && $4 == "01" && $6 ~ /^02:/' /proc/net/tcp /proc/net/tcp6; }

hears_signals() { grep -q 'SigBlk:.*[1-9a-f]' "/proc/$1/status"; } # hears_signals PID: it reads them, they end it no more

# --- tests ---

@test "round-robin; an end in one direction is handed on, the other goes on; large data come through" {
  backend a "$one"; up "$one"
  backend b "$two"; up "$two"
  proxy
  assert_equal "$(backends_of 6)" "$(both 3 3)"
  assert_equal "$(call 5000000 | tail -n 1)" 'got 5000000'
}

@test "a backend that refuses is passed over; none at all: the connection is closed" {
  up "$dead"
  backend a "$one"; up "$one"
  proxy
  assert_equal "$(backends_of 5)" "${one}x5"
  down "$one"
  wait_until 10 eval '! call'
  down "$dead"
  run call
  assert_failure
  run ! has_ended proxy
}

@test "a connection goes on when its instance is no longer registered; new ones go elsewhere" {
  backend a "$one"; up "$one"
  proxy
  hold client
  assert_equal "$(out_of client)" "$one"
  backend b "$two"; up "$two"
  down "$one"
  wait_until 10 eval '[[ $(call | head -n 1) == "$two" ]]'
  assert_equal "$(backends_of 4)" "${two}x4"
  touch client.go
  wait_until 10 says client 'ended well'
}

@test "least-connections: the busy one is spared" {
  backend a "$one"; up "$one"
  backend b "$two"; up "$two"
  proxy --balance least-connections
  hold client
  other=$([[ $(out_of client) == "$one" ]] && echo "$two" || echo "$one")
  for ((i = 0; i < 4; i++)); do
    # The last connection must have ended for the proxy, too.
    wait_until 10 eval '[[ $(call | head -n 1) == "$other" ]]'
  done
  touch client.go
}

@test "an idle connection is probed at both ends, so that a host that has gone is noticed" {
  backend a "$one"; up "$one"
  proxy
  hold idle
  wait_until 10 eval '[[ -n $(probed_ends "$port") && -n $(probed_ends "$one") ]]'
}

@test "TERM: no new connections, those that are open go on; then it exits 0" {
  backend a "$one"; up "$one"
  proxy
  hold client
  send TERM proxy
  wait_until 10 says proxy 'ends when 1 connections have'
  run call
  assert_failure
  run ! has_ended proxy
  touch client.go
  wait_until 10 says client 'ended well'
  assert_equal "$(end_of proxy)" 'exit 0'
}

@test "a second TERM, or --drain, breaks what is left" {
  backend a "$one"; up "$one"
  proxy
  hold client
  send TERM proxy
  wait_until 10 says proxy 'ends when'
  send TERM proxy
  assert_equal "$(end_of proxy)" 'exit 0'
  wait_until 10 says client 'broken\|ended badly'
  rm proxy.*
  proxy --drain 200ms
  rm client.*
  hold client
  send TERM proxy
  assert_equal "$(end_of proxy)" 'exit 0'
}

@test "etcd goes and comes: connections are still handed on; told once" {
  backend a "$one"; up "$one"
  proxy
  etcd_stop
  wait_until 10 says proxy 'the list stays as it was'
  assert_equal "$(call | head -n 1)" "$one"
  etcd_spawn etcd
  etcd_ready etcd
  wait_until 20 says proxy 'etcd is back'
  backend b "$two"; up "$two"
  wait_until 10 eval '[[ $(call | head -n 1) == "$two" ]]'
}

@test "a signal while it waits for the list ends it, by that signal" {
  etcd_freeze
  for signal in INT:2 TERM:15 HUP:1; do
    start "${signal%:*}" "$COORD" proxy web --listen 127.0.0.1:0 --command-timeout 600s
    wait_until 20 hears_signals "$(pid_of "${signal%:*}")"
    send "${signal%:*}" "${signal%:*}"
    end_of "${signal%:*}" 20 || break
  done
  etcd_thaw
  for signal in INT:2 TERM:15 HUP:1; do
    assert_equal "$(end_of "${signal%:*}")" "signal ${signal#*:}"
    assert_equal "$(err_of "${signal%:*}")" ''
  done
}

@test "wrong words: 64; the address is taken: 71; no etcd: 69" {
  run -64 "$COORD" proxy web
  run -64 "$COORD" proxy web --listen nonsense
  run -64 "$COORD" proxy web --listen 127.0.0.1:0 --balance no
  backend a "$one"
  run -71 "$COORD" proxy web --listen "127.0.0.1:$one"
  COORD_ENDPOINTS=127.0.0.1:$dead run -69 "$COORD" proxy web --listen 127.0.0.1:0
}
