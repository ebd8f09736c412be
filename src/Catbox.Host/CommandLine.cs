using System.CommandLine;
using Catbox.Host.Commands;
using Catbox.Host.Parsing;
using Catbox.Host.Rendering;
using Catbox.Policy;
using Catbox.Runtime;
using Catbox.Runtime.Diagnostics;

namespace Catbox.Host;

/// <summary>The command line as a whole: parses, runs, and turns failures into one line and an exit code.</summary>
internal static class CommandLine
{
    /// <summary>Runs a command line.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> InvokeAsync(IReadOnlyList<string> args, CliContext context)
    {
        var root = CreateRoot(context);
        try
        {
            var result = Parse(root, args, context);
            if (result.Errors is [var error, ..])
            {
                throw new UsageException(error.Message);
            }

            // The defaults would catch exceptions with a stack trace and install signal handlers of their own.
            var invocation = new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
                Output = TextWriter.Null,
                Error = TextWriter.Null,
            };
            return await result.InvokeAsync(invocation).ConfigureAwait(false);
        }
        catch (UsageException e)
        {
            context.Terminal.Complain(e.Message);
            var command = args.Count > 0 ? root.Subcommands.OfType<CatboxCommand>().FirstOrDefault(c => c.Name == args[0]) : null;
            context.Terminal.WriteErrorLine(command is null
                ? "usage: catbox COMMAND ...; `catbox --help` tells more"
                : $"usage: catbox {command.Usage}; `catbox {command.Name} --help` tells more");
            return ExitCodes.Failure;
        }
        catch (PolicyException e)
        {
            context.Terminal.Complain(e.Message);
            return ExitCodes.Failure;
        }
        catch (SandboxLaunchException e)
        {
            var isOfLimits = e.Errno == Errno.EMFILE || e.Errno == Errno.EFBIG || e.Errno == Errno.EAGAIN || e.Errno == Errno.ENOMEM;
            context.Terminal.Complain(isOfLimits ? WithLimits(e.Message) : e.Message);
            return e.ExitCode;
        }
        catch (Exception e) when (e is SandboxException or IOException or UnauthorizedAccessException or PlatformNotSupportedException)
        {
            context.Terminal.Complain(WithLimits(e.Message));
            return ExitCodes.Failure;
        }
#pragma warning disable CA1031 // The last resort: whatever it is, the caller gets 125 and not the code of a crash, which looks like the guest's own.
        catch (Exception e)
#pragma warning restore CA1031
        {
            context.Terminal.Complain(HostLimits.Tight() is null ? $"internal error: {e}" : WithLimits(e.Message));
            return ExitCodes.Failure;
        }
    }

    /// <summary>What the kernel refused, it may have refused for a limit that the caller set: no error says so by itself.</summary>
    private static string WithLimits(string message) => HostLimits.Tight() is { } limits ? $"{message.ReplaceLineEndings(" ").Trim()} ({limits})" : message;

    /// <summary>Parses a command line; leaves in the context what lies beyond our options.</summary>
    public static ParseResult Parse(RootCommand root, IReadOnlyList<string> args, CliContext context)
    {
        context.Arguments = ArgumentScanner.Scan(root, args);
        return root.Parse(context.Arguments.Tokens, new ParserConfiguration { ResponseFileTokenReplacer = null, EnablePosixBundling = false });
    }

    /// <summary>All commands.</summary>
    public static RootCommand CreateRoot(CliContext context)
    {
        var root = new RootCommand("Confines a command: it writes only where it may, and what it tried elsewhere is told.")
        {
            new RunCommand(context),
            new CanonicalCommand(context),
            new SyscallsCommand(context),
            new DoctorCommand(context),
            new VersionCommand(context),
        };
        root.Options.Clear();
        root.Directives.Clear();
        root.Add(new Option<bool>("--help", "-h", "-?") { Description = "Show this text." });
        var version = new Option<bool>("--version") { Description = "Tell the version." };
        root.Add(version);
        root.SetAction(result =>
        {
            context.Terminal.Write(result.GetValue(version) ? VersionCommand.Text : HelpText.OfRoot(root));
            return ExitCodes.Success;
        });
        return root;
    }
}
