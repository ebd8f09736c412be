namespace Catbox.Host;

/// <summary>The command line cannot be carried out as it stands; the message is one line for the person who wrote it.</summary>
internal sealed class UsageException(string message) : Exception(message);
