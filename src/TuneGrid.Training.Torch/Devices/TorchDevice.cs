namespace TuneGrid.Training.Torch.Devices;

/// <summary>What libtorch computes on.</summary>
public enum TorchDevice { Cpu, Cuda, Mps }

/// <summary>How matrix products are rounded; weights, norms, loss and update stay fp32.</summary>
public enum TorchPrecision { Fp32, Bf16 }
