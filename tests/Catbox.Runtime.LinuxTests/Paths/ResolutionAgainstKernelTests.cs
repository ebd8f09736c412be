using System.Globalization;
using System.Text;
using Catbox.Policy;
using Catbox.Policy.Paths;
using Catbox.Runtime.Tracing.Paths;
using CsCheck;

namespace Catbox.Runtime.LinuxTests.Paths;

/// <summary>
/// Random trees and random paths: what the kernel opens (or its errno) is what the resolver says, by the short ways and by the walker, for a process that
/// is not the tracer.
/// </summary>
public sealed class ResolutionAgainstKernelTests : IDisposable
{
    private static readonly byte[][] Names =
    [
        "a"u8.ToArray(), "b"u8.ToArray(), "c"u8.ToArray(), "d"u8.ToArray(), [0xff, 0x0a, 0x1b], "x (deleted)"u8.ToArray(), "..."u8.ToArray(), " "u8.ToArray(),
        Enumerable.Repeat((byte)'n', 255).ToArray(), Enumerable.Repeat((byte)'n', 256).ToArray(),
    ];

    private static readonly Gen<byte[]> Name = Gen.Frequency((8, Gen.Int[0, 3]), (3, Gen.Int[4, 8]), (1, Gen.Int[9, 9])).Select(i => Names[i]);
    private static readonly Gen<byte[]> Component = Gen.Frequency((6, Name), (1, Gen.Const("."u8.ToArray())), (2, Gen.Const(".."u8.ToArray())));
    private static readonly Gen<byte[]> Separator = Gen.Frequency((8, Gen.Const("/"u8.ToArray())), (1, Gen.Const("//"u8.ToArray())));
    private static readonly Gen<byte[]> Ending = Gen.Frequency((6, Gen.Const(Array.Empty<byte>())), (1, Gen.Const("/"u8.ToArray())), (1, Gen.Const("/."u8.ToArray())), (1, Gen.Const("//"u8.ToArray())));
    private static readonly Gen<(bool Absolute, byte[] Text)> PathText = Gen.Select(Gen.Bool, Gen.Select(Component, Separator).Array[1, 4], Ending,
        (absolute, parts, ending) => (absolute, (byte[])[.. parts.SelectMany((p, i) => i == 0 ? p.Item1 : [.. p.Item2, .. p.Item1]), .. ending]));

    /// <summary>0, 1: a directory; 2: a file; 3–6: a link.</summary>
    private static readonly Gen<(int Kind, byte[][] Place, (bool Absolute, byte[] Text) Target)[]> Tree =
        Gen.Select(Gen.Int[0, 6], Name.Array[1, 3], PathText).Array[1, 14];

    private const string Cwd = "p/p/p/p/p/p/p/w";

    private readonly TemporaryTree _tree = new();
    private readonly OtherProcess _other;

    public ResolutionAgainstKernelTests()
    {
        // Deep, so that the random dots stay inside of it.
        foreach (var depth in Enumerable.Range(1, Cwd.Count(c => c == '/') + 1))
        {
            _tree.MakeDirectory(string.Join('/', Cwd.Split('/').Take(depth)));
        }

        _other = new OtherProcess($"{_tree.Root}/{Cwd}");
    }

    public void Dispose()
    {
        _other.Dispose();
        _tree.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Every_path_in_every_tree_leads_where_the_kernel_leads(bool walk)
    {
        var resolver = new TraceePathResolver { AlwaysWalk = walk };
        resolver.Bind(_other.Pid, _other.Pid);
        var into = new ResolvedPath();
        var round = 0;
        Gen.Select(Tree, PathText.Array[1, 12]).Sample(
            (tree, paths) =>
            {
                // A directory of its own each time, below the one where the other process stands.
                var number = (round++).ToString(CultureInfo.InvariantCulture);
                var top = $"{Cwd}/{number}";
                _tree.MakeDirectory(top);
                Assert.Equal(default, Libc.Open(Libc.AT_FDCWD, _tree.At(top), Libc.O_PATH, out var topFd));
                Build(topFd, _tree.At(top), tree);
                var prefix = Encoding.ASCII.GetBytes(number + "/");
                foreach (var (isAbsolute, text) in paths)
                {
                    byte[] path = isAbsolute ? [.. _tree.At(top), (byte)'/', .. text] : [.. prefix, .. text];
                    foreach (var options in new[] { ResolveOptions.None, ResolveOptions.NoFollow, ResolveOptions.Entry })
                    {
                        Compare(resolver, path, options, into);
                    }
                }

                Libc.CloseAll(topFd);
            },
            iter: 300,
            threads: 1);
        Assert.Equal([], Directory.GetFiles("/proc/self/fd").Select(fd => new FileInfo(fd).LinkTarget)
            .Where(target => target is not null && target.StartsWith(_tree.Root, StringComparison.Ordinal)));
    }

    private void Compare(TraceePathResolver resolver, byte[] path, ResolveOptions options, ResolvedPath into)
    {
        Assert.Equal(default, Libc.Open(Libc.AT_FDCWD, Encoding.ASCII.GetBytes($"/proc/{_other.Pid}/cwd"), Libc.O_PATH, out var cwd));
        var expected = options == ResolveOptions.Entry ? KernelEntry(cwd, path) : KernelOpen(cwd, path, options == ResolveOptions.NoFollow);
        Libc.CloseAll(cwd);
        if (expected is null)
        {
            return;
        }

        var errno = resolver.Resolve(Libc.AT_FDCWD, path, options, into);
        var actual = errno.IsSuccess ? $"{Show(into.Canonical)} exists={into.Exists}" : errno.ToString();
        if (expected != actual)
        {
            Assert.Fail($"{Show(path)} {options}: kernel {expected}, resolver {actual}");
        }
    }

    private static string? KernelOpen(int cwd, byte[] path, bool noFollow)
    {
        var errno = Libc.Open(cwd, path, Libc.O_PATH | (noFollow ? Libc.O_NOFOLLOW : 0), out var fd);
        if (errno.IsSuccess)
        {
            var name = Libc.NameOf(fd);
            Libc.CloseAll(fd);
            return $"{Show(name)} exists=True";
        }

        if (errno.Value != 2)
        {
            return errno.ToString();
        }

        // Missing: the last component or one before it? The kernel tells by making it. It makes no file of a name that ends in a slash; without
        // the slash it does, and a slash has links followed.
        var bare = path.AsSpan().TrimEnd((byte)'/');
        return KernelCreate(cwd, bare.ToArray(), noFollow && bare.Length == path.Length);
    }

    private static string? KernelCreate(int cwd, byte[] path, bool noFollow)
    {
        var errno = Libc.Open(cwd, path, Libc.O_CREAT | Libc.O_WRONLY | (noFollow ? Libc.O_NOFOLLOW : 0), out var fd);
        if (!errno.IsSuccess)
        {
            return IsAboutMaking(errno) ? null : errno.ToString();
        }

        var name = Libc.NameOf(fd);
        Libc.CloseAll(fd);
        Assert.Equal(default, Libc.Remove(Libc.AT_FDCWD, name));
        return $"{Show(name)} exists=False";
    }

    /// <summary>mkdir(2) names an entry: it makes it, says EEXIST, or fails on the way to it.</summary>
    private static string? KernelEntry(int cwd, byte[] path)
    {
        var errno = Libc.MakeDirectory(cwd, path);
        if (errno.IsSuccess)
        {
            Assert.Equal(default, Libc.Open(cwd, path, Libc.O_PATH | Libc.O_NOFOLLOW, out var made));
            var name = Libc.NameOf(made);
            Libc.CloseAll(made);
            Assert.Equal(default, Libc.Remove(Libc.AT_FDCWD, name, Libc.AT_REMOVEDIR));
            return $"{Show(name)} exists=False";
        }

        if (errno.Value != 17)
        {
            return IsAboutMaking(errno) ? null : errno.ToString();
        }

        // Without its trailing slashes, which would make the kernel follow a link.
        var bare = path.AsSpan().TrimEnd((byte)'/').ToArray();
        Assert.Equal(default, Libc.Open(cwd, bare, Libc.O_PATH | Libc.O_NOFOLLOW, out var fd));
        var existing = Libc.NameOf(fd);
        Libc.CloseAll(fd);
        return $"{Show(existing)} exists=True";
    }

    /// <summary>
    /// Says nothing of the look-up: above the tree an ordinary user may look and not make (EACCES, EROFS), and a link's text may end in a slash (EISDIR).
    /// </summary>
    private static bool IsAboutMaking(Errno errno) => errno.Value is 13 or 30 or 21;

    /// <summary>Makes what can be made: parents that are missing or no directories leave a node out.</summary>
    private static void Build(int top, byte[] topPath, (int Kind, byte[][] Place, (bool Absolute, byte[] Text) Target)[] tree)
    {
        foreach (var (kind, place, target) in tree)
        {
            byte[] path = [.. place.SelectMany((p, i) => i == 0 ? p : [(byte)'/', .. p])];
            if (kind <= 1)
            {
                Libc.MakeDirectory(top, path);
            }
            else if (kind == 2)
            {
                if (Libc.Open(top, path, Libc.O_CREAT | Libc.O_WRONLY | Libc.O_NOFOLLOW, out var fd).IsSuccess)
                {
                    Libc.CloseAll(fd);
                }
            }
            else
            {
                Libc.MakeLink(target.Absolute ? [.. topPath, (byte)'/', .. target.Text] : target.Text, top, path);
            }
        }
    }

    private static string Show(ReadOnlySpan<byte> path) => Catbox.Runtime.PathText.Escape(path);
}
