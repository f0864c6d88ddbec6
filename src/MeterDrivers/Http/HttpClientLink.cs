using System.Net;
using System.Net.Sockets;

using MeterLab.Measurement.Clocks;
using MeterLab.MeterDrivers.Links;
using MeterLab.MeterDrivers.Profiles;

namespace MeterLab.MeterDrivers.Http;

/// <summary>
/// Asks one device over HTTP: one question at a time, with a deadline over the whole answer, a bound on its length, and stamps around it. Follows
/// no redirection, uses no proxy, keeps no cookies. A question that ran out of time takes its connection with it, so that no late answer can be
/// taken for another. Never retries an answer; the stack asks again where a kept connection turns out to be closed, and the bracket covers that.
/// </summary>
internal sealed class HttpClientLink : IDisposable
{
    private readonly HttpMessageInvoker _client;
    private readonly Uri _base;
    private readonly HttpOptions _options;
    private readonly IHostClock _clock;
    private readonly Deadline _deadline;
    private readonly byte[] _buffer;

    /// <summary>Takes the device's place; nothing is sent yet.</summary>
    public HttpClientLink(string host, int port, HttpOptions options, IHostClock clock, TimeProvider time)
    {
        (_options, _clock) = (options, clock);
        _base = new UriBuilder(Uri.UriSchemeHttp, host, port).Uri;
        Name = host.Contains(':', StringComparison.Ordinal) ? $"[{host}]:{port}" : $"{host}:{port}";
        _deadline = new Deadline(time);
        _buffer = new byte[options.MaxReply + 1];
        _client = new HttpMessageInvoker(Handler(_base, options));
    }

    /// <summary>For messages: <c>10.0.0.20:80</c>.</summary>
    public string Name { get; }

    /// <summary>
    /// Asks for a path. The answer's bytes are good until the next question; null where the device has no such path (404, or 400 and 500, with
    /// which some devices answer about a component that they lack, if <paramref name="optional"/>). Throws <see cref="LinkException"/> and <see cref="MeterException"/>.
    /// </summary>
    public async ValueTask<HttpReply?> GetAsync(string path, bool optional, CancellationToken cancellationToken)
    {
        var token = _deadline.Start(_options.Timeout, cancellationToken);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_base, WithQuery(path)));
            var before = _clock.MonotonicNs;
            using var response = await _client.SendAsync(request, token).ConfigureAwait(false);
            if (!response.IsSuccessStatusCode)
                return IsAbsent(response.StatusCode, optional) ? null : throw Refused(path, response);
            var length = await BodyAsync(path, response, token).ConfigureAwait(false);
            return new HttpReply(_buffer.AsMemory(0, length), before, _clock.MonotonicNs);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new LinkException(
                LinkFailure.TimedOut, $"{Name}{path}: no whole answer within {_options.Timeout.TotalSeconds:0.###} s. Is the device on, and the address right?", e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException)
        {
            throw Failed(path, e);
        }
        finally
        {
            _deadline.Stop();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _client.Dispose();
        _deadline.Dispose();
    }

    private static SocketsHttpHandler Handler(Uri device, HttpOptions options)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            MaxConnectionsPerServer = 1,
            MaxResponseHeadersLength = 16,
            ConnectTimeout = options.Timeout,
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),
        };
        if (options.Password is not { } password || options.Authentication is not (HttpAuthentication.Basic or HttpAuthentication.Digest))
            return handler;
        // By its name: a device that suddenly asks for the password in the clear does not get it.
        handler.Credentials = new CredentialCache { { device, options.Authentication.ToString(), new NetworkCredential(options.User, password) } };
        handler.PreAuthenticate = options.Authentication == HttpAuthentication.Basic;
        return handler;
    }

    private async ValueTask<int> BodyAsync(string path, HttpResponseMessage response, CancellationToken token)
    {
        var stream = await response.Content.ReadAsStreamAsync(token).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            var length = 0;
            while (length < _buffer.Length)
            {
                var count = await stream.ReadAsync(_buffer.AsMemory(length), token).ConfigureAwait(false);
                if (count == 0)
                {
                    return length == response.Content.Headers.ContentLength.GetValueOrDefault(length)
                        ? length
                        : throw new LinkException(LinkFailure.Corrupt, $"{Name}{path}: the answer broke off after {length} bytes.");
                }

                length += count;
            }
        }

        throw new MeterException(MeterFailure.Protocol, $"{Name}{path}: the answer is longer than {_options.MaxReply} bytes. Is it the device that the model names?");
    }

    private string WithQuery(string path)
    {
        if (_options.Authentication != HttpAuthentication.Query || _options.Password is not { } password)
            return path;
        var mark = path.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        return $"{path}{mark}user={Uri.EscapeDataString(_options.User)}&password={Uri.EscapeDataString(password)}";
    }

    private static bool IsAbsent(HttpStatusCode status, bool optional) =>
        optional && status is HttpStatusCode.NotFound or HttpStatusCode.BadRequest or HttpStatusCode.InternalServerError or HttpStatusCode.NotImplemented;

    private MeterException Refused(string path, HttpResponseMessage response)
    {
        var status = (int)response.StatusCode;
        var words = status switch
        {
            401 or 403 => _options.Password is null
                ? "it wants a password: write password=env:NAME into the address"
                : "it does not accept this name and password (or asks for them in another way than the profile says)",
            >= 300 and < 400 => "it sends to another place, which is not followed. Write the device's own address",
            404 => "it has no such path. Is the model right?",
            503 or 429 => "it is too busy",
            _ => "see the device's manual",
        };
        return new MeterException(MeterFailure.Refused, $"{Name}{path}: the device refused with status {status}: {words}.");
    }

    private LinkException Failed(string path, Exception e)
    {
        var socket = e as SocketException ?? e.InnerException as SocketException;
        return socket?.SocketErrorCode switch
        {
            SocketError.ConnectionRefused => new LinkException(LinkFailure.Unreachable, $"{Name}: the host is there but refuses the connection. Is the port right?", e),
            SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain =>
                new LinkException(LinkFailure.Unreachable, $"{Name}: there is no host of this name. Check the spelling, or write its address.", e),
            SocketError.HostUnreachable or SocketError.NetworkUnreachable or SocketError.HostDown =>
                new LinkException(LinkFailure.Unreachable, $"{Name}: no way leads to the host. Is it on, and in this network?", e),
            // The connection is made anew for each question where it has to be: this one is lost, the next may do.
            _ => new LinkException(LinkFailure.Corrupt, $"{Name}{path}: the connection or the answer broke off: {e.Message}", e),
        };
    }
}
