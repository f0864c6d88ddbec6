/*
 * The peer of MeterLab's Modbus TCP client, made of libmodbus: one read after another, each checked.
 *   modbus_client PORT UNIT REGISTERS WARM READS          prints the seconds that READS took
 * Register i holds 3 i + 1.
 */
#include <errno.h>
#include <modbus.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + 1e-9 * t.tv_nsec;
}

int main(int argc, char **argv)
{
    if (argc != 6)
        return 2;
    int count = atoi(argv[3]), warm = atoi(argv[4]), reads = atoi(argv[5]);
    uint16_t registers[MODBUS_MAX_READ_REGISTERS];
    modbus_t *ctx = modbus_new_tcp("127.0.0.1", atoi(argv[1]));
    if (ctx == NULL || modbus_set_slave(ctx, atoi(argv[2])) != 0 || modbus_connect(ctx) != 0) {
        fprintf(stderr, "%s\n", modbus_strerror(errno));
        return 1;
    }

    double start = 0;
    for (int i = 0; i < warm + reads; i++) {
        if (i == warm)
            start = now();
        if (modbus_read_registers(ctx, 0, count, registers) != count || registers[count - 1] != 3 * (count - 1) + 1) {
            fprintf(stderr, "read %d: %s\n", i, modbus_strerror(errno));
            return 1;
        }
    }

    printf("%.9f\n", now() - start);
    modbus_close(ctx);
    modbus_free(ctx);
    return 0;
}
