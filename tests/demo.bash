#!/usr/bin/env bash
# demo.bash BINARY: shows what coord does, against a private etcd: a lock around a job, a refusal, a lock that is taken away.
# Every line behind a $ is run as it stands, and the demonstration fails if it does not do what is said.
set -euo pipefail

binary=$(readlink -f -- "${1:?usage: demo.bash BINARY}")
etcd_pid='' job=''

clean_up() {
  local pid
  for pid in $job $etcd_pid; do # the job first: it takes leave of etcd
    kill -TERM "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
  done
  rm -rf "$room"
}

heading() { printf '\n%s%s%s\n' "$bold" "$*" "$plain"; }
say() { printf '  %s\n' "$@"; }

give_up() {
  printf 'demo: %s\n' "$*" >&2
  exit 1
}

wait_for() { # wait_for WHAT COMMAND...: for 10 s at most
  local end=$((SECONDS + 10))
  until "${@:2}" >/dev/null 2>&1; do
    ((SECONDS < end)) || give_up "waited in vain: $1"
    sleep 0.05
  done
}

check() { # check EXPECTED ACTUAL
  [[ $1 == "$2" ]] || give_up "the exit status should be $1, but it is $2"
  say "(exit status $2)"
}

show() { printf '\n$ %s\n' "$1"; }

run() { # run STATUS COMMAND_LINE
  local status=0
  show "$2"
  eval "$2" || status=$?
  check "$1" "$status"
}

# Its sockets are files of our folder: no port is taken, and nothing else on this machine sees it.
start_etcd() {
  local fast=()
  etcd --unsafe-no-fsync --version >/dev/null 2>&1 && fast=(--unsafe-no-fsync)
  (cd "$room" && exec etcd --data-dir data --logger zap --log-outputs stderr --log-level warn "${fast[@]}" \
    --listen-client-urls unix://client:0 --advertise-client-urls unix://client:0 \
    --listen-peer-urls unix://peer:0 --initial-advertise-peer-urls unix://peer:0 \
    --initial-cluster default=unix://peer:0) >"$room/log" 2>&1 </dev/null &
  etcd_pid=$!
  wait_for 'etcd to serve' coord get ready
}

surroundings() {
  local name
  for name in $(compgen -e); do
    case $name in ETCD* | COORD_*) unset "$name" ;; esac
  done
  bold='' plain=''
  if [[ -t 1 && -z ${NO_COLOR-} ]]; then bold=$'\e[1m' plain=$'\e[0m'; fi
  mkdir "$room/bin"
  ln -s "$binary" "$room/bin/coord"
  : >"$room/config.toml"
  PATH=$room/bin:$PATH
  export COORD_ENDPOINTS=unix://$room/client:0 COORD_CONFIG=$room/config.toml
}

one_job() {
  heading 'A job from cron on ten hosts: exactly one of them runs it'
  local job_line="coord lock backup --note 'nightly, host 1' -- sh -c '
    trap \"echo backup: told to stop; exit\" TERM
    echo backup: running, fencing token \$COORD_LOCK_REV; touch $room/running; sleep 60 & wait'"
  show "$job_line &"
  eval "$job_line &"
  job=$!
  wait_for 'the job to run' test -e "$room/running"
}

another_is_refused() {
  heading 'The same on a second host, that minute: refused, with exit status 1'
  run 1 "coord lock --nonblock backup -- echo 'this never runs'"
  heading 'Who has it?'
  run 0 'coord who backup'
}

lock_is_lost() {
  heading "An operator breaks the lock: the job is stopped before anybody else can have it"
  run 0 'coord unlock --force --yes backup'
  local status=0
  show "wait $job    # for the first coord"
  wait "$job" || status=$?
  job=''
  check 75 "$status"
  heading 'And the next one runs'
  run 0 "coord lock backup -- sh -c 'echo backup: running, fencing token \$COORD_LOCK_REV'"
  run 1 'coord who backup'
}

room=$(mktemp -d "${TMPDIR:-/tmp}/coord-demo.XXXXXX")
trap clean_up EXIT
surroundings
say "A private etcd, only for this: $(etcd --version | head -n 1)"
start_etcd
one_job
another_is_refused
lock_is_lost
heading "That was coord, in $SECONDS s. README.md goes on from here."
