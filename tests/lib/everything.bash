# shellcheck shell=bash disable=SC2016,SC2034 # what CMD expands; what test files use
# Every command at once, in a namespace: all that can be held is held, all that can be followed is followed, all that can be
# told is told. Load it after primitive.bash.

inside() { COORD_NAMESPACE=$1 "$COORD" "${@:2}"; }                 # inside NAMESPACE WORD...
within() { start "$1" "$COORD" --namespace "$2" "${@:3}"; }        # within LABEL NAMESPACE WORD...: in the background
knows() { (($(inside "$1" get --prefix "$2" --count-only -w fields | awk '/"Count"/ { print $3 }') >= $3)); } # knows NAMESPACE PREFIX N

# occupy_all LABEL NAMESPACE: somebody holds each thing that can be held. LABEL-THING are their labels.
readonly HOLDERS=(lock read sem elect barrier dbarrier worker session plain json endpoints reader)
occupy_all() {
  within "$1-lock" "$2" lock l
  within "$1-read" "$2" rwlock read rw
  within "$1-sem" "$2" sem -j 2 s
  within "$1-elect" "$2" elect e "leader-of-$1"
  within "$1-barrier" "$2" barrier hold --session b
  within "$1-dbarrier" "$2" dbarrier enter db --count 1
  within "$1-worker" "$2" dequeue q -- sleep 600
  within "$1-session" "$2" session --pass-credentials -- sh -c '"$0" lock inner && exec sleep 600' "$COORD"
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

# follow_all LABEL NAMESPACE: somebody waits for each thing, or follows it; after occupy_all. Besides FOLLOWERS wait and gate,
# which end at the news.
readonly FOLLOWERS=(watch initial observe subscribe resume discover each env items work behind writer slots second meet proxy)
follow_all() {
  inside "$2" barrier hold gate >/dev/null
  within "$1-watch" "$2" watch '' --prefix
  within "$1-initial" "$2" watch news --initial --no-print -- sh -c 'echo "$COORD_EVENT_VALUE"'
  within "$1-observe" "$2" observe e
  within "$1-subscribe" "$2" subscribe t
  within "$1-resume" "$2" subscribe t --resume other --ttl 5m # a name is lost with its lease; this one outlives an outage
  within "$1-discover" "$2" discover --watch svc
  within "$1-each" "$2" discover svc -- sh -c 'echo "$COORD_ADDRS"'
  within "$1-env" "$2" env app --debounce 10ms --on-change signal=USR1 -- \
    sh -c 'trap "echo heard" USR1; echo began; while :; do sleep 0.05; done'
  within "$1-wait" "$2" wait news~.
  within "$1-gate" "$2" barrier wait gate
  within "$1-items" "$2" dequeue --follow items
  within "$1-work" "$2" dequeue --follow work -- cat
  within "$1-behind" "$2" lock l
  within "$1-writer" "$2" rwlock write rw
  within "$1-slots" "$2" sem -j 2 --weight 2 s
  within "$1-second" "$2" elect e second
  within "$1-meet" "$2" dbarrier run meeting --count 2
  within "$1-proxy" "$2" proxy svc --listen 127.0.0.1:0
  wait_until 60 all_follow "$1" "$2"
}
# Contenders in line, and all that prints has printed what was there.
all_follow() { # all_follow LABEL NAMESPACE
  local prefix
  for prefix in l/ rw/ s/ e/; do knows "$2" "$prefix" 2 || return; done
  knows "$2" meeting/ 1 && says "$1-observe" leader-of && says "$1-discover" :1 && says "$1-each" :1 && says "$1-env" began &&
    says "$1-proxy" 127.0.0.1: && watch_hears "$1" "$2"
}
watch_hears() { inside "$2" put ping "$((++pings))" && says "$1-watch" ping; } # what it has missed before it stood is no matter
pings=0

tell_all() { # tell_all NEWS NAMESPACE: a word that contains of- is told to all of follow_all
  inside "$2" put news "$1" && inside "$2" put app/NEWS "$1" && inside "$2" publish t "$1" && inside "$2" enqueue items "$1" &&
    inside "$2" enqueue work "$1" && inside "$2" barrier release gate
} >/dev/null
have_heard() { # have_heard LABEL NEWS
  local one
  for one in watch initial subscribe resume items work; do says "$1-$one" "$2" || return; done
  says "$1-env" heard && has_ended "$1-wait" && has_ended "$1-gate"
}
heard_once() { # heard_once LABEL NEWS: and nothing twice
  local one
  for one in initial subscribe resume items work; do assert_equal "$1-$one: $(grep -c "$2" "$1-$one.out")" "$1-$one: 1"; done
}

# still_run LABEL WORD...: none of LABEL-WORD has ended.
still_run() {
  local one
  for one in "${@:2}"; do ! has_ended "$1-$one" || fail "$1-$one: $(cat "$1-$one.end" "$1-$one.err")"; done
}
