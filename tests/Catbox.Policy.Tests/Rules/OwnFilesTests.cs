using Catbox.Policy.Rules;
using Xunit;

namespace Catbox.Policy.Tests.Rules;

public sealed class OwnFilesTests
{
    [Theory]
    [InlineData("/proc/1234/comm", 1234)]
    [InlineData("/proc/1/oom_score_adj", 1)]
    [InlineData("/proc/1234/oom_adj", 1234)]
    [InlineData("/proc/1234/timerslack_ns", 1234)]
    [InlineData("/proc/1234/coredump_filter", 1234)]
    [InlineData("/proc/1234/autogroup", 1234)]
    [InlineData("/proc/1234/task/77/comm", 1234)]
    [InlineData("/proc/2147483647/comm", int.MaxValue)]
    public void A_file_by_which_a_process_tunes_itself_is_known(string path, int pid)
    {
        Assert.True(SelfProcFiles.IsOwnFile(Rule.Bytes(path), out var found));
        Assert.Equal(pid, found);
    }

    [Theory]
    [InlineData("/proc/1234/mem")]
    [InlineData("/proc/1234/loginuid")]
    [InlineData("/proc/1234/uid_map")]
    [InlineData("/proc/1234/attr/current")]
    [InlineData("/proc/1234/comm/x")]
    [InlineData("/proc/1234/task/77/mem")]
    [InlineData("/proc/1234/task/77/timerslack_ns")]
    [InlineData("/proc/1234/task/x/comm")]
    [InlineData("/proc/1234/task/comm")]
    [InlineData("/proc/01234/comm")]
    [InlineData("/proc/0/comm")]
    [InlineData("/proc/2147483648/comm")]
    [InlineData("/proc/99999999999999/comm")]
    [InlineData("/proc/self/comm")]
    [InlineData("/proc/-1/comm")]
    [InlineData("/proc//comm")]
    [InlineData("/proc/1234")]
    [InlineData("/x/proc/1/comm")]
    [InlineData("")]
    public void Any_other_file_is_not(string path)
    {
        Assert.False(SelfProcFiles.IsOwnFile(Rule.Bytes(path), out var pid));
        Assert.Equal(0, pid);
    }

    [Theory]
    [InlineData("/dev/pts/0", true)]
    [InlineData("/dev/pts/1234", true)]
    [InlineData("/dev/pts/", false)]
    [InlineData("/dev/pts", false)]
    [InlineData("/dev/pts/ptmx", false)]
    [InlineData("/dev/pts/1/x", false)]
    [InlineData("/dev/tty1", false)]
    public void A_terminal_is_a_number_in_dev_pts(string path, bool isPty) => Assert.Equal(isPty, DefaultWritablePaths.IsPty(Rule.Bytes(path)));
}
