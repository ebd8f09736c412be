namespace Catbox.Policy.Judging;

/// <summary>What a violation was about; decides which hint a report gives.</summary>
public enum ViolationSubject : byte
{
    /// <summary>No violation.</summary>
    None = 0,
    /// <summary>A write outside (hint: <c>-p</c>).</summary>
    Write,
    /// <summary>A denied read.</summary>
    Read,
    /// <summary>A program that may not run.</summary>
    Execute,
    /// <summary>A socket that may not be made.</summary>
    Socket,
    /// <summary>A destination that may not be reached.</summary>
    Connect,
    /// <summary>An address that may not be bound.</summary>
    Bind,
    /// <summary>A signal or another call on a process outside.</summary>
    Process,
    /// <summary>A call that no policy allows.</summary>
    Call,
    /// <summary>A message queue that Landlock would not let be opened (hint: <c>-p</c> and no Landlock).</summary>
    Queue,
}
