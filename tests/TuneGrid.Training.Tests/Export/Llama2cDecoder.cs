using System.Text;

namespace TuneGrid.Training.Tests.Export;

/// <summary>llama2.c's program in small: reads its two files and writes greedy text. Texts are kept byte by byte, as Latin-1.</summary>
internal sealed class Llama2cDecoder
{
    private readonly int _width, _hidden, _depth, _heads, _vocabulary, _context;
    private readonly float[] _token, _gain1, _q, _k, _v, _out, _gain2, _gate, _down, _up, _gain, _head;
    private readonly string[] _texts;
    private readonly float[] _scores;
    private readonly List<float[]>[] _keys, _values;

    public Llama2cDecoder(string modelPath, string tokenizerPath)
    {
        using var model = new BinaryReader(File.OpenRead(modelPath));
        (_width, _hidden, _depth, _heads) = (model.ReadInt32(), model.ReadInt32(), model.ReadInt32(), model.ReadInt32());
        Assert.Equal(_heads, model.ReadInt32());
        var vocabulary = model.ReadInt32();
        (_vocabulary, _context) = (Math.Abs(vocabulary), model.ReadInt32());
        float[] Read(int count) => [.. Enumerable.Range(0, count).Select(_ => model.ReadSingle())];
        _token = Read(_vocabulary * _width);
        _gain1 = Read(_depth * _width);
        var square = _depth * _width * _width;
        (_q, _k, _v, _out) = (Read(square), Read(square), Read(square), Read(square));
        _gain2 = Read(_depth * _width);
        (_gate, _down, _up) = (Read(_depth * _width * _hidden), Read(_depth * _width * _hidden), Read(_depth * _width * _hidden));
        _gain = Read(_width);
        Read(_context * _width / _heads);
        _head = vocabulary > 0 ? _token : Read(_vocabulary * _width);
        Assert.Equal(model.BaseStream.Length, model.BaseStream.Position);

        using var tokenizer = new BinaryReader(File.OpenRead(tokenizerPath));
        var longest = tokenizer.ReadInt32();
        (_texts, _scores) = (new string[_vocabulary], new float[_vocabulary]);
        for (var i = 0; i < _vocabulary; i++)
            (_scores[i], _texts[i]) = (tokenizer.ReadSingle(), Encoding.Latin1.GetString(tokenizer.ReadBytes(tokenizer.ReadInt32())));
        Assert.Equal(tokenizer.BaseStream.Length, tokenizer.BaseStream.Position);
        Assert.Equal(longest, _texts.Max(t => t.Length));
        Assert.All(_texts, t => Assert.NotEmpty(t));
        _keys = [.. Enumerable.Range(0, _depth).Select(_ => new List<float[]>())];
        _values = [.. Enumerable.Range(0, _depth).Select(_ => new List<float[]>())];
    }

    public string Generate(string prompt, int steps)
    {
        var tokens = Encode(prompt);
        var text = new StringBuilder();
        for (var position = 0; position < Math.Min(steps, _context); position++)
        {
            var logits = Forward(tokens[position], position);
            if (position == tokens.Count - 1)
                tokens.Add(Array.IndexOf(logits, logits.Max()));
            if (tokens[position + 1] == 1)
                break;
            text.Append(_texts[tokens[position + 1]] is "<0x00>" ? "" : _texts[tokens[position + 1]]);
        }
        return Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(text.ToString()));
    }

    private List<int> Encode(string prompt)
    {
        var tokens = new List<int> { 1 };
        if (prompt.Length > 0)
            tokens.Add(Array.IndexOf(_texts, " "));
        foreach (var rune in prompt.EnumerateRunes())
        {
            var bytes = Encoding.UTF8.GetBytes(rune.ToString());
            var whole = Array.IndexOf(_texts, Encoding.Latin1.GetString(bytes));
            tokens.AddRange(whole >= 0 ? [whole] : bytes.Select(b => b + 3));
        }
        while (true)
        {
            var (best, at, score) = (-1, -1, -1e10f);
            for (var i = 0; i + 1 < tokens.Count; i++)
            {
                var id = Array.IndexOf(_texts, _texts[tokens[i]] + _texts[tokens[i + 1]]);
                if (id >= 0 && _scores[id] > score)
                    (best, at, score) = (id, i, _scores[id]);
            }
            if (best < 0)
                return tokens;
            tokens[at] = best;
            tokens.RemoveAt(at + 1);
        }
    }

    private double[] Forward(int token, int position)
    {
        var x = _token.AsSpan(token * _width, _width).ToArray();
        for (var block = 0; block < _depth; block++)
        {
            var input = Norm(x, _gain1, block);
            float[] q = Product(_q, block, input, _width), k = Product(_k, block, input, _width);
            Rotate(q, position);
            Rotate(k, position);
            _keys[block].Add(k);
            _values[block].Add(Product(_v, block, input, _width));
            Add(x, Product(_out, block, Attend(q, block), _width));
            input = Norm(x, _gain2, block);
            float[] gate = Product(_gate, block, input, _hidden), up = Product(_up, block, input, _hidden);
            Add(x, Product(_down, block, [.. gate.Zip(up, (g, u) => g / (1 + MathF.Exp(-g)) * u)], _width));
        }
        return [.. Product(_head, 0, Norm(x, _gain, 0), _vocabulary).Select(z => (double)z)];
    }

    private float[] Attend(float[] q, int block)
    {
        var size = _width / _heads;
        var result = new float[_width];
        for (var head = 0; head < _heads; head++)
        {
            var columns = Enumerable.Range(head * size, size).ToArray();
            var weights = _keys[block].Select(k => Math.Exp(columns.Sum(c => (double)q[c] * k[c]) / Math.Sqrt(size))).ToArray();
            foreach (var c in columns)
                result[c] = (float)(weights.Zip(_values[block], (w, v) => w * v[c]).Sum() / weights.Sum());
        }
        return result;
    }

    private void Rotate(float[] x, int position)
    {
        var size = _width / _heads;
        for (var i = 0; i < _width; i += 2)
        {
            var (sin, cos) = Math.SinCos(position * Math.Pow(10_000, -(i % size) / (double)size));
            (x[i], x[i + 1]) = ((float)((x[i] * cos) - (x[i + 1] * sin)), (float)((x[i] * sin) + (x[i + 1] * cos)));
        }
    }

    private float[] Norm(float[] x, float[] gain, int block)
    {
        var r = 1 / Math.Sqrt((x.Sum(v => (double)v * v) / _width) + 1e-5);
        return [.. x.Select((v, i) => (float)(v * r * gain[(block * _width) + i]))];
    }

    private static float[] Product(float[] weights, int block, float[] x, int outputs) =>
        [.. Enumerable.Range(block * outputs, outputs)
            .Select(row => (float)x.Select((v, i) => (double)v * weights[(row * x.Length) + i]).Sum())];

    private static void Add(float[] x, float[] y)
    {
        for (var i = 0; i < x.Length; i++)
            x[i] += y[i];
    }
}
