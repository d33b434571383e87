#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2154 # expanded by the shell that coord runs; $stderr is run's
#
# `coord elect`, `proclaim`, `resign`, `leader`, and what `who` says of an election.

load ../lib/primitive
load ../lib/same

setup_file() {
  nobody_there
  guarded_start
  etcd_start
}

# --- helpers ---

leads() { [[ $("$COORD" leader x) == "$1" ]]; } # leads VALUE
key_of() { "$COORD" leader x --json | jq -r .key; }
rev_of() { "$COORD" leader x --json | jq -r .rev; }
lease_of() { "$COORD" leader x --json | jq -r .lease; }

# stand LABEL [OPTION...]: a candidate with its label as value, which lives until TERM; returns when it leads or is in line.
stand() {
  local before
  before=$(keys_count x/)
  start "$1" "$COORD" elect "${@:2}" x "$1" -- sh -c 'echo led; exec sleep 300'
  wait_until 10 has_more_keys_than "$before"
}
has_more_keys_than() { (($(keys_count x/) > $1)); }
has_lines() { (($(grep -c "$2" "$BATS_TEST_TMPDIR/$1.out") == $3)); } # has_lines LABEL PATTERN N

# --- leading ---

@test "CMD's environment names election, key, create revision and token, and its exit status is coord's" {
  run -7 --separate-stderr "$COORD" elect x me -- sh -c 'env | grep "^COORD_\(ELECTION\|NAME\)" | sort; coord=$0
    $coord leader x --json | jq -r "\"\(.key) \(.rev) \(.value)\""; exit 7' "$COORD"
  key=${lines[0]#COORD_ELECTION_KEY=}
  rev=${lines[2]#COORD_ELECTION_REV=}
  assert_equal "${lines[1]}" COORD_ELECTION_NAME=x
  assert_equal "${lines[3]}" "COORD_ELECTION_TOKEN=$rev"
  assert_equal "${lines[4]}" COORD_NAME=x
  assert_equal "${lines[5]}" "$key $rev me"
  all_is_gone
}

@test "without CMD it prints key and value as etcdctl does, in each format, leads until TERM, and exits 0" {
  for format in simple json fields; do
    start led "$COORD" elect x "the value" -w "$format"
    wait_until 10 says led .
    key=$(key_of)
    etcdctl get "$key" -w "$format" >expected
    diff expected led.out
    send TERM led
    assert_equal "$(end_of led)" "exit 0"
    all_is_gone
    rm led.*
  done
}

@test "two candidates lead one after the other, in the order in which they came" {
  stand first
  stand second
  stand third
  leads first
  run ! says second '^led'
  send TERM first
  wait_until 10 says second '^led'
  leads second
  run ! says third '^led'
  send TERM second
  wait_until 10 says third '^led'
  leads third
}

@test "the token of the next leader is greater, its create revision is the one it stood in line with" {
  stand first
  start second "$COORD" elect x second -- sh -c 'echo $COORD_ELECTION_REV $COORD_ELECTION_TOKEN'
  wait_until 10 has_keys x 2
  created=$(etcdctl get --prefix x/ -w json | jq '[.kvs[].create_revision] | max')
  before=$(rev_of)
  send TERM first
  assert_equal "$(end_of second 10)" "exit 0"
  read -r rev token < <(out_of second)
  assert_equal "$rev" "$created"
  ((token > rev && rev > before))
}

@test "--nonblock and --timeout: 1 and 124, the message says who leads, and nothing stays in line" {
  stand first
  run -1 "$COORD" elect --nonblock x second -- true
  assert_output --regexp "^coord: election 'x' has a leader: led by .*\b$(pid_of first)\b"
  run -124 "$COORD" -q elect --timeout 300ms x second -- true
  run -9 "$COORD" -q elect --nonblock -E 9 x second -- true
  has_keys x 1
}

@test "an election whose name lies under ours stands in the way, and is named" {
  start nested "$COORD" elect x/y other
  wait_until 10 says nested '^x/y/'
  run -1 "$COORD" elect --nonblock x first -- true
  assert_output --partial "as 'x/y': names that nest block each other"
}

@test "a leader killed with both its processes: the next leads when the lease ends" {
  stand first --ttl 2s
  stand second
  crash first
  wait_until 20 says second '^led'
}

@test "INT while it waits: out of the line, dead of INT" {
  stand first
  stand second
  send INT second
  assert_equal "$(end_of second)" "signal 2"
  has_keys x 1
}

# --- losing ---

@test "the lease is revoked: CMD is stopped, 75" {
  stand first
  etcdctl lease revoke "$(lease_of)"
  assert_equal "$(end_of first 10)" "exit 75"
  err_of first | grep "^coord: lost election 'x': .*; sh was stopped"
}

@test "the key is deleted: CMD is stopped, 75, and the lease goes too" {
  stand first
  etcdctl del "$(key_of)"
  assert_equal "$(end_of first 10)" "exit 75"
  wait_until 20 all_is_gone
}

@test "etcd is away for longer than the lease: CMD is stopped, 75" {
  stand first --ttl 2s --grace 0s
  etcd_freeze
  end_of first 15 >end || true
  etcd_thaw
  assert_equal "$(<end)" "exit 75"
}

@test "--requeue: after a loss it stands again behind the others, and CMD's end is the end" {
  echo 0 >n
  start first "$COORD" elect --requeue x first -- sh -c 'echo led; n=$(cat n); echo $((n + 1)) >n; [ "$n" = 0 ] || exit 5
    exec sleep 300'
  wait_until 10 says first '^led'
  stand second
  etcdctl lease revoke "$(lease_of)"
  wait_until 10 says second '^led'
  wait_until 10 has_keys x 2
  run ! has_ended first
  send TERM second
  assert_equal "$(end_of first 10)" "exit 5"
  has_lines first led 2
  err_of first | grep "^coord: lost election 'x': "
  wait_until 20 all_is_gone
}

@test "--requeue: TERM ends it, also while it waits for the second time" {
  stand first --requeue
  stand second
  etcdctl lease revoke "$(lease_of)"
  wait_until 10 says second '^led'
  wait_until 10 has_keys x 2
  send TERM first
  assert_equal "$(end_of first 10)" "signal 15"
  has_keys x 1
}

@test "--requeue: told to end while CMD is being stopped, it does not stand again" {
  start first "$COORD" elect --requeue --grace 2s x first -- sh -c 'trap "echo told" TERM; echo led; while :; do sleep 0.1; done'
  wait_until 10 says first '^led'
  etcdctl lease revoke "$(lease_of)"
  wait_until 10 says first told
  send TERM first
  assert_equal "$(end_of first 15)" "exit 75"
  all_is_gone
}

@test "--requeue without CMD: it prints its key again when it leads again" {
  start first "$COORD" elect --requeue x first
  wait_until 10 says first '^x/'
  etcdctl lease revoke "$(lease_of)"
  wait_until 10 has_lines first '^first$' 2
  send TERM first
  assert_equal "$(end_of first)" "exit 0"
}

@test "--requeue: etcd is away until CMD had to be stopped: it leads again when etcd is back" {
  stand first --requeue --ttl 2s --grace 0s
  etcd_freeze
  wait_until 15 says first "^coord: lost election 'x': " || true
  etcd_thaw
  says first "^coord: lost election 'x': "
  wait_until 20 has_lines first led 2
}

@test "--requeue: the holder is killed: CMD is gone before it stands again" {
  start first "$COORD" elect --requeue --ttl 2s x first -- sh -c 'echo "led $$"; exec sleep 300'
  wait_until 10 says first '^led'
  read -r _ command < <(out_of first)
  kill -KILL "$(pgrep -P "$(pid_of first)")"
  wait_until 20 has_lines first led 2
  is_gone "$command"
  send TERM first
}

# --- by whoever leads ---

@test "proclaim inside CMD: the value changes; key, revision and lease stay" {
  run -0 --separate-stderr "$COORD" elect x before -- sh -c '$0 leader x --json; $0 proclaim x after && $0 leader x --json' "$COORD"
  assert_equal "$(jq -r .value <<<"${lines[0]}") $(jq -r .value <<<"${lines[1]}")" "before after"
  assert_equal "$(jq -c '[.key, .rev, .lease]' <<<"${lines[0]}")" "$(jq -c '[.key, .rev, .lease]' <<<"${lines[1]}")"
}

@test "proclaim and resign with --key and --rev from elsewhere; resigning stops CMD: 75" {
  stand first
  key=$(key_of) rev=$(rev_of)
  "$COORD" proclaim x changed --key "$key" --rev "$rev"
  leads changed
  "$COORD" resign x --key "$key" --rev "$rev"
  assert_equal "$(end_of first 10)" "exit 75"
  refuses 1 "proclaim 'x': no longer a candidate: key '$key'" proclaim x late --key "$key" --rev "$rev"
  refuses 1 "resign 'x': no longer a candidate: key '$key'" resign x --key "$key" --rev "$rev"
}

@test "resign inside CMD with --requeue: the next leads, and then it again" {
  start first "$COORD" elect --requeue x first -- sh -c 'echo led; [ -e resigned ] || { : >resigned; $0 resign x; }; exec sleep 300' "$COORD"
  wait_until 10 says first '^led'
  wait_until 10 has_lines first led 2
  leads first
}

@test "neither a revision that was, nor another election's key, nor no key at all" {
  stand first
  refuses 1 "no longer a candidate" proclaim x v --key "$(key_of)" --rev 1
  refuses 64 "is not of election 'xy'" proclaim xy v --key "$(key_of)" --rev "$(rev_of)"
  refuses 64 "This is not run by its leader" resign x
  refuses 64 "go together" resign x --rev 4
  COORD_ELECTION_NAME=y COORD_ELECTION_KEY=$(key_of) COORD_ELECTION_REV=$(rev_of) refuses 64 "This is not run by" resign x
  leads first
}

# --- looking ---

@test "leader: 1 where nobody leads, also where a longer name has a leader" {
  refuses 1 "nobody leads 'x'" leader x
  start longer "$COORD" elect xy other
  wait_until 10 says longer '^xy/'
  refuses 1 "nobody leads 'x'" leader x
}

@test "who says who leads and waits, with what, and each one's host, pid and note; and lists it as one name" {
  stand first --note 'rack 3'
  stand second
  run -0 --separate-stderr "$COORD" who x
  assert_line --index 0 --regexp "pid $(pid_of first) \(sh\) leads election 'x' for .* with 'first', \"rack 3\"$"
  assert_line --index 3 --regexp "1\. .* pid $(pid_of second) \(sh\) for .* with 'second'"
  run -0 --separate-stderr "$COORD" who x --json
  assert_equal "$(jq -c '[.holder.proposal, .holder.pid, .waiters[0].proposal, .waiters[0].pid]' <<<"$output")" \
    "[\"first\",$(pid_of first),\"second\",$(pid_of second)]"
  run -0 --separate-stderr "$COORD" who
  assert_equal "${#lines[@]}" 1
  assert_output --regexp "^x: .* leads .*; 1 waiting"
}

@test "odd names and values: newline, blanks, empty value, not UTF-8" {
  for name in $'a\nb' ' ' 'a/b/' $'\xff'; do
    for value in '' $'one\ntwo' $'\xfe'; do
      run -0 --separate-stderr "$COORD" elect "$name" "$value" -- sh -c '$0 leader "$COORD_ELECTION_NAME"; $0 proclaim "$1" again &&
        $0 leader "$1"' "$COORD" "$name"
      assert_equal "$output" "$(printf '%s\nagain' "$value")"
    done
  done
  all_is_gone
}

@test "under a namespace: proclaim finds its key, and the keys stand where they belong" {
  run -0 --separate-stderr "$COORD" --namespace ns/ elect x me -- sh -c '$0 proclaim x you && $0 leader x && etcdctl get --prefix --keys-only ""' "$COORD"
  assert_line --index 0 you
  assert_line --regexp '^ns/x/'
  assert_line --regexp '^ns/__coord/holders/x/'
}

@test "a user of the election's keys only leads, observes and looks without the holders' keys" {
  as_alice() { env COORD_ENDPOINTS="$GUARDED" COORD_USER=alice COORD_PASSWORD=alice-secret "$@"; }
  run -0 --separate-stderr as_alice "$COORD" elect --pass-credentials app/x me -- sh -c '$0 leader app/x; $0 who app/x' "$COORD"
  assert_line --index 0 me
  assert_line --index 1 --regexp "^lease [0-9a-f]+ leads election 'app/x' with 'me'$"
  run -0 --separate-stderr as_alice timeout 20 bash -c '"$COORD" observe app/x --json | head -n 1'
  assert_equal "$(jq .leader <<<"$output")" null
  run -77 as_alice timeout 10 "$COORD" elect other/x me -- true
  run -77 as_alice timeout 10 "$COORD" observe other/x
  run -77 as_alice timeout 10 "$COORD" leader other/x
}

# --- the words ---

@test "usage" {
  refuses 64 "name is empty" elect '' v -- true
  refuses 64 "name is empty" leader ''
  refuses 64 "name is empty" observe ''
  refuses 64 "VALUE is missing" elect x -- true
  refuses 64 "no VALUE beside --listen" elect -l x v
  refuses 64 "no CMD beside --listen" elect -l x -- true
}

@test "no etcd: 69" {
  COORD_ENDPOINTS=$NOBODY refuses 69 "$NOBODY" leader x
  COORD_ENDPOINTS=$NOBODY refuses 69 "$NOBODY" proclaim x v --key x/1 --rev 1
  COORD_ENDPOINTS=$NOBODY refuses 69 "$NOBODY" resign x --key x/1 --rev 1
  COORD_ENDPOINTS=$NOBODY refuses 69 "$NOBODY" elect --nonblock x v -- true
}
