using Iced.Intel;

namespace TuneGrid.Training.Tests.Kernels;

/// <summary>
/// Executes the few instructions that the AMX kernels are made of, from their encoded bytes, so that their addressing and order are tested
/// on machines without tiles. Integer instructions act on real memory; tiles follow the Intel SDM's pseudo-code with the configuration of
/// eight full tiles.
/// </summary>
internal sealed unsafe class TileEmulator
{
    private readonly Dictionary<ulong, Instruction> _program = [];
    private readonly ulong[] _registers = new ulong[16];
    private readonly byte[][] _tiles = [.. Enumerable.Range(0, 8).Select(_ => new byte[1024])];
    private readonly Stack<ulong> _stack = new();
    private long _lastResult;

    public TileEmulator(Assembler function)
    {
        using var stream = new MemoryStream();
        function.Assemble(new StreamCodeWriter(stream), 0);
        var decoder = Decoder.Create(64, stream.ToArray());
        while (decoder.IP < (ulong)stream.Length)
        {
            var instruction = decoder.Decode();
            Assert.False(instruction.IsInvalid);
            _program.Add(instruction.IP, instruction);
        }
    }

    public void Run(void* argument)
    {
        ref var rdi = ref At(Register.RDI);
        rdi = (ulong)argument;
        var saved = _registers.ToArray();
        for (ulong ip = 0; _program[ip].Mnemonic != Mnemonic.Ret;)
            ip = Step(_program[ip]);
        foreach (var register in new[] { Register.RBX, Register.RBP, Register.R12, Register.R13, Register.R14, Register.R15 })
            Assert.Equal(saved[register - Register.RAX], At(register));
        Assert.Empty(_stack);
    }

    private ulong Step(in Instruction i)
    {
        switch (i.Mnemonic)
        {
            case Mnemonic.Push: _stack.Push(At(i.Op0Register)); break;
            case Mnemonic.Pop: At(i.Op0Register) = _stack.Pop(); break;
            case Mnemonic.Mov: At(i.Op0Register) = i.Op1Kind == OpKind.Memory ? *(ulong*)Address(i) : At(i.Op1Register); break;
            case Mnemonic.Lea: At(i.Op0Register) = Address(i); break;
            case Mnemonic.Add: At(i.Op0Register) += Source(i); break;
            case Mnemonic.Sub: Result(i, At(i.Op0Register) - Source(i)); break;
            case Mnemonic.Dec: Result(i, At(i.Op0Register) - 1); break;
            case Mnemonic.Shl: At(i.Op0Register) <<= i.Immediate8; break;
            case Mnemonic.Shr: At(i.Op0Register) >>= i.Immediate8; break;
            case Mnemonic.Test: _lastResult = (long)(At(i.Op0Register) & At(i.Op1Register)); break;
            case Mnemonic.Je: return _lastResult == 0 ? i.NearBranchTarget : i.NextIP;
            case Mnemonic.Jne: return _lastResult != 0 ? i.NearBranchTarget : i.NextIP;
            case Mnemonic.Jmp: return i.NearBranchTarget;
            case Mnemonic.Vzeroupper: break;
            case Mnemonic.Tilezero: Array.Clear(Tile(i.Op0Register)); break;
            case Mnemonic.Tileloadd: Load(i); break;
            case Mnemonic.Tilestored: Store(i); break;
            case Mnemonic.Tdpbf16ps: Multiply(Tile(i.Op0Register), Tile(i.Op1Register), Tile(i.Op2Register)); break;
            default: throw new NotSupportedException(i.ToString());
        }
        return i.NextIP;
    }

    private void Result(in Instruction i, ulong value) => _lastResult = (long)(At(i.Op0Register) = value);

    private ulong Source(in Instruction i) => i.Op1Kind == OpKind.Register ? At(i.Op1Register) : (ulong)(long)i.GetImmediate(1);

    private ulong Address(in Instruction i) =>
        At(i.MemoryBase) + (i.MemoryIndex == Register.None ? 0 : At(i.MemoryIndex) * (ulong)i.MemoryIndexScale) + i.MemoryDisplacement64;

    private ref ulong At(Register register) => ref _registers[register - Register.RAX];

    private byte[] Tile(Register register) => _tiles[register - Register.TMM0];

    /// <summary>The index register is the stride between rows; base and displacement give the start.</summary>
    private (ulong Start, ulong Stride) Rows(in Instruction i) => (At(i.MemoryBase) + i.MemoryDisplacement64, At(i.MemoryIndex));

    private void Load(in Instruction i)
    {
        var (start, stride) = Rows(i);
        for (ulong row = 0; row < 16; row++)
            new Span<byte>((void*)(start + row * stride), 64).CopyTo(Tile(i.Op0Register).AsSpan((int)row * 64));
    }

    private void Store(in Instruction i)
    {
        var (start, stride) = Rows(i);
        for (ulong row = 0; row < 16; row++)
            Tile(i.Op1Register).AsSpan((int)row * 64, 64).CopyTo(new Span<byte>((void*)(start + row * stride), 64));
    }

    private static void Multiply(byte[] c, byte[] a, byte[] b)
    {
        for (var m = 0; m < 16; m++)
            for (var k = 0; k < 16; k++)
                for (var n = 0; n < 16; n++)
                {
                    var at = m * 64 + n * 4;
                    var sum = BitConverter.ToSingle(c, at);
                    for (var half = 0; half < 4; half += 2)
                        sum += Bf16(a, m * 64 + k * 4 + half) * Bf16(b, k * 64 + n * 4 + half);
                    BitConverter.TryWriteBytes(c.AsSpan(at), sum);
                }
    }

    private static float Bf16(byte[] tile, int at) => BitConverter.UInt32BitsToSingle((uint)BitConverter.ToUInt16(tile, at) << 16);
}
