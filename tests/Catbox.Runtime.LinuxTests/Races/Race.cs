using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Catbox.Policy.Landlock;
using Catbox.Policy.Rules;

namespace Catbox.Runtime.LinuxTests.Races;

/// <summary>
/// One guest of tests/guests/race_*.c with one call, and what stands outside for it to change. Whether it has won is not the guest's to say: the test
/// looks at the file system and at what its receiver got.
/// </summary>
internal sealed class Race : IDisposable
{
    private const UnixFileMode SetUidAndReadable = UnixFileMode.SetUser
        | UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    // A scratch that goes by two processes would take longer than most races.
    private readonly string _root = Directory.CreateTempSubdirectory("catbox-race-").FullName;
    private readonly string _mechanism;
    private readonly string _call;
    private readonly string _inside;
    private readonly string _outside;
    private readonly string _object;
    private readonly Socket? _receiver;
    private readonly Socket? _allowed;

    public Race(string mechanism, string call)
    {
        (_mechanism, _call) = (mechanism, call);
        _outside = Directory.CreateDirectory(Path.Combine(_root, "out")).FullName;
        _inside = Directory.CreateDirectory(mechanism == "race_moved_parent" ? Path.Combine(_outside, "in") : Path.Combine(_root, "in")).FullName;
        _object = Path.Combine(_outside, "t");
        switch (call.Replace("flipped-", "", StringComparison.Ordinal))
        {
            case "connect-internet":
                (_allowed, _receiver) = (Loopback(_inside), Loopback(_outside));
                break;
            case "connect":
                _receiver = Receiver(SocketType.Stream);
                _receiver.Listen(16);
                break;
            case "sendto" or "sendmsg" or "sendmmsg" or "sendmsg-name":
                _receiver = Receiver(SocketType.Dgram);
                break;
            case "execve":
                Unconfined.Run(Guests.Build(mechanism), Arguments("prepare", 0)).Succeeded();
                break;
            case "rmdir":
                Directory.CreateDirectory(_object);
                break;
            case var _ when !MakesObject:
                File.WriteAllText(_object, "outside");
                File.SetUnixFileMode(_object, SetUidAndReadable);
                break;
        }
    }

    /// <summary>Whether the outside is no longer as it was.</summary>
    public bool IsWon => _receiver is not null ? _receiver.Poll(0, SelectMode.SelectRead) : IsMade == MakesObject || _call switch
    {
        _ when MakesObject => false,
        "open" or "creat" or "openat2" or "open-trunc" or "openat2-how" or "truncate" or "flipped-open" or "flipped-creat" or "flipped-openat2" =>
            new FileInfo(_object).Length == 0,
        "chmod" or "fchmod" => (File.GetUnixFileMode(_object) & UnixFileMode.OtherRead) == 0,
        "chown" or "fchown" => (File.GetUnixFileMode(_object) & UnixFileMode.SetUser) == 0,
        "utimensat" or "futimens" => File.GetLastWriteTimeUtc(_object).Year == 2001,
        "setxattr" or "fsetxattr" => Paths.Libc.HasAttribute(_object, "user.catbox"),
        "link-from" => File.Exists(Path.Combine(_inside, "moved")) && File.ReadAllText(Path.Combine(_inside, "moved")) == "outside",
        "execve" => File.Exists(Path.Combine(_inside, "executed")),
        _ => false,
    };

    /// <summary>Whether the call makes what it names, where nothing was.</summary>
    private bool MakesObject => _mechanism != RaceTable.Restart
        && _call is "open" or "creat" or "rename-to" or "mkdir" or "link" or "symlink" or "mknod" or "bind";

    // A link that leads nowhere is there too.
    private bool IsMade => Directory.EnumerateFileSystemEntries(_outside).Contains(_object);

    /// <summary>What a confined run of it is.</summary>
    public SandboxSpec Spec(int tries) => new()
    {
        Command = [Guests.Build(_mechanism), .. Arguments("race", tries).Select(GuestString.FromString)],
        WorkingDirectory = _inside,
        StandardInput = GuestStream.Null,
        StandardOutput = GuestStream.Piped,
        StandardError = GuestStream.Piped,
        MaxViolationsKept = 1,
        // What the tracer holds by itself.
        Landlock = LandlockMode.Off,
        Policy = new SandboxPolicy
        {
            Writable = [_inside],
            // So that programs, and under race_restart reads, are judged at all.
            DenyExecute = [_object],
            DenyRead = _mechanism == RaceTable.Restart ? [Path.Combine(_outside, "secret")] : [],
            NetworkRules = _allowed is null ? [] : [Only(_allowed)],
        },
    };

    /// <summary>Runs it without a sandbox.</summary>
    public UnconfinedRun RunUnconfined(int tries) => Unconfined.Run(Guests.Build(_mechanism), Arguments("race", tries), _inside).Succeeded();

    public void Dispose()
    {
        _receiver?.Dispose();
        _allowed?.Dispose();
        Directory.Delete(_root, recursive: true);
    }

    private ImmutableArray<string> Arguments(string mode, int tries) =>
        [mode, _call, tries.ToString(CultureInfo.InvariantCulture), _inside, _outside];

    private Socket Receiver(SocketType type)
    {
        var socket = new Socket(AddressFamily.Unix, type, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(_object));
        return socket;
    }

    private static Socket Loopback(string directory)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        File.WriteAllText(Path.Combine(directory, "port"), Port(socket).ToString(CultureInfo.InvariantCulture));
        return socket;
    }

    private static ushort Port(Socket socket) => (ushort)((IPEndPoint)socket.LocalEndPoint!).Port;

    private static NetworkRule Only(Socket socket) => new(true, IPNetwork.Parse("127.0.0.1/32"), Port(socket), Port(socket), NetworkDirection.Connect, null);
}
