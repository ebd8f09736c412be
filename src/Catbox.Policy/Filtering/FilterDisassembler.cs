using System.Globalization;
using System.Text;

namespace Catbox.Policy.Filtering;

/// <summary>A filter as text, one instruction a line: <c>12: jge 16 ? 20 : 13</c>, where the numbers behind the question are lines.</summary>
internal static class FilterDisassembler
{
    /// <summary>The listing of a program, lines ended by <c>\n</c>.</summary>
    public static string Disassemble(FilterProgram program)
    {
        ArgumentNullException.ThrowIfNull(program);
        var text = new StringBuilder();
        for (var line = 0; line < program.Instructions.Length; line++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{line,4}: {Describe(line, program.Instructions[line])}\n");
        }

        return text.ToString();
    }

    private static string Describe(int line, SockFilter at) => at.Code switch
    {
        Bpf.LoadWord => $"ld  {Word(at.K)}",
        Bpf.And => $"and 0x{at.K:x}",
        Bpf.Jump => $"ja  {line + 1 + at.K}",
        Bpf.JumpEqual => Branch("jeq", line, at),
        Bpf.JumpAtLeast => Branch("jge", line, at),
        Bpf.JumpAnyBit => Branch("jset", line, at),
        Bpf.Return => $"ret {Answer(at.K)}",
        _ => $"code 0x{at.Code:x} {at.Jt} {at.Jf} 0x{at.K:x}",
    };

    private static string Branch(string name, int line, SockFilter at) =>
        $"{name} {(at.K < 1024 ? $"{at.K}" : $"0x{at.K:x}")} ? {line + 1 + at.Jt} : {line + 1 + at.Jf}";

    private static string Word(uint offset) => offset switch
    {
        SeccompData.Number => "nr",
        SeccompData.Architecture => "arch",
        >= SeccompData.Args and < SeccompData.Size => $"args[{(offset - SeccompData.Args) / 8}].{(offset % 8 == 0 ? "low" : "high")}",
        _ => $"[{offset}]",
    };

    private static string Answer(uint value) => value switch
    {
        SeccompData.ReturnAllow => "ALLOW",
        SeccompData.ReturnTrace => "TRACE",
        SeccompData.ReturnKillProcess => "KILL_PROCESS",
        SeccompData.ReturnErrno => "ERRNO 0",
        > SeccompData.ReturnErrno and <= SeccompData.ReturnErrno + SeccompData.MaxErrno =>
            $"ERRNO {new Errno((int)(value - SeccompData.ReturnErrno))}",
        _ => $"0x{value:x}",
    };
}
