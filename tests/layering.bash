#!/usr/bin/env bash
# Checks the floors of the house (ARCHITECTURE.md) by reading includes: layering.bash ROOT
# Prints FILE:LINE: WHY for each arrow that points the wrong way, and for what no library may do.
set -euo pipefail
cd "${1:?the root of the repository}"

# Whose headers the files of a folder may include, besides their own. A folder that is not here has no floor.
declare -A BELOW=(
  [lib/coord/base]=""
  [lib/coord/proc]="coord/base"
  [lib/coord/snapshot]="coord/base"
  [lib/coord/etcd]="coord/base"
  [lib/coord/recipe]="coord/base coord/etcd"
  [cmd/out]="coord/base"
  [cmd/cli]="coord/base coord/etcd cmd/out"
  [cmd/run]="coord/base coord/etcd coord/recipe coord/proc cmd/cli"
  [cmd/commands]="cmd/cli"
  [cmd]="coord/base coord/proc cmd/cli cmd/commands"
)
# A group of commands knows what groups share, and no other group; the table knows them all.
readonly COMMANDS_BELOW="coord/base coord/etcd coord/recipe coord/proc coord/snapshot cmd/out cmd/cli cmd/run"
readonly GROUPS_OF_COMMANDS="keys locks elections queues barriers services messages sessions looking cluster tools"
BELOW[cmd/commands/shared]=$COMMANDS_BELOW
for group in $GROUPS_OF_COMMANDS; do
  BELOW[cmd/commands/$group]="$COMMANDS_BELOW cmd/commands/shared"
  BELOW[cmd/commands]+=" cmd/commands/$group"
done
BELOW[cmd/commands/looking]+=" cmd/commands/barriers cmd/commands/queues" # `who` shows each as what it is

complaints=0
complain() { # complain FILE LINE WHY
  printf '%s:%s: %s\n' "$1" "$2" "$3"
  complaints=$((complaints + 1))
}

is_internal() { [[ -f $1 && $(head -n 1 "$1") == "// Internal."* ]]; }

check_arrow() { # check_arrow FILE LINE HEADER: one of ours
  local folder=${1%/*} target=${3%/*} path=$3
  [[ -v BELOW[$folder] ]] || { complain "$1" "$2" "no floor is known for the folder $folder"; return; }
  [[ $path != coord/* ]] || path=lib/$path
  [[ " ${folder#lib/} ${BELOW[$folder]} " == *" $target "* ]] ||
    complain "$1" "$2" "$folder must not know $target ($3)"
  is_internal "$path" || return 0
  [[ $folder == "${path%/*}" ]] || complain "$1" "$2" "$3 is internal to ${path%/*}"
  [[ $1 == *.cpp ]] || is_internal "$1" || complain "$1" "$2" "a public header shows the internal $3"
}

check_grpc() {
  [[ $1 == lib/coord/etcd/* ]] || complain "$1" "$2" "only lib/coord/etcd sees gRPC and protobuf ($3)"
  [[ $1 == *.cpp ]] || is_internal "$1" || complain "$1" "$2" "a public header shows gRPC or protobuf ($3)"
}

check_cpp_only() { [[ $1 == *.cpp ]] || complain "$1" "$2" "$3 belongs into .cpp files"; }

check_include() { # check_include FILE LINE HEADER
  case $3 in
    coord/* | cmd/*) check_arrow "$@" ;;
    grpc/* | grpcpp/* | google/protobuf/* | *.pb.h) check_grpc "$@" ;;
    CLI/*)
      check_cpp_only "$@"
      [[ $1 == cmd/* ]] || complain "$1" "$2" "CLI11 belongs under cmd/"
      ;;
    nlohmann/* | absl/* | re2/*) check_cpp_only "$@" ;;
    */*) ;; # the system's, and fmt
    *.hpp) complain "$1" "$2" "write the path from lib/ or from the top: $3" ;;
  esac
}

# forbid PATTERN WHY FOLDER...: no code there, comments apart, matches the extended regular expression.
forbid() {
  local file line
  while IFS=: read -r file line _; do
    complain "$file" "$line" "$2"
  done < <(find "${@:3}" -name '*.[ch]pp' -exec sed -s -n -E "s,//.*,,; /$1/{F;=}" {} + | paste -d: - -)
}

while IFS=: read -r file line include; do
  [[ $include =~ [\"\<]([^\"\>]+)[\"\>] ]] && check_include "$file" "$line" "${BASH_REMATCH[1]}"
done < <(grep -rnHE '^ *# *include' --include='*.[ch]pp' lib cmd)

others=(lib/coord/base lib/coord/etcd lib/coord/recipe lib/coord/snapshot)
forbid '\<std::(cout|cerr|clog)\>' 'a library does not print' lib
forbid '\<(v?printf|puts|putchar|print|println) ?\(|\<fprintf\(std(out|err)' 'a library does not print' lib
forbid '\<(exit|quick_exit|_Exit) ?\(' 'a library does not exit' lib
forbid '\<_exit ?\(' 'only a child of coord/proc may exit' "${others[@]}"
forbid '\<((secure_)?getenv|setenv|unsetenv|putenv|clearenv) ?\(' 'a library does not touch the environment' lib
forbid '\<environ\>' 'a library does not touch the environment' "${others[@]}"

((complaints == 0)) || { echo "layering: $complaints complaints" >&2; exit 1; }
