namespace Catbox.Policy.Filtering;

/// <summary>What a line of <see cref="RegisterTests"/> leads to.</summary>
/// <param name="Kind">What happens.</param>
/// <param name="Error">For <see cref="TestOutcomeKind.Answer"/>: what the call returns; success means 0, without being done.</param>
internal readonly record struct TestOutcome(TestOutcomeKind Kind, Errno Error = default)
{
    internal static TestOutcome Allow => new(TestOutcomeKind.Allow);

    internal static TestOutcome Stop => new(TestOutcomeKind.Stop);

    internal static TestOutcome Refuse => new(TestOutcomeKind.Refuse);

    internal static TestOutcome Answer(Errno error) => new(TestOutcomeKind.Answer, error);
}

/// <summary>The kinds of <see cref="TestOutcome"/>.</summary>
internal enum TestOutcomeKind : byte
{
    /// <summary>Let through.</summary>
    Allow,

    /// <summary>A stop, whatever the session needs.</summary>
    Stop,

    /// <summary>A reported refusal: a stop where the row and the session need one, else answered with the row's error.</summary>
    Refuse,

    /// <summary>Not done; the filter answers alone.</summary>
    Answer,
}
