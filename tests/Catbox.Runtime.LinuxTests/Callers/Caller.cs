namespace Catbox.Runtime.LinuxTests.Callers;

/// <summary>Runs the catbox program out of a shell that has made odd conditions for it, as the user of the tests or as an ordinary one.</summary>
internal sealed class Caller : IDisposable
{
    private const string Nobody = "65534";

    /// <param name="ordinary">As a user that may do little; skips where nothing can be had by that, since the tests are run by one.</param>
    public Caller(bool ordinary = false)
    {
        Skip.If(ordinary && !Environment.IsPrivilegedProcess, "the tests are run by an ordinary user as it is");
        IsOrdinary = ordinary;
        if (ordinary)
        {
            Tools.Need("setpriv", "util-linux");
            Unconfined.Run("chown", ["-R", $"{Nobody}:{Nobody}", Scratch.Root]).Succeeded();
        }
    }

    public bool IsOrdinary { get; }

    public Scratch Scratch { get; } = new();

    /// <summary>Runs a script in the directory that may be written. <c>$user</c> stands before a command that is to be run by the ordinary user, <c>$catbox</c> is <c>$user catbox</c>.</summary>
    public UnconfinedRun Run(string script, params (string Name, string? Value)[] environment)
    {
        var user = IsOrdinary ? $"setpriv --reuid {Nobody} --regid {Nobody} --clear-groups" : "";
        var head = $"user='{user}'; catbox='{user} dotnet {CatboxProgram.Path}'; in='{Scratch.Inside}'; out='{Scratch.Outside}'\n";
        // CoreCLR maps its code twice, by a file that a limit of file sizes would meet before any code of ours; the native program does not.
        // And it puts pipes for debuggers into TMPDIR, which stay where it is killed.
        environment = [.. environment, ("DOTNET_EnableWriteXorExecute", "0"), ("DOTNET_EnableDiagnostics", "0")];
        return Unconfined.Run("/bin/bash", ["-c", head + script], Scratch.Inside, environment.ToDictionary(static e => e.Name, static e => e.Value));
    }

    public void Dispose() => Scratch.Dispose();
}
