namespace Catbox.Runtime.Tracing;

/// <summary>What is known of the credentials of a session's guests.</summary>
internal enum GuestCredentials : byte
{
    /// <summary>Nobody has looked, and nobody has changed any.</summary>
    Unknown = 0,
    /// <summary>They are the tracer's, and no guest has made a call that changes them.</summary>
    TheTracers,
    /// <summary>A guest made such a call, or they differ from the start: each is asked, each time.</summary>
    Various,
}
