#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2154 # expanded by the shell that coord runs; $stderr is run's
#
# Authentication is on, and what runs for long outlives its token, a new password and a lost permission, or ends and says why.

load ../lib/primitive
load ../lib/everything
load ../lib/same

setup_file() {
  etcd_start --bcrypt-cost 4
  etcd_enable_auth root-secret
}
setup() {
  cd "$BATS_TEST_TMPDIR" || return
  etcd_add_user writer w app/
  export COORD_USER=writer COORD_PASSWORD=w COORD_COMMAND_TIMEOUT=60s
}
teardown() {
  lock_clean
  etcdctl user delete writer
  etcdctl role delete writer
}

all_at_once() { # somebody holds and somebody follows everything
  write_all A app/
  occupy_all A app/
  wait_until 60 are_held app/
  follow_all F app/
}
new_password() { printf '%s\n' "$1" | etcdctl user passwd writer --interactive=false && export COORD_PASSWORD=$1; }

@test "etcd restarts and knows no token any more: all log in again, and nothing is lost or told twice" {
  all_at_once
  etcd_restart
  wait_until 60 tell_all of-news app/
  wait_until 60 have_heard F of-news
  heard_once F of-news
  still_run A "${HOLDERS[@]}"
  wait_until 60 are_held app/
  wait_until 60 discovered_all
}
discovered_all() { [[ $(inside app/ discover svc)$(inside app/ discover --layout plain svc)$(inside app/ discover --layout json svc) == A:1A:1A:1 ]]; }

@test "users and roles change: every token is old, and nobody minds" {
  all_at_once
  etcdctl user add other:o
  etcdctl user delete other
  tell_all of-news app/
  wait_until 60 have_heard F of-news
  heard_once F of-news
  still_run A "${HOLDERS[@]}"
}

@test "the password is changed: what is held stays held, what waits ends with 77 and says why" {
  all_at_once
  new_password other
  inside app/ put ping changed
  local one
  for one in observe subscribe resume discover each items work behind writer slots second meet wait gate; do
    assert_equal "$one: $(end_of "F-$one" 60)" "$one: exit 77"
    says "F-$one" 'authentication failed'
  done
  still_run A lock read sem elect barrier dbarrier worker session plain json endpoints
  still_run F env
  for one in lock sem elect; do says "A-$one" . && run ! says "A-$one" lost; done
  send TERM A-lock
  assert_equal "$(end_of A-lock 20)" 'exit 0'
  says A-lock 'could not give back .*authentication failed.*ends by itself'
}

@test "a new password, and then etcd restarts: what is held can't be looked after any more, so CMD is stopped, 75" {
  within held app/ lock l -- sleep 600
  within proclaims app/ elect e me -- sleep 600
  wait_until 20 knows app/ l/ 1
  wait_until 20 knows app/ e/ 1
  new_password other
  etcd_restart
  for one in held proclaims; do
    assert_equal "$(end_of "$one" 60)" 'exit 75'
    says "$one" 'lost .*can no longer be looked at.*authentication failed.*sleep was stopped'
  done
}

@test "a new password, and then the entry of a service goes: 77 where there is no CMD; CMD goes on, and is told of" {
  within alone app/ register svc alone:1
  within with app/ register svc with:1 -- sleep 600
  wait_until 20 eval '[[ $(keys_count app/svc/) == 2 ]]'
  new_password other
  for lease in $(etcdctl lease list | sed 1d); do etcdctl lease revoke "$lease"; done
  assert_equal "$(end_of alone 60)" 'exit 77'
  says alone 'authentication failed'
  wait_until 60 says with 'authentication failed'
  run ! has_ended with
}

@test "the permission is taken away: what is held is lost and CMD stopped, 75; what waits ends with 77" {
  within held app/ lock l -- sleep 600
  within leads app/ elect e me -- sleep 600
  within slot app/ sem -j 1 s -- sleep 600
  wait_until 20 eval 'knows app/ l/ 1 && knows app/ e/ 1 && knows app/ s/ 1'
  within waits app/ lock l -- true
  wait_until 20 knows app/ l/ 2
  etcdctl role revoke-permission writer app/ --prefix
  for one in held leads slot; do
    assert_equal "$(end_of "$one" 60)" 'exit 75'
    says "$one" 'lost .*can no longer be looked at.*permission denied.*sleep was stopped'
  done
  assert_equal "$(end_of waits 60)" 'exit 77'
  says waits 'permission denied'
}
