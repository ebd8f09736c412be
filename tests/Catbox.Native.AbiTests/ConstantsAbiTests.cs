using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Catbox.Policy;
using Catbox.Policy.Decoding;
using Catbox.Policy.Filtering;
using Catbox.Policy.Rules;
using Catbox.Policy.Syscalls.Tables;
using Catbox.Runtime;
using Catbox.Runtime.Launching;
using Xunit;

namespace Catbox.Native.AbiTests;

/// <summary>Every constant that bears a C name, wherever it is declared, against the headers; and those that say in a name of ours what C says in an expression.</summary>
public sealed partial class ConstantsAbiTests
{
    /// <summary>Names of the kernel's own sources, in no header that a program can include.</summary>
    private static readonly HashSet<string> InsideTheKernel = ["O_PATH_FLAGS", "SOCK_TYPE_MASK", "OPEN_HOW_SIZE_VER0", "VALID_OPEN_FLAGS", "VALID_RESOLVE_FLAGS", "S_IALLUGO",
        "MAX_RW_COUNT", "MQUEUE_MAGIC", "MSG_CMSG_COMPAT", "PIDFD_SEND_SIGNAL_FLAGS"];

    /// <summary>Names of ours that look like C's.</summary>
    private static readonly HashSet<string> Ours = ["SOCK_NONBLOCK_AND_CLOEXEC", "O_TMPFILE_BIT", "O_SYNC_BIT"];

    /// <summary>Names that the headers of a machine may be too old for.</summary>
    private static readonly HashSet<string> MayBeTooNew =
    [
        "FS_IOC_GETFSSYSFSPATH", "FS_IOC_GETFSUUID", "FS_IOC_READ_VERITY_METADATA", "LANDLOCK_ACCESS_FS_IOCTL_DEV",
        "LANDLOCK_ACCESS_FS_REFER", "LANDLOCK_ACCESS_FS_TRUNCATE", "LANDLOCK_ACCESS_NET_BIND_TCP", "LANDLOCK_ACCESS_NET_CONNECT_TCP",
        "LANDLOCK_CREATE_RULESET_VERSION", "LANDLOCK_RULE_NET_PORT", "LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET", "LANDLOCK_SCOPE_SIGNAL", "MFD_EXEC",
        "PIDFD_SELF_THREAD", "PIDFD_SELF_THREAD_GROUP", "PIDFD_SIGNAL_PROCESS_GROUP", "PIDFD_THREAD", "PR_SCHED_CORE", "PROCMAP_QUERY", "STATX_MNT_ID", "USERFAULTFD_IOC_NEW",
    ];

    /// <summary>Names that are members of an enum: the preprocessor does not know whether they are there.</summary>
    private static readonly HashSet<string> Enumerated =
        ["IOPRIO_WHO_PROCESS", "LANDLOCK_RULE_PATH_BENEATH"];

    [SkippableFact]
    public void Every_constant_with_a_C_name_has_the_value_of_the_headers()
    {
        CHeaders.SkipUnlessAnswering();
        var ours = AllConstants().Where(constant => CName().IsMatch(constant.Name)).ToList();
        Assert.True(ours.Count > 150, $"only {ours.Count} constants were found");

        var names = ours.Select(constant => constant.Name).Where(name => !Enumerated.Contains(name)).ToHashSet();
        var theirs = CHeaders.Macros(names);
        foreach (var (name, value) in CHeaders.Values(CHeaders.Kernel, Enumerated.Select(name => (name, name))))
        {
            theirs.Add(name, value);
        }

        var mismatches = ours.Select(constant => Mismatch(constant, theirs)).Where(mismatch => mismatch is not null).ToList();
        Assert.True(mismatches.Count == 0, string.Join('\n', mismatches));
    }

    [Fact]
    public void Every_number_of_a_call_is_that_of_the_table()
    {
        var ours = AllConstants().Where(constant => constant.Name.StartsWith("SYS_", StringComparison.Ordinal)).ToList();

        Assert.NotEmpty(ours);
        Assert.Equal([], ours
            .Where(constant => LinuxX64.Table.Find(constant.Value)?.Name != constant.Name[4..])
            .Select(constant => $"{constant.Place}.{constant.Name} is {constant.Value}"));
    }

    [SkippableFact]
    public void What_decoding_calls_by_its_own_names_has_the_sizes_and_bits_of_the_headers() => Compare(CHeaders.Library,
    [
        ("SockaddrStorage", KernelBits.SockaddrStorage, "sizeof(struct sockaddr_storage)"),
        ("SockaddrUn", KernelBits.SockaddrUn, "sizeof(struct sockaddr_un)"),
        ("SockaddrIn", KernelBits.SockaddrIn, "sizeof(struct sockaddr_in)"),
        ("SockaddrIn6", KernelBits.SockaddrIn6, "sizeof(struct sockaddr_in6)"),
        ("SockaddrIn6Shortest", KernelBits.SockaddrIn6Shortest, "offsetof(struct sockaddr_in6, sin6_scope_id)"),
        ("UserMsghdr", KernelBits.UserMsghdr, "sizeof(struct msghdr)"),
        ("Mmsghdr", KernelBits.Mmsghdr, "sizeof(struct mmsghdr)"),
        ("S_IALLUGO", (long)KernelBits.S_IALLUGO, "S_ISUID | S_ISGID | S_ISVTX | S_IRWXU | S_IRWXG | S_IRWXO"),
        ("SOCK_NONBLOCK_AND_CLOEXEC", Value(typeof(Policy.Judging.PolicyJudge), "SOCK_NONBLOCK_AND_CLOEXEC"), "SOCK_NONBLOCK | SOCK_CLOEXEC"),
    ]);

    [SkippableFact]
    public void What_is_decoded_of_an_open_has_the_bits_and_sizes_of_the_headers() => Compare(CHeaders.Kernel,
    [
        ("O_TMPFILE_BIT", (long)KernelBits.O_TMPFILE_BIT, "__O_TMPFILE"),
        ("O_SYNC_BIT", (long)KernelBits.O_SYNC_BIT, "__O_SYNC"),
        ("O_PATH_FLAGS", (long)KernelBits.O_PATH_FLAGS, "O_DIRECTORY | O_NOFOLLOW | O_PATH | O_CLOEXEC"),
        (
            "VALID_RESOLVE_FLAGS", (long)KernelBits.VALID_RESOLVE_FLAGS,
            "RESOLVE_NO_XDEV | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_SYMLINKS | RESOLVE_BENEATH | RESOLVE_IN_ROOT | RESOLVE_CACHED"),
        ("OPEN_HOW_SIZE_VER0", KernelBits.OPEN_HOW_SIZE_VER0, "offsetof(struct open_how, resolve) + sizeof(__u64)"),
    ]);

    [SkippableFact]
    public void A_Landlock_rule_is_handed_over_as_the_kernel_reads_it() => Compare(CHeaders.Kernel,
    [
        ("handled_access_fs", 0, "offsetof(struct landlock_ruleset_attr, handled_access_fs)"),
        ("allowed_access", 0, "offsetof(struct landlock_path_beneath_attr, allowed_access)"),
        ("parent_fd", 8, "offsetof(struct landlock_path_beneath_attr, parent_fd)"),
        ("path_beneath", 12, "sizeof(struct landlock_path_beneath_attr)"),
        ("open_how", 24, "sizeof(struct open_how)"),
    ]);

    [SkippableFact]
    public void A_filter_is_handed_over_as_the_kernel_reads_it() => Compare(CHeaders.Kernel,
    [
        ("code", 0, "offsetof(struct sock_filter, code)"),
        ("jt", 2, "offsetof(struct sock_filter, jt)"),
        ("jf", 3, "offsetof(struct sock_filter, jf)"),
        ("k", 4, "offsetof(struct sock_filter, k)"),
        ("LowWord(3)", SeccompData.LowWord(3), "offsetof(struct seccomp_data, args[3])"),
        ("HighWord(5)", SeccompData.HighWord(5), "sizeof(struct seccomp_data) - 4"),
        ("AuditArchitecture", LinuxX64.Table.AuditArchitecture, "AUDIT_ARCH_X86_64"),
        ("sock_fprog", 16, "sizeof(struct sock_fprog)"),
        ("sock_fprog.filter", 8, "offsetof(struct sock_fprog, filter)"),
    ]);

    [SkippableFact]
    public void The_numbers_in_the_launch_are_those_of_the_headers()
    {
        var rules = CompiledPolicy.Compile(new SandboxPolicy(), new PolicyContext());
        var steps = LaunchPlanner.Steps(
            new SandboxSpec { Command = ["true"] }, "/bin/true", [], FilterCompiler.Compile(LinuxX64.Table, StopSet.Of(rules.Needs)), 1024, 4096);
        Compare(CHeaders.Kernel,
        [
            ("prctl", First("prctl PR_SET_NO_NEW_PRIVS"), "PR_SET_NO_NEW_PRIVS"),
            ("seccomp", First("seccomp SECCOMP_SET_MODE_FILTER"), "SECCOMP_SET_MODE_FILTER"),
        ]);
        Compare(CHeaders.Library,
        [
            ("setrlimit", First("setrlimit RLIMIT_NOFILE"), "RLIMIT_NOFILE"),
            ("rlimit", 16, "sizeof(struct rlimit)"),
            ("execve", steps[^2].Tolerated.Value, "ENOEXEC"),
        ]);

        long First(string name) => (long)Assert.IsType<LaunchArgument.Number>(steps.Single(step => step.Name == name).Arguments[0]).Value;
    }

    private static void Compare(IReadOnlyList<string> headers, (string Name, long Value, string Expression)[] ours)
    {
        CHeaders.SkipUnlessAnswering();
        var theirs = CHeaders.Values(headers, ours.Select((o, i) => (i.ToString(CultureInfo.InvariantCulture), o.Expression)));
        Assert.Equal([], ours
            .Select((o, i) => (o.Name, o.Value, o.Expression, Theirs: theirs[i.ToString(CultureInfo.InvariantCulture)]))
            .Where(o => o.Value != o.Theirs)
            .Select(o => $"{o.Name} is {o.Value}; {o.Expression} is {o.Theirs}"));
    }

    private static string? Mismatch((string Place, string Name, long Value) ours, Dictionary<string, long> theirs)
    {
        if (Ours.Contains(ours.Name) || InsideTheKernel.Contains(ours.Name))
        {
            return null;
        }

        if (!theirs.TryGetValue(ours.Name, out var value))
        {
            return MayBeTooNew.Contains(ours.Name) ? null : $"{ours.Place}.{ours.Name} is in no header";
        }

        // An ioctl's number and a mask are unsigned with us and may be int in C: 32 bits are compared as such.
        return value == ours.Value || (value is < 0 and >= int.MinValue && (uint)value == ours.Value)
            ? null
            : $"{ours.Place}.{ours.Name} is {ours.Value}; the header says {value}";
    }

    private static long Value(Type type, string name) =>
        AllConstants().Single(constant => constant.Place == type.Name && constant.Name == name).Value;

    private static IEnumerable<(string Place, string Name, long Value)> AllConstants() =>
        from assembly in new[] { typeof(Errno).Assembly, typeof(SandboxSpec).Assembly }
        from type in assembly.GetTypes()
        where !type.IsEnum
        from field in type.GetFields(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.DeclaredOnly)
        where field.IsLiteral && field.FieldType.IsPrimitive && field.FieldType != typeof(bool) && field.FieldType != typeof(char)
        select (type.Name, field.Name, Number(field.GetRawConstantValue()!));

    private static long Number(object constant) =>
        constant is ulong large ? unchecked((long)large) : Convert.ToInt64(constant, CultureInfo.InvariantCulture);

    [GeneratedRegex("^_*[A-Z][A-Z0-9_]+$")]
    private static partial Regex CName();
}
