namespace Catbox.Policy.Syscalls;

/// <summary>In which form a call is given times: those of access and of change (fs/utimes.c).</summary>
internal enum TimeForm : byte
{
    /// <summary>It is given none.</summary>
    None = 0,
    /// <summary>struct utimbuf: seconds.</summary>
    Utimbuf,
    /// <summary>Two struct timeval: microseconds.</summary>
    Timeval,
    /// <summary>Two struct timespec: nanoseconds, of which two values say now and leave it.</summary>
    Timespec,
}
