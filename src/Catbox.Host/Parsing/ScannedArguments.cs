namespace Catbox.Host.Parsing;

/// <summary>A command line, divided into what is ours and what is the guest's.</summary>
/// <param name="Tokens">Our part, for the parser: the command's name and its options, each as one token (<c>--path=DIR</c>).</param>
/// <param name="Rest">Where the operands lie in the arguments as given: the guest's command for <c>run</c>, paths for <c>canonical</c>.</param>
/// <param name="Given">The arguments as given.</param>
/// <param name="OptionIndices">Which arguments are ours.</param>
/// <param name="Values">Where the options' values stand in the arguments as given, for those that are taken as bytes.</param>
internal sealed record ScannedArguments(
    IReadOnlyList<string> Tokens, IReadOnlyList<int> Rest, IReadOnlyList<string> Given, IReadOnlyList<int> OptionIndices,
    IReadOnlyList<OptionValue> Values)
{
    public static ScannedArguments Empty { get; } = new([], [], [], [], []);
}
