namespace Catbox.Policy.Judging;

/// <summary>What a request to a terminal does, as far as others are concerned.</summary>
internal enum TerminalRequestKind : byte
{
    /// <summary>Not one of a terminal.</summary>
    None = 0,
    /// <summary>Reads, or changes nothing but the caller's own descriptor or pseudo-terminal master.</summary>
    Passes,
    /// <summary>Changes how the terminal is for everybody at it; nothing in the caller's memory matters.</summary>
    Changes,
    /// <summary>Sets modes, and with them the characters that send signals to the group in front.</summary>
    Modes,
    /// <summary>Puts a group in front, which then gets the keyboard's signals.</summary>
    Front,
    /// <summary>Makes it the controlling terminal of the caller's session.</summary>
    Controls,
    /// <summary>The receiver of SIGIO, or whether it is sent.</summary>
    Owner,
    /// <summary>Acts on a device's hardware or keeps others from opening it: never on a terminal that people work at.</summary>
    Device,
    /// <summary>Puts input into a queue, takes over the console, hangs up: never.</summary>
    Never,
}
