using System.Text.Json.Serialization;

namespace Catbox.Runtime;

/// <summary>Where a standard stream of the guest leads.</summary>
/// <param name="Kind">Which of the cases it is.</param>
/// <param name="Path">The file of <see cref="GuestStreamKind.File"/>.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record GuestStream(GuestStreamKind Kind, string? Path = null)
{
    /// <summary>The host's own stream.</summary>
    public static GuestStream Inherit { get; } = new(GuestStreamKind.Inherit);
    /// <summary>/dev/null.</summary>
    public static GuestStream Null { get; } = new(GuestStreamKind.Null);
    /// <summary>A pipe, whose other end the <see cref="Sandbox"/> gives.</summary>
    public static GuestStream Piped { get; } = new(GuestStreamKind.Piped);
    /// <summary>A file, opened by the host: read for input, created and truncated for output.</summary>
    public static GuestStream File(string path) => new(GuestStreamKind.File, path);
}
