namespace MeterLab.MeterDrivers.Scanning;

/// <summary>An opener that can look for meters where they are not named. It reads only.</summary>
public interface IMeterScanner : IMeterOpener
{
    /// <summary>
    /// Asks every place and tells what answers. Every question has a deadline; <paramref name="progress"/> is told where it is, in words. Throws
    /// <see cref="Measurement.ConfigurationException"/> for a place that cannot be scanned, and <see cref="LinkException"/> where the wire itself is not there.
    /// </summary>
    Task<ScanReport> ScanAsync(ScanRequest request, MeterEnvironment environment, IProgress<string>? progress, CancellationToken cancellationToken);
}
