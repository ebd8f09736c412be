using System.Globalization;
using System.Text;

namespace Catbox.Runtime.LinuxTests.Paths;

public sealed class CanonicalPathTests : IDisposable
{
    private readonly TemporaryTree _tree = new();

    public void Dispose() => _tree.Dispose();

    [Fact]
    public void A_path_is_resolved_for_another_process()
    {
        using var other = new OtherProcess(_tree.Root);
        Assert.Equal(_tree.At("new"), CanonicalPath.Resolve("new"u8, pid: other.Pid));
        Assert.Equal(string.Create(CultureInfo.InvariantCulture, $"/proc/{other.Pid}/comm"),
            Encoding.UTF8.GetString(CanonicalPath.Resolve("/proc/self/comm"u8, pid: other.Pid)));
    }

    [Fact]
    public void A_path_is_resolved_for_the_caller() =>
        Assert.Equal(string.Create(CultureInfo.InvariantCulture, $"/proc/{Environment.ProcessId}/comm"),
            Encoding.UTF8.GetString(CanonicalPath.Resolve("/proc/self/comm"u8)));

    [Fact]
    public void The_last_link_is_followed_unless_it_is_asked_not_to()
    {
        _tree.MakeLink("link", "target");
        Assert.Equal(_tree.At("target"), CanonicalPath.Resolve(_tree.At("link")));
        Assert.Equal(_tree.At("link"), CanonicalPath.Resolve(_tree.At("link"), follow: false));
    }

    [Fact]
    public void A_look_up_that_fails_tells_the_errno_and_the_path()
    {
        var error = Assert.Throws<CanonicalPathException>(() => CanonicalPath.Resolve(_tree.At("missing/x")));
        Assert.Equal("ENOENT", error.Errno.ToString());
        Assert.Equal(_tree.At("missing/x"), error.Path.ToArray());
        Assert.Equal($"{_tree.Root}/missing/x: ENOENT", error.Message);
    }

    [Fact]
    public void A_process_that_is_gone_is_ESRCH()
    {
        int pid;
        using (var other = new OtherProcess(_tree.Root))
        {
            pid = other.Pid;
        }

        Assert.Equal("ESRCH", Assert.Throws<CanonicalPathException>(() => CanonicalPath.Resolve("x"u8, pid: pid)).Errno.ToString());
    }

    [Fact]
    public void A_NUL_in_a_path_is_a_mistake_of_the_caller() => Assert.Throws<ArgumentException>(() => CanonicalPath.Resolve("a\0b"u8));
}
