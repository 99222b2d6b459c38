using System.CommandLine;
using TuneGrid.Cli.Backends;
using TuneGrid.Training.Torch.Devices;

namespace TuneGrid.Cli.Flags;

/// <summary><c>--backend</c> and <c>--device</c>, which go together.</summary>
internal sealed class BackendFlag
{
    private readonly Option<BackendKind> _backend = CommonOptions.Choice<BackendKind>(
        "--backend",
        "Whose training steps: native is our own engine, torch is libtorch ('tunegrid torch install' fetches it) [default: native]");
    private readonly Option<TorchDevice> _device = CommonOptions.Choice<TorchDevice>(
        "--device", "What torch computes on: mps is a Mac's GPU, cuda an NVIDIA card [default: cpu]");

    public BackendFlag AddTo(Command command)
    {
        command.Add(_backend);
        command.Add(_device);
        return this;
    }

    public BackendChoice Read(ParseResult parsed) => new(parsed.GetValue(_backend), parsed.GetValue(_device));
}
