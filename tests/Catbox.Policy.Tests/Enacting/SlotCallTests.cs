using System.Buffers.Binary;
using System.Text;
using Catbox.Policy.Enacting;
using Catbox.Policy.Paths;
using Catbox.Policy.Tests.Judging;
using CsCheck;
using Xunit;

namespace Catbox.Policy.Tests.Enacting;

/// <summary>What an allowed call is made as: number, registers and the bytes of its slot.</summary>
public sealed class SlotCallTests : JudgeFixture
{
    private const ulong Slot = 0x7f00_0000_0000;
    private const ulong O_WRONLY = 1, O_CREAT = 0x40, O_EXCL = 0x80, O_TRUNC = 0x200, O_DIRECTORY = 0x10000, O_NOFOLLOW = 0x20000, O_PATH = 0x200000;
    private const ulong NoSymlinks = 4, Beneath = 8;

    private readonly SlotCall _call = new();

    public SlotCallTests() => Paths.Add("/w/file", FileKind.Regular);

    [Theory]
    [InlineData("open")]
    [InlineData("openat")]
    [InlineData("creat")]
    [InlineData("openat2")]
    public void Every_open_for_writing_is_an_openat2_of_the_canonical_path_without_links(string call)
    {
        Plan(call, "/w/./file", O_WRONLY | O_CREAT | O_TRUNC, 0x1A4);
        Assert.Equal(437, _call.Number);
        Assert.Equal(AtFdCwd, _call.Args[0]);
        Assert.Equal("/w/file", TextAt(_call.Args[1]));
        Assert.Equal((O_WRONLY | O_CREAT | O_TRUNC, 0x1A4ul, NoSymlinks), How());
        Assert.Equal(24ul, _call.Args[3]);
    }

    [Fact]
    public void A_trailing_slash_stays()
    {
        Paths.Add("/w/dir", FileKind.Directory);
        Allowed(Judge("openat", AtFdCwd, Text("/w/dir/"), O_WRONLY | O_CREAT, 0));
        Judgement.First.TrailingSlash = true;
        SlotCalls.Plan(Request, Judgement, _call);
        _call.PlaceAt(Slot);
        Assert.Equal("/w/dir/", TextAt(_call.Args[1]));
        Assert.True(_call.Ending.WantsDirectory);
    }

    [Fact]
    public void What_is_allowed_because_it_is_there_is_not_made()
    {
        Paths.Add("/out/file", FileKind.Regular);
        Plan("openat", "/out/file", O_CREAT, 0x1A4);
        Assert.Equal((0ul, 0ul, NoSymlinks), How());
        Assert.True(_call.Ending.Finds);
    }

    [Fact]
    public void An_openat2_that_only_reads_keeps_its_path_and_cannot_change_its_mind()
    {
        Plan("openat2", "some/where", 0, 0, resolve: 8);
        Assert.Equal("some/where", TextAt(_call.Args[1]));
        Assert.Equal((0ul, 0ul, 8ul), How());
        Assert.Equal(0, Paths.Resolutions);
    }

    [Fact]
    public void What_an_openat2_asks_of_its_way_is_asked_before()
    {
        Plan("openat2", "/w/file", O_WRONLY, 0, resolve: 8 | 4 | 0x20);
        Assert.Equal((O_WRONLY, 0ul, NoSymlinks | 0x20), How());
        Assert.Equal(8ul | 4, _call.Scope.Resolve);
        Assert.Equal("/w/file", Encoding.Latin1.GetString(_call.Scope.Judged.Span));
    }

    [Fact]
    public void A_link_that_says_that_it_leads_to_a_directory_does_not_make_a_file()
    {
        Allowed(Judge("openat", AtFdCwd, Text("/w/new"), O_WRONLY | O_CREAT, 0x1A4));
        Judgement.First.MissesDirectory = true;
        SlotCalls.Plan(Request, Judgement, _call);
        _call.PlaceAt(Slot);
        Assert.Equal("/w/new/", TextAt(_call.Args[1]));
    }

    [Fact]
    public void A_canonical_path_that_is_too_long_leaves_the_way_from_the_working_directory()
    {
        var deep = "/w";
        for (var level = 0; level < 25; level++)
        {
            deep += "/" + new string('n', 200);
            Paths.Add(deep, FileKind.Directory);
        }

        Paths.Add("/w/here", FileKind.Symlink, deep);
        Plan("openat", "here/new", O_WRONLY | O_CREAT, 0x1A4);
        Assert.Equal((true, SlotAlternativeKind.WorkingDirectory, Errno.None), (_call.Ending.NeedsAlternative, _call.Alternative.Kind, _call.Refusal));

        Assert.True(_call.TryTakeRelative("new"u8));

        _call.PlaceAt(Slot);
        Assert.Equal((O_WRONLY | O_CREAT, 0x1A4ul, NoSymlinks | Beneath), How());
        Assert.Equal((AtFdCwd, "new", false), (_call.Args[0], TextAt(_call.Args[1]), _call.Ending.Walks));
    }

    [Fact]
    public void What_a_descriptor_holds_is_not_made_anew_under_the_name_that_it_had()
    {
        Paths.AddDescriptor(5, "/w/gone", FileKind.Regular);
        Plan("creat", "/proc/thread-self/fd/5", 0x1A4, 0x1A4);
        Assert.Equal((O_WRONLY | O_TRUNC, 0ul, NoSymlinks), How());
        Assert.Equal((SlotAlternativeKind.MagicLink, 10, true), (_call.Alternative.Kind, _call.Alternative.Task, _call.Ending.Finds));

        // Both together are EINVAL, and stay so.
        Plan("openat", "/proc/thread-self/fd/5", O_WRONLY | O_CREAT | O_DIRECTORY, 0x1A4);
        Assert.Equal((O_WRONLY | O_CREAT | O_DIRECTORY, 0x1A4ul, NoSymlinks), How());
    }

    [Fact]
    public void A_way_that_leads_upwards_is_a_walk()
    {
        Plan("openat", "/w/file", O_WRONLY, 0);
        Assert.True(_call.TryTakeRelative("../file"u8));
        _call.PlaceAt(Slot);
        Assert.Equal((O_WRONLY, 0ul, NoSymlinks), How());
        Assert.True(_call.Ending.Walks);
    }

    [Theory]
    [InlineData("/w/file", SlotAlternativeKind.None, AtFdCwd, 0)]
    [InlineData("file", SlotAlternativeKind.WorkingDirectory, AtFdCwd, 0)]
    [InlineData("/proc/self/cwd/file", SlotAlternativeKind.WorkingDirectory, AtFdCwd, 10)]
    [InlineData("/dev/fd/5/file", SlotAlternativeKind.Directory, 5ul, 10)]
    internal void An_open_can_go_from_where_its_path_starts_which_is_the_callers_or_that_of_a_link(string path, SlotAlternativeKind kind, ulong directory, int task)
    {
        Paths.Add("/dev/fd", FileKind.Directory);
        foreach (var (link, target) in (IEnumerable<(string, string)>)[("/proc/self", "/proc/10"), ("/proc/10/cwd", "/w"), ("/dev/fd/5", "/w")])
        {
            Paths.Add(link, FileKind.Symlink, target);
        }

        Plan("openat", path, O_WRONLY, 0);
        Assert.Equal(kind, _call.Alternative.Kind);
        Assert.True(kind == SlotAlternativeKind.None || _call.Alternative.DirFd == unchecked((int)(long)directory));
        Assert.Equal(task, _call.Alternative.Task);
    }

    [Fact]
    public void What_has_no_name_is_opened_by_the_link_of_the_task_whose_it_is()
    {
        Paths.AddDescriptor(5, "pipe:[7]", FileKind.Anonymous);
        Paths.Add("/w/link", FileKind.Symlink, "/proc/10/fd/5");
        foreach (var path in (string[])["/proc/10/fd/5", "/proc/thread-self/fd/5", "/w/link"])
        {
            Plan("openat", path, O_WRONLY | O_TRUNC, 0);
            _call.PlaceAt(Slot);
            Assert.Equal(("/proc/10/fd/5", 10, O_TRUNC), (TextAt(_call.Args[1]), _call.DescriptorOf, _call.LeftOut));
            Assert.Equal((O_WRONLY, 0ul, 0ul), How());
        }
    }

    [Fact]
    public void One_that_is_no_descriptor_is_opened_by_its_path_and_never_trusted()
    {
        Paths.AddMagic("/proc/10/map_files/1-2", "/w/x (deleted)", 10, readOnly: false);
        Plan("openat", "/proc/10/map_files/1-2", O_WRONLY, 0);
        _call.PlaceAt(Slot);
        Assert.Equal(("/proc/10/map_files/1-2", 0, true), (TextAt(_call.Args[1]), _call.DescriptorOf, _call.Ending.IsNameless));
    }

    [Fact]
    public void A_path_that_has_no_room_is_ENAMETOOLONG()
    {
        _call.Begin(2, default);
        _call.PutPath(0, new byte[4096]);
        Assert.Equal(Errno.ENAMETOOLONG, _call.Refusal);
    }

    [Fact]
    public void Two_longest_paths_fill_a_slot_and_none_lies_in_two_pages()
    {
        _call.Begin(82, default);
        var path = Enumerable.Repeat((byte)'x', 4095).ToArray();
        _call.PutPath(0, path);
        _call.PutPath(1, path);
        _call.PlaceAt(Slot);
        Assert.Equal(SlotCall.Size, _call.Bytes.Length);
        Assert.Equal((Slot, Slot + 4096), (_call.Args[0], _call.Args[1]));
    }

    [Fact]
    public void Nothing_of_an_earlier_call_is_left_between()
    {
        _call.Begin(2, default);
        _call.PutPath(1, Enumerable.Repeat((byte)'x', 4000).ToArray());
        _call.Begin(2, default);
        _call.PutPath(0, "a"u8);
        _call.PutPath(1, "b"u8);
        Assert.Equal("a\0\0\0\0\0\0\0b\0"u8.ToArray(), _call.Bytes.ToArray());
    }

    [Fact]
    public void A_program_is_executed_by_the_name_that_it_was_given()
    {
        Policy = Policy with { DenyExecute = ["/no"] };
        Paths.Add("/w/program", FileKind.Regular);
        Judge("execve", Text("/w/./program"), 1, 2);
        SlotCalls.Plan(Request, Judgement, _call);
        _call.PlaceAt(Slot);
        Assert.Equal((59, "/w/./program", 1ul, 2ul), (_call.Number, TextAt(_call.Args[0]), _call.Args[1], _call.Args[2]));
    }

    /// <summary>build_open_how and build_open_flags of fs/open.c: open(flags, mode) fails with EINVAL exactly where the openat2 that stands for it does.</summary>
    [Fact]
    public void The_kernel_takes_the_openat2_whenever_it_takes_the_open() => Gen.Select(Gen.UInt, Gen.UShort).Sample((flags, mode) =>
    {
        var writes = (flags & O_PATH) == 0 && (flags & (3 | O_CREAT | O_TRUNC | 0x400000)) != 0;
        if (!writes)
        {
            return;
        }

        Plan("openat", "/w/file", flags, mode);
        var how = How();
        Assert.Equal(IsValid(LegacyFlags(flags), LegacyMode(flags, mode)), IsValid(how.Flags, how.Mode));
        Assert.Equal(LegacyFlags(flags), how.Flags);
    }, threads: 1); // The call and the request are this class's own.

    // The kernel's, written down a second time.
    private static ulong LegacyFlags(ulong flags)
    {
        // VALID_OPEN_FLAGS
        flags &= 0x7FFFC3;
        return (flags & O_PATH) != 0 ? flags & (O_DIRECTORY | O_NOFOLLOW | 0x80000 | O_PATH) : flags;
    }

    private static ulong LegacyMode(ulong flags, ulong mode) => (LegacyFlags(flags) & (O_CREAT | 0x400000)) != 0 ? mode & 0xFFF : 0;

    private static bool IsValid(ulong flags, ulong mode)
    {
        flags &= ~0x80000ul;
        return (flags & ~0x7FFFC3ul) == 0
            && ((flags & (O_CREAT | 0x400000)) != 0 ? (mode & ~0xFFFul) == 0 : mode == 0)
            && (flags & (O_DIRECTORY | O_CREAT)) != (O_DIRECTORY | O_CREAT)
            && ((flags & 0x400000) == 0 || ((flags & O_DIRECTORY) != 0 && (flags & 3) != 0))
            && ((flags & O_PATH) == 0 || (flags & ~(O_DIRECTORY | O_NOFOLLOW | O_PATH)) == 0);
    }

    [Theory]
    [InlineData("seccomp", 1, 0, true)]
    [InlineData("seccomp", 2, 0, false)]
    [InlineData("prctl", 22, 2, true)]
    [InlineData("prctl", 24, 2, false)]
    public void A_call_that_installs_a_filter_is_made_as_it_stands_once_slots_are_there(string call, ulong command, ulong second, bool installs)
    {
        Allowed(Judge(call, command, second, 0x5000));
        Assert.Equal(installs, SlotCalls.Includes(Request, Judgement));
        if (installs)
        {
            SlotCalls.Plan(Request, Judgement, _call);
            _call.PlaceAt(Slot);
            Assert.True(_call.InstallsFilter);
            Assert.True(_call.Bytes.IsEmpty);
            Assert.Equal((command, second, 0x5000ul), (_call.Args[0], _call.Args[1], _call.Args[2]));
        }
    }

    private void Plan(string call, string path, ulong flags, ulong mode, ulong resolve = 0)
    {
        var verdict = call switch
        {
            "open" => Judge(call, Text(path), flags, mode),
            "creat" => Judge(call, Text(path), mode),
            "openat2" => Judge(call, AtFdCwd, Text(path), Memory.Text(HowBytes(flags, mode, resolve)), 24),
            _ => Judge(call, AtFdCwd, Text(path), flags, mode),
        };
        Allowed(verdict);
        Assert.Equal(EnactmentKind.Slot, EnactmentPlanner.Of(Request, Judgement));
        SlotCalls.Plan(Request, Judgement, _call);
        Assert.True(_call.Refusal.IsSuccess);
        _call.PlaceAt(Slot);
    }

    private static byte[] HowBytes(ulong flags, ulong mode, ulong resolve)
    {
        var how = new byte[24];
        BinaryPrimitives.WriteUInt64LittleEndian(how, flags);
        BinaryPrimitives.WriteUInt64LittleEndian(how.AsSpan(8), mode);
        BinaryPrimitives.WriteUInt64LittleEndian(how.AsSpan(16), resolve);
        return how;
    }

    private (ulong Flags, ulong Mode, ulong Resolve) How()
    {
        var how = _call.Bytes[(int)(_call.Args[2] - Slot)..];
        return (BinaryPrimitives.ReadUInt64LittleEndian(how), BinaryPrimitives.ReadUInt64LittleEndian(how[8..]), BinaryPrimitives.ReadUInt64LittleEndian(how[16..]));
    }

    private string TextAt(ulong address)
    {
        var bytes = _call.Bytes[(int)(address - Slot)..];
        return Encoding.Latin1.GetString(bytes[..bytes.IndexOf((byte)0)]);
    }
}
