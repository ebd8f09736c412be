using System.Text;
using Catbox.Policy.Paths;
using CsCheck;
using Xunit;

namespace Catbox.Policy.Tests.Paths;

/// <summary>What is done with the text of a path alone.</summary>
public sealed class PathSyntaxTests
{
    private const int AtFdCwd = -100;

    [Theory]
    [InlineData("/a/b", "/a/b/c/d", "c/d")]
    [InlineData("/a/b", "/a/b", ".")]
    [InlineData("/a/b", "/a", "..")]
    [InlineData("/a/b/c", "/a/x", "../../x")]
    [InlineData("/ab/c", "/ax", "../../ax")]
    [InlineData("/a", "/ab", "../ab")]
    [InlineData("/", "/a", "a")]
    [InlineData("/a", "/", "..")]
    [InlineData("/", "/", ".")]
    public void A_path_from_a_directory_climbs_and_then_goes_down(string directory, string target, string expected) =>
        Assert.Equal(expected, Relate(directory, target));

    [Fact]
    public void It_leads_where_the_canonical_path_does()
    {
        var path = Gen.OneOf("a", "b", "ab", "c").Array[0, 6];
        Gen.Select(path, path).Sample((directory, target) =>
        {
            var at = new Stack<string>(directory);
            foreach (var name in Relate("/" + string.Join('/', directory), "/" + string.Join('/', target)).Split('/'))
            {
                if (name == "..")
                {
                    at.Pop();
                }
                else if (name != ".")
                {
                    at.Push(name);
                }
            }

            Assert.Equal(target, at.Reverse());
        });
    }

    [Fact]
    public void It_needs_its_room()
    {
        Assert.False(PathSyntax.TryRelate("/a/b"u8, "/c/d"u8, new byte[8], out _));
        Assert.True(PathSyntax.TryRelate("/a/b"u8, "/c/d"u8, new byte[9], out var length));
        Assert.Equal(9, length);
    }

    [Theory]
    [InlineData("/proc/self/cwd/a/b", 42, AtFdCwd, "a/b")]
    [InlineData("/proc/self/cwd", 42, AtFdCwd, "")]
    [InlineData("/proc/self/cwd//a", 42, AtFdCwd, "a")]
    [InlineData("/proc/thread-self/fd/7/a", 45, 7, "a")]
    [InlineData("/proc/42/fd/7", 42, 7, "")]
    [InlineData("/proc/45/fd/7", 45, 7, "")]
    [InlineData("/dev/fd/7/a", 42, 7, "a")]
    public void A_path_by_a_magic_link_of_ones_own_starts_where_that_leads_which_may_be_the_leaders(string path, int task, int start, string expected)
    {
        Assert.True(MagicStart.TrySplit(Encoding.ASCII.GetBytes(path), 42, 45, out var whose, out var dirFd, out var rest));
        Assert.Equal((task, start, expected), (whose, dirFd, Encoding.ASCII.GetString(rest)));
    }

    [Theory]
    [InlineData("/a")]
    [InlineData("proc/self/cwd")]
    [InlineData("/proc/43/cwd/a")]
    [InlineData("/proc/self/cwdx")]
    [InlineData("/proc/self/exe")]
    [InlineData("/proc/self/fd/")]
    [InlineData("/proc/self/fd/-7")]
    [InlineData("/proc/self/fd/7x")]
    [InlineData("/proc/self/fd/99999999999")]
    [InlineData("/proc/selfish/cwd")]
    public void Others_do_not(string path)
    {
        var bytes = Encoding.ASCII.GetBytes(path);
        Assert.False(MagicStart.TrySplit(bytes, 42, 45, out var task, out var dirFd, out var rest));
        Assert.Equal((45, AtFdCwd, path), (task, dirFd, Encoding.ASCII.GetString(rest)));
    }

    private static string Relate(string directory, string target)
    {
        var room = new byte[64];
        Assert.True(PathSyntax.TryRelate(Encoding.ASCII.GetBytes(directory), Encoding.ASCII.GetBytes(target), room, out var length));
        return Encoding.ASCII.GetString(room, 0, length);
    }
}
