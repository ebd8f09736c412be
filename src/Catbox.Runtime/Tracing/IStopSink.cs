using System.Threading.Channels;

namespace Catbox.Runtime.Tracing;

/// <summary>Where the stops of one process go: a channel, and a way to say that something is in it.</summary>
internal interface IStopSink
{
    /// <summary>The process's stops. Unbounded, and bounded by nature: a task has at most one open stop, and one exit.</summary>
    ChannelWriter<RawStop> Stops { get; }

    /// <summary>Called on the tracer thread after a stop was written; allocates nothing.</summary>
    void Notify();
}
