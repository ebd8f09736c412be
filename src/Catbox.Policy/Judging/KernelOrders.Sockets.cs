using Catbox.Policy.Decoding;
using static Catbox.Policy.Judging.KernelChecks;

namespace Catbox.Policy.Judging;

// Sockets (net/socket.c), and calls by path that need more than a rule.
internal static partial class KernelOrders
{
    private const int AF_PACKET = 17;
    private const int SOCK_STREAM = 1, SOCK_DGRAM = 2, SOCK_RAW = 3, SOCK_TYPE_MASK = 0xF, SOCK_NONBLOCK_AND_CLOEXEC = 0x80800;

    // AT_SYMLINK_NOFOLLOW, AT_EMPTY_PATH, AT_EXECVE_CHECK.
    private const uint ExecFlags = 0x100 | 0x1000 | 0x10000;

    // AT_SYMLINK_NOFOLLOW, AT_EACCESS, AT_EMPTY_PATH.
    private const uint AccessFlags = 0x100 | 0x200 | 0x1000;

    private const int MSG_OOB = 1;
    private const uint MSG_CMSG_COMPAT = 0x80000000;

    private static IEnumerable<(string Name, KernelOrder Order)> Sockets() =>
    [
        Of("socket",
            static (in call) => call.Tree.Kernel.Socket(call.Int(0), call.Int(1) & ~SOCK_NONBLOCK_AND_CLOEXEC, call.Int(2)),
            Capability(CAP_NET_RAW, static a => KernelBits.Int(a[0]) == AF_PACKET
                || (KernelBits.Int(a[0]) is SocketAddress.Inet or SocketAddress.Inet6 && (KernelBits.Int(a[1]) & SOCK_TYPE_MASK) == SOCK_RAW))),
        Of("connect", [Descriptor(0)], [Socket(0), Family()], []),
        Of("bind", [Socket(0)], [Family()], []),
        Of("listen", [], [Socket(0)], []),
        Of("sendto", [Socket(0)], [Family(sends: true)], [Datagram(3, 2)]),
        Of("sendmsg", [NotOfCompatibility(2), Socket(0)], [Family(sends: true)], [Datagram(2, -1)]),
        Of("sendmmsg", [NotOfCompatibility(3), Socket(0)], [Family(sends: true)], [Datagram(3, -1)]),
    ];

    private static IEnumerable<(string Name, KernelOrder Order)> Files() =>
    [
        Of("access", [Known(1, 7)], [], []),
        Of("faccessat", [Known(2, 7)], [], []),
        Of("faccessat2", [Known(2, 7), Known(3, AccessFlags)], [], []),
        Of("mknod", Capability(CAP_MKNOD, static a => IsDevice(a[1], a[2]))),
        Of("mknodat", Capability(CAP_MKNOD, static a => IsDevice(a[2], a[3]))),
        Of("execveat", [], [Known(4, ExecFlags)], []),
        Of("mq_open", [Memory(3, 64, mayBeNull: true)], [], [OfQueue(static a => KernelBits.Int(a[1]))]),
        Of("mq_unlink", [], [], [OfQueue(static _ => 0)]),
    ];

    private static bool IsDevice(ulong mode, ulong device) => ((uint)mode & KernelBits.S_IFMT) switch
    {
        KernelBits.S_IFBLK => true,
        // The whiteout of overlayfs, which anybody may make.
        KernelBits.S_IFCHR => (uint)device != 0,
        _ => false,
    };

    /// <summary>An address of a family that the socket is not of. What a datagram socket of IPv6 takes of IPv4 is left to the kernel.</summary>
    private static KernelCheck Family(bool sends = false) => (in facts) =>
    {
        if (facts.Request.Addresses.Count == 0)
        {
            return Errno.None;
        }

        var address = facts.Request.Addresses[0].Family;
        if (address <= 0)
        {
            return Errno.None;
        }

        var (family, type) = facts.Tree.Kernel.SocketOf(facts.Int(0));
        return family switch
        {
            SocketAddress.Unix when address != SocketAddress.Unix => sends && type == SOCK_STREAM ? Errno.EOPNOTSUPP : Errno.EINVAL,
            SocketAddress.Inet when address is SocketAddress.Unix or SocketAddress.Inet6 && (!sends || type == SOCK_DGRAM) => Errno.EAFNOSUPPORT,
            SocketAddress.Inet6 when address is SocketAddress.Unix && !sends => Errno.EAFNOSUPPORT,
            SocketAddress.Inet6 when address is SocketAddress.Unix && type == SOCK_DGRAM => Errno.EINVAL,
            _ => Errno.None,
        };
    };

    /// <summary>udp_sendmsg: what is too long, and urgent data, before it looks at the address.</summary>
    private static KernelCheck Datagram(int flags, int length) => (in call) =>
    {
        var isLong = length >= 0 && call.Register(length) > 0xFFFF;
        if ((!isLong && (call.Int(flags) & MSG_OOB) == 0) || call.Tree.Kernel.SocketOf(call.Int(0)) is not (SocketAddress.Inet or SocketAddress.Inet6, SOCK_DGRAM))
        {
            return Errno.None;
        }

        return isLong ? Errno.EMSGSIZE : Errno.EOPNOTSUPP;
    };

    private static KernelCheck NotOfCompatibility(int flags) => Unless(args => ((uint)args[flags] & MSG_CMSG_COMPAT) == 0, Errno.EINVAL);

    /// <summary>Opening a queue that is there, and taking away one that is not. One that is made is not there yet.</summary>
    private static KernelCheck OfQueue(Func<SyscallArgs, int> flags) => (in call) =>
    {
        var wanted = flags(call.Request.Args);
        var name = call.Request.First.Path.Span;
        if (name.IsEmpty)
        {
            return Errno.None;
        }

        var error = call.Tree.Kernel.Queue(name, wanted & (int)KernelBits.O_ACCMODE);
        var creates = (wanted & (int)KernelBits.O_CREAT) != 0;
        return creates && error == Errno.ENOENT ? Errno.None
            : creates && error.IsSuccess && (wanted & (int)KernelBits.O_EXCL) != 0 ? Errno.EEXIST
            : error;
    };
}
