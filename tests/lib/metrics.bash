# shellcheck shell=bash
# What etcd counts of what is asked of it. Load it after etcd.bash.

http_get() { # http_get PATH
  exec 7<>"/dev/tcp/${ETCD_ENDPOINT/://}"
  printf 'GET %s HTTP/1.0\r\n\r\n' "$1" >&7
  cat <&7
  exec 7>&-
}

metric() { # metric NAME [LABEL]: the sum of its series that have the label
  http_get /metrics | awk -v name="$1" -v label="${2:-}" '
    { series = $1; sub(/{.*/, "", series) }
    series == name && index($1, label) { sum += $NF }
    END { printf "%d", sum }'
}

watchers() { metric etcd_debugging_mvcc_watcher_total; } # how many watches the server serves, of whomever
watchers_are_more_than() { (($(watchers) > $1)); }
