/* A Modbus RTU server on a serial line: unit 1, every pair of registers is the single 230.5 (0x43668000). Ends when the line is cut. */
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

enum { UNIT = 1, REQUEST = 8, MOST = 125 };

static uint16_t crc(const uint8_t *bytes, int length)
{
	uint16_t sum = 0xFFFF;

	for (int i = 0; i < length; i++) {
		sum ^= bytes[i];
		for (int bit = 0; bit < 8; bit++)
			sum = sum & 1 ? sum >> 1 ^ 0xA001 : sum >> 1;
	}
	return sum;
}

static int answer(const uint8_t *request, uint8_t *reply)
{
	int address = request[2] << 8 | request[3], count = request[4] << 8 | request[5], length = 3;

	if (crc(request, 6) != (request[6] | request[7] << 8) || request[0] != UNIT || (request[1] != 3 && request[1] != 4) || count < 1 || count > MOST)
		return 0;
	reply[0] = request[0];
	reply[1] = request[1];
	reply[2] = 2 * count;
	for (int i = 0; i < count; i++, length += 2) {
		reply[length] = (address + i) % 2 ? 0x80 : 0x43;
		reply[length + 1] = (address + i) % 2 ? 0x00 : 0x66;
	}
	reply[length] = crc(reply, length) & 0xFF;
	reply[length + 1] = crc(reply, length) >> 8;
	return length + 2;
}

int main(int argc, char **argv)
{
	struct termios raw;
	uint8_t request[REQUEST], reply[5 + 2 * MOST];
	int line = argc == 2 ? open(argv[1], O_RDWR | O_NOCTTY) : -1, have = 0;

	if (line < 0 || tcgetattr(line, &raw))
		return 1;
	cfmakeraw(&raw);
	raw.c_cc[VMIN] = 1;
	raw.c_cc[VTIME] = 0;
	if (tcsetattr(line, TCSANOW, &raw))
		return 1;
	for (;;) {
		struct pollfd wait = { line, POLLIN, 0 };
		/* A pause in the middle of a request ends it. */
		int got = poll(&wait, 1, have ? 100 : -1);

		if (got == 0) {
			have = 0;
			continue;
		}
		if (wait.revents & (POLLHUP | POLLERR))
			return 0;
		got = read(line, request + have, REQUEST - have);
		if (got <= 0)
			return 0;
		have += got;
		if (have < REQUEST)
			continue;
		have = 0;
		got = answer(request, reply);
		if (got > 0 && write(line, reply, got) != got)
			return 0;
	}
}
