using CsCheck;

using MeterLab.MeterDrivers.Modbus;

namespace MeterLab.MeterDrivers.Tests.Modbus;

public sealed class FramingTests
{
    [Fact]
    public void The_checksum_has_the_published_check_value() => Assert.Equal(0x4B37, Crc16.Compute("123456789"u8));

    [Theory]
    [InlineData(0x0000, "01040000000271CB")]
    [InlineData(0x0034, "0104003400023005")]
    public void A_serial_request_has_the_bytes_of_the_meters_manual(int address, string golden)
    {
        var request = new ModbusRequest(1, ModbusFunction.ReadInputRegisters, (ushort)address, 2);
        Span<byte> pdu = stackalloc byte[ModbusRequest.MaxPdu];
        Span<byte> frame = stackalloc byte[FrameCodec.MaxFrame];

        var length = new RtuCodec().Encode(1, pdu[..request.Encode([], pdu)], frame);

        Assert.Equal(golden, Convert.ToHexString(frame[..length]));
    }

    [Fact]
    public void A_network_request_numbers_itself_and_states_its_length()
    {
        var codec = new TcpCodec();
        Span<byte> frame = stackalloc byte[FrameCodec.MaxFrame];
        codec.Encode(1, [4, 0, 0x34, 0, 2], frame);

        var length = codec.Encode(7, [4, 0, 0x34, 0, 2], frame);

        Assert.Equal("000200000006" + "0704003400" + "02", Convert.ToHexString(frame[..length]));
    }

    [Fact]
    public void A_write_carries_its_registers()
    {
        Span<byte> pdu = stackalloc byte[ModbusRequest.MaxPdu];

        var length = new ModbusRequest(1, ModbusFunction.WriteMultipleRegisters, 2, 2).Encode([0x4270, 0x0000], pdu);

        Assert.Equal("1000020002" + "04" + "42700000", Convert.ToHexString(pdu[..length]));
    }

    [Fact]
    public void However_a_frame_arrives_its_end_is_found() =>
        Gen.Select(Gen.Bool, Gen.Int[1, 125]).Sample((rtu, count) =>
        {
            FrameCodec codec = rtu ? new RtuCodec() : new TcpCodec();
            var device = new RegisterDevice { Rtu = rtu };
            var pdu = new byte[ModbusRequest.MaxPdu];
            var sent = new byte[FrameCodec.MaxFrame];
            var request = new ModbusRequest(1, ModbusFunction.ReadHoldingRegisters, 0, (ushort)count);
            var reply = device.Answer(sent[..codec.Encode(1, pdu.AsSpan(0, request.Encode([], pdu)), sent)]);
            for (var have = 0; have < reply.Length; have++)
            {
                if (codec.Needed(reply.AsSpan(0, have)) <= have)
                    return false;
            }

            return codec.Needed(reply) == reply.Length
                && codec.Open(reply, out var unit, out var body, out _) == FrameVerdict.Reply && unit == 1 && body.Length == request.ReplyLength;
        });

    [Fact]
    public void Any_changed_bit_of_a_serial_frame_is_noticed() =>
        Gen.Select(Gen.Byte.Array[1, 40], Gen.Int[0, 8 * 43 - 1]).Sample((pdu, bit) =>
        {
            var frame = new byte[pdu.Length + 3];
            new RtuCodec().Encode(1, pdu, frame);
            frame[bit / 8 % frame.Length] ^= (byte)(1 << (bit % 8));
            return new RtuCodec().Open(frame, out _, out _, out _) == FrameVerdict.Corrupt;
        });

    [Fact]
    public void Bytes_of_another_protocol_are_no_network_frame() =>
        Assert.True(new TcpCodec().Needed("HTTP/1.1 400 Bad Request"u8) < 0);
}
