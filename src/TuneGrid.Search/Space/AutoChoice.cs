namespace TuneGrid.Search.Space;

/// <summary>A choice that a space leaves open by <c>auto</c>, and why it was made so.</summary>
/// <param name="Name">As a space would name it, such as <c>gp</c> or <c>asha</c>.</param>
/// <param name="Why">For people, a sentence that begins with the name.</param>
public sealed record AutoChoice(string Name, string Why);
