# shellcheck shell=bash
# Where the test files of the primitives begin: one real etcd for the file, each test in a folder of its own, nothing left behind.
# Load it instead of etcd.bash and lock.bash. A file that needs another setup_file, setup or teardown defines it behind the load.

# shellcheck source=tests/lib/etcd.bash
source "${BASH_SOURCE[0]%/*}/etcd.bash"
# shellcheck source=tests/lib/lock.bash
source "${BASH_SOURCE[0]%/*}/lock.bash"

pids=() # what a test has started in the background by itself, not with start

# shellcheck disable=SC2119 # without options for etcd
setup_file() { etcd_start; }
teardown_file() { etcd_teardown; }
setup() { cd "$BATS_TEST_TMPDIR" || return; }
teardown() {
  end_all TERM "${pids[@]}"
  lock_clean
}

# For setup_file: an etcd with authentication at $GUARDED, where alice may write below app/.
guarded_start() {
  etcd_start_as guarded
  export GUARDED=$COORD_ENDPOINTS
  etcd_enable_auth root-secret && etcd_add_user alice alice-secret app/
  unset ETCDCTL_USER
}

# For setup_file: $NOBODY, where nothing listens.
nobody_there() { ports_take NOBODY_PORT && export NOBODY=127.0.0.1:$NOBODY_PORT; }
