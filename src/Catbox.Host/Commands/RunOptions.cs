using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using System.Net;
using Catbox.Host.Parsing;
using Catbox.Host.Running;
using Catbox.Policy.Landlock;
using Catbox.Policy.Rules;
using Catbox.Runtime;
using Catbox.Runtime.Diagnostics;

namespace Catbox.Host.Commands;

/// <summary>The options of <c>catbox run</c>, and how they become a request.</summary>
internal sealed class RunOptions
{
    private const string AnyPath = "PATH";
    private const string AnyDestination = "HOST:PORT";

    private readonly Option<string[]> _path;
    private readonly Option<string[]> _denyWrite;
    private readonly Option<string[]> _denyRead;
    private readonly Option<string[]> _read;
    private readonly Option<string[]> _exec;
    private readonly Option<string[]> _denyExec;
    private readonly Option<string[]> _silent;
    private readonly Option<bool> _network;
    private readonly Option<string[]> _connect;
    private readonly Option<string[]> _bind;
    private readonly Option<bool> _collectOnly;
    private readonly Option<string?> _onViolation;
    private readonly Option<string?> _policy;
    private readonly Option<bool> _strict;
    private readonly Option<string?> _landlock;
    private readonly Option<bool> _explain;
    private readonly Option<string?> _timeout;
    private readonly Option<string?> _report;
    private readonly Option<bool> _failOnViolation;
    private readonly Option<bool> _waitAll;
    private readonly Option<string?> _chdir;
    private readonly Option<string[]> _env;
    private readonly Option<bool> _clearEnv;
    private readonly Option<string?> _maxProcesses;
    private readonly Option<bool> _noPrivateTmp;
    private readonly Option<bool> _quiet;
    private readonly Option<bool> _verbose;
    private readonly Option<bool> _stats;

    public RunOptions(Command command)
    {
        _path = Many(command, "--path", AnyPath, "Allow writing to PATH and below.", "-p");
        _denyWrite = Many(command, "--deny-write", AnyPath, "Refuse writing to PATH, also inside an allowed one.");
        _read = Many(command, "--read", AnyPath, "Allow reading only PATH (and others so given, and what may be written).");
        _denyRead = Many(command, "--deny-read", AnyPath, "Refuse reading PATH.");
        _exec = Many(command, "--exec", AnyPath, "Allow executing only PATH (and others so given).");
        _denyExec = Many(command, "--deny-exec", AnyPath, "Refuse executing PATH.");
        _silent = Many(command, "--silent", AnyPath, "Refuse PATH without counting it as a violation.");
        _network = Flag(command, "--network", "Allow the internet.", "-n");
        _connect = Many(command, "--connect", AnyDestination, "Allow connecting and sending to HOST:PORT.");
        _bind = Many(command, "--bind", AnyDestination, "Allow binding and listening on HOST:PORT.");
        _policy = One(command, "--policy", "FILE", "Take the policy from a .toml or .json file; options add to it.");
        _strict = Flag(command, "--strict", "Take back what may be written without asking.");
        _landlock = One(command, "--landlock", "auto|require|off", "Lay the kernel's Landlock under the policy where it is there (default), refuse to run without it, or do without.");
        _explain = Flag(command, "--explain", "Tell what holds each rule here, the kernel, the tracer or neither against a race, and run nothing.");
        _onViolation = One(command, "--on-violation", "deny|log|kill", "Refuse the call (default), let it through and record it, or end the run.");
        _collectOnly = Flag(command, "--collect-only", "The same as --on-violation log.");
        _failOnViolation = Flag(command, "--fail-on-violation", "Exit with 1 where the command gave 0 and there was a violation.");
        _report = One(command, "--report", "FILE", "Write a JSON report; FILE.partial holds the violations so far.");
        _timeout = One(command, "--timeout", "TIME", "End the run after TIME (10s, 5m, 1h30m) with exit status 124.");
        _waitAll = Flag(command, "--wait-all", "Wait for processes that outlive the command; without it they are killed.");
        _chdir = One(command, "--chdir", "DIR", "Start the command in DIR; other paths still start here.");
        _env = Many(command, "--env", "NAME=VALUE", "Set a variable; NAME alone takes it away.");
        _clearEnv = Flag(command, "--clear-env", "Start with an empty environment.");
        _maxProcesses = One(command, "--max-processes", "N", "At most N processes at once; one more is killed.");
        _noPrivateTmp = Flag(command, "--no-private-tmp", "Make no temporary directory for the command.");
        _quiet = Flag(command, "--quiet", "No lines about violations.", "-q");
        _verbose = Flag(command, "--verbose", "Tell on stderr of processes, and of the engine.", "-v");
        _stats = Flag(command, "--stats", "At the end, the kernel stops by kind, time and memory on stderr.");
    }

    /// <summary>Builds the request from a parsed command line.</summary>
    /// <exception cref="UsageException">Something is wrong with a value.</exception>
    /// <exception cref="Catbox.Policy.PolicyException">Something is wrong with the policy file.</exception>
    public RunRequest ToRequest(ParseResult result, CliContext context)
    {
        var arguments = context.Arguments;
        var raw = RawArguments.Of(arguments.Given);
        var values = new OptionBytes(arguments.Values, raw);
        foreach (var index in arguments.OptionIndices.Except(values.Of(AsBytes)))
        {
            if (!RawArguments.IsUtf8(raw[index]))
            {
                throw new UsageException($"{PathText.Escape(raw[index].Bytes)}: this option's value is UTF-8");
            }
        }

        var explain = result.GetValue(_explain);
        if (arguments.Rest.Count == 0 && !explain)
        {
            throw new UsageException("no command is given, as in `catbox run -p . -- make`");
        }

        var report = values.Last(_report) is { } path ? new GuestString(context.PathOf(path.Bytes)) : (GuestString?)null;
        return new RunRequest(
            new SandboxSpec
            {
                Command = [.. arguments.Rest.Select(i => raw[i])],
                Policy = ToPolicy(result, values, context, report),
                Landlock = ToLandlock(result.GetValue(_landlock)),
                WorkingDirectory = values.Last(_chdir) is { } directory ? new GuestString(context.PathOf(directory.Bytes)) : (GuestString?)null,
                InheritEnvironment = !result.GetValue(_clearEnv),
                Environment = ToEnvironment(values.All(_env)),
                Timeout = ToTimeout(result.GetValue(_timeout)),
                Daemons = result.GetValue(_waitAll) ? DaemonPolicy.Wait : DaemonPolicy.Kill,
                ShareTerminal = context.Terminal.IsControlling,
                PrivateTemporaryDirectory = !result.GetValue(_noPrivateTmp),
                MaxProcesses = ToCount(result.GetValue(_maxProcesses)) ?? new SandboxSpec { Command = [] }.MaxProcesses,
            },
            report,
            result.GetValue(_quiet),
            result.GetValue(_verbose),
            result.GetValue(_stats),
            result.GetValue(_failOnViolation),
            explain);
    }

    /// <summary>The options whose values are paths, or have bytes of their own.</summary>
    private Option[] AsBytes => [_path, _denyWrite, _read, _denyRead, _exec, _denyExec, _silent, _connect, _bind, _policy, _report, _chdir, _env];

    private SandboxPolicy ToPolicy(ParseResult result, OptionBytes values, CliContext context, GuestString? report)
    {
        var patterns = new PatternText(context.Home, p => context.PathOf(p), static p => Composition.Canonical(p));
        var policy = values.Last(_policy) is { } file
            ? Composition.ReadPolicy(context.PathOf(file.Bytes), RawArguments.IsUtf8(file) ? file.ToString() : PathText.Escape(file.Bytes))
            : new SandboxPolicy();

        ImmutableArray<string> Given(Option<string[]> option) => [.. values.All(option).Select(v => patterns.FromCommandLine(option.Name, v.Bytes))];

        ImmutableArray<string> Canonical(ImmutableArray<string> fromFile) => [.. fromFile.Select(patterns.Canonical)];

        IEnumerable<NetworkRule> Rules(Option<string[]> option, NetworkDirection direction) =>
            values.All(option).SelectMany(v => NetworkRuleText.Parse(option.Name, PatternText.Text(v.Bytes), direction, Dns.GetHostAddresses));

        var merged = (policy with
        {
            Writable = Canonical(policy.Writable),
            DenyWrite = Canonical(policy.DenyWrite),
            Readable = Canonical(policy.Readable),
            DenyRead = Canonical(policy.DenyRead),
            Executable = Canonical(policy.Executable),
            DenyExecute = Canonical(policy.DenyExecute),
            Silent = Canonical(policy.Silent),
        }).Merge(new SandboxPolicy
        {
            Writable = Given(_path),
            DenyWrite = [.. Given(_denyWrite), .. ReportFiles(report)],
            Readable = Given(_read),
            DenyRead = Given(_denyRead),
            Executable = Given(_exec),
            DenyExecute = Given(_denyExec),
            Silent = Given(_silent),
            Network = result.GetValue(_network) ? NetworkMode.On : NetworkMode.Off,
            NetworkRules = [.. Rules(_connect, NetworkDirection.Connect), .. Rules(_bind, NetworkDirection.Bind)],
            Strict = result.GetValue(_strict),
        });

        // An option says what is meant now, also when it is the default that a file has changed.
        return ToOnViolation(result) is { } chosen ? merged with { OnViolation = chosen } : merged;
    }

    /// <summary>The report is ours: a guest that may write its directory could forge it.</summary>
    private static IEnumerable<string> ReportFiles(GuestString? report)
    {
        if (report is not { } path || !HostFiles.IsReplaceable(path.Bytes))
        {
            return [];
        }

        var canonical = Composition.Canonical(path.Bytes);
        return [PatternText.Escaped(canonical), PatternText.Escaped([.. canonical, .. Reports.ReportFile.Partial])];
    }

    private OnViolation? ToOnViolation(ParseResult result)
    {
        var collectOnly = result.GetValue(_collectOnly);
        OnViolation? named = result.GetValue(_onViolation) switch
        {
            null => null,
            "deny" => OnViolation.Deny,
            "log" => OnViolation.Log,
            "kill" => OnViolation.Kill,
            var other => throw new UsageException($"--on-violation {other}: expected deny, log or kill"),
        };
        return !collectOnly ? named
            : named is null or OnViolation.Log ? OnViolation.Log
            : throw new UsageException("--collect-only is --on-violation log; it cannot stand beside another one");
    }

    private static LandlockMode ToLandlock(string? text) => text switch
    {
        null or "auto" => LandlockMode.Auto,
        "require" => LandlockMode.Require,
        "off" => LandlockMode.Off,
        _ => throw new UsageException($"--landlock {text}: expected auto, require or off"),
    };

    private static ImmutableDictionary<GuestString, GuestString?> ToEnvironment(IEnumerable<GuestString> settings)
    {
        var environment = ImmutableDictionary<GuestString, GuestString?>.Empty;
        foreach (var setting in settings)
        {
            var (name, value) = EnvironmentText.Parse(setting.Bytes);
            environment = environment.SetItem(name, value);
        }

        return environment;
    }

    private static TimeSpan? ToTimeout(string? text)
    {
        try
        {
            return text is null ? null : DurationText.Parse(text);
        }
        catch (UsageException e)
        {
            throw new UsageException($"--timeout: {e.Message}");
        }
    }

    private static int? ToCount(string? text) => text is null ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0 ? count
        : throw new UsageException($"--max-processes {text}: expected a number from 1 on");

    private static Option<string[]> Many(Command command, string name, string value, string description, params string[] aliases) =>
        Added(command, new Option<string[]>(name, aliases) { HelpName = value, Description = description, Arity = ArgumentArity.OneOrMore });

    private static Option<string?> One(Command command, string name, string value, string description) =>
        Added(command, new Option<string?>(name) { HelpName = value, Description = description, Arity = ArgumentArity.ExactlyOne });

    private static Option<bool> Flag(Command command, string name, string description, params string[] aliases) =>
        Added(command, new Option<bool>(name, aliases) { Description = description, Arity = ArgumentArity.Zero });

    private static T Added<T>(Command command, T option)
        where T : Option
    {
        command.Add(option);
        return option;
    }
}
