using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Placement;
using Orleans.Utilities;
using TuneGrid.Coordination;
using TuneGrid.Coordination.Json;
using TuneGrid.Coordination.Studies;
using TuneGrid.Coordination.Trials;
using TuneGrid.Coordination.Work;

namespace TuneGrid.Silo.Grains;

/// <inheritdoc cref="IStudyGrain"/>
[PreferLocalPlacement, GrainType("study")]
internal sealed partial class StudyGrain : Grain, IStudyGrain
{
    private static readonly TimeSpan ObserverPatience = TimeSpan.FromMinutes(2);
    private readonly GridServices _grid;
    private readonly ISiloStatusOracle _members;
    private readonly LedgerDesk _desk;
    private readonly IdleSilos _idle = new();
    private readonly Dictionary<ArtifactHash, SiloId> _madeBy = [];
    private readonly ObserverManager<IStudyObserver> _observers = new(ObserverPatience, NullLogger.Instance);
    private readonly CancellationTokenSource _deactivated = new();

    public StudyGrain(GridServices grid, ISiloStatusOracle members)
    {
        (_grid, _members) = (grid, members);
        _desk = new(grid.Store, grid.Planner, grid.Options, grid.Time, _ => true, IsGone, PrefersAnother);
    }

    private StudyId Study => new(this.GetPrimaryKeyString());

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        // Not awaited: it goes on for as long as the activation does, in turns between the calls.
        _ = WatchAsync(this.AsReference<IStudyGrain>());
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => _deactivated.CancelAsync();

    public async Task<WorkMessage> AskAsync(AskMessage question)
    {
        var request = Request(question);
        _idle.Remove(request.Silo.Id);
        try
        {
            var answer = await _desk.AskAsync(Study, request, _deactivated.Token);
            if (answer.Work is null && !answer.IsOver)
                _idle.Add(new(request.Silo, question.Address));
            await ShareAsync();
            return new(
                answer.Work is { } work ? AssignmentMessage.Of(work) : null, answer.IsOver, answer.Ended is { } ended ? EventJson.WriteSummary(ended) : null,
                [.. answer.Superfluous.Select(h => h.Hex)], null);
        }
        catch (Exception exception) when (FaultMessage.Of(exception) is { } fault)
        {
            return new(null, false, null, [], fault);
        }
    }

    public async Task<ReportedMessage> ReportAsync(ReportMessage report)
    {
        try
        {
            var (work, outcome) = (report.Work.Read(), ReadOutcome(report.Outcome));
            var next = report.Next is { } question ? Request(question) : null;
            var answer = await _desk.ReportAsync(work, outcome, next, _deactivated.Token);
            var state = await ShareAsync();
            if (answer.IsRecorded && state?.Trial(work.Order.Trial) is { LastCheckpoint: { } last } trial)
                _madeBy[last.Hash] = trial.Segments[work.Order.Segment].Silo;
            foreach (var hash in answer.Superfluous)
                _madeBy.Remove(hash);
            return new(answer.IsRecorded, [.. answer.Superfluous.Select(h => h.Hex)], null, answer.Next is { } assigned ? AssignmentMessage.Of(assigned) : null);
        }
        catch (Exception exception) when (FaultMessage.Of(exception) is { } fault)
        {
            return new(false, [], fault);
        }
    }

    public async Task<ReportedMessage> ReportDamageAsync(DamageMessage damage)
    {
        try
        {
            var isRecorded = await _desk.ReportDamageAsync(damage.Work.Read(), new(damage.Checkpoint), damage.Reason, _deactivated.Token);
            await ShareAsync();
            return new(isRecorded, [], null);
        }
        catch (Exception exception) when (FaultMessage.Of(exception) is { } fault)
        {
            return new(false, [], fault);
        }
    }

    public Task EndAsync(EndMessage end)
    {
        _desk.End(end.Work.Read(), end.Outcome is { } json ? ReadOutcome(json) : null, end.IsReported, end.Elapsed);
        return Task.CompletedTask;
    }

    public Task ProgressAsync(ProgressMessage progress) => _observers.Notify(o => o.ProgressedAsync(progress));

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

    public async Task<bool> CancelAsync(string reason)
    {
        var isCancelled = await new StudyWatcher(_grid.Store, Study, _grid.Planner).CancelAsync(reason, _deactivated.Token);
        await TendAsync();
        return isCancelled;
    }

    private WorkRequest Request(AskMessage question)
    {
        var silo = EventJson.ReadSilo(question.Silo) ?? throw new FormatException("a silo's description can't be read: the silos run different releases");
        return new(silo, question.WasTraining, hash => _madeBy.GetValueOrDefault(hash) == silo.Id);
    }

    private static SegmentOutcome ReadOutcome(byte[] json)
        => EventJson.ReadOutcome(json) ?? throw new FormatException("an outcome can't be read: the silos run different releases");
}
