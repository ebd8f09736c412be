using Catbox.Policy.Filtering;
using Catbox.Policy.Syscalls;
using Catbox.Policy.Syscalls.Tables;
using Catbox.Policy.Tests.Filtering;
using Xunit;

namespace Catbox.Policy.Tests.Syscalls;

/// <summary>What single calls of x86-64 are: where a slip would let a call through or break a program.</summary>
public sealed class LinuxX64Tests
{
    private static readonly SyscallTable Table = LinuxX64.Table;

    [Theory]
    [InlineData("open", "openat")]
    [InlineData("open", "openat2")]
    [InlineData("open", "creat")]
    [InlineData("stat", "newfstatat")]
    [InlineData("stat", "statx")]
    [InlineData("access", "faccessat")]
    [InlineData("access", "faccessat2")]
    [InlineData("readlink", "readlinkat")]
    [InlineData("chmod", "fchmodat")]
    [InlineData("chmod", "fchmodat2")]
    [InlineData("chown", "fchownat")]
    [InlineData("utime", "utimes")]
    [InlineData("utime", "futimesat")]
    [InlineData("utime", "utimensat")]
    [InlineData("mkdir", "mkdirat")]
    [InlineData("mknod", "mknodat")]
    [InlineData("symlink", "symlinkat")]
    [InlineData("link", "linkat")]
    [InlineData("unlink", "unlinkat")]
    [InlineData("rmdir", "unlinkat")]
    [InlineData("rename", "renameat")]
    [InlineData("rename", "renameat2")]
    [InlineData("setxattr", "setxattrat")]
    [InlineData("getxattr", "getxattrat")]
    [InlineData("listxattr", "listxattrat")]
    [InlineData("removexattr", "removexattrat")]
    [InlineData("execve", "execveat")]
    [InlineData("quotactl", "quotactl_fd")]
    public void A_later_variant_is_treated_as_the_first(string first, string later)
    {
        var (a, b) = (Table.Named(first), Table.Named(later));

        Assert.Equal((a.Disposition, a.Shape, a.Needs), (b.Disposition, b.Shape, b.Needs));
        // A register of openat2 or creat says nothing that the filter could test.
        Assert.Equal(a.Traits & ~SyscallTraits.RegisterTest, b.Traits & ~SyscallTraits.RegisterTest);
        if (a.Disposition == Disposition.Judge)
        {
            Assert.Equal(a.Args.Where(IsPath), b.Args.Where(IsPath));
        }
    }

    [Theory]
    [InlineData("chown", "lchown")]
    [InlineData("setxattr", "lsetxattr")]
    [InlineData("removexattr", "lremovexattr")]
    public void The_l_variant_of_a_change_does_not_follow_the_last_link(string follows, string does_not)
    {
        var (a, b) = (Table.Named(follows), Table.Named(does_not));

        Assert.Equal(ArgKind.PathWrite, a.Arg(0));
        Assert.Equal(ArgKind.PathWriteNoFollow, b.Arg(0));
        Assert.Equal((a.Disposition, a.Shape, a.Needs, a.Traits), (b.Disposition, b.Shape, b.Needs, b.Traits));
    }

    [Theory]
    [InlineData("stat", "lstat")]
    [InlineData("getxattr", "lgetxattr")]
    [InlineData("listxattr", "llistxattr")]
    public void The_l_variant_of_a_look_does_not_follow_the_last_link(string follows, string does_not)
    {
        Assert.Equal(ArgKind.PathRead, Table.Named(follows).Arg(0));
        Assert.Equal(ArgKind.PathReadNoFollow, Table.Named(does_not).Arg(0));
    }

    [Theory]
    [InlineData("chmod", "fchmod")]
    [InlineData("chown", "fchown")]
    [InlineData("truncate", "ftruncate")]
    [InlineData("setxattr", "fsetxattr")]
    [InlineData("removexattr", "fremovexattr")]
    public void The_f_variant_of_a_change_is_judged_on_the_descriptors_object(string path, string descriptor)
    {
        var row = Table.Named(descriptor);

        Assert.Equal(RequestShape.Descriptor, row.Shape);
        Assert.Equal(Table.Named(path).Traits, row.Traits);
        Assert.Equal(Table.Named(path).Needs, row.Needs);
    }

    [Theory]
    [InlineData("newfstatat", 3)]
    [InlineData("statx", 2)]
    [InlineData("fchownat", 4)]
    [InlineData("unlinkat", 2)]
    [InlineData("linkat", 4)]
    [InlineData("utimensat", 3)]
    [InlineData("name_to_handle_at", 4)]
    [InlineData("execveat", 4)]
    [InlineData("faccessat2", 3)]
    [InlineData("fchmodat2", 3)]
    [InlineData("setxattrat", 2)]
    [InlineData("getxattrat", 2)]
    [InlineData("listxattrat", 2)]
    [InlineData("removexattrat", 2)]
    [InlineData("file_getattr", 4)]
    [InlineData("file_setattr", 4)]
    public void AT_flags_are_where_the_kernel_reads_them(string name, int index) =>
        Assert.Equal(index, Table.Named(name).IndexOf(ArgKind.AtFlags));

    [Theory]
    [InlineData("fchmodat")]
    [InlineData("faccessat")]
    [InlineData("futimesat")]
    public void Flags_that_only_the_C_library_has_are_not_read(string name) =>
        Assert.Equal(-1, Table.Named(name).IndexOf(ArgKind.AtFlags));

    [Theory]
    [InlineData("open")]
    [InlineData("openat")]
    [InlineData("creat")]
    [InlineData("truncate")]
    [InlineData("unlink")]
    [InlineData("unlinkat")]
    [InlineData("link")]
    [InlineData("linkat")]
    [InlineData("symlink")]
    [InlineData("symlinkat")]
    [InlineData("rename")]
    [InlineData("renameat")]
    [InlineData("mknod")]
    [InlineData("mknodat")]
    [InlineData("chmod")]
    [InlineData("fchmodat")]
    [InlineData("chown")]
    [InlineData("lchown")]
    [InlineData("fchownat")]
    [InlineData("mkdir")]
    [InlineData("mkdirat")]
    [InlineData("rmdir")]
    [InlineData("mount")]
    [InlineData("umount2")]
    [InlineData("utime")]
    [InlineData("utimensat")]
    [InlineData("socket")]
    [InlineData("connect")]
    public void What_catbox_1_7_judged_is_judged_or_refused(string name) =>
        Assert.NotEqual(Disposition.Pass, Table.Named(name).Disposition);

    [Theory]
    [InlineData("exit")]
    [InlineData("exit_group")]
    [InlineData("rt_sigreturn")]
    [InlineData("restart_syscall")]
    [InlineData("memfd_create")]
    [InlineData("socketpair")]
    [InlineData("shmget")]
    [InlineData("fork")]
    [InlineData("uretprobe")]
    public void What_programs_cannot_do_without_passes(string name)
    {
        var row = Table.Named(name);

        Assert.Equal((Disposition.Pass, FilterNeeds.None, SyscallTraits.None), (row.Disposition, row.Needs, row.Traits));
    }

    [Fact]
    public void The_calls_whose_registers_the_filter_tests_are_known() =>
        Assert.Equal(
            [
                "open", "ioctl", "access", "socket", "sendto", "setsockopt", "clone", "fcntl", "setpgid", "setpriority", "sched_setparam", "sched_setscheduler", "prctl",
                "setrlimit", "ioprio_set", "openat", "faccessat", "unshare", "get_robust_list", "prlimit64", "sched_setattr", "seccomp", "faccessat2",
            ],
            Table.Rows.Where(r => r.Traits.HasFlag(SyscallTraits.RegisterTest)).Select(r => r.Name));

    [Theory]
    [InlineData("mkdir", true)]
    [InlineData("mkdirat", true)]
    [InlineData("mknod", true)]
    [InlineData("mknodat", true)]
    [InlineData("symlink", false)]
    [InlineData("link", false)]
    [InlineData("rename", false)]
    public void The_courtesy_of_EEXIST_is_for_mkdir_and_mknod(string name, bool courtesy) =>
        Assert.Equal(courtesy, Table.Named(name).Traits.HasFlag(SyscallTraits.CreatesEntry));

    [Theory]
    [InlineData("clone3")]
    [InlineData("io_uring_setup")]
    [InlineData("io_uring_enter")]
    [InlineData("io_uring_register")]
    [InlineData("memfd_secret")]
    public void What_callers_have_a_second_way_for_is_answered_ENOSYS_without_a_stop(string name)
    {
        var row = Table.Named(name);

        Assert.Equal((Disposition.Refuse, FilterNeeds.None, Errno.ENOSYS), (row.Disposition, row.Needs, row.RefusalErrno));
    }

    [Theory]
    [InlineData("ptrace")]
    [InlineData("process_vm_readv")]
    [InlineData("process_vm_writev")]
    [InlineData("process_madvise")]
    [InlineData("pidfd_getfd")]
    [InlineData("userfaultfd")]
    [InlineData("seccomp")]
    [InlineData("prctl")]
    [InlineData("clone")]
    [InlineData("clone3")]
    [InlineData("io_uring_setup")]
    [InlineData("unshare")]
    [InlineData("setns")]
    [InlineData("chroot")]
    [InlineData("pivot_root")]
    [InlineData("mount")]
    [InlineData("umount2")]
    [InlineData("move_mount")]
    [InlineData("open_by_handle_at")]
    [InlineData("fanotify_init")]
    [InlineData("memfd_secret")]
    [InlineData("bpf")]
    [InlineData("kexec_load")]
    [InlineData("init_module")]
    [InlineData("finit_module")]
    public void What_would_blind_or_hurt_the_engine_is_refused_under_collect_only_too(string name)
    {
        var row = Table.Named(name);

        Assert.True(row.Traits.HasFlag(SyscallTraits.Integrity));
        Assert.False(row.RefusalErrno.IsSuccess);
    }

    [Theory]
    [InlineData("mount")]
    [InlineData("umount2")]
    [InlineData("fsmount")]
    [InlineData("move_mount")]
    [InlineData("chroot")]
    [InlineData("pivot_root")]
    [InlineData("setns")]
    [InlineData("open_by_handle_at")]
    [InlineData("swapon")]
    [InlineData("quotactl")]
    [InlineData("init_module")]
    [InlineData("kexec_load")]
    [InlineData("reboot")]
    [InlineData("settimeofday")]
    [InlineData("bpf")]
    [InlineData("acct")]
    public void What_reaches_for_the_machine_is_reported(string name)
    {
        var row = Table.Named(name);

        Assert.Equal((Disposition.Refuse, RequestShape.Refusal, Errno.EPERM), (row.Disposition, row.Shape, row.RefusalErrno));
    }

    [Fact]
    public void A_handle_is_refused_as_by_a_file_system_that_has_none() =>
        Assert.Equal(Errno.EOPNOTSUPP, Table.Named("name_to_handle_at").RefusalErrno);

    [Theory]
    [InlineData("connect", RequestShape.Connect, FilterNeeds.Internet | FilterNeeds.UnixSockets)]
    [InlineData("bind", RequestShape.Bind, FilterNeeds.Writes | FilterNeeds.Internet | FilterNeeds.UnixSockets)]
    [InlineData("listen", RequestShape.Listen, FilterNeeds.Internet)]
    [InlineData("socket", RequestShape.Socket, FilterNeeds.Internet)]
    [InlineData("sendto", RequestShape.SendTo, FilterNeeds.Internet | FilterNeeds.UnixSockets)]
    [InlineData("sendmsg", RequestShape.SendMsg, FilterNeeds.Internet | FilterNeeds.UnixSockets)]
    [InlineData("sendmmsg", RequestShape.SendMMsg, FilterNeeds.Internet | FilterNeeds.UnixSockets)]
    internal void Network_calls_stop_where_the_network_is_judged(string name, RequestShape shape, FilterNeeds needs)
    {
        var row = Table.Named(name);

        Assert.Equal((Disposition.Judge, shape, needs), (row.Disposition, row.Shape, row.Needs));
    }

    [Theory]
    [InlineData("kill", ArgKind.SignalTarget)]
    [InlineData("tkill", ArgKind.Tid)]
    [InlineData("tgkill", ArgKind.Pid)]
    [InlineData("rt_sigqueueinfo", ArgKind.Pid)]
    [InlineData("rt_tgsigqueueinfo", ArgKind.Pid)]
    [InlineData("pidfd_send_signal", ArgKind.PidFd)]
    internal void Signals_stop_always_and_begin_with_their_target(string name, ArgKind target)
    {
        var row = Table.Named(name);

        Assert.Equal((RequestShape.Signal, FilterNeeds.Processes, target), (row.Shape, row.Needs, row.Arg(0)));
        Assert.True(row.IndexOf(ArgKind.Signal) > 0);
    }

    [Theory]
    [InlineData("prctl", 22, true)]
    [InlineData("prctl", 4, false)]
    [InlineData("seccomp", 1, true)]
    [InlineData("seccomp", 0, false)]
    [InlineData("seccomp", 2, false)]
    [InlineData("read", 1, false)]
    public void A_use_that_installs_a_filter_is_told_by_its_command(string name, ulong command, bool installs) =>
        Assert.Equal(installs, Table.Named(name).InstallsFilter(0xdead_beef_0000_0000 | command));

    [Fact]
    public void A_use_of_a_call_of_many_changes_credentials_where_the_filter_stops_it_for_that()
    {
        var without = Filter(FilterNeeds.Writes);
        var with = Filter(FilterNeeds.Writes | FilterNeeds.Credentials);
        var row = Table.Named("prctl");
        for (var command = 0UL; command < 100; command++)
        {
            var isStoppedForIt = without.Run(row.Number, FilterOracle.X64, [command, 2, 0, 0, 0, 0]).Answer != with.Run(row.Number, FilterOracle.X64, [command, 2, 0, 0, 0, 0]).Answer;
            Assert.True(isStoppedForIt == row.ChangesCredentials(command), $"prctl({command})");
        }

        Assert.All(Table.Rows.Where(r => r.Name is "setuid" or "setgid" or "setgroups" or "setresuid" or "capset"), static r => Assert.True(r.ChangesCredentials(0)));

        static BpfInterpreter Filter(FilterNeeds needs) => new(FilterCompiler.Compile(Table, StopSet.Of(needs)).ToBytes());
    }

    [Fact]
    public void What_a_row_says_of_its_arguments_fits_their_kinds()
    {
        Assert.All(Table.Rows, row =>
        {
            Assert.True(row.ResourceAt < 0 || (row.Arg(row.ResourceAt), row.Arg(row.ResourceAt + 1)) == (ArgKind.Int, ArgKind.Address), row.Name);
            Assert.True(row.ProcessCommand < 0 || (row.Arg(0) == ArgKind.Command && row.Arg(1) is ArgKind.Tid), row.Name);
            Assert.True(row.FilterCommand == 0 || row.Arg(0) == ArgKind.Command, row.Name);
            Assert.True(row.CredentialCommands.IsEmpty || (row.Arg(0) == ArgKind.Command && row.Shape == RequestShape.Credentials), row.Name);
            Assert.True(!row.SetsAffinity || row.Shape == RequestShape.Affinity, row.Name);
            Assert.Equal(row.Operation == BehalfOperation.ChangeTimes, row.Times != TimeForm.None);
            Assert.True(row.NullPath == NullPath.Faults || row.Args[0] == ArgKind.DirFd, row.Name);
            Assert.True(row.NullPath != NullPath.IsEmpty || row.IndexOf(ArgKind.AtFlags) >= 0, row.Name);
            Assert.True(!row.HasXattrArgs || (row.Operation == BehalfOperation.SetAttribute && row.IndexOf(ArgKind.Address) >= 0), row.Name);
        });
    }

    private static bool IsPath(ArgKind kind) => kind is >= ArgKind.PathRead and <= ArgKind.PathExec;
}
