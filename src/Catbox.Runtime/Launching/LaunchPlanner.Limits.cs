using System.Collections.Immutable;
using System.Globalization;
using Catbox.Policy.Syscalls;
using Catbox.Runtime.Native;

namespace Catbox.Runtime.Launching;

/// <content>What a guest is not given where the policy judges what it would be used for.</content>
internal static partial class LaunchPlanner
{
    private const int SYS_capset = 126;
    private const int RLIMIT_CORE = 4;
    private const int CAP_NET_ADMIN = 12;

    /// <summary>The steps, to come after PR_SET_NO_NEW_PRIVS: an execve of root gives nothing back from then on.</summary>
    /// <remarks>
    /// Without CAP_NET_ADMIN the kernel itself refuses what reaches the machine's network through the socket that name look-ups need: rtnetlink asks for it at every message,
    /// whichever call brought it (write, sendmsg, splice). Ideas that failed: judging those calls (a message lies in memory, and write would have to stop); a socket filter
    /// (it sees what is received).
    /// </remarks>
    public static ImmutableArray<LaunchStep> LimitSteps(FilterNeeds needs)
    {
        var steps = ImmutableArray.CreateBuilder<LaunchStep>();
        if ((needs & FilterNeeds.CoreLimit) != 0)
        {
            steps.Add(new("setrlimit RLIMIT_CORE", SYS_setrlimit, [RLIMIT_CORE, new LaunchArgument.Bytes([.. new byte[16]])]));
        }

        if ((needs & FilterNeeds.Internet) != 0 && CapabilitiesOfPrograms() is var (permitted, inheritable) && ((permitted | inheritable) & (1UL << CAP_NET_ADMIN)) != 0)
        {
            permitted &= ~(1UL << CAP_NET_ADMIN);
            inheritable &= ~(1UL << CAP_NET_ADMIN);
            var header = new byte[8];
            BitConverter.TryWriteBytes(header, Credentials._LINUX_CAPABILITY_VERSION_3);
            var data = new byte[24];
            foreach (var (at, set) in new[] { (0, permitted), (4, permitted), (8, inheritable) })
            {
                BitConverter.TryWriteBytes(data.AsSpan(at), (uint)set);
                BitConverter.TryWriteBytes(data.AsSpan(12 + at), (uint)(set >> 32));
            }

            steps.Add(new("capset without CAP_NET_ADMIN", SYS_capset, [new LaunchArgument.Structure([.. header]), new LaunchArgument.Structure([.. data])]));
        }

        return steps.ToImmutable();
    }

    /// <summary>What a program has that this process starts (capabilities(7), "Transformation of capabilities during execve"): the stub, for one.</summary>
    private static (ulong Permitted, ulong Inheritable) CapabilitiesOfPrograms()
    {
        const int noRoot = 1;
        ulong inheritable = 0, permitted = 0, bounding = 0, ambient = 0;
        var gainsNothing = false;
        foreach (var line in File.ReadLines("/proc/self/status"))
        {
            var value = line.AsSpan(line.IndexOf(':') + 1).Trim();
            switch (line.AsSpan(0, Math.Max(line.IndexOf(':'), 0)))
            {
                case "CapInh":
                    inheritable = ulong.Parse(value, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
                    break;
                case "CapPrm":
                    permitted = ulong.Parse(value, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
                    break;
                case "CapBnd":
                    bounding = ulong.Parse(value, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
                    break;
                case "CapAmb":
                    ambient = ulong.Parse(value, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
                    break;
                case "NoNewPrivs":
                    gainsNothing = value is "1";
                    break;
            }
        }

        if (Identity.EffectiveUser != 0 || (Credentials.SecureBits & noRoot) != 0)
        {
            return (ambient, inheritable);
        }

        var ofRoot = inheritable | bounding;
        return (gainsNothing ? ofRoot & permitted : ofRoot, inheritable);
    }
}
