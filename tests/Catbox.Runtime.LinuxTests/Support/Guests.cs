using Catbox.Testing;

namespace Catbox.Runtime.LinuxTests.Support;

/// <summary>The C guests: tests/guests/NAME.c.</summary>
internal static class Guests
{
    /// <summary>The program of a guest; skips the test where there is no C compiler.</summary>
    public static string Build(string name)
    {
        Skip.IfNot(CCompiler.TryFind(out _), CCompiler.Missing);
        return GuestCompiler.Build(Path.Combine(AppContext.BaseDirectory, "guests", name + ".c"));
    }
}
