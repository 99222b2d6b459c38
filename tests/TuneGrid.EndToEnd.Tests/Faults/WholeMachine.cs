namespace TuneGrid.EndToEnd.Tests.Faults;

/// <summary>Tests that use all of a machine, or measure how fast it is: one after the other, and beside no others.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class WholeMachine
{
    public const string Name = "whole machine";
}
