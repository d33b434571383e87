#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2154 # what is typed is expanded by the shell in the terminal; Bats sets stderr
# Completion: what `coord __complete` answers, and what bash, zsh and fish make of it on a terminal.

load ../lib/primitive

setup_file() {
  etcd_start
  export PATH=${COORD%/*}:$PATH
}
setup() {
  cd "$BATS_TEST_TMPDIR" || return
  local key
  for key in app/db/host app/db/port app/web/host 'sp key' 'co:lon:x' 'eq=x=y' 'jo"hn' zebra; do etcdctl put -- "$key" v; done >/dev/null
  etcdctl put $'new\nline' v
}

# answer LINE...: candidates for the last word; the answer to a shell that knows descriptions.
answer() {
  asked=("$@") asked_of="${COORD_ENDPOINTS-} ${ETCDCTL_ENDPOINTS-} ${COORD_CONFIG-}"
  run -0 --separate-stderr "$COORD" __complete zsh $(($# - 1)) -- "$@"
}
offered() { cut -f1 <<<"$output" | head -n -1 | tr '\n' ' '; }
offers() { # offers WORDS: those and no others. On a busy machine the 300 ms may be over before etcd has answered: asked again
  local end=$((SECONDS + 20))
  while [[ $(offered) != "$1${1:+ }" && $asked_of == "${COORD_ENDPOINTS-} ${ETCDCTL_ENDPOINTS-} ${COORD_CONFIG-}" ]]; do
    ((SECONDS < end)) || break
    answer "${asked[@]}"
  done
  [[ -z $stderr ]]
  assert_equal "$(offered)" "$1${1:+ }"
}

# --- without etcd ---

@test "completion: commands and their descriptions, hidden ones not" {
  answer ''
  assert_line --regexp $'^lock\t.+'
  refute_line --partial __complete
  assert_line :words
  answer lease g
  offers grant
  answer nosuch g
  offers ''
}

@test "completion: settings are those that a context may have" {
  answer config set con
  offers ''
  answer config set endp
  offers endpoints
}

@test "completion: the second name of an option is for those who begin it" {
  answer diff --names-
  offers --names-only
}

@test "completion: options, of the command and global ones" {
  answer get --ke
  offers '--key-file --key-hex --keys-only --keepalive-time --keepalive-timeout --key'
  answer get -- --ke
  offers ''
  answer put -w
  offers -w
}

@test "completion: fixed values, in each form of an option" {
  answer get k --order ''
  offers 'ASCEND DESCEND'
  answer get k --order=D
  offers --order=DESCEND
  answer version -wt
  offers -wtable
  answer get -w ''
  offers 'simple json fields protobuf'
  answer discover web --format ''
  offers 'addr json hosts env grpc'
  answer completion ''
  offers 'bash zsh fish'
  answer help lease ''
  offers 'grant revoke timetolive list keep-alive'
}

@test "completion: static words need neither etcd nor sound settings; without etcd there are no others" {
  export COORD_ENDPOINTS=127.0.0.1:1
  answer get ''
  offers ''
  COORD_COMMAND_TIMEOUT=nonsense answer lo
  offers 'lock local'
}

@test "completion: a server that does not answer costs little time, and no word" {
  etcd_start_as frozen
  local frozen=$ETCD_ENDPOINT start
  etcd_use "$(etcd_endpoint)"
  etcd_freeze frozen
  start=$(milliseconds)
  COORD_ENDPOINTS=$frozen answer get ''
  offers ''
  (($(milliseconds) - start < 2000))
  etcd_thaw frozen
}

@test "completion: files and commands are the shell's" {
  answer snapshot save ''
  assert_output :files
  answer get --cacert ''
  assert_output :files
  answer lock a -- ca
  assert_output ':command 3'
  answer lock a ca
  assert_output ':command 2'
  answer watch k -- cat --
  assert_output ':command 3'
}

@test "completion: mistakes say nothing and exit with 0" {
  run -0 --separate-stderr "$COORD" __complete zsh 99999999999999999999 -- get
  [[ -z $stderr ]]
  run -0 --separate-stderr "$COORD" __complete get k # as the scripts of other programs ask
  [[ -z $stderr && -z $output ]]
}

# --- with etcd ---

@test "completion: keys, folder by folder; names that no line can hold are left out" {
  answer get ''
  offers 'app/ co:lon:x eq=x=y jo"hn sp key zebra'
  answer get app/
  offers 'app/db/ app/web/'
  answer get app/db/h
  offers app/db/host
  answer wait '!zeb'
  offers '!zebra'
}

@test "completion: what coord keeps for itself, in a namespace too, is for those who begin to type it" {
  local prefix
  for prefix in '' team/ flat; do
    start "session${prefix//\//}" "$COORD" --namespace "$prefix" session -- sleep 300
    start "lock${prefix//\//}" "$COORD" --namespace "$prefix" lock job -- sleep 300
  done
  wait_until 20 has_keys team/__coord/sessions 1
  wait_until 20 has_keys flat__coord/sessions 1
  wait_until 20 has_keys __coord/sessions 1
  wait_until 20 has_keys team/job 1
  wait_until 20 has_keys flatjob 1
  answer get team/
  offers team/job/
  answer get fl
  offers flatjob/
  answer get team/_
  offers team/__coord/
  answer get _
  offers __coord/
  answer lock t
  offers team/job
  answer who f
  offers flatjob
}

@test "completion: a full folder costs no more than an empty one" {
  local i j
  for i in {1..6}; do
    { echo && for j in {1..100}; do echo "put full/$i/$j v"; done && echo && echo; } | etcdctl txn >/dev/null
    { echo && for j in {1..100}; do echo "put full/$i-$j v"; done && echo && echo; } | etcdctl txn >/dev/null
  done
  answer get fu
  offers full/
  answer get z
  offers zebra
}

@test "completion: what was typed says where to look" {
  COORD_ENDPOINTS=127.0.0.1:1 answer --endpoints "$ETCD_ENDPOINT" get z
  offers zebra
  COORD_ENDPOINTS=127.0.0.1:1 answer get "--endpoints=$ETCD_ENDPOINT" --namespace app/ w
  offers web/
  answer get --user nobody ''
  offers ''
}

@test "completion: contexts, and what a context on the line says" {
  printf '[contexts.prod]\nendpoints = "%s"\n[contexts.test]\nendpoints = "127.0.0.1:1"\n' "$ETCD_ENDPOINT" >config.toml
  COORD_CONFIG=config.toml answer --context ''
  offers 'none prod test'
  COORD_ENDPOINTS='' ETCDCTL_ENDPOINTS='' COORD_CONFIG=config.toml answer --context prod get z
  offers zebra
  COORD_ENDPOINTS='' ETCDCTL_ENDPOINTS='' COORD_CONFIG=config.toml answer --context=test get z
  offers ''
  echo 'nonsense' >config.toml
  COORD_CONFIG=config.toml answer lea
  offers 'lease leader'
  COORD_CONFIG=config.toml answer get z
  offers ''
}

@test "completion: locks with who holds them, elections, queues, double barriers, services" {
  start lock "$COORD" lock db/backup -- sleep 300
  start elect "$COORD" elect chief me -- sleep 300
  start register "$COORD" register shop 10.0.0.1:80 -- sleep 300
  start barrier "$COORD" dbarrier enter meet --count 2
  "$COORD" enqueue jobs one
  "$COORD" enqueue prio two --priority 7
  wait_until 10 has_keys db/backup 1
  wait_until 10 has_keys chief 1
  wait_until 10 has_keys shop 1
  wait_until 10 has_keys meet/waiters 1
  answer who ''
  offers 'chief db/backup'
  assert_line --regexp "^db/backup"$'\t'"held by $(uname -n)"
  answer leader ''
  offers chief
  assert_line $'chief\tled with \'me\''
  answer dequeue ''
  offers 'jobs prio'
  answer dbarrier leave m
  offers meet
  answer discover s
  offers shop
}

@test "completion: leases, members, users, roles" {
  local lease
  lease=$(etcdctl lease grant 600 | cut -d ' ' -f 2)
  etcdctl put k v --lease "$lease"
  etcdctl user add alice:x
  etcdctl role add reader
  answer lease revoke "$lease"
  assert_line --regexp "^$lease"$'\t[0-9]+s left, 1 key$'
  answer member remove ''
  [[ ${lines[0]} =~ ^[0-9a-f]+$'\tetcd'$ ]]
  answer user get ''
  offers alice
  answer user grant-role alice ''
  offers reader
}

# --- the shells ---

@test "completion: under the name etcdctl the same is printed" {
  ln -s "$COORD" etcdctl
  local shell
  for shell in bash zsh fish; do diff <(./etcdctl completion "$shell") <("$COORD" completion "$shell"); done
  for shell in bash zsh fish; do
    run -0 "$COORD" completion "$shell" --no-descriptions
    [[ $output != "$("$COORD" completion "$shell")" ]]
  done
  run -0 "$COORD" __complete zsh-bare 0 -- loc
  assert_output $'lock\t\nlocal\t\n:words'
  run -64 --separate-stderr "$COORD" completion tcsh
  [[ $stderr == "coord: completion: SHELL: 'tcsh' is none of bash, zsh, fish"* ]]
}

@test "completion: bash, zsh and fish find nothing wrong with theirs" {
  "$COORD" completion bash | bash -n
  "$COORD" completion zsh | zsh -n
  "$COORD" completion fish | fish -n
}

open() { # open COMMAND LINE: a shell, and what it is to be told first
  terminal new-session -d -x 120 -y 40 "$1"
  wait_until 10 screen_shows '^%%'
  type_line "$2"
  type_line 'echo re""ady'
  wait_until 10 screen_shows '^ready'
  press C-l
}

becomes() { # becomes TYPED LINE: what stands on the line after TAB; then it is thrown away
  terminal send-keys -l "$1"
  press Tab
  wait_until 10 line_is "$2" || { screen && return 1; }
  press C-u
  wait_until 20 line_is ''
}
line_is() { [[ $(screen | grep -v '^$' | tail -1) == "%%${1:+ }$1" ]]; }

@test "completion: bash on a terminal" {
  open 'PS1="%% " exec bash --noprofile --norc -i' 'source <(coord completion bash); bind "set bell-style none"'
  becomes 'coord comple' 'coord completion'
  becomes 'coord get app/w' 'coord get app/web/'
  becomes 'coord get sp' 'coord get sp\ key'
  becomes 'coord get "sp' 'coord get "sp key"'
  becomes "coord get 'sp" "coord get 'sp key'"
  becomes 'coord get sp\ ' 'coord get sp\ key'
  becomes 'coord get co' 'coord get co:lon:x'
  becomes 'coord get co:' 'coord get co:lon:x'
  becomes 'coord get co:lon:' 'coord get co:lon:x'
  becomes 'coord get eq=' 'coord get eq=x=y'
  becomes 'coord get eq=x' 'coord get eq=x=y'
  becomes 'coord get jo' 'coord get jo\"hn'
  becomes 'coord get k --order=D' 'coord get k --order=DESCEND'
  becomes "coord --endpoints=$ETCD_ENDPOINT get zeb" "coord --endpoints=$ETCD_ENDPOINT get zebra"
  mkdir -p folder && touch folder/file
  becomes 'coord snapshot save fol' 'coord snapshot save folder/'
  becomes 'coord get --cacert=folder/f' 'coord get --cacert=folder/file'
  becomes 'coord lock a -- unshar' 'coord lock a -- unshare'
  becomes 'coord lock a -- cat folder/f' 'coord lock a -- cat folder/file'
  type_line 'alias ctl=coord; complete -F _coord ctl'
  becomes 'ctl get zeb' 'ctl get zebra'
}

@test "completion: bash shows descriptions in its list" {
  open 'PS1="%% " exec bash --noprofile --norc -i' 'source <(coord completion bash); bind "set bell-style none"'
  terminal send-keys -l 'coord version --insecure-'
  press Tab && press Tab
  wait_until 10 screen_shows '--insecure-transport .*(=false: TLS'
}

@test "completion: bash leaves what stands behind -- to the completion of that command" {
  [[ -r /usr/share/bash-completion/bash_completion ]] || skip 'bash-completion is not installed'
  open 'PS1="%% " exec bash --noprofile --norc -i' \
    'source /usr/share/bash-completion/bash_completion; source <(coord completion bash); _their() { COMPREPLY=(theirs); }; complete -F _their mine'
  becomes 'coord lock a:b -- mine the' 'coord lock a:b -- mine theirs'
  becomes 'coord lock a mine the' 'coord lock a mine theirs'
  becomes 'coord lock a -- coord comple' 'coord lock a -- coord completion'
}

@test "completion: zsh on a terminal" {
  open 'PS1="%%%% " exec zsh -f -i' 'PS1="%%%% "; autoload -Uz compinit && compinit -u -D; source <(coord completion zsh); unsetopt beep automenu; setopt noalwayslastprompt'
  becomes 'coord comple' 'coord completion'
  becomes 'coord get app/w' 'coord get app/web/'
  becomes 'coord get sp' 'coord get sp\ key'
  becomes 'coord get "sp' 'coord get "sp key"'
  becomes 'coord get co:' 'coord get co:lon:x'
  becomes 'coord get eq=' 'coord get eq=x=y'
  becomes 'coord get k --order=D' 'coord get k --order=DESCEND'
  mkdir -p folder && touch folder/file
  becomes 'coord get --cacert=folder/f' 'coord get --cacert=folder/file'
  becomes 'coord lock a -- unshar' 'coord lock a -- unshare'
  becomes 'coord lock a -- cat folder/f' 'coord lock a -- cat folder/file'
}

@test "completion: zsh finds it in a folder of functions, and aliases have it too" {
  mkdir functions && coord completion zsh >functions/_coord
  open 'PS1="%%%% " exec zsh -f -i' 'PS1="%%%% "; fpath=($PWD/functions $fpath); autoload -Uz compinit && compinit -u -D; unsetopt beep; compdef _coord ctl; alias ctl=coord'
  becomes 'coord comple' 'coord completion'
  becomes 'coord get app/w' 'coord get app/web/'
  becomes 'ctl get zeb' 'ctl get zebra'
}

@test "completion: fish" {
  fishes() { run -0 env HOME="$BATS_TEST_TMPDIR" fish --no-config -c 'coord completion fish | source; complete -C "$argv[1]"' "$1"; }
  mkdir -p folder && touch folder/file
  fishes 'coord comple'
  assert_line --partial $'completion\t'
  fishes 'coord get app/w'
  assert_line --partial app/web/
  fishes 'coord get sp'
  assert_line --partial 'sp key'
  fishes 'coord get sp\ '
  assert_line --partial 'sp key'
  fishes 'coord get co:'
  assert_line --partial co:lon:x
  fishes 'coord get --order='
  assert_line --partial -- --order=DESCEND
  fishes 'coord get --cacert=folder/f'
  assert_line --partial -- --cacert=folder/file
  fishes 'coord lock a -- unshar'
  assert_line --partial unshare
  fishes 'coord lock a -- cat folder/f'
  assert_line --partial folder/file
}

@test "completion: fish on a terminal" {
  HOME=$BATS_TEST_TMPDIR open 'exec fish --no-config -i -C "function fish_prompt; printf \"%%%% \"; end; function fish_right_prompt; end; function fish_greeting; end; set -g fish_autosuggestion_enabled 0"' \
    'coord completion fish | source'
  becomes 'coord comple' 'coord completion'
  becomes 'coord get app/w' 'coord get app/web/'
  becomes 'coord get sp' "coord get sp\\ key"
  becomes 'coord get "sp k' 'coord get "sp key"'
  becomes 'coord get co:' 'coord get co:lon:x'
  becomes 'coord lock a -- unshar' 'coord lock a -- unshare'
}
