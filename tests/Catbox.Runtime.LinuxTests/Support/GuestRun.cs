using System.Collections.Immutable;
using System.Text;

namespace Catbox.Runtime.LinuxTests.Support;

/// <summary>What a confined run came to, with what it said.</summary>
public sealed record GuestRun(SandboxResult Result, ImmutableArray<byte> OutputBytes, ImmutableArray<byte> ErrorBytes)
{
    public string Output => Encoding.UTF8.GetString(OutputBytes.AsSpan());

    public string Error => Encoding.UTF8.GetString(ErrorBytes.AsSpan());

    public string[] OutputLines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The first process exited with a code.</summary>
    public GuestRun ExitedWith(int code)
    {
        if (Result.Reason != EndReason.Exited || Result.Exit.Signal != 0 || Result.Exit.Code != code)
        {
            Assert.Fail($"expected exit code {code}; it was {this}");
        }

        return this;
    }

    /// <summary>It exited with 0: the guest found everything as it should be.</summary>
    public GuestRun Succeeded() => ExitedWith(0);

    public GuestRun HasNoViolations() => HasViolations(0);

    public GuestRun HasViolations(int count)
    {
        if (Result.Violations.Length != count || Result.ViolationCount != count)
        {
            Assert.Fail($"expected {count} violations; it was {this}");
        }

        return this;
    }

    /// <summary>So many violations, all of one call on one path.</summary>
    public GuestRun HasViolations(int count, string operation, string resolved)
    {
        HasViolations(count);
        if (Result.Violations.FirstOrDefault(v => v.Operation != operation || v.ResolvedText != resolved) is { } other)
        {
            Assert.Fail($"expected nothing but {operation} {resolved}; there was {Describe(other)}");
        }

        return this;
    }

    public override string ToString()
    {
        var text = new StringBuilder();
        text.AppendLine($"{Result.Reason}, code {Result.Exit.Code}, signal {Result.Exit.Signal}, fault {Result.Fault ?? "none"}");
        text.AppendLine($"{Result.ViolationCount} violations, {Result.Violations.Length} kept");
        foreach (var violation in Result.Violations.Take(20))
        {
            text.AppendLine("  " + Describe(violation));
        }

        text.AppendLine($"stdout: {Output}").AppendLine($"stderr: {Error}");
        return text.ToString();
    }

    private static string Describe(Violation v) => $"{v.Operation} {v.GivenText} -> {v.ResolvedText} {v.Errno} pid {v.Pid} ({v.Executable})";
}
