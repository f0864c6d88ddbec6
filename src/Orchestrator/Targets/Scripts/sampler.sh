#!/bin/sh
# Reads a power sensor of this machine at a steady rate and writes down what it said, each reading between two stamps of this machine's
# own clock. It is started in the folder work of an estimator's state, whose parent holds clock.sh. TERM stops it after one more reading, which
# begins after the signal: the reading before would leave the end of the run out.
#
#   sampler.sh FILE INTERVAL_NS rapl ROOT             every powercap zone with an energy counter, new ones as they appear
#   sampler.sh FILE INTERVAL_NS battery ROOT          every battery's power, or current and voltage
#   sampler.sh FILE INTERVAL_NS amd ROOT [PROGRAM]    graphics cards of AMD: hwmon, or amd-smi, or rocm-smi
#   sampler.sh FILE INTERVAL_NS nvidia PROGRAM        graphics cards of NVIDIA by nvidia-smi, which stays open
#   sampler.sh FILE INTERVAL_NS redfish URL           a board controller's answer to curl
#   sampler.sh FILE INTERVAL_NS run PROGRAM...        what a program prints, started anew each time
#
# FILE: "meterlab-sensor 1 KIND INTERVAL_NS"; "zone NUMBER FOLDER PARENT RANGE NAME" and "denied FOLDER PARENT RANGE NAME" for powercap; then, a
# reading each, "@ BEFORE AFTER EXIT_CODE" and what was read in lines that begin with "> ". A value that could not be read is "-".
# No value from outside is ever evaluated: everything arrives as an argument and is used between double quotes.

# bash reads the clock, files and the pause itself; any other shell starts a process for some of that.
if [ -z "${BASH_VERSION:-}" ] && command -v bash >/dev/null; then exec bash --norc --noprofile "$0" "$@"; fi

ml_newline='
'

# Sets ml_value to the first line of a file, or to "-".
ml_reading() {
  ml_value=
  { read -r ml_value <"$1"; } 2>/dev/null || :
  [ -n "$ml_value" ] || ml_value=-
}

# The same for a counter: digits, or "-".
ml_counter() {
  ml_reading "$1"
  case $ml_value in *[!0-9]*) ml_value=- ;; esac
}

# Waits for the next point of a grid that does not drift. Being late moves the grid: readings are never bunched. A clock that was set back
# does not make it sleep for hours. After a signal there is one reading left.
ml_next() {
  [ -z "$ml_last" ] || exit 0
  ml_wait
  ml_last=$ml_stopping
}

ml_wait() {
  [ -z "$ml_stopping" ] || return 0
  ml_due=$((ml_due + ml_interval))
  meterlab_now
  ml_left=$((ml_due - NOW))
  if [ "$ml_left" -le 0 ]; then ml_due=$NOW; return; fi
  if [ "$ml_left" -gt "$ml_interval" ]; then ml_due=$((NOW + ml_interval)) ml_left=$ml_interval; fi
  ml_part=$((ml_left % 1000000000 + 1000000000))
  ml_seconds=$((ml_left / 1000000000)).${ml_part#1}
  if [ -n "${BASH_VERSION:-}" ]; then
    # Nothing is ever written to it: a pause that starts no process.
    # shellcheck disable=SC3045
    read -r -t "$ml_seconds" _ <&7
  else
    sleep "$ml_seconds" 2>/dev/null || [ -n "$ml_stopping" ] || sleep 1
  fi
}

# Once, when something was read: whoever waits for that may begin.
ml_ready() {
  [ -n "$ml_is_ready" ] || echo "meterlab-sampler: measuring"
  ml_is_ready=1
}

# A reading: stamps, exit code, and text whose every line is marked.
ml_keep() {
  printf '@ %s %s %s\n' "$1" "$2" "$3" >&3
  ml_rest=$4
  while [ -n "$ml_rest" ]; do
    printf '> %s\n' "${ml_rest%%"$ml_newline"*}" >&3
    case $ml_rest in *"$ml_newline"*) ml_rest=${ml_rest#*"$ml_newline"} ;; *) ml_rest= ;; esac
  done
  ml_ready
}

# The powercap class lists zones of all levels side by side; a copied tree may only nest them. A zone is known by its folder's name.
ml_rapl() {
  ml_root=$1 ml_known=' ' ml_denied=' ' ml_rescan=0 ml_count=0
  shift
  while :; do
    meterlab_now
    if [ "$NOW" -ge "$ml_rescan" ]; then
      ml_rescan=$((NOW + 1000000000))
      for ml_file in "$ml_root"/*/energy_uj "$ml_root"/*/*:*/energy_uj "$ml_root"/*/*:*/*:*/energy_uj; do
        ml_zone "$ml_file" && set -- "$@" "$ml_file"
      done
    fi
    meterlab_now; ml_before=$NOW
    ml_values= ml_number=0
    for ml_file in "$@"; do
      ml_counter "$ml_file"
      ml_values="$ml_values$ml_number=$ml_value "
      ml_number=$((ml_number + 1))
    done
    meterlab_now
    ml_keep "$ml_before" "$NOW" 0 "${ml_values% }"
    ml_next
  done
}

# Whether a zone is met for the first time and can be read; it is described then, and where it cannot, that is said once.
ml_zone() {
  ml_folder=${1%/energy_uj}
  ml_base=${ml_folder##*/}
  case $ml_known in *" $ml_base "*) return 1 ;; esac
  [ -e "$1" ] || return 1
  ml_reading "$ml_folder/name"; ml_name=$ml_value
  ml_counter "$ml_folder/max_energy_range_uj"; ml_range=$ml_value
  ml_parent=${ml_folder%/*} ml_above=-
  case $ml_base in *:*:*)
    for ml_candidate in "$ml_root/${ml_base%:*}/name" "$ml_parent/name"; do
      [ "$ml_above" != - ] || { ml_reading "$ml_candidate"; ml_above=$ml_value; }
    done ;;
  esac
  if [ ! -r "$1" ]; then
    case $ml_denied in *" $ml_base "*) return 1 ;; esac
    ml_denied="$ml_denied$ml_base "
    printf 'denied %s %s %s %s\n' "$ml_base" "$ml_above" "$ml_range" "$ml_name" >&3
    return 1
  fi
  ml_known="$ml_known$ml_base "
  printf 'zone %s %s %s %s %s\n' "$ml_count" "$ml_base" "$ml_above" "$ml_range" "$ml_name" >&3
  ml_count=$((ml_count + 1))
}

ml_battery() {
  while :; do
    meterlab_now; ml_before=$NOW
    ml_text=
    for ml_supply in "$1"/*; do
      ml_reading "$ml_supply/type"
      [ "$ml_value" = Battery ] || continue
      ml_line="${ml_supply##*/}"
      for ml_file in status power_now current_now voltage_now energy_now; do
        ml_reading "$ml_supply/$ml_file"
        ml_line="$ml_line $ml_file=$ml_value"
      done
      ml_text="$ml_text$ml_line$ml_newline"
    done
    meterlab_now
    ml_keep "$ml_before" "$NOW" 0 "$ml_text"
    ml_next
  done
}

ml_hwmon() {
  while :; do
    meterlab_now; ml_before=$NOW
    ml_text=
    for ml_folder in "$1"/hwmon*; do
      ml_reading "$ml_folder/name"
      [ "$ml_value" = amdgpu ] || continue
      ml_counter "$ml_folder/power1_average"
      [ "$ml_value" != - ] || ml_counter "$ml_folder/power1_input"
      ml_text="$ml_text${ml_folder##*/} $ml_value$ml_newline"
    done
    meterlab_now
    ml_keep "$ml_before" "$NOW" 0 "$ml_text"
    ml_next
  done
}

# What is cheapest for the machine comes first, unless somebody named a program.
ml_amd() {
  if [ -n "${2:-}" ]; then
    case ${2##*/} in rocm-smi*) ml_run "$2" --showpower --json ;; *) ml_run "$2" metric --power --json ;; esac
  fi
  for ml_folder in "$1"/hwmon*; do
    ml_reading "$ml_folder/name"
    if [ "$ml_value" = amdgpu ]; then ml_hwmon "$1"; fi
  done
  if command -v amd-smi >/dev/null; then ml_run amd-smi metric --power --json; fi
  ml_run rocm-smi --showpower --json
}

# Asks only for what this driver knows; one unknown name would make it refuse all. It may print once and end: then it is started again.
ml_nvidia() {
  ml_fields=timestamp,index,uuid,name,power.draw
  ml_help=$("$1" --help-query-gpu 2>/dev/null </dev/null)
  for ml_field in power.draw.instant power.draw.average total_energy_consumption; do
    case $ml_help in *"\"$ml_field\""*) ml_fields=$ml_fields,$ml_field ;; esac
  done
  printf 'fields %s\n' "$ml_fields" >&3
  while :; do
    "$1" "--query-gpu=$ml_fields" --format=csv,noheader,nounits -lms "$((ml_interval / 1000000))" 2>&1 </dev/null |
      while read -r ml_line; do
        meterlab_now
        ml_keep "$NOW" "$NOW" 0 "$ml_line"
      done
    ml_is_ready=1
    ml_wait
    if [ -n "$ml_stopping" ]; then
      meterlab_now; ml_before=$NOW
      ml_text=$(ml_limited "$1" "--query-gpu=$ml_fields" --format=csv,noheader,nounits)
      meterlab_now
      ml_keep "$ml_before" "$NOW" 0 "$ml_text"
      exit 0
    fi
  done
}

# A program with a time limit, where the machine has a tool for that; what it says on either stream is its answer.
ml_limited() {
  if [ -n "$ml_timeout" ]; then "$ml_timeout" 5 "$@"; else "$@"; fi 2>&1 </dev/null
}

ml_run() {
  while :; do
    meterlab_now; ml_before=$NOW
    ml_text=$(ml_limited "$@")
    ml_code=$?
    meterlab_now
    ml_keep "$ml_before" "$NOW" "$ml_code" "$ml_text"
    ml_next
  done
}

# User name, password and certificate stand in a file of the account's that curl reads itself; they are in nobody's list of processes.
ml_redfish() {
  ml_secrets=${METERLAB_ACCOUNT_HOME:-/}/.meterlab/redfish.curlrc
  if [ -r "$ml_secrets" ]; then
    ml_run curl -sS --fail --max-time 4 -K "$ml_secrets" --url "$1"
  else
    ml_run curl -sS --fail --max-time 4 --url "$1"
  fi
}

ml_out=$1 ml_interval=$2 ml_kind=$3 ml_is_ready= ml_stopping= ml_last=
ml_timeout=$(command -v timeout)
shift 3
case $ml_interval in '' | *[!0-9]*) echo "sampler.sh: the interval is '$ml_interval', not nanoseconds" >&2; exit 2 ;; esac
. ../clock.sh
mkfifo pause.fifo && exec 7<>pause.fifo && rm -f pause.fifo && exec 3>"$ml_out" || exit 1
# The line ends a pause that is under way.
trap 'ml_stopping=1; echo >&7' TERM INT
printf 'meterlab-sensor 1 %s %s\n' "$ml_kind" "$ml_interval" >&3
meterlab_now
ml_due=$NOW
case $ml_kind in
rapl | battery | amd | nvidia | redfish | run) "ml_$ml_kind" "$@" ;;
*) echo "sampler.sh: unknown sensor $ml_kind" >&2; exit 2 ;;
esac
