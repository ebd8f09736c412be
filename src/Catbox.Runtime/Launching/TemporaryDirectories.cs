using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Catbox.Policy;
using Catbox.Runtime.Native;
using Catbox.Runtime.Tracing.Behalf;

namespace Catbox.Runtime.Launching;

/// <summary>
/// Makes the private TMPDIRs of a runner, in its own TMPDIR, and sweeps those whose host is gone: a host that was killed could not.
/// </summary>
/// <remarks>
/// <para>A live host holds a shared fcntl lock (F_OFD_SETLK) on its directory, which no guest meets: who wants to lock a directory does it by flock(2). The sweeper asks for that lock while it
/// holds the flock, and a host takes its lock while it holds the flock: so between the making of a directory and its lock nobody takes it for an orphan, or the host sees that somebody did, and makes another.</para>
/// <para>Swept are directories of this very user only, by a name that this class alone gives, in a directory in which nobody else can rename them. Where locks do not work the name is another one, and nobody sweeps it.</para>
/// </remarks>
internal sealed class TemporaryDirectories
{
    private const int Digits = 16;

    /// <summary>How many entries a sweep looks at: a start does not wait for it, but the rest of a machine would.</summary>
    private const long SweepBudget = 500_000;

    private static readonly SearchValues<byte> s_digits = SearchValues.Create("0123456789abcdef"u8);

    private readonly Lock _lock = new();
    private Task? _sweep;

    private static ReadOnlySpan<byte> Prefix => "catbox-"u8;

    /// <summary>Makes one.</summary>
    /// <exception cref="SandboxLaunchException">It cannot be made.</exception>
    public TemporaryDirectory Make()
    {
        var where = Parent();
        var error = Files.Open(Files.AT_FDCWD, [.. where, 0], Files.O_PATH | Files.O_DIRECTORY | Files.O_CLOEXEC, out var parent);
        if (!error.IsSuccess)
        {
            throw Failed(where, "open", error);
        }

        try
        {
            var canonical = CanonicalPath.Resolve(where);
            var isLockable = true;
            while (true)
            {
                error = TryMake(parent, isLockable, out var name, out var descriptor);
                if (error.IsSuccess)
                {
                    byte[] path = [.. canonical.AsSpan().TrimEnd((byte)'/'), (byte)'/', .. name.AsSpan(0, name.Length - 1)];
                    return new TemporaryDirectory(new GuestString(path), parent, name, descriptor, Sweep(parent));
                }

                if (error == Errno.ENOLCK && isLockable)
                {
                    isLockable = false;
                }
                else if (error != Errno.EAGAIN)
                {
                    throw Failed(where, "mkdir", error);
                }
            }
        }
        catch (Exception e)
        {
            Io.Close(parent);
            if (e is CanonicalPathException unresolved)
            {
                throw Failed(where, "look-up", unresolved.Errno);
            }

            throw;
        }
    }

    /// <summary>A name for one that is not made, in the directory where it would be.</summary>
    public static GuestString Assumed()
    {
        try
        {
            return new GuestString([.. CanonicalPath.Resolve(Parent()).AsSpan().TrimEnd((byte)'/'), .. "/TMPDIR"u8]);
        }
        catch (CanonicalPathException e)
        {
            throw Failed(Parent(), "look-up", e.Errno);
        }
    }

    /// <summary>Removes what was left by hosts that are gone.</summary>
    /// <param name="parent">Where; open for reading.</param>
    /// <param name="budget">At most so many entries are looked at.</param>
    internal static void SweepNow(int parent, long budget)
    {
        if (!IsSafe(parent))
        {
            return;
        }

        var entries = new byte[1 << 15];
        var removal = new TreeRemoval(budget);
        while (!removal.IsExhausted && Files.ReadEntries(parent, entries, out var length).IsSuccess && length > 0)
        {
            for (var at = 0; at < length;)
            {
                var size = BinaryPrimitives.ReadUInt16LittleEndian(entries.AsSpan(at + 16));
                var name = entries.AsSpan(at + 19, size - 19);
                name = name[..(name.IndexOf((byte)0) + 1)];
                if (IsName(name))
                {
                    SweepOne(parent, name, removal);
                }

                at += size;
            }
        }
    }

    private Task Sweep(int parent)
    {
        lock (_lock)
        {
            if (_sweep is null && Files.Open(parent, ".\0"u8, Files.O_DIRECTORY | Files.O_CLOEXEC, out var own).IsSuccess)
            {
                _sweep = Task.Run(() =>
                {
                    SweepNow(own, SweepBudget);
                    Io.Close(own);
                });
            }

            return _sweep ?? Task.CompletedTask;
        }
    }

    private static void SweepOne(int parent, ReadOnlySpan<byte> name, TreeRemoval removal)
    {
        if (!Files.StatOwnership(parent, name, Files.AT_SYMLINK_NOFOLLOW, out var named).IsSuccess || named.stx_uid != Identity.EffectiveUser)
        {
            return;
        }

        // A guest may have taken the rights of its own directory away, and want it so: what lives is left as it is.
        var error = TreeRemoval.OpenAsItIs(parent, name, out var fd);
        var isChanged = error == Errno.EACCES;
        if (isChanged)
        {
            error = TreeRemoval.Open(parent, name, out fd);
        }

        if (!error.IsSuccess)
        {
            return;
        }

        if (Files.StatOwnership(fd, "\0"u8, Files.AT_EMPTY_PATH, out var opened).IsSuccess && opened.stx_uid == Identity.EffectiveUser
            && Locks.TryTake(fd).IsSuccess && !Locks.IsMarked(fd))
        {
            removal.Empty(fd);
            _ = Changes.Unlink(parent, name, Changes.AT_REMOVEDIR);
        }
        else if (isChanged)
        {
            Span<byte> self = stackalloc byte[ProcPath.Size];
            _ = Changes.ChangeMode(fd, ProcPath.WriteOwnDescriptor(self, fd), named.stx_mode & 0xfffu);
        }

        Io.Close(fd);
    }

    /// <summary>Whether nobody but this user and root can have put another directory under a name of ours there, and whoever has the files answers by himself.</summary>
    private static bool IsSafe(int parent)
    {
        const uint WritableByOthers = 0b010_010;
        const uint Sticky = 0x200;
        return Files.StatOwnership(parent, "\0"u8, Files.AT_EMPTY_PATH, out var owner).IsSuccess
            && (owner.stx_uid == 0 || owner.stx_uid == Identity.EffectiveUser)
            && ((owner.stx_mode & WritableByOthers) == 0 || (owner.stx_mode & Sticky) != 0)
            && Files.Stat(parent, "\0"u8, Files.AT_EMPTY_PATH, out var stat).IsSuccess
            && new LocalFileSystems().IsLocal(stat.Device, stat.stx_mnt_id, hasName: true);
    }

    private static bool IsName(ReadOnlySpan<byte> name) =>
        name.Length == Prefix.Length + Digits + 1 && name.StartsWith(Prefix) && !name[Prefix.Length..^1].ContainsAnyExcept(s_digits);

    /// <summary>Makes a directory, and marks it.</summary>
    /// <returns>EAGAIN where it was somebody else's in the meantime; ENOLCK where there are no locks.</returns>
    private static Errno TryMake(int parent, bool isLockable, out byte[] name, out int descriptor)
    {
        descriptor = -1;
        name = [.. Prefix, .. isLockable ? ""u8 : "unlocked-"u8, .. Encoding.ASCII.GetBytes(Guid.NewGuid().ToString("N")[..Digits]), 0];
        var result = Changes.MakeDirectory(parent, name, 0b111_000_000);
        if (result < 0)
        {
            return -result == Errno.EEXIST.Value ? Errno.EAGAIN : new Errno((int)-result);
        }

        // Opened with its owner's rights, which a umask may have taken.
        var error = TreeRemoval.Open(parent, name, out descriptor);
        if (error.IsSuccess && isLockable)
        {
            error = Locks.TryTake(descriptor);
            error = error.IsSuccess ? Locks.Mark(descriptor) : error == Errno.EAGAIN ? error : Errno.ENOLCK;
            error = error.IsSuccess || error == Errno.EAGAIN ? error : Errno.ENOLCK;
            if (error.IsSuccess && !IsThere(parent, name, descriptor))
            {
                error = Errno.EAGAIN;
            }

            Locks.Release(descriptor);
        }
        else if (error == Errno.ENOENT)
        {
            error = Errno.EAGAIN;
        }

        if (!error.IsSuccess)
        {
            _ = Changes.Unlink(parent, name, Changes.AT_REMOVEDIR);
            Io.Close(descriptor);
            descriptor = -1;
        }

        return error;
    }

    private static bool IsThere(int parent, ReadOnlySpan<byte> name, int descriptor) =>
        Files.Stat(parent, name, Files.AT_SYMLINK_NOFOLLOW, out var named).IsSuccess
        && Files.Stat(descriptor, "\0"u8, Files.AT_EMPTY_PATH, out var own).IsSuccess
        && named.stx_ino == own.stx_ino && named.Device == own.Device;

    /// <summary>TMPDIR as guests would have it, or /tmp.</summary>
    private static byte[] Parent()
    {
        foreach (var entry in HostEnvironment.Read())
        {
            if (entry.Bytes.StartsWith("TMPDIR="u8) && entry.Bytes.Length > 7)
            {
                return entry.Bytes[7..].ToArray();
            }
        }

        return "/tmp"u8.ToArray();
    }

    private static SandboxLaunchException Failed(ReadOnlySpan<byte> where, string operation, Errno error) => new(
        $"the command's temporary directory cannot be made in {PathText.Escape(where)}: {operation}: {error}; set TMPDIR to a directory that you may write, or do without (--no-private-tmp)",
        operation,
        0,
        error);
}
