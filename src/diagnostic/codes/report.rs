//! `K6xxx`: reports and templates.

codes! {
    /// A template fails.
    TEMPLATE = "K6001" "template" Error;
    /// A template of the project's that nothing uses.
    UNUSED_TEMPLATE = "K6002" "unused-template" Warning;
    /// A figure of a kind that is not drawn yet, or that cannot show what it is asked to.
    FIGURE = "K6003" "figure" Error;
    /// A comparison that is not made yet.
    COMPARISON = "K6005" "comparison" Error;
    /// A report in a language that nobody has written the words of.
    LANGUAGE = "K6004" "language" Error;
}
