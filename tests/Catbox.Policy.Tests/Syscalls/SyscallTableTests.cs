using Catbox.Policy.Syscalls;
using Catbox.Policy.Syscalls.Tables;
using Xunit;

namespace Catbox.Policy.Tests.Syscalls;

/// <summary>What must hold for every row of a table, whatever the call.</summary>
public sealed class SyscallTableTests
{
    private static readonly SyscallTable Table = LinuxX64.Table;

    private static readonly ArgKind[] PathKinds =
    [
        ArgKind.PathRead, ArgKind.PathReadNoFollow, ArgKind.PathOpen, ArgKind.PathWrite, ArgKind.PathWriteNoFollow,
        ArgKind.PathCreate, ArgKind.PathRemove, ArgKind.PathLinkSource, ArgKind.PathExec,
    ];

    private static readonly ArgKind[] LookKinds = [ArgKind.PathRead, ArgKind.PathReadNoFollow];

    [Fact]
    public void Every_number_of_the_kernel_has_a_row()
    {
        // 337–423 were skipped by the kernel, so that all architectures could go on with the same numbers from 424.
        var expected = Enumerable.Range(0, 337).Concat(Enumerable.Range(424, 46));

        Assert.Equal(expected, Table.Rows.Select(r => r.Number));
        Assert.Equal(469, Table.HighestNumber);
    }

    [Theory]
    [InlineData(-1L)]
    [InlineData(337L)]
    [InlineData(423L)]
    [InlineData(470L)]
    [InlineData(0x1_0000_0000L)]
    [InlineData(long.MinValue)]
    public void A_number_without_a_call_finds_nothing(long number) => Assert.Null(Table.Find(number));

    [Fact]
    public void A_row_is_found_by_its_number_and_by_its_name()
    {
        Assert.All(Table.Rows, row =>
        {
            Assert.Same(row, Table.Find(row.Number));
            Assert.Same(row, Table.Named(row.Name));
        });
    }

    [Fact]
    public void A_name_that_no_call_has_is_an_error() =>
        Assert.Contains("frobnicate", Assert.Throws<ArgumentException>(() => Table.Named("frobnicate")).Message, StringComparison.Ordinal);

    [Fact]
    public void The_architecture_is_the_one_that_seccomp_reports()
    {
        Assert.Equal("x86_64", Table.Architecture);
        Assert.Equal(0xC000003Eu, Table.AuditArchitecture);
    }

    [Fact]
    public void Arguments_are_at_most_six_and_all_of_a_kind() =>
        AssertRows(Table.Rows, r => r.Args.Length <= 6 && !r.Args.Contains(ArgKind.None));

    [Fact]
    public void Calls_in_the_form_of_paths_have_one_or_two_paths() =>
        AssertRows(OfShape(RequestShape.Paths), r => r.Args.Count(IsPath) is 1 or 2);

    [Fact]
    public void Opens_have_one_path_to_open() =>
        AssertRows(OfShape(RequestShape.Open), r => r.Args.Count(IsPath) == 1 && r.IndexOf(ArgKind.PathOpen) >= 0);

    [Fact]
    public void Execs_have_one_path_to_execute() =>
        AssertRows(OfShape(RequestShape.Exec), r => r.Args.Count(IsPath) == 1 && r.IndexOf(ArgKind.PathExec) >= 0);

    [Fact]
    public void Calls_on_a_descriptor_begin_with_it_and_have_no_path() =>
        AssertRows(OfShape(RequestShape.Descriptor), r => r.Arg(0) == ArgKind.FdWrite && !r.Args.Any(IsPath));

    [Fact]
    public void A_call_that_passes_names_no_path_and_changes_no_descriptor() =>
        AssertRows(
            Table.Rows.Where(r => r.Disposition == Disposition.Pass && !r.Traits.HasFlag(SyscallTraits.RegisterTest)),
            r => !r.Args.Any(IsPath) && r.IndexOf(ArgKind.FdWrite) < 0 && r.IndexOf(ArgKind.DirFd) < 0);

    [Fact]
    public void A_directory_descriptor_stands_right_before_its_path() =>
        AssertRows(Table.Rows, r => Indices(r, ArgKind.DirFd).All(i => IsPath(r.Arg(i + 1))));

    [Fact]
    public void A_sockets_address_stands_right_before_its_length() =>
        AssertRows(Table.Rows, r => Indices(r, ArgKind.Sockaddr).All(i => r.Arg(i + 1) == ArgKind.SockaddrLength));

    [Fact]
    public void Flags_stand_after_the_paths_that_they_are_about() =>
        AssertRows(
            Table.Rows.Where(r => r.IndexOf(ArgKind.AtFlags) >= 0),
            r => Enumerable.Range(0, r.Args.Length).Where(i => IsPath(r.Arg(i))).All(i => i < r.IndexOf(ArgKind.AtFlags)));

    [Fact]
    public void A_call_that_passes_untested_never_stops() =>
        AssertRows(
            Table.Rows.Where(r => r.Disposition == Disposition.Pass && !r.Traits.HasFlag(SyscallTraits.RegisterTest)),
            r => r.Shape == RequestShape.None && (r.Needs & ~FilterNeeds.Identity) == FilterNeeds.None && r.RefusalErrno.IsSuccess);

    [Fact]
    public void A_judged_call_has_a_form_and_a_need() =>
        AssertRows(
            Table.Rows.Where(r => r.Disposition == Disposition.Judge),
            r => r.Shape is not (RequestShape.None or RequestShape.Refusal) && r.Needs != FilterNeeds.None && r.RefusalErrno.IsSuccess);

    [Fact]
    public void A_refused_call_has_an_errno() =>
        AssertRows(Table.Rows.Where(r => r.Disposition == Disposition.Refuse), r => !r.RefusalErrno.IsSuccess);

    [Fact]
    public void A_refused_call_stops_exactly_where_it_is_reported() =>
        AssertRows(
            Table.Rows.Where(r => r.Disposition == Disposition.Refuse),
            r => (r.Shape, r.Needs) is (RequestShape.Refusal, FilterNeeds.Refusals) or (RequestShape.None, FilterNeeds.None));

    [Fact]
    public void A_path_that_is_changed_stops_wherever_writes_are_judged() =>
        AssertRows(
            OfShape(RequestShape.Paths).Where(r => r.Args.Any(k => IsPath(k) && !LookKinds.Contains(k))),
            r => r.Needs == FilterNeeds.Writes);

    [Fact]
    public void A_path_that_is_only_looked_at_stops_only_where_reads_are_judged() =>
        AssertRows(
            OfShape(RequestShape.Paths).Where(r => r.Args.Where(IsPath).All(LookKinds.Contains)),
            r => r.Needs == FilterNeeds.Reads);

    [Fact]
    public void Changes_of_directories_are_those_that_make_or_take_an_entry() =>
        AssertRows(
            Table.Rows.Where(r => r.Disposition == Disposition.Judge),
            r => r.Traits.HasFlag(SyscallTraits.Directory) == (r.IndexOf(ArgKind.PathCreate) >= 0 || r.IndexOf(ArgKind.PathRemove) >= 0));

    [Fact]
    public void Changes_of_metadata_have_one_object() =>
        AssertRows(
            Table.Rows.Where(r => r.Traits.HasFlag(SyscallTraits.Metadata)),
            r => r.Args.Count(k => k is ArgKind.PathWrite or ArgKind.PathWriteNoFollow or ArgKind.FdWrite) == 1);

    [Fact]
    public void Whatever_does_not_simply_pass_says_why() =>
        AssertRows(
            Table.Rows.Where(r => r.Disposition != Disposition.Pass || r.Traits.HasFlag(SyscallTraits.RegisterTest)),
            r => r.Note.Length > 0);

    [Fact]
    public void Notes_are_one_short_line() =>
        AssertRows(Table.Rows, r => r.Note.Length <= 80 && !r.Note.Contains('\n', StringComparison.Ordinal) && !r.Note.EndsWith('.'));

    private static IEnumerable<SyscallRow> OfShape(RequestShape shape) => Table.Rows.Where(r => r.Shape == shape);

    private static bool IsPath(ArgKind kind) => PathKinds.Contains(kind);

    private static IEnumerable<int> Indices(SyscallRow row, ArgKind kind) =>
        Enumerable.Range(0, row.Args.Length).Where(i => row.Args[i] == kind);

    /// <summary>Names every row that breaks the rule; a rule about no row at all is a mistake of the test.</summary>
    private static void AssertRows(IEnumerable<SyscallRow> rows, Func<SyscallRow, bool> rule)
    {
        var all = rows.ToList();
        Assert.NotEmpty(all);
        Assert.Equal([], all.Where(r => !rule(r)).Select(r => r.Name));
    }
}
