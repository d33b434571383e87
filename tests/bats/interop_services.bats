# `coord register` and `coord discover` beside Go programs (tests/interop) with etcd's naming packages: one list of endpoints.
# shellcheck disable=SC2016 # shells that CMD starts expand what is theirs

load ../lib/etcd
load ../lib/lock

setup_file() {
  export INTEROP=${INTEROP:-${COORD%/*}/interop}
  [[ -x $INTEROP ]] || fail "no $INTEROP: it is built with golang-go and golang-etcd-server-dev"
  ports_take one two three && export one two three
  etcd_start
}
teardown_file() { etcd_teardown; }

setup() { cd "$BATS_TEST_TMPDIR" || return; }
teardown() { lock_clean; }

serve() { # serve LABEL ADDR [OPTION...]
  start "$1" "$COORD" register web "${@:2}"
  wait_until 10 grep -qx "web/$2" "$1.out"
}
last_is() { [[ $(tail -n 1 "$1") == "$2" ]]; } # last_is FILE LINE

@test "Go's manager lists what coord registers, with its metadata, and hears of it" {
  start go "$INTEROP" endpoints watch web
  wait_until 10 says go watching
  serve one a:1 --meta zone=a --meta 'odd=<&>"'
  serve two b:1
  run -0 "$INTEROP" endpoints list web
  assert_output $'web/a:1 a:1 {"odd":"\\u003c\\u0026\\u003e\\"","zone":"a"}\nweb/b:1 b:1 null'
  wait_until 10 last_is go.out 'add web/b:1 b:1'
  send TERM one
  assert_equal "$(end_of one)" 'exit 0'
  wait_until 10 last_is go.out 'delete web/a:1'
}

@test "Go's resolver of etcd:///web connects to what coord registers, without those who are not well" {
  touch well
  start go "$INTEROP" endpoints resolve web
  serve one a:1
  serve two b:1 --check 'test -e well' --every 200ms
  wait_until 10 last_is go.out 'resolved a:1 b:1'
  rm well
  wait_until 10 last_is go.out 'resolved a:1'
  touch well
  wait_until 10 last_is go.out 'resolved a:1 b:1'
  send TERM one
  wait_until 10 last_is go.out 'resolved b:1'
}

@test "a Go gRPC client of etcd:///web calls what coord registers, and moves its calls when one goes or comes" {
  greeter a "$one"
  greeter b "$two"
  mkfifo names
  exec 8<>names
  START_INPUT=names start client "$INTEROP" endpoints call web
  wait_until 20 calls_reach "$one" "$two"
  send TERM a
  end_of a 20
  wait_until 20 calls_reach "$two"
  greeter c "$three"
  wait_until 20 calls_reach "$three" "$two"
  etcd_restart
  wait_until 20 calls_reach "$three" "$two"
  exec 8>&-
}
greeter() { # greeter LABEL PORT: a gRPC server, listed
  start "$1" "$COORD" register web "127.0.0.1:$2" --check "bash -c 'exec 9<>/dev/tcp/127.0.0.1/$2'" --every 200ms -- \
    "${COORD%/*}/greeter_server" "127.0.0.1:$2"
  wait_until 20 says "$1" 'the check is passed'
}
calls_reach() { # calls_reach PORT...: of the next six calls each has an answer, from these and no others
  local before
  before=$(wc -l <client.out)
  printf 'me\n%.0s' 1 2 3 4 5 6 >&8
  wait_until 20 eval "((\$(wc -l <client.out) == $((before + 6))))"
  [[ $(tail -n 6 client.out | sort -u) == $(printf 'hello me from 127.0.0.1:%s\n' "$@" | sort) ]]
}

@test "coord writes the bytes that Go writes" {
  for metadata in null '{"zone":"a"}' '{"a":"<x>&","zone":"é\u2028\"\\"}'; do
    "$INTEROP" endpoints add web go:1 "$metadata"
    words=()
    if [[ $metadata != null ]]; then
      while IFS= read -r word; do words+=(--meta "$word"); done < <(jq -r 'to_entries[] | "\(.key)=\(.value)"' <<<"$metadata")
    fi
    run -0 "$COORD" register web go:2 "${words[@]}" -- etcdctl get --print-value-only web/go:2
    assert_equal "${output/go:2/go:1}" "$(etcdctl get --print-value-only web/go:1)"
  done
}

@test "coord discovers what Go adds, and hears when it goes" {
  "$INTEROP" endpoints add web a:1 '{"zone":"a","n":1,"list":[1]}'
  start seen "$COORD" discover web --watch
  wait_until 10 says seen '^up a:1$'
  mkfifo input
  exec 8<>input
  START_INPUT=input start go "$INTEROP" endpoints hold web b:1
  wait_until 10 says seen '^up b:1$'
  assert_equal "$("$COORD" discover web)" $'a:1\nb:1'
  assert_equal "$("$COORD" discover web --json | jq -c '.instances[0].metadata')" '{"list":"[1]","n":"1","zone":"a"}'
  send TERM go
  wait_until 10 says seen '^down b:1$'
  exec 8>&-
  "$INTEROP" endpoints delete web a:1
  wait_until 10 says seen '^down a:1$'
}

@test "an endpoint that Go keeps is not taken; with --take-over it is" {
  "$INTEROP" endpoints add web a:1 null
  run -1 "$COORD" register web a:1 -- touch ran
  [[ ! -e ran ]]
  run -0 "$COORD" register --take-over web a:1 -- "$INTEROP" endpoints list web
  assert_output 'web/a:1 a:1 null'
}

@test "etcd restarts in the middle: coord's entries stand, and coord goes on following" {
  serve one a:1
  start seen "$COORD" discover web --watch
  wait_until 10 says seen '^up a:1$'
  etcd_restart
  run -0 "$INTEROP" endpoints list web
  assert_output 'web/a:1 a:1 null'
  "$INTEROP" endpoints add web b:1 null
  wait_until 20 says seen '^up b:1$'
  run ! says seen '^down'
}
