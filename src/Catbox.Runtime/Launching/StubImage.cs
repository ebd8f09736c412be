using System.Buffers.Binary;
using System.Collections.Immutable;

namespace Catbox.Runtime.Launching;

/// <summary>
/// Makes the stub: a static x86-64 program of one page of code that waits for one byte on descriptor 3 and clones itself; the clone makes the calls of a
/// list and ends in the last one, execve. It needs nothing of the file system (it lives in a memfd), and no injected registers: the list travels in its data.
/// <para>A call that fails ends in <c>int3</c> with rax = errno and rbx at the step, where its tracer finds it. When the host dies before it gives the
/// byte, read() returns 0 and the stub exits.</para>
/// <para>A stub that is never given its byte is a doorbell (<see cref="Tracing.Doorbell"/>), for which there is a timer in the image too.</para>
/// </summary>
/// <remarks>
/// Ideas that were worse: stopping a stub in a call and setting registers for each step (two stops a step: half a millisecond of launch); a
/// shell as the stub (not in every image); a helper program beside the library (a file to ship and to lose).
/// </remarks>
internal static class StubImage
{
    private const ulong CodeAddress = 0x400000;
    private const ulong DataAddress = 0x10000000;
    private const int HeaderSize = 64 + (2 * 56);
    private const int CodeOffset = 0x1000;
    private const int DataOffset = 0x2000;
    private const int StepSize = 64;

    /// <summary>Where a doorbell is sent to sleep for a while: <see cref="Tick"/>.</summary>
    public static ulong TickAddress => CodeAddress + (ulong)(Prologue.Length + Clone.Length + Interpreter.Length);

    /// <summary>Where the step list begins; a failed step's index is (rbx - this) / 64.</summary>
    public const ulong StepsAddress = DataAddress;

    private static ReadOnlySpan<byte> Prologue =>
    [
        // read(3, rsp-8, 1)
        0x31, 0xc0,                                     // xor eax, eax            (__NR_read)
        0xbf, 0x03, 0x00, 0x00, 0x00,                   // mov edi, 3
        0x48, 0x8d, 0x74, 0x24, 0xf8,                   // lea rsi, [rsp-8]
        0xba, 0x01, 0x00, 0x00, 0x00,                   // mov edx, 1
        0x0f, 0x05,                                     // syscall
        0x48, 0x83, 0xf8, 0xfc,                         // cmp rax, -4             (EINTR: again)
        0x74, 0xe7,                                     // je start
        0x48, 0x83, 0xf8, 0x01,                         // cmp rax, 1
        0x74, 0x0c,                                     // je clone
        0xbf, 0x7d, 0x00, 0x00, 0x00,                   // mov edi, 125
        0xb8, 0xe7, 0x00, 0x00, 0x00,                   // mov eax, 231            (__NR_exit_group)
        0x0f, 0x05,                                     // syscall
    ];

    /// <summary>
    /// The guest is not the spawned process but a sibling that it makes (CLONE_PARENT): a spawned process shares the host's memory until its exec, and
    /// the kernel counts the host's peak as its own from then on (setmax_mm_hiwater_rss in fs/exec.c).
    /// </summary>
    private static ReadOnlySpan<byte> Clone =>
    [
        0xbf, 0x11, 0x80, 0x00, 0x00,                   // mov edi, CLONE_PARENT | SIGCHLD
        0x31, 0xf6,                                     // xor esi, esi
        0x31, 0xd2,                                     // xor edx, edx
        0x45, 0x31, 0xd2,                               // xor r10d, r10d
        0x45, 0x31, 0xc0,                               // xor r8d, r8d
        0xb8, 0x38, 0x00, 0x00, 0x00,                   // mov eax, 56             (__NR_clone)
        0x0f, 0x05,                                     // syscall
        0x48, 0x85, 0xc0,                               // test rax, rax
        0x74, 0x14,                                     // jz go                   (the child)
        0x79, 0x09,                                     // jns done
        0x48, 0xf7, 0xd8,                               // neg rax
        0xbb, 0xc0, 0xff, 0xff, 0x0f,                   // mov ebx, DataAddress - 64   (the step before the first)
        0xcc,                                           // int3
        0x31, 0xff,                                     // done: xor edi, edi
        0xb8, 0xe7, 0x00, 0x00, 0x00,                   // mov eax, 231            (__NR_exit_group)
        0x0f, 0x05,                                     // syscall
    ];

    private static ReadOnlySpan<byte> Interpreter =>
    [
        0xbb, 0x00, 0x00, 0x00, 0x10,                   // go: mov ebx, DataAddress
        0x48, 0x8b, 0x03,                               // next: mov rax, [rbx]
        0x48, 0x8b, 0x7b, 0x08,                         // mov rdi, [rbx+8]
        0x48, 0x8b, 0x73, 0x10,                         // mov rsi, [rbx+16]
        0x48, 0x8b, 0x53, 0x18,                         // mov rdx, [rbx+24]
        0x4c, 0x8b, 0x53, 0x20,                         // mov r10, [rbx+32]
        0x4c, 0x8b, 0x43, 0x28,                         // mov r8, [rbx+40]
        0x4c, 0x8b, 0x4b, 0x30,                         // mov r9, [rbx+48]
        0x0f, 0x05,                                     // syscall
        0x48, 0x3d, 0x00, 0xf0, 0xff, 0xff,             // cmp rax, -4096
        0x76, 0x0a,                                     // jbe ok
        0x48, 0xf7, 0xd8,                               // neg rax
        0x48, 0x3b, 0x43, 0x38,                         // cmp rax, [rbx+56]       (the tolerated errno)
        0x74, 0x01,                                     // je ok
        0xcc,                                           // int3
        0x48, 0x83, 0xc3, 0x40,                         // ok: add rbx, 64
        0xeb, 0xcb,                                     // jmp next
    ];

    /// <summary>
    /// The timer of a doorbell: sleeps for the timespec {0, rdx} and stops by <c>int3</c>. Entered by its tracer's setting of rip, and left by it too.
    /// </summary>
    private static ReadOnlySpan<byte> Tick =>
    [
        0x48, 0x89, 0x54, 0x24, 0xf8,                   // mov [rsp-8], rdx        (tv_nsec)
        0x48, 0xc7, 0x44, 0x24, 0xf0, 0, 0, 0, 0,       // mov qword [rsp-16], 0   (tv_sec)
        0x48, 0x8d, 0x7c, 0x24, 0xf0,                   // lea rdi, [rsp-16]
        0x31, 0xf6,                                     // xor esi, esi
        0xb8, 0x23, 0x00, 0x00, 0x00,                   // mov eax, 35             (__NR_nanosleep)
        0x0f, 0x05,                                     // syscall
        0xcc,                                           // int3
    ];

    /// <summary>The whole file.</summary>
    public static byte[] Build(ImmutableArray<LaunchStep> steps)
    {
        var data = new List<byte>(new byte[(steps.Length + 1) * StepSize]);
        for (var i = 0; i < steps.Length; i++)
        {
            var step = steps[i];
            Put(data, i * StepSize, (ulong)step.Number);
            for (var a = 0; a < step.Arguments.Length; a++)
            {
                Put(data, (i * StepSize) + 8 + (8 * a), Place(data, step.Arguments[a]));
            }

            Put(data, (i * StepSize) + 56, (ulong)step.Tolerated.Value);
        }

        // Past the last step: a call that always fails, so that running off the end is an int3 too.
        Put(data, steps.Length * StepSize, ulong.MaxValue);

        var image = new byte[DataOffset + data.Count];
        WriteHeader(image, data.Count);
        Prologue.CopyTo(image.AsSpan(CodeOffset));
        Clone.CopyTo(image.AsSpan(CodeOffset + Prologue.Length));
        Interpreter.CopyTo(image.AsSpan(CodeOffset + Prologue.Length + Clone.Length));
        Tick.CopyTo(image.AsSpan(CodeOffset + (int)(TickAddress - CodeAddress)));
        data.CopyTo(image, DataOffset);
        return image;
    }

    private static ulong Place(List<byte> data, LaunchArgument argument)
    {
        switch (argument)
        {
            case LaunchArgument.Number number:
                return number.Value;
            case LaunchArgument.Bytes bytes:
                return Append(data, bytes.Value.AsSpan());
            case LaunchArgument.Structure structure:
                return Append(data, structure.Value.AsSpan());
            case LaunchArgument.Strings strings:
                var pointers = new byte[(strings.Value.Length + 1) * 8];
                for (var i = 0; i < strings.Value.Length; i++)
                {
                    var at = Append(data, strings.Value[i].Bytes, 1);
                    BinaryPrimitives.WriteUInt64LittleEndian(pointers.AsSpan(i * 8), at);
                }

                return Append(data, pointers);
            case LaunchArgument.Filter filter:
                var program = Append(data, filter.Instructions.AsSpan());
                var header = new byte[16];
                BinaryPrimitives.WriteUInt16LittleEndian(header, (ushort)(filter.Instructions.Length / 8));
                BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(8), program);
                return Append(data, header);
            default:
                throw new ArgumentOutOfRangeException(nameof(argument), argument, "not a launch argument");
        }
    }

    private static ulong Append(List<byte> data, ReadOnlySpan<byte> bytes, int zeros = 0)
    {
        while (data.Count % 8 != 0)
        {
            data.Add(0);
        }

        var at = DataAddress + (ulong)data.Count;
        data.AddRange(bytes);
        for (var i = 0; i < zeros; i++)
        {
            data.Add(0);
        }

        return at;
    }

    private static void Put(List<byte> data, int offset, ulong value)
    {
        for (var i = 0; i < 8; i++)
        {
            data[offset + i] = (byte)(value >> (8 * i));
        }
    }

    /// <summary>ELF64 (elf(5)) with two segments: code to execute, data to read and write.</summary>
    private static void WriteHeader(Span<byte> image, int dataLength)
    {
        ReadOnlySpan<byte> ident = [0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1];
        ident.CopyTo(image);
        BinaryPrimitives.WriteUInt16LittleEndian(image[16..], 2);              // ET_EXEC
        BinaryPrimitives.WriteUInt16LittleEndian(image[18..], 62);             // EM_X86_64
        BinaryPrimitives.WriteUInt32LittleEndian(image[20..], 1);              // EV_CURRENT
        BinaryPrimitives.WriteUInt64LittleEndian(image[24..], CodeAddress);    // e_entry
        BinaryPrimitives.WriteUInt64LittleEndian(image[32..], 64);             // e_phoff
        BinaryPrimitives.WriteUInt16LittleEndian(image[52..], 64);             // e_ehsize
        BinaryPrimitives.WriteUInt16LittleEndian(image[54..], 56);             // e_phentsize
        BinaryPrimitives.WriteUInt16LittleEndian(image[56..], 2);              // e_phnum
        WriteSegment(image[64..], 5 /* R X */, CodeOffset, CodeAddress, (int)(TickAddress - CodeAddress) + Tick.Length);
        WriteSegment(image[(64 + 56)..HeaderSize], 6 /* R W */, DataOffset, DataAddress, dataLength);
    }

    private static void WriteSegment(Span<byte> header, uint flags, int offset, ulong address, int length)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(header, 1);                   // PT_LOAD
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], flags);
        BinaryPrimitives.WriteUInt64LittleEndian(header[8..], (ulong)offset);
        BinaryPrimitives.WriteUInt64LittleEndian(header[16..], address);
        BinaryPrimitives.WriteUInt64LittleEndian(header[24..], address);
        BinaryPrimitives.WriteUInt64LittleEndian(header[32..], (ulong)length);
        BinaryPrimitives.WriteUInt64LittleEndian(header[40..], (ulong)length);
        BinaryPrimitives.WriteUInt64LittleEndian(header[48..], 0x1000);
    }
}
