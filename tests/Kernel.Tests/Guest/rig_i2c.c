// SPDX-License-Identifier: GPL-2.0
/*
 * An I2C adapter without wires: behind it an INA219 (0x40), INA226 (0x41), INA228 (0x42) and INA238 (0x43), each on a shunt of 10 mohm
 * that carries `microamps` at `millivolts`. Registers, widths and arithmetic are the data sheets' (SBOS448G, SBOS547B, SLYS021A, SLYS025);
 * nothing here is shared with any driver. A conversion ends every 10 ms.
 *
 *   nacks    so many transfers acknowledge the register pointer, and break off before the data
 *   gone     the adapter was pulled out: every transfer fails with ENODEV
 */
#include <linux/i2c.h>
#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/module.h>

#define ADAPTER_NUMBER 7
#define SHUNT_UOHM 10000
#define CONVERSION_NS 10000000LL
#define CHIPS 4
#define FIRST_ADDRESS 0x40

static int microamps = 2500000;
static int millivolts = 12000;
static int nacks;
static bool gone;
module_param(microamps, int, 0644);
module_param(millivolts, int, 0644);
module_param(nacks, int, 0644);
module_param(gone, bool, 0644);

enum kind { INA219, INA226, INA228, INA238 };

struct chip {
	enum kind kind;
	u8 pointer;
	u16 config, adc, calibration, mask;
	ktime_t started;
	s64 seen;
};

static struct chip chips[CHIPS] = { { INA219 }, { INA226 }, { INA228 }, { INA238 } };

static s64 clamp_s64(s64 value, s64 low, s64 high)
{
	return value < low ? low : value > high ? high : value;
}

static s64 shunt_nv(void)
{
	return div_s64((s64)microamps * SHUNT_UOHM, 1000);
}

static void restart(struct chip *chip)
{
	chip->started = ktime_get();
	chip->seen = 0;
}

static void reset(struct chip *chip)
{
	chip->config = chip->kind == INA219 ? 0x399F : chip->kind == INA226 ? 0x4127 : 0;
	chip->adc = 0xFB68;
	chip->calibration = chip->kind >= INA228 ? 0x1000 : 0;
	chip->mask = 0;
	restart(chip);
}

static bool ready(const struct chip *chip)
{
	return div_s64(ktime_to_ns(ktime_sub(ktime_get(), chip->started)), CONVERSION_NS) > chip->seen;
}

static void clear_ready(struct chip *chip)
{
	chip->seen = div_s64(ktime_to_ns(ktime_sub(ktime_get(), chip->started)), CONVERSION_NS);
}

static s64 shunt_code(const struct chip *chip)
{
	bool fine = chip->config & 0x10;

	switch (chip->kind) {
	case INA219:
		return clamp_s64(div_s64(shunt_nv(), 10000), -32000, 32000);
	case INA226:
		return clamp_s64(div_s64(shunt_nv(), 2500), -32768, 32767);
	case INA228:
		return clamp_s64(div_s64(shunt_nv() * 10000, fine ? 781250 : 3125000), -524288, 524287);
	default:
		return clamp_s64(div_s64(shunt_nv(), fine ? 1250 : 5000), -32768, 32767);
	}
}

static s64 bus_code(const struct chip *chip)
{
	switch (chip->kind) {
	case INA219:
		return millivolts / 4;
	case INA226:
		return millivolts * 4 / 5;
	case INA228:
		return div_s64((s64)millivolts * 10000000, 1953125);
	default:
		return div_s64((s64)millivolts * 1000, 3125);
	}
}

static s64 current_code(const struct chip *chip)
{
	switch (chip->kind) {
	case INA219:
		return clamp_s64(div_s64(shunt_code(chip) * chip->calibration, 4096), -32768, 32767);
	case INA226:
		return clamp_s64(div_s64(shunt_code(chip) * chip->calibration, 2048), -32768, 32767);
	case INA228:
		return chip->calibration ? clamp_s64(div_s64(shunt_code(chip) * 4096, chip->calibration), -524288, 524287) : 0;
	default:
		return chip->calibration ? clamp_s64(div_s64(shunt_code(chip) * 4096, chip->calibration), -32768, 32767) : 0;
	}
}

static s64 power_code(const struct chip *chip)
{
	static const int divisors[] = { 5000, 20000, 16384, 64 };
	s64 product = current_code(chip) * bus_code(chip);

	return div_s64(product < 0 ? -product : product, divisors[chip->kind]);
}

/* The register's number, right-aligned in *bytes bytes. */
static u64 read_classic(struct chip *chip, u8 reg)
{
	bool is219 = chip->kind == INA219;

	switch (reg) {
	case 0x00:
		return chip->config;
	case 0x01:
		return (u16)shunt_code(chip);
	case 0x02:
		return is219 ? (bus_code(chip) << 3) | (ready(chip) ? 2 : 0) : bus_code(chip);
	case 0x03:
		if (is219)
			clear_ready(chip);
		return power_code(chip);
	case 0x04:
		return (u16)current_code(chip);
	case 0x05:
		return chip->calibration;
	case 0x06:
		if (!is219) {
			u16 value = chip->mask | (ready(chip) ? 8 : 0);

			clear_ready(chip);
			return value;
		}
		return 0xFFFF;
	case 0xFE:
		return is219 ? 0xFFFF : 0x5449;
	case 0xFF:
		return is219 ? 0xFFFF : 0x2260;
	default:
		return 0xFFFF;
	}
}

static u64 read_later(struct chip *chip, u8 reg, int *bytes)
{
	bool wide = chip->kind == INA228;
	u16 flags;

	*bytes = wide && (reg == 0x04 || reg == 0x05 || reg == 0x07) ? 3 : reg == 0x08 ? 3 : 2;
	switch (reg) {
	case 0x00:
		return chip->config;
	case 0x01:
		return chip->adc;
	case 0x02:
		return chip->calibration;
	case 0x03:
		return 0;
	case 0x04:
		return wide ? ((u64)shunt_code(chip) << 4) & 0xFFFFFF : (u16)shunt_code(chip);
	case 0x05:
		return wide ? (u64)bus_code(chip) << 4 : (u16)bus_code(chip);
	case 0x06:
		/* 25 degC */
		return wide ? 3200 : 200 << 4;
	case 0x07:
		return wide ? ((u64)current_code(chip) << 4) & 0xFFFFFF : (u16)current_code(chip);
	case 0x08:
		return power_code(chip);
	case 0x09:
	case 0x0A:
		*bytes = 5;
		return 0;
	case 0x0B:
		flags = (chip->mask & 0xF000) | 1 | (ready(chip) ? 2 : 0);
		clear_ready(chip);
		return flags;
	case 0x3E:
		return 0x5449;
	case 0x3F:
		return wide ? 0x2281 : 0x2381;
	default:
		return 0xFFFF;
	}
}

static void fill(struct chip *chip, u8 *buffer, int length)
{
	int bytes = 2, i;
	u64 value = chip->kind >= INA228 ? read_later(chip, chip->pointer, &bytes) : read_classic(chip, chip->pointer);

	for (i = 0; i < length; i++)
		buffer[i] = i < bytes ? value >> (8 * (bytes - 1 - i)) : 0xFF;
}

static void store(struct chip *chip, u16 value)
{
	bool later = chip->kind >= INA228;

	if (chip->pointer == 0x00 && (value & 0x8000)) {
		reset(chip);
	} else if (chip->pointer == 0x00) {
		chip->config = later ? value & 0x3FFF : value;
		restart(chip);
	} else if (later && chip->pointer == 0x01) {
		chip->adc = value;
		restart(chip);
	} else if (chip->pointer == (later ? 0x02 : 0x05)) {
		chip->calibration = chip->kind == INA219 ? value & 0xFFFE : value & 0x7FFF;
	} else if (chip->pointer == (later ? 0x0B : 0x06)) {
		chip->mask = value;
	}
}

static int transfer(struct i2c_adapter *adapter, struct i2c_msg *messages, int count)
{
	int i;

	if (gone)
		return -ENODEV;
	for (i = 0; i < count; i++) {
		struct i2c_msg *message = &messages[i];
		struct chip *chip;

		if (message->addr < FIRST_ADDRESS || message->addr >= FIRST_ADDRESS + CHIPS)
			return -ENXIO;
		chip = &chips[message->addr - FIRST_ADDRESS];
		if (message->flags & I2C_M_RD) {
			if (nacks > 0) {
				nacks--;
				return -EREMOTEIO;
			}
			fill(chip, message->buf, message->len);
			continue;
		}
		if (message->len > 0)
			chip->pointer = message->buf[0];
		if (message->len > 2)
			store(chip, message->buf[1] << 8 | message->buf[2]);
	}
	return count;
}

static u32 functionality(struct i2c_adapter *adapter)
{
	return I2C_FUNC_I2C | I2C_FUNC_SMBUS_EMUL;
}

static const struct i2c_algorithm algorithm = { .master_xfer = transfer, .functionality = functionality };

static struct i2c_adapter adapter = {
	.owner = THIS_MODULE,
	.algo = &algorithm,
	.name = "MeterLab test bus",
	.nr = ADAPTER_NUMBER,
};

static int __init rig_init(void)
{
	int i;

	for (i = 0; i < CHIPS; i++)
		reset(&chips[i]);
	return i2c_add_numbered_adapter(&adapter);
}

static void __exit rig_exit(void)
{
	i2c_del_adapter(&adapter);
}

module_init(rig_init);
module_exit(rig_exit);
MODULE_DESCRIPTION("I2C adapter with four power monitors behind it, for MeterLab's tests");
MODULE_LICENSE("GPL");
