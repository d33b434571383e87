#!/usr/bin/env bats
# shellcheck disable=SC2030,SC2031,SC2153,SC2154 # a test is a subshell; $stderr is run's
#
# TLS with a real etcd: whom coord trusts, by which name, over a Unix socket too; and what it says of files that are no good.

load ../lib/primitive

setup_file() {
  etcd_start_tls
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj '/CN=stranger' \
    -keyout "$TLS_FOLDER/stranger.key" -out "$TLS_FOLDER/stranger.crt" 2>/dev/null
}
setup() {
  cd "$TLS_FOLDER" || return
  "$COORD" put k v
}

refused() { # refused STATUS MESSAGE: `get`, in one line and at most one hint; of gRPC nothing
  run "-$1" --separate-stderr timeout 20 env -u ETCDCTL_CACERT -u ETCDCTL_CERT -u ETCDCTL_KEY "$COORD" get k
  [[ ${stderr_lines[0]} == "coord: "*"$2"* ]] || fail "$stderr"
  ((${#stderr_lines[@]} == 1)) || [[ ${#stderr_lines[@]} == 2 && ${stderr_lines[1]} == "hint: "* ]] || fail "$stderr"
}

socket_to_etcd() { # a Unix socket behind which is the port of etcd
  start relay python3 -c '
import socket, sys, threading
def hand_on(source, sink):
    try:
        while piece := source.recv(65536): sink.sendall(piece)
        sink.shutdown(socket.SHUT_WR)
    except OSError: pass
with socket.socket(socket.AF_UNIX) as server:
    server.bind(sys.argv[1])
    server.listen()
    print("up", flush=True)
    while True:
        client, _ = server.accept()
        etcd = socket.create_connection(("127.0.0.1", int(sys.argv[2])))
        for ends in ((client, etcd), (etcd, client)): threading.Thread(target=hand_on, args=ends, daemon=True).start()
' "$1" "${ETCD_ENDPOINT##*:}"
  wait_until 10 says relay up
}

@test "who is not signed by our CA is not trusted, 78; with --insecure-skip-tls-verify nobody looks" {
  local ca
  for ca in "$PWD/stranger.crt" ''; do
    export COORD_CACERT=$ca
    refused 78 'its certificate does not verify'
    run -0 "$COORD" --insecure-skip-tls-verify get k --print-value-only
    assert_output v
  done
  run -0 "$COORD" --insecure-skip-tls-verify lock x -- "$COORD" get k --print-value-only
  assert_output v
}

@test "a certificate for another name: 78, and --server-name says which one is expected" {
  COORD_SERVER_NAME=elsewhere refused 78 'its certificate is for another name'
  [[ $stderr == *--server-name* ]]
  run -0 "$COORD" --server-name localhost lock x -- "$COORD" get k --print-value-only
  assert_output v
}

@test "unixs://: TLS over a Unix socket, also for a coord inside CMD" {
  socket_to_etcd "$BATS_TEST_TMPDIR/socket"
  export COORD_ENDPOINTS=unixs://$BATS_TEST_TMPDIR/socket
  run -0 "$COORD" --server-name localhost lock x -- "$COORD" get k --print-value-only
  assert_output v
  COORD_CACERT=$PWD/stranger.crt refused 78 'its certificate does not verify'
  run -0 env COORD_CACERT="$PWD/stranger.crt" "$COORD" --insecure-skip-tls-verify get k --print-value-only
  assert_output v
}

@test "files that are no good: 78 before anything is dialled, and which one it is" {
  export COORD_ENDPOINTS=https://192.0.2.1:1 # nobody is there
  echo nonsense >nonsense
  openssl ec -in client.key -aes128 -passout pass:secret -out locked.key 2>/dev/null
  COORD_CACERT=$PWD/nonsense refused 78 "--cacert file '$PWD/nonsense' holds no certificate"
  COORD_CACERT=$PWD/client.key refused 78 "--cacert file '$PWD/client.key' holds no certificate"
  COORD_CERT=$PWD/client.key refused 78 "--cert file '$PWD/client.key' holds no certificate"
  COORD_KEY=$PWD/client.crt refused 78 "--key file '$PWD/client.crt' holds no private key"
  COORD_KEY=$PWD/locked.key refused 78 "--key file '$PWD/locked.key' holds no private key"
  COORD_KEY=$PWD/server.key refused 78 "--key file '$PWD/server.key' is not the key of --cert file '$COORD_CERT'"
  COORD_CERT='' refused 78 'both --cert and --key'
}

@test "no certificate where the server asks for one: 69, and the hint names the options" {
  COORD_CERT='' COORD_KEY='' refused 69 'cannot reach etcd'
  [[ $stderr == *"--cert and --key"* ]]
}
