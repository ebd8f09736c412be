namespace Catbox.Runtime;

/// <summary>The base of what the engine throws.</summary>
public class SandboxException : Exception
{
    internal SandboxException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
