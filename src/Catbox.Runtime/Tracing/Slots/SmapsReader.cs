using System.Buffers.Text;

namespace Catbox.Runtime.Tracing.Slots;

/// <summary>
/// Takes the lines of /proc/PID/smaps (proc_pid_smaps(5)) one by one, and tells of one range whether it is what a pool must be. The kernel writes the record of a mapping under
/// one lock: that it is sealed and that it is empty are true of the same moment.
/// </summary>
internal ref struct SmapsReader(ulong address, ulong length)
{
    // fs/proc/task_mmu.c, show_smap_vma_flags. What is not here is not known to leave a sealed mapping alone: not copied by fork (dc), wiped by it (wf), pages that the kernel may drop (dp),
    // a stack that grows (gd), userfaultfd (um, uw, ui), a shadow stack (ss), huge pages (ht), mapped devices (pf, io, mm). READ_IMPLIES_EXEC (personality(2)) makes it
    // executable, mlockall(2) locked, PR_SET_MEMORY_MERGE mergeable.
    private static ReadOnlySpan<byte> Harmless => "rd ex mr mw me nr lo lf ac sd hg nh mg sl "u8;

    private bool _isInside;
    private bool _isPlain;
    private bool _hasNoPages;
    private bool _hasNoSwap;

    /// <summary>What is known; <see cref="SealProof.NotSeen"/> until the record has been read.</summary>
    public SealProof Result { get; private set; } = SealProof.NotSeen;

    /// <summary>Takes the next line, without its end.</summary>
    /// <returns>False where no line can change the result any more.</returns>
    public bool Take(ReadOnlySpan<byte> line)
    {
        // A field's name begins with a capital letter; an address has none.
        if (line.IsEmpty || line[0] is < (byte)'A' or > (byte)'Z')
        {
            return TakeRange(line);
        }

        if (!_isInside)
        {
            return true;
        }

        if (line.StartsWith("Anonymous:"u8))
        {
            _hasNoPages = IsZero(line[10..]);
        }
        else if (line.StartsWith("Swap:"u8))
        {
            _hasNoSwap = IsZero(line[5..]);
        }
        else if (line.StartsWith("VmFlags:"u8))
        {
            var isSealed = IsSealed(line[8..], out var isLocked);
            Result = !_isPlain || !_hasNoSwap || !isSealed ? SealProof.Fails : _hasNoPages ? SealProof.Holds : isLocked ? SealProof.Filled : SealProof.Fails;
            return false;
        }

        return true;
    }

    /// <summary><c>start-end perms offset dev inode   name</c>. They are in the order of their addresses.</summary>
    private bool TakeRange(ReadOnlySpan<byte> line)
    {
        // A field that is missing in its record is not taken from the next one.
        if (_isInside
            || !Utf8Parser.TryParse(line, out ulong start, out var digits, 'x') || digits >= line.Length
            || !Utf8Parser.TryParse(line[(digits + 1)..], out ulong end, out var more, 'x')
            || start > address)
        {
            Result = SealProof.Fails;
            return false;
        }

        if (end <= address)
        {
            return true;
        }

        _isInside = true;
        var rest = line[(digits + 1 + more)..].TrimEnd((byte)' ');
        _isPlain = start == address && end == address + length
            && (rest.SequenceEqual(" r--p 00000000 00:00 0"u8) || rest.SequenceEqual(" r-xp 00000000 00:00 0"u8));
        return true;
    }

    private static bool IsZero(ReadOnlySpan<byte> value) => value.TrimStart((byte)' ').SequenceEqual("0 kB"u8);

    /// <summary><c> rd mr mw me sl </c>.</summary>
    private static bool IsSealed(ReadOnlySpan<byte> flags, out bool isLocked)
    {
        var isSealed = isLocked = false;
        for (flags = flags.Trim((byte)' '); !flags.IsEmpty; flags = flags[Math.Min(3, flags.Length)..])
        {
            if (flags.Length == 1 || (flags.Length > 2 && flags[2] != (byte)' ') || Harmless.IndexOf(flags[..2]) < 0)
            {
                return false;
            }

            isSealed |= flags.StartsWith("sl"u8);
            isLocked |= flags.StartsWith("lo"u8);
        }

        return isSealed;
    }
}
