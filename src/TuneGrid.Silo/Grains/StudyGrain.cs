using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Placement;
using Orleans.Utilities;
using TuneGrid.Coordination;
using TuneGrid.Coordination.Studies;
using TuneGrid.Coordination.Trials;
using TuneGrid.Coordination.Work;
using TuneGrid.Search.Scheduling;

namespace TuneGrid.Silo.Grains;

/// <inheritdoc cref="IStudyGrain"/>
[PreferLocalPlacement, GrainType("study")]
internal sealed partial class StudyGrain : Grain, IStudyGrain
{
    private static readonly TimeSpan ObserverPatience = TimeSpan.FromMinutes(2);
    private readonly GrainServices _grid;
    private readonly ClusterFleet _fleet;
    private readonly LedgerCoordinator _coordinator;
    private readonly ObserverManager<IStudyObserver> _observers = new(ObserverPatience, NullLogger.Instance);
    private readonly CancellationTokenSource _deactivated = new();

    public StudyGrain(GrainServices grid, ISiloStatusOracle members)
    {
        _grid = grid;
        _fleet = new(members, grid.HasEnded, silo => GrainFactory.GetGrain<ISiloGrain>(silo.Value).WakeAsync().Ignore());
        _coordinator = new(grid.Store, grid.Planner, grid.Options, grid.Time, _fleet, artifacts: grid.Artifacts);
    }

    private StudyId Study => new(this.GetPrimaryKeyString());

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        // Not awaited: it goes on for as long as the activation does, in turns between the calls.
        _ = WatchAsync(this.AsReference<IStudyGrain>());
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => _deactivated.CancelAsync();

    public async Task<WorkAnswer> AskAsync(WorkRequest request)
    {
        _fleet.Asks(request.Silo.Id);
        var answer = await _coordinator.AskAsync(Study, request, _deactivated.Token);
        if (answer.Work is null && !answer.IsOver)
            _fleet.Idles(request.Silo);
        await ShareAsync();
        return answer;
    }

    public async Task<ReportAnswer> ReportAsync(Assignment work, SegmentOutcome outcome, WorkRequest? next)
    {
        var answer = await _coordinator.ReportAsync(work, outcome, next, _deactivated.Token);
        await ShareAsync();
        return answer;
    }

    public async Task<bool> ReportDamageAsync(Assignment work, string checkpoint, string reason)
    {
        var isRecorded = await _coordinator.ReportDamageAsync(work, new(checkpoint), reason, _deactivated.Token);
        await ShareAsync();
        return isRecorded;
    }

    public Task EndAsync(Assignment work, SegmentOutcome? outcome, bool isReported, TimeSpan elapsed)
    {
        _coordinator.End(work, outcome, isReported, elapsed);
        return Task.CompletedTask;
    }

    public Task ProgressAsync(int trial, long fence, string token, SegmentProgress progress) =>
        _coordinator.Known(Study)?.IsHeldUnder(new(trial), new(fence), new(token)) == true
            ? _observers.Notify(o => o.ProgressedAsync(trial, progress))
            : Task.CompletedTask;

    public async Task SubscribeAsync(IStudyObserver observer)
    {
        _observers.Subscribe(observer, observer);
        await TendAsync();
    }

    public Task UnsubscribeAsync(IStudyObserver observer)
    {
        _observers.Unsubscribe(observer);
        return Task.CompletedTask;
    }

    public Task<bool> PauseAsync(string reason) => ChangeAsync(s => s.PauseAsync(reason, _deactivated.Token));

    public Task<bool> ResumeAsync() => ChangeAsync(s => s.ResumeAsync(_deactivated.Token));

    public Task<bool> CancelAsync(string reason) => ChangeAsync(s => s.CancelAsync(reason, _deactivated.Token));

    public Task<bool> CancelTrialAsync(int trial, string reason) =>
        ChangeAsync(s => s.CancelAsync(new TrialId(trial), reason, _deactivated.Token));

    /// <summary>Has a change recorded and acts on it at once.</summary>
    private async Task<bool> ChangeAsync(Func<StudyFollower, ValueTask<bool>> change)
    {
        var isChanged = await change(new(_grid.Store, Study, _grid.Planner));
        await TendAsync();
        return isChanged;
    }
}
