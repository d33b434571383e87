#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2154 # expanded by the shell that coord runs; $stderr is run's
#
# Three members, and the one that leads stands still: everything that runs goes on with the others, and nothing is lost or done twice.

load ../lib/primitive
load ../lib/everything
load ../lib/cluster

setup_file() { etcd_cluster_start 3; }

freeze_leader() { etcd_freeze m1; }
@test "the leader is stopped, and goes on later" {
  wait_until 20 first_leads
  carries_on freeze_leader
  etcd_thaw m1
  wait_until 60 inside app/ put after v
}
