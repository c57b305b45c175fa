//! `K9xxx`: opinions.

codes! {
    /// A percent KPI whose formula multiplies by 100.
    PERCENT_TIMES_100 = "K9001" "percent-times-100" Warning;
    /// A channel that no row can be of.
    UNREACHABLE_CHANNEL = "K9002" "unreachable-channel" Warning;
}
