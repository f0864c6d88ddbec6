// SPDX-License-Identifier: GPL-2.0
/*
 * A hardware monitoring driver of the INA228 (TI SLYS021A) for kernels whose own has none: 10 mohm, 163.84 mV, power and current without
 * calibration, from the shunt's and the bus's voltage. Another way to the watts than the chip's POWER register.
 */
#include <linux/hwmon.h>
#include <linux/i2c.h>
#include <linux/math64.h>
#include <linux/module.h>

#define SHUNT_UOHM 10000

static int read_bytes(struct i2c_client *client, u8 reg, int length, s64 *value)
{
	u8 bytes[3];
	int i, got = i2c_smbus_read_i2c_block_data(client, reg, length, bytes);

	if (got < 0)
		return got;
	if (got != length)
		return -EIO;
	for (*value = (s8)bytes[0], i = 1; i < length; i++)
		*value = *value * 256 + bytes[i];
	return 0;
}

static int read_value(struct device *dev, enum hwmon_sensor_types type, u32 attr, int channel, long *value)
{
	struct i2c_client *client = dev_get_drvdata(dev);
	s64 shunt, bus, config, picovolts;
	int err;

	err = read_bytes(client, 0x00, 2, &config);
	if (!err)
		err = read_bytes(client, 0x04, 3, &shunt);
	if (!err)
		err = read_bytes(client, 0x05, 3, &bus);
	if (err)
		return err;
	/* 312.5 nV or 78.125 nV a step, 195.3125 uV a step; both in bits 23 to 4. */
	picovolts = (shunt >> 4) * (config & 0x10 ? 78125 : 312500);
	bus = (bus >> 4) * 1953125;
	switch (type) {
	case hwmon_in:
		*value = div_s64(bus, 10000000);
		return 0;
	case hwmon_curr:
		*value = div_s64(picovolts, SHUNT_UOHM * 1000);
		return 0;
	default:
		picovolts = div_s64(picovolts, SHUNT_UOHM);
		*value = abs(div_s64(picovolts * div_s64(bus, 10000), 1000000));
		return 0;
	}
}

static umode_t visible(const void *data, enum hwmon_sensor_types type, u32 attr, int channel)
{
	/* Channel 0 of voltages would be the shunt's. */
	return type == hwmon_in && channel == 0 ? 0 : 0444;
}

static const struct hwmon_ops ops = { .is_visible = visible, .read = read_value };
static const struct hwmon_channel_info *infos[] = {
	HWMON_CHANNEL_INFO(in, HWMON_I_INPUT, HWMON_I_INPUT),
	HWMON_CHANNEL_INFO(curr, HWMON_C_INPUT),
	HWMON_CHANNEL_INFO(power, HWMON_P_INPUT),
	NULL
};
static const struct hwmon_chip_info chip_info = { .ops = &ops, .info = infos };

static int probe(struct i2c_client *client)
{
	return PTR_ERR_OR_ZERO(devm_hwmon_device_register_with_info(&client->dev, client->name, client, &chip_info, NULL));
}

static const struct i2c_device_id ids[] = { { "ina228", 0 }, {} };
MODULE_DEVICE_TABLE(i2c, ids);

static struct i2c_driver rig_driver = { .driver = { .name = "rig_ina228" }, .probe_new = probe, .id_table = ids };
module_i2c_driver(rig_driver);
MODULE_DESCRIPTION("INA228 hardware monitoring, for MeterLab's tests");
MODULE_LICENSE("GPL");
