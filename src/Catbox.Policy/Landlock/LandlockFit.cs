namespace Catbox.Policy.Landlock;

/// <summary>How well a rule of a policy goes into Landlock's terms.</summary>
internal enum LandlockFit : byte
{
    /// <summary>Not at all: the domain says nothing of it.</summary>
    None = 0,
    /// <summary>The domain allows more than the rule does; what lies between is the tracer's.</summary>
    OuterBound = 1,
    /// <summary>The domain allows what the rule does.</summary>
    Exact = 2,
}
