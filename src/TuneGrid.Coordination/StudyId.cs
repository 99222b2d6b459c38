namespace TuneGrid.Coordination;

/// <summary>A study's name, unique in its store.</summary>
/// <param name="Value">
/// What its creator named it, or the space's name and a short random tail, for example <c>gpt-k3f9</c>.
/// </param>
public readonly record struct StudyId(string Value)
{
    /// <summary>Returns the name.</summary>
    public override string ToString() => Value;
}
