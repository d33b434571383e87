# shellcheck shell=bash
# Real etcd servers for Bats files: load it, etcd_start in setup_file, etcd_teardown in teardown_file.
#
# Several servers of a file have names ("etcd" if none is given). What is known of one is in $BATS_FILE_TMPDIR/etcd/NAME:
# its command, pid, endpoint and log. ETCD_ENDPOINT, COORD_ENDPOINTS and ETCDCTL_ENDPOINTS name the newest, or the cluster.

load /usr/lib/bats/bats-support/load.bash
load /usr/lib/bats/bats-assert/load.bash
bats_require_minimum_version 1.5.0

# shellcheck source=tests/lib/ports.bash
source "${BASH_SOURCE[0]%/*}/ports.bash"
# shellcheck source=tests/lib/wait.bash
source "${BASH_SOURCE[0]%/*}/wait.bash"
# shellcheck source=tests/lib/etcd_secure.bash
source "${BASH_SOURCE[0]%/*}/etcd_secure.bash"

export TESTED_BY=$BATS_FILE_TMPDIR # see processes_left

etcd_folder() { echo "$BATS_FILE_TMPDIR/etcd/${1:-etcd}"; }
etcd_pid() { cat "$(etcd_folder "${1:-}")/pid"; }
etcd_endpoint() { cat "$(etcd_folder "${1:-}")/endpoint"; }
etcd_log() { cat "$(etcd_folder "${1:-}")/log"; }

# etcd_start [OPTION...]: a server of one member, ready to serve. Options go to etcd.
etcd_start() { etcd_start_as etcd "$@"; }

etcd_start_as() { # etcd_start_as NAME [OPTION...]
  local name=$1 client peer
  ports_take client peer || return
  etcd_prepare "$name" "http://127.0.0.1:$client" "http://127.0.0.1:$peer" \
    --initial-cluster "$name=http://127.0.0.1:$peer" "${@:2}"
  etcd_spawn "$name"
  etcd_use "127.0.0.1:$client"
  etcd_ready "$name"
}

# etcd_cluster_start N: members m1 … mN of one cluster, on the endpoints of all of which it returns when they serve.
etcd_cluster_start() {
  local i client peer names=() clients=() peers=() cluster=() endpoints=()
  for ((i = 1; i <= $1; i++)); do
    ports_take client peer || return
    names+=("m$i") clients+=("http://127.0.0.1:$client") peers+=("http://127.0.0.1:$peer")
    cluster+=("m$i=http://127.0.0.1:$peer") endpoints+=("127.0.0.1:$client")
  done
  for ((i = 0; i < $1; i++)); do
    etcd_prepare "${names[i]}" "${clients[i]}" "${peers[i]}" --initial-cluster "$(IFS=, && echo "${cluster[*]}")"
    etcd_spawn "${names[i]}"
  done
  etcd_use "$(IFS=, && echo "${endpoints[*]}")"
  for name in "${names[@]}"; do etcd_ready "$name" || return; done
}

# Writes down how to start it, so that etcd_restart can do it again.
etcd_prepare() { # etcd_prepare NAME CLIENT_URL PEER_URL [OPTION...]
  local name=$1 folder fast=()
  folder=$(etcd_folder "$name")
  mkdir -p "$folder"
  etcd --unsafe-no-fsync --version >/dev/null 2>&1 && fast=(--unsafe-no-fsync)
  printf '%s\0' etcd --name "$name" --data-dir "$folder/data" --logger zap --log-outputs stderr --log-level warn \
    --listen-client-urls "$2" --advertise-client-urls "$2" --listen-peer-urls "$3" --initial-advertise-peer-urls "$3" \
    "${fast[@]}" "${@:4}" >"$folder/command"
  echo "${2#http://}" >"$folder/endpoint"
}

etcd_spawn() { # etcd_spawn NAME
  local folder command
  folder=$(etcd_folder "$1")
  mapfile -d '' command <"$folder/command"
  env -u ETCD_ENDPOINT "${command[@]}" >>"$folder/log" 2>&1 </dev/null 3>&- &
  echo "$!" >"$folder/pid"
  disown "$!"
}

etcd_use() { # etcd_use ENDPOINTS: coord and etcdctl talk to them from now on
  export ETCD_ENDPOINT=${1%%,*} COORD_ENDPOINTS=$1 ETCDCTL_ENDPOINTS=$1 ETCDCTL_API=3
}

etcd_ready() { # etcd_ready NAME: waits until it serves
  local endpoint
  endpoint=$(etcd_endpoint "$1")
  wait_until 20 env ETCDCTL_ENDPOINTS="$endpoint" etcdctl --command-timeout=1s get ready && return
  etcd_log "$1" >&2
  return 1
}

etcd_stop() { end_process "$(etcd_pid "${1:-}")"; }
etcd_kill() { end_process "$(etcd_pid "${1:-}")" KILL; }
etcd_freeze() { kill -s STOP "$(etcd_pid "${1:-}")"; }
etcd_thaw() { kill -s CONT "$(etcd_pid "${1:-}")"; }

# The same data, the same ports. Without waiting for service in a cluster that has no majority: use etcd_spawn.
etcd_restart() {
  etcd_stop "${1:-}"
  etcd_spawn "${1:-etcd}"
  etcd_ready "${1:-etcd}"
}

# For teardown_file: ends the servers of this file, and fails when anything else of it still runs.
etcd_teardown() {
  local folder
  for folder in "$BATS_FILE_TMPDIR"/etcd/*/; do
    [[ ! -f $folder/pid ]] || end_process "$(<"$folder/pid")" KILL
  done
  ports_release
  wait_until 2 is_nobody_left || fail "still running: $(processes_left)"
}

is_etcd_34() { [[ $(etcd --version) == "etcd Version: 3.4."* ]]; } # the servers and etcdctl of these tests

keys_count() { etcdctl get --prefix --keys-only -w json -- "$1" | jq '.count // 0'; } # keys_count PREFIX
value_of() { etcdctl get --print-value-only -- "$1"; } # value_of KEY
put() { etcdctl put -- "$1" "$2" >/dev/null; }         # put KEY VALUE
del() { etcdctl del -- "$1" >/dev/null; }              # del KEY
revision() { etcdctl get none -w json | jq .header.revision; }
new_lease() { printf '%x\n' "0x$(etcdctl lease grant "$1" | cut -d ' ' -f 2)"; } # new_lease TTL: as in keys, without zeros in front
leases_count() { etcdctl lease list -w json | jq '.leases // [] | length'; }
