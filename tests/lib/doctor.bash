# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # Bats sets output; endpoint and port are for the tests
# A healthy server, and what the doctor has found. Load it after etcd.bash.

setup_file() { etcd_start_as good; }
teardown_file() { etcd_teardown; }

setup() {
  export HOME=$BATS_TEST_TMPDIR XDG_CONFIG_HOME=$BATS_TEST_TMPDIR XDG_RUNTIME_DIR=$BATS_TEST_TMPDIR
  endpoint=$ETCD_ENDPOINT
}

# finds LEVEL ABOUT PATTERN [MEND]: the last run has said so
finds() {
  local line
  line=$(grep -n -e "^$1 *$2: $3" <<<"$output") || fail "no $1 of $2: $3"
  [[ -z ${4:-} ]] || sed -n "$((${line%%:*} + 1))p" <<<"$output" | grep -q -e "mend: $4" || fail "no mend: $4"
}

free_port() { # free_port: one on which nobody listens, in $port
  local port_of_mine
  ports_take port_of_mine
  port=$port_of_mine
}
