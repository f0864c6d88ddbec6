"""
The register tables of the meters as the facts sheet prints them, typed for the tests: which value stands where, in which encoding.
Typed apart from firmware-configs, so that a slip in one is not answered by the same slip in the other.
"""
from register_model import KILO, KWH, MILLI, WH, Model, letters, words

PHASES = ["l1", "l2", "l3"]
LINES = ["l1-l2", "l2-l3", "l3-l1"]
MODELS = []


def model(name, function, kind, order="ABCD", options="", rtu=True):
    MODELS.append(Model(name, function, kind, order, options, rtu))
    return MODELS[-1]


def every(first, step, count=3):
    return [first + step * i for i in range(count)]


# ---- 2.1 Eastron
def eastron(name, longest):
    m = model(name, 4, "f32")
    m.even, m.longest = True, longest
    m.fill(0, 0x5FF)
    m.put(3, 0xFC00, words("u32", "ABCD", 305419896))
    m.serial = "305419896"
    return m


def eastron_single(name, longest, angle, resettable):
    m = eastron(name, longest)
    for quantity, address in (("voltage", 0x00), ("current", 0x06), ("active-power", 0x0C), ("apparent-power", 0x12), ("reactive-power", 0x18),
                              ("power-factor", 0x1E), ("frequency", 0x46)):
        m.add("total", quantity, address)
    if angle:
        m.add("total", "phase-angle", 36)
    m.add("total", "energy-import", 72, KWH)
    m.add("total", "energy-export", 74, KWH)
    m.add("import", "reactive-energy", 76, KWH)
    m.add("export", "reactive-energy", 78, KWH)
    m.add("import-plus-export", "energy-import", 342, KWH)
    m.add("total", "reactive-energy", 344, KWH)
    m.add("demand", "active-power", 84)
    m.add("demand-max", "active-power", 86)
    if resettable:
        m.add("resettable-import-plus-export", "energy-import", 384, KWH)


eastron_single("eastron-sdm120", 80, False, False)
eastron_single("eastron-sdm220", 60, True, False)
eastron_single("eastron-sdm230", 60, True, True)

m = eastron("eastron-sdm72d-m-v1", 60)
m.add("total", "active-power", 52)
m.add("total", "energy-import", 72, KWH)
m.add("total", "energy-export", 74, KWH)
m.add("import-plus-export", "energy-import", 342, KWH)
m.add("resettable-import-plus-export", "energy-import", 384, KWH)
m.add("resettable", "energy-import", 388, KWH)
m.add("resettable", "energy-export", 390, KWH)
m.add("import", "active-power", 1280, value=150.5)
m.add("export", "active-power", 1282, value=0.0)


def eastron_three(name, longest, full):
    m = eastron(name, longest)
    m.each(PHASES, "voltage", [0, 2, 4])
    m.each(PHASES, "current", [6, 8, 10])
    m.each(PHASES, "active-power", [12, 14, 16])
    m.each(PHASES, "apparent-power", [18, 20, 22])
    m.each(PHASES, "reactive-power", [24, 26, 28])
    m.each(PHASES, "power-factor", [30, 32, 34])
    m.add("average", "voltage", 42)
    m.add("average", "current", 46)
    for quantity, address in (("current", 48), ("active-power", 52), ("apparent-power", 56), ("reactive-power", 60), ("power-factor", 62), ("frequency", 70)):
        m.add("total", quantity, address)
    m.add("total", "energy-import", 72, KWH)
    m.add("total", "energy-export", 74, KWH)
    m.each(PHASES, "energy-import", [0x15A, 0x15C, 0x15E], KWH)
    m.each(PHASES, "energy-export", [0x160, 0x162, 0x164], KWH)
    m.add("import-plus-export", "energy-import", 342, KWH)
    m.each(["l1-import-plus-export", "l2-import-plus-export", "l3-import-plus-export"], "energy-import", [0x166, 0x168, 0x16A], KWH)
    m.add("total", "reactive-energy", 344, KWH)
    m.add("resettable-import-plus-export", "energy-import", 384, KWH)
    m.add("resettable", "energy-import", 388, KWH)
    m.add("resettable", "energy-export", 390, KWH)
    if not full:
        m.add("import", "active-power", 1280, value=12.25)
        m.add("export", "active-power", 1282, value=7.5)
        return
    m.each(PHASES, "phase-angle", [36, 38, 40])
    m.add("total", "phase-angle", 66)
    m.add("import", "reactive-energy", 76, KWH)
    m.add("export", "reactive-energy", 78, KWH)
    m.each(["l1-import", "l2-import", "l3-import"], "reactive-energy", [0x16C, 0x16E, 0x170], KWH)
    m.each(["l1-export", "l2-export", "l3-export"], "reactive-energy", [0x172, 0x174, 0x176], KWH)
    m.each(PHASES, "reactive-energy", [0x178, 0x17A, 0x17C], KWH)
    m.add("demand", "active-power", 84)
    m.add("demand-max", "active-power", 86)
    m.each(PHASES, "thd", [0xEA, 0xEC, 0xEE], 0.01)
    m.add("average", "thd", 0xF8, 0.01)


eastron_three("eastron-sdm72d-m-v2", 60, False)
eastron_three("eastron-sdm630", 80, True)

# ---- 2.2 PZEM
for name in ("pzem-004t-v3", "pzem-014", "pzem-016"):
    m = model(name, 4, "u16", "CDAB")
    m.longest = 10
    m.add("total", "voltage", 0, 0.1)
    m.add("total", "current", 1, 0.001, "u32")
    m.add("total", "active-power", 3, 0.1, "u32")
    m.add("total", "energy-import", 5, WH, "u32")
    m.add("total", "frequency", 7, 0.1)
    m.add("total", "power-factor", 8, 0.01)
for name in ("pzem-003", "pzem-017"):
    m = model(name, 4, "u16", "CDAB")
    m.longest = 8
    m.add("total", "voltage", 0, 0.01)
    m.add("total", "current", 1, 0.01)
    m.add("total", "active-power", 2, 0.1, "u32")
    m.add("total", "energy-import", 4, WH, "u32")


# ---- 2.3 Carlo Gavazzi
def gavazzi(name, code, longest, firmware, serial, rtu=True):
    m = model(name, 3, "i32", "CDAB", rtu=rtu)
    m.longest = longest
    m.put(3, 0x000B, [code])
    m.put(3, firmware, [0x0102])
    m.put(3, serial, letters("KX1234567890", 7))
    m.serial = "KX1234567890"
    return m


def gavazzi_three(m, factor, hertz, total, phases, export, export_phases=None):
    m.each(PHASES, "voltage", [0x00, 0x02, 0x04], 0.1)
    m.each(PHASES, "current", [0x0C, 0x0E, 0x10], 0.001)
    m.each(PHASES, "active-power", [0x12, 0x14, 0x16], 0.1)
    m.each(PHASES, "apparent-power", [0x18, 0x1A, 0x1C], 0.1)
    m.each(PHASES, "reactive-power", [0x1E, 0x20, 0x22], 0.1)
    m.add("average", "voltage", 0x24, 0.1)
    m.add("average-l-l", "voltage", 0x26, 0.1)
    m.add("total", "active-power", 40, 0.1)
    m.add("total", "apparent-power", 0x2A, 0.1)
    m.add("total", "reactive-power", 0x2C, 0.1)
    m.each(PHASES + ["total"], "power-factor", every(factor, 1, 4), 0.001, "i16")
    m.add("total", "frequency", hertz, 0.1, "u16")
    m.add("total", "energy-import", total, 0.1 * KWH)
    m.each(PHASES, "energy-import", phases, 0.1 * KWH)
    m.add("total", "energy-export", export, 0.1 * KWH)
    if export_phases:
        m.each(PHASES, "energy-export", export_phases, 0.1 * KWH)


m = gavazzi("carlo-gavazzi-em24", 71, 11, 0x0303, 0x1300)
m.singly = ((0x000B, 0x000B), (0x0300, 0x0305), (0x1300, 0x1306))
m.put(3, 0x1101, [7])
gavazzi_three(m, 0x32, 0x37, 0x3E, [0x46, 0x48, 0x4A], 0x5C)
m = gavazzi("carlo-gavazzi-em24-e1", 1650, 11, 0x0302, 0x5000, rtu=False)
m.singly = ((0x000B, 0x000B), (0x0300, 0x0305), (0x5000, 0x5006))
m.put(3, 0xA000, [7])
gavazzi_three(m, 0x2E, 0x33, 0x34, [0x40, 0x42, 0x44], 0x4E)
for name, code in (("em330", 331), ("em340", 340), ("et330", 335), ("et340", 345), ("em530", 1744), ("em540", 1760)):
    m = gavazzi("carlo-gavazzi-" + name, code, 50, 0x0302, 0x5000)
    m.put(3, 0x1103, [1])
    gavazzi_three(m, 0x2E, 0x33, 0x34, [0x40, 0x42, 0x44], 0x4E, [0x60, 0x62, 0x64] if name == "et340" else None)
for name, code in (("em110", 102), ("em111", 104), ("em112", 115), ("et112", 121)):
    m = gavazzi("carlo-gavazzi-" + name, code, 50, 0x0303 if name == "et112" else 0x0302, 0x5000)
    m.add("total", "voltage", 0x00, 0.1)
    m.add("total", "current", 0x02, 0.001)
    m.add("total", "active-power", 0x04, 0.1, value=-12345)
    m.add("total", "apparent-power", 0x06, 0.1)
    m.add("total", "reactive-power", 0x08, 0.1, value=-777)
    m.add("total", "power-factor", 0x0E, 0.001, "i16", value=-987)
    m.add("total", "frequency", 0x0F, 0.1, "u16")
    m.add("total", "energy-import", 0x10, 0.1 * KWH)
    m.add("total", "energy-export", 0x20, 0.1 * KWH)

# ---- 2.4 ABB
for name, letters4 in (("abb-b21", "B21 "), ("abb-b23", "B23 "), ("abb-b24", "B24 "), ("abb-a43", "A43 "), ("abb-a44", "A44 ")):
    m = model(name, 3, "u32")
    m.fill(0x1000, 0x8EFF)
    m.put(3, 0x8960, letters(letters4, 2))
    m.put(3, 0x8900, words("u32", "ABCD", 4_000_000_123))
    m.put(3, 0x8908, letters("B1.23.0", 8))
    m.serial = "4000000123"
    m.add("total", "energy-import", 0x5000, 0.01 * KWH, "u64")
    m.add("total", "energy-export", 0x5004, 0.01 * KWH, "u64")
    m.add("net", "energy-import", 0x5008, 0.01 * KWH, "i64", value=-5_000_000_001)
    if name == "abb-b21":
        m.add("total", "voltage", 0x5B00, 0.1)
        m.add("total", "current", 0x5B0C, 0.01)
        m.add("total", "active-power", 0x5B14, 0.01, "i32", value=-123_456)
        m.add("total", "reactive-power", 0x5B1C, 0.01, "i32", value=-65_537)
        m.add("total", "apparent-power", 0x5B24, 0.01, "i32")
        m.add("total", "power-factor", 0x5B3A, 0.001, "i16", value=-999)
    else:
        m.each(PHASES, "energy-import", [0x5460, 0x5464, 0x5468], 0.01 * KWH, "u64")
        m.each(PHASES, "energy-export", [0x546C, 0x5470, 0x5474], 0.01 * KWH, "u64")
        m.each(PHASES, "voltage", [0x5B00, 0x5B02, 0x5B04], 0.1)
        m.each(["l1-l2", "l3-l2", "l1-l3"], "voltage", [0x5B06, 0x5B08, 0x5B0A], 0.1)
        m.each(PHASES + ["n"], "current", [0x5B0C, 0x5B0E, 0x5B10, 0x5B12], 0.01)
        m.each(["total"] + PHASES, "active-power", [0x5B14, 0x5B16, 0x5B18, 0x5B1A], 0.01, "i32")
        m.each(["total"] + PHASES, "reactive-power", every(0x5B1C, 2, 4), 0.01, "i32")
        m.each(["total"] + PHASES, "apparent-power", every(0x5B24, 2, 4), 0.01, "i32")
        m.each(["total"] + PHASES, "power-factor", [0x5B3A, 0x5B3B, 0x5B3C, 0x5B3D], 0.001, "i16")
    m.add("total", "frequency", 0x5B2C, 0.01, "u16")

# ---- 2.5 Schneider: printed numbers less one
for name in ("schneider-iem3155", "schneider-iem3255", "schneider-iem3355"):
    m = model(name, 3, "f32")
    m.each(PHASES, "voltage", [0x0BD3, 0x0BD5, 0x0BD7])
    m.add("average", "voltage", 0x0BDB)
    m.each(PHASES, "current", [0x0BB7, 0x0BB9, 0x0BBB])
    m.add("average", "current", 0x0BC1)
    m.each(PHASES, "active-power", [0x0BED, 0x0BEF, 0x0BF1], KILO)
    m.add("total", "active-power", 0x0BF3, KILO, value=-1.25)
    m.add("total", "reactive-power", 0x0BFB, KILO)
    m.add("total", "apparent-power", 0x0C03, KILO)
    m.add("total", "power-factor", 0x0C0B, value=0.75)
    m.add("total", "frequency", 0x0C25)
    m.add("total", "energy-import", 0x0C83, WH, "i64")
    m.add("total", "energy-export", 0x0C87, WH, "i64")
    m.each(PHASES, "energy-import", [0x0DBD, 0x0DC1, 0x0DC5], WH, "i64")
    m.add("import", "reactive-energy", 0x0C93, WH, "i64")
    m.add("export", "reactive-energy", 0x0C97, WH, "i64")
for name in ("schneider-pm5110", "schneider-pm5560", "schneider-pm3250"):
    m = model(name, 3, "f32")
    m.each(PHASES + ["n"], "current", [n - 1 for n in (3000, 3002, 3004, 3006)])
    m.add("average", "current", 3010 - 1)
    m.each(LINES, "voltage", [n - 1 for n in (3020, 3022, 3024)])
    m.add("average-l-l", "voltage", 3026 - 1)
    m.each(PHASES, "voltage", [n - 1 for n in (3028, 3030, 3032)])
    m.add("average", "voltage", 3036 - 1)
    m.each(PHASES, "active-power", [n - 1 for n in (3054, 3056, 3058)], KILO)
    m.add("total", "active-power", 3060 - 1, KILO, value=-0.5)
    m.add("total", "reactive-power", 3068 - 1, KILO)
    m.add("total", "apparent-power", 3076 - 1, KILO)
    # Four quadrants: as it is up to 1 in size, 2 - x and -2 - x beyond.
    for channel, number, code, factor in (("l1", 3078, 0.75, 0.75), ("l2", 3080, 1.25, 0.75), ("l3", 3082, -1.75, -0.25), ("total", 3084, -0.5, -0.5)):
        m.add(channel, "power-factor", number - 1, value=code, expect=factor)
    m.add("total", "frequency", 3110 - 1)
    m.add("total", "energy-import", 3204 - 1, WH, "i64")
    m.add("total", "energy-export", 3208 - 1, WH, "i64")
    m.add("total", "reactive-energy", 2708 - 1, KWH)
    m.add("total", "apparent-energy", 2716 - 1, KWH)
    m.each(["current-l1", "current-l2", "current-l3"], "thd", [n - 1 for n in (21300, 21302, 21304)], 0.01)
    m.each(LINES, "thd", [n - 1 for n in (21322, 21324, 21326)], 0.01)
    m.each(PHASES, "thd", [n - 1 for n in (21330, 21332, 21334)], 0.01)
m = model("schneider-pm710", 3, "f32")
for quantity, number, unit in (("energy-import", 1000, KWH), ("apparent-energy", 1002, KWH), ("active-power", 1006, KILO), ("apparent-power", 1008, KILO),
                               ("reactive-power", 1010, KILO), ("power-factor", 1012, 1.0), ("frequency", 1020, 1.0)):
    m.add("total", quantity, number - 1, unit)
m.each(PHASES, "current", [n - 1 for n in (1034, 1036, 1038)])
m.each(LINES, "voltage", [n - 1 for n in (1054, 1056, 1058)])
m.each(PHASES, "voltage", [n - 1 for n in (1060, 1062, 1064)])
m.each(PHASES, "active-power", [n - 1 for n in (1066, 1068, 1070)], KILO)

# ---- 2.6 Janitza and those built like it
for name in ("janitza-umg96rm", "janitza-umg604", "janitza-umg806", "pq-plus-umd97", "weidmueller-em525"):
    m = model(name, 3, "f32")
    m.fill(19000, 19121)
    m.each(PHASES, "voltage", [19000, 19002, 19004])
    m.each(LINES, "voltage", [19006, 19008, 19010])
    m.each(PHASES + ["total"], "current", [19012, 19014, 19016, 19018])
    m.each(PHASES + ["total"], "active-power", [19020, 19022, 19024, 0x4A52])
    m.each(PHASES + ["total"], "apparent-power", [19028, 19030, 19032, 19034])
    m.each(PHASES + ["total"], "reactive-power", [19036, 19038, 19040, 19042])
    m.each(PHASES, "power-factor", [0x4A64, 0x4A66, 0x4A68])
    m.add("total", "frequency", 19050)
    m.each(["l1-net", "l2-net", "l3-net", "net"], "energy-import", [19054, 19056, 19058, 19060], WH)
    m.each(PHASES + ["total"], "energy-import", [19062, 19064, 19066, 0x4A7C], WH)
    m.each(PHASES + ["total"], "energy-export", [19070, 19072, 19074, 0x4A84], WH)
    m.each(PHASES + ["total"], "apparent-energy", every(19078, 2, 4), WH)
    m.each(PHASES + ["total"], "reactive-energy", every(19086, 2, 4), WH)
    m.each(PHASES, "thd", [19110, 19112, 19114], 0.01)
    m.each(["current-l1", "current-l2", "current-l3"], "thd", [19116, 19118, 19120], 0.01)
m = model("janitza-umg104", 3, "f32")
m.each(PHASES, "voltage", [1317, 1319, 1321])
m.each(PHASES, "current", every(1325, 2))
m.each(PHASES, "active-power", every(1333, 2))
m.add("total", "active-power", 1369)
m.add("total", "reactive-power", 1371)
m.add("total", "frequency", 1439)
m.add("total", "energy-import", 9851, WH)
m.add("total", "energy-export", 9863, WH)
m = model("janitza-umg511", 3, "f32")
m.each(PHASES, "voltage", every(3845, 2))
m.each(PHASES, "current", every(3853, 2))
m.each(PHASES, "active-power", every(3861, 2))
m.add("total", "active-power", 3925)
m.add("total", "frequency", 3995)

# ---- 2.7 Socomec
m = model("socomec-diris-a10", 3, "u32")
m.put(3, 0xC350, [0x0053, 0x004F, 0x0043, 0x004F])
m.put(3, 0xC38A, letters("DIRIS A10", 8))
m.each(PHASES, "voltage", [0xC558, 0xC55A, 0xC55C], 0.01)
m.add("total", "frequency", 0xC55E, 0.01)
m.each(PHASES + ["n"], "current", [0xC560, 0xC562, 0xC564, 0xC566], MILLI)
m.add("total", "active-power", 0xC568, 10.0, "i32", value=-1234)
m.add("total", "reactive-power", 0xC56A, 10.0, "i32", value=-99)
m.add("total", "apparent-power", 0xC56C, 10.0)
m.add("total", "power-factor", 0xC56E, 0.001, "i32", value=-873)
m.each(PHASES, "active-power", [0xC570, 0xC572, 0xC574], 10.0, "i32")
m.each(PHASES, "reactive-power", [0xC576, 0xC578, 0xC57A], 10.0, "i32")
m.add("average", "current", 0xC588, MILLI)
m.add("average", "voltage", 0xC58C, 0.01)
m = model("socomec-diris-b30", 3, "u32")
m.each(PHASES, "voltage", every(0x480C, 2), 0.01)
m.each(PHASES, "current", every(0x481A, 2), MILLI)
m.add("total", "active-power", 0x482C, 1.0, "i32", value=-70_123)
m.add("total", "reactive-power", 0x482E, 1.0, "i32", value=-17)
m.each(PHASES, "active-power", [0x4838, 0x483A, 0x483C], 1.0, "i32")
m.add("total", "energy-import", 0x4D83, KWH)
m.add("total", "energy-export", 0x4D86, KWH)

# ---- 2.8 Siemens
for name in ("siemens-pac2200", "siemens-pac3200", "siemens-pac4200"):
    m = model(name, 3, "f32")
    m.whole_values = True
    for channels, quantity, addresses in ((PHASES, "voltage", (1, 3, 5)), (LINES, "voltage", (7, 9, 11)), (PHASES, "current", (13, 15, 17)),
                                          (PHASES, "apparent-power", (19, 21, 23)), (PHASES, "active-power", (25, 27, 29)),
                                          (PHASES, "reactive-power", (31, 33, 35)), (PHASES, "power-factor", (37, 39, 41))):
        m.each(channels, quantity, addresses)
    m.add("total", "frequency", 55)
    m.add("average", "voltage", 57)
    m.add("average-l-l", "voltage", 59)
    m.add("average", "current", 61)
    for quantity, address in (("apparent-power", 63), ("active-power", 65), ("reactive-power", 67), ("power-factor", 69)):
        m.add("total", quantity, address)
    for channel, quantity, address in (("total", "energy-import", 801), ("tariff-2", "energy-import", 805), ("total", "energy-export", 809),
                                       ("tariff-2", "energy-export", 813)):
        m.add(channel, quantity, address, WH, "f64", value=123_456_789.015625 + address)
m = model("siemens-pac1020", 3, "f32")
m.each(PHASES, "voltage", [1, 3, 5])
m.each(PHASES, "current", [13, 15, 17])
m.each(PHASES, "active-power", [19, 21, 23])
m.each(PHASES, "power-factor", [31, 33, 35])
for quantity, address in (("frequency", 39), ("active-power", 41), ("reactive-power", 43), ("power-factor", 45)):
    m.add("total", quantity, address)
m.add("total", "energy-import", 2803, KWH)
m = model("siemens-7kt1665", 3, "u32")
m.each(PHASES, "voltage", [1, 3, 5], 0.01)
m.each(PHASES, "current", [7, 9, 11], 0.0001)
m.each(PHASES, "active-power", [19, 21, 23], 0.01, "i32")
m.each(PHASES, "reactive-power", [25, 27, 29], 0.01, "i32")
m.add("total", "active-power", 57, 0.01, "i32", value=-2_000_001)
m.add("total", "reactive-power", 59, 0.01, "i32", value=-3)
m.add("total", "energy-import", 6687, 0.001 * KWH)
m.add("total", "energy-export", 6689, 0.001 * KWH)

# ---- 2.9 DZG: net power is import less export
for name in ("dzg-dvh4013", "dzg-dvh4014"):
    m = model(name, 3, "u32")
    m.add("import", "active-power", 0x0000, 0.1, value=1500)
    m.add("export", "active-power", 0x0002, 0.1, value=72_000)
    m.expected.append(("total", "active-power", 150.0 - 7200.0))
    m.each(PHASES, "voltage", [0x04, 0x06, 0x08], 0.01)
    m.each(PHASES, "current", [0x0A, 0x0C, 0x0E], 0.001)
    m.add("total", "power-factor", 0x10, 0.001)
    m.add("total", "frequency", 0x12, 0.001)
    m.add("total", "energy-import", 0x4000, 0.001 * KWH)
    m.each(PHASES, "energy-import", [0x4020, 0x4040, 0x4060], 0.001 * KWH)
    m.add("total", "energy-export", 0x4100, 0.001 * KWH)
    m.each(PHASES, "energy-export", [0x4120, 0x4140, 0x4160], 0.001 * KWH)

# ---- 2.10 Finder
m = model("finder-7m38", 4, "f32")
m.each(PHASES, "voltage", [2500, 2502, 2504])
m.each(PHASES, "current", [2516, 2518, 2520])
m.each(PHASES, "active-power", [2530, 2532, 2534])
m.add("total", "active-power", 2536)
m.each(PHASES, "reactive-power", [2538, 2540, 2542])
m.add("total", "reactive-power", 2544)
m.each(PHASES, "apparent-power", [2546, 2548, 2550])
m.add("total", "apparent-power", 2552)
m.each(PHASES, "power-factor", [2554, 2556, 2558])
m.add("total", "power-factor", 2560)
m.each(PHASES, "thd", every(2594, 2), 0.01)
f24 = model("finder-7m24", 4, "f32")
for quantity, address in (("voltage", 2500), ("current", 2516), ("active-power", 2536), ("reactive-power", 2544), ("apparent-power", 2552), ("power-factor", 2560)):
    f24.add("total", quantity, address)
for each in (m, f24):
    each.add("total", "phase-angle", 2576)
    each.add("total", "frequency", 2584)
    each.add("total", "energy-import", 2752, WH)
    each.add("import", "reactive-energy", 2754, WH)
    each.add("total", "energy-export", 2756, WH)
    each.add("export", "reactive-energy", 2758, WH)

# ---- 2.11 ORNO
m = model("orno-we-504", 3, "u16")
for quantity, address, unit in (("voltage", 0, 0.1), ("current", 1, 0.1), ("frequency", 2, 0.1), ("active-power", 3, 1.0), ("reactive-power", 4, 1.0),
                                ("apparent-power", 5, 1.0), ("power-factor", 6, 0.001)):
    m.add("total", quantity, address, unit)
m.add("total", "energy-import", 7, WH, "u32")
m.add("total", "reactive-energy", 9, WH, "u32")
for name in ("orno-we-514", "orno-we-515"):
    m = model(name, 3, "u16")
    m.add("total", "frequency", 0x130, 0.01)
    m.add("total", "voltage", 0x131, 0.01)
    m.add("total", "current", 0x139, 0.001, "u32")
    m.add("total", "active-power", 0x140, 1.0, "u32")
    m.add("total", "reactive-power", 0x148, 1.0, "u32")
    m.add("total", "apparent-power", 0x150, 1.0, "u32")
    m.add("total", "power-factor", 0x158, 0.001)
    m.add("total", "energy-import", 0xA000, 0.01 * KWH, "u32")
    m.add("tariff-1", "energy-import", 0xA002, 0.01 * KWH, "u32")
    m.add("tariff-2", "energy-import", 0xA004, 0.01 * KWH, "u32")
    m.add("total", "reactive-energy", 0xA01E, 0.01 * KWH, "u32")
for name in ("orno-we-516", "orno-we-517"):
    m = model(name, 3, "f32")
    m.each(PHASES, "voltage", [0x0E, 0x10, 0x12])
    m.add("total", "frequency", 0x14)
    m.each(PHASES, "current", [0x16, 0x18, 0x1A])
    m.add("total", "active-power", 0x1C, KILO, value=-2.5)
    m.each(PHASES, "active-power", [0x1E, 0x20, 0x22], KILO)
    m.each(["total"] + PHASES, "reactive-power", every(0x24, 2, 4), KILO)
    m.each(["total"] + PHASES, "apparent-power", every(0x2C, 2, 4), KILO)
    m.each(["total"] + PHASES, "power-factor", every(0x34, 2, 4))
    m.add("import-plus-export", "energy-import", 0x100, KWH)
    m.each([p + "-import-plus-export" for p in PHASES], "energy-import", every(0x102, 2), KWH)
    m.each(["total"] + PHASES, "energy-import", every(0x108, 2, 4), KWH)
    m.each(["total"] + PHASES, "energy-export", every(0x110, 2, 4), KWH)
for name in ("orno-we-525", "orno-we-526"):
    m = model(name, 4, "i32")
    m.add("total", "voltage", 0x100, 0.001)
    m.add("total", "current", 0x102, 0.001)
    m.add("total", "active-power", 0x104, 1.0, value=-90_001)
    m.add("total", "apparent-power", 0x106)
    m.add("total", "reactive-power", 0x108, 1.0, value=-5)
    m.add("total", "frequency", 0x10A, 0.1, "u16")
    m.add("total", "power-factor", 0x10B, 0.001, "i16")
    m.add("total", "energy-import", 0x10E, 0.01 * KWH)
    m.add("total", "energy-export", 0x118, 0.01 * KWH)
    m.add("import-plus-export", "energy-import", 0x122, 0.01 * KWH)

# ---- 2.12 others
m = model("inepro-pro380", 3, "f32")
m.add("average", "voltage", 0x5000)
m.each(PHASES, "voltage", [0x5002, 0x5004, 0x5006])
m.each(PHASES, "current", [0x500C, 0x500E, 0x5010])
m.add("total", "active-power", 0x5012, KILO, value=-0.75)
m.each(PHASES, "active-power", every(0x5014, 2), KILO)
m.each(["total"] + PHASES, "reactive-power", every(0x501A, 2, 4), KILO)
m.each(["total"] + PHASES, "apparent-power", every(0x5022, 2, 4), KILO)
m.each(["total"] + PHASES, "power-factor", every(0x502A, 2, 4))
single = model("inepro-pro1", 3, "f32")
for quantity, address, unit in (("voltage", 0x5000, 1.0), ("current", 0x500A, 1.0), ("active-power", 0x5012, KILO), ("reactive-power", 0x501A, KILO),
                                ("apparent-power", 0x5022, KILO), ("power-factor", 0x502A, 1.0)):
    single.add("total", quantity, address, unit)
for each in (m, single):
    each.add("total", "frequency", 0x5008)
    each.add("import-plus-export", "energy-import", 0x6000, KWH)
    each.add("total", "energy-import", 0x600C, KWH)
    each.add("total", "energy-export", 0x6018, KWH)
m = model("saia-burgess-ale3", 3, "u16")
m.add("total", "energy-import", 28, 0.01 * KWH, "u32")
m.each(PHASES, "voltage", [36, 41, 46])
m.each(PHASES, "current", [37, 42, 47], 0.1)
m.each(PHASES, "active-power", [38, 43, 48], 10.0)
m.add("total", "active-power", 51, 10.0)
m = model("acrel-adw300", 3, "i32")
m.each(PHASES, "voltage", [20, 21, 22], 0.1, "u16")
m.each(PHASES, "current", [26, 27, 28], 0.01, "u16")
m.each(PHASES, "active-power", [30, 32, 34])
m.add("total", "active-power", 36, value=-123_456)
m.add("total", "energy-import", 62, 0.01 * KWH)
m = model("phoenix-contact-eem", 3, "f32")
m.each(PHASES, "voltage", every(0x8006, 2))
m.add("total", "frequency", 0x800C)
m.each(PHASES, "current", every(0x800E, 2))
m.add("total", "active-power", 0x8016)
m.each(PHASES, "active-power", every(0x801E, 2))


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
                                    ("power-factor", 52, 0.01), ("energy-export", 60, WH), ("energy-import", 68, WH)):
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
