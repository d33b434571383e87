#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2154 # what is typed is expanded by the shell in the terminal; Bats sets stderr
# coord user, role and auth: against etcdctl and by itself, with passwords and with certificates.

load ../lib/etcd.bash
load ../lib/lock.bash
load ../lib/same.bash

setup_file() {
  etcd_start_tls
  tls_sign alice alice
}
teardown_file() { etcd_teardown; }

# What is left of the other tests is taken away by the user root, who also switches authentication off.
teardown() {
  local name
  terminal_close
  export COORD_USER=root:sesame ETCDCTL_USER=root:sesame
  etcdctl auth disable >/dev/null 2>&1 || true
  for name in $(etcdctl user list); do etcdctl user delete "$name"; done >/dev/null
  for name in $(etcdctl role list); do etcdctl role delete "$name"; done >/dev/null
}

# answers_as_etcdctl WORD... with U and R for a user and a role: each has its own, and both print the same.
answers_as_etcdctl() {
  local format
  for format in simple json; do
    diff <(etcdctl "${@//@/e$format}" -w "$format" | sed "s/e$format/@/g") \
      <("$COORD" "${@//@/c$format}" -w "$format" | sed "s/c$format/@/g") || fail "coord $*: not what etcdctl prints ($format)"
  done
}

@test "user, role: every change answers as etcdctl does" {
  answers_as_etcdctl user add @:secret
  answers_as_etcdctl user add plain@ --new-user-password secret
  answers_as_etcdctl user add card@ --no-password
  answers_as_etcdctl role add @
  answers_as_etcdctl user grant-role @ @
  answers_as_etcdctl role grant-permission @ read k
  answers_as_etcdctl role grant-permission @ write w1 w9
  answers_as_etcdctl role grant-permission @ readwrite --prefix pp
  answers_as_etcdctl role grant-permission @ READ ff --from-key
  answers_as_etcdctl role grant-permission @ readwrite '' --prefix
  answers_as_etcdctl role get @
  answers_as_etcdctl user get @
  answers_as_etcdctl role revoke-permission @ k
  answers_as_etcdctl role revoke-permission @ pp --prefix
  answers_as_etcdctl role revoke-permission @ ff --from-key
  answers_as_etcdctl role revoke-permission @ w1 w9
  answers_as_etcdctl user revoke-role @ @
  answers_as_etcdctl role delete @
  answers_as_etcdctl user delete card@
  printf 'new\n' >"$BATS_TEST_TMPDIR/password"
  diff <(etcdctl user passwd ejson --interactive=false <"$BATS_TEST_TMPDIR/password") \
    <("$COORD" user passwd cjson --interactive=false <"$BATS_TEST_TMPDIR/password")
}

@test "user, role: what they show is what etcdctl shows" {
  local format
  etcdctl user add alice:a
  etcdctl user add bob:b
  etcdctl role add r1
  etcdctl role add r2
  etcdctl user grant-role alice r1
  etcdctl user grant-role alice r2
  etcdctl role grant-permission r1 readwrite --prefix $'<\xc3\xa9>'
  etcdctl role grant-permission r1 read a z
  etcdctl role grant-permission r2 write --from-key m
  for format in simple json; do
    same_as_etcdctl user list -w "$format"
    same_as_etcdctl user get alice -w "$format"
    same_as_etcdctl user get bob -w "$format"
  done
  same_as_etcdctl user get alice --detail
  for format in simple json fields; do
    same_as_etcdctl role list -w "$format"
    same_as_etcdctl role get r1 -w "$format"
    same_as_etcdctl role get r2 -w "$format"
  done
}

@test "auth: on with a password, and each user may do what its role permits" {
  refuses 65 'auth enable: etcdserver: root user does not exist' auth enable
  printf 'sesame\n' | "$COORD" user add root --interactive=false
  run -0 "$COORD" auth enable # makes the role root as well
  assert_output 'Authentication Enabled'
  tls_use server # a certificate whose name is no user's
  refuses 77 'user list: ' user list
  export COORD_USER=root:sesame
  "$COORD" user add alice:wonderland
  "$COORD" role add alice
  "$COORD" role grant-permission alice readwrite alice/ --prefix
  "$COORD" user grant-role alice alice
  refuses 77 'authentication failed' --user alice:wrong put alice/k v
  "$COORD" --user alice:wonderland put alice/k v
  refuses 77 'permission denied' --user alice:wonderland get other
  refuses 77 'permission denied' --user alice:wonderland user list
  refuses 77 'permission denied' --user alice:wonderland auth disable
  "$COORD" --user alice:wonderland endpoint health # a key that may not be read is no illness
  "$COORD" --user alice:wonderland member list
  printf 'mirror\n' | "$COORD" user passwd alice --interactive=false
  refuses 77 'authentication failed' --user alice:wonderland get alice/k
  [[ $("$COORD" --user alice:mirror get alice/k --print-value-only) == v ]]
  run -0 "$COORD" auth disable
  assert_output 'Authentication Disabled'
  COORD_USER='' "$COORD" user list
}

@test "auth: on, and the name in a certificate is the user" {
  "$COORD" user add root:sesame
  "$COORD" user add alice --no-password
  "$COORD" role add alice
  "$COORD" role grant-permission alice readwrite alice/ --prefix
  "$COORD" user grant-role alice alice
  "$COORD" auth enable
  tls_use alice
  "$COORD" put alice/k v
  refuses 77 'permission denied' put other v
  refuses 77 'permission denied' role list
  "$COORD" --user root:sesame role list
}

@test "auth status, which etcd 3.4 does not know" {
  is_etcd_34 || {
    run -0 "$COORD" auth status
    assert_line --index 0 --regexp '^Authentication Status: (true|false)$'
    return
  }
  refuses 65 'auth status: etcd at https://' auth status
  [[ $stderr == *'this server is too old for it' ]]
}

@test "user, role: what is not there is 1, what is there already is 65" {
  "$COORD" user add alice:a
  "$COORD" role add r
  refuses 65 'user add alice: etcdserver: user name already exists' user add alice:a
  refuses 65 'role add r: etcdserver: role name already exists' role add r
  refuses 1 'user get nobody: etcdserver: user name not found' user get nobody
  refuses 1 'user delete nobody: etcdserver: user name not found' user delete nobody
  refuses 1 'user grant-role alice: etcdserver: role name not found' user grant-role alice none
  refuses 1 'user revoke-role alice: etcdserver: role is not granted to the user' user revoke-role alice r
  refuses 1 'role get none: etcdserver: role name not found' role get none
  refuses 1 'role revoke-permission r: etcdserver: permission is not granted to the role' role revoke-permission r k
}

@test "user: a password is asked for twice, without echo" {
  terminal_open
  type_line '$COORD user add alice'
  wait_until 10 screen_shows '^Password of alice:'
  type_line secret
  wait_until 10 screen_shows '^Type password of alice again for confirmation:'
  type_line secret
  wait_until 10 screen_shows '^User alice created'
  type_line '$COORD user passwd alice; echo "status=$?"'
  wait_until 10 eval '(($(screen | grep -c "^Password of alice:") == 2))'
  type_line one
  wait_until 10 eval '(($(screen | grep -c "^Type password of alice again") == 2))'
  type_line two
  wait_until 10 screen_shows '^status=64'
  screen_shows 'the two passwords are different'
  run -1 screen_shows secret
}

@test "user, role, auth: bad words end with 64, before etcd is asked" {
  export COORD_ENDPOINTS=127.0.0.1:1 COORD_CACERT='' COORD_CERT='' COORD_KEY='' ETCDCTL_CACERT='' ETCDCTL_CERT='' ETCDCTL_KEY=''
  refuses 64 'USER is missing' user add
  refuses 64 "the user's name is empty" user add :secret
  refuses 64 'the password is empty' user add alice --interactive=false
  refuses 64 'contradict each other' user add alice --no-password --new-user-password x
  refuses 64 'ROLE is missing' user grant-role alice
  refuses 64 "'bad' is none of read, write, readwrite" role grant-permission r bad k
  refuses 64 'KEY is missing' role grant-permission r read
  refuses 64 'KEY is empty' role grant-permission r read ''
  refuses 64 '--from-key and --prefix contradict each other' role grant-permission r read k --prefix --from-key
  refuses 64 '--prefix leaves no place for RANGE_END' role grant-permission r read k l --prefix
  refuses 64 "one word too many: 'x'" auth enable x
  run -64 --separate-stderr setsid "$COORD" user add alice </dev/null
  [[ $stderr == *'no terminal to ask on'*'--interactive=false reads it from stdin'* ]]
}
