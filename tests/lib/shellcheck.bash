#!/usr/bin/env bash
# Checks every shell script of the project: shellcheck.bash ROOT
set -euo pipefail
cd "${1:?the root of the repository}"

mapfile -t scripts < <(
  for script in dev .ci/run tests/lib/run-bats tests/lib/newer-etcd cmake/package/pack; do
    [[ ! -f $script ]] || echo "$script"
  done
  find tests completions -name '*.bash'
)
shellcheck -x "${scripts[@]}"

# Each @test is a subshell; that a variable of one is not seen by the next is the point.
mapfile -t bats < <(find tests -name '*.bats')
((${#bats[@]} == 0)) || shellcheck -x -e SC2030,SC2031 "${bats[@]}"
