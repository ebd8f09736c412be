using Catbox.Policy.Decoding;
using Catbox.Policy.Paths;
using Catbox.Policy.Rules;
using Catbox.Policy.Syscalls;
using static Catbox.Policy.Decoding.KernelBits;

namespace Catbox.Policy.Judging;

// socket, connect, bind, listen and the sends that name an address.
internal sealed partial class PolicyJudge
{
    private const int AF_PACKET = 17;
    private const int SOCK_TYPE_MASK = 0xF;
    private const int SOCK_PACKET = 10;
    private const int SOCK_NONBLOCK_AND_CLOEXEC = 0x80800;

    private bool JudgesUnix => (_rules.Needs & FilterNeeds.UnixSockets) != 0;

    private void JudgeSocket(SyscallRequest request, Judgement into)
    {
        var row = request.Row;
        var familyIndex = row.IndexOf(ArgKind.SocketFamily);
        var typeIndex = row.IndexOf(ArgKind.SocketType);
        var protocolIndex = row.IndexOf(ArgKind.SocketProtocol);
        if (familyIndex < 0 || typeIndex < 0 || protocolIndex < 0)
        {
            into.Verdict = Verdict.Deny(Errno.EPERM);
            return;
        }

        var family = Int(request.Args[familyIndex]);
        var type = Int(request.Args[typeIndex]);
        var protocol = Int(request.Args[protocolIndex]);
        if ((type & ~SOCK_TYPE_MASK & ~SOCK_NONBLOCK_AND_CLOEXEC) != 0)
        {
            into.Verdict = Verdict.Deny(Errno.EINVAL);
            return;
        }

        type &= SOCK_TYPE_MASK;
        if (family == SocketAddress.Inet && type == SOCK_PACKET)
        {
            // __sock_create (net/socket.c) still takes this for a packet socket.
            family = AF_PACKET;
        }

        var decision = _rules.DecideSocket(family, type, protocol);
        if (decision == RuleDecision.Allow)
        {
            return;
        }

        SetText(into, DestinationText.Socket(family, type, protocol, into.Text));
        DenyPath(into, decision, ViolationSubject.Socket, integrity: false);
    }

    private void JudgeConnect(SyscallRequest request, IPathResolver paths, Judgement into)
    {
        if (request.Addresses.Count != 1)
        {
            into.Verdict = Verdict.Deny(Errno.EPERM);
            return;
        }

        var address = request.Addresses[0];
        // AF_UNSPEC takes a connection back.
        if (address.Family != SocketAddress.Unspecified)
        {
            JudgeDestination(address, paths, into);
        }
    }

    /// <summary>
    /// sendto, sendmsg, sendmmsg. An addressed send on a TCP socket can connect (MSG_FASTOPEN), so that each address counts as a destination.
    /// One that is denied denies the whole sendmmsg.
    /// </summary>
    private void JudgeSend(SyscallRequest request, IPathResolver paths, Judgement into)
    {
        if (request.ControlLength > 0 && (_rules.Needs & FilterNeeds.Internet) != 0 && !JudgeControlMessages(request, into))
        {
            return;
        }

        for (var i = 0; i < request.Addresses.Count; i++)
        {
            var address = request.Addresses[i];
            if (address.Length == 0)
            {
                continue;
            }

            if (address.Family == SocketAddress.Unspecified)
            {
                // An IPv4 datagram socket sends to it as to AF_INET (udp_sendmsg, raw_sendmsg); what is shorter, no socket sends to.
                if (address.Length < SockaddrIn)
                {
                    continue;
                }

                address = address with { Family = SocketAddress.Inet };
            }

            // What was let through stands only until the next one is not.
            if (!JudgeDestination(address, paths, into))
            {
                return;
            }
        }
    }

    /// <returns>True when nothing was found against it.</returns>
    private bool JudgeDestination(in SocketAddress address, IPathResolver paths, Judgement into)
    {
        if (IsMalformed(address))
        {
            into.Verdict = Verdict.Deny(Errno.EINVAL);
            return false;
        }

        var isPath = address.Family == SocketAddress.Unix && !address.IsAbstract;
        if (isPath)
        {
            if (!JudgesUnix)
            {
                return true;
            }

            var error = paths.Resolve(AT_FDCWD, address.UnixPath.Span, ResolveOptions.None, into.First);
            if (!error.IsSuccess)
            {
                into.Verdict = Verdict.Deny(error);
                return false;
            }
        }

        var decision = _rules.DecideConnect(address, isPath ? into.First.Canonical : default);
        if (decision == RuleDecision.Allow)
        {
            return true;
        }

        if (isPath)
        {
            var error = paths.Resolve(AT_FDCWD, address.UnixPath.Span, ResolveOptions.Stat, into.First);
            if (!error.IsSuccess)
            {
                into.Verdict = Verdict.Deny(error);
                return false;
            }

            if (!into.First.Exists)
            {
                Decline(into, Errno.ENOENT);
                return false;
            }

            into.Given = address.UnixPath;
            into.Resolved = into.First.CanonicalMemory;
        }
        else
        {
            SetText(into, DestinationText.Address(address, into.Text));
        }

        DenyPath(into, decision, ViolationSubject.Connect, integrity: false);
        return false;
    }

    /// <summary>Lengths with which every protocol of the family answers EINVAL: there is no destination to judge in them.</summary>
    private static bool IsMalformed(in SocketAddress address) => address.Family switch
    {
        SocketAddress.Unix => address.Length is <= 2 or > SockaddrUn,
        SocketAddress.Inet => address.Length < SockaddrIn,
        SocketAddress.Inet6 => address.Length < SockaddrIn6Shortest,
        _ => address.Length < 2,
    };

    private void JudgeBind(SyscallRequest request, IPathResolver paths, ITraceeTree tree, Judgement into)
    {
        if (request.Addresses.Count != 1)
        {
            into.Verdict = Verdict.Deny(Errno.EPERM);
            return;
        }

        var address = request.Addresses[0];
        if (address.Family == SocketAddress.Unix && address.Length == 2)
        {
            // Autobind: the kernel makes up an abstract name.
            return;
        }

        if (address.Family == SocketAddress.Unspecified && address.Length >= SockaddrIn)
        {
            // __inet_bind takes it for AF_INET (where the address is 0.0.0.0).
            address = address with { Family = SocketAddress.Inet };
        }

        if (IsMalformed(address))
        {
            into.Verdict = Verdict.Deny(Errno.EINVAL);
            return;
        }

        if (address.Family == SocketAddress.Unix && !address.IsAbstract)
        {
            JudgeBindPath(address, paths, tree, into);
            return;
        }

        var decision = _rules.DecideBind(address);
        if (decision != RuleDecision.Allow)
        {
            SetText(into, DestinationText.Address(address, into.Text));
            DenyPath(into, decision, ViolationSubject.Bind, integrity: false);
        }
    }

    /// <summary>A unix path is an entry that is made (unix_bind_bsd, net/unix/af_unix.c).</summary>
    private void JudgeBindPath(in SocketAddress address, IPathResolver paths, ITraceeTree tree, Judgement into)
    {
        var error = paths.Resolve(AT_FDCWD, address.UnixPath.Span, ResolveOptions.Entry, into.First);
        if (!error.IsSuccess)
        {
            into.Verdict = Verdict.Deny(error);
            return;
        }

        var decision = DecideWrite(into.First, PathAccess.Change, paths, tree, isEntry: true);
        if (decision == RuleDecision.Allow)
        {
            return;
        }

        error = paths.Resolve(AT_FDCWD, address.UnixPath.Span, ResolveOptions.Entry | ResolveOptions.Stat, into.First);
        if (!error.IsSuccess)
        {
            into.Verdict = Verdict.Deny(error);
            return;
        }

        if (into.First.Exists)
        {
            Decline(into, Errno.EADDRINUSE);
            return;
        }

        into.Given = address.UnixPath;
        into.Resolved = into.First.CanonicalMemory;
        DenyPath(into, decision, ViolationSubject.Write, integrity: false);
    }

    private void JudgeListen(SyscallRequest request, ITraceeTree tree, Judgement into)
    {
        if ((_rules.Needs & FilterNeeds.Internet) == 0)
        {
            return;
        }

        var family = tree.FamilyBoundByListen(request.SocketFd);
        if (family == 0)
        {
            return;
        }

        // Any address, any port. What cannot be told is taken for the family that includes the other.
        var address = family == SocketAddress.Inet
            ? new SocketAddress(SocketAddress.Inet, 0, 0, 0, 0, default, SockaddrIn)
            : new SocketAddress(SocketAddress.Inet6, 0, 0, 0, 0, default, SockaddrIn6);
        var decision = _rules.DecideBind(address);
        if (decision != RuleDecision.Allow)
        {
            SetText(into, DestinationText.Address(address, into.Text));
            DenyPath(into, decision, ViolationSubject.Bind, integrity: false);
        }
    }
}
