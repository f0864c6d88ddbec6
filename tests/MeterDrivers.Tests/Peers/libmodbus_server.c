/*
 * A Modbus server made of libmodbus, against which MeterLab's client is tested.
 *   libmodbus_server tcp UNIT  TABLE:ADDRESS=VALUE ...          prints "ready PORT"
 *   libmodbus_server DEVICE UNIT  TABLE:ADDRESS=VALUE ...       RTU, 9600 8N1, prints "ready 0"
 * TABLE is 3 (holding) or 4 (input); ADDRESS and VALUE are one register each, 0x allowed.
 */
#include <errno.h>
#include <modbus.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>

static int fail(const char *what)
{
    fprintf(stderr, "%s: %s\n", what, modbus_strerror(errno));
    return 1;
}

static void serve(modbus_t *ctx, modbus_mapping_t *map)
{
    uint8_t query[MODBUS_TCP_MAX_ADU_LENGTH];
    for (;;) {
        int length = modbus_receive(ctx, query);
        if (length > 0)
            modbus_reply(ctx, query, length, map);
        else if (length < 0 && errno != EMBBADCRC && errno != ETIMEDOUT)
            return;
    }
}

int main(int argc, char **argv)
{
    /* Dies with the test that started it. */
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (argc < 3)
        return 2;
    int tcp = strcmp(argv[1], "tcp") == 0;
    modbus_mapping_t *map = modbus_mapping_new(0, 0, 65536, 65536);
    if (map == NULL)
        return fail("mapping");
    for (int i = 3; i < argc; i++) {
        char *rest;
        long table = strtol(argv[i], &rest, 0);
        long address = strtol(rest + 1, &rest, 0);
        long value = strtol(rest + 1, NULL, 0);
        (table == 3 ? map->tab_registers : map->tab_input_registers)[address] = (uint16_t)value;
    }

    modbus_t *ctx = tcp ? modbus_new_tcp("127.0.0.1", 0) : modbus_new_rtu(argv[1], 9600, 'N', 8, 1);
    if (ctx == NULL || modbus_set_slave(ctx, atoi(argv[2])) != 0)
        return fail("context");
    if (!tcp) {
        if (modbus_connect(ctx) != 0)
            return fail(argv[1]);
        printf("ready 0\n");
        fflush(stdout);
        serve(ctx, map);
        return 0;
    }

    int listener = modbus_tcp_listen(ctx, 1);
    if (listener < 0)
        return fail("listen");
    struct sockaddr_in address;
    socklen_t size = sizeof address;
    getsockname(listener, (struct sockaddr *)&address, &size);
    printf("ready %d\n", ntohs(address.sin_port));
    fflush(stdout);
    for (;;) {
        if (modbus_tcp_accept(ctx, &listener) < 0)
            return fail("accept");
        serve(ctx, map);
        modbus_close(ctx);
    }
}
