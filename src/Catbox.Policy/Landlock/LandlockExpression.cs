namespace Catbox.Policy.Landlock;

/// <summary>What became of one writable path of a policy.</summary>
/// <param name="Pattern">The pattern as written.</param>
/// <param name="Fit">How well it is expressed.</param>
/// <param name="Bound">What the domain allows for its sake, a path; null where that is nothing.</param>
/// <param name="Why">Why it is not exact, or what follows from that it is; one clause.</param>
internal sealed record LandlockExpression(string Pattern, LandlockFit Fit, string? Bound, string Why);
