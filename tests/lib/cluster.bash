# shellcheck shell=bash disable=SC2016 # what CMD expands
# A cluster of three, one member of which fails under everything at once. Load it after everything.bash.

leader_name() { # which of m1 m2 m3 leads
  local name
  for name in m1 m2 m3; do
    ETCDCTL_ENDPOINTS=$(etcd_endpoint "$name") etcdctl endpoint status | awk -F ', ' '$5 != "true" { exit 1 }' || continue
    echo "$name"
    return
  done
}

# bulk_all: what takes long because it is much.
bulk_all() { # bulk_all LABEL NAMESPACE
  seq 1 6000 | sed 's/.*/{"key":"bulk\/&","value":"v"}/' >bulk
  seq 1 4000 >lines
  START_INPUT=bulk within "$1-import" "$2" import --max-txn-ops 4 -
  START_INPUT=lines within "$1-enqueue" "$2" enqueue many -
  START_INPUT=lines within "$1-publish" "$2" publish long -
  within "$1-count" "$2" subscribe long --from beginning --count 4000
  wait_until 60 knows "$2" bulk/ 1
}
bulk_is_whole() { # bulk_is_whole LABEL NAMESPACE
  local one
  for one in import enqueue publish count; do
    [[ $(end_of "$1-$one" 120) == 'exit 0' ]] || fail "$one: $(cat "$1-$one".{end,err})"
  done
  assert_equal "$(inside "$2" get bulk/ --prefix --count-only -w json | jq .count)" 6000
  diff lines <(inside "$2" queue peek many --count 4000) >/dev/null || fail 'items lost, doubled or out of order'
  diff lines "$1-count.out" >/dev/null || fail 'messages lost, doubled or out of order'
  (($(inside "$2" get '' --prefix --keys-only | grep -c ^bulk/) == 6000))
}

# carries_on FAIL: everything is held, followed and written while FAIL is called; and then nothing is lost or told twice.
carries_on() {
  export COORD_COMMAND_TIMEOUT=60s # an election may take long on a busy machine
  write_all A app/
  occupy_all A app/
  wait_until 60 are_held app/
  follow_all F app/
  bulk_all F app/
  "$@"
  wait_until 60 tell_all of-news app/
  wait_until 60 have_heard F of-news
  heard_once F of-news
  bulk_is_whole F app/
  still_run A "${HOLDERS[@]}"
  still_run F "${FOLLOWERS[@]}"
  are_held app/
  # who waits is still in line, and gets what he waits for
  send TERM A-lock
  send TERM A-read
  send TERM A-sem
  send TERM A-elect
  wait_until 60 have_taken F
  inside app/ dbarrier run meeting --count 2
  assert_equal "$(end_of F-meet 60)" 'exit 0'
}
have_taken() { # have_taken LABEL: printed their keys
  says "$1-behind" ^l/ && says "$1-writer" ^rw/ && says "$1-slots" ^s/ && says "$1-second" ^e/ && says "$1-observe" second
}

# The first endpoint leads, so that its end is that of the member which serves all of us and of the leader at once.
first_leads() {
  local id
  id=$("$COORD" --endpoints "$(etcd_endpoint m1)" endpoint status | cut -d ' ' -f 2)
  [[ $(leader_name) == m1 ]] || "$COORD" move-leader "${id%,}" || return
  [[ $(leader_name) == m1 ]]
}
