using System.Collections.Immutable;
using Catbox.Policy;
using Catbox.Policy.Landlock;
using Catbox.Runtime.Native;

namespace Catbox.Runtime.Launching;

/// <content>
/// The Landlock domain (landlock(7)), laid by the process that becomes the guest: so a descriptor of a ruleset is never open in the host, where another
/// launch would inherit it. The steps count on the kernel giving the lowest free descriptor; where that is not so, restrict_self fails, and the launch.
/// </content>
internal static partial class LaunchPlanner
{
    private const int SYS_close = 3;
    private const int SYS_openat2 = 437;
    private const int SYS_landlock_create_ruleset = 444;
    private const int SYS_landlock_add_rule = 445;
    private const int SYS_landlock_restrict_self = 446;

    /// <summary>The steps of a domain, to come after PR_SET_NO_NEW_PRIVS and before the filter; none for an empty plan.</summary>
    /// <param name="plan">The domain.</param>
    /// <param name="ruleset">The lowest descriptor that is free.</param>
    /// <param name="path">The next one.</param>
    /// <param name="way">By what a path is opened from the host's working directory; null for itself.</param>
    public static ImmutableArray<LaunchStep> LandlockSteps(LandlockPlan plan, int ruleset, int path, Func<ImmutableArray<byte>, byte[]>? way = null)
    {
        if (plan.IsEmpty)
        {
            return [];
        }

        var steps = ImmutableArray.CreateBuilder<LaunchStep>();

        // struct landlock_ruleset_attr; a kernel that knows less of it takes what lies beyond, where it is zero.
        var attributes = Words(plan.HandledFiles, plan.HandledNetwork, plan.Scoped);
        steps.Add(new("landlock_create_ruleset", SYS_landlock_create_ruleset, [attributes, 24, 0]));

        // struct open_how: no symbolic link is followed, for one could have been laid there since.
        var how = Words(Files.O_PATH | Files.O_CLOEXEC, 0, Files.RESOLVE_NO_SYMLINKS);
        foreach (var rule in plan.Paths)
        {
            // What has gone in the meantime is granted nothing: the open fails, and with it what would use its descriptor.
            steps.Add(new("landlock openat2", SYS_openat2, [Files.AT_FDCWD, new LaunchArgument.Bytes([.. way is null ? [.. rule.Path] : way(rule.Path), 0]), how, 24], Errno.ENOENT));
            steps.Add(AddPath(rule.Access, path, Errno.EBADF));
            steps.Add(new("close", SYS_close, [path], Errno.EBADF));
        }

        foreach (var stream in plan.StreamAccess == 0 ? [] : plan.Streams)
        {
            // Pipes and sockets have no path, and are always let be: EBADFD.
            steps.Add(AddPath(plan.StreamAccess, stream, Errno.EBADFD));
        }

        foreach (var port in plan.Ports)
        {
            steps.Add(new("landlock_add_rule LANDLOCK_RULE_NET_PORT", SYS_landlock_add_rule,
                [ruleset, LandlockBits.LANDLOCK_RULE_NET_PORT, Words(port.Access, port.Port), 0]));
        }

        steps.Add(new("landlock_restrict_self", SYS_landlock_restrict_self, [ruleset, 0]));
        steps.Add(new("close", SYS_close, [ruleset]));
        return steps.ToImmutable();

        // struct landlock_path_beneath_attr is packed: 12 bytes.
        LaunchStep AddPath(ulong access, int descriptor, Errno tolerated) => new(
            "landlock_add_rule LANDLOCK_RULE_PATH_BENEATH",
            SYS_landlock_add_rule,
            [ruleset, LandlockBits.LANDLOCK_RULE_PATH_BENEATH, new LaunchArgument.Structure([.. BitConverter.GetBytes(access), .. BitConverter.GetBytes(descriptor)]), 0],
            tolerated);
    }

    private static LaunchArgument.Structure Words(params ReadOnlySpan<ulong> words)
    {
        var bytes = ImmutableArray.CreateBuilder<byte>();
        foreach (var word in words)
        {
            bytes.AddRange(BitConverter.GetBytes(word));
        }

        return new LaunchArgument.Structure(bytes.ToImmutable());
    }
}
