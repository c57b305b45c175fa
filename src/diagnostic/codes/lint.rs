//! `K9xxx`: opinions.

codes! {
    /// A percent KPI whose formula multiplies by 100.
    PERCENT_TIMES_100 = "K9001" "percent-times-100" Warning;
    /// A channel that no row can be of.
    UNREACHABLE_CHANNEL = "K9002" "unreachable-channel" Warning;
    /// A KPI without a target.
    NO_TARGET = "K9003" "no-target" Warning;
    /// A KPI without a cadence.
    NO_CADENCE = "K9004" "no-cadence" Warning;
    /// A KPI without an owner.
    NO_OWNER = "K9005" "no-owner" Warning;
    /// A KPI without a goal.
    NO_GOAL = "K9006" "no-goal" Warning;
    /// A target whose deadline has passed.
    TARGET_EXPIRED = "K9007" "target-expired" Warning;
    /// A target changed without a reason.
    TARGET_WITHOUT_REASON = "K9008" "target-without-reason" Warning;
    /// A target that is a direction alone.
    DIRECTION_ONLY = "K9009" "direction-only" Warning;
    /// A bare total of likes, followers, impressions or page views with no goal.
    VANITY_METRIC = "K9010" "vanity-metric" Warning;
    /// A review that is overdue.
    REVIEW_OVERDUE = "K9011" "review-overdue" Warning;
    /// A review more seldom than every quarter.
    REVIEW_RARE = "K9012" "review-rare" Warning;
    /// `better` against the direction of the target.
    BETTER_AGAINST_PATH = "K9013" "better-against-path" Warning;
    /// A KPI that no report shows.
    KPI_ON_NO_REPORT = "K9014" "kpi-on-no-report" Warning;
    /// A channel that no KPI speaks of.
    CHANNEL_WITHOUT_KPI = "K9015" "channel-without-kpi" Warning;
    /// A metric that nothing uses.
    UNUSED_METRIC = "K9016" "unused-metric" Warning;
    /// A source that nothing uses.
    UNUSED_SOURCE = "K9017" "unused-source" Warning;
    /// A click-through formula that is named a conversion rate.
    CLICK_RATE_NAMED_CONVERSION = "K9018" "click-rate-named-conversion" Warning;
    /// A sum or count with holes whose source does not say `rows`.
    ROWS_UNDECLARED = "K9019" "rows-undeclared" Warning;
    /// Two KPIs of one title and two formulas.
    SAME_TITLE = "K9020" "same-title" Warning;
    /// An allowance that allows nothing.
    UNUSED_ALLOW = "K9021" "unused-allow" Warning;
    /// Levels that are added up.
    LEVEL_SUMMED = "K9022" "level-summed" Warning;
}
