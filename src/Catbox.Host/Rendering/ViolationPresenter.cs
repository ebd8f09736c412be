using System.Globalization;
using Catbox.Policy.Rules;
using Catbox.Runtime;

namespace Catbox.Host.Rendering;

/// <summary>Tells violations on stderr as they happen: one line for every call and path, but not for endless ones of the same kind, and a sum at the end. Thread-safe.</summary>
internal sealed class ViolationPresenter(Terminal terminal, SandboxPolicy policy)
{
    // A guest chooses how many different paths it tries; this bounds what they cost us.
    private const int MostLines = 10_000;

    private readonly Lock _lock = new();
    // So many lines of one call with one piece of advice; what is beyond tells nobody anything new (a program that tries random names in a directory, in a loop).
    private const int MostAlike = 20;

    private readonly HashSet<(string Operation, string Path)> _seen = [];
    private readonly Dictionary<(string Operation, string? Hint), int> _alike = [];
    private bool _full;

    /// <summary>How many different violations there were.</summary>
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
            var hint = ViolationHint.Of(violation, policy);
            var alike = _alike[(violation.Operation, hint)] = _alike.GetValueOrDefault((violation.Operation, hint)) + 1;
            if (alike <= MostAlike)
            {
                terminal.WriteErrorLine(ViolationLine.Of(violation, hint, terminal.ErrorHasColour));
            }
            else if (alike == MostAlike + 1)
            {
                terminal.Complain(string.Create(CultureInfo.InvariantCulture, $"{violation.Operation}: more than {MostAlike} like these{(hint is null ? "" : ", " + hint)}; from here on they are only counted, --report has them"));
            }
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
