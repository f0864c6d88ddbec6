/*
 * The least that anybody has to do with a PowerSensor3's stream: a plain loop over the bytes.
 *   plain_loop FILE PASSES levels SUM       takes the levels out and sums them
 *   plain_loop FILE PASSES watts SUM SCALE OFFSET SCALE OFFSET
 *                                           and makes four products and their total of each set: amperes (and volts) are
 *                                           level * scale + offset
 * Prints the seconds of all passes. SUM is that of one pass, so that nothing is left out; watts to a billionth of it.
 */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + 1e-9 * t.tv_nsec;
}

static double scale[2], offset[2];

static double pass(const uint8_t *bytes, long length, int watts)
{
    uint16_t levels[8] = {0};
    uint8_t first = 0;
    uint64_t whole = 0, stamps = 0;
    double sum = 0;
    for (long i = 0; i < length; i++) {
        uint8_t b = bytes[i];
        if (b & 0x80) {
            first = b;
            continue;
        }
        int sensor = first >> 4 & 7;
        int level = (first & 0xF) << 6 | (b & 0x3F);
        if (sensor == 7 && b & 0x40) {
            stamps += level;
            continue;
        }
        levels[sensor] = level;
        if (sensor != 7)
            continue;
        if (watts) {
            double total = 0;
            for (int p = 0; p < 4; p++)
                total += (levels[2 * p] * scale[0] + offset[0]) * (levels[2 * p + 1] * scale[1] + offset[1]);
            sum += total;
        } else {
            for (int s = 0; s < 8; s++)
                whole += levels[s];
        }
    }
    return watts ? sum : (double)(whole + stamps);
}

int main(int argc, char **argv)
{
    int watts = argc == 9 && strcmp(argv[3], "watts") == 0;
    if (argc != 5 && !watts)
        return 2;
    for (int i = 0; watts && i < 2; i++) {
        scale[i] = atof(argv[5 + 2 * i]);
        offset[i] = atof(argv[6 + 2 * i]);
    }
    FILE *file = fopen(argv[1], "rb");
    if (file == NULL || fseek(file, 0, SEEK_END) != 0)
        return 1;
    long length = ftell(file);
    rewind(file);
    uint8_t *bytes = malloc(length);
    if (bytes == NULL || fread(bytes, 1, length, file) != (size_t)length)
        return 1;
    int passes = atoi(argv[2]);
    double expected = atof(argv[4]), start = now();
    for (int i = 0; i < passes; i++) {
        double sum = pass(bytes, length, watts);
        if (fabs(sum - expected) > (watts ? 1e-9 * fabs(expected) : 0)) {
            fprintf(stderr, "sum %.17g, expected %.17g\n", sum, expected);
            return 1;
        }
    }
    printf("%.9f\n", now() - start);
    return 0;
}
