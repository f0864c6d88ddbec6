#!/bin/sh
# Tells what this machine is, as far as it changes what the machine draws: a line KEY=VALUE for each thing, a key several times for a list.
# What cannot be read is left out. METERLAB_SYSROOT stands before /sys; a virtual machine has its own.
ml_sys=${METERLAB_SYSROOT:-}/sys
first() { for f in "$@"; do [ -r "$f" ] && { head -n 1 "$f" 2>/dev/null; return; }; done; }
field() { sed -n "s/^$1[[:space:]]*:[[:space:]]*//p" "$2" 2>/dev/null | head -n 1; }
say() { [ -n "$2" ] && printf '%s=%s\n' "$1" "$2"; }
quick() { if command -v timeout >/dev/null; then timeout 10 "$@"; else "$@"; fi; } 2>/dev/null

say system "$(uname -s)"
say kernel "$(uname -r)"
say machine "$(uname -m)"
say host "$(uname -n)"
say cpu "$(field 'model name' /proc/cpuinfo)"
say cpus "$(getconf _NPROCESSORS_ONLN 2>/dev/null || nproc 2>/dev/null)"
say memory_kib "$(field MemTotal /proc/meminfo | tr -cd 0-9)"
say microcode "$(field microcode /proc/cpuinfo)"
say boot_id "$(first /proc/sys/kernel/random/boot_id)"
say clocksource "$(first $ml_sys/devices/system/clocksource/clocksource0/current_clocksource)"
say firmware "$(first $ml_sys/class/dmi/id/bios_vendor) $(first $ml_sys/class/dmi/id/bios_version) $(first $ml_sys/class/dmi/id/bios_date)"
say governor "$(cat $ml_sys/devices/system/cpu/cpu[0-9]*/cpufreq/scaling_governor 2>/dev/null | sort -u | tr '\n' ' ')"
say smt "$(first $ml_sys/devices/system/cpu/smt/control)"
say turbo_off "$(first $ml_sys/devices/system/cpu/intel_pstate/no_turbo)"
say boost "$(first $ml_sys/devices/system/cpu/cpufreq/boost)"

for f in $ml_sys/class/powercap/*/constraint_*_power_limit_uw $ml_sys/class/drm/card*/device/hwmon/hwmon*/power1_cap; do
  [ -r "$f" ] && say power_limit "${f#"$ml_sys"/class/} $(first "$f")"
done
if command -v nvidia-smi >/dev/null; then
  quick nvidia-smi --query-gpu=name,persistence_mode,power.limit --format=csv,noheader | while IFS= read -r l; do say gpu "$l"; done
fi
if command -v dmidecode >/dev/null && [ -z "${METERLAB_SYSROOT:-}" ]; then
  quick dmidecode -t 17 | sed -n -e 's/^[[:space:]]*Size: \([0-9]\)/size \1/p' -e 's/^[[:space:]]*Part Number: /part /p' \
    -e 's/^[[:space:]]*Configured Memory Speed: \([0-9]\)/speed \1/p' | while IFS= read -r l; do say dimm "$l"; done
fi
for d in $ml_sys/devices/system/edac/mc/mc*/dimm*; do
  [ -r "$d/size" ] && say edac_dimm "${d##*/} $(first "$d/size") MiB $(first "$d/dimm_mem_type")"
done
for d in $ml_sys/bus/pci/devices/*; do
  [ -r "$d/vendor" ] && say pci "${d##*/} $(first "$d/vendor"):$(first "$d/device")"
done
for d in $ml_sys/bus/usb/devices/*; do
  [ -r "$d/idVendor" ] && say usb "$(first "$d/idVendor"):$(first "$d/idProduct") $(first "$d/product")"
done
if command -v systemctl >/dev/null && ml_units=$(quick systemctl list-units --type=service --state=running --no-legend --plain --no-pager); then
  say services known
  printf '%s\n' "$ml_units" | while read -r l ml_rest; do say service "$l"; done
fi
exit 0
