#!/bin/sh
# Runs one program on a machine under test and tells, in a folder, what became of it: when it began and ended on this machine's
# own clock, how, and what it cost. It needs a POSIX shell and nothing of the one who started it; that one may go away at any time.
#
#   runner.sh run STATE OPTION... -- NAME=VALUE... -- PROGRAM ARGUMENT...     supervises the program to its end
#   runner.sh start STATE SHELL... runner.sh run ...  detaches such a supervisor and waits until the program is under way
#   runner.sh watch STATE                             answers every line on standard input with running, ended or lost
#   runner.sh stop STATE SIGNAL GRACE                 signals the program's group, and kills its session after GRACE seconds
#   runner.sh hold                                    sleeps, in the folder work of a state, until that run is told to stop
#
# OPTIONS: -t SECONDS (time limit), -g SECONDS (grace between TERM and KILL), -d FOLDER (working directory), -o BYTES (kept of standard
# output, and as much of standard error), -h own (its folder
# is its home: settings in the account's home do not count), -c FOLDER=SIGNAL (the state folder, inside this one, of a run that is signalled when this one ends).
#
# STATE holds clock.sh (defines meterlab_now) and the folder work before; and then: runner (who supervises), pgid (the program's process
# group and session), start (its stamp), stdout, stderr (complete when the record is there), record (written last, at once:
# if it is there, it is complete), error (why nothing was started), log (what the shell itself had to say).
# No value from outside is ever evaluated: everything arrives as an argument and is used between double quotes.

# When a process came to be, in ticks since boot: a process number alone may have been given away again.
ml_birth() {
  ml_value=0
  { read -r ml_line <"/proc/$1/stat"; } 2>/dev/null || return 0
  ml_line=${ml_line##*) }
  # The words of the line are numbers and one letter; splitting them is the point.
  # shellcheck disable=SC2086
  set -- $ml_line
  ml_value=${20}
}

# Signals the group $2, and where /proc tells, every other process of its session: a program may have made groups of its own.
ml_signal_session() {
  kill -s "$1" -- "-$2" 2>/dev/null
  for ml_file in /proc/[0-9]*/stat; do
    { read -r ml_line <"$ml_file"; } 2>/dev/null || continue
    ml_pid=${ml_file#/proc/}
    ml_pid=${ml_pid%/stat}
    ml_line=${ml_line##*) }
    # shellcheck disable=SC2086
    ml_signal_member "$1" "$2" "$ml_pid" $ml_line
  done
}

# signal session pid state parent group session ...
ml_signal_member() {
  if [ "$7" = "$2" ] && [ "$6" != "$2" ] && [ "$4" != Z ]; then kill -s "$1" "$3" 2>/dev/null; fi
}

# Whether anything of the session $1 still runs; a zombie does not.
ml_session_alive() {
  if [ ! -r /proc/self/stat ]; then kill -s 0 -- "-$1" 2>/dev/null; return; fi
  for ml_file in /proc/[0-9]*/stat; do
    { read -r ml_line <"$ml_file"; } 2>/dev/null || continue
    ml_line=${ml_line##*) }
    # shellcheck disable=SC2086
    if ml_is_member "$1" $ml_line; then return 0; fi
  done
  return 1
}

# session state parent group session ...
ml_is_member() { { [ "$5" = "$1" ] || [ "$4" = "$1" ]; } && [ "$2" != Z ]; }

ml_pause() { sleep "0.$1" 2>/dev/null || sleep 1; }

# $2 becomes the file $1, whole or not at all.
ml_write() { printf '%s\n' "$2" >"$1.tmp" && mv -f "$1.tmp" "$1"; }

# An empty file. Not `: >file`: a redirection that fails on a special builtin would end the shell.
ml_mark() { true >"$1"; }

ml_read() { ml_value=; { read -r ml_value <"$1"; } 2>/dev/null || :; }

ml_boot_id() { ml_read /proc/sys/kernel/random/boot_id; }

# running, ended, or lost: the supervisor is gone and has left no record.
ml_state() {
  if [ -f record ]; then ml_value=ended; return; fi
  ml_boot_id
  ml_boot=$ml_value
  ml_pid= ml_born= ml_then=
  { read -r ml_pid ml_born ml_then <runner; } 2>/dev/null || :
  ml_birth "${ml_pid:-0}"
  if [ -n "$ml_pid" ] && [ "$ml_then" = "$ml_boot" ] && [ "$ml_value" = "$ml_born" ] && kill -s 0 "$ml_pid" 2>/dev/null; then
    ml_value=running
  elif [ -f record ]; then
    ml_value=ended
  else
    ml_value=lost
  fi
}

ml_start() {
  cd -- "$1" || exit 1
  shift
  if ml_setsid=$(command -v setsid); then
    # The first setsid makes a leader, the second must therefore fork: detached, with no signal ignored on the way.
    (exec "$ml_setsid" "$ml_setsid" "$@" </dev/null >/dev/null 2>>log)
  else
    set -m
    "$@" </dev/null >/dev/null 2>>log &
  fi
  ml_left=100
  until [ -f start ] || [ -f error ] || [ "$ml_left" = 0 ]; do
    ml_pause 05
    ml_left=$((ml_left - 1))
  done
  if [ -f error ]; then cat error >&2; exit 1; fi
  [ -f start ] || { echo "the program was not started within the time allowed" >&2; cat log >&2; exit 1; }
}

ml_stop() {
  cd -- "$1" || exit 1
  ml_state
  [ "$ml_value" = running ] || exit 0
  ml_mark stopped
  ml_left=$3 ml_sent=
  while [ ! -f record ] && [ "$ml_left" -ge 0 ]; do
    ml_read pgid
    if [ -z "$ml_sent" ] && [ -n "$ml_value" ]; then kill -s "$2" -- "-$ml_value" 2>/dev/null && ml_sent=1; fi
    for ml_tenth in 1 2 3 4 5 6 7 8 9 10; do
      [ -f record ] && exit 0
      sleep 0.1 2>/dev/null || { sleep 1; break; }
    done
    ml_left=$((ml_left - 1))
  done
  ml_read pgid
  [ -n "$ml_value" ] && ml_signal_session KILL "$ml_value"
  ml_left=100
  while [ ! -f record ] && [ "$ml_left" -gt 0 ]; do ml_pause 05; ml_left=$((ml_left - 1)); done
  [ -f record ]
}

ml_fail() { ml_write error "$1"; exit 1; }

ml_cpu() { ml_value=; { read -r _ ml_value </proc/stat; } 2>/dev/null || :; }

ml_suspends() { ml_read /sys/power/suspend_stats/success; }

# Keeps the first $1 bytes of a stream and lets the rest run past: a full pipe would hold the program up. Without stdbuf the file may be
# late, but is complete in the end.
ml_keep() { ${ml_stdbuf:+"$ml_stdbuf" -o0} head -c "$1"; cat >/dev/null; }

# A sleep that ends with whoever sleeps.
ml_nap() { sleep "$1" & ml_sleeper=$!; wait "$ml_sleeper"; }

ml_watchdog() {
  ml_sleeper=
  trap '[ -n "$ml_sleeper" ] && kill "$ml_sleeper" 2>/dev/null; exit 0' TERM
  # The group is learnt early: the limit must hold even when somebody removes the state folder meanwhile.
  ml_nap 1
  ml_read pgid
  ml_group=$ml_value
  ml_nap $(($1 - 1))
  ml_mark timed-out
  ml_signal_session TERM "$ml_group"
  # A stopped process takes no TERM before it goes on.
  kill -s CONT -- "-$ml_group" 2>/dev/null
  ml_nap "$2"
  ml_signal_session KILL "$ml_group"
}

# The program itself: the stamp is the last thing before it. The subshell is no group leader, so setsid keeps its number.
ml_launch() {
  exec </dev/null >out.fifo 2>err.fifo
  # $PPID of a child is this subshell; $$ would be the supervisor.
  ml_write pgid "$(exec sh -c 'echo "$PPID"')"
  cd -- "$ml_folder" || { ml_write "$ml_home/error" "the working directory cannot be entered: $ml_folder"; exit 126; }
  if [ -n "$ml_own_home" ]; then
    # Python packages that were installed for the account alone stay where they are found.
    export PYTHONUSERBASE="${PYTHONUSERBASE:-${HOME:-/}/.local}"
    export METERLAB_ACCOUNT_HOME="${HOME:-/}"
    export HOME="$PWD"
  fi
  meterlab_now
  # One write of one short line into a new file: nobody sees half of it, and no process comes between stamp and program.
  printf '%s\n' "$NOW" >"$ml_home/start"
  while [ "$1" != -- ]; do
    export "${1?}"
    shift
  done
  shift
  exec ${ml_setsid:+"$ml_setsid"} "$@" 8>&- 9>&-
}

ml_run() {
  ml_limit= ml_grace=5 ml_folder=work ml_bytes=1048576 ml_companions= ml_own_home=
  while [ $# -gt 0 ]; do
    case $1 in
    -t) ml_limit=$2 ;;
    -g) ml_grace=$2 ;;
    -d) ml_folder=$2 ;;
    -o) ml_bytes=$2 ;;
    -h) ml_own_home=$2 ;;
    -c) ml_companions="$ml_companions $2" ;;
    --) shift; break ;;
    *) ml_fail "unknown option $1" ;;
    esac
    shift 2
  done
  ml_home=$PWD
  ml_boot_id
  ml_boot=$ml_value
  ml_birth $$
  ml_write runner "$$ $ml_value $ml_boot"
  . ./clock.sh
  meterlab_now
  case $NOW in '' | *[!0-9]*) ml_fail "the clock helper answered '$NOW' instead of nanoseconds" ;; esac
  ml_stdbuf=$(command -v stdbuf)
  mkfifo out.fifo err.fifo || ml_fail "mkfifo failed in $PWD"
  ml_keep "$ml_bytes" <out.fifo >stdout 2>/dev/null & ml_out=$!
  ml_keep "$ml_bytes" <err.fifo >stderr 2>/dev/null & ml_err=$!
  ml_dog=
  if [ -n "$ml_limit" ]; then ml_watchdog "$ml_limit" "$ml_grace" & ml_dog=$!; fi
  ml_suspends; ml_suspends_start=$ml_value
  ml_setsid=$(command -v setsid) || {
    set -m
    case $- in *m*) ;; *) ml_fail "there is neither setsid nor a shell with job control: install util-linux or bash" ;; esac
  }
  ml_times; ml_children_start=$ml_children
  ml_cpu; ml_cpu_start=$ml_value
  (ml_launch "$@")
  ml_code=$?
  meterlab_now; ml_end=$NOW
  ml_cpu; ml_cpu_end=$ml_value
  ml_times; ml_children_end=$ml_children
  ml_finish
}

ml_times() {
  times >times
  { read -r ml_self; read -r ml_children; } <times
}

# After the end stamp: first the runs beside this one, so that they count as little as possible of what comes after the program.
ml_finish() {
  for ml_pair in $ml_companions; do
    ml_read "${ml_pair%=*}/pgid"
    ml_mark "${ml_pair%=*}/stopped"
    [ -n "$ml_value" ] && kill -s "${ml_pair##*=}" -- "-$ml_value" 2>/dev/null
  done
  [ -n "$ml_dog" ] && kill "$ml_dog" 2>/dev/null
  ml_leftovers=0
  ml_read pgid; ml_group=$ml_value
  if [ -n "$ml_group" ] && ml_session_alive "$ml_group"; then
    # What a run started ends with the run; otherwise it would be in the next one's baseline.
    ml_leftovers=1
    ml_signal_session TERM "$ml_group"
    kill -s CONT -- "-$ml_group" 2>/dev/null
    ml_left=$ml_grace
    while [ "$ml_left" -gt 0 ] && ml_session_alive "$ml_group"; do sleep 1; ml_left=$((ml_left - 1)); done
    ml_signal_session KILL "$ml_group"
  fi
  (sleep 2; kill "$ml_out" "$ml_err") >/dev/null 2>&1 & ml_guard=$!
  wait "$ml_out" "$ml_err"
  kill "$ml_guard" 2>/dev/null
  ml_suspends; ml_suspends_end=$ml_value
  ml_read start; ml_begin=$ml_value
  ml_times
  ml_record
}

# A program that can only wrap a command wraps this one: it ends, with the run, by the mark that every stop sets first.
ml_hold() {
  until [ -e ../stopped ] || [ ! -d ../work ]; do ml_pause 2; done
}

ml_flag() { if [ -e "$1" ]; then echo 1; else echo 0; fi; }

ml_record() {
  [ -f error ] && exit 1
  {
    echo format=1
    echo "boot_id=$ml_boot"
    echo "start_ns=$ml_begin"
    echo "end_ns=$ml_end"
    echo "exit_code=$ml_code"
    echo "timed_out=$(ml_flag timed-out)"
    echo "stopped=$(ml_flag stopped)"
    echo "leftovers=$ml_leftovers"
    echo "suspends_start=$ml_suspends_start"
    echo "suspends_end=$ml_suspends_end"
    echo "ticks_per_second=$(getconf CLK_TCK 2>/dev/null || echo 100)"
    echo "machine_start=$ml_cpu_start"
    echo "machine_end=$ml_cpu_end"
    echo "children_start=$ml_children_start"
    echo "children_end=$ml_children_end"
    echo "runner_self=$ml_self"
    echo "runner_children=$ml_children"
  } >record.tmp
  mv -f record.tmp record
}

ml_mode=$1
case $ml_mode in
start) shift; ml_start "$@" ;;
run) cd -- "$2" || exit 1; shift 2; ml_run "$@" ;;
watch) cd -- "$2" || exit 1; while read -r _; do ml_state; echo "$ml_value"; done ;;
stop) shift; ml_stop "$@" ;;
hold) ml_hold ;;
*) echo "runner.sh: unknown mode $ml_mode" >&2; exit 2 ;;
esac
