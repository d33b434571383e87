# `coord status`: how the cluster is, also while a part of it is away, and what it holds.
# shellcheck disable=SC2154 # $stderr is run's

load ../lib/primitive
load ../lib/same

setup_file() {
  nobody_there
  guarded_start
  etcd_start_as small --quota-backend-bytes 300000
  export SMALL=$COORD_ENDPOINTS
  etcd_cluster_start 3
}

# Whoever is away comes back.
teardown() {
  local name
  for name in m1 m2 m3; do
    kill -s CONT "$(etcd_pid "$name")" 2>/dev/null || true
    is_alive "$(etcd_pid "$name")" || etcd_spawn "$name"
  done
  for name in m1 m2 m3; do etcd_ready "$name"; done
  lock_clean
}

of_status() { "$COORD" status --json | jq -c "$1"; } # of_status FILTER
leader() { "$COORD" status --json | jq -r .leader; }
follower() { printf '%s\n' m1 m2 m3 | grep -vx "$(leader)" | sed -n "$1p"; } # follower N: the Nth of them
state_is() { [[ $(of_status .state) == "\"$1\"" ]]; }

@test "tells of each member, of the majority and of the leader" {
  run -0 --separate-stderr "$COORD" status
  assert_line --index 0 --regexp '^cluster [0-9a-f]+: healthy, led by m[123], 3 of 3 members answer, 2 needed$'
  for n in 1 2 3; do
    assert_line --index "$n" --regexp "^  m$n at $(etcd_endpoint "m$n"): (leads|follows), etcd 3\.[0-9.]+, database .* of which .* in use, revision [0-9]+, term [0-9]+$"
  done
  assert_equal "$(grep -c ': leads,' <<<"$output")" 1
  assert_equal "$stderr" ''
  assert_equal "$(of_status '[.state, .answering, .voters, .needed, ([.members[] | select(.leads)] | length)]')" '["healthy",3,3,2,1]'
  run -0 "$COORD" status -w fields
  assert_line '"State" : "healthy"'
  assert_equal "$(grep -c '^"Version" : "3' <<<"$output")" 3
}

@test "counts what is held, waited for, queued and registered" {
  local lease
  start l1 "$COORD" lock a/b -- sleep 300
  wait_until 10 has_keys a/b 1
  start l2 "$COORD" lock a/b -- sleep 300
  start s "$COORD" sem -j 2 s -- sleep 300
  start r "$COORD" rwlock read rw -- sleep 300
  start e "$COORD" elect web '' -- sleep 300
  start d "$COORD" dbarrier run --count 2 meet -- sleep 300
  start b "$COORD" barrier hold --session gate
  start x "$COORD" session -- sleep 300
  "$COORD" enqueue q 1 2 3
  "$COORD" enqueue urgent --priority 4 1 2
  start w "$COORD" dequeue q -- sleep 300
  lease=$(new_lease 600)
  etcdctl put --lease "$lease" svc/10.0.0.1:80 '{}'
  etcdctl put 'nobody/knows' me
  wait_until 20 all_counted
  run -0 "$COORD" status
  assert_line 'locks: 1, holders and waiters: 2'
  assert_line 'elections: 1, candidates: 1'
  assert_line 'queues: 2, items: 4'
  assert_line --regexp '^claimed items: 1, dead items: 0, barriers held with a session: 1, sessions: 1, keys: [0-9]+ at revision [0-9]+$'
}
all_counted() {
  [[ $(of_status '.counts | [.locks_keys, .semaphores, .rwlocks, .elections, .double_barriers, .queues_keys, .services, .claimed_items,
    .leased_barriers, .sessions]') == '[2,1,1,1,1,4,1,1,1,1]' ]]
}

@test "a store of many keys is counted whole, at one revision" {
  seq 5000 | "$COORD" enqueue q -
  assert_equal "$(of_status '[.counts.queues_keys, .counts.keys, .counts.at_revision == .revision]')" '[5000,5000,true]'
}

@test "a member stands still: it is named within the dial timeout, the rest is told all the same" {
  local away
  away=$(follower 1)
  "$COORD" enqueue q a
  etcd_freeze "$away"
  run -0 "$COORD" --dial-timeout 1s status
  assert_line --index 0 --partial ': degraded, led by m'
  assert_line --index 0 --partial ', 2 of 3 members answer, 2 needed'
  assert_line --regexp "^  $away at $(etcd_endpoint "$away"): away: cannot reach etcd"
  assert_line 'queues: 1, items: 1'
}

@test "one endpoint is enough: the others are asked where they say that they are" {
  local asked away
  asked=$(follower 1) away=$(follower 2)
  etcd_kill "$away"
  run -0 env COORD_ENDPOINTS="$(etcd_endpoint "$asked")" "$COORD" status --json
  assert_equal "$(jq -c '[.state, .answering, .voters, ([.members[] | select(.answers | not) | .name])]' <<<"$output")" \
    "[\"degraded\",2,3,[\"$away\"]]"
}

@test "no majority: what is left is told of, and 69" {
  local last
  last=$(follower 1)
  for name in m1 m2 m3; do [[ $name == "$last" ]] || etcd_kill "$name"; done
  wait_until 20 state_is 'no leader'
  run -69 --separate-stderr "$COORD" status
  assert_line --index 0 --partial ': no leader, 1 of 3 members answer, 2 needed'
  assert_line --regexp "^  $last at .*: sees no leader, etcd"
  assert_equal "$(grep -c ': away: ' <<<"$output")" 2
  refute_line --partial 'locks:'
  [[ ${stderr_lines[0]} == 'coord: status: the cluster has no leader at '* && ${stderr_lines[1]} == 'hint: '* ]]
}

@test "nobody answers: 69 and nothing else" {
  run -69 --separate-stderr "$COORD" --endpoints "$NOBODY" status
  assert_equal "$output" ''
  [[ ${stderr_lines[0]} == "coord: status: cannot reach etcd at $NOBODY: "* ]]
  run -69 --separate-stderr "$COORD" --endpoints "$NOBODY,localhost:${NOBODY#*:}" status
  [[ ${stderr_lines[0]} == "coord: status: cannot reach etcd at $NOBODY: "*"; cannot reach etcd at localhost:"* ]]
}

@test "the quota is used up: the alarm is told" {
  export COORD_ENDPOINTS=$SMALL ETCDCTL_ENDPOINTS=$SMALL
  local n
  for ((n = 0; n < 40; n++)); do
    head -c 50000 /dev/zero | tr '\0' x | etcdctl put "big/$n" || break
  done
  ((n < 40))
  run -0 "$COORD" status
  assert_line --index 0 --partial ': degraded, led by small, 1 of 1 member answers, 1 needed'
  assert_line '  alarm of small: NOSPACE'
  assert_equal "$(of_status .alarms)" '[{"member":"small","alarm":"NOSPACE"}]'
}

@test "a user who may not read everything: the cluster is told of, 77; what is his is counted" {
  export COORD_ENDPOINTS=$GUARDED COORD_USER=alice COORD_PASSWORD=alice-secret
  run -77 --separate-stderr "$COORD" status
  assert_line --index 0 --partial ': healthy, led by guarded, '
  [[ ${stderr_lines[0]} == 'coord: status: the keys could not be counted: '*'permission denied'* ]]
  "$COORD" --namespace app/ enqueue q a
  run -0 "$COORD" --namespace app/ status
  assert_line 'queues: 1, items: 1'
}

@test "no more words" { refuses 64 '' status more; }
