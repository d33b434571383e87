# shellcheck shell=bash
# etcd servers with TLS and with users. Part of etcd.bash.

# etcd_start_tls [OPTION...]: serves https only, to holders of a client certificate only. coord and etcdctl get one with the
# common name "tester". Certificates stand in $TLS_FOLDER: ca.crt, server.crt, client.crt, each with its .key.
etcd_start_tls() {
  local client peer
  export TLS_FOLDER=$BATS_FILE_TMPDIR/tls
  tls_make || return
  ports_take client peer || return
  etcd_prepare etcd "https://127.0.0.1:$client" "http://127.0.0.1:$peer" --initial-cluster "etcd=http://127.0.0.1:$peer" \
    --cert-file "$TLS_FOLDER/server.crt" --key-file "$TLS_FOLDER/server.key" \
    --trusted-ca-file "$TLS_FOLDER/ca.crt" --client-cert-auth "$@"
  tls_use client
  etcd_spawn etcd
  etcd_use "https://127.0.0.1:$client"
  etcd_ready etcd
}

tls_use() { # tls_use NAME: the certificate that coord and etcdctl show
  export COORD_CACERT=$TLS_FOLDER/ca.crt COORD_CERT=$TLS_FOLDER/$1.crt COORD_KEY=$TLS_FOLDER/$1.key
  export ETCDCTL_CACERT=$COORD_CACERT ETCDCTL_CERT=$COORD_CERT ETCDCTL_KEY=$COORD_KEY
}

tls_make() {
  mkdir -p "$TLS_FOLDER"
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj '/CN=coord test CA' \
    -keyout "$TLS_FOLDER/ca.key" -out "$TLS_FOLDER/ca.crt" 2>"$TLS_FOLDER/log" || return
  tls_sign server etcd 'subjectAltName=IP:127.0.0.1,DNS:localhost' && tls_sign client tester
}

tls_sign() { # tls_sign NAME COMMON_NAME [EXTENSION]
  local path=$TLS_FOLDER/$1
  openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$2" \
    -keyout "$path.key" -out "$path.csr" 2>>"$TLS_FOLDER/log" &&
    openssl x509 -req -in "$path.csr" -CA "$TLS_FOLDER/ca.crt" -CAkey "$TLS_FOLDER/ca.key" -CAcreateserial -days 2 \
      -extfile <(printf '%s\n' 'extendedKeyUsage=serverAuth,clientAuth' "${3:-}") -out "$path.crt" 2>>"$TLS_FOLDER/log"
}

# etcd_enable_auth PASSWORD: switches authentication on, with the user root. etcdctl is root from here on; coord is nobody
# until a test gives it COORD_USER and COORD_PASSWORD.
etcd_enable_auth() {
  etcdctl user add "root:$1" && etcdctl auth enable || return
  export ETCDCTL_USER=root:$1
}

# etcd_add_user NAME PASSWORD PREFIX: may read and write what begins with PREFIX, and nothing else.
etcd_add_user() {
  etcdctl user add "$1:$2" && etcdctl role add "$1" && etcdctl user grant-role "$1" "$1" &&
    etcdctl role grant-permission "$1" readwrite --prefix=true "$3"
}
