namespace Catbox.Runtime.Calls;

/// <summary>What an advisor is told of a stopped call. It holds nothing of the engine's, and stays true when the guest has gone on.</summary>
internal sealed record CallQuestion
{
    /// <summary>The call's name, as in the table of calls: <c>openat</c>.</summary>
    public required string Operation { get; init; }

    /// <summary>The process.</summary>
    public required int Pid { get; init; }

    /// <summary>Which process of that number it is.</summary>
    public required long Generation { get; init; }

    /// <summary>The thread.</summary>
    public required int Tid { get; init; }

    /// <summary>The path of the program that the process runs.</summary>
    public required string Program { get; init; }

    /// <summary>Where the first path leads, by <see cref="PathText"/>; empty where there is none, or nobody had to find out.</summary>
    public string First { get; init; } = "";

    /// <summary>Where the second path leads.</summary>
    public string Second { get; init; } = "";

    /// <summary>Flags of an open (open(2)); 0 for other calls.</summary>
    public ulong OpenFlags { get; init; }

    /// <summary>What the rules say as things stand: success, or the error that the call gets whatever the advice is.</summary>
    public int RulesErrno { get; init; }
}
