using System.Runtime.ExceptionServices;
using TuneGrid.Coordination.Artifacts;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Trials;
using TuneGrid.Coordination.Work;

namespace TuneGrid.Coordination.Workers;

/// <content>Asking for work.</content>
public sealed partial class SiloWorker
{
    // Why it can't have what there is, of the last round of questions.
    private readonly List<string> _refusals = [];

    // Of the only study.
    private bool _hasCorpus;

    private async Task<Assignment?> FindWorkAsync(CancellationToken cancellation)
    {
        _refusals.Clear();
        var open = (await OpenStudiesAsync(cancellation)).Where(s => !_broken.IsSetAside(s)).ToList();
        _foremost = open.Count > 0 ? open[0] : null;
        foreach (var study in open)
        {
            try
            {
                if (await AskAsync(study, cancellation) is { } work)
                    return work;
            }
            catch (LedgerCorruptException exception)
            {
                SetAside(exception.Of(study));
            }
        }
        return null;
    }

    /// <summary>A study that can't be served is named, and the others are served; if it is the only one, the silo has to leave.</summary>
    private void SetAside(LedgerCorruptException fault)
    {
        if (_broken.IsNews(fault))
            services.Notify(new SiloNotice.StudyBroken(fault.Study!.Value, fault.Message));
        if (options.Study == fault.Study)
            ExceptionDispatchInfo.Throw(fault);
    }

    private async Task<Assignment?> AskAsync(StudyId study, CancellationToken cancellation)
    {
        var answer = await _retry.RunAsync(c => _coordinator.AskAsync(study, Request(_wasTraining), c), cancellation);
        await TryDeleteAsync(() => _sweep.PruneAsync(study, answer.Superfluous, CancellationToken.None));
        if (answer.Ended is { } summary)
            await EndAsync(summary);
        _isOver = options.Study == study && answer.IsOver;
        if (answer.Idle is { } reason)
            _refusals.Add(reason);
        return Taken(answer.Work);
    }

    private async Task<IReadOnlyList<StudyId>> OpenStudiesAsync(CancellationToken cancellation)
    {
        // The corpus of the only study does not change: one look at the list is enough.
        if (options.Study is { } only && _hasCorpus)
            return [only];
        var studies = await _retry.RunAsync(_store.ListAsync, cancellation);
        foreach (var fault in studies.Broken.Where(b => options.Study is null || options.Study == b.Study))
            SetAside(fault);
        if (options.Study is { } mine)
            return OnlyStudy(studies.FirstOrDefault(s => s.Id == mine));
        var open = studies.Where(s => s.Status == StudyStatus.Running && HasCorpus(s)).Select(s => s.Id).ToList();
        _coordinator.Keep(open);
        return open;
    }

    private IReadOnlyList<StudyId> OnlyStudy(StudySummary? study)
    {
        if (study is null)
            return [];
        _isOver = !study.IsOpen;
        _hasCorpus = study.IsOpen && HasCorpus(study);
        return _hasCorpus ? [study.Id] : [];
    }

    private bool HasCorpus(StudySummary study)
    {
        if (services.Runner.WhyNot(study.Corpus) is not { } reason)
            return true;
        _refusals.Add($"{study.Id} {reason}");
        return false;
    }

    /// <summary>The silo may be told to stop by the very end that it has found: what is due then is done all the same.</summary>
    private async ValueTask EndAsync(StudySummary summary)
    {
        services.Notify(new SiloNotice.StudyEnded(summary));
        await TryDeleteAsync(async () => await _sweep.TidyAsync(CancellationToken.None));
    }

    private static async ValueTask TryDeleteAsync(Func<ValueTask> delete)
    {
        try
        {
            await delete();
        }
        catch (Exception exception) when (exception
            is StoreUnavailableException or StoreUnusableException or ArtifactDamagedException or IOException or LedgerCorruptException)
        {
            // What stays costs disk space only, and no result; whoever starts next deletes it.
        }
    }
}
