using Xunit;

namespace Catbox.Policy.Tests;

public sealed class ErrnoTests
{
    [Fact]
    public void A_number_of_the_kernel_has_its_name() => Assert.Equal("EACCES", new Errno(13).ToString());

    [Fact]
    public void A_number_has_the_first_of_its_names()
    {
        Assert.Equal("EAGAIN", Errno.EWOULDBLOCK.ToString());
        Assert.Equal("EDEADLK", Errno.EDEADLOCK.ToString());
    }

    [Theory]
    [InlineData(41)]
    [InlineData(58)]
    [InlineData(134)]
    [InlineData(515)]
    [InlineData(4000)]
    [InlineData(-1)]
    public void A_number_without_a_name_is_told_as_a_number(int value) => Assert.Equal("errno " + value, new Errno(value).ToString());

    [Fact]
    public void A_restart_that_only_a_tracer_sees_has_a_name() => Assert.Equal("ERESTARTSYS", new Errno(512).ToString());

    [Fact]
    public void Zero_is_success()
    {
        Assert.True(Errno.None.IsSuccess);
        Assert.Equal("no error", Errno.None.ToString());
        Assert.False(Errno.EPERM.IsSuccess);
    }

    [Fact]
    public void Every_number_up_to_the_last_has_a_name_but_two()
    {
        var nameless = Enumerable.Range(1, 133).Where(n => new Errno(n).ToString().StartsWith("errno", StringComparison.Ordinal));

        Assert.Equal([41, 58], nameless);
        Assert.Equal(133, Errno.EHWPOISON.Value);
    }
}
