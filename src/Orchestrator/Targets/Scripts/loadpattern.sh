#!/bin/sh
# Plays a binary load on this machine's processors and writes down when each edge really happened, on this machine's own clock.
#
#   loadpattern.sh CLOCK EDGES NANOSECONDS BITS WORKERS
#
# CLOCK defines meterlab_now. Chip k of BITS lasts from k to k+1 times NANOSECONDS after the first; every worker is busy in chips of 1 and
# stopped in chips of 0. EDGES gets a line `LEVEL BEFORE AFTER` for every change of level: the stamps (ns) around the signals.
# Chips follow a fixed grid, so that a late edge does not make the next one late.
. "$1" || exit 1
ml_edges=$2 ml_chip=$3 ml_bits=$4 ml_workers=$5 ml_level=0 ml_index=0 ml_pids=

# Waiting for them puts their CPU time into this run's account.
ml_end() { for ml_pid in $ml_pids; do kill -s KILL "$ml_pid"; done; wait; } 2>/dev/null
trap 'ml_end; exit 143' TERM INT HUP

# Until ml_due on this machine's clock; at once when that has passed.
ml_wait() {
  meterlab_now
  ml_left=$((ml_due - NOW))
  [ "$ml_left" -gt 0 ] || return 0
  ml_fraction=$((ml_left % 1000000000 + 1000000000))
  sleep "$((ml_left / 1000000000)).${ml_fraction#1}"
}

ml_set() {
  if [ "$1" = 1 ]; then ml_signal=CONT; else ml_signal=STOP; fi
  meterlab_now; ml_before=$NOW
  # The process numbers are ours and are meant to be split.
  # shellcheck disable=SC2086
  kill -s "$ml_signal" $ml_pids
  meterlab_now
  printf '%s %s %s\n' "$1" "$ml_before" "$NOW" >>"$ml_edges"
  ml_level=$1
}

while [ "$ml_index" -lt "$ml_workers" ]; do
  (trap - TERM INT HUP; kill -s STOP "$(exec sh -c 'echo "$PPID"')"; while :; do :; done) 8>&- 9>&- &
  ml_pids="$ml_pids $!"
  ml_index=$((ml_index + 1))
done
sleep 0.2 2>/dev/null || { echo "sleep takes no fractions of a second here" >&2; ml_end; exit 1; }

meterlab_now
ml_due=$NOW
while [ -n "$ml_bits" ]; do
  ml_rest=${ml_bits#?}
  ml_bit=${ml_bits%"$ml_rest"}
  ml_bits=$ml_rest
  ml_wait
  [ "$ml_bit" = "$ml_level" ] || ml_set "$ml_bit"
  ml_due=$((ml_due + ml_chip))
done
ml_wait
[ "$ml_level" = 0 ] || ml_set 0
ml_end
