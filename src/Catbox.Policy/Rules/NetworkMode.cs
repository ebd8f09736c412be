namespace Catbox.Policy.Rules;

/// <summary>How the internet is treated where no rule says more.</summary>
public enum NetworkMode : byte
{
    /// <summary>Only unix sockets of the session's own (paths it may write), socketpairs and pipes.</summary>
    Off = 0,
    /// <summary>No restriction on inet, inet6 and unix; other families stay refused.</summary>
    On = 1,
    /// <summary>Off, but for what the rules allow.</summary>
    Rules = 2,
}
