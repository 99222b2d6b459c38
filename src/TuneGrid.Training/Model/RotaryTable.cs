using TuneGrid.Training.Memory;

namespace TuneGrid.Training.Model;

/// <summary>Cosines and sines of the rotary embedding (RoFormer, arXiv:2104.09864): [positions, head width / 2] each.</summary>
internal sealed unsafe class RotaryTable : IDisposable
{
    private readonly NativeBuffer _cos, _sin;

    public RotaryTable(int positions, int headWidth, double rotaryBase)
    {
        var half = headWidth / 2;
        _cos = new((long)positions * half);
        _sin = new((long)positions * half);
        for (var position = 0; position < positions; position++)
        {
            for (var i = 0; i < half; i++)
            {
                var angle = position * Math.Pow(rotaryBase, -2.0 * i / headWidth);
                _cos.Data[(position * half) + i] = (float)Math.Cos(angle);
                _sin.Data[(position * half) + i] = (float)Math.Sin(angle);
            }
        }
    }

    public float* Cos => _cos.Data;

    public float* Sin => _sin.Data;

    public void Dispose()
    {
        _cos.Dispose();
        _sin.Dispose();
    }
}
