namespace MeterLab.VirtualRig.World;

/// <summary>A service that the virtual machine knows: something in the background that draws power while it runs.</summary>
/// <param name="Name">Its unit: <c>backup.service</c>.</param>
/// <param name="Watts">What it adds behind the power supply while it runs.</param>
/// <param name="Running">Whether it runs from the beginning.</param>
public sealed record VirtualService(string Name, double Watts, bool Running = false);
