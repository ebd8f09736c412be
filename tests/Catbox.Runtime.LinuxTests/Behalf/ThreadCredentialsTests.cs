using System.Globalization;
using System.Text;
using Catbox.Policy;
using Catbox.Runtime.Tracing.Behalf;

namespace Catbox.Runtime.LinuxTests.Behalf;

/// <summary>What is read of a thread's status file.</summary>
public sealed class ThreadCredentialsTests : IDisposable
{
    private const string Plain = """
        Name:	odd\nUmask:	0777
        Umask:	0027
        State:	R (running)
        Uid:	1000	1000	1000	1000
        Gid:	100	100	100	100
        FDSize:	64
        Groups:	4 24 100
        CapInh:	0000000000000000
        CapPrm:	0000000000000000
        CapEff:	0000000000000000
        CapBnd:	000001ffffffffff

        """;

    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void Everything_that_counts_is_read()
    {
        var read = Read(Plain.Replace("1000\nGid", "1007\nGid", StringComparison.Ordinal).Replace("CapEff:\t0000000000000000", "CapEff:\t00000010a0000f0f", StringComparison.Ordinal));

        Assert.Equal((0x17u, 1007u, 100u, 0x10a0000f0ful), (read.Umask, read.FileUser, read.FileGroup, read.Effective));
        Assert.Equal([4u, 24u, 100u], read.Groups().ToArray());
    }

    [Theory]
    [InlineData("Uid:\t1000\t1000\t1000\t1000", "Uid:\t1000\t1000\t1000\t0")]
    [InlineData("Uid:\t1000\t1000\t1000\t1000", "Uid:\t0\t1000\t1000\t1000")]
    [InlineData("Gid:\t100\t100\t100\t100", "Gid:\t100\t100\t5\t100")]
    [InlineData("CapPrm:\t0000000000000000", "CapPrm:\t0000000000000001")]
    [InlineData("CapInh:\t0000000000000000", "CapInh:\t0000008000000000")]
    public void A_thread_is_plain_only_where_nothing_is_left_to_change(string line, string other)
    {
        Assert.True(Read(Plain).IsPlain);
        Assert.False(Read(Plain.Replace(line, other, StringComparison.Ordinal)).IsPlain);
    }

    [Theory]
    [InlineData("\t1000\nGid", "\t1001\nGid")]
    [InlineData("\t100\nFDSize", "\t101\nFDSize")]
    [InlineData("4 24 100", "4 24")]
    [InlineData("4 24 100", "")]
    public void Another_user_or_group_acts_otherwise(string part, string other)
    {
        Assert.True(Read(Plain).ActsAs(Read(Plain)));
        Assert.False(Read(Plain.Replace(part, other, StringComparison.Ordinal)).ActsAs(Read(Plain)));
    }

    [Fact]
    public void A_lost_capability_acts_otherwise_and_one_that_the_tracer_lacks_does_not()
    {
        var own = Read(Plain.Replace("Prm:\t0000000000000000", "Prm:\t0000000000000003", StringComparison.Ordinal)
            .Replace("Eff:\t0000000000000000", "Eff:\t0000000000000003", StringComparison.Ordinal));

        Assert.False(Read(Plain).ActsAs(own));
        Assert.True(Read(Plain.Replace("Eff:\t0000000000000000", "Eff:\t0000000000000007", StringComparison.Ordinal)).ActsAs(own));
    }

    [Fact]
    public void Somebody_may_be_in_very_many_groups()
    {
        var groups = Enumerable.Range(1_000_000, 20_000).Select(g => (uint)g).ToArray();
        var read = Read(Plain.Replace("4 24 100", string.Join(' ', groups.Select(g => g.ToString(CultureInfo.InvariantCulture))), StringComparison.Ordinal));

        Assert.Equal(groups, read.Groups().ToArray());
    }

    [Theory]
    [InlineData("Umask:\t0027\n")]
    [InlineData("Groups:\t4 24 100\n")]
    [InlineData("CapEff:\t0000000000000000\n")]
    public void What_is_not_told_is_not_guessed(string line)
    {
        File.WriteAllText(_file, Plain.Replace(line, "", StringComparison.Ordinal));

        Assert.Equal(Errno.EIO, new ThreadCredentials().Read(Encoding.UTF8.GetBytes(_file + "\0")));
    }

    private ThreadCredentials Read(string text)
    {
        File.WriteAllText(_file, text);
        var credentials = new ThreadCredentials();
        Assert.Equal(Errno.None, credentials.Read(Encoding.UTF8.GetBytes(_file + "\0")));
        return credentials;
    }
}
