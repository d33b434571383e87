#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2154 # expanded by the shell that coord runs; $stderr is run's
#
# Three members, two of which stand still: what each command says and does without a majority, and that all goes on afterwards.

load ../lib/primitive
load ../lib/everything
load ../lib/cluster

setup_file() { etcd_cluster_start 3; }
teardown() {
  for name in m1 m2 m3; do etcd_thaw "$name"; done
  wait_until 60 "$COORD" put serves again
  lock_clean
}
no_majority() {
  etcd_freeze m1
  etcd_freeze m2
  wait_until 60 knows_no_leader
}
knows_no_leader() { ! ETCDCTL_ENDPOINTS=$(etcd_endpoint m3) etcdctl --command-timeout=1s get k; }

@test "without a majority nothing hangs: 69 within the command timeout, 124 at --timeout, and the cause" {
  "$COORD" put k v
  echo "{\"key\":\"imported\",\"value\":\"v\"}" >lines
  no_majority
  local status words
  while read -r status words; do
    loses "$status" "$words" &
    pids+=("$!")
    ((${#pids[@]} % 8 != 0)) || wait
  done <<'END'
69 get k
69 put k v
69 del k
69 txn
69 update k -- cat
69 edit k
69 history k
69 diff k --rev 1
69 rollback k --rev 1
69 export k
69 import lines
69 wait -n k
124 wait --timeout 2s k=2
69 watch k
69 env k -- true
69 env k --print
69 lease grant 60
69 lock -n l -- true
124 lock --timeout 2s l -- true
124 rwlock read --timeout 2s l -- true
124 sem -j 1 --timeout 2s l -- true
69 unlock --force --yes l
124 elect --timeout 2s e me -- true
69 leader e
69 observe e
69 enqueue q a
69 enqueue --priority 1 q a
124 dequeue --timeout 2s q
69 dequeue -n q -- true
69 queue list q
69 queue length q
69 queue peek q
69 queue purge q --yes
69 barrier hold b
69 barrier release b
124 barrier wait --timeout 2s b
69 barrier wait -n b
69 barrier status b
124 dbarrier run db --count 1 --timeout 2s
69 dbarrier status db
69 register s a:1 -n -- true
69 discover s
69 discover s --watch
124 discover s --wait 1 --timeout 2s
69 proxy s --listen 127.0.0.1:0
69 publish t x
69 subscribe t
124 subscribe t --timeout 2s
69 subscribe t --resume me
69 session -n -- true
124 session --timeout 2s -- true
69 session start
69 session list
69 who
69 who l
69 describe k
END
  wait
  run ! cat wrong.*
}

# loses STATUS WORDS: and says of what and why, naming a member; a file wrong.N where not.
loses() {
  local words status=0 file=$BASHPID
  read -ra words <<<"$2"
  timeout 60 "$COORD" "${words[@]}" <<<$'\nput a b\n\n\n' >"out.$file" 2>"err.$file" || status=$?
  ((status == $1)) && grep -qE '^coord: .*(127\.0\.0\.1:|no leader)' "err.$file" || echo "$2: exit $status, not $1: $(<"err.$file")" >"wrong.$file"
} 3>&-

@test "holds end before their lease could, what follows goes on when the majority is back" {
  write_all A app/
  occupy_all A app/
  wait_until 60 are_held app/
  follow_all F app/
  within lock app/ lock mine --ttl 5s -- sleep 600
  wait_until 60 knows app/ mine/ 1
  no_majority
  assert_equal "$(end_of lock 60)" 'exit 75'
  says lock "lost lock 'mine'"
  for one in lock read sem elect barrier dbarrier session worker; do
    assert_equal "$one: $(end_of "A-$one" 60)" "$one: exit 75"
  done
  still_run F wait gate "${FOLLOWERS[@]}"
  etcd_thaw m1
  etcd_thaw m2
  wait_until 60 tell_all of-news app/
  wait_until 60 have_heard F of-news
  heard_once F of-news
  wait_until 60 have_taken F
  wait_until 60 eval '[[ $(inside app/ discover svc) == A:1 ]]'
}
