using TuneGrid.Search.Space;

namespace TuneGrid.Search.Sampling;

/// <summary>How one parameter stands in an encoded configuration.</summary>
internal sealed class SpaceAxis
{
    // Of a choice: its values in ascending order, or as in the file if they are texts.
    private readonly ParameterValue[] _values = [];

    public SpaceAxis(Parameter parameter, int first)
    {
        (Parameter, First, Width) = (parameter, first, 1);
        if (parameter is not ChoiceParameter choice)
        {
            Cells = UnitMapping.Count(parameter);
            IsOrdered = parameter is not BoolParameter;
            return;
        }
        IsOrdered = choice.Values.All(v => v.Kind is ValueKind.Integer or ValueKind.Real);
        _values = IsOrdered ? [.. choice.Values.OrderBy(v => v.Number)] : [.. choice.Values];
        Cells = _values.Length;
        Width = IsOrdered ? 1 : _values.Length;
    }

    public Parameter Parameter { get; }

    /// <summary>Its first column.</summary>
    public int First { get; }

    /// <summary>How many columns it has: one per value of a choice between texts or booleans, else 1.</summary>
    public int Width { get; }

    /// <summary>How many different values it has; 0 for a continuous one.</summary>
    public long Cells { get; }

    /// <summary>Whether neighbouring values are alike: numbers, and choices between numbers.</summary>
    public bool IsOrdered { get; }

    /// <summary>Whether its columns are one per value, of which one is 1 and the others are 0.</summary>
    public bool IsOneHot => Parameter is ChoiceParameter && !IsOrdered;

    /// <summary>Writes the value's columns.</summary>
    public void Encode(ParameterValue value, Span<double> vector)
    {
        if (Parameter is not ChoiceParameter)
            vector[First] = UnitMapping.ToUnit(Parameter, value);
        else if (IsOrdered)
            vector[First] = (Rank(value) + 0.5) / _values.Length;
        else
            OneHot(Array.IndexOf(_values, value), vector);
    }

    /// <summary>Writes the columns of a parameter that does not exist.</summary>
    public void EncodeAbsent(Span<double> vector)
    {
        if (IsOneHot)
            OneHot(-1, vector);
        else
            vector[First] = 0.5;
    }

    /// <summary>Returns the value that the columns are nearest to; anything is valid, beyond the cube too.</summary>
    public ParameterValue Decode(ReadOnlySpan<double> vector)
    {
        if (IsOneHot)
            return _values[Category(vector)];
        var unit = double.IsNaN(vector[First]) ? 0.5 : Math.Clamp(vector[First], 0, Math.BitDecrement(1.0));
        return Parameter is ChoiceParameter ? _values[(int)(unit * _values.Length)] : UnitMapping.ToValue(Parameter, unit);
    }

    /// <summary>Returns which value of a bool, or of a choice between texts, the columns stand for.</summary>
    public int Category(ReadOnlySpan<double> vector)
    {
        if (!IsOneHot)
            return vector[First] >= 0.5 ? 1 : 0;
        var best = 0;
        for (var i = 1; i < Width; i++)
        {
            if (vector[First + i] > vector[First + best])
                best = i;
        }
        return best;
    }

    /// <summary>Writes the columns of a bool, or of a choice between texts, that stand for one of its values.</summary>
    public void EncodeCategory(int category, Span<double> vector)
    {
        if (IsOneHot)
            OneHot(category, vector);
        else
            vector[First] = category;
    }

    /// <summary>Returns where the value lies on the axis: in [0, 1] where neighbours are alike, else which value it is, from 0.</summary>
    public double PointOf(ParameterValue value) =>
        IsOneHot ? Math.Max(0, Array.IndexOf(_values, value))
        : Parameter is ChoiceParameter ? (Rank(value) + 0.5) / _values.Length
        : UnitMapping.ToUnit(Parameter, value);

    /// <summary>Returns the value nearest to a point on the axis.</summary>
    public ParameterValue ValueAt(double point)
    {
        if (IsOneHot)
            return _values[(int)point];
        var unit = Math.Clamp(point, 0, Math.BitDecrement(1.0));
        return Parameter is ChoiceParameter ? _values[(int)(unit * _values.Length)] : UnitMapping.ToValue(Parameter, unit);
    }

    /// <summary>Returns the point of a number in [0, 1), uniform over the axis's values.</summary>
    public double PointOf(double unit) => IsOrdered ? unit : Math.Floor(unit * Cells);

    /// <summary>Returns one of the values of an axis that is not continuous, in ascending order.</summary>
    public ParameterValue Cell(long index) => Parameter switch
    {
        IntParameter p => ParameterValue.Of(p.Minimum + (p.Step * index)),
        FloatParameter { Step: { } step } p => ParameterValue.Of(Math.Min(p.Maximum, p.Minimum + (step * index))),
        FloatParameter p => ParameterValue.Of(p.Minimum),
        ChoiceParameter => _values[index],
        _ => ParameterValue.Of(index != 0),
    };

    private void OneHot(int hot, Span<double> vector)
    {
        for (var i = 0; i < Width; i++)
            vector[First + i] = i == hot ? 1 : 0;
    }

    /// <summary>The rank of the nearest value: a start point need not lie in the space.</summary>
    private int Rank(ParameterValue value)
    {
        var best = 0;
        for (var i = 1; i < _values.Length; i++)
        {
            if (Math.Abs(_values[i].Number - value.Number) < Math.Abs(_values[best].Number - value.Number))
                best = i;
        }
        return best;
    }
}
