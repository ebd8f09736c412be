using System.Collections.Immutable;
using Catbox.Policy.Syscalls;

namespace Catbox.Policy.Filtering;

/// <summary>
/// One line of <see cref="RegisterTests"/>. The lines of a call are asked in order, the first one that holds decides;
/// where none does, the call's row decides as if there were no lines.
/// </summary>
/// <param name="Call">The call's name, as in its row.</param>
/// <param name="Then">What follows when all tests hold.</param>
/// <param name="Tests">All of them have to hold; none at all means always.</param>
internal sealed record RegisterTest(string Call, TestOutcome Then, ImmutableArray<ArgTest> Tests)
{
    /// <summary>The line is there only for sessions that need none of these.</summary>
    internal FilterNeeds Unless { get; init; }

    /// <summary>The line is there only for sessions that need one of these; <see cref="FilterNeeds.None"/>: for all.</summary>
    internal FilterNeeds Only { get; init; }

    /// <summary>Whether the line is there for a session with these needs.</summary>
    internal bool AppliesTo(FilterNeeds needs) => (Unless & needs) == 0 && (Only == FilterNeeds.None || (Only & needs) != 0);
}
