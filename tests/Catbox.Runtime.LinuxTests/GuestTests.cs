namespace Catbox.Runtime.LinuxTests;

/// <summary>The guests themselves, without a sandbox: one that fails here says nothing about the engine.</summary>
public sealed class GuestTests
{
    // Guests that check what only a sandbox does: refusals of the filter, limits, the daemon and family that stay until they are killed.
    private static readonly string[] s_confinedOnly =
    [
        "beyond_table", "clone3_is_unknown", "clone_untraced", "daemon_pauses", "family_pauses", "filecalls", "flags_through_read_only", "fork_limit",
        "int80", "io_uring_is_unknown", "landlock_is_off", "lease_is_held", "limits_outside", "own_listener", "own_trace_data", "pidfd_getfd_outside", "ptrace_refused", "signals_outside",
        "computes_twice", "stops_itself", "tampers_with_slot", "types_into_terminal", "unshare_user", "userfaultfd_refused", "vm_writev_outside", "waits_for_input",
        "same_pid", "watches_child_stop", "x32",
        // These end otherwise than by exit code 0.
        "kill_group", "refused_calls", "reaches", "opens_socket", "disconnects", "aborts_without_core", "daemon_finishes", "leader_exits_first", "tcp_client", "unix_client", "default_signals", "repeats",
        "exits_seven", "executes", "tells_signals", "spoils_terminal", "shows_terminal", "on_a_pty",
        "domain_processes", "flips_path", "calls_by_seed", "fuse_server", "works_on_server", "tree_listing", "on_process", "opens_foreign_descriptor", "opens_memory", "own_table_signals", "exchanges_pool", "odd_places",
        // Tests of their own give these what they need: a terminal, files of a kind, a process or a group outside.
        "changes_terminal", "device_changes", "drains_queue", "dumps_core", "file_requests", "holds_others", "joins_group", "leaves_tree", "nices_group", "odd_memory", "opens_once", "sends_by_terminal",
        "socket_options", "stops_output", "takes_front", "tells_open_descriptors",
    ];

    public static TheoryData<string> Names =>
    [
        .. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "guests"), "*.c").Select(f => Path.GetFileNameWithoutExtension(f))
            .Where(static f => !IsRace(f)).Except(s_confinedOnly).Order(StringComparer.Ordinal),
    ];

    [SkippableTheory]
    [MemberData(nameof(Names))]
    public void A_guest_finds_everything_as_it_says_outside_of_a_sandbox(string guest)
    {
        using var scratch = new Scratch();
        Unconfined.RunGuest(guest, scratch.Inside, Arguments(guest, scratch)).Succeeded();
    }

    [SkippableFact]
    public void Every_guest_compiles_without_a_warning()
    {
        foreach (var guest in s_confinedOnly)
        {
            Assert.True(File.Exists(Guests.Build(guest)));
        }
    }

    /// <summary>RaceTests runs these without a sandbox too.</summary>
    private static bool IsRace(string guest) => guest.StartsWith("race_", StringComparison.Ordinal);

    private static string[] Arguments(string guest, Scratch scratch) => guest switch
    {
        "odd_environment" => [Guests.Build("dump_environment")],
        "execs" or "spawn_writes" or "execveat_empty_path" or "execveat_memfd" => [Guests.Build("writes"), scratch.Out("x")],
        "execveat_dirfd" => [Path.GetDirectoryName(Guests.Build("writes"))!, "writes", scratch.Out("x")],
        "exec_from_thread" => [Guests.Build("same_pid"), scratch.Out("x")],
        "proc_self_cwd" or "clone_fs_shares_cwd" or "thread_has_own_cwd" or "clone_files_shares_descriptors" => [scratch.Outside],
        "long_names" or "works_deep" => [scratch.Inside],
        "climbs_while_moved" => [scratch.Inside, "1000"],
        "moves_between" => [Scratch.MakeDirectory(scratch.In("from")), Scratch.MakeDirectory(scratch.In("to"))],
        "killed_while_denied" or "denied_under_signals" => [scratch.Out("x"), "20"],
        "fork_storm" => ["50"],
        "keeps_registers" => ["2000", scratch.Out("x")],
        "touches_memory" => ["1000000"],
        "opens_for_writing" => [Scratch.MakeFile(scratch.In("file"))],
        "flips_port" => ["sendto", "100", "1024", "1025"],
        "swaps_descriptor" => ["thread", "500", Scratch.MakeFile(scratch.In("file"))],
        "thread_has_own_table" or "own_table_executes" => ["clone", Scratch.MakeFile(scratch.Out("file"))],
        "thread_has_own_directory" => ["clone", scratch.Outside],
        "own_table_listens" => ["clone"],
        "many_opens" => ["20", "5"],
        "opens_in_shared_memory" => [],
        "answers_for_kernel" => ["seccomp", "mseal", "1"],
        "opens_in_odd_memory" => ["sealed_neighbours"],
        "waits_under_own_filter" => ["20"],
        "forks_among_opens" => ["20"],
        "interrupted_at_first_open" => ["stop", "20"],
        "opens_under_own_filter" => ["allows_all"],
        "changes_as" => ["oneself"],
        "takes_signal_in_call" => ["handled"],
        "holds_inode" => ["4", "1", "mode"],
        "changes_again" => [Scratch.MakeFile(scratch.In("file")), "10"],
        "walks_again" => ["rename", "forever", scratch.Inside, scratch.Outside],
        _ => [scratch.Out("x")],
    };
}
