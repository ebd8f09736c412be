namespace Catbox.Host;

/// <summary>The exit codes that are catbox's own; all others are the guest's. The same numbers as env(1), timeout(1) and the shells use.</summary>
internal static class ExitCodes
{
    public const int Success = 0;
    public const int Violations = 1;
    public const int TimedOut = 124;
    public const int Failure = 125;
    public const int NotExecutable = 126;
    public const int NotFound = 127;
    public const int SignalBase = 128;
}
