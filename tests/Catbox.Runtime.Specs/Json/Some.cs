using System.Collections.Immutable;
using System.Net;
using System.Text;
using Catbox.Policy;
using Catbox.Policy.Enforcement;
using Catbox.Policy.Judging;
using Catbox.Policy.Landlock;
using Catbox.Policy.Rules;
using CsCheck;

namespace Catbox.Runtime.Specs.Json;

/// <summary>Records of any content.</summary>
internal static class Some
{
    /// <summary>Any text that JSON has: no half of a surrogate pair.</summary>
    public static Gen<string> Text { get; } = Gen.OneOf(Gen.String[Gen.Char['\0', '\ud7ff'], 0, 12], Gen.Const("\ud83d\udc08/\u00e9\"\\"));

    /// <summary>Any bytes, often such as are UTF-8.</summary>
    public static Gen<byte[]> Bytes { get; } = Gen.OneOf(Gen.Byte.Array[0, 12], Text.Select(Encoding.UTF8.GetBytes));

    public static Gen<GuestString> GuestString { get; } = Bytes.Select(bytes => new GuestString([.. bytes.Where(b => b != 0)]));

    public static Gen<ImmutableArray<string>> Texts { get; } = List(Text);

    public static Gen<NetworkRule> NetworkRule { get; } = Gen.Select(
        Gen.Bool,
        OrNull(Network()),
        Gen.UShort,
        Gen.UShort,
        Gen.Enum<NetworkDirection>(),
        OrNone(Text),
        (allow, network, first, last, direction, unix) => new NetworkRule(allow, network, first, last, direction, unix));

    public static Gen<SandboxPolicy> Policy { get; } = Gen.Select(
        Gen.Select(Texts, Texts, Texts, Texts, Texts, Texts, Texts),
        Gen.Select(Gen.Enum<NetworkMode>(), List(NetworkRule), Gen.Enum<OnViolation>(), Gen.Bool),
        (lists, rest) => new SandboxPolicy
        {
            Writable = lists.Item1,
            DenyWrite = lists.Item2,
            Readable = lists.Item3,
            DenyRead = lists.Item4,
            Executable = lists.Item5,
            DenyExecute = lists.Item6,
            Silent = lists.Item7,
            Network = rest.Item1,
            NetworkRules = rest.Item2,
            OnViolation = rest.Item3,
            Strict = rest.Item4,
        });

    public static Gen<GuestStream> Stream { get; } = Gen.Select(
        Gen.Enum<GuestStreamKind>(), Text, (kind, path) => new GuestStream(kind, kind == GuestStreamKind.File ? path : null));

    public static Gen<ImmutableDictionary<GuestString, GuestString?>> Variables { get; } =
        Gen.Select(GuestString, OrNull(GuestString)).Array[0, 4]
            .Select(all => all.DistinctBy(one => one.Item1).ToImmutableDictionary(one => one.Item1, one => one.Item2));

    public static Gen<SandboxSpec> Spec { get; } = Gen.Select(
        Gen.Select(List(GuestString), Policy, Gen.Enum<LandlockMode>(), OrNull(GuestString), Gen.Bool, Variables),
        Gen.Select(Stream, Stream, Stream, OrNull(Gen.TimeSpan), Gen.Enum<DaemonPolicy>(), Gen.Bool),
        Gen.Select(Gen.Bool, Gen.Int, OrNull(Gen.Long), Gen.Int, OrNone(Text)),
        (what, where, limits) => new SandboxSpec
        {
            Command = what.Item1,
            Policy = what.Item2,
            Landlock = what.Item3,
            WorkingDirectory = what.Item4,
            InheritEnvironment = what.Item5,
            Environment = what.Item6,
            StandardInput = where.Item1,
            StandardOutput = where.Item2,
            StandardError = where.Item3,
            Timeout = where.Item4,
            Daemons = where.Item5,
            ShareTerminal = where.Item6,
            PrivateTemporaryDirectory = limits.Item1,
            MaxProcesses = limits.Item2,
            OpenFilesLimit = limits.Item3,
            MaxViolationsKept = limits.Item4,
            Name = limits.Item5,
        });

    public static Gen<ExitStatus> Exit { get; } =
        Gen.Select(Gen.Int[0, 255], Gen.Int[0, 64], Gen.Bool, (code, signal, core) => new ExitStatus(code, signal, core));

    public static Gen<Violation> Violation { get; } = Gen.Select(
        Gen.Select(Gen.Int, Gen.Long, Gen.DateTimeOffset, Gen.Int),
        Gen.Select(Text, Bytes, Bytes, Gen.Int[0, 4095], Gen.Bool, Gen.Enum<ViolationSubject>(), Text),
        (who, what) => new Violation
        {
            Pid = who.Item1,
            Generation = who.Item2,
            Time = who.Item3,
            Tid = who.Item4,
            Operation = what.Item1,
            Given = [.. what.Item2],
            Resolved = [.. what.Item3],
            Errno = new Errno(what.Item4),
            LetThrough = what.Item5,
            Subject = what.Item6,
            Executable = what.Item7,
        });

    public static Gen<SandboxEvent> Event { get; } = Gen.OneOf(
        Violation.Select(one => (SandboxEvent)one),
        Gen.Select(
            Gen.Int, Gen.Long, Gen.DateTimeOffset, Gen.Int, (pid, generation, time, parent) => (SandboxEvent)new ProcessStarted(pid, generation, time, parent)),
        Gen.Select(
            Gen.Int,
            Gen.Long,
            Gen.DateTimeOffset,
            Text,
            Texts,
            (pid, generation, time, executable, arguments) => (SandboxEvent)new ProcessExecuted(pid, generation, time, executable, arguments)),
        Gen.Select(
            Gen.Int,
            Gen.Long,
            Gen.DateTimeOffset,
            Exit,
            (pid, generation, time, status) => (SandboxEvent)new ProcessExited { Pid = pid, Generation = generation, Time = time, Status = status }));

    public static Gen<ProcessRecord> Process { get; } = Gen.Select(
        Gen.Select(Gen.Int, Gen.Long, Gen.Int, Gen.Long, Text, Texts),
        Gen.Select(Gen.DateTimeOffset, OrNull(Gen.DateTimeOffset), OrNull(Exit), Gen.TimeSpan, Gen.TimeSpan, Gen.Long, Gen.Int),
        (who, what) => new ProcessRecord(
            who.Item1,
            who.Item2,
            who.Item3,
            who.Item4,
            who.Item5,
            who.Item6,
            what.Item1,
            what.Item2,
            what.Item3,
            what.Item4,
            what.Item5,
            what.Item6,
            what.Item7));

    public static Gen<StopCounts> Stops { get; } = Gen.Select(
        Gen.Select(Gen.Long, Gen.Long, Gen.Long, Gen.Long),
        Gen.Select(Gen.Long, Gen.Long, Gen.Long),
        Gen.Select(Gen.String.AlphaNumeric, Gen.Long).Array[0, 3],
        (some, more, calls) => new StopCounts
        {
            Seccomp = some.Item1,
            Fork = some.Item2,
            Exec = some.Item3,
            ChildStart = some.Item4,
            Signal = more.Item1,
            Group = more.Item2,
            Other = more.Item3,
            BySyscall = calls.DistinctBy(call => call.Item1).ToImmutableSortedDictionary(call => call.Item1, call => call.Item2, StringComparer.Ordinal),
        });

    public static Gen<SandboxResult> Result { get; } = Gen.Select(
        Gen.Select(Gen.Enum<EndReason>(), Exit, List(Violation), Gen.Long, List(Process), Gen.TimeSpan),
        Gen.Select(Gen.TimeSpan, Gen.TimeSpan, Gen.Long, List(Rule()), Stops, OrNone(Text), OrNone(Text)),
        (some, more) => new SandboxResult
        {
            Reason = some.Item1,
            Exit = some.Item2,
            Violations = some.Item3,
            ViolationCount = some.Item4,
            Processes = some.Item5,
            WallTime = some.Item6,
            UserTime = more.Item1,
            SystemTime = more.Item2,
            PeakMemory = more.Item3,
            Rules = more.Item4,
            Stops = more.Item5,
            Fault = more.Item6,
            Leftover = more.Item7,
        });

    private static Gen<RuleEnforcement> Rule() =>
        Gen.Select(Text, Gen.Enum<EnforcementLevel>(), Text, (rule, level, reason) => new RuleEnforcement(rule, level, reason));

    private static Gen<IPNetwork> Network() => Gen.OneOf(Network(4), Network(16));

    private static Gen<IPNetwork> Network(int length) => Gen.Select(Gen.Byte.Array[length], Gen.Int[0, length * 8], (bytes, prefix) =>
    {
        for (var bit = prefix; bit < length * 8; bit++)
        {
            bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        }

        return new IPNetwork(new IPAddress(bytes), prefix);
    });

    private static Gen<ImmutableArray<T>> List<T>(Gen<T> item) => item.Array[0, 3].Select(items => items.ToImmutableArray());

    private static Gen<T?> OrNull<T>(Gen<T> gen)
        where T : struct => Gen.OneOf(Gen.Const((T?)null), gen.Select(value => (T?)value));

    private static Gen<T?> OrNone<T>(Gen<T> gen)
        where T : class => Gen.OneOf(Gen.Const((T?)null), gen.Select(value => (T?)value));
}
