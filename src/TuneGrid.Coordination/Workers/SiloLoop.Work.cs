using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Work;

namespace TuneGrid.Coordination.Workers;

/// <content>Asking for work.</content>
public sealed partial class SiloLoop
{
    private async Task<Assignment?> FindWorkAsync(CancellationToken cancellation)
    {
        var open = (await OpenStudiesAsync(cancellation)).Where(s => !_broken.Contains(s)).ToList();
        _foremost = open.Count > 0 ? open[0] : null;
        foreach (var study in open)
        {
            try
            {
                var answer = await _retry.RunAsync(c => _desk.AskAsync(study, new(silo, _wasTraining, artifacts.IsLocal), c), cancellation);
                await PruneAsync(answer.Superfluous, cancellation);
                if (answer.Ended is { } summary)
                    await EndAsync(summary, cancellation);
                _isOver = options.Study == study && answer.IsOver;
                if (answer.Work is { } work)
                    return work;
            }
            catch (LedgerCorruptException exception)
            {
                _broken.Add(study);
                _notify(new SiloNotice.StudyBroken(study, exception.Message));
                if (options.Study == study)
                    throw;
            }
        }
        return null;
    }

    private async Task<IReadOnlyList<StudyId>> OpenStudiesAsync(CancellationToken cancellation)
    {
        if (options.Study is { } only)
            return [only];
        var studies = await _retry.RunAsync(store.ListAsync, cancellation);
        var open = studies.Where(s => s.Status == StudyStatus.Running && runner.CanRun(s.Corpus)).Select(s => s.Id).ToList();
        (_desk as LedgerDesk)?.Keep(open);
        return open;
    }

    private async ValueTask EndAsync(StudySummary summary, CancellationToken cancellation)
    {
        _notify(new SiloNotice.StudyEnded(summary));
        await CostingSpaceOnlyAsync(async () => await new ArtifactSweep(store, artifacts, planner).AfterStudyAsync(summary.Id, cancellation));
    }

    private async ValueTask PruneAsync(IEnumerable<ArtifactHash> superfluous, CancellationToken cancellation)
        => await CostingSpaceOnlyAsync(async () =>
        {
            foreach (var hash in superfluous.ToList())
                await artifacts.DeleteAsync(hash, cancellation);
        });

    private static async ValueTask CostingSpaceOnlyAsync(Func<Task> delete)
    {
        try
        {
            await delete();
        }
        catch (Exception exception) when (exception is StoreUnavailableException or IOException)
        {
            // Costs disk space only, and no result.
        }
    }
}
