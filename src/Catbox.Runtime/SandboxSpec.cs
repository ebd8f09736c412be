using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Catbox.Policy;
using Catbox.Policy.Landlock;
using Catbox.Policy.Rules;
using Catbox.Runtime.Json;

namespace Catbox.Runtime;

/// <summary>Everything that one run needs: plain data, no delegates and no handles, so that it can be stored and sent
/// (<see cref="SandboxJson"/>). Specs compare by value.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record SandboxSpec
{
    /// <summary>The program and its arguments. The program is looked up in the guest's PATH when it has no slash.</summary>
    public required ImmutableArray<GuestString> Command { get; init => field = value.OrEmpty(); }
    /// <summary>What the guest may do.</summary>
    public SandboxPolicy Policy { get; init; } = new();
    /// <summary>
    /// Whether the kernel's Landlock is laid under the policy as its floor. Unless it is off, a writable directory itself is not removed or renamed, though
    /// all in it is: also on a kernel without Landlock, so that a run does not depend on it.
    /// </summary>
    public LandlockMode Landlock { get; init; }
    /// <summary>Where the guest starts; the host's working directory when null, which a relative path starts from too.</summary>
    public GuestString? WorkingDirectory { get; init; }
    /// <summary>
    /// Start from the host's environment (true) or from nothing (false). What is inherited are the bytes of <c>environ</c> (environ(7)) — values that are
    /// not UTF-8, repeated names and entries without a <c>=</c> too, in their order — with what the host has changed by
    /// <see cref="System.Environment.SetEnvironmentVariable(string, string?)"/>.
    /// </summary>
    public bool InheritEnvironment { get; init; } = true;
    /// <summary>
    /// Variables that are set, which replaces all that are inherited by that name; a null value takes them away. A name is not empty and has no <c>=</c>,
    /// else <see cref="ISandboxRunner.StartAsync"/> throws <see cref="ArgumentException"/>. TMPDIR is overruled by <see cref="PrivateTemporaryDirectory"/>.
    /// </summary>
    [JsonConverter(typeof(EnvironmentJsonConverter))]
    public ImmutableDictionary<GuestString, GuestString?> Environment { get; init; } = ImmutableDictionary<GuestString, GuestString?>.Empty;
    /// <summary>Where standard input comes from.</summary>
    public GuestStream StandardInput { get; init; } = GuestStream.Inherit;
    /// <summary>Where standard output goes.</summary>
    public GuestStream StandardOutput { get; init; } = GuestStream.Inherit;
    /// <summary>Where standard error goes.</summary>
    public GuestStream StandardError { get; init; } = GuestStream.Inherit;
    /// <summary>Ends the session when it takes longer.</summary>
    public TimeSpan? Timeout { get; init; }
    /// <summary>What becomes of processes that outlive the first one.</summary>
    public DaemonPolicy Daemons { get; init; } = DaemonPolicy.Kill;
    /// <summary>The guest shares the host's process group and terminal (interactive programs); otherwise it leads a group of its own.</summary>
    public bool ShareTerminal { get; init; }
    /// <summary>A fresh directory is made, writable, named by TMPDIR, and removed with the session.</summary>
    public bool PrivateTemporaryDirectory { get; init; } = true;
    /// <summary>At most so many processes at once; one beyond that is killed before its first instruction (its maker sees a child that SIGKILL ended).</summary>
    public int MaxProcesses { get; init; } = 32_768;
    /// <summary>Soft limit of open files; the host's original one when null.</summary>
    public long? OpenFilesLimit { get; init; }
    /// <summary>Keep at most so many violations in the result; all are counted, and all are delivered live.</summary>
    public int MaxViolationsKept { get; init; } = 100_000;
    /// <summary>A name for logs and reports.</summary>
    public string? Name { get; init; }

#if CATBOX_TEST_BUILD
    /// <summary>Judge and continue, as every ptrace sandbox does: what the race tests must win against. Not in released builds.</summary>
    internal bool JudgesAndContinues { get; init; }

    /// <summary>Calls, by name, of which every use stops although the policy does not need it. Not in released builds.</summary>
    internal ImmutableArray<string> AlsoStops { get; init; } = [];

    /// <summary>As on a kernel before 6.10: argument slots are not sealed. Not in released builds.</summary>
    internal bool WithoutMseal { get; init; }

    /// <summary>
    /// Calls in a slot go on without a stop at their end, and the guest keeps the registers that were made for the kernel: what the bench takes the cost of that stop
    /// from. Not in released builds.
    /// </summary>
    internal bool SkipsExitStops { get; init; }
#endif

    /// <summary>Compares by value: the words of the command, the variables and the policy, too.</summary>
    public bool Equals(SandboxSpec? other) =>
        other is not null && Command.HasSame(other.Command) && Policy == other.Policy && Landlock == other.Landlock
        && WorkingDirectory == other.WorkingDirectory && InheritEnvironment == other.InheritEnvironment && HasSameVariables(other)
        && StandardInput == other.StandardInput && StandardOutput == other.StandardOutput && StandardError == other.StandardError
        && Timeout == other.Timeout && Daemons == other.Daemons && ShareTerminal == other.ShareTerminal
        && PrivateTemporaryDirectory == other.PrivateTemporaryDirectory && MaxProcesses == other.MaxProcesses
        && OpenFilesLimit == other.OpenFilesLimit && MaxViolationsKept == other.MaxViolationsKept && Name == other.Name
#if CATBOX_TEST_BUILD
        && JudgesAndContinues == other.JudgesAndContinues && WithoutMseal == other.WithoutMseal && SkipsExitStops == other.SkipsExitStops
        && AlsoStops.HasSame(other.AlsoStops)
#endif
        ;

    /// <inheritdoc/>
    public override int GetHashCode() =>
        HashCode.Combine(Command.HashOfItems(), Policy, WorkingDirectory, Environment.Count, StandardInput, StandardOutput, Timeout, Name);

    private bool HasSameVariables(SandboxSpec other) =>
        Environment.Count == other.Environment.Count
        && Environment.All(one => other.Environment.TryGetValue(one.Key, out var value) && value == one.Value);
}
