#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2154 # expanded by the shell that coord runs; $stderr is run's
#
# --namespace, for every command: two namespaces never see each other, and all that is written lies below them.

load ../lib/primitive
load ../lib/everything
load ../lib/same

# What differs between two namespaces that have gone through the same: numbers, and the label.
without_numbers() { # without_numbers LABEL
  LC_ALL=C sed -E "/^cluster|etcd at/d; s/of-$1/of-X/g; s/by-$1/by-X/g; s/$1:1/X:1/g; s/(host[\\\"]+:[\\\"]+)$1/\1X/g; s/[0-9a-f]{32}/MD5/g; s/\b[0-9a-f]{8,16}\b/LEASE/g; s/[0-9]+/N/g"
}

# keys_outside NAMESPACE...: of all keys, those that lie below none of them.
keys_outside() {
  etcdctl get --from-key '' --keys-only -w json | perl -MMIME::Base64 -ne '
    BEGIN { @ours = splice @ARGV }
    for (/"key":"([^"]*)"/g) {
      my $key = decode_base64($_);
      print "$key\n" unless grep { index($key, $_) == 0 } @ours;
    }' -- "$@"
}

# live_side_by_side A B: everything is held under the same names in both, and each tells of its own alone.
live_side_by_side() {
  looks "$2" | without_numbers B >empty.looks
  write_all A "$1"
  occupy_all A "$1"
  wait_until 20 are_held "$1"
  diff empty.looks <(looks "$2" | without_numbers B)
  write_all B "$2"
  occupy_all B "$2"
  wait_until 20 are_held "$2"
  assert_equal "$(keys_outside "$1" "$2")" ''
  looks "$1" >A.looks
  looks "$2" >B.looks
  run ! grep -e 'of-B' -e 'by-B' -e 'B:1' A.looks
  diff <(without_numbers A <A.looks) <(without_numbers B <B.looks)
  grep -c . A.looks
}

@test "two namespaces hold the same names at the same time, and see nothing of each other" {
  live_side_by_side team/a/ team/b/
}

@test "namespaces without a slash at their end, with spaces, a newline and bytes that are no text" {
  live_side_by_side word $'od d\n\xff'
}

@test "namespaces at the very end of the keys, where there is no next prefix" {
  live_side_by_side $'\xff\xff' $'\xfe'
}

@test "what is taken away in one namespace stays in the other" {
  write_all A a/
  write_all B b/
  occupy_all A a/
  occupy_all B b/
  wait_until 20 are_held a/
  wait_until 20 are_held b/
  inside a/ unlock --force --yes l
  inside a/ barrier release b
  inside a/ queue purge q --yes
  inside a/ dequeue --nonblock --priority pq
  inside a/ rollback --prefix k --rev 1 --yes
  inside a/ resign e --key "$(head -n 1 A-elect.out)" --rev "$(inside a/ leader e --json | jq .rev)"
  inside a/ del '' --prefix
  assert_equal "$(inside a/ get '' --prefix --keys-only | grep -cv -e svc -e register/ -e '^$')" 0 # services come again
  for one in lock read sem elect; do assert_equal "$(end_of "A-$one" 20)" 'exit 75'; done
  are_held b/
  still_run B "${HOLDERS[@]}"
  [[ $(inside b/ queue list --priority pq) == *"'urgent-of-B'"* ]]
  assert_equal "$(inside b/ get k --print-value-only)" value-of-B
}

@test "who follows or waits in one namespace hears nothing of the other" {
  inside a/ put app/X old
  inside b/ put app/X old
  inside a/ barrier hold gate
  inside b/ barrier hold gate
  within watch a/ watch '' --prefix
  within all a/ watch '' --from-key
  within initial a/ watch '' --prefix --initial -- sh -c 'echo "ran $COORD_EVENT_KEY"'
  within observe a/ observe e
  within subscribe a/ subscribe t
  within discover a/ discover --watch svc
  within env a/ env app --debounce 10ms --on-change signal=USR1 -- sh -c 'trap "echo again" USR1; echo "$X"; while :; do sleep 0.05; done'
  within barrier a/ barrier wait gate
  within wait a/ wait w=of-A
  within follow a/ dequeue --follow q
  within lock a/ lock l
  within behind a/ lock l -- echo mine
  wait_until 20 knows a/ l/ 2
  wait_until 20 says env old
  wait_until 20 eval 'inside a/ put ping "$((++ping))" >/dev/null && says watch ping && says all ping && says initial "ran ping"'
  change_all() { # change_all LABEL NAMESPACE
    within "$1-leader" "$2" elect e "leader-of-$1"
    within "$1-svc" "$2" register svc "$1:1"
    wait_until 20 knows "$2" e/ 1
    wait_until 20 knows "$2" svc/ 1
    inside "$2" put w "of-$1"
    inside "$2" put app/X "of-$1"
    inside "$2" publish t "said-by-$1"
    inside "$2" enqueue q "item-of-$1"
    inside "$2" barrier release gate
  }
  change_all B b/
  change_all A a/
  wait_until 20 says observe leader-of-A
  wait_until 20 says subscribe said-by-A
  wait_until 20 says discover A:1
  wait_until 20 says env again
  wait_until 20 says follow item-of-A
  wait_until 20 says watch item-of-A
  assert_equal "$(end_of barrier 20)" 'exit 0'
  assert_equal "$(end_of wait 20)" 'exit 0'
  run ! has_ended behind
  run ! grep -h -e of-B -e by-B -e B:1 {watch,all,initial,observe,subscribe,discover,env,follow}.out
  assert_equal "$(grep -c again env.out)" 1
  assert_equal "$(grep -c 'a/' watch.out)" 0
}

@test "what CMD and scripts get: names without the namespace, ETCD_ names with it, for etcdctl" {
  within lock ns/ lock l -- sh -c 'env >env.lock; exec sleep 600'
  within write ns/ rwlock write rw -- sh -c 'env >env.write; exec sleep 600'
  within sem ns/ sem -j 1 s -- sh -c 'env >env.sem; exec sleep 600'
  wait_until 20 eval '[[ -s env.lock && -s env.write && -s env.sem ]]'
  local one key
  for one in lock write sem; do
    key=$(sed -n 's/^ETCD_LOCK_KEY=//p' "env.$one")
    [[ $key == ns/* ]]
    assert_equal "$(etcdctl get --keys-only "$key" | head -n 1)" "$key"
    assert_equal "$(sed -n 's/^COORD_LOCK_KEY=//p' "env.$one")" "${key#ns/}"
    assert_equal "$(inside ns/ get --keys-only "${key#ns/}" | head -n 1)" "${key#ns/}"
  done
  run -0 inside ns/ lock other -- sh -c '"$0" put --if-held guarded v && printf "\nput also v\n\n\n" | "$0" txn --if-held && "$0" describe "$COORD_LOCK_KEY"' "$COORD"
  assert_line --partial "lock 'other'"
  assert_equal "$(value_of ns/guarded)$(value_of ns/also)" vv
  run -0 inside ns/ session -- sh -c '"$0" elect e me && "$0" proclaim e you && "$0" leader e && "$0" resign e && "$0" register svc a:1 && "$0" session list' "$COORD"
  assert_line you
  assert_line --regexp '^[0-9a-f]+ .*: .*svc/a:1'
  run -0 bash -c 'export COORD_NAMESPACE=ns/; eval "$("$COORD" session start)" && "$COORD" lock started && "$COORD" session stop'
  assert_line --regexp '^started/'
  assert_equal "$(keys_outside ns/)" ''
}

@test "a lease of two namespaces: each sees its own keys of it" {
  local lease
  lease=$(inside a/ lease grant 600 | cut -d ' ' -f 2)
  inside a/ put --lease "$lease" k v
  inside b/ put --lease "$lease" k v
  run -0 inside a/ lease timetolive "$lease" --keys --json
  assert_equal "$(jq -r '.keys[]' <<<"$output" | base64 -d)" k
  run -0 inside a/ describe k
  refute_output --partial b/
  inside a/ lease timetolive "$lease" --keys -w protobuf >ours
  run ! grep -a b/k ours
}
