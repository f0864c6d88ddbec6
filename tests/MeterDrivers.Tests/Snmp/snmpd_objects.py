"""Serves objects from a file of lines "OID TYPE VALUE" to snmpd (pass_persist). Every request reads the file anew."""
import sys


def load(path):
    objects = {}
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            oid, kind, value = line.rstrip("\n").split(" ", 2)
            objects[oid] = (kind, value)
    return objects


def main():
    while True:
        command = sys.stdin.readline()
        if not command:
            return
        command = command.strip()
        if command == "PING":
            print("PONG", flush=True)
            continue
        oid = sys.stdin.readline().strip().lstrip(".")
        found = load(sys.argv[1]).get(oid) if command == "get" else None
        print("NONE" if found is None else f".{oid}\n{found[0]}\n{found[1]}", flush=True)


main()
