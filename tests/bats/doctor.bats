# The doctor: each thing that can be wrong, made so, is told with its mend; what is well is told too, and changes nothing.
# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # a test is a subshell

load ../lib/etcd
load ../lib/doctor

@test "a healthy server: exit 0, everything ok but what Debian's old version brings, and nothing is left in it" {
  run -0 "$COORD" doctor
  finds ok endpoint "$endpoint.*: etcd 3"
  finds ok leader .
  finds ok members '1 of 1 answer'
  finds ok requests 'a read takes .* ms, a write .* ms'
  finds ok lease 'one of 15s'
  assert_equal "$(keys_count '')" 0
  assert_equal "$(leases_count)" 0
}

@test "json: a record a finding" {
  run -0 "$COORD" doctor -w json
  jq -e -s 'map(select(.about == "endpoint" and .level == "ok")) | length == 1' <<<"$output"
}

@test "nobody listens" {
  free_port
  run -1 "$COORD" --endpoints "127.0.0.1:$port" doctor
  finds problem endpoint "127.0.0.1:$port: nothing listens there" 'start etcd'
  run -1 "$COORD" --endpoints "unix:///$BATS_TEST_TMPDIR/none" doctor
  finds problem endpoint '.*nothing listens there'
}

@test "a name that nobody knows" {
  run -1 "$COORD" --endpoints nowhere.invalid:1 doctor
  finds problem endpoint 'nowhere.invalid:1: no connection' 'check host'
}

@test "the port of the members" {
  local peer
  peer=$(tr '\0' '\n' <"$(etcd_folder good)/command" | sed -n '/^--listen-peer-urls$/{n;p}')
  run -0 "$COORD" --endpoints "${peer#http://}" doctor
  finds warning endpoint '.*the port where members talk' 'use the client port'
}

@test "a server that says nothing" {
  etcd_start_as silent
  etcd_freeze silent
  run -1 "$COORD" --dial-timeout 500ms doctor
  finds problem endpoint '.*says nothing' 'is etcd stopped'
  etcd_thaw silent
  etcd_use "$endpoint"
}

@test "https to a server without TLS" {
  run -1 "$COORD" --endpoints "https://$endpoint" doctor
  finds problem endpoint '.*the server speaks no TLS' "use http://$endpoint"
}

@test "TLS: without it, with the wrong CA, name and certificate, and as it should be" {
  etcd_start_tls
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj '/CN=another CA' \
    -keyout "$BATS_TEST_TMPDIR/other.key" -out "$BATS_TEST_TMPDIR/other.crt"
  local place=${ETCD_ENDPOINT#https://}
  run -0 "$COORD" doctor
  finds ok endpoint '.*etcd 3'
  run -0 "$COORD" --server-name localhost doctor
  run -1 "$COORD" --server-name elsewhere doctor
  finds problem endpoint '.*for another name' '.*--server-name'
  run -1 env -u COORD_CERT -u COORD_KEY -u ETCDCTL_CERT -u ETCDCTL_KEY "$COORD" doctor
  finds problem endpoint '.*wants a client certificate' 'give one that its CA'
  run -1 "$COORD" --cacert "$BATS_TEST_TMPDIR/other.crt" doctor
  finds problem endpoint '.*of a CA that is not trusted' '.*--cacert'
  run -1 env -u COORD_CACERT -u COORD_CERT -u COORD_KEY -u ETCDCTL_CACERT -u ETCDCTL_CERT -u ETCDCTL_KEY \
    "$COORD" --endpoints "$place" doctor
  finds problem endpoint '.*the server speaks TLS' "use https://$place"
}

@test "TLS: a certificate that has expired" {
  export TLS_FOLDER=$BATS_TEST_TMPDIR/tls
  tls_make
  # `openssl x509` refuses an end that is past, or knows no -not_before, as its version is.
  printf '%s\n' '[ca]' default_ca=d '[d]' "database=$TLS_FOLDER/index" "new_certs_dir=$TLS_FOLDER" default_md=sha256 policy=p \
    rand_serial=yes '[p]' commonName=supplied >"$TLS_FOLDER/ca.conf"
  touch "$TLS_FOLDER/index"
  openssl ca -batch -config "$TLS_FOLDER/ca.conf" -cert "$TLS_FOLDER/ca.crt" -keyfile "$TLS_FOLDER/ca.key" -notext \
    -startdate 20200101000000Z -enddate 20200102000000Z -extfile <(printf '%s\n' 'subjectAltName=IP:127.0.0.1') \
    -in "$TLS_FOLDER/server.csr" -out "$TLS_FOLDER/server.crt"
  ports_take client peer
  etcd_prepare expired "https://127.0.0.1:$client" "http://127.0.0.1:$peer" \
    --initial-cluster "expired=http://127.0.0.1:$peer" \
    --cert-file "$TLS_FOLDER/server.crt" --key-file "$TLS_FOLDER/server.key"
  etcd_spawn expired
  wait_until 20 bash -c "exec 7<>/dev/tcp/127.0.0.1/$client"
  run -1 "$COORD" --endpoints "https://127.0.0.1:$client" --cacert "$TLS_FOLDER/ca.crt" doctor
  finds problem endpoint '.*has expired' 'renew it'
}

@test "login: required, wrong, and too small a role" {
  etcd_start_as guarded
  etcd_add_user app secret /app/
  etcd_enable_auth rootpw
  run -1 env -u ETCDCTL_USER "$COORD" doctor
  finds problem login . .
  run -1 env COORD_USER=app COORD_PASSWORD=wrong "$COORD" doctor
  finds problem login '.*authentication failed' 'check --user'
  run -0 env COORD_USER=app COORD_PASSWORD=secret "$COORD" doctor
  finds warning login 'this user may not read every key' '.*--namespace'
  finds warning login 'the password crosses the network without TLS'
  run -0 env COORD_USER=app COORD_PASSWORD=secret "$COORD" --namespace /app/ doctor
  refute_output --partial 'may not read'
  unset ETCDCTL_USER
  etcd_use "$endpoint"
}

@test "no leader, and members that are away" {
  etcd_cluster_start 3
  run -0 "$COORD" doctor
  finds ok members '3 of 3 answer'
  etcd_kill m3
  run -0 "$COORD" doctor
  finds warning members '2 of 3 answer, 2 are needed' 'start those'
  finds warning endpoint '.*nothing listens there'
  etcd_kill m2
  wait_until 20 bash -c '"$COORD" doctor | grep -q "^problem *leader"'
  run -1 "$COORD" doctor
  finds problem leader '.*no leader' 'start members'
  finds problem members '1 of 3 answer'
  etcd_use "$endpoint"
}

@test "no space" {
  etcd_start_as full --quota-backend-bytes 1048576
  wait_until 30 bash -c 'for i in {1..20}; do head -c 100000 /dev/zero | etcdctl put k || exit 0; done; exit 1'
  run -1 "$COORD" doctor
  finds problem alarm 'NOSPACE on full' '.*coord alarm disarm'
  etcd_use "$endpoint"
}

@test "a lease that is too short for the way there" {
  run -64 "$COORD" doctor --ttl 0.5s
  run -0 "$COORD" doctor --ttl 3s
  finds ok lease 'one of 3s'
}

@test "the config file: what is wrong in it, and etcd is looked at all the same" {
  mkdir "$BATS_TEST_TMPDIR/coord"
  printf '[contexts.a]\nendpoint = "x"\n' >"$BATS_TEST_TMPDIR/coord/config.toml"
  run -1 "$COORD" doctor
  finds problem config ".*config.toml:2: there is no setting 'endpoint'" "did you mean 'endpoints'"
  finds ok endpoint .
  printf 'context = "a"\n[contexts.a]\nendpoints = "%s"\n' "$endpoint" >"$BATS_TEST_TMPDIR/coord/config.toml"
  run -0 env -u COORD_ENDPOINTS -u ETCDCTL_ENDPOINTS "$COORD" doctor
  finds ok config "context 'a' is in use"
}

@test "descriptors that were closed, and no etcd for coord local" {
  run -0 bash -c '"$COORD" doctor <&-'
  finds warning descriptors 'closed when coord was started: 0' 'start it with'
  run -0 env PATH=/nonexistent "$COORD" doctor
  finds warning local 'no etcd is installed' 'apt install'
}

