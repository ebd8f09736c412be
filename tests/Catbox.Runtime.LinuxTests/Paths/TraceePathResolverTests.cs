using System.Globalization;
using System.Text;
using Catbox.Policy;
using Catbox.Policy.Paths;
using Catbox.Runtime.Tracing.Paths;

namespace Catbox.Runtime.LinuxTests.Paths;

/// <summary>What random trees do not have: procfs, descriptors, removed things, limits. The guest is another process throughout, unless it says so.</summary>
public sealed class TraceePathResolverTests : IDisposable
{
    private readonly TemporaryTree _tree = new();
    private readonly TraceePathResolver _resolver = new();
    private readonly ResolvedPath _into = new();
    private OtherProcess? _other;

    public void Dispose()
    {
        _other?.Dispose();
        _tree.Dispose();
    }

    [Theory]
    [InlineData("/proc/self", "/proc/PID")]
    [InlineData("/proc/self/", "/proc/PID")]
    [InlineData("/proc/self/comm", "/proc/PID/comm")]
    [InlineData("/proc//self/./comm", "/proc/PID/comm")]
    [InlineData("/proc/thread-self/comm", "/proc/PID/task/PID/comm")]
    [InlineData("/proc/self/task/PID/comm", "/proc/PID/task/PID/comm")]
    [InlineData("/proc/self/task/PID/../../../uptime", "/proc/uptime")]
    [InlineData("/proc/mounts", "/proc/PID/mounts")]
    [InlineData("/proc/net/dev", "/proc/PID/net/dev")]
    [InlineData("/proc/self/cwd", "TREE")]
    [InlineData("/proc/self/cwd/file", "TREE/file")]
    [InlineData("/proc/PID/cwd/file", "TREE/file")]
    [InlineData("/proc/self/task/PID/cwd/file", "TREE/file")]
    [InlineData("/proc/self/root", "/")]
    [InlineData("/proc/self/root/proc/self/comm", "/proc/PID/comm")]
    [InlineData("through/file", "TREE/file")]
    [InlineData("/dev/fd/5", "TREE/file")]
    public void Procfs_is_the_guests(string path, string canonical)
    {
        _tree.MakeFile("file");
        _tree.MakeLink("through", "/proc/self/cwd");
        Start("5<file");
        Leads(Fill(path), Fill(canonical));
    }

    [Theory]
    [InlineData("self/comm")]
    [InlineData("./self/comm")]
    [InlineData("self/task/../comm")]
    public void A_relative_path_into_proc_self_is_the_guests(string path)
    {
        Start(directory: "/proc");
        Leads(path, Fill("/proc/PID/comm"));
        Leads("self", Fill("/proc/PID"));
        Leads("self", "/proc/self", ResolveOptions.NoFollow);
    }

    [Fact]
    public void What_only_begins_like_proc_self_is_something_else()
    {
        Start();
        Leads("/proc/selfish", "/proc/selfish", exists: false);
    }

    [Fact]
    public void The_tracers_own_directory_named_by_its_number_is_the_tracers()
    {
        Start();
        var own = string.Create(CultureInfo.InvariantCulture, $"/proc/{Environment.ProcessId}/comm");
        Leads(own, own);
    }

    [Theory]
    [InlineData("/proc/self/fd/5")]
    [InlineData("/proc/PID/fd/5")]
    [InlineData("/proc/thread-self/fd/5")]
    [InlineData("/dev/fd/5")]
    public void A_path_that_is_a_descriptor_of_the_guest_tells_which(string path)
    {
        _tree.MakeFile("file");
        Start("5<file");
        Leads(Fill(path), Fill("TREE/file"));
        Assert.Equal((5, _other!.Pid), (_into.ThroughDescriptor, _into.ThroughProcess));
        Leads(Fill("/proc/PID/fd/5"), Fill("/proc/PID/fd/5"), ResolveOptions.NoFollow);
        Assert.Equal(-1, _into.ThroughDescriptor);
    }

    [Fact]
    public void A_descriptor_of_another_process_is_told_as_that_processs()
    {
        _tree.MakeFile("file");
        Start();
        Assert.Equal(default, Libc.Open(Libc.AT_FDCWD, _tree.At("file"), Libc.O_PATH, out var fd));
        Leads(string.Create(CultureInfo.InvariantCulture, $"/proc/{Environment.ProcessId}/fd/{fd}"), Fill("TREE/file"));
        Libc.CloseAll(fd);
        Assert.Equal((fd, Environment.ProcessId), (_into.ThroughDescriptor, _into.ThroughProcess));
    }

    [Fact]
    public void Standard_input_that_is_a_pipe_has_no_path()
    {
        Start();
        Assert.Equal(default, _resolver.Resolve(Libc.AT_FDCWD, "/dev/stdin"u8, ResolveOptions.None, _into));
        Assert.StartsWith("pipe:[", Text(_into), StringComparison.Ordinal);
        Assert.Equal((FileKind.Anonymous, 0, true), (_into.Kind, _into.ThroughDescriptor, _into.Exists));
    }

    [Fact]
    public void A_descriptor_that_the_guest_has_not_is_missing_by_its_path()
    {
        Start();
        Leads("/proc/self/fd/77", Fill("/proc/PID/fd/77"), exists: false);
        Assert.Equal("EBADF", _resolver.ResolveDescriptor(77, _into).ToString());
        Assert.Equal("EBADF", _resolver.ResolveDescriptor(-1, _into).ToString());
        Fails("name", "EBADF", dirFd: 77);
        Fails("a/name", "EBADF", dirFd: 77);
        Fails("name", "EBADF", dirFd: -5);
    }

    [Fact]
    public void A_relative_path_starts_at_the_guests_descriptor()
    {
        _tree.MakeDirectory("d");
        _tree.MakeDirectory("d/e");
        _tree.MakeFile("file");
        Start("5<d 6<file");
        Leads("new", Fill("TREE/d/new"), exists: false, dirFd: 5);
        Leads("e/new", Fill("TREE/d/e/new"), exists: false, dirFd: 5);
        Leads("..", Fill("TREE"), dirFd: 5);
        Leads("/proc/uptime", "/proc/uptime", dirFd: 77);
        Fails("new", "ENOTDIR", dirFd: 6);
        Fails("e/new", "ENOTDIR", dirFd: 6);
        Fails(".", "ENOTDIR", dirFd: 6);
    }

    [Fact]
    public void Nothing_can_be_made_in_a_removed_working_directory()
    {
        _tree.MakeDirectory("gone");
        _tree.MakeDirectory("gone/further");
        Start(directory: _tree.Root + "/gone/further");
        Assert.Equal(default, Libc.Remove(Libc.AT_FDCWD, _tree.At("gone/further"), Libc.AT_REMOVEDIR));
        _tree.MakeDirectory("gone/further (deleted)");
        Fails("new", "ENOENT");
        Fails("./new", "ENOENT");
        Fails("new", "ENOENT", ResolveOptions.Entry);
        Leads("../new", Fill("TREE/gone/new"), exists: false);
        Assert.Equal(default, _resolver.Resolve(Libc.AT_FDCWD, "."u8, ResolveOptions.None, _into));
        Assert.Equal(FileKind.Anonymous, _into.Kind);
    }

    [Fact]
    public void A_directory_may_be_called_deleted_or_pipe()
    {
        _tree.MakeDirectory("x (deleted)");
        _tree.MakeDirectory("pipe:[1]");
        _tree.MakeFile("pipe:[1]/y (deleted)");
        Start("5<'pipe:[1]/y (deleted)' 6<'pipe:[1]'", _tree.Root);
        Describes(5, Fill("TREE/pipe:[1]/y (deleted)"), isNamed: true);
        Leads("new", Fill("TREE/pipe:[1]/new"), exists: false, dirFd: 6);
        _other!.Dispose();
        Start(directory: _tree.Root + "/x (deleted)");
        Leads("new", Fill("TREE/x (deleted)/new"), exists: false);
        Leads("./new", Fill("TREE/x (deleted)/new"), exists: false);
    }

    [Fact]
    public void A_removed_file_has_no_path_even_where_another_took_the_name_that_procfs_shows()
    {
        _tree.MakeFile("x");
        Start("5<x");
        Assert.Equal(default, Libc.Remove(Libc.AT_FDCWD, _tree.At("x")));
        Describes(5, Fill("TREE/x (deleted)"), isNamed: false);
        _tree.MakeFile("x (deleted)");
        Describes(5, Fill("TREE/x (deleted)"), isNamed: false);
    }

    [Fact]
    public void A_removed_file_that_has_another_name_is_known_by_the_one_that_it_was_opened_by()
    {
        _tree.MakeFile("x");
        Assert.Equal(default, Libc.HardLink(_tree.At("x"), _tree.At("y")));
        Start("5<x");
        Assert.Equal(default, Libc.Remove(Libc.AT_FDCWD, _tree.At("x")));
        Describes(5, Fill("TREE/x"), isNamed: true);
    }

    [Fact]
    public void Pipes_and_memory_files_have_no_path()
    {
        _resolver.Bind(Environment.ProcessId, Environment.ProcessId);
        Assert.Equal(default, Libc.Pipe(out var read, out var write));
        Assert.Equal(default, Libc.MakeMemoryFile("x"u8, out var memory));
        Assert.Equal(default, _resolver.ResolveDescriptor(write, _into));
        Assert.Equal((FileKind.Anonymous, write), (_into.Kind, _into.ThroughDescriptor));
        Describes(memory, "/memfd:x (deleted)", isNamed: false);
        Libc.CloseAll(read, write, memory);
    }

    [Fact]
    public void A_fifo_is_looked_at_and_not_opened()
    {
        Assert.Equal(default, Libc.MakeFifo(_tree.At("fifo")));
        _tree.MakeLink("link", "fifo");
        Start();
        Leads("fifo", Fill("TREE/fifo"));
        Assert.Equal(FileKind.Fifo, _into.Kind);
        Leads("link", Fill("TREE/fifo"));
    }

    [Fact]
    public void Names_are_bytes()
    {
        byte[] name = [0xff, 0xfe, (byte)'\n', 0x1b];
        _tree.MakeFile(name);
        Start();
        Assert.Equal(default, _resolver.Resolve(Libc.AT_FDCWD, name, ResolveOptions.None, _into));
        Assert.Equal(_tree.At(name), _into.Canonical.ToArray());
        Assert.Equal(default, _resolver.Resolve(Libc.AT_FDCWD, _tree.At(name), ResolveOptions.None, _into));
        Assert.Equal(_tree.At(name), _into.Canonical.ToArray());
        Assert.True(_into.Exists);
    }

    [Fact]
    public void Names_and_paths_have_the_kernels_limits()
    {
        Start();
        Leads(new string('n', 255), Fill("TREE/") + new string('n', 255), exists: false);
        Fails(new string('n', 256), "ENAMETOOLONG");
        Fails(Fill("TREE/") + new string('n', 256), "ENAMETOOLONG");
        Fails(new string('n', 4095), "ENAMETOOLONG");
        Leads(new string('/', 4095 - 3) + "etc", "/etc");
        Fails(new string('/', 4096 - 3) + "etc", "ENAMETOOLONG");
        Fails("", "ENOENT");
    }

    [Fact]
    public void A_directory_that_is_too_deep_for_a_path_has_its_canonical_one_all_the_same()
    {
        var (fd, path) = Descend(40, new string('n', 200));
        _resolver.Bind(Environment.ProcessId, Environment.ProcessId);
        Leads("new", path + "/new", exists: false, dirFd: fd);
        Leads("./new", path + "/new", exists: false, dirFd: fd);
        Leads("..", path[..path.LastIndexOf('/')], dirFd: fd);
        Assert.Equal(default, _resolver.ResolveDescriptor(fd, _into));
        Assert.Equal(path, Encoding.Latin1.GetString(_into.Canonical));
        Libc.CloseAll(fd);
    }

    [Theory]
    [InlineData("file")]
    [InlineData("li\nne")]
    [InlineData("back\\012slash")]
    [InlineData("file (deleted)")]
    public void So_has_the_descriptor_of_a_file_that_lies_there(string name)
    {
        var (fd, path) = Descend(40, new string('n', 200));
        var bytes = Encoding.Latin1.GetBytes(name);
        Assert.Equal(default, Libc.Open(fd, bytes, Libc.O_WRONLY | Libc.O_CREAT, out var file));
        _resolver.Bind(Environment.ProcessId, Environment.ProcessId);
        Assert.Equal(default, _resolver.ResolveDescriptor(file, _into));
        Assert.Equal((path + "/" + name, FileKind.Unknown), (Encoding.Latin1.GetString(_into.Canonical), _into.Kind));
        Libc.CloseAll(fd, file);
    }

    [Fact]
    public void Deeper_than_anybody_climbs_it_is_ENAMETOOLONG_and_not_a_guess()
    {
        var (fd, _) = Descend(DeepNames.MaxLevels + 2048, "d");
        _resolver.Bind(Environment.ProcessId, Environment.ProcessId);
        Fails("new", "ENAMETOOLONG", dirFd: fd);
        Libc.CloseAll(fd);
    }

    private (int Fd, string Path) Descend(int levels, string name)
    {
        var bytes = Encoding.ASCII.GetBytes(name);
        Assert.Equal(default, Libc.Open(Libc.AT_FDCWD, _tree.RootBytes, Libc.O_PATH, out var fd));
        var path = new StringBuilder(_tree.Root);
        for (var depth = 0; depth < levels; depth++)
        {
            Assert.Equal(default, Libc.MakeDirectory(fd, bytes));
            Assert.Equal(default, Libc.Open(fd, bytes, Libc.O_PATH, out var next));
            Libc.CloseAll(fd);
            fd = next;
            path.Append('/').Append(name);
        }

        return (fd, path.ToString());
    }

    [Fact]
    public void Another_root_is_a_boundary()
    {
        _tree.MakeDirectory("jail");
        _tree.MakeDirectory("jail/etc");
        _tree.MakeLink("jail/link", "/etc/../../new");
        Start(directory: _tree.Root + "/jail");
        Assert.Equal(default, Libc.Open(Libc.AT_FDCWD, _tree.At("jail"), Libc.O_PATH, out var root));
        _resolver.GuestRootFd = root;
        Leads("/../../etc/x", Fill("TREE/jail/etc/x"), exists: false);
        Leads("../../new", Fill("TREE/jail/new"), exists: false);
        Leads("link", Fill("TREE/jail/new"), exists: false);
        Libc.CloseAll(root);
    }

    [Theory]
    [InlineData("file", FileKind.Regular)]
    [InlineData("TREE/file", FileKind.Regular)]
    [InlineData("./file", FileKind.Regular)]
    [InlineData("link", FileKind.Regular)]
    [InlineData(".", FileKind.Directory)]
    [InlineData("/dev/null", FileKind.CharacterDevice)]
    internal void Kind_device_and_inode_are_the_same_by_every_way(string path, FileKind kind)
    {
        _tree.MakeFile("file");
        _tree.MakeLink("link", "file");
        Start();
        Assert.Equal(default, _resolver.Resolve(Libc.AT_FDCWD, Encoding.UTF8.GetBytes(Fill(path)), ResolveOptions.Stat, _into));
        var walker = new TraceePathResolver { AlwaysWalk = true };
        walker.Bind(_other!.Pid, _other.Pid);
        var walked = new ResolvedPath();
        Assert.Equal(default, walker.Resolve(Libc.AT_FDCWD, Encoding.UTF8.GetBytes(Fill(path)), ResolveOptions.Stat, walked));
        Assert.Equal(kind, _into.Kind);
        Assert.NotEqual(0ul, _into.Inode);
        Assert.Equal((walked.Kind, walked.Device, walked.Inode), (_into.Kind, _into.Device, _into.Inode));
    }

    [Theory]
    [InlineData("name")]
    [InlineData("./d/name")]
    [InlineData("TREE/d/name")]
    [InlineData("TREE/l/name")]
    [InlineData("l")]
    [InlineData("dangling")]
    [InlineData("/proc/self/cwd/name")]
    public void A_resolution_allocates_nothing(string path)
    {
        _tree.MakeDirectory("d");
        _tree.MakeLink("l", "d");
        _tree.MakeLink("dangling", "missing");
        Start();
        var bytes = Encoding.UTF8.GetBytes(Fill(path));
        Assert.Equal(default, _resolver.Resolve(Libc.AT_FDCWD, bytes, ResolveOptions.Stat, _into));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            _resolver.Resolve(Libc.AT_FDCWD, bytes, ResolveOptions.Stat, _into);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private void Start(string redirections = "", string? directory = null)
    {
        _other = new OtherProcess(directory ?? _tree.Root, redirections);
        _resolver.Bind(_other.Pid, _other.Pid);
    }

    private string Fill(string text) => text.Replace("PID", _other!.Pid.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
        .Replace("TREE", _tree.Root, StringComparison.Ordinal);

    private void Leads(string path, string canonical, ResolveOptions options = ResolveOptions.None, bool exists = true, int dirFd = Libc.AT_FDCWD)
    {
        Assert.Equal((path, default(Errno)), (path, _resolver.Resolve(dirFd, Encoding.UTF8.GetBytes(path), options, _into)));
        Assert.Equal((canonical, exists), (Text(_into), _into.Exists));
    }

    private void Fails(string path, string errno, ResolveOptions options = ResolveOptions.None, int dirFd = Libc.AT_FDCWD) =>
        Assert.Equal(errno, _resolver.Resolve(dirFd, Encoding.UTF8.GetBytes(path), options, _into).ToString());

    private void Describes(int fd, string canonical, bool isNamed)
    {
        Assert.Equal(default, _resolver.ResolveDescriptor(fd, _into));
        Assert.Equal((canonical, isNamed, fd), (Text(_into), _into.Kind != FileKind.Anonymous, _into.ThroughDescriptor));
    }

    private static string Text(ResolvedPath path) => Encoding.UTF8.GetString(path.Canonical);
}
