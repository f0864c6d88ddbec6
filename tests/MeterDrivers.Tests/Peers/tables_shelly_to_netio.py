"""Register tables, typed from the facts sheet for the tests: Shelly, SunSpec and rack PDUs."""
from register_list import LINES, PHASES, every, model
from register_model import MILLI, WH, letters, words

# ---- 2.13 Shelly: low word first, printed numbers less 30000
def shelly(name):
    m = model(name, 4, "f32", "CDAB", rtu=False)
    m.put(4, 0, letters("A8032ABE54DC", 6))
    m.put(4, 6, letters("SPEM-003CEBEU", 10))
    m.serial = "A8032ABE54DC"
    return m


for name in ("shelly-pro-3em", "shelly-3em-63-gen3"):
    m = shelly(name)
    m.fill(1000, 1079)
    m.add("n", "current", 31007 - 30000)
    m.add("total", "current", 31011 - 30000)
    m.add("total", "active-power", 31013 - 30000, value=-431.5)
    m.add("total", "apparent-power", 31015 - 30000)
    for phase, base in zip(PHASES, (1020, 1040, 1060)):
        for quantity, offset in (("voltage", 0), ("current", 2), ("active-power", 4), ("apparent-power", 6), ("power-factor", 8), ("frequency", 13)):
            m.add(phase, quantity, base + offset)
    m.add("total", "energy-import", 1162, WH)
    m.add("total", "energy-export", 1164, WH)
for name in ("shelly-pro-em", "shelly-pro-em-50"):
    m = shelly(name)
    m.fill(2000, 2039)
    for channel, base in (("ch1", 2000), ("ch2", 2020)):
        for quantity, offset in (("voltage", 3), ("current", 5), ("active-power", 7), ("apparent-power", 9), ("power-factor", 11), ("frequency", 16)):
            m.add(channel, quantity, base + offset)


# ---- 2.14 SunSpec
def sunspec(number, start, before):
    m = model("sunspec-%d" % number, 3, "f32" if number > 210 else "i16")
    at = start
    m.put(3, at, [0x5375, 0x6E53])
    at += 2
    common = [1, 66] + letters("Acme", 16) + letters("Wattnode", 16) + letters("", 8) + letters("1.7", 8) + letters("SN-0042", 16) + [1, 0]
    m.put(3, at, common)
    m.serial = "SN-0042"
    at += 68
    for other, length in before:
        m.put(3, at, [other, length] + [0] * length)
        at += 2 + length
    length = 124 if number > 210 else 105
    m.fill(at, at + 1 + length)
    m.put(3, at, [number, length])
    m.put(3, at + 2 + length, [0xFFFF, 0])
    return m, at


def sunspec_numbers(m, at, count, lines):
    phases = PHASES[:count]
    scales = {"A": -2, "V": -1, "Hz": -2, "W": 1, "VA": 0, "var": 0, "PF": -2, "Wh": 1}
    for name, offset in (("A", 6), ("V", 15), ("Hz", 17), ("W", 22), ("VA", 27), ("var", 32), ("PF", 37), ("Wh", 54)):
        m.put(3, at + offset, words("i16", "ABCD", scales[name]))
    unit = {name: 10.0 ** power for name, power in scales.items()}
    for quantity, name, first, factor in (("current", "A", 2, 1.0), ("active-power", "W", 18, 1.0), ("apparent-power", "VA", 23, 1.0),
                                          ("reactive-power", "var", 28, 1.0), ("power-factor", "PF", 33, 0.01)):
        m.each(["total"] + phases, quantity, every(at + first, 1, 1 + count), unit[name] * factor)
    m.each(["average"] + phases, "voltage", every(at + 7, 1, 1 + count), unit["V"])
    if lines:
        m.each(["average-l-l"] + LINES[:lines], "voltage", every(at + 11, 1, 1 + lines), unit["V"])
    m.add("total", "frequency", at + 16, unit["Hz"])
    m.each(["total"] + phases, "energy-export", every(at + 38, 2, 1 + count), unit["Wh"] * WH, "u32")
    m.each(["total"] + phases, "energy-import", every(at + 46, 2, 1 + count), unit["Wh"] * WH, "u32")


def sunspec_floats(m, at, count, lines):
    phases = PHASES[:count]
    for quantity, first, factor in (("current", 2, 1.0), ("active-power", 28, 1.0), ("apparent-power", 36, 1.0), ("reactive-power", 44, 1.0),
                                    ("power-factor", 52, 1.0), ("energy-export", 60, WH), ("energy-import", 68, WH)):
        m.each(["total"] + phases, quantity, every(at + first, 2, 1 + count), factor)
    m.each(["average"] + phases, "voltage", every(at + 10, 2, 1 + count))
    if lines:
        m.each(["average-l-l"] + LINES[:lines], "voltage", every(at + 18, 2, 1 + lines))
    m.add("total", "frequency", at + 26)


for start, before, numbers in ((40000, [], (201, 211)), (50000, [(12, 98)], (202, 212)), (0, [], (203, 213)), (40000, [(101, 50), (64110, 4)], (204, 214))):
    shape = {1: (1, 0), 2: (2, 1), 3: (3, 3), 4: (3, 3)}[numbers[0] % 10]
    sunspec_numbers(*sunspec(numbers[0], start, before), *shape)
    sunspec_floats(*sunspec(numbers[1], start, before), *shape)

# ---- 2.15 rack PDUs
for name, peak in (("raritan-xerus", False), ("server-technology-xerus", True)):
    m = model(name, 3, "f32", rtu=False)
    for quantity, address in (("voltage", 12296), ("current", 12298), ("active-power", 12306), ("apparent-power", 12308), ("power-factor", 12310),
                              ("phase-angle", 12320), ("frequency", 12322), ("reactive-power", 12324)):
        m.add("inlet", quantity, address)
    m.add("inlet-peak", "current", 12300)
    m.add("ocp-1", "current", 16394)
    for quantity, address in (("voltage", 32776), ("current", 32778), ("active-power", 32786), ("apparent-power", 32788), ("power-factor", 32790),
                              ("frequency", 32802), ("reactive-power", 32804)):
        m.add("outlet-1", quantity, address)
    m.add("outlet-1-peak", "current", 32780)
    if peak:
        m.add("outlet-1-inrush", "current", 32782)
# Another place for outlet and inlet, as an address can state it.
m = model("raritan-xerus", 3, "f32", options="&outlet-base=0x8100&inlet-base=12544", rtu=False)
for channel, base in (("inlet", 0x3100), ("outlet", 0x8100)):
    for quantity, offset in (("voltage", 8), ("current", 10), ("active-power", 18), ("apparent-power", 20), ("power-factor", 22), ("frequency", 34), ("reactive-power", 36)):
        m.add(channel, quantity, base + offset)
    m.add(channel + "-peak", "current", base + 12)
m.add("inlet", "phase-angle", 0x3100 + 32)
m.add("ocp-1", "current", 16394)


def gude(name, lines, outlets, options=""):
    m = model(name, 4, "i32", options=options, rtu=False)
    blocks = [("line", n, 0x400 + 0x120 * (n - 1)) for n in range(1, lines + 1)] + [("outlet", n, 0x3A00 + 0x120 * (n - 1)) for n in range(1, outlets + 1)]
    for kind, number, base in blocks:
        channel = "%s-%d" % (kind, number)
        m.fill(base, base + 0x2D)
        for quantity, offset, unit in (("active-power", 0x02, 1.0), ("voltage", 0x04, 1.0), ("current", 0x06, MILLI), ("frequency", 0x08, 0.01),
                                       ("power-factor", 0x0A, 0.001), ("phase-angle", 0x0C, 1.0), ("apparent-power", 0x0E, 1.0), ("reactive-power", 0x10, 1.0),
                                       ("reactive-energy", 0x14, WH), ("energy-import", 0x1A, WH), ("energy-export", 0x22, WH)):
            m.add(channel, quantity, base + offset, unit)
        m.add("%s-absolute-%d" % (kind, number), "energy-import", base, WH)
        m.add("%s-resettable-%d" % (kind, number), "energy-import", base + 0x12, WH)
        m.add("%s-residual-%d" % (kind, number), "current", base + 0x2A, MILLI)
        m.add("%s-neutral-%d" % (kind, number), "current", base + 0x2C, MILLI)


gude("gude-epc-8001", 1, 8)
gude("gude-epc-8221", 2, 8)
gude("gude-epc-8314", 1, 8)
gude("gude-epc-8316", 1, 8)
gude("gude-epc-8221", 1, 12, "&lines=1&outlets=12")


def netio(name, outlets, options=""):
    m = model(name, 4, "u16", options=options, rtu=False)
    # Printed numbers count from 1.
    m.add("total", "frequency", 1 - 1, 0.01)
    m.add("total", "voltage", 2 - 1, 0.1)
    m.add("total", "power-factor", 3 - 1, 0.001)
    m.add("total", "current", 4 - 1, MILLI)
    m.add("total", "phase-angle", 6 - 1, 0.01, "i16", value=-4567)
    m.add("total", "active-power", 201 - 1)
    m.add("total", "energy-import", 301 - 1, WH, "u32")
    for n in range(1, outlets + 1):
        channel = "outlet-%d" % n
        m.add(channel, "current", 101 + n - 1, MILLI)
        m.add(channel, "active-power", 201 + n - 1)
        m.add(channel, "energy-import", 301 + 2 * n - 1, WH, "u32")
        m.add(channel, "power-factor", 401 + n - 1, 0.001)
        m.add(channel, "phase-angle", 501 + n - 1, 0.01, "i16", value=-100 * n)


netio("netio-powerpdu-4c", 4)
netio("netio-powerpdu-4ps", 4)
netio("netio-powerpdu-8qs", 8)
netio("netio-powerdin-4pz", 4)
netio("netio-powercable-101", 1)
netio("netio-powerpdu-8qs", 2, "&outlets=2")
