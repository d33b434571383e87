#!/usr/bin/env bats
# Called as etcdctl, coord sounds like it; what the two print is compared in tests/golden.

load ../lib/etcd
load ../lib/lock

setup_file() {
  etcd_start
  ln -s "$COORD" "$BATS_FILE_TMPDIR/etcdctl"
  export CTL=$BATS_FILE_TMPDIR/etcdctl
}
teardown_file() { etcd_teardown; }
teardown() { lock_clean; }

@test "personality: an error is one line, without a hint" {
  run -1 --separate-stderr "$CTL" put '' v
  [[ -z $output && $stderr == 'Error: etcdserver: key is not provided' ]]
  run -1 --separate-stderr "$CTL" --endpoints 127.0.0.1:1 get k
  [[ $stderr == "Error: "*"127.0.0.1:1"*"Connection refused" ]]
  run -1 --separate-stderr "$CTL" nosuch
  [[ $stderr == "Error: unknown command 'nosuch'" ]]
}

@test "personality: exit statuses are etcdctl's" {
  run -1 "$CTL" get k --nosuch
  run -128 "$CTL" get
  run -128 "$CTL" lease revoke zz
  run -128 "$CTL" --cert=/nonexistent get k
  run -4 "$CTL" get k -w table
  run -1 "$CTL" get k --rev 99999
}

@test "personality: a word may be the beginning of one of etcdctl's commands" {
  run -0 "$CTL" pu k v # whatever else of coord's begins with it
  assert_output OK
  run -0 "$CTL" ge k
  assert_output $'k\nv'
  run -0 "$CTL" le li
  assert_output 'found 0 leases'
  run -1 "$CTL" l
  run -1 "$CTL" sess # not one of etcdctl's
  run -64 "$COORD" ge k
}

@test "personality: coord's own commands are there in full" {
  run -0 "$CTL" lock mine -- "$CTL" who mine
  assert_output --partial "lock 'mine' is held by"
}

@test "personality: nothing is said while it waits, on a terminal neither" {
  occupy busy
  run -124 --separate-stderr "$CTL" lock --timeout 2s busy -- true # after a second coord says who is in the way
  [[ -z $output && -z $stderr ]]
  run -1 script -qec "'$CTL' --endpoints 127.0.0.1:1 get k" /dev/null
  [[ $output == "Error: "* && $output != *$'\e'* ]]
}

@test "personality: called without a command it shows how it is used, and is content" {
  run -0 --separate-stderr "$CTL"
  [[ $output == *'Usage: etcdctl '* && -z $stderr ]]
  run -0 --separate-stderr "$CTL" lease
  [[ $output == *grant* && -z $stderr ]]
  run -64 "$COORD" lease
}

@test "personality: ETCDCTL_API is passed over when it is 3, and refused else" {
  run -0 env ETCDCTL_API=3 "$CTL" get nosuch
  run -0 env ETCDCTL_API= "$COORD" get nosuch
  run -1 --separate-stderr env ETCDCTL_API=2 "$CTL" get nosuch
  [[ $stderr == 'Error: ETCDCTL_API=2: only version 3 is spoken' ]]
  run -78 env ETCDCTL_API=2 "$COORD" get nosuch
}
