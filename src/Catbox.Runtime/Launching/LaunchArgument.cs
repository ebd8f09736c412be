using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Catbox.Runtime.Launching;

/// <summary>An argument of a <see cref="LaunchStep"/>.</summary>
internal abstract record LaunchArgument
{
    /// <summary>A plain number.</summary>
    internal sealed record Number(ulong Value) : LaunchArgument
    {
        public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>A pointer to bytes that travel with the stub.</summary>
    internal sealed record Bytes(ImmutableArray<byte> Value) : LaunchArgument
    {
        public override string ToString() => Value.Length > 120
            ? $"[{Value.Length} bytes]"
            : Value.AsSpan().IndexOfAnyExcept((byte)0) < 0 && Value.Length > 1
            ? $"[{Value.Length} zeros]"
            : '"' + PathText.Escape(Value.AsSpan().TrimEnd((byte)0)) + '"';
    }

    /// <summary>A pointer to a structure of the kernel's, shown as the 64-bit words it is made of (and a 32-bit one at its end).</summary>
    internal sealed record Structure(ImmutableArray<byte> Value) : LaunchArgument
    {
        public override string ToString() => "{" + string.Join(", ", Value.Chunk(8).Select(static word => string.Create(
            CultureInfo.InvariantCulture, $"0x{(word.Length == 8 ? BitConverter.ToUInt64(word) : BitConverter.ToUInt32(word)):x}"))) + "}";
    }

    /// <summary>A pointer to a NULL-terminated array of strings (argv, envp).</summary>
    /// <param name="Value">The strings.</param>
    /// <param name="IsSecret">Shown by what stands before the <c>=</c> alone: an environment holds tokens.</param>
    internal sealed record Strings(ImmutableArray<GuestString> Value, bool IsSecret = false) : LaunchArgument
    {
        public override string ToString() =>
            "[" + string.Join(", ", Value.Select(v => IsSecret ? v.ToString().Split('=')[0] : PathText.Escape(v.Bytes))) + "]";
    }

    /// <summary>A pointer to struct sock_fprog over these instructions.</summary>
    internal sealed record Filter(ImmutableArray<byte> Instructions) : LaunchArgument
    {
        public override string ToString() => $"[filter, {Instructions.Length / 8} instructions]";
    }

    public static implicit operator LaunchArgument(ulong value) => new Number(value);

    public static implicit operator LaunchArgument(long value) => new Number((ulong)value);

    public static implicit operator LaunchArgument(int value) => new Number((ulong)(long)value);

    /// <summary>A pointer to a NUL-terminated string.</summary>
    public static LaunchArgument String(GuestString text) => new Bytes([.. text.Bytes, 0]);

    /// <summary>A pointer to a NUL-terminated string.</summary>
    public static LaunchArgument String(string text) => new Bytes([.. Encoding.UTF8.GetBytes(text), 0]);
}
