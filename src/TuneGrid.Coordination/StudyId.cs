namespace TuneGrid.Coordination;

/// <summary>A study's name in the store: the space's name and a short random tail, for example <c>gpt-k3f9</c>.</summary>
public readonly record struct StudyId(string Value)
{
    public override string ToString() => Value;
}
