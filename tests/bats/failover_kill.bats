#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2154 # expanded by the shell that coord runs; $stderr is run's
#
# Three members, and the one that leads dies of SIGKILL: everything that runs goes on with the others, and nothing is lost or done twice.

load ../lib/primitive
load ../lib/everything
load ../lib/cluster

setup_file() { etcd_cluster_start 3; }

kill_leader() { etcd_kill m1; }
@test "the leader is killed" {
  wait_until 20 first_leads
  carries_on kill_leader
}
