#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2154 # read when evaluated; ports are set by ports_take
# The programs of tests/examples, as they are meant to be used.

setup_file() {
  load ../lib/etcd.bash
  etcd_start
}

setup() {
  load ../lib/etcd.bash
  load ../lib/lock.bash
  cd "$BATS_TEST_TMPDIR" || return
  bin=${COORD%/*}
  ports_take one two three
  mkfifo names
  exec 8<>names
}

teardown() {
  exec 8>&-
  lock_clean
}
teardown_file() {
  load ../lib/etcd.bash
  etcd_teardown
}

serve() { # serve LABEL PORT: listed once it answers
  start "$1" "$COORD" register greeter "127.0.0.1:$2" --ttl 2s --check "bash -c 'exec 9<>/dev/tcp/127.0.0.1/$2'" --every 200ms -- \
    "$bin/greeter_server" "127.0.0.1:$2"
  wait_until 20 says "$1" 'the check is passed'
}
asked=0
ask() { # ask: one call; prints the port that answered
  echo "me" >&8
  wait_until 20 answered $((++asked))
  sed -n "${asked}s/hello me from 127.0.0.1://p" client.out
}
answered() { (($(wc -l <client.out) >= $1)); }
ask_many() { # ask_many N: the ports that answered, each once
  local i
  for ((i = 0; i < $1; i++)); do ask; done | sort -u | paste -sd ' '
}
sort_ports() { printf '%s\n' "$@" | sort -u | paste -sd ' '; }

@test "greeter: calls go to all instances, and move when one dies or comes" {
  serve a "$one"
  serve b "$two"
  START_INPUT=names start client "$bin/greeter_client" greeter
  first=$(ask)
  asked=1
  second=$(ask)
  asked=2
  assert_equal "$(sort_ports "$first" "$second")" "$(sort_ports "$one" "$two")"

  # One dies, with its coord: listed until its lease ends, but no call is lost.
  kill -KILL "$(pid_of a)"
  wait_until 10 ports_is_free "$one"
  assert_equal "$(ask_many 6)" "$two"
  asked=8

  serve c "$three"
  wait_until 20 eval '[[ $("$COORD" discover greeter | wc -l) == 2 ]]'
  assert_equal "$(ask_many 20)" "$(sort_ports "$two" "$three")"
}

@test "greeter: at random or to the least used, and on through a restart of etcd" {
  local how both
  both=$(sort_ports "$one" "$two")
  serve a "$one"
  serve b "$two"
  for how in random least-used; do
    asked=0
    COORD_ENDPOINTS=127.0.0.1:1,$COORD_ENDPOINTS START_INPUT=names start client "$bin/greeter_client" greeter "$how"
    assert_equal "$(ask_many 40)" "$both"
    asked=40
    etcd_stop
    assert_equal "$(ask_many 40)" "$both"
    asked=80
    etcd_spawn etcd
    etcd_ready etcd
    send TERM client
    end_of client 20
    rm client.*
  done
}
