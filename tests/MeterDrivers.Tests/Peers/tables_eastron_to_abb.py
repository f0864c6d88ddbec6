"""Register tables, typed from the facts sheet for the tests: Eastron, PZEM, Carlo Gavazzi, ABB."""
from register_list import PHASES, every, model
from register_model import KWH, WH, letters, words

# ---- 2.1 Eastron
def eastron(name, longest):
    m = model(name, 4, "f32")
    m.even, m.longest = True, longest
    m.fill(0, 0x5FF)
    m.put(3, 0xFC00, words("u32", "ABCD", 305419896))
    m.serial = "305419896"
    return m


def eastron_single(name, longest, angle):
    m = eastron(name, longest)
    for quantity, address in (("voltage", 0x00), ("current", 0x06), ("active-power", 0x0C), ("apparent-power", 0x12), ("reactive-power", 0x18),
                              ("power-factor", 0x1E), ("frequency", 0x46)):
        m.add("total", quantity, address)
    if angle:
        m.add("total", "phase-angle", 36)
    m.add("total", "energy-import", 72, KWH)
    m.add("total", "energy-export", 74, KWH)
    m.add("total", "reactive-energy", 344, KWH)


eastron_single("eastron-sdm120", 80, False)
eastron_single("eastron-sdm220", 60, True)
eastron_single("eastron-sdm230", 60, True)

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
    if name != "abb-b21":
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
