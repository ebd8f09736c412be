using Akka.Hosting;
using Catbox.Runtime.Diagnostics;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Catbox.Runtime.Hosting;

/// <summary>Whether sandboxes can be run: the tracer threads answer, and the machine allows what they do.</summary>
internal sealed class CatboxHealthCheck : IAkkaHealthCheck
{
    /// <inheritdoc/>
    public async Task<HealthCheckResult> CheckHealthAsync(AkkaHealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var report = MachineReport.Probe();
        var data = report.Checks.ToDictionary(static check => check.Name, static object (check) => $"{check.State}: {check.Detail}");
        if (!report.CanRun)
        {
            var missing = report.Checks.Where(static check => check.IsRequired && check.State == MachineCheckState.Missing);
            return new HealthCheckResult(
                context.Registration.FailureStatus,
                string.Join("; ", missing.Select(static check => $"{check.Name}: {check.Detail}; {check.Without}")),
                data: data);
        }

        try
        {
            await CatboxExtension.Of(context.ActorSystem).Runner.HeartbeatAsync(cancellationToken).ConfigureAwait(false);
            return HealthCheckResult.Healthy("every tracer thread answers", data);
        }
        catch (Exception e) when (e is SandboxLaunchException or ObjectDisposedException or OperationCanceledException)
        {
            var why = e is OperationCanceledException ? "a tracer thread did not answer in time" : e.Message;
            return new HealthCheckResult(context.Registration.FailureStatus, why, e, data);
        }
    }
}
