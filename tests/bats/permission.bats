#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2154 # expanded by the shell that coord runs; $stderr is run's
#
# Authentication is on: what each command says and does for users who may write, may read, or may nothing below app/.

load ../lib/primitive
load ../lib/everything
load ../lib/same

setup_file() {
  etcd_start --bcrypt-cost 4
  etcd_enable_auth root-secret
  etcd_add_user writer w app/
  etcdctl user add nobody:n
  etcdctl user add reader:r && etcdctl role add reader && etcdctl user grant-role reader reader
  etcdctl role grant-permission reader read --prefix=true app/
}
setup() {
  cd "$BATS_TEST_TMPDIR" || return
  export COORD_USER=writer COORD_PASSWORD=w
}
as() { COORD_USER=$1 COORD_PASSWORD=${1:0:1} timeout 30 "$COORD" "${@:2}"; } # as USER WORD...

@test "a role for one prefix: with it as the namespace every command works" {
  write_all A app/
  occupy_all A app/
  wait_until 60 are_held app/
  follow_all F app/
  tell_all of-news app/
  wait_until 60 have_heard F of-news
  heard_once F of-news
  inside app/ dbarrier run meeting --count 2
  assert_equal "$(end_of F-meet 20)" 'exit 0'
  still_run A "${HOLDERS[@]}"
  looks app/ >said || true
  run ! grep denied said
}

# Each line: what the reader's and what nobody's exit status is, and the command.
@test "who may not: 77 and what is missing, without waiting; who may read, reads" {
  as writer put app/k v
  as writer --namespace app/ enqueue q item
  as writer --namespace app/ enqueue --priority 1 pq item
  local reader nobody words
  while read -r reader nobody words; do
    expect reader "$reader" "$words"
    expect nobody "$nobody" "$words"
  done <<'END'
0 77 get k
0 77 get EMPTY --prefix
77 77 put k v
77 77 put k v --if-absent
77 77 del k
77 77 del EMPTY --prefix
77 77 txn
77 77 update k -- echo
77 77 update --create -k u1 -k u2 -- echo {"u1":"1","u2":"2"}
77 77 edit k
0 77 history k
1 77 diff EMPTY --rev 1
77 77 rollback k --rev 1
0 77 export EMPTY
77 77 import lines
0 77 wait k
0 77 env -- true
0 77 env app --allow-empty --print
0 77 describe k
77 77 lock l -- true
77 77 lock -n l -- true
77 77 lock --timeout 20s l -- true
77 77 rwlock read rw -- true
77 77 rwlock write rw -- true
77 77 sem -j 2 s -- true
1 77 unlock --force --yes l
77 77 elect e me -- true
77 77 proclaim e v --key e/1 --rev 1
1 77 resign e --key e/1 --rev 1
1 77 leader e
77 77 enqueue q a b c
77 77 enqueue --priority 1 pq a
77 77 dequeue q
77 77 dequeue q -- true
77 77 dequeue --priority pq
77 77 dequeue --follow q
0 77 queue list q
0 77 queue length q
0 77 queue peek q
77 77 queue purge q --yes
77 77 barrier hold b
0 77 barrier wait b
1 77 barrier release b
77 77 barrier hold b -- true
1 77 barrier status b
77 77 dbarrier run db --count 1 -- true
1 77 dbarrier status db
77 77 register svc a:1 -- true
77 77 register svc a:1
77 77 register --layout plain svc a:1
77 77 register --layout json svc a:1
1 77 discover svc
- 77 discover svc --watch
- 77 discover svc --wait 1
- 77 discover svc -- true
- 77 proxy svc --listen 127.0.0.1:0
77 77 publish t m
77 77 publish --retain forever t m
- 77 subscribe t
77 77 subscribe t --resume me
- 77 watch EMPTY --prefix
- 77 watch EMPTY --prefix --initial -- true
- 77 observe e
- 77 observe e -- true
77 77 session -- true
77 77 session start
1 77 session list
1 77 who
1 77 who l
0 77 status
END
}

# expect USER STATUS WORDS: the exit status, and for 77 what has to be granted. -: it would go on for ever.
expect() {
  local words status=0
  [[ $2 != - ]] || return 0
  read -ra words <<<"$3"
  printf '{"key":"imported","value":"v"}\n' >lines
  [[ $3 != "env -- true" ]] || words=(env app --allow-empty -- true)
  printf '\nput tx v\n\n\n' | EDITOR="sh -c 'echo new >\$0'" COORD_NAMESPACE=app/ as "$1" "${words[@]//EMPTY/}" >out 2>err || status=$?
  [[ $status == "$2" ]] || fail "$1: $3: exit $status, not $2: $(cat out err)"
  [[ $status == 77 ]] || return 0
  grep -q '^coord: .*permission denied' err || fail "$1: $3: $(cat err)"
  [[ $3 == edit* ]] || grep -qE "^hint: ask an administrator for a role that may .*app/" err || fail "$1: $3: $(cat err)"
}

@test "keys that are not below the name: the hint tells which, as the administrator sees them" {
  run -77 --separate-stderr as writer enqueue app/q item
  [[ ${stderr_lines[1]} == "hint: ask an administrator for a role that may "*"'__app/q/"* ]]
  run -77 --separate-stderr as writer register --layout plain svc a:1
  [[ ${stderr_lines[1]} == "hint: ask an administrator for a role that may read '/services/svc/a:1'"* ]]
  run -77 --separate-stderr as reader --namespace app/ del a z
  [[ ${stderr_lines[1]} == "hint: ask an administrator for a role that may write keys from 'app/a' to 'app/z'" ]]
  run -77 --separate-stderr as writer get '' --prefix
  [[ ${stderr_lines[1]} == "hint: ask an administrator for a role that may read every key" ]]
}

@test "no lease is left by those who may not" {
  local before words
  before=$(leases_count)
  while read -ra words; do
    run -77 --separate-stderr as nobody "${words[@]}"
  done <<'END'
lock l -- true
rwlock read rw -- true
sem -j 2 s -- true
elect e me -- true
dequeue q
barrier hold b -- true
dbarrier run db --count 1 -- true
register svc a:1
subscribe t --resume me
session -- true
END
  assert_equal "$(leases_count)" "$before"
}

@test "a wrong password, and no user where one is needed: 77 at once, also where it would wait" {
  local words
  while read -ra words; do
    COORD_PASSWORD=wrong refuses 77 'authentication failed' "${words[@]}"
    ETCDCTL_USER='' COORD_USER='' COORD_PASSWORD='' refuses 77 'user name is empty' "${words[@]}"
  done <<'END'
get k
put k v
watch k
lock l -- true
elect e v -- true
sem -j 1 s -- true
barrier wait b
dbarrier run d --count 2
dequeue q
publish t m
subscribe t
register s a:1
discover s --watch
proxy s --listen 127.0.0.1:0
observe e
wait k
env app -- true
session -- true
who
END
}
