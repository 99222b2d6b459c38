using System.Reflection;
using System.Text.Json.Serialization;
using TuneGrid.Coordination.Ledger;

namespace TuneGrid.Coordination.Replaying;

/// <summary>What each kind of event is called in the ledger.</summary>
internal static class EventNames
{
    private static readonly Dictionary<Type, string> Names = typeof(StudyEvent).GetCustomAttributes<JsonDerivedTypeAttribute>()
        .ToDictionary(a => a.DerivedType, a => (string)a.TypeDiscriminator!);

    /// <summary>Returns for example <c>trial_promoted</c>.</summary>
    public static string Of(StudyEvent change) => Names[change.GetType()];
}
