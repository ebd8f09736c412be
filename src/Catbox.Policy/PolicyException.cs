namespace Catbox.Policy;

/// <summary>A policy is not valid. The message says where (file and line, when it comes from a file) and what to do.</summary>
public sealed class PolicyException : Exception
{
    /// <summary>Makes one.</summary>
    public PolicyException(string message, string? file = null, int line = 0)
        : base(file is null ? message : line > 0 ? $"{file}:{line}: {message}" : $"{file}: {message}")
    {
        File = file;
        Line = line;
    }

    /// <summary>The policy file.</summary>
    public string? File { get; }
    /// <summary>The line, from 1; 0 when not known.</summary>
    public int Line { get; }
}
