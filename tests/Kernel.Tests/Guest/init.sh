#!/bin/busybox sh
# The first and only program of the guest: plays the scenes, one after the other, and prints what the program under test says of each.
/bin/busybox --install -s /bin
export PATH=/bin DOTNET_ROOT=/runtime DOTNET_TieredPGO=0 DOTNET_EnableDiagnostics=0 HOME=/tmp
mount -t proc none /proc
mount -t sysfs none /sys
mount -t devtmpfs none /dev
mount -t tmpfs none /tmp
parameters=/sys/module/rig_i2c/parameters
bus=/sys/bus/i2c/devices/i2c-7

load() { for module; do insmod "/modules/$module.ko" || echo "no module $module"; done; }

# scene NAME ARGUMENTS: runs the program; prints the scene in one piece, whatever runs beside it.
scene() {
    name=$1
    shift
    /runtime/dotnet /app/meterlab.dll meter "$@" >"/tmp/$name.out" 2>"/tmp/$name.err"
    code=$?
    {
        echo "@scene $name $code"
        cat "/tmp/$name.out"
        echo "@errors"
        cat "/tmp/$name.err"
        [ -f "/tmp/$name.csv" ] && echo "@csv" && cat "/tmp/$name.csv"
        echo "@end"
    } >"/tmp/$name.scene"
    while ! mkdir /tmp/console 2>/dev/null; do sleep 0.05; done
    cat "/tmp/$name.scene"
    rmdir /tmp/console
}

# until_records NAME: until the program says that it records, however long it takes to get there.
until_records() { while ! grep -q recording "/tmp/$1.err" 2>/dev/null; do sleep 0.2; done; }

# unload MODULE: the program may be trying the adapter at this very moment.
unload() {
    for try in 1 2 3 4 5 6 7 8 9; do rmmod "$1" 2>/dev/null && return; sleep 0.3; done
    echo "$1 is still held"
}

read_chip() { scene "$1-driver" read "i2c://7/$2?model=$1&shunt=10mohm&max-current=4A" --json; }
read_kernel() { scene "$1-$3" read "hwmon://$1@7-00${2#0x}" --json; }

# shellcheck disable=SC2046 # a list of names
load $(cat /modules/order)
# The stimulus is 2.5 A at 12 V behind 10 mohm: 30 W.
read_chip ina219 0x40 & read_chip ina226 0x41
wait
read_chip ina228 0x42 & read_chip ina238 0x43
wait
for chip in "ina219 0x40" "ina226 0x41" "ina228 0x42" "ina238 0x43"; do echo "$chip" >$bus/new_device; done
read_kernel ina219 0x40 hwmon & read_kernel ina226 0x41 hwmon
wait
read_kernel ina228 0x42 hwmon & read_kernel ina238 0x43 hwmon
wait
scene claimed read "i2c://7/0x41?model=ina226&shunt=10mohm&max-current=4A"
# The other driver of the same chips: what the one leaves, it takes.
unload ina2xx
load ina2xx-adc
read_kernel ina219 0x40 iio & read_kernel ina226 0x41 iio
wait
echo 0x41 >$bus/delete_device
unload ina2xx-adc
load ina2xx

echo -1250000 >$parameters/microamps
scene reversed-driver read "i2c://7/0x41?model=ina226&shunt=10mohm&max-current=4A" --json &
scene reversed-hwmon read "hwmon://ina228@7-0042" --json
wait
echo 2500000 >$parameters/microamps

scene absent read "i2c://7/0x48?model=ina226&shunt=10mohm&max-current=4A" &
scene absent-hwmon read "hwmon://ina226@7-0048"
wait
echo 1 >$parameters/nacks
scene nack read "i2c://7/0x41?model=ina226&shunt=10mohm&max-current=4A"

# Two chips: one has one owner. One refusal in the middle of a recording; later the adapter dies under it, is removed, and comes back.
scene record record "i2c://7/0x41?model=ina226&shunt=10mohm&max-current=4A" --seconds 22 --out /tmp/record.csv &
scene record-hwmon record "hwmon://ina219@7-0040" --interval 50ms --seconds 22 --out /tmp/record-hwmon.csv &
until_records record
until_records record-hwmon
sleep 8
echo 2 >$parameters/nacks
sleep 1
echo Y >$parameters/gone
sleep 1
unload rig_i2c
sleep 1
load rig_i2c
echo ina219 0x40 >$bus/new_device
wait
unload rig_i2c
scene removed read "i2c://7/0x41?model=ina226&shunt=10mohm&max-current=4A"

# A USB serial line with a Modbus meter at its far end, pulled out and plugged in again.
load g_serial
modbus_slave /dev/ttyGS0 &
while [ ! -e /dev/ttyACM0 ]; do sleep 0.2; done
meter="modbus-rtu:///dev/ttyACM0/1?model=eastron-sdm120&baud=115200"
scene serial read "$meter" --json
scene serial-record record "$meter" --interval 100ms --seconds 14 --out /tmp/serial-record.csv &
until_records serial-record
sleep 4
unload g_serial
sleep 1
load g_serial
while [ ! -e /dev/ttyGS0 ]; do sleep 0.2; done
modbus_slave /dev/ttyGS0 &
while [ ! -f /tmp/serial-record.scene ]; do sleep 0.2; done
sleep 1
unload g_serial
scene serial-removed read "$meter"
echo "@done"
poweroff -f
