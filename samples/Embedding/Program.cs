// Runs `make -j4` (or the command that is given) so that it can write below the working directory only. `make docs-check` compares the region with the README.
var directory = Environment.CurrentDirectory;
using var interrupt = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    interrupt.Cancel();
};
return await Embedding.Example.RunAsync(args.Length > 0 ? args : ["make", "-j4"], directory, interrupt.Token);
