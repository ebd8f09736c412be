using System.Text;
using Catbox.Policy.Paths;
using CsCheck;
using Xunit;

namespace Catbox.Policy.Tests.Paths;

public sealed class PathWalkerTests
{
    private const int AtFdCwd = -100;

    private readonly MemoryFileSystem _files = new();
    private readonly PathWalker _walker;
    private readonly ResolvedPath _into = new();

    public PathWalkerTests()
    {
        _files.AddFile("/w/file");
        _files.AddDirectory("/w/dir");
        _files.AddFile("/etc/passwd");
        _files.WorkingDirectory = _files.AddDirectory("/w/here");
        _walker = new PathWalker(_files);
    }

    [Theory]
    [InlineData("/w/file", "/w/file")]
    [InlineData("//w///file", "/w/file")]
    [InlineData("/w/./dir/../file", "/w/file")]
    [InlineData("../file", "/w/file")]
    [InlineData("/../../w/file", "/w/file")]
    [InlineData("/", "/")]
    [InlineData("///", "/")]
    [InlineData(".", "/w/here")]
    [InlineData("..", "/w")]
    [InlineData("/w/dir/", "/w/dir")]
    [InlineData("/w/dir/.", "/w/dir")]
    public void What_exists_has_one_canonical_path(string path, string canonical) => Leads(path, canonical);

    [Theory]
    [InlineData("new", "/w/here/new")]
    [InlineData("/new", "/new")]
    [InlineData("../dir/new/", "/w/dir/new")]
    public void A_missing_last_component_is_success(string path, string canonical) => Leads(path, canonical, exists: false);

    [Theory]
    [InlineData("", "ENOENT")]
    [InlineData("missing/new", "ENOENT")]
    [InlineData("missing/.", "ENOENT")]
    [InlineData("missing/..", "ENOENT")]
    [InlineData("/w/file/", "ENOTDIR")]
    [InlineData("/w/file/.", "ENOTDIR")]
    [InlineData("/w/file/..", "ENOTDIR")]
    [InlineData("/w/file/new", "ENOTDIR")]
    public void A_look_up_that_fails_gives_the_kernels_errno(string path, string errno) => Fails(path, errno);

    [Theory]
    [InlineData("new", false)]
    [InlineData("new/", true)]
    [InlineData("/w/nowhere", false)]
    [InlineData("/w/insists", true)]
    [InlineData("/w/dir/", false)]
    public void A_slash_behind_what_is_missing_is_remembered_also_that_of_a_link(string path, bool misses)
    {
        _files.AddLink("/w/nowhere", "new");
        _files.AddLink("/w/insists", "new//");
        Assert.Equal(Errno.None, _walker.Resolve(AtFdCwd, Encoding.UTF8.GetBytes(path), ResolveOptions.None, _into));
        Assert.Equal(misses, _into.MissesDirectory);
    }

    [Fact]
    public void A_directory_that_may_not_be_searched_gives_EACCES()
    {
        _files.AddDirectory("/closed").IsSearchable = false;
        Fails("/closed/new", "EACCES");
        Fails("/closed/.", "EACCES");
        Fails("/closed/./new", "EACCES");
    }

    [Fact]
    public void A_path_of_PATH_MAX_bytes_with_its_NUL_resolves_and_one_byte_more_does_not()
    {
        Leads(new string('/', 4095 - "w/file".Length) + "w/file", "/w/file");
        Fails(new string('/', 4096 - "w/file".Length) + "w/file", "ENAMETOOLONG");
    }

    [Fact]
    public void A_component_of_NAME_MAX_bytes_resolves_and_one_byte_more_does_not()
    {
        Leads(new string('n', 255), "/w/here/" + new string('n', 255), exists: false);
        Fails(new string('n', 256), "ENAMETOOLONG");
        Fails("/w/" + new string('n', 256) + "/x", "ENAMETOOLONG");
    }

    [Theory]
    [InlineData("../dir/..", "/w")]
    [InlineData("/etc", "/etc")]
    [InlineData(".//./", "/w/here")]
    public void A_link_leads_where_its_text_leads_from_its_own_directory(string text, string canonical)
    {
        _files.AddLink("/w/here/link", text);
        Leads("link", canonical);
        Leads("/w/here/link/", canonical);
    }

    [Fact]
    public void A_dangling_link_leads_to_its_missing_target()
    {
        _files.AddLink("/w/here/link", "/etc/cron.d");
        Leads("link", "/etc/cron.d", exists: false);
        Leads("link", "/w/here/link", ResolveOptions.NoFollow);
        Leads("link", "/w/here/link", ResolveOptions.Entry);
    }

    [Fact]
    public void A_dangling_link_in_the_middle_is_ENOENT()
    {
        _files.AddLink("/w/here/link", "missing");
        Fails("link/x", "ENOENT");
    }

    [Fact]
    public void A_trailing_slash_follows_the_last_link_unless_an_entry_is_meant()
    {
        _files.AddLink("/w/here/link", "../dir");
        Leads("link/", "/w/dir", ResolveOptions.NoFollow);
        Leads("link/", "/w/here/link", ResolveOptions.Entry);
        Assert.True(_into.TrailingSlash);
        Assert.Equal(FileKind.Symlink, _into.Kind);
    }

    [Fact]
    public void A_trailing_slash_after_a_link_to_a_file_is_ENOTDIR()
    {
        _files.AddLink("/w/here/link", "../file");
        Fails("link/", "ENOTDIR");
        Fails("link/", "ENOTDIR", ResolveOptions.NoFollow);
    }

    [Fact]
    public void A_slash_at_the_end_of_a_links_text_insists_on_a_directory()
    {
        _files.AddLink("/w/here/link", "../file/");
        Fails("link", "ENOTDIR");
    }

    [Fact]
    public void Dots_at_the_end_of_an_entry_name_the_directory()
    {
        Leads("../dir/.", "/w/dir", ResolveOptions.Entry);
        Leads("../dir/..", "/w", ResolveOptions.Entry);
        Leads("/", "/", ResolveOptions.Entry);
    }

    [Fact]
    public void A_file_with_a_trailing_slash_is_an_entry_that_the_call_itself_refuses() => Leads("/w/file/", "/w/file", ResolveOptions.Entry);

    [Fact]
    public void Forty_links_are_followed_and_the_forty_first_is_ELOOP()
    {
        _files.AddFile("/w/here/0");
        for (var i = 1; i <= 41; i++)
        {
            _files.AddLink($"/w/here/{i}", $"{i - 1}");
        }

        Leads("40", "/w/here/0");
        Fails("41", "ELOOP");
        Leads("41", "/w/here/41", ResolveOptions.NoFollow);
    }

    [Fact]
    public void Links_are_counted_over_the_whole_path()
    {
        _files.AddLink("/w/here/link", ".");
        Leads(string.Concat(Enumerable.Repeat("link/", 40)) + "x", "/w/here/x", exists: false);
        Fails(string.Concat(Enumerable.Repeat("link/", 41)) + "x", "ELOOP");
    }

    [Fact]
    public void A_loop_is_ELOOP()
    {
        _files.AddLink("/w/here/a", "b");
        _files.AddLink("/w/here/b", "a");
        Fails("a", "ELOOP");
        Fails("a/x", "ELOOP");
    }

    [Fact]
    public void Links_with_long_texts_do_not_run_out_of_room()
    {
        var slashes = new string('/', 4000);
        _files.AddFile("/w/here/0");
        for (var i = 1; i <= 40; i++)
        {
            _files.AddLink($"/w/here/{i}", $"../here{slashes}{i - 1}");
        }

        Leads("40", "/w/here/0");
    }

    [Fact]
    public void The_guests_root_is_a_boundary_for_dots_and_for_absolute_links()
    {
        _files.AddFile("/jail/etc/passwd");
        _files.AddLink("/jail/link", "/etc/passwd");
        _files.Root = _files.Top.Entries["jail"];
        _files.WorkingDirectory = _files.Root;
        Leads("/../../etc/passwd", "/jail/etc/passwd");
        Leads("link", "/jail/etc/passwd");
        Leads("../etc/passwd", "/jail/etc/passwd");
    }

    [Fact]
    public void A_descriptor_is_where_a_relative_path_starts()
    {
        _files.AddDescriptor(5, _files.Top.Entries["etc"]);
        _files.AddDescriptor(6, _files.Top.Entries["etc"].Entries["passwd"]);
        Leads("passwd", "/etc/passwd", dirFd: 5);
        Leads("/w/file", "/w/file", dirFd: 99);
        Fails("passwd", "EBADF", dirFd: 99);
        Fails("passwd", "ENOTDIR", dirFd: 6);
        Fails(".", "ENOTDIR", dirFd: 6);
    }

    [Fact]
    public void A_magic_link_leads_to_the_object_and_not_to_its_text()
    {
        _files.AddMagic("/proc/42/fd/3", _files.Top.Entries["etc"].Entries["passwd"], descriptor: 3);
        _files.AddMagic("/proc/42/cwd", _files.WorkingDirectory);
        Leads("/proc/42/fd/3", "/etc/passwd");
        Assert.Equal(3, _into.ThroughDescriptor);
        Leads("/proc/42/fd/3", "/proc/42/fd/3", ResolveOptions.NoFollow);
        Assert.Equal(-1, _into.ThroughDescriptor);
        Leads("/proc/42/cwd/new", "/w/here/new", exists: false);
        Fails("/proc/42/fd/3/", "ENOTDIR");
        Fails("/proc/42/fd/3/x", "ENOTDIR");
    }

    [Fact]
    public void An_entry_below_a_descriptors_directory_is_not_the_descriptor()
    {
        _files.AddMagic("/proc/42/fd/4", _files.Top.Entries["etc"], descriptor: 4);
        Leads("/proc/42/fd/4/passwd", "/etc/passwd");
        Assert.Equal(-1, _into.ThroughDescriptor);
        Leads("/proc/42/fd/4/..", "/");
        Assert.Equal(-1, _into.ThroughDescriptor);
    }

    [Fact]
    public void A_pipe_behind_a_magic_link_is_anonymous()
    {
        _files.AddMagic("/proc/42/fd/1", new MemoryFileSystem.Node { Kind = FileKind.Fifo, Name = "pipe:[12]" }, descriptor: 1);
        _files.AddLink("/dev/stdout", "/proc/42/fd/1");
        Leads("/dev/stdout", "pipe:[12]");
        Assert.Equal(FileKind.Anonymous, _into.Kind);
        Assert.Equal((1, 42, false), (_into.ThroughDescriptor, _into.ThroughProcess, _into.ThroughReadOnly));
    }

    [Fact]
    public void A_magic_link_of_a_descriptor_that_is_only_read_says_so_and_nothing_below_it_does()
    {
        _files.AddMagic("/proc/42/fd/1", new MemoryFileSystem.Node { Kind = FileKind.Fifo, Name = "pipe:[12]" }, descriptor: 1);
        _files.AddMagic("/proc/42/fd/4", _files.Top.Entries["etc"], descriptor: 4);
        _files.Top.Entries["proc"].Entries["42"].Entries["fd"].Entries["1"].MayWrite = false;
        Leads("/proc/42/fd/1", "pipe:[12]");
        Assert.Equal((42, true), (_into.ThroughProcess, _into.ThroughReadOnly));
        Leads("/proc/42/fd/4/passwd", "/etc/passwd");
        Assert.Equal((0, false), (_into.ThroughProcess, _into.ThroughReadOnly));
    }

    [Fact]
    public void Whose_magic_links_a_walk_went_through_is_known_at_its_end()
    {
        _files.AddMagic("/proc/42/cwd", _files.Top, descriptor: -1);
        _files.AddMagic("/proc/43/cwd", _files.Top, descriptor: -1);
        _files.Top.Entries["proc"].Entries["43"].Entries["cwd"].Owner = 43;
        Leads("/proc/42/cwd/etc/passwd", "/etc/passwd");
        Assert.Equal(42, _into.MagicLinksOf);
        Leads("/proc/42/cwd/proc/43/cwd/etc/passwd", "/etc/passwd");
        Assert.Equal(-1, _into.MagicLinksOf);
        Leads("/etc/passwd", "/etc/passwd");
        Assert.Equal(0, _into.MagicLinksOf);
    }

    [Fact]
    public void Nothing_is_found_or_made_in_a_removed_directory()
    {
        _files.WorkingDirectory.IsRemoved = true;
        Fails("new", "ENOENT");
        Fails("new", "ENOENT", ResolveOptions.Entry);
        Leads("../file", "/w/file");
    }

    [Fact]
    public void Names_are_bytes()
    {
        _files.AddFile("/w/here/\u00ff\n\u001b");
        Leads("./\u00ff\n\u001b", "/w/here/\u00ff\n\u001b");
    }

    [Fact]
    public void Device_inode_and_kind_are_told()
    {
        Leads("/etc/passwd", "/etc/passwd");
        Assert.Equal((FileKind.Regular, 7ul, _files.Top.Entries["etc"].Entries["passwd"].Inode), (_into.Kind, _into.Device, _into.Inode));
    }

    [Fact]
    public void Whatever_the_path_every_handle_comes_back_and_the_walk_ends()
    {
        _files.AddLink("/w/here/a", "../here/b/..");
        _files.AddLink("/w/here/b", "/w/here/c");
        _files.AddLink("/w/here/c", "../dir/");
        _files.AddLink("/w/dir/a", "/w/here/a/a");
        string[] names = ["a", "b", "c", "w", "here", "dir", "file", "..", ".", ""];
        var component = Gen.Int[0, names.Length - 1].Select(i => names[i]);
        Gen.Select(component.Array[0, 12], Gen.Int[0, 7].Select(i => (ResolveOptions)i)).Sample((parts, options) =>
        {
            var before = _files.LookUps;
            var errno = _walker.Resolve(AtFdCwd, Encoding.Latin1.GetBytes(string.Join('/', parts)), options, _into);
            Assert.Equal(0, _files.OpenHandles);
            Assert.InRange(_files.LookUps - before, 0, 12 + (40 * 4));
            Assert.True(!errno.IsSuccess || IsCanonical(_into.Canonical), PathOf(_into));
        }, threads: 1);
    }

    private static bool IsCanonical(ReadOnlySpan<byte> path)
    {
        var text = Encoding.Latin1.GetString(path);
        return text == "/" || (text.StartsWith('/') && text[1..].Split('/').All(part => part is not ("" or "." or "..")));
    }

    private void Leads(string path, string canonical, ResolveOptions options = ResolveOptions.None, bool exists = true, int dirFd = AtFdCwd)
    {
        Assert.Equal("", Name(_walker.Resolve(dirFd, Encoding.Latin1.GetBytes(path), options, _into)));
        Assert.Equal((canonical, exists), (PathOf(_into), _into.Exists));
        Assert.Equal(0, _files.OpenHandles);
    }

    private void Fails(string path, string errno, ResolveOptions options = ResolveOptions.None, int dirFd = AtFdCwd)
    {
        Assert.Equal(errno, Name(_walker.Resolve(dirFd, Encoding.Latin1.GetBytes(path), options, _into)));
        Assert.Equal(0, _files.OpenHandles);
    }

    private static string Name(Errno errno) => errno.IsSuccess ? "" : errno.ToString();

    private static string PathOf(ResolvedPath path) => Encoding.Latin1.GetString(path.Canonical);
}
