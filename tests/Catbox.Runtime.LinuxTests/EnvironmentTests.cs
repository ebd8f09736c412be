using System.Runtime.InteropServices;
using System.Text;

namespace Catbox.Runtime.LinuxTests;

/// <summary>An environment is bytes: what a guest finds is compared with what the same program finds without a sandbox.</summary>
[Collection(EngineCollection.Name)]
[Trait("Category", "Ptrace")]
public sealed class EnvironmentTests(EngineFixture engine)
{
    [SkippableFact]
    public void A_guest_inherits_the_bytes_of_its_host_whatever_they_are()
    {
        var odd = Guests.Build("odd_environment");
        var dump = Guests.Build("dump_environment");
        var outside = Entries(Unconfined.Run(odd, [dump]).Succeeded().OutputBytes);
        var inside = Entries(Unconfined.Run(odd, ["dotnet", CatboxProgram.Path, "run", "--no-private-tmp", "--", dump]).Succeeded().OutputBytes);
        Assert.Contains("CATBOX_LATIN1=\u00e4\u00ff", outside);
        Assert.Equal(outside, inside);
    }

    [SkippableFact]
    public async Task A_variable_that_the_C_library_was_told_is_inherited()
    {
        Assert.Equal(0, setenv([.. "CATBOX_TEST_NATIVE\0"u8], [0xff, (byte)'x', 0], 1));
        Assert.Contains("CATBOX_TEST_NATIVE=\u00ffx", await InheritedAsync());
        Assert.Equal(0, unsetenv([.. "CATBOX_TEST_NATIVE\0"u8]));
        Assert.DoesNotContain(await InheritedAsync(), static e => e.StartsWith("CATBOX_TEST_NATIVE", StringComparison.Ordinal));
    }

    [SkippableFact]
    public async Task A_variable_that_dotnet_was_told_is_inherited()
    {
        Environment.SetEnvironmentVariable("CATBOX_TEST_MANAGED", "ä=1");
        Assert.Contains("CATBOX_TEST_MANAGED=\u00c3\u00a4=1", await InheritedAsync());
        Environment.SetEnvironmentVariable("CATBOX_TEST_MANAGED", "two");
        Assert.Contains("CATBOX_TEST_MANAGED=two", await InheritedAsync());
        Environment.SetEnvironmentVariable("CATBOX_TEST_MANAGED", null);
        Assert.DoesNotContain(await InheritedAsync(), static e => e.StartsWith("CATBOX_TEST_MANAGED", StringComparison.Ordinal));
    }

    [SkippableFact]
    public async Task Names_and_values_of_a_spec_are_bytes()
    {
        using var scratch = new Scratch();
        var spec = EngineFixture.Guest("dump_environment", scratch) with { InheritEnvironment = false, PrivateTemporaryDirectory = false };
        spec = spec with { Environment = spec.Environment.Add(new GuestString([0xfe]), new GuestString([0xff, (byte)'=', 1])).Add("EMPTY", "") };
        var run = (await engine.RunAsync(spec)).Succeeded();
        Assert.Equal(["EMPTY=", "\u00fe=\u00ff=\u0001"], Entries(run.OutputBytes.AsSpan()));
    }

    [SkippableFact]
    public void Options_of_the_command_line_set_and_take_bytes()
    {
        // By a shell, since arguments are text where .NET starts a program.
        var script = $"""
            X=$(printf '\376'); export CATBOX_TEST_LATIN1=$X
            exec dotnet {CatboxProgram.Path} run --no-private-tmp --env CATBOX_TEST_LATIN1 --env "CATBOX_TEST_A=$X=b" "--env=CATBOX_TEST_$X=" -- {Guests.Build("dump_environment")}
            """;
        var entries = Entries(Unconfined.Run("/bin/sh", ["-c", script]).Succeeded().OutputBytes).Where(static e => e.StartsWith("CATBOX_TEST_", StringComparison.Ordinal));
        Assert.Equal(["CATBOX_TEST_A=\u00fe=b", "CATBOX_TEST_\u00fe="], entries.Where(static e => e.Contains('\u00fe', StringComparison.Ordinal)));
        Assert.DoesNotContain(entries, static e => e.StartsWith("CATBOX_TEST_LATIN1", StringComparison.Ordinal));
    }

    private async Task<string[]> InheritedAsync()
    {
        using var scratch = new Scratch();
        return Entries((await engine.RunGuestAsync("dump_environment", scratch)).Succeeded().OutputBytes.AsSpan());
    }

    /// <summary>The entries, each byte as one character.</summary>
    private static string[] Entries(ReadOnlySpan<byte> dump) => Encoding.Latin1.GetString(dump).Split('\0')[..^1];

    [DllImport("libc", SetLastError = true)]
    private static extern int setenv(byte[] name, byte[] value, int overwrite);

    [DllImport("libc", SetLastError = true)]
    private static extern int unsetenv(byte[] name);
}
