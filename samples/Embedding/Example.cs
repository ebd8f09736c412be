#region README
using Catbox.Policy.Rules;
using Catbox.Runtime;

namespace Embedding;

internal static class Example
{
    public static async Task<int> RunAsync(string[] command, string directory, CancellationToken cancellationToken)
    {
        await using var runner = SandboxRunner.CreateStandalone();
        var spec = new SandboxSpec
        {
            Command = [.. command.Select(static word => (GuestString)word)],
            WorkingDirectory = directory,
            Policy = new SandboxPolicy { Writable = [directory], Network = NetworkMode.Off },
            Timeout = TimeSpan.FromMinutes(20),
        };
        var hooks = new SandboxHooks
        {
            Violation = static violation => Console.Error.WriteLine($"{violation.Operation} {violation.ResolvedText}"),
        };

        await using var sandbox = await runner.StartAsync(spec, hooks, cancellationToken);
        var result = await sandbox.Completion;   // exit, violations, process tree, times, peak memory, stops, and what ended it
        return result.Exit.ShellCode;
    }
}
#endregion
