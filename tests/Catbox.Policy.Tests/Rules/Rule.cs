using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Catbox.Policy.Rules;
using SocketAddress = Catbox.Policy.Decoding.SocketAddress;

namespace Catbox.Policy.Tests.Rules;

/// <summary>Short words for the tests of rules.</summary>
internal static class Rule
{
    public static CompiledPolicy Compile(SandboxPolicy policy, params string[] session)
        => CompiledPolicy.Compile(policy, new PolicyContext { SessionWritable = [.. session.Select(static s => System.Text.Encoding.UTF8.GetBytes(s).ToImmutableArray())] });

    public static RuleDecision Write(this CompiledPolicy policy, string path) => policy.DecidePath(Bytes(path), PathAccess.Write);

    public static RuleDecision Read(this CompiledPolicy policy, string path) => policy.DecidePath(Bytes(path), PathAccess.Read);

    public static RuleDecision Execute(this CompiledPolicy policy, string path) => policy.DecidePath(Bytes(path), PathAccess.Execute);

    public static byte[] Bytes(string path) => Encoding.UTF8.GetBytes(path);

    public static SocketAddress Address(string address, int port)
    {
        var ip = IPAddress.Parse(address);
        var bytes = ip.GetAddressBytes();
        return ip.AddressFamily == AddressFamily.InterNetwork
            ? new SocketAddress(SocketAddress.Inet, 0, BinaryPrimitives.ReadUInt32BigEndian(bytes), (ushort)port, 0, default, 16)
            : new SocketAddress(SocketAddress.Inet6, BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes.AsSpan(8)),
                (ushort)port, 0, default, 28);
    }

    public static SocketAddress Unix(string path)
        => new(SocketAddress.Unix, 0, 0, 0, 0, Bytes(path), Bytes(path).Length + 2);

    public static RuleDecision Connect(this CompiledPolicy policy, string address, int port) => policy.DecideConnect(Address(address, port), default);

    public static RuleDecision ConnectUnix(this CompiledPolicy policy, string path)
        => policy.DecideConnect(Unix(path), path.StartsWith('\0') ? default : Bytes(path));

    public static RuleDecision Bind(this CompiledPolicy policy, string address, int port) => policy.DecideBind(Address(address, port));
}
