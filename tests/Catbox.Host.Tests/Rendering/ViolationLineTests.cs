using Catbox.Host.Rendering;
using Catbox.Policy.Judging;
using Catbox.Policy.Rules;

namespace Catbox.Host.Tests.Rendering;

public sealed class ViolationLineTests
{
    private static readonly SandboxPolicy Default = new();

    [Fact]
    public void A_refusal_has_the_documented_form() => Assert.Equal(
        "catbox: openat /var/cache/x: refused (EACCES), pid 4711 sh; allow with -p /var/cache",
        ViolationLine.Of(Some.Violation("/var/cache/x"), Default, colour: false));

    [Fact]
    public void What_was_let_through_says_so() => Assert.Equal(
        "catbox: openat /var/cache/x: let through, pid 4711 sh; allow with -p /var/cache",
        ViolationLine.Of(Some.Violation("/var/cache/x", letThrough: true), Default, colour: false));

    [Fact]
    public void A_call_without_a_path_shows_what_was_given() => Assert.Equal(
        "catbox: ptrace given: refused (EACCES), pid 4711 sh", ViolationLine.Of(Some.Violation("", ViolationSubject.Call, "ptrace"), Default, colour: false));

    [Fact]
    public void A_guest_cannot_write_to_the_terminal_through_a_name()
    {
        var line = ViolationLine.Of(Some.Violation("/tmp/\e[2Jx\n\u202e"), Default, colour: false);
        Assert.DoesNotContain(line, static c => char.IsControl(c) || c == '\u202e');
    }

    [Fact]
    public void Colours_change_nothing_but_colours()
    {
        var violation = Some.Violation("/var/cache/x");
        var coloured = ViolationLine.Of(violation, Default, colour: true);
        Assert.Contains("\e[", coloured, StringComparison.Ordinal);
        Assert.Equal(ViolationLine.Of(violation, Default, colour: false), System.Text.RegularExpressions.Regex.Replace(coloured, "\e\\[[0-9]*m", ""));
    }
}
