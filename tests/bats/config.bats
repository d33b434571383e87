# Contexts: which file, which setting counts, and changes that leave the rest of the file alone.
# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # shells that CMD starts expand what is theirs; a test is a subshell

load ../lib/etcd

setup_file() { etcd_start; }
teardown_file() { etcd_teardown; }

setup() {
  endpoint=$ETCD_ENDPOINT
  unset COORD_ENDPOINTS ETCDCTL_ENDPOINTS
  export XDG_CONFIG_HOME=$BATS_TEST_TMPDIR/home XDG_RUNTIME_DIR=$BATS_TEST_TMPDIR/run HOME=$BATS_TEST_TMPDIR
  file=$XDG_CONFIG_HOME/coord/config.toml
  mkdir -p "${file%/*}" "$XDG_RUNTIME_DIR"
}

write_config() { install -m 600 /dev/stdin "$file"; }

two_contexts() {
  write_config <<CONFIG
# of the team
context = "here" # the usual one

[contexts.here]
endpoints = ["$endpoint"] # by IP
namespace = "/here/"

[contexts."the other"]
endpoints = "127.0.0.1:1"
dial-timeout = 1
CONFIG
}

@test "set and use-context make a file that only its owner can read, and get uses it" {
  rm -r "$XDG_CONFIG_HOME"
  run --separate-stderr "$COORD" --context prod config set endpoints "$endpoint"
  assert_success
  assert_equal "$stderr" "coord: context 'prod' is new; to use it: coord config use-context prod"
  assert_equal "$(stat -c %a "$file")" 600
  "$COORD" --context prod config set namespace /team/
  "$COORD" config use-context prod
  assert_equal "$(<"$file")" "context = \"prod\"

[contexts.prod]
endpoints = [\"$endpoint\"]
namespace = \"/team/\""
  "$COORD" put greeting hello
  assert_equal "$(ETCDCTL_ENDPOINTS=$endpoint etcdctl get --print-value-only /team/greeting)" hello
  assert_equal "$("$COORD" config current-context)" prod
}

@test "a change keeps comments, order and everything else" {
  two_contexts
  "$COORD" config set endpoints "$endpoint,127.0.0.1:9"
  "$COORD" config set user alice
  "$COORD" --context 'the other' config unset dial-timeout
  "$COORD" config use-context 'the other'
  run cat "$file"
  assert_output "# of the team
context = \"the other\" # the usual one

[contexts.here]
endpoints = [\"$endpoint\", \"127.0.0.1:9\"] # by IP
namespace = \"/here/\"
user = \"alice\"

[contexts.\"the other\"]
endpoints = \"127.0.0.1:1\""
}

@test "many at once lose no change" {
  local i pids=()
  two_contexts
  for i in {1..12}; do
    "$COORD" --context "c$i" config set endpoints "127.0.0.1:$i" 3>&- &
    pids+=("$!")
  done
  for i in "${pids[@]}"; do wait "$i"; done
  run "$COORD" config get-contexts
  assert_equal "$(grep -c '^  c[0-9]' <<<"$output")" 12
  assert_equal "$(ls "${file%/*}")" config.toml
}

@test "flag, then variable, then context, then the default" {
  two_contexts
  "$COORD" --namespace '' config view --origin # an empty flag is a flag
  run "$COORD" config view --origin
  assert_line "context: here  (config file)"
  assert_line "endpoints: $endpoint  ($file:5: endpoints)"
  assert_line "namespace: /here/  ($file:6: namespace)"
  COORD_NAMESPACE=/v/ run "$COORD" config view --origin
  assert_line "namespace: /v/  (COORD_NAMESPACE)"
  ETCDCTL_NAMESPACE=/e/ COORD_NAMESPACE='' run "$COORD" config view --origin
  assert_line "namespace: /e/  (ETCDCTL_NAMESPACE)"
  COORD_NAMESPACE=/v/ run "$COORD" --namespace /f/ config view --origin
  assert_line "namespace: /f/  (--namespace)"
  run "$COORD" --context none config view --origin
  assert_line "endpoints: 127.0.0.1:2379  (default)"
  assert_line "namespace:   (default)"
  run "$COORD" -w json config view --origin
  assert_equal "$(jq -r '.settings[] | select(.name == "namespace") | .origin' <<<"$output")" "$file:6: namespace"
}

@test "COORD_CONTEXT and --context choose; the flag counts" {
  two_contexts
  COORD_CONTEXT='the other' run -69 --separate-stderr "$COORD" get k
  [[ $stderr == *127.0.0.1:1* ]]
  COORD_CONTEXT='the other' "$COORD" --context here get k
}

@test "whoever names a context hears of a variable that counts before it" {
  two_contexts
  COORD_ENDPOINTS=$endpoint run --separate-stderr "$COORD" --context 'the other' get k
  assert_success
  assert_equal "$stderr" "coord: COORD_ENDPOINTS counts before context 'the other'"
}

@test "CMD talks to the same cluster, whatever context it would choose" {
  two_contexts
  "$COORD" --context none --endpoints "$endpoint" lock l -- sh -c '"$COORD" put k outside'
  assert_equal "$("$COORD" --context none --endpoints "$endpoint" get --print-value-only k)" outside
  "$COORD" --context here lock l -- sh -c '"$COORD" config use-context "the other"; "$COORD" put k inside'
  assert_equal "$("$COORD" --context here get --print-value-only k)" inside
}

@test "what is wrong in the file is told with its line, and keeps every command from running" {
  local text line
  while IFS='|' read -r text line; do
    printf '%b' "$text" | write_config
    run -78 --separate-stderr "$COORD" get k
    assert_equal "${stderr_lines[0]}" "coord: $file:$line"
  done <<'TABLE'
[contexts.a]\nendpoint = "x"|2: there is no setting 'endpoint'
\nendpoints = "x"|2: 'endpoints' is unknown here
[contexts.a]\nendpoints = 7|2: endpoints is not a list of texts
[contexts.a]\ncert = 7|2: cert is not a text
[contexts.a]\nhex = "yes"|2: hex is not true or false
[contexts.none]|1: no context can be called 'none'
[contexts]\na = 1|2: contexts.a is no table
context = 1|1: context is no text: the name of a context
context = "a"\n[contexts.a]\ndial-timeout = "soon"|3: dial-timeout: 'soon' is not a duration
TABLE
  printf 'context = \n' | write_config
  run -78 --separate-stderr "$COORD" get k
  [[ ${stderr_lines[0]} == "coord: $file:1: "* ]]
  run -78 "$COORD" config view
  run -78 "$COORD" config set namespace x
  assert_equal "$(<"$file")" 'context = '
}

@test "a setting that is misspelt gets the right one as a hint" {
  printf '[contexts.a]\nendpoint = "x"\n' | write_config
  run -78 --separate-stderr "$COORD" get k
  assert_equal "${stderr_lines[1]}" "hint: did you mean 'endpoints'?"
  run -64 --separate-stderr "$COORD" --context a config set endpoint x
  assert_equal "${stderr_lines[1]}" "hint: did you mean 'endpoints'?"
}

@test "a context that is not there is an error; use-context mends it" {
  two_contexts
  run -78 --separate-stderr "$COORD" --context nowhere get k
  assert_equal "${stderr_lines[0]}" "coord: there is no context 'nowhere'"
  sed -i 's/"here" #/"gone" #/' "$file"
  run -78 "$COORD" get k
  run -78 "$COORD" config use-context nowhere
  "$COORD" config use-context here
  "$COORD" get k
  "$COORD" config use-context none
  run -1 "$COORD" config current-context
}

@test "a file with a password is refused while others can read it" {
  printf 'context = "a"\n[contexts.a]\nendpoints = "%s"\nuser = "u:secret"\n' "$endpoint" | write_config
  chmod 644 "$file"
  run -78 --separate-stderr "$COORD" get k
  assert_equal "${stderr_lines[0]}" "coord: $file holds a password, and others can read it"
  assert_equal "${stderr_lines[1]}" "hint: chmod 600 $file, or keep the password in a password-file"
  chmod 600 "$file"
  "$COORD" get k # this etcd asks nobody who he is
  run "$COORD" config view --origin
  assert_line "user: u:(hidden)  ($file:4: user)"
  refute_output --partial secret
}

@test "a password is not taken from the command line" {
  run -64 --separate-stderr "$COORD" --context a config set password secret
  assert_equal "${stderr_lines[1]}" "hint: leave it out: it is asked for; or set password-file"
  [[ ! -e $file ]]
}

@test "the mode of a file without a password is kept, and a link stays one" {
  two_contexts
  mv "$file" "$BATS_TEST_TMPDIR/real.toml"
  chmod 644 "$BATS_TEST_TMPDIR/real.toml"
  ln -s "$BATS_TEST_TMPDIR/real.toml" "$file"
  "$COORD" config set hex true
  [[ -L $file ]]
  assert_equal "$(stat -c %a "$BATS_TEST_TMPDIR/real.toml")" 644
  "$COORD" config set user u:pw
  assert_equal "$(stat -c %a "$BATS_TEST_TMPDIR/real.toml")" 600
}

@test "a change by root leaves the file its owner and group" {
  [[ $EUID == 0 ]] || skip "only root can give files away"
  two_contexts
  chmod 640 "$file"
  chown 65534:100 "$file"
  "$COORD" config set hex true
  assert_equal "$(stat -c '%u:%g %a' "$file")" "65534:100 640"
}

@test "a link to a file that is not there yet stays one" {
  ln -s ../real/hop.toml "$file"
  mkdir "$XDG_CONFIG_HOME/real"
  ln -s config.toml "$XDG_CONFIG_HOME/real/hop.toml"
  "$COORD" --context a config set endpoints "$endpoint"
  [[ -L $file && -L $XDG_CONFIG_HOME/real/hop.toml ]]
  [[ -f $XDG_CONFIG_HOME/real/config.toml && ! -L $XDG_CONFIG_HOME/real/config.toml ]]
  "$COORD" --context a get k
}

@test "a place that cannot be looked into is told, and so are links in a circle" {
  ln -s circle "$BATS_TEST_TMPDIR/circle"
  COORD_CONFIG=$BATS_TEST_TMPDIR/circle/deep/config.toml run -78 --separate-stderr "$COORD" --context a config set hex true
  assert_equal "$stderr" "coord: cannot use the folder $BATS_TEST_TMPDIR/circle/deep: Too many levels of symbolic links"
  COORD_CONFIG=$BATS_TEST_TMPDIR/circle run -78 --separate-stderr "$COORD" --context a config set hex true
  assert_equal "$stderr" "coord: cannot use $BATS_TEST_TMPDIR/circle: too many links"
}

@test "a file that cannot be used takes nobody the help" {
  printf 'endpoint = "x"\n' | write_config
  "$COORD" help config
  "$COORD" help lock
  "$COORD" version
  "$COORD" options
}

@test "a file of its own: COORD_CONFIG; one that is missing is an error except for set" {
  export COORD_CONFIG=$BATS_TEST_TMPDIR/mine.toml
  run -78 "$COORD" get k
  "$COORD" --context a config set endpoints "$endpoint"
  "$COORD" --context a get k
  COORD_CONFIG='' run -78 "$COORD" --context a get k
}

@test "files that a context names are beside the config file" {
  two_contexts
  "$COORD" config set password-file secrets/pw
  run "$COORD" config view
  assert_line "password-file: ${file%/*}/secrets/pw"
}

@test "values that are none are refused, and nothing is written" {
  run -64 "$COORD" --context a config set dial-timeout soon
  run -64 "$COORD" --context a config set hex maybe
  run -64 "$COORD" --context a config set max-request-bytes many
  run -64 "$COORD" --context a config set user
  run -64 "$COORD" --context a config set context b
  run -78 "$COORD" config set user u
  [[ ! -e $file ]]
}

@test "a table that no line can be put into is left to a person" {
  printf 'contexts.a.user = "u"\n' | write_config
  run -78 --separate-stderr "$COORD" --context a config set namespace x
  assert_equal "${stderr_lines[1]}" "hint: edit it by hand"
  assert_equal "$(<"$file")" 'contexts.a.user = "u"'
}

@test "odd names and values survive" {
  local value=$'a "b" \\c\td é 😀'
  "$COORD" --context $'x\ty "z" é' config set namespace "$value"
  "$COORD" --context $'x\ty "z" é' config set user bob
  "$COORD" --context $'x\ty "z" é' config set namespace "$value!"
  run "$COORD" -w json --context $'x\ty "z" é' config view
  assert_equal "$(jq -r '.settings[] | select(.name == "namespace") | .value' <<<"$output")" "$value!"
}
