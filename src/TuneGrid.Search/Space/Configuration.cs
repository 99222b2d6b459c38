using System.Collections;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;

namespace TuneGrid.Search.Space;

/// <summary>
/// A full assignment of values to parameter names, sampled and fixed ones alike, in the order of the search space. Immutable; equal by
/// content.
/// </summary>
public sealed class Configuration(ImmutableArray<KeyValuePair<string, ParameterValue>> values)
    : IReadOnlyDictionary<string, ParameterValue>, IEquatable<Configuration>
{
    /// <summary>The configuration without values.</summary>
    public static Configuration Empty { get; } = new([]);

    /// <inheritdoc/>
    public int Count => values.Length;

    /// <summary>The names, in the order of the space.</summary>
    public IEnumerable<string> Keys => values.Select(v => v.Key);

    /// <summary>The values, in the order of the space.</summary>
    public IEnumerable<ParameterValue> Values => values.Select(v => v.Value);

    /// <summary>Returns the value with this name.</summary>
    /// <exception cref="KeyNotFoundException">The configuration has no such parameter.</exception>
    public ParameterValue this[string key] =>
        TryGetValue(key, out var value) ? value : throw new KeyNotFoundException($"no parameter '{key}'");

    /// <inheritdoc/>
    public bool ContainsKey(string key) => TryGetValue(key, out _);

    /// <inheritdoc/>
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out ParameterValue value)
    {
        foreach (var pair in values)
        {
            if (pair.Key == key)
            {
                value = pair.Value;
                return true;
            }
        }
        value = default;
        return false;
    }

    /// <summary>Returns this configuration with <paramref name="name"/> set, in place if it is there and at the end if not.</summary>
    public Configuration With(string name, ParameterValue value)
    {
        for (var i = 0; i < values.Length; i++)
        {
            if (values[i].Key == name)
                return new(values.SetItem(i, new(name, value)));
        }
        return new(values.Add(new(name, value)));
    }

    /// <summary>Returns a new JSON object of names and values, in the order of the space.</summary>
    public JsonObject ToJson() => new(values.Select(v => new KeyValuePair<string, JsonNode?>(v.Key, v.Value.ToJson())));

    /// <inheritdoc/>
    public bool Equals(Configuration? other) =>
        other is not null && Count == other.Count && values.All(v => other.TryGetValue(v.Key, out var o) && o == v.Value);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Configuration);

    /// <inheritdoc/>
    public override int GetHashCode() => values.Aggregate(values.Length, (hash, v) => hash ^ HashCode.Combine(v.Key, v.Value));

    /// <summary>Returns for example <c>width=96, depth=2</c>.</summary>
    public override string ToString() => string.Join(", ", values.Select(v => $"{v.Key}={v.Value}"));

    /// <summary>Returns names and values, in the order of the space.</summary>
    public IEnumerator<KeyValuePair<string, ParameterValue>> GetEnumerator() => values.AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
