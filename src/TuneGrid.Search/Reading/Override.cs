using System.Globalization;
using System.Text;
using TuneGrid.Search.Reading.Json;

namespace TuneGrid.Search.Reading;

/// <summary>Sets one field of a file from the command line: <c>parameters.width.max=128</c>.</summary>
internal static class Override
{
    private const int MaxTextLength = 10_000;
    private const int MaxPathDepth = 8;

    public static void Apply(LocatedNode root, string text, ProblemList problems)
    {
        var source = new JsonSource($"--set {Quoted.Shorten(text)}", text.Length > MaxTextLength ? "" : text);
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        var path = equals > 0 ? text[..equals].Split('.') : [];
        if (text.Length > MaxTextLength || path.Length is 0 or > MaxPathDepth || path.Any(string.IsNullOrWhiteSpace))
        {
            problems.Add(new(source, 0, ""), "expected PATH=VALUE, for example budget.seconds=60");
            return;
        }
        if (FindParent(root, path, source, problems) is not { } parent)
            return;
        var place = new Place(source, OffsetOf(path, path.Length - 1), JsonPointer.Append(parent.Place.Pointer, path[^1]));
        var value = ReadValue(source, Encoding.UTF8.GetByteCount(text.AsSpan(0, equals + 1)), text[(equals + 1)..], place.Pointer);
        Set(parent, path[^1], place, value, problems);
        RemoveAlternatives(root, path);
    }

    private static LocatedNode? FindParent(LocatedNode root, string[] path, JsonSource source, ProblemList problems)
    {
        var node = root;
        for (var i = 0; i < path.Length - 1; i++)
        {
            var place = new Place(source, OffsetOf(path, i), JsonPointer.Append(node.Place.Pointer, path[i]));
            var child = node.Kind == NodeKind.Object ? node.Find(path[i]) : ItemOf(node, path[i]);
            if (child is null && node.Kind == NodeKind.Object)
                node.Members.Add(new(path[i], place, child = new(NodeKind.Object, place)));
            if (child is not { Kind: NodeKind.Object or NodeKind.Array })
            {
                problems.Add(
                    place,
                    child is null ? $"there is no item '{Quoted.Shorten(path[i])}' here" : $"this is {child}: nothing in it can be set");
                return null;
            }
            node = child;
        }
        return node;
    }

    private static void Set(LocatedNode parent, string name, Place place, LocatedNode value, ProblemList problems)
    {
        if (parent.Kind == NodeKind.Array)
        {
            if (ItemOf(parent, name) is { } item)
                parent.Items[parent.Items.IndexOf(item)] = value;
            else
                problems.Add(place, $"expected the index of an item, from 0 to {parent.Items.Count - 1}");
            return;
        }
        var index = parent.Members.FindIndex(m => m.Name == name);
        if (index >= 0)
            parent.Members[index] = new(name, place, value);
        else
            parent.Members.Add(new(name, place, value));
    }

    /// <summary>A budget has one unit, and a parameter is searched or fixed: what the override names takes the other's place.</summary>
    private static void RemoveAlternatives(LocatedNode root, string[] path)
    {
        if (path is ["budget", _])
            root.Find("budget")!.Members.RemoveAll(m => m.Name != path[1]);
        else if (path is ["fixed", _])
            root.Find("parameters")?.Members.RemoveAll(m => m.Name == path[1]);
        else if (path is ["parameters", _])
            root.Find("fixed")?.Members.RemoveAll(m => m.Name == path[1]);
    }

    /// <summary>Reads the value that stands at the end of a source.</summary>
    /// <param name="offset">In bytes, where <paramref name="text"/> begins.</param>
    public static LocatedNode ReadValue(JsonSource source, int offset, string text, string pointer)
    {
        // What is no JSON is a text, so that --set corpus=tinystories needs no quotes.
        var silent = new ProblemList(source.Name);
        return LocatedJson.Parse(source, silent, offset, pointer) is { } node && silent.IsEmpty
            ? node
            : new(NodeKind.Text, new(source, offset, pointer), text);
    }

    private static LocatedNode? ItemOf(LocatedNode node, string index) =>
        int.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out var i) && i < node.Items.Count ? node.Items[i] : null;

    private static int OffsetOf(string[] path, int segment) => path.Take(segment).Sum(s => Encoding.UTF8.GetByteCount(s) + 1);
}
