using System.Runtime.InteropServices;
using Catbox.Policy.Syscalls.Tables;
using Catbox.Testing;
using Xunit;

namespace Catbox.Native.AbiTests;

/// <summary>The table of x86-64 against the headers of the kernel and of the C library.</summary>
public sealed class SyscallTableAbiTests
{
    /// <summary>
    /// Numbers that were given out of turn, with the highest number that a header has which knows them:
    /// uretprobe came after 462 (Linux 6.11), uprobe after 469 (6.18).
    /// </summary>
    private static readonly Dictionary<int, int> GivenLate = new() { [335] = 463, [336] = 470 };

    [SkippableTheory]
    [InlineData("asm/unistd.h", "__NR_")]
    [InlineData("sys/syscall.h", "SYS_")]
    public void Every_call_of_the_headers_has_a_row_of_its_number(string header, string prefix)
    {
        var calls = Calls(header, prefix);

        var wrong = calls
            .Where(call => LinuxX64.Table.Find(call.Value)?.Name != call.Key)
            .Select(call => $"{call.Key} ({call.Value}): the table has {LinuxX64.Table.Find(call.Value)?.Name ?? "no row"}");

        Assert.Equal([], wrong);
    }

    [SkippableTheory]
    [InlineData("asm/unistd.h", "__NR_")]
    [InlineData("sys/syscall.h", "SYS_")]
    public void Every_row_that_the_headers_are_new_enough_for_is_a_call_of_theirs(string header, string prefix)
    {
        var calls = Calls(header, prefix);
        var highest = (int)calls.Values.Max();

        var unknown = LinuxX64.Table.Rows
            .Where(row => highest >= GivenLate.GetValueOrDefault(row.Number, row.Number) && !calls.ContainsKey(row.Name))
            .Select(row => $"{row.Name} ({row.Number})");

        Assert.Equal([], unknown);
    }

    private static Dictionary<string, long> Calls(string header, string prefix)
    {
        Skip.IfNot(RuntimeInformation.ProcessArchitecture == Architecture.X64, "the headers are those of another architecture");
        Skip.IfNot(CCompiler.TryFind(out _), CCompiler.Missing);

        var calls = CCompiler.Constants(header, prefix).ToDictionary(c => c.Key[prefix.Length..], c => c.Value);
        Assert.True(calls.Count > 300, $"{header} has {calls.Count} calls only");
        return calls;
    }
}
