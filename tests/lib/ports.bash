# shellcheck shell=bash
# Free TCP ports for tests that run in parallel. A test file owns a block of twenty of them, below those that the kernel
# hands out by itself; a directory named after the block is the lock, with the owner's process id (Bats') in it.

PORTS_FIRST=20000
PORTS_BLOCKS=500
PORTS_PER_BLOCK=20
PORTS_LOCKS=/tmp/coord-test-ports.$UID

# A block whose owner has died is free again. Renaming makes sure that only one of several finders takes it.
ports_drop_stale() { # ports_drop_stale LOCK
  local owner=
  [[ -f $1/owner ]] || return 0
  read -r owner <"$1/owner" || return 0
  [[ -n $owner && ! -d /proc/$owner ]] || return 0
  mv -T "$1" "$1.stale.$BASHPID" 2>/dev/null && rm -rf "$1.stale.$BASHPID"
  return 0
}

ports_claim_block() {
  local try block lock
  mkdir -p "$PORTS_LOCKS"
  for ((try = 0; try < 10 * PORTS_BLOCKS; try++)); do
    block=$(((RANDOM * 32768 + RANDOM) % PORTS_BLOCKS))
    lock=$PORTS_LOCKS/$block
    ports_drop_stale "$lock"
    mkdir "$lock" 2>/dev/null || continue
    echo "$BATS_ROOT_PID" >"$lock/owner"
    echo "$block 0" >"$BATS_FILE_TMPDIR/ports"
    return 0
  done
  echo "ports: every block in $PORTS_LOCKS is taken" >&2
  return 1
}

ports_is_free() { # nobody listens there
  ! (exec 9<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

# ports_take NAME...: sets each variable to a port that no other test has, and that nobody listens on.
ports_take() {
  local name block used port
  [[ -f $BATS_FILE_TMPDIR/ports ]] || ports_claim_block || return
  read -r block used <"$BATS_FILE_TMPDIR/ports"
  for name in "$@"; do
    until ((used == PORTS_PER_BLOCK)) || ports_is_free $((PORTS_FIRST + block * PORTS_PER_BLOCK + used)); do
      ((++used))
    done
    if ((used == PORTS_PER_BLOCK)); then
      echo "ports: a test file has only $PORTS_PER_BLOCK ports" >&2
      return 1
    fi
    port=$((PORTS_FIRST + block * PORTS_PER_BLOCK + used++))
    printf -v "$name" %s "$port"
    echo "$block $used" >"$BATS_FILE_TMPDIR/ports"
  done
}

ports_release() {
  local block used
  [[ -f $BATS_FILE_TMPDIR/ports ]] || return 0
  read -r block used <"$BATS_FILE_TMPDIR/ports"
  rm -rf "${PORTS_LOCKS:?}/$block" "$BATS_FILE_TMPDIR/ports"
}
