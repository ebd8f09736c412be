using System.Buffers;

namespace Catbox.Policy.Rules;

/// <summary>
/// All path rules of a policy, ready to be asked. Literals lie in one hash table that is probed once per component of the path, so the cost does not
/// grow with their number; globs and regexes are tried from the deepest on, and only where their literal beginning fits and they could change the answer.
/// </summary>
internal sealed class PathRuleSet
{
    private const ulong HashBasis = 14695981039346656037;
    private const ulong HashPrime = 1099511628211;
    private const int WideOnStack = 4096;

    private readonly Entry[] _table;
    private readonly PathRuleFlags _root;
    private readonly int _deepest;
    private readonly PatternRule[] _patterns;

    private readonly record struct Entry(ulong Hash, byte[]? Path, PathRuleFlags Flags);

    private readonly record struct PatternRule(PathPattern Pattern, PathRuleFlags Flags);

    /// <summary>Makes one of patterns and what each means; the same path may come more than once.</summary>
    public PathRuleSet(IReadOnlyCollection<(PathPattern Pattern, PathRuleFlags Flags)> rules)
    {
        _patterns = [.. rules.Where(rule => !rule.Pattern.IsLiteral)
            .OrderByDescending(rule => rule.Pattern.Depth).Select(rule => new PatternRule(rule.Pattern, rule.Flags))];
        var literals = rules.Where(rule => rule.Pattern.IsLiteral).ToList();
        var size = 16;
        while (size < literals.Count * 2)
        {
            size *= 2;
        }

        _table = new Entry[size];
        foreach (var (pattern, flags) in literals)
        {
            if (pattern.Depth == 0)
            {
                _root |= flags;
                continue;
            }

            _deepest = Math.Max(_deepest, pattern.Depth);
            Add(pattern.Beginning, flags);
        }
    }

    /// <summary>The deepest matching rule of each kind.</summary>
    public Matches Find(ReadOnlySpan<byte> path, PathRuleFlags allow, PathRuleFlags deny)
    {
        var found = new Matches(-1, -1, -1);
        if (path.IsEmpty || path[0] != (byte)'/')
        {
            return found;
        }

        while (path.Length > 1 && path[^1] == (byte)'/')
        {
            path = path[..^1];
        }

        found.Note(_root, 0, allow, deny);
        var hash = HashBasis;
        var depth = 0;
        for (var i = 0; i < path.Length && depth < _deepest;)
        {
            do
            {
                hash = (hash ^ path[i++]) * HashPrime;
            }
            while (i < path.Length && path[i] != (byte)'/');

            depth++;
            found.Note(Lookup(hash, path[..i]), depth, allow, deny);
        }

        if (_patterns.Length > 0)
        {
            FindPatterns(path, allow, deny, ref found);
        }

        return found;
    }

    private void FindPatterns(ReadOnlySpan<byte> path, PathRuleFlags allow, PathRuleFlags deny, ref Matches found)
    {
        if (path.Length > WideOnStack)
        {
            // A canonical path can be longer than PATH_MAX: the guest got there step by step.
            var rented = ArrayPool<char>.Shared.Rent(path.Length);
            TryPatterns(path, rented.AsSpan(0, path.Length), allow, deny, ref found);
            ArrayPool<char>.Shared.Return(rented);
            return;
        }

        // As long as the path and no longer: the runtime clears it.
        Span<char> wide = stackalloc char[path.Length];
        TryPatterns(path, wide, allow, deny, ref found);
    }

    private void TryPatterns(ReadOnlySpan<byte> path, Span<char> wide, PathRuleFlags allow, PathRuleFlags deny, ref Matches found)
    {
        var widened = false;
        foreach (ref readonly var rule in _patterns.AsSpan())
        {
            if (!found.CouldChange(rule.Flags, rule.Pattern.Depth, allow, deny) || !path.StartsWith(rule.Pattern.Beginning))
            {
                continue;
            }

            if (!widened)
            {
                for (var i = 0; i < path.Length; i++)
                {
                    wide[i] = (char)path[i];
                }

                widened = true;
            }

            if (rule.Pattern.IsMatch(path, wide))
            {
                found.Note(rule.Flags, rule.Pattern.Depth, allow, deny);
            }
        }
    }

    private PathRuleFlags Lookup(ulong hash, ReadOnlySpan<byte> path)
    {
        for (var slot = Slot(hash); ; slot = (slot + 1) & (_table.Length - 1))
        {
            ref readonly var entry = ref _table[slot];
            if (entry.Path is null)
            {
                return PathRuleFlags.None;
            }

            if (entry.Hash == hash && path.SequenceEqual(entry.Path))
            {
                return entry.Flags;
            }
        }
    }

    private void Add(byte[] path, PathRuleFlags flags)
    {
        var hash = HashBasis;
        foreach (var b in path)
        {
            hash = (hash ^ b) * HashPrime;
        }

        var slot = Slot(hash);
        while (_table[slot].Path is { } other && !other.AsSpan().SequenceEqual(path))
        {
            slot = (slot + 1) & (_table.Length - 1);
        }

        _table[slot] = new Entry(hash, path, _table[slot].Flags | flags);
    }

    private int Slot(ulong hash) => (int)(hash ^ (hash >> 32)) & (_table.Length - 1);

    /// <summary>The depths of the deepest allowing, denying and silencing rule that match; -1 where there is none.</summary>
    public struct Matches(int allow, int deny, int silent)
    {
        /// <summary>The deepest rule that allows.</summary>
        public int Allow = allow;
        /// <summary>The deepest rule that denies.</summary>
        public int Deny = deny;
        /// <summary>The deepest rule that silences a denial.</summary>
        public int Silent = silent;

        /// <summary>Takes a matching rule into account.</summary>
        public void Note(PathRuleFlags flags, int depth, PathRuleFlags allow, PathRuleFlags deny)
        {
            Allow = (flags & allow) != 0 ? Math.Max(Allow, depth) : Allow;
            Deny = (flags & deny) != 0 ? Math.Max(Deny, depth) : Deny;
            Silent = (flags & PathRuleFlags.Silent) != 0 ? Math.Max(Silent, depth) : Silent;
        }

        /// <summary>Whether a rule of this depth could change the answer if it matched.</summary>
        public readonly bool CouldChange(PathRuleFlags flags, int depth, PathRuleFlags allow, PathRuleFlags deny)
            => ((flags & allow) != 0 && depth > Allow)
                || ((flags & deny) != 0 && depth > Deny)
                || ((flags & PathRuleFlags.Silent) != 0 && depth > Silent);
    }
}
