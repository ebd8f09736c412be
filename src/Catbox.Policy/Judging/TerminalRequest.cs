namespace Catbox.Policy.Judging;

/// <summary>A line of <see cref="TerminalRequests"/>.</summary>
/// <param name="Name">The C name.</param>
/// <param name="Number">The request.</param>
/// <param name="Kind">What it does.</param>
/// <param name="Size">How many bytes the kernel reads at its argument, where they are judged.</param>
internal readonly record struct TerminalRequest(string Name, uint Number, TerminalRequestKind Kind, int Size = 0);
