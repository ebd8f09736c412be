using System.Runtime.InteropServices;

namespace Catbox.Runtime.Native;

/// <summary>struct rusage (getrusage(2)); only what we read is named.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Rusage
{
    public long utime_sec, utime_usec, stime_sec, stime_usec;

    /// <summary>KiB.</summary>
    public long maxrss;
    private long _ixrss, _idrss, _isrss, _minflt, _majflt, _nswap, _inblock, _oublock, _msgsnd, _msgrcv, _nsignals, _nvcsw, _nivcsw;
}
