using Catbox.Host;
using Catbox.Runtime.Diagnostics;

HostDescriptors.Guard();
HostLimits.Prepare();
return await CommandLine.InvokeAsync(args, CliContext.ForProcess()).ConfigureAwait(false);
