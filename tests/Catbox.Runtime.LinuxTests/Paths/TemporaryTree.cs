using System.Text;

namespace Catbox.Runtime.LinuxTests.Paths;

/// <summary>A directory of the test's own, by its canonical path, removed at the end with all that is in it, whatever the bytes of its names.</summary>
internal sealed class TemporaryTree : IDisposable
{
    public TemporaryTree()
    {
        Root = Directory.CreateTempSubdirectory("catbox-paths-").FullName;
        Assert.True(Libc.Open(Libc.AT_FDCWD, Encoding.UTF8.GetBytes(Root), Libc.O_PATH | Libc.O_DIRECTORY, out var fd).IsSuccess);
        RootBytes = Libc.NameOf(fd);
        Libc.CloseAll(fd);
        Root = Encoding.UTF8.GetString(RootBytes);
    }

    public string Root { get; }

    public byte[] RootBytes { get; }

    /// <summary>Root, slash, name.</summary>
    public byte[] At(ReadOnlySpan<byte> name) => [.. RootBytes, (byte)'/', .. name];

    public byte[] At(string name) => At(Encoding.UTF8.GetBytes(name));

    public void MakeDirectory(string name) => Assert.Equal(default, Libc.MakeDirectory(Libc.AT_FDCWD, At(name)));

    public void MakeLink(string name, string target) => Assert.Equal(default, Libc.MakeLink(Encoding.UTF8.GetBytes(target), Libc.AT_FDCWD, At(name)));

    public void MakeFile(string name) => MakeFile(Encoding.UTF8.GetBytes(name));

    public void MakeFile(ReadOnlySpan<byte> name)
    {
        Assert.Equal(default, Libc.Open(Libc.AT_FDCWD, At(name), Libc.O_CREAT | Libc.O_WRONLY, out var fd));
        Libc.CloseAll(fd);
    }

    public void Dispose()
    {
        // Names that are not UTF-8 cannot be told to Directory.Delete: rm can be told the directory.
        using var rm = System.Diagnostics.Process.Start("/bin/rm", ["-rf", "--", Root]);
        rm.WaitForExit();
    }
}
