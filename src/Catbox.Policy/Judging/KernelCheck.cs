namespace Catbox.Policy.Judging;

/// <summary>One thing that the kernel looks at before it does a call.</summary>
/// <returns>The error that it answers with; none where it goes on.</returns>
internal delegate Errno KernelCheck(in CallFacts call);
