using TuneGrid.Coordination.Ledger;

namespace TuneGrid.Coordination.Studies;

/// <summary>The part of a study that its summary shows, folded apart so that a study can be summed up that nobody has folded yet.</summary>
internal sealed class SummaryFold
{
    private readonly Dictionary<HardwareClass, Champion> _champions = [];
    private string _name = "";
    private CorpusReference _corpus = new("", "");
    private DateTimeOffset _createdAt;
    private DateTimeOffset _changedAt;
    private StudyStatus _status;
    private int _trials;
    private int _failed;

    public StudyStatus Status => _status;

    public int Trials => _trials;

    public int Failed => _failed;

    public IReadOnlyDictionary<HardwareClass, Champion> Champions => _champions;

    /// <summary>A class has a champion, or another one.</summary>
    public void Crown(Champion champion) => _champions[champion.Class] = champion;

    public void Apply(StudyEvent change)
    {
        _changedAt = change.At;
        switch (change)
        {
            case StudyCreated created:
                (_name, _corpus, _createdAt) = (created.Name, created.Corpus, created.At);
                break;
            case TrialProposed { RepeatOf: null }:
                _trials++;
                break;
            case TrialFailed:
                _failed++;
                break;
            case TrialRetried:
                _failed--;
                Reopen();
                break;
            case StudyExtended:
                Reopen();
                break;
            case StudyCompleted:
                _status = StudyStatus.Completed;
                break;
            case StudyCancelled:
                _status = StudyStatus.Cancelled;
                break;
            case StudyPaused:
                _status = StudyStatus.Paused;
                break;
            case StudyResumed:
                _status = StudyStatus.Running;
                break;
        }
    }

    private void Reopen() => _status = _status == StudyStatus.Completed ? StudyStatus.Running : _status;

    public StudySummary Summary(StudyId id) => new(
        id, _name, _status, _corpus, _createdAt, _changedAt, _trials, _failed,
        [.. _champions.Values.OrderBy(c => c.Class.Key, StringComparer.Ordinal)]);
}
