namespace TuneGrid.Coordination;

/// <summary>
/// The secret that goes with a lease beside its <see cref="Fence"/>: fences grow and can be guessed, so the number alone proves nothing.
/// </summary>
/// <param name="Secret">What the silo drew before it asked; known to it, to the coordinator and to the ledger.</param>
public readonly record struct LeaseToken(string Secret)
{
    /// <summary>Returns a word in its place: a token is never shown.</summary>
    public override string ToString() => "(secret)";
}
