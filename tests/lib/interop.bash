# shellcheck shell=bash
# Where the tests of coord beside Go programs (tests/interop) begin. Load it instead of primitive.bash.

# shellcheck source=tests/lib/primitive.bash
source "${BASH_SOURCE[0]%/*}/primitive.bash"

# shellcheck disable=SC2119 # etcd_start without options for etcd
setup_file() {
  export INTEROP=${INTEROP:-${COORD%/*}/interop}
  [[ -x $INTEROP ]] || fail "no $INTEROP: it is built with golang-go and golang-etcd-server-dev"
  etcd_start
}

# shellcheck disable=SC2034 # test files use them
setup() {
  name=interop/$BATS_TEST_NUMBER
  out=$BATS_TEST_TMPDIR
  mkfifo "$out/endless" # the stdin of Go programs that hold something until it ends
}

more_keys_than() { (($(keys_count "$name/") > $1)); }
