using System.Globalization;
using Catbox.Policy.Judging;
using Catbox.Policy.Syscalls.Tables;
using Xunit;

namespace Catbox.Native.AbiTests;

/// <summary>The tables of requests and of options have the numbers of the headers, where those of this machine know the name.</summary>
public sealed class TableAbiTests
{
    [SkippableFact]
    public void Requests_have_the_numbers_of_the_headers() => Compare(
        ["linux/types.h", "linux/fs.h", "linux/fiemap.h", "linux/fscrypt.h", "linux/fsverity.h", "linux/hdreg.h", "linux/msdos_fs.h", "linux/random.h"],
        FileIoctls.All.Select(static r => (r.Name, (long)r.Number)));

    [SkippableFact]
    public void Options_have_the_numbers_of_the_headers() => Compare(
        ["linux/types.h", "linux/in.h", "linux/in6.h", "linux/tcp.h", "asm/socket.h"],
        SocketOptions.Refused.Select(static o => (o.Name, (long)o.Number)));

    [SkippableFact]
    public void Requests_of_terminals_have_the_numbers_of_the_headers() => Compare(
        ["linux/types.h", "asm/termbits.h", "asm/ioctls.h", "linux/serial.h", "linux/sockios.h", "linux/kd.h", "linux/vt.h"],
        TerminalRequests.All.Select(static r => (r.Name, (long)r.Number)));

    private static void Compare(IReadOnlyList<string> headers, IEnumerable<(string Name, long Value)> ours)
    {
        CHeaders.SkipUnlessAnswering();
        var theirs = CHeaders.MacrosOf(headers, [.. ours.Select(static o => o.Name)]);
        Assert.NotEmpty(theirs);
        Assert.Equal([], ours.Where(o => theirs.TryGetValue(o.Name, out var value) && unchecked((uint)value != (uint)o.Value))
            .Select(o => string.Create(CultureInfo.InvariantCulture, $"{o.Name} is 0x{o.Value:x}; the header says 0x{theirs[o.Name]:x}")));
    }
}
