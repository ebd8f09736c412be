using System.Buffers.Binary;
using Catbox.Policy.Judging;
using Catbox.Policy.Paths;
using Xunit;

namespace Catbox.Policy.Tests.Judging;

/// <summary>Of two mistakes in a call the kernel names the one that it meets first; each of these has a path that leads nowhere as its second one.</summary>
public sealed class EarlierErrorTests : JudgeFixture
{
    private const ulong Omit = (1 << 30) - 2;

    private ulong Nowhere => Text("/w/none/x");

    [Theory]
    [InlineData("unlinkat", 2, 0x1000)]
    [InlineData("fchmodat2", 3, 0x1)]
    [InlineData("utimensat", 3, 0x1)]
    [InlineData("fchownat", 4, 0x1)]
    public void Flags_that_it_does_not_know_come_before_the_path(string call, int index, int flags)
    {
        Span<ulong> args = [AtFdCwd, Nowhere, 0, 0, 0];
        Fails(Judge(call, args), Errno.ENOENT);
        args[index] = (ulong)flags;
        Fails(Judge(call, args), Errno.EINVAL);
    }

    [Theory]
    [InlineData(3ul, "EINVAL")] // RENAME_NOREPLACE with RENAME_EXCHANGE
    [InlineData(8ul, "EINVAL")]
    [InlineData(5ul, "ENOENT")]
    public void So_do_those_of_rename(ulong flags, string errno)
        => Assert.Equal(errno, Judge("renameat2", AtFdCwd, Nowhere, AtFdCwd, Nowhere, flags).Errno.ToString());

    [Theory]
    [InlineData(0x41FFul, "EPERM")] // a directory
    [InlineData(0xA1FFul, "EINVAL")] // a symbolic link
    [InlineData(0x11FFul, "ENOENT")] // a FIFO
    public void The_kind_of_a_node_comes_before_its_path_and_its_pointer(ulong mode, string errno)
    {
        Assert.Equal(errno, Judge("mknod", Nowhere, mode).Errno.ToString());
        Assert.Equal(errno == "ENOENT" ? "EFAULT" : errno, Judge("mknod", 0, mode).Errno.ToString());
    }

    [Theory]
    [InlineData(0x10040ul, true)] // O_DIRECTORY | O_CREAT
    [InlineData(0x400001ul, true)] // O_TMPFILE without O_DIRECTORY
    [InlineData(0x410000ul, true)] // O_TMPFILE for reading
    [InlineData(0x410001ul, false)]
    [InlineData(0x40000041ul, false)] // what open does not know it drops
    public void Flags_of_open_that_exclude_each_other_do_too(ulong flags, bool invalid)
        => Fails(Judge("openat", AtFdCwd, Nowhere, flags, 0x1A4), invalid ? Errno.EINVAL : Errno.ENOENT);

    [Theory]
    [InlineData(0x40000041ul, 0x1A4ul, 0ul, "EINVAL")] // openat2 does not
    [InlineData(1ul, 0x1A4ul, 0ul, "EINVAL")] // a mode and nothing made
    [InlineData(0x41ul, 0x11A4ul, 0ul, "EINVAL")]
    [InlineData(1ul, 0ul, 0x40ul, "EINVAL")]
    [InlineData(0x41ul, 0ul, 0x20ul, "EAGAIN")] // RESOLVE_CACHED
    [InlineData(0x41ul, 0x1A4ul, 0ul, "ENOENT")]
    public void And_those_of_openat2(ulong flags, ulong mode, ulong resolve, string errno)
    {
        var how = new byte[24];
        BinaryPrimitives.WriteUInt64LittleEndian(how, flags);
        BinaryPrimitives.WriteUInt64LittleEndian(how.AsSpan(8), mode);
        BinaryPrimitives.WriteUInt64LittleEndian(how.AsSpan(16), resolve);
        Assert.Equal(errno, Judge("openat2", AtFdCwd, Nowhere, Memory.Map(how), 24).Errno.ToString());
    }

    [Fact]
    public void The_target_of_a_link_comes_before_its_name()
    {
        Fails(Judge("symlink", Text("target"), Nowhere), Errno.ENOENT);
        Fails(Judge("symlink", 0, Nowhere), Errno.EFAULT);
        Fails(Judge("symlinkat", Text(""), 77, Text("x")), Errno.ENOENT);
    }

    [Fact]
    public void Times_that_are_both_omitted_change_nothing_whatever_the_path()
    {
        var times = new byte[32];
        BinaryPrimitives.WriteUInt64LittleEndian(times.AsSpan(8), Omit);
        BinaryPrimitives.WriteUInt64LittleEndian(times.AsSpan(24), Omit);
        Assert.Equal(Verdict.Fake(0), Judge("utimensat", AtFdCwd, Nowhere, Memory.Map(times), 0));
    }

    [Fact]
    public void The_first_path_is_looked_up_before_the_second_is_read()
    {
        Fails(Judge("rename", Nowhere, 0), Errno.ENOENT);
        Fails(Judge("rename", Text("/w/x"), 0), Errno.EFAULT);
        Fails(Judge("link", Text("/w/x"), 0), Errno.ENOENT);
        Paths.Add("/w/file", FileKind.Regular);
        Fails(Judge("link", Text("/w/file"), 0), Errno.EFAULT);
        Fails(Judge("link", Text("/w/x"), Text("/w/file/y")), Errno.ENOENT);
    }

    [Fact]
    public void Where_reads_are_judged_nothing_is_told_of_the_first_path()
    {
        Policy = Policy with { DenyRead = ["/secret"] };
        Fails(Judge("link", Text("/w/x"), 0), Errno.EFAULT);
    }

    [Fact]
    public void A_violation_stays_one()
        => Violates(Judge("unlinkat", AtFdCwd, Text("/out"), 0x1000), Errno.EACCES, ViolationSubject.Write, "/out");
}
