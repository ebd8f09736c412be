namespace Catbox.Policy.Enacting;

/// <summary>
/// How a call that was judged and allowed is made, so that what was judged is what happens: the kernel reads its arguments a second time, and
/// another thread may have changed them by then.
/// </summary>
internal enum EnactmentKind : byte
{
    /// <summary>The call goes on as it stands: nothing that was judged is read again (registers, descriptors that cannot lead elsewhere), or the
    /// session was told to judge and continue.</summary>
    AsItStands = 0,
    /// <summary>What was judged is written to a sealed slot in the guest, and the call's arguments point there.</summary>
    Slot,
    /// <summary>The tracer makes the call on the object that was judged, with the guest's credentials, and injects the result.</summary>
    OnBehalf,
}
