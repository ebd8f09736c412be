using System.Reflection;

namespace Catbox.Host.Commands;

/// <summary><c>catbox version</c>.</summary>
internal sealed class VersionCommand : CatboxCommand
{
    public VersionCommand(CliContext context)
        : base("version", "Tell the version.", "version", OperandKind.None, context) =>
        SetAction(_ =>
        {
            Context.Terminal.Write(Text);
            return ExitCodes.Success;
        });

    /// <summary>The line that is told: <c>catbox 0.1.0</c>, with the commit where the build knew it.</summary>
    public static string Text =>
        "catbox " + (typeof(VersionCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown") + "\n";
}
