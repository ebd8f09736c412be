using System.Collections.Immutable;

namespace Catbox.Policy.Syscalls;

/// <summary>The calls of one architecture, by number.</summary>
internal sealed class SyscallTable
{
    private readonly SyscallRow?[] _byNumber;

    internal SyscallTable(string architecture, uint auditArchitecture, ImmutableArray<SyscallRow> rows)
    {
        Architecture = architecture;
        AuditArchitecture = auditArchitecture;
        Rows = rows;
        HighestNumber = rows.Max(static r => r.Number);
        _byNumber = new SyscallRow?[HighestNumber + 1];
        foreach (var row in rows)
        {
            if (_byNumber[row.Number] is not null)
            {
                throw new InvalidOperationException($"syscall {row.Number} has two rows");
            }

            _byNumber[row.Number] = row;
        }
    }

    /// <summary>The architecture's name, as <c>uname -m</c> gives it.</summary>
    public string Architecture { get; }

    /// <summary>AUDIT_ARCH_* (include/uapi/linux/audit.h), which seccomp sees.</summary>
    public uint AuditArchitecture { get; }

    /// <summary>All rows, by rising number.</summary>
    public ImmutableArray<SyscallRow> Rows { get; }

    /// <summary>The highest number that was reviewed. Everything beyond is answered ENOSYS.</summary>
    public int HighestNumber { get; }

    /// <summary>The row of a number, or null.</summary>
    public SyscallRow? Find(long number) => (ulong)number < (ulong)_byNumber.Length ? _byNumber[number] : null;

    /// <summary>The row of a name; throws when there is none.</summary>
    public SyscallRow Named(string name) =>
        Rows.FirstOrDefault(r => r.Name == name) ?? throw new ArgumentException($"no syscall is called {name}", nameof(name));
}
