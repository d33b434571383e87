#!/usr/bin/env bats
# shellcheck disable=SC2154 # Bats sets stderr
# coord endpoint, member, move-leader and defrag on a cluster of three: against etcdctl and by itself.

load ../lib/etcd.bash
load ../lib/same.bash

setup_file() {
  etcd_cluster_start 3
  export ALL=$COORD_ENDPOINTS
}
teardown_file() { etcd_teardown; }

one() { export COORD_ENDPOINTS=$ETCD_ENDPOINT ETCDCTL_ENDPOINTS=$ETCD_ENDPOINT; } # the first member alone
status_of() { "$COORD" --endpoints "$ALL" endpoint status; }
leader_endpoint() { status_of | awk -F ', ' '$5 == "true" { print $1 }'; }
id_of() { status_of | awk -F ', ' -v e="$1" '$1 == e { print $2 }'; } # id_of ENDPOINT
follower() { status_of | awk -F ', ' '$5 == "false" { print $2; exit }'; }
leads() { [[ $(id_of "$(leader_endpoint)") == "$1" ]]; } # leads ID

@test "endpoint status and hashkv: print what etcdctl prints, of all endpoints in their order" {
  etcdctl put k v
  local format
  for format in simple json fields table; do
    same_as_etcdctl endpoint status -w "$format"
    same_as_etcdctl endpoint hashkv -w "$format"
    same_as_etcdctl endpoint hashkv --rev 1 -w "$format"
  done
}

@test "endpoint status --cluster: finds the members from one of them, wherever the word stands" {
  one
  same_as_etcdctl endpoint status --cluster
  same_as_etcdctl endpoint --cluster=true status
  (($("$COORD" endpoint status --cluster --json | jq length) == 3))
}

@test "endpoint health: every member commits" {
  run -0 --separate-stderr "$COORD" endpoint health
  ((${#lines[@]} == 3))
  [[ ${lines[0]} =~ ^$ETCD_ENDPOINT\ is\ healthy:\ successfully\ committed\ proposal:\ took\ =\ [0-9.]+(µs|ms|s)$ ]]
  "$COORD" endpoint health --cluster --json | jq -e 'length == 3 and all(.health) and all(has("error") | not) and all(.took | endswith("s"))'
  diff <(one && etcdctl endpoint health -w fields | sed -E 's/[0-9.]+(m|µ)?s$/T/') \
    <(one && "$COORD" endpoint health -w fields | sed -E 's/[0-9.]+(m|µ)?s$/T/')
}

@test "member list: prints what etcdctl prints" {
  one
  local format
  for format in simple json fields table; do same_as_etcdctl member list -w "$format"; done
  "$COORD" member list --hex --json | jq -e '.members | length == 3 and all(.ID | test("^[0-9a-f]+$"))'
}

@test "move-leader: finds the leader by itself, from whatever endpoint it is given" {
  local endpoint target leader
  for endpoint in ${ALL//,/ }; do
    leader=$(id_of "$(leader_endpoint)") target=$(follower)
    run -0 "$COORD" --endpoints "$endpoint" move-leader "$target"
    assert_output "Leadership transferred from $(printf %16s "$leader") to $(printf %16s "$target")"
    wait_until 10 leads "$target"
  done
  [[ $("$COORD" move-leader "$(follower)" --json) == "{}" ]]
  refuses 65 'move-leader 1234: etcdserver: bad leader transferee' move-leader 1234
}

@test "defrag: all members, one after the other" {
  run -0 "$COORD" defrag
  local endpoints
  IFS=, read -ra endpoints <<<"$ALL"
  assert_output "$(printf 'Finished defragmenting etcd member[%s]\n' "${endpoints[@]}")"
  one
  [[ $("$COORD" defrag --cluster | sort) == "$(etcdctl defrag --cluster | sort)" ]]
}

@test "member add: says how to start it; what it says starts a learner, which is promoted and removed" {
  local client peer id
  ports_take client peer
  wait_until 30 add_learner "http://127.0.0.1:$peer" # etcd wants all to be connected for 5 s
  id=$(sed -n 's/^Member  *\([0-9a-f]*\) added to cluster .*/\1/p' "$BATS_TEST_TMPDIR/added")
  assert_equal "$(sed -n 2,3p "$BATS_TEST_TMPDIR/added")" $'\nETCD_NAME="m4"'
  eval "$(grep '^ETCD_' "$BATS_TEST_TMPDIR/added")"
  assert_equal "$ETCD_INITIAL_CLUSTER_STATE" existing
  "$COORD" member list | grep -xF "$id, unstarted, , http://127.0.0.1:$peer, , true"
  one
  same_as_etcdctl member list -w json
  refuses 65 "member promote $id: etcdserver: can only promote a learner member which is in sync" member promote "$id"
  etcd_prepare "$ETCD_NAME" "http://127.0.0.1:$client" "$ETCD_INITIAL_ADVERTISE_PEER_URLS" \
    --initial-cluster "$ETCD_INITIAL_CLUSTER" --initial-cluster-state "$ETCD_INITIAL_CLUSTER_STATE"
  etcd_spawn m4
  wait_until 30 "$COORD" member promote "$id"
  "$COORD" member list | grep -xF "$id, started, m4, http://127.0.0.1:$peer, http://127.0.0.1:$client, false"
  run -0 "$COORD" member update "$id" --peer-urls "http://127.0.0.1:$peer"
  assert_output --regexp "^Member +$id updated in cluster +[0-9a-f]+\$"
  "$COORD" member remove "$id" --json >"$BATS_TEST_TMPDIR/removed"
  jq -e '.header.cluster_id and (.members | length == 3) and (.header | has("revision") | not)' "$BATS_TEST_TMPDIR/removed"
  refuses 1 "member remove $id: etcdserver: member not found" member remove "$id"
}

add_learner() { "$COORD" member add m4 --peer-urls "$1" --learner >"$BATS_TEST_TMPDIR/added"; }

@test "endpoint, defrag: a member that is down is told, the others are served" {
  local dead
  dead=$(etcd_endpoint m3)
  etcd_stop m3
  run -69 --separate-stderr "$COORD" endpoint status
  ((${#lines[@]} == 2))
  [[ $stderr == "coord: endpoint status: $dead: cannot reach etcd at $dead: "* ]]
  run -69 --separate-stderr "$COORD" endpoint status --json
  jq -e 'length == 2' <<<"$output"
  run -69 --separate-stderr "$COORD" endpoint health --cluster --json
  jq -e 'map(select(.health | not)) | length == 1 and (.[0].error | startswith("cannot reach etcd"))' <<<"$output"
  run -69 --separate-stderr "$COORD" defrag
  ((${#lines[@]} == 2))
  [[ $stderr == "coord: defrag: $dead: "* ]]
  run -69 --separate-stderr "$COORD" --endpoints "$dead" endpoint status --json
  assert_output '[]'
  etcd_restart m3
}

@test "endpoint, member: bad words end with 64, before etcd is asked" {
  export COORD_ENDPOINTS=127.0.0.1:1
  refuses 64 'endpoint: which command?' endpoint
  refuses 64 "'x' is not a whole number" endpoint hashkv --rev x
  refuses 64 "one word too many: 'x'" endpoint status x
  refuses 64 "'zz' is not a member's id" member remove zz
  refuses 64 "'' is not a member's id" member promote ''
  refuses 64 'NAME is missing' member add --peer-urls http://a:1
  refuses 64 '--peer-urls' member add m
  refuses 64 "'bad' is not a URL" member add m --peer-urls http://a:1,bad
  refuses 64 "'x' is none of l, s" member list --consistency x
  refuses 64 "'zz' is not a member's id" move-leader zz
  refuses 64 'coord does not open the files of a stopped member' defrag --data-dir /nowhere
}
