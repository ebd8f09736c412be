using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Catbox.Runtime.Hosting;

/// <summary>
/// Reads <see cref="CatboxOptions"/> from the host's configuration, where it has one, and checks them. By hand: the binder finds properties by
/// reflection, which a trimmed program has not kept, and it ignores a key that it does not know.
/// </summary>
internal sealed class CatboxOptionsSetup(IConfiguration? configuration = null) : IConfigureOptions<CatboxOptions>, IValidateOptions<CatboxOptions>
{
    /// <inheritdoc/>
    public void Configure(CatboxOptions options)
    {
        foreach (var entry in configuration?.GetSection(CatboxOptions.SectionName).GetChildren() ?? [])
        {
            if (entry.Key.Equals(nameof(CatboxOptions.TracerLoops), StringComparison.OrdinalIgnoreCase))
            {
                options.TracerLoops = Number(entry);
            }
            else if (entry.Key.Equals(nameof(CatboxOptions.MaxConcurrentSandboxes), StringComparison.OrdinalIgnoreCase))
            {
                options.MaxConcurrentSandboxes = string.IsNullOrEmpty(entry.Value) ? null : Number(entry);
            }
            else
            {
                throw new OptionsValidationException(
                    CatboxOptions.SectionName,
                    typeof(CatboxOptions),
                    [$"{entry.Path} is not known; there are {nameof(CatboxOptions.TracerLoops)} and {nameof(CatboxOptions.MaxConcurrentSandboxes)}"]);
            }
        }
    }

    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, CatboxOptions options)
    {
        var mistakes = options.Mistakes().ToList();
        return mistakes.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(mistakes);
    }

    private static int Number(IConfigurationSection entry) =>
        int.TryParse(entry.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new OptionsValidationException(
                CatboxOptions.SectionName, typeof(CatboxOptions), [$"{entry.Path} is \"{entry.Value}\"; it must be a number"]);
}
