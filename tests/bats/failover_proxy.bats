#!/usr/bin/env bats
# shellcheck disable=SC2154 # ports are set by ports_take
#
# Three members, the one that leads dies, and `coord proxy` has traffic all the time: no connection is lost, and it goes on following.

load ../lib/primitive
load ../lib/cluster
load ../lib/proxy

setup_file() { ports_take one two three && export one two three && etcd_cluster_start 3; }

serve() { # serve LABEL PORT: a backend, and its entry
  backend "$1" "$2"
  start "$1-entry" "$COORD" register web "127.0.0.1:$2"
  wait_until 20 says "$1-entry" "^web/127.0.0.1:$2$"
}
answered_by() { (($(grep -c "^$1 got" client.out) >= $2)); } # answered_by PORT N
answers_now() { # answers_now PORT: from here on
  local lines
  lines=$(wc -l <client.out)
  wait_until 20 eval "tail -n +$((lines + 1)) client.out | grep '^$1 got'"
}
spares_now() { # spares_now PORT: the newest 20 calls went elsewhere
  ! tail -n 20 client.out | grep "^$1 "
}

@test "the leader is killed while connections come: each is answered, by all, and the list goes on" {
  export COORD_COMMAND_TIMEOUT=60s
  wait_until 20 first_leads
  serve a "$one"
  serve b "$two"
  proxy
  calls client
  wait_until 20 answered_by "$one" 20
  wait_until 20 answered_by "$two" 20
  etcd_kill m1
  answers_now "$one"
  answers_now "$two"
  serve c "$three"
  wait_until 60 answered_by "$three" 20
  answers_now "$one"
  answers_now "$two"
  send TERM b-entry
  assert_equal "$(end_of b-entry 20)" 'exit 0'
  wait_until 60 spares_now "$two"
  touch client.stop
  assert_equal "$(end_of client 20)" 'exit 0'
  assert_equal "$(tail -n 1 client.out)" 'lost 0'
  run ! has_ended proxy
  run ! has_ended a-entry
}
