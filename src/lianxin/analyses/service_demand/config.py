"""What service demand may assume: thresholds, windows and weights, frozen, with unit and source."""

from pydantic import Field

from lianxin.foundation.settings import Frozen


class CommitmentConfig(Frozen):
    """Promises kept and about to be broken; the promises are a dated rule set (policies/commitments.toml)."""

    at_risk_days: int = Field(7, ge=0, le=60, description="days after as_of whose due cases are listed: the week ahead")


class DuplicateConfig(Frozen):
    """When cases are one incident."""

    gram_length: int = Field(3, ge=2, le=5, description="characters of an n-gram")
    fewest_grams: int = Field(10, ge=1, description="distinct n-grams below which a text says too little to be matched")
    similarity: float = Field(0.35, gt=0, le=1, description="Jaccard similarity of n-gram sets of near-duplicates")
    hours: float = Field(
        6.0, gt=0, description="hours between neighbouring cases of an incident, at most: calls come while it lasts"
    )
    bands: int = Field(32, ge=1, description="bands of the hashing: more find more candidates")
    rows: int = Field(2, ge=1, description="minima a band: fewer find pairs of lower similarity")
    neighbours: int = Field(3, ge=1, description="following cases in a bucket with which a case is compared")
    seed: int = Field(95598, description="fixed, so that a run can be repeated")


class TopicConfig(Frozen):
    """Topics: features, classifier, discovery. Chosen on cn_petitions with folds other than those reported."""

    characters: int = Field(4_000, ge=100, description="characters of a text that are read")
    hash_bits: int = Field(18, ge=10, le=24, description="character n-grams are hashed to 2 to this power")
    most_words: int = Field(12_000, ge=100, description="commonest words that are kept")
    fewest_texts: int = Field(2, ge=1, description="texts in which a word or n-gram must stand")
    word_weight: float = Field(0.7, ge=0, description="weight of words beside character n-grams")
    subject_weight: float = Field(1.3, ge=0, description="weight of the subject's vector beside the text's")
    dimensions: int = Field(200, ge=2, description="dimensions of word vectors")
    window: int = Field(5, ge=1, description="words that count as neighbours")
    learn_texts: int = Field(20_000, ge=100, description="texts from which word vectors are learnt, at most")
    wording_c: float = Field(1.0, gt=0, description="inverse regularisation of the n-gram classifier")
    many_labels: float = Field(1_000.0, ge=0, description="labels a topic from which the next one holds")
    wording_c_many: float = Field(0.3, gt=0, description="the same where labels are many and contradict each other")
    vector_labels: float = Field(
        50.0, ge=0, description="labels a topic up to which the vectors count as much as the wording"
    )
    vector_least: float = Field(0.25, ge=0, le=1, description="weight of the vectors, at least")
    vector_c: float = Field(10.0, gt=0, description="inverse regularisation of the vector classifier")
    train_texts: int = Field(8_000, ge=100, description="labelled incidents that the classifier learns from, at most")
    fewest_labels: int = Field(5, ge=2, description="labelled incidents without which a topic is not learnt")
    calibration_texts: int = Field(2_000, ge=50, description="labelled incidents on which confidence is calibrated")
    folds: int = Field(3, ge=2, description="folds of the calibration")
    change_days: int = Field(28, ge=1, description="days that are compared with as many before: whole weeks")
    seed: int = Field(95598, description="fixed, so that a run can be repeated")


class DiscoveryConfig(Frozen):
    """Topics that nobody named."""

    most_topics: int = Field(40, ge=1, description="topics at most: more than people can watch")
    learn_texts: int = Field(10_000, ge=10, description="incidents from which clusters are learnt, at most")
    starts: int = Field(3, ge=1, description="starts of k-means")
    keywords: int = Field(10, ge=1, description="words by which a topic is shown")
    keyword_cases: int = Field(
        5, ge=2, description="texts in which a word must stand to be shown: a name stands in one or two"
    )
    largest_share: float = Field(0.15, gt=0, le=1, description="share of texts above which a word names no topic")
    fewest_cases: int = Field(20, ge=2, description="incidents without which a topic is not shown")
    new_confidence: float = Field(
        0.35, ge=0, le=1, description="confidence below which a case fits no known topic and may belong to a new one"
    )
    new_cosine: float = Field(0.45, ge=-1, le=1, description="cosine to its centre from which a case is of a new topic")
    known_cosine: float = Field(
        0.6, ge=-1, le=1, description="cosine to a known topic from which a cluster is that topic and not new"
    )
    seed: int = Field(95598, description="fixed, so that a run can be repeated")


class HotIssueConfig(Frozen):
    """When a topic rises beyond its own expectation. Chosen on simulated series other than those reported."""

    longest_window: int = Field(14, ge=1, le=60, description="days of the longest window that is scanned")
    q_limit: float = Field(0.05, gt=0, lt=1, description="false discovery rate over all cells of a day")
    incident_share: float = Field(
        0.8, gt=0, lt=1, description="share of that rate for incidents; floods of calls are found with what is left"
    )
    windows_alike: float = Field(
        4.5, ge=1, description="independent looks that the overlapping windows are worth (simulated Poisson series)"
    )
    fewest_cases: int = Field(3, ge=1, description="cases in a window below which nothing is an issue")
    least_ratio: float = Field(1.3, ge=1, description="cases over expectation below which nothing is an issue")
    half_life_days: float = Field(90.0, gt=0, description="days after which a day counts half for the level")
    guard_days: int = Field(14, ge=0, description="last days that do not teach the level: the longest window")
    teach_days: int = Field(56, ge=14, description="days of history before the first day that is judged")
    past_days: int = Field(
        0, ge=0, le=1_100, description="days before as_of whose issues are listed although they are over (status past)"
    )
    pattern_cases: float = Field(30.0, gt=0, description="cases that speak for no pattern of their own")
    season_days: int = Field(400, ge=366, description="days of history without which no season is estimated")
    season_cases: float = Field(60.0, gt=0, description="cases that speak for no season")
    season_least: float = Field(0.3, gt=0, description="least yearly factor")
    season_most: float = Field(3.0, gt=0, description="largest yearly factor")
    dispersion_least: float = Field(1.0, ge=1, description="variance over mean, at least")
    quiet_days: int = Field(7, ge=1, description="days without an alarm after which an issue is over")
    new_days: int = Field(7, ge=1, description="days from the first alarm on in which an issue is emerging")
    most_cells: int = Field(20_000, ge=100, description="cells (topic × district) that are watched, the busiest first")
    longest_issue_days: int = Field(120, ge=14, description="days before as_of that are scanned for issues still open")
    heat_scale: float = Field(8.0, gt=0, description="standard deviations beyond the expectation that are 63 % of heat")
    hot_c: float = Field(35.0, description="°C from which a day is hot: 高温日, 气象行业标准 QX/T 228")
    examples: int = Field(5, ge=1, description="example cases of an issue")


class RootCauseConfig(Frozen):
    """Where a topic is over-represented."""

    days: int = Field(365, ge=7, description="days before as_of that are looked at: all seasons once")
    q_limit: float = Field(0.05, gt=0, lt=1, description="false discovery rate over all values and topics")
    least_lift: float = Field(1.2, ge=1, description="lift below which it does not matter (assumption)")
    more_lift: float = Field(1.2, ge=1, description="times the lift of either alone from which a pair says more")
    fewest_cases: int = Field(5, ge=1, description="incidents of the topic with the value")
    paired_values: int = Field(6, ge=2, description="strongest values of a topic that are tried in pairs")


class SatisfactionConfig(Frozen):
    """Satisfaction and its drivers."""

    days: int = Field(365, ge=7, description="days before as_of whose answers count")
    fewest_answers: int = Field(5, ge=1, description="case ratings below which a channel or topic is not shown")
    fewest_stratum: int = Field(5, ge=1, description="answers of a stratum below which it is weighted by class alone")
    largest_weight: float = Field(5.0, ge=1, description="times the average that an answer may weigh, and one over it")
    fewest_respondents: int = Field(30, ge=5, description="complete answers without which drivers are not weighed")
    draws: int = Field(300, ge=50, description="resampled surveys")
    seed: int = Field(95598, description="fixed, so that a run can be repeated")


class PriorityConfig(Frozen):
    """What to do first. Worths are assumptions: a workspace gives its own."""

    days: int = Field(365, ge=7, description="days before as_of whose cases count")
    avoidable_share: float = Field(0.2, ge=0, le=1, description="share of cases avoided where nobody says (assumption)")
    worth_dissatisfied: float = Field(
        80.0, ge=0, description="currency a dissatisfied case is worth avoiding (assumption)"
    )
    worth_protected: float = Field(50.0, ge=0, description="currency a protected customer's case adds (assumption)")
    horizon_years: float = Field(3.0, gt=0, description="years in which a demand must earn its cost (assumption)")
    feasible: float = Field(0.6, ge=0, le=1, description="feasibility from which a demand is feasible (assumption)")
    moved_by: float = Field(0.2, ge=0, lt=1, description="share by which opinions are moved to test the verdict")


class ServiceDemandConfig(Frozen):
    """The section service_demand of lianxin.toml."""

    commitments: CommitmentConfig = CommitmentConfig()
    duplicates: DuplicateConfig = DuplicateConfig()
    topics: TopicConfig = TopicConfig()
    discovery: DiscoveryConfig = DiscoveryConfig()
    hot_issues: HotIssueConfig = HotIssueConfig()
    root_causes: RootCauseConfig = RootCauseConfig()
    satisfaction: SatisfactionConfig = SatisfactionConfig()
    priority: PriorityConfig = PriorityConfig()
