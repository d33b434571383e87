#!/usr/bin/env bats
# coord version.

load ../lib/etcd.bash
load ../lib/same.bash

@test "version: says its name and the API it speaks, without a server" {
  export COORD_ENDPOINTS=127.0.0.1:1
  run -0 --separate-stderr "$COORD" version
  [[ ${lines[0]} =~ ^coord\ version:\ [0-9]+\.[0-9]+\.[0-9]+ ]]
  [[ ${lines[1]} =~ ^API\ version:\ 3\.[0-9]+$ ]]
}

@test "version: --version is one line" {
  run -0 --separate-stderr "$COORD" --version
  [[ $output =~ ^coord\ [0-9]+\.[0-9]+\.[0-9]+[^$'\n']*$ ]]
}

@test "version: json and fields say the same" {
  run -0 --separate-stderr "$COORD" version -w json
  [[ "coord $(jq -r .version <<<"$output")" == "$("$COORD" --version)" ]]
  run -0 --separate-stderr "$COORD" version -w fields
  [[ ${lines[0]} == '"Version" : "'* && ${lines[1]} == '"APIVersion" : "3.'* ]]
}
