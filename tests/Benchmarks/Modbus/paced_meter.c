/*
 * A Modbus RTU meter on a pseudo terminal that takes the time of a real line: each character of its answers comes when its last bit
 * would have come, and a request counts as received when its own characters would have been.
 *   paced_meter BAUD          prints "ready /dev/pts/N"; at the end of its input "REQUESTS EARLY"
 * EARLY counts requests that came sooner than 3.5 characters after the answer before. A character is 10 bits. Register i holds 3 i + 1.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

static int64_t now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void until(int64_t ns)
{
    struct timespec t = {ns / 1000000000, ns % 1000000000};
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL) == EINTR)
        ;
}

static uint16_t crc(const uint8_t *bytes, int count)
{
    uint16_t sum = 0xFFFF;
    for (int i = 0; i < count; i++) {
        sum ^= bytes[i];
        for (int bit = 0; bit < 8; bit++)
            sum = sum & 1 ? (sum >> 1) ^ 0xA001 : sum >> 1;
    }
    return sum;
}

static int answer(const uint8_t *request, uint8_t *reply)
{
    int address = request[2] << 8 | request[3], count = request[4] << 8 | request[5], length = 3;
    if (crc(request, 6) != (request[6] | request[7] << 8) || count > 125)
        return 0;
    reply[0] = request[0];
    reply[1] = request[1];
    reply[2] = 2 * count;
    for (int i = 0; i < count; i++) {
        int value = 3 * (address + i) + 1;
        reply[length++] = value >> 8;
        reply[length++] = value;
    }
    uint16_t sum = crc(reply, length);
    reply[length++] = sum;
    reply[length++] = sum >> 8;
    return length;
}

int main(int argc, char **argv)
{
    /* Dies with the program that started it. */
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    /* Wakes when it asked to, not when it suits the kernel. */
    prctl(PR_SET_TIMERSLACK, 1);
    int master = posix_openpt(O_RDWR | O_NOCTTY);
    if (argc != 2 || master < 0 || grantpt(master) != 0 || unlockpt(master) != 0)
        return 1;
    int slave = open(ptsname(master), O_RDWR | O_NOCTTY);
    struct termios raw;
    tcgetattr(slave, &raw);
    cfmakeraw(&raw);
    tcsetattr(slave, TCSANOW, &raw);
    printf("ready %s\n", ptsname(master));
    fflush(stdout);

    double character = 1e10 / atoi(argv[1]);
    int64_t silence = (int64_t)(3.5 * character), quiet = 0;
    long requests = 0, early = 0;
    uint8_t request[8], reply[300];
    struct pollfd wanted[2] = {{master, POLLIN, 0}, {STDIN_FILENO, POLLIN, 0}};
    for (int have = 0;;) {
        if (poll(wanted, 2, -1) < 0 || (wanted[1].revents != 0 && wanted[0].revents == 0))
            break;
        int64_t start = now();
        int count = read(master, request + have, sizeof request - have);
        if (count <= 0)
            break;
        if ((have += count) < (int)sizeof request)
            continue;
        have = 0;
        requests++;
        early += start < quiet + silence;
        int length = answer(request, reply);
        int64_t first = start + (int64_t)(sizeof request * character) + silence;
        for (int i = 0; i < length; i++) {
            quiet = first + (int64_t)((i + 1) * character);
            until(quiet);
            if (write(master, reply + i, 1) != 1)
                return 1;
        }
    }

    printf("%ld %ld\n", requests, early);
    return 0;
}
