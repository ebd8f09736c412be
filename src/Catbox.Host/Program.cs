using Catbox.Host;

return await CommandLine.InvokeAsync(args, CliContext.ForProcess()).ConfigureAwait(false);
