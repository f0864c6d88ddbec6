using System.Collections;

using Renci.SshNet;
using Renci.SshNet.Common;

namespace MeterLab.Orchestrator.Targets;

/// <summary>The keys that a login is tried with: files first, then the agent's.</summary>
internal sealed class Identities : IEnumerable<AuthenticationMethod>
{
    private readonly List<AuthenticationMethod> _methods = [];

    private Identities(string tried) => Tried = tried;

    /// <summary>What is tried, for a failure's text. Never a secret.</summary>
    public string Tried { get; }

    /// <summary>Loads them. Throws <see cref="TargetException"/> where the one file that was named cannot be used.</summary>
    public static Identities Load(ShellTarget target, string user, IReadOnlyList<string> files, bool explicitly)
    {
        var keys = new List<IPrivateKeySource>();
        var tried = new List<string>();
        foreach (var file in files)
        {
            try
            {
                keys.Add(new PrivateKeyFile(file));
                tried.Add(file);
            }
            catch (SshPassPhraseNullOrEmptyException) when (!explicitly || SshAgent.IsThere)
            {
                tried.Add($"{file} (has a passphrase: left to the agent)");
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or SshException)
            {
                if (explicitly)
                    throw target.Failure(TargetFailure.Denied, $"the identity {file} cannot be used: {e.Message}", e);
                tried.Add($"{file} ({e.Message})");
            }
        }

        foreach (var key in SshAgent.Keys())
        {
            keys.Add(key);
            tried.Add($"the agent's {key.Comment}");
        }

        var identities = new Identities(string.Join(", ", tried));
        if (keys.Count > 0)
            identities._methods.Add(new PrivateKeyAuthenticationMethod(user, [.. keys]));
        else
            identities._methods.Add(new NoneAuthenticationMethod(user));
        return identities;
    }

    /// <inheritdoc/>
    public IEnumerator<AuthenticationMethod> GetEnumerator() => _methods.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
