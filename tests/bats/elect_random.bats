#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2154 # expanded by the shell that coord runs
#
# Candidates that are killed, robbed and talked over at random: never do two lead at once, and whoever observes knows the last
# leader in the end. The seed is printed; SEED=N runs the same dice again.

load ../lib/primitive
load ../lib/crowd

# --- helpers ---

# A leader that is robbed has a new one beside it until it has the news, and then for the grace at the most.
readonly GRACE=500 NEWS=1500 # milliseconds; how long news take is up to the machine

# Each life of a leader's command is a number of lines "PID MICROSECONDS" in the file beats.
candidate() { # candidate NUMBER: stands (again) with its number as value
  rm -f "c$1".*
  start "c$1" "$COORD" -q elect --requeue --ttl 2s --grace ${GRACE}ms x "$1" -- \
    bash -c '(($1 % 2)) || trap "" TERM; while :; do echo "$$ ${EPOCHREALTIME/[.,]/}" >>beats; sleep 0.01; done' - "$1"
}

replace_the_dead() {
  local i
  for i in {1..9}; do
    ! is_gone "$(pid_of "c$i")" || candidate "$i"
  done
}

beating() { awk 'END { print $1 }' beats; } # the pid of who leads, or led last
another_than() { [[ $(beating) != "$1" ]]; }
leader_json() { "$COORD" leader x --json; }
has_leader() { leader_json; }

# What each dice throw does to the leader; sets victim, its command. Nothing while it is about to change. Where its key is taken from it the store has a new leader at
# once, and its command a moment to end in: those are noted in the file robbed.
strike() {
  local json key rev number guardian holder
  json=$(leader_json) || return
  read -r key rev number < <(jq -r '"\(.key) \(.rev) \(.value)"' <<<"$json")
  number=${number%%-*}
  guardian=$(pid_of "c$number")
  holder=$(pgrep -P "$guardian") && victim=$(pgrep -P "$holder") && [[ $victim == "$(beating)" ]] || return
  case $((RANDOM % 8)) in
    0) kill -KILL "$victim" ;;
    1) kill -KILL "$holder" ;;
    2) kill -KILL "$guardian" ;;
    3)
      echo "$victim" >>robbed
      etcdctl lease revoke "${key##*/}"
      ;;
    4)
      echo "$victim" >>robbed
      etcdctl del "$key"
      ;;
    5) kill -KILL "$guardian" "$holder" ;;
    6)
      echo "$victim" >>robbed
      "$COORD" proclaim x "$number-again" --key "$key" --rev "$rev"
      "$COORD" resign x --key "$key" --rev "$rev"
      ;;
    7) kill -STOP "$holder" ;;
  esac >/dev/null 2>&1 || true # it may be gone already
}

# No life of a command begins before the one before it has ended, unless that one was robbed: then it ends before long.
lives_follow_each_other() {
  awk -v late=$(((GRACE + NEWS) * 1000)) 'FILENAME == "robbed" { grace[$1] = late; next }
    { if (!($1 in first)) { first[$1] = $2; order[++n] = $1 } last[$1] = $2 }
    END {
      print n, "leaders"
      for (i = 2; i <= n; i++) {
        if (first[order[i]] + grace[order[i - 1]] <= last[order[i - 1]]) { print order[i], "began before", order[i - 1], "ended"; exit 1 }
      }
    }' robbed beats
}

last_seen() { tail -n 1 "$1.out" | jq -r '"\(.leader.key) \(.leader.value)"'; }
agrees() { [[ $(last_seen observer) == "$(leader_json | jq -r '"\(.key) \(.value)"')" && $(tail -n 1 follower.out) == "$(leader_json | jq -r .key)" ]]; }

@test "at random: never two leaders at once, and observers end with the last one" {
  dice
  local i end victim
  : >beats
  : >robbed
  start observer "$COORD" observe x --json
  start follower "$COORD" observe x -- sh -c 'echo "$COORD_LEADER_KEY"'
  for i in {1..9}; do candidate "$i"; done
  wait_until 10 test -s beats
  end=$((SECONDS + 9))
  for ((i = 0; i < 20 && SECONDS < end; i++)); do
    wait_until 20 strike
    wait_until 20 another_than "$victim"
    replace_the_dead
  done
  wait_until 20 has_leader
  wait_until 20 agrees
  lives_follow_each_other >&3
}
