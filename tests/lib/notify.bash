# shellcheck shell=bash
# A service manager of the test's own (notify.py). Load it after etcd.bash, and call unmanage in teardown.

manage() { # manage ADDRESS: one listens there from now on; what it hears is in $heard
  heard=$BATS_TEST_TMPDIR/heard
  rm -f "$heard" "$BATS_TEST_TMPDIR/managed"
  mkfifo "$BATS_TEST_TMPDIR/managed"
  "${BASH_SOURCE[0]%/*}/notify.py" "$1" "$heard" <"$BATS_TEST_TMPDIR/managed" 3>&- &
  manager_pid=$!
  exec {manager}>"$BATS_TEST_TMPDIR/managed"
  wait_until 20 grep -q listening "$heard"
  export NOTIFY_SOCKET=$1
}

unmanage() {
  [[ -n ${manager:-} ]] || return 0
  exec {manager}>&-
  manager=''
  wait_until 20 is_gone "$manager_pid"
}

hears() { wait_until 20 grep -q -e "$1" "$heard"; }
heard_words() { sed '1d; s/^[0-9]* //; s/MAINPID=[0-9]*/MAINPID=N/' "$heard"; }
