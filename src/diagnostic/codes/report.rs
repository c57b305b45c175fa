//! `K6xxx`: reports and templates.

codes! {
    /// A template fails.
    TEMPLATE = "K6001" "template" Error;
    /// A template of the project's that nothing uses.
    UNUSED_TEMPLATE = "K6002" "unused-template" Warning;
    /// A figure that cannot show what it is asked to.
    FIGURE = "K6003" "figure" Error;
    /// A KPI on a report whose inputs nothing defines.
    LEFT_OUT = "K6065" "left-out" Warning;
}
