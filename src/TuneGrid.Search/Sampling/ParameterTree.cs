using System.Collections.Immutable;
using TuneGrid.Search.Space;

namespace TuneGrid.Search.Sampling;

/// <summary>Which parameters exist given the values of those they depend on.</summary>
internal sealed class ParameterTree
{
    private readonly SearchSpace _space;

    // Per parameter: where the searched one stands that it depends on, -1 for none.
    private readonly int[] _parents;

    // Of parameters that depend on a fixed value, or on nothing: whether they exist.
    private readonly bool[] _always;

    public ParameterTree(SearchSpace space)
    {
        _space = space;
        var names = space.Parameters.Select(p => p.Name).ToList();
        _parents = [.. space.Parameters.Select(p => p.When is { } when ? names.IndexOf(when.Parameter) : -1)];
        _always = [.. space.Parameters.Select(p => p.When is not { } when
            || (space.Fixed.TryGetValue(when.Parameter, out var value) && when.Values.Contains(value)))];
        Order = ParentsFirst();
    }

    /// <summary>The indices of the parameters, each after the one it depends on: a file may name it before.</summary>
    public ImmutableArray<int> Order { get; }

    /// <summary>Returns whether a parameter exists beside the values drawn so far.</summary>
    public bool Exists(int index, ReadOnlySpan<ParameterValue?> drawn) =>
        _parents[index] < 0 ? _always[index]
        : drawn[_parents[index]] is { } value && _space.Parameters[index].When!.Values.Contains(value);

    /// <summary>Returns the configuration of these values and the space's fixed ones.</summary>
    public Configuration Compose(ReadOnlySpan<ParameterValue?> drawn)
    {
        var parameters = _space.Parameters;
        var values = ImmutableArray.CreateBuilder<KeyValuePair<string, ParameterValue>>(parameters.Length + _space.Fixed.Count);
        for (var index = 0; index < parameters.Length; index++)
        {
            if (drawn[index] is { } value)
                values.Add(new(parameters[index].Name, value));
        }
        values.AddRange(_space.Fixed);
        return new(values.DrainToImmutable());
    }

    private ImmutableArray<int> ParentsFirst()
    {
        var order = ImmutableArray.CreateBuilder<int>(_parents.Length);
        for (var before = -1; order.Count > before;)
        {
            before = order.Count;
            for (var index = 0; index < _parents.Length; index++)
            {
                if (!order.Contains(index) && (_parents[index] < 0 || order.Contains(_parents[index])))
                    order.Add(index);
            }
        }
        return order.DrainToImmutable();
    }
}
