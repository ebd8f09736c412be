using Catbox.Policy.Decoding;
using Catbox.Policy.Enacting;
using Catbox.Policy.Paths;

namespace Catbox.Runtime.Tracing;

/// <summary>
/// What actors see of a tracer: commands go in, the memory and the paths of a stopped guest can be asked for. The real one is
/// <see cref="TracerLoop"/>; tests script another.
/// </summary>
internal interface ITracerPort
{
    /// <summary>Asks for something. From any thread; on the tracer thread it is carried out before the next wait.</summary>
    void Send(in TracerCommand command);

    /// <summary>The memory of a process, seen from a stopped thread of it. Valid until the next call of this method.</summary>
    ITraceeMemory MemoryOf(int pid, int tid);

    /// <summary>Path resolution as a stopped thread sees it. Valid until the next call of this method.</summary>
    IPathResolver PathsOf(int pid, int tid);

    /// <summary>
    /// Whether the judgement that was just made came to a file system that may not answer. It is void then: the question is asked elsewhere, the stop stays, and when
    /// there is an answer the guest comes to its call again.
    /// </summary>
    /// <param name="pid">The process.</param>
    /// <param name="tid">The stopped thread, that of the last <see cref="PathsOf"/>.</param>
    /// <param name="sequence">Its stop.</param>
    bool AsksElsewhere(int pid, int tid, long sequence);

    /// <summary>Makes calls in the place of a stopped thread. Valid until the next call of this method.</summary>
    ICallsOnBehalf CallsOf(int pid, int tid);

    /// <summary>Makes a judged call with its arguments in a slot of the guest: this resolves the stop. On the tracer thread.</summary>
    /// <param name="tid">The stopped thread.</param>
    /// <param name="sequence">Its stop; nothing happens when that is over.</param>
    /// <param name="call">The call; changed by it, and not kept.</param>
    void MakeInSlot(int tid, long sequence, SlotCall call);

    /// <summary>Whether a stopped thread may share its descriptors with another task, which could exchange one between a judgement and the call. True where that cannot be told.</summary>
    bool SharesDescriptors(int tid) => true;

    /// <summary>The questions about a live process that only the kernel can answer.</summary>
    ITraceeInspector Inspector { get; }
}
