using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Catbox.Policy.Filtering;
using Catbox.Policy.Rules;
using Catbox.Policy.Syscalls;
using Catbox.Policy.Syscalls.Tables;
using Xunit;

namespace Catbox.Policy.Tests.Filtering;

/// <summary>
/// The programs of policies, byte for byte. A change of the compiler that is meant to change nothing has to leave them; a change of the table or of register tests changes them, and what it
/// came to is then what is written here.
/// </summary>
public sealed class PolicyProgramTests
{
    /// <summary>The policy, how many instructions its program has, and the beginning of its SHA-256.</summary>
    private const string Expected =
        """
        plain, root: 462 00e3ac778301383c
        plain, user: 448 7f76f36c44c1d986
        plain, user without a floor: 456 ca52166d103c83da
        plain, plain root: 448 832421f8f48579e5
        online, root: 421 066829bd4f88b475
        online, user: 407 051a45e5891f0e8e
        online, user without a floor: 415 b153d9b70f7779c1
        online, plain root: 407 18130ed7972e874b
        reads, root: 456 043f0575ce721e3e
        reads, user: 442 a46fcac329395cdb
        reads, user without a floor: 450 5520b79d796a2e23
        reads, plain root: 442 015acd62b8a9979a
        reads online, root: 415 4581b024e85fe28d
        reads online, user: 401 b07c2702e459fe59
        reads online, user without a floor: 409 5edc155ca8810c89
        reads online, plain root: 401 9427c6ec5908fb9b
        all: b4df56b069108eb6
        """;

    [Fact]
    public void Each_policys_program_is_the_one_that_was_reviewed()
    {
        var text = new StringBuilder();
        foreach (var (name, policy, context) in Policies())
        {
            var program = Compile(policy, context);
            text.Append(CultureInfo.InvariantCulture, $"{name}: {program.Length / FilterProgram.InstructionSize} {Hash(program)}\n");
        }

        // And of every set of needs that a policy can have, one after the other.
        using var all = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var needs in FilterInputs.Needs.Where(static n => !n.HasFlag(FilterNeeds.Identity)))
        {
            all.AppendData(FilterCompiler.Compile(LinuxX64.Table, StopSet.Of(needs)).ToBytes());
        }

        text.Append(CultureInfo.InvariantCulture, $"all: {Convert.ToHexStringLower(all.GetHashAndReset())[..16]}\n");
        Assert.Equal(Expected, text.ToString().TrimEnd());
    }

    [Fact]
    public void Policies_with_the_same_needs_have_one_program()
    {
        var sets = Policies().Select(static p => Stops(p.Policy, p.Context)).ToArray();

        Assert.Equal(sets.Distinct().Count(), Policies().Select(static p => Hash(Compile(p.Policy, p.Context))).Distinct().Count());
        Assert.Equal(Stops(new SandboxPolicy { Writable = ["/a"] }, new PolicyContext()), Stops(new SandboxPolicy { Writable = ["/b"] }, new PolicyContext()));
    }

    private static IEnumerable<(string Name, SandboxPolicy Policy, PolicyContext Context)> Policies()
    {
        var plain = new SandboxPolicy { Writable = ["/w"] };
        (string, SandboxPolicy)[] policies =
        [
            ("plain", plain), ("online", plain with { Network = NetworkMode.On }), ("reads", plain with { DenyRead = ["/secret"] }),
            ("reads online", plain with { Readable = ["/r"], Network = NetworkMode.On }),
        ];
        (string, PolicyContext)[] contexts =
        [
            ("root", new PolicyContext { TracerIsRoot = true, TracerHasPrivileges = true, PlacesGuests = true }),
            ("user", new PolicyContext { TracerIsRoot = false, PlacesGuests = true }),
            ("user without a floor", new PolicyContext { TracerIsRoot = false, PlacesGuests = true, DumpsNoCore = true }),
            ("plain root", new PolicyContext()),
        ];
        return from policy in policies from context in contexts select ($"{policy.Item1}, {context.Item1}", policy.Item2, context.Item2);
    }

    private static StopSet Stops(SandboxPolicy policy, PolicyContext context) => StopSet.Of(CompiledPolicy.Compile(policy, context).Needs);

    private static byte[] Compile(SandboxPolicy policy, PolicyContext context) => FilterCompiler.Compile(LinuxX64.Table, Stops(policy, context)).ToBytes();

    private static string Hash(byte[] program) => Convert.ToHexStringLower(SHA256.HashData(program))[..16];
}
