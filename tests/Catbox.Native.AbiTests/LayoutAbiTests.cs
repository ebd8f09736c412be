using System.Reflection;
using System.Runtime.InteropServices;
using Catbox.Runtime.Native;
using Xunit;

namespace Catbox.Native.AbiTests;

/// <summary>The structures that go to the kernel or come from it, field by field against the C compiler.</summary>
public sealed class LayoutAbiTests
{
    private const BindingFlags Fields = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance;

    [SkippableFact]
    public void UserRegs_is_struct_user_regs_struct() =>
        Compare(typeof(UserRegs), "struct user_regs_struct", CHeaders.Library, name => name, wholeStruct: true);

    [SkippableFact]
    public void Rusage_is_struct_rusage() =>
        Compare(typeof(Rusage), "struct rusage", CHeaders.Library, static name => name switch
        {
            "utime_sec" => "ru_utime.tv_sec",
            "utime_usec" => "ru_utime.tv_usec",
            "stime_sec" => "ru_stime.tv_sec",
            "stime_usec" => "ru_stime.tv_usec",
            _ => "ru_" + name.TrimStart('_'),
        }, wholeStruct: false);

    [SkippableFact]
    public void SigAction_is_the_C_librarys_struct_sigaction() =>
        Compare(typeof(ChildSignal.SigAction), "struct sigaction", CHeaders.Library, name => name, wholeStruct: true);

    [SkippableFact]
    public void Poll_fd_is_struct_pollfd() =>
        Compare(typeof(Descriptors).GetNestedType("poll_fd", BindingFlags.NonPublic)!, "struct pollfd", CHeaders.Library, name => name, wholeStruct: true);

    [SkippableFact]
    public void Cap_header_is_struct___user_cap_header_struct() =>
        Compare(typeof(Credentials.cap_header), "struct __user_cap_header_struct", CHeaders.Kernel, name => name, wholeStruct: true);

    [SkippableFact]
    public void Cap_data_is_struct___user_cap_data_struct() =>
        Compare(typeof(Credentials.cap_data), "struct __user_cap_data_struct", CHeaders.Kernel, name => name, wholeStruct: true);

    [SkippableFact]
    public void Rlimit64_is_the_kernels_struct_rlimit64() =>
        Compare(typeof(Credentials.rlimit64), "struct rlimit64", [.. CHeaders.Kernel, "linux/resource.h"], name => name, wholeStruct: true);

    [SkippableTheory]
    [InlineData("Utimbuf", "struct utimbuf", "linux/utime.h")]
    [InlineData("XattrArgs", "struct xattr_args", "linux/xattr.h")]
    [InlineData("FileAttr", "struct file_attr", "linux/fs.h")]
    public void What_a_call_on_behalf_reads_of_a_guest_has_the_kernels_size(string ours, string theirs, string header)
    {
        CHeaders.SkipUnlessAnswering();
        Skip.IfNot(CHeaders.Declares(header, theirs), $"{header} is too old for {theirs}");
        Assert.Equal(
            CHeaders.Values(["linux/types.h", header], [("size", $"sizeof({theirs})")])["size"],
            Constant(typeof(Runtime.Tracing.Behalf.CallsOnBehalf), ours));
    }

    [SkippableTheory]
    [InlineData("posix_spawnattr_t", 1024)]
    [InlineData("posix_spawn_file_actions_t", 1024)]
    [InlineData("sigset_t", 128)]
    [InlineData("cpu_set_t", 128)]
    [InlineData("struct termios", 128)]
    public void What_is_opaque_to_us_has_room_for_what_the_C_library_keeps_there(string type, int room)
    {
        CHeaders.SkipUnlessAnswering();
        var ours = type switch
        {
            "sigset_t" => Spawn.SigsetSize,
            "struct termios" => Terminals.ModesSize,
            "cpu_set_t" => Sched.MaskBytes,
            _ => Constant(typeof(Spawn), "OpaqueSize"),
        };

        Assert.Equal(room, ours);
        Assert.InRange(CHeaders.Values(CHeaders.Library, [("size", $"sizeof({type})")])["size"], 1, room);
    }

    [SkippableFact]
    public void A_limit_is_two_words_as_the_launch_writes_them()
    {
        CHeaders.SkipUnlessAnswering();
        var values = CHeaders.Values(CHeaders.Library, [("cur", "offsetof(struct rlimit, rlim_cur)"), ("max", "offsetof(struct rlimit, rlim_max)")]);

        Assert.Equal((0L, 8L), (values["cur"], values["max"]));
    }

    [SkippableTheory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(255)]
    public void An_exit_is_told_as_the_C_library_tells_it(int code)
    {
        var status = WaitStatus.ForExit(code);

        Assert.Equal((1, code), (Ask("WIFEXITED", status), Ask("WEXITSTATUS", status)));
        Assert.True(status is { IsExited: true, IsSignaled: false, IsStopped: false });
    }

    [SkippableTheory]
    [InlineData(9, false)]
    [InlineData(11, true)]
    [InlineData(64, false)]
    public void A_death_by_a_signal_is_told_as_the_C_library_tells_it(int signal, bool core)
    {
        var status = WaitStatus.ForSignal(signal, core);

        Assert.Equal((1, signal, core), (Ask("WIFSIGNALED", status), Ask("WTERMSIG", status), Ask("WCOREDUMP", status) != 0));
        Assert.True(status is { IsExited: false, IsSignaled: true, IsStopped: false });
    }

    [SkippableTheory]
    [InlineData(5, 7)]
    [InlineData(19, 128)]
    [InlineData(11, 0)]
    public void A_stop_is_told_as_the_C_library_tells_it(int signal, int happened)
    {
        var status = WaitStatus.ForStop(signal, happened);

        Assert.Equal((1, signal), (Ask("WIFSTOPPED", status), Ask("WSTOPSIG", status) & 0xff));
        Assert.True(status is { IsExited: false, IsSignaled: false, IsStopped: true });
        Assert.Equal(happened, status.Event);
    }

    private static long Ask(string macro, WaitStatus status)
    {
        CHeaders.SkipUnlessAnswering();
        return CHeaders.Values(CHeaders.Library, [("value", $"{macro}({status.Raw})")])["value"];
    }

    private static int Constant(Type type, string name) => (int)type.GetField(name, BindingFlags.NonPublic | BindingFlags.Static)!.GetRawConstantValue()!;

    /// <summary>Each of our fields lies where C has it and is as long; and the structures are as long.</summary>
    private static void Compare(Type ours, string theirs, IReadOnlyList<string> headers, Func<string, string> nameInC, bool wholeStruct)
    {
        CHeaders.SkipUnlessAnswering();
        var fields = ours.GetFields(Fields).Where(field => wholeStruct || field.IsPublic).ToList();
        var expressions = fields
            .SelectMany(field => new[]
            {
                (field.Name + ".at", $"offsetof({theirs}, {nameInC(field.Name)})"),
                (field.Name + ".size", $"sizeof((({theirs} *)0)->{nameInC(field.Name)})"),
            })
            .Append(("struct", $"sizeof({theirs})"));
        var values = CHeaders.Values(headers, expressions);

        Assert.NotEmpty(fields);
        Assert.Equal([], fields
            .Select(field => (field.Name, At: (long)Marshal.OffsetOf(ours, field.Name), Size: (long)Marshal.SizeOf(field.FieldType)))
            .Where(field => field.At != values[field.Name + ".at"] || field.Size != values[field.Name + ".size"])
            .Select(field => $"{field.Name} is {field.Size} bytes at {field.At}; "
                + $"{theirs} has {values[field.Name + ".size"]} at {values[field.Name + ".at"]}"));
        Assert.Equal(values["struct"], Marshal.SizeOf(ours));
    }
}
