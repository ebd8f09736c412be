using System.Globalization;
using System.Reflection;
using Catbox.Policy.Filtering;
using Catbox.Testing;
using Xunit;

namespace Catbox.Native.AbiTests;

/// <summary>The numbers that the filter compares with, and its opcodes, against the kernel's headers.</summary>
public sealed class FilterAbiTests
{
    private const string Headers =
        """
        #include <stdio.h>
        #include <stddef.h>
        #include <linux/fcntl.h>
        #include <sys/ioctl.h>
        #include <sys/socket.h>
        #include <sys/resource.h>
        #include <netinet/in.h>
        #include <asm/termbits.h>
        #include <linux/audit.h>
        #include <linux/fiemap.h>
        #include <linux/filter.h>
        #include <linux/fs.h>
        #include <linux/fscrypt.h>
        #include <linux/fsverity.h>
        #include <linux/hdreg.h>
        #include <linux/netlink.h>
        #include <linux/prctl.h>
        #include <linux/random.h>
        #include <linux/sched.h>
        #include <linux/seccomp.h>
        #include <linux/serial.h>
        #include <linux/sockios.h>
        #include <linux/userfaultfd.h>

        """;

    [SkippableFact]
    public void Every_constant_of_the_register_tests_is_the_header_s()
    {
        Skip.IfNot(CCompiler.TryFind(out _), CCompiler.Missing);
        // What bears a name of the kernel's is in capitals; a name that these headers lack (an older kernel's, an enumerator) is passed over.
        var ours = Constants("RegisterTests").Where(c => c.Key.All(l => char.IsAsciiLetterUpper(l) || char.IsAsciiDigit(l) || l == '_')).ToList();

        var header = Print(string.Concat(ours.Select(c => $"#ifdef {c.Key}\n    printf(\"{c.Key} %lld\\n\", (long long)({c.Key}));\n#endif\n")));

        // The requests of ioctl and the options of sockets are tables of their own, and TableAbiTests'.
        Assert.True(header.Count > 70, $"only {header.Count} of {ours.Count} constants are in the headers");
        Assert.Equal([], ours.Where(c => header.TryGetValue(c.Key, out var value) && (uint)value != (uint)c.Value)
            .Select(c => $"{c.Key} is 0x{header[c.Key]:x}, not 0x{c.Value:x}"));
    }

    [SkippableFact]
    public void Opcodes_offsets_and_answers_are_the_header_s()
    {
        Skip.IfNot(CCompiler.TryFind(out _), CCompiler.Missing);
        Dictionary<string, string> expressions = new()
        {
            ["LoadWord"] = "BPF_LD | BPF_W | BPF_ABS",
            ["And"] = "BPF_ALU | BPF_AND | BPF_K",
            ["Jump"] = "BPF_JMP | BPF_JA",
            ["JumpEqual"] = "BPF_JMP | BPF_JEQ | BPF_K",
            ["JumpAtLeast"] = "BPF_JMP | BPF_JGE | BPF_K",
            ["JumpAnyBit"] = "BPF_JMP | BPF_JSET | BPF_K",
            ["Return"] = "BPF_RET | BPF_K",
            ["Number"] = "offsetof(struct seccomp_data, nr)",
            ["Architecture"] = "offsetof(struct seccomp_data, arch)",
            ["Args"] = "offsetof(struct seccomp_data, args)",
            ["Size"] = "sizeof(struct seccomp_data)",
            ["ReturnKillProcess"] = "SECCOMP_RET_KILL_PROCESS",
            ["ReturnErrno"] = "SECCOMP_RET_ERRNO",
            ["ReturnTrace"] = "SECCOMP_RET_TRACE",
            ["ReturnAllow"] = "SECCOMP_RET_ALLOW",
            ["MaxInstructions"] = "BPF_MAXINSNS",
            ["InstructionSize"] = "sizeof(struct sock_filter)",
        };
        var ours = Constants("Bpf").Concat(Constants("SeccompData")).Concat(Constants("FilterProgram"))
            .Where(c => c.Key != "MaxErrno").ToDictionary(c => c.Key, c => c.Value);

        var header = Print(string.Concat(expressions.Select(e => $"    printf(\"{e.Key} %lld\\n\", (long long)({e.Value}));\n")));

        Assert.Equal(header.OrderBy(c => c.Key, StringComparer.Ordinal), ours.OrderBy(c => c.Key, StringComparer.Ordinal));
    }

    private static Dictionary<string, long> Constants(string type) =>
        typeof(FilterCompiler).Assembly.GetType("Catbox.Policy.Filtering." + type, throwOnError: true)!
            .GetFields(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public)
            .Where(field => field.IsLiteral)
            .ToDictionary(field => field.Name, field => Convert.ToInt64(field.GetRawConstantValue(), CultureInfo.InvariantCulture));

    private static Dictionary<string, long> Print(string statements) =>
        CCompiler.BuildAndRun($"{Headers}int main(void)\n{{\n{statements}    return 0;\n}}\n")
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' '))
            .ToDictionary(words => words[0], words => long.Parse(words[1], CultureInfo.InvariantCulture));
}
