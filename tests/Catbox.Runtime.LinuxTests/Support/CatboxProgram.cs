using System.Reflection;

namespace Catbox.Runtime.LinuxTests.Support;

/// <summary>The catbox program as this build made it, for what only a host of its own can show.</summary>
internal static class CatboxProgram
{
    /// <summary>Its assembly, to be run by <c>dotnet</c>.</summary>
    public static string Path { get; } = typeof(CatboxProgram).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(static a => a.Key == nameof(CatboxProgram)).Value!;
}
