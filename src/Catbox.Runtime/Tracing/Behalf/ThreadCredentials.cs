using System.Buffers.Text;
using Catbox.Policy;
using Catbox.Runtime.Native;

namespace Catbox.Runtime.Tracing.Behalf;

/// <summary>
/// What the kernel asks of a thread that changes files: fsuid, fsgid, supplementary groups, capabilities, umask, out of <c>/proc/TID/status</c> (proc_pid_status(5)).
/// Reused: nothing is allocated once its buffers are large enough.
/// </summary>
internal sealed class ThreadCredentials
{
    private byte[] _status = new byte[8192];
    private int _groupsAt;
    private int _groupsLength;
    private uint[] _groups = new uint[64];

    /// <summary>fsuid(2).</summary>
    public uint FileUser { get; private set; }
    /// <summary>fsgid(2).</summary>
    public uint FileGroup { get; private set; }
    /// <summary>CapEff.</summary>
    public ulong Effective { get; private set; }
    /// <summary>CapPrm.</summary>
    public ulong Permitted { get; private set; }
    /// <summary>CapInh.</summary>
    public ulong Inheritable { get; private set; }
    /// <summary>The umask.</summary>
    public uint Umask { get; private set; }
    /// <summary>
    /// One user, one group in all of their four places, and no capability: such a thread, and whoever it makes under no_new_privs, can change nothing of
    /// this but its umask.
    /// </summary>
    public bool IsPlain { get; private set; }

    /// <summary>The supplementary groups, as the kernel prints them.</summary>
    private ReadOnlySpan<byte> GroupsText => _status.AsSpan(_groupsAt, _groupsLength);

    /// <summary>Whether the calling thread <see cref="IsPlain"/>; what cannot be told is not.</summary>
    public static bool IsThisThreadPlain()
    {
        var own = new ThreadCredentials();
        return own.Read("/proc/thread-self/status\0"u8).IsSuccess && own.IsPlain;
    }

    /// <summary>Reads those of a thread.</summary>
    /// <param name="path">Its status file, with a NUL.</param>
    /// <returns>The errno of the reading; EIO where something that is needed is not in it.</returns>
    public Errno Read(ReadOnlySpan<byte> path)
    {
        var error = Io.Open(path, Io.O_RDONLY, 0, out var fd);
        if (!error.IsSuccess)
        {
            return error;
        }

        int length;
        while (true)
        {
            error = Io.ReadAt(fd, _status, 0, out length);
            if (!error.IsSuccess || length < _status.Length)
            {
                break;
            }

            // Somebody in very many groups (at most 65,536: 720 KB).
            _status = new byte[_status.Length * 2];
        }

        Io.Close(fd);
        return !error.IsSuccess ? error : Parse(_status.AsSpan(0, length)) ? Errno.None : Errno.EIO;
    }

    /// <summary>Takes another's umask.</summary>
    public void TakeUmask(ThreadCredentials other) => Umask = other.Umask;

    /// <summary>What no call on a file asks for, and guests are not given where the network is judged (CAP_NET_ADMIN, capabilities(7)).</summary>
    private const ulong OfNetworks = 1UL << 12;

    /// <summary>Whether the kernel would answer both alike, the umask aside.</summary>
    /// <param name="own">The tracer's: what it has not is not to be had from it, and counts as not there.</param>
    public bool ActsAs(ThreadCredentials own) => FileUser == own.FileUser && FileGroup == own.FileGroup
        && (Effective & own.Permitted & ~OfNetworks) == (own.Effective & ~OfNetworks) && GroupsText.SequenceEqual(own.GroupsText);

    /// <summary>The supplementary groups as numbers; valid until the next reading.</summary>
    public ReadOnlySpan<uint> Groups()
    {
        var text = GroupsText;
        var count = 0;
        while (Utf8Parser.TryParse(text, out uint group, out var consumed))
        {
            if (count == _groups.Length)
            {
                Array.Resize(ref _groups, count * 2);
            }

            _groups[count++] = group;
            text = text[consumed..].TrimStart((byte)' ');
        }

        return _groups.AsSpan(0, count);
    }

    private bool Parse(ReadOnlySpan<byte> status)
    {
        // The first line is the program's name, in which the kernel escapes line feeds: no other line can be forged.
        Span<uint> users = stackalloc uint[4];
        Span<uint> groups = stackalloc uint[4];
        var found = 0;
        var at = 0;
        while (at < status.Length)
        {
            var line = status[at..];
            var end = line.IndexOf((byte)'\n');
            line = end < 0 ? line : line[..end];
            if (line.StartsWith("Umask:\t"u8))
            {
                found += Number(line[7..], 8, out var mask) ? 1 : 0;
                Umask = (uint)mask;
            }
            else if (line.StartsWith("Uid:\t"u8))
            {
                found += Four(line[5..], users) ? 1 : 0;
                FileUser = users[3];
            }
            else if (line.StartsWith("Gid:\t"u8))
            {
                found += Four(line[5..], groups) ? 1 : 0;
                FileGroup = groups[3];
            }
            else if (line.StartsWith("Groups:\t"u8))
            {
                found++;
                _groupsAt = at + 8;
                _groupsLength = line.Length - 8;
            }
            else if (line.StartsWith("CapInh:\t"u8))
            {
                found += Number(line[8..], 16, out var inheritable) ? 1 : 0;
                Inheritable = inheritable;
            }
            else if (line.StartsWith("CapPrm:\t"u8))
            {
                found += Number(line[8..], 16, out var permitted) ? 1 : 0;
                Permitted = permitted;
            }
            else if (line.StartsWith("CapEff:\t"u8))
            {
                found += Number(line[8..], 16, out var effective) ? 1 : 0;
                Effective = effective;
                break;
            }

            at += line.Length + 1;
        }

        IsPlain = (Effective | Permitted | Inheritable) == 0 && !users[1..].ContainsAnyExcept(users[0]) && !groups[1..].ContainsAnyExcept(groups[0]);
        return found == 7;
    }

    private static bool Number(ReadOnlySpan<byte> text, uint radix, out ulong value)
    {
        value = 0;
        foreach (var digit in text)
        {
            var worth = (uint)(digit <= (byte)'9' ? digit - '0' : digit - 'a' + 10);
            if (worth >= radix)
            {
                return false;
            }

            value = (value * radix) + worth;
        }

        return !text.IsEmpty;
    }

    private static bool Four(ReadOnlySpan<byte> text, Span<uint> into)
    {
        foreach (ref var number in into)
        {
            if (!Utf8Parser.TryParse(text, out number, out var consumed))
            {
                return false;
            }

            text = text[consumed..].TrimStart((byte)'\t');
        }

        return true;
    }
}
