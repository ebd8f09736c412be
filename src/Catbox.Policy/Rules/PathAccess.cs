namespace Catbox.Policy.Rules;

/// <summary>What a call wants of a path.</summary>
internal enum PathAccess : byte
{
    /// <summary>To look at it or read it.</summary>
    Read = 0,
    /// <summary>To change its content: to open it for writing, to truncate it, to connect to it.</summary>
    Write = 1,
    /// <summary>To execute it.</summary>
    Execute = 2,
    /// <summary>
    /// To change the thing itself: its mode, owner, times and attributes, the entry under its name, and what a device does for everybody. What is writable
    /// without asking may be opened, and not changed.
    /// </summary>
    Change = 3,
}
