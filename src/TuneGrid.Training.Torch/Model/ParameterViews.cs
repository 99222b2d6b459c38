using TorchSharp;
using TuneGrid.Training.Model;

namespace TuneGrid.Training.Torch.Model;

/// <summary>
/// Every parameter as a tensor over the arena that holds them all, so that an update or an average is one pass over one tensor.
/// </summary>
internal sealed class ParameterViews : IDisposable
{
    private readonly torch.Tensor[] _views;

    /// <param name="arena">[arena] the weights.</param>
    /// <param name="gradients">[arena without the lookup tables] where backward passes add up the gradients; null for weights that only
    /// score.</param>
    public ParameterViews(ModelLayout layout, torch.Tensor arena, torch.Tensor? gradients)
    {
        _views = [.. layout.Parameters.Select(p => View(p, arena, 0))];
        foreach (var parameter in layout.Parameters.Where(p => gradients is not null && !layout.IsLookup(p)))
        {
            using var gradient = View(parameter, gradients!, layout.DenseStart);
            _views[parameter.Index].requires_grad = true;
            _views[parameter.Index].grad = gradient;
        }
    }

    /// <summary>[rows, columns], or [columns] for a vector.</summary>
    public torch.Tensor this[Parameter parameter] => _views[parameter.Index];

    /// <summary>
    /// A parameter's part of a tensor that begins <paramref name="start"/> elements into the arena. The caller's to dispose.
    /// </summary>
    public static torch.Tensor View(Parameter parameter, torch.Tensor arena, long start)
    {
        using var part = arena.narrow(0, parameter.Offset - start, parameter.Count);
        using var shaped = parameter.IsMatrix ? part.view(parameter.Rows, parameter.Columns) : part.view(parameter.Count);
        // A leaf of its own: autograd need not know that the parameters lie side by side.
        return shaped.detach();
    }

    public void Dispose()
    {
        foreach (var view in _views)
            view.Dispose();
    }
}
