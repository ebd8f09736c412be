using System.Globalization;
using Catbox.Policy.Rules;
using Catbox.Runtime;

namespace Catbox.Host.Rendering;

/// <summary>Tells violations on stderr as they happen: one line for every call and path, and a sum at the end. Thread-safe.</summary>
internal sealed class ViolationPresenter(Terminal terminal, SandboxPolicy policy)
{
    // A guest chooses how many different paths it tries; this bounds what they cost us.
    private const int MostLines = 10_000;

    private readonly Lock _lock = new();
    private readonly HashSet<(string Operation, string Path)> _seen = [];
    private bool _full;

    /// <summary>How many lines were told.</summary>
    public int Distinct
    {
        get
        {
            lock (_lock)
            {
                return _seen.Count;
            }
        }
    }

    /// <summary>Tells of a violation, unless its like was told before.</summary>
    public void Show(Violation violation)
    {
        lock (_lock)
        {
            var key = (violation.Operation, ViolationLine.PathOf(violation));
            if (_full || _seen.Contains(key))
            {
                return;
            }

            if (_seen.Count == MostLines)
            {
                _full = true;
                terminal.Complain(string.Create(CultureInfo.InvariantCulture, $"{MostLines:N0} different violations were told; --report has the others too"));
                return;
            }

            _seen.Add(key);
            terminal.WriteErrorLine(ViolationLine.Of(violation, policy, terminal.ErrorHasColour));
        }
    }

    /// <summary>Sums up, where there was more than one.</summary>
    public void ShowSum(long count)
    {
        if (count > 1)
        {
            terminal.Complain(Sum(count, Distinct, _full));
        }
    }

    /// <summary>The sum's text: <c>8,746 violations, 3 distinct</c>.</summary>
    internal static string Sum(long count, int distinct, bool atLeast) => string.Create(
        CultureInfo.InvariantCulture, $"{count:N0} violations, {(atLeast ? "more than " : "")}{distinct:N0} distinct");
}
