# shellcheck shell=bash disable=SC2016 # what CMD expands
# A namespace with something of everything in it, and all that coord tells of it. Load it after primitive.bash.

inside() { COORD_NAMESPACE=$1 "$COORD" "${@:2}"; }                 # inside NAMESPACE WORD...
within() { start "$1" "$COORD" --namespace "$2" "${@:3}"; }        # within LABEL NAMESPACE WORD...: in the background
knows() { (($(inside "$1" get --prefix "$2" --count-only -w fields | awk '/"Count"/ { print $3 }') >= $3)); } # knows NAMESPACE PREFIX N

# occupy_all LABEL NAMESPACE: somebody holds each thing that can be held. LABEL-THING are their labels.
occupy_all() {
  within "$1-lock" "$2" lock l
  within "$1-read" "$2" rwlock read rw
  within "$1-sem" "$2" sem -j 2 s
  within "$1-elect" "$2" elect e "leader-of-$1"
  within "$1-barrier" "$2" barrier hold --session b
  within "$1-dbarrier" "$2" dbarrier enter db --count 1
  within "$1-worker" "$2" dequeue q -- sleep 600
  within "$1-session" "$2" session -- sh -c '"$0" lock inner && exec sleep 600' "$COORD"
  within "$1-plain" "$2" register --layout plain svc "$1:1"
  within "$1-json" "$2" register --layout json svc "$1:1"
  within "$1-endpoints" "$2" register svc "$1:1"
  within "$1-reader" "$2" subscribe t --resume me --from beginning
}
are_held() { # are_held NAMESPACE
  local prefix
  for prefix in l/ rw/ s/ e/ b db/ __q/claims/ inner/ /services/svc/ register/ svc/; do knows "$1" "$prefix" 1 || return; done
}

write_all() { # write_all LABEL NAMESPACE: keys of every command that only writes
  inside "$2" put k "first-of-$1"
  inside "$2" put k "value-of-$1"
  inside "$2" enqueue q "item-of-$1" two three
  inside "$2" enqueue --priority 7 pq "urgent-of-$1"
  inside "$2" barrier hold stays
  inside "$2" publish t "said-by-$1"
  inside "$2" publish --retain forever t kept
  inside "$2" update --create up -- printf '%s' "made-by-$1"
  EDITOR='f() { printf "edited-by-'"$1"'" >"$1"; }; f' inside "$2" edit --create ed
  inside "$2" export up | inside "$2" import - --dest-prefix copy/
  printf '\nput tx "txn-of-%s"\nget k\n\n\n' "$1" | inside "$2" txn
  inside "$2" put app/HOST "host-of-$1"
} >/dev/null

# looks NAMESPACE: what every command that looks says of this namespace, each under its name.
looks() {
  local words
  while read -ra words; do
    echo "--- ${words[*]}"
    inside "$1" "${words[@]//EMPTY/}" 2>&1 || echo "exit $?"
  done <<'END'
get --prefix EMPTY
get --from-key EMPTY
get a z
get k
export EMPTY
diff EMPTY --rev 1
history k
describe k
who
who l
who rw
who s
who e
who b
who inner
leader e
queue list q
queue list --priority pq
queue length q
queue peek q
barrier status b
barrier status stays
dbarrier status db
discover svc
discover --layout plain svc
discover --layout json svc
session list
wait -n k !absent stays
wait -n q/:count>=1
env --print app
subscribe t --from beginning --count 2 --timeout 200ms
status
__complete zsh 1 -- get EMPTY
__complete zsh 1 -- lock EMPTY
__complete zsh 1 -- who EMPTY
__complete zsh 1 -- queue list EMPTY
__complete zsh 1 -- leader EMPTY
END
}

# What differs between two namespaces that have gone through the same: numbers, and the label.
without_numbers() { # without_numbers LABEL
  LC_ALL=C sed -E "/^cluster|etcd at/d; s/of-$1/of-X/g; s/by-$1/by-X/g; s/$1:1/X:1/g; s/(host[\\\"]+:[\\\"]+)$1/\1X/g; s/[0-9a-f]{32}/MD5/g; s/\b[0-9a-f]{14,16}\b/LEASE/g; s/[0-9]+/N/g"
}

# keys_outside NAMESPACE...: of all keys, those that lie below none of them.
keys_outside() {
  etcdctl get --from-key '' --keys-only -w json | perl -MMIME::Base64 -ne '
    BEGIN { @ours = splice @ARGV }
    for (/"key":"([^"]*)"/g) {
      my $key = decode_base64($_);
      print "$key\n" unless grep { index($key, $_) == 0 } @ours;
    }' -- "$@"
}
