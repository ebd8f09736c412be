using System.Globalization;
using Catbox.Policy.Rules;
using Catbox.Runtime;

namespace Catbox.Host.Rendering;

/// <summary>
/// A violation as the line that <c>catbox run --help</c> documents:
/// <c>catbox: openat /var/cache/x: refused (EACCES), pid 4711 sh; allow with -p /var/cache</c>. Programs read it: it does not change.
/// </summary>
internal static class ViolationLine
{
    private const string Bold = "\e[1m";
    private const string Red = "\e[31m";
    private const string Yellow = "\e[33m";
    private const string Dim = "\e[2m";
    private const string Plain = "\e[0m";

    /// <summary>Formats it, without a line end.</summary>
    public static string Of(Violation violation, SandboxPolicy policy, bool colour) => Of(violation, ViolationHint.Of(violation, policy), colour);

    /// <summary>The same, with advice that is known already.</summary>
    public static string Of(Violation violation, string? advice, bool colour)
    {
        var path = PathOf(violation);
        var outcome = violation.LetThrough ? "let through" : $"refused ({violation.Errno})";
        var program = PathText.Escape(System.Text.Encoding.UTF8.GetBytes(ProgramName(violation.Executable)));
        var hint = advice is null ? "" : "; " + advice;
        var subject = path.Length == 0 ? violation.Operation : $"{violation.Operation} {path}";
        return colour
            ? string.Create(CultureInfo.InvariantCulture, $"{Dim}catbox:{Plain} {Bold}{subject}{Plain}: {(violation.LetThrough ? Yellow : Red)}{outcome}{Plain}, {Dim}pid {violation.Pid} {program}{Plain}{hint}")
            : string.Create(CultureInfo.InvariantCulture, $"catbox: {subject}: {outcome}, pid {violation.Pid} {program}{hint}");
    }

    /// <summary>The path or destination that a violation is about, printable; the path as given where nothing was resolved.</summary>
    public static string PathOf(Violation violation) => violation.Resolved.IsDefaultOrEmpty
        ? violation.Given.IsDefaultOrEmpty ? "" : violation.GivenText
        : violation.ResolvedText;

    private static string ProgramName(string executable) => executable[(executable.LastIndexOf('/') + 1)..];
}
