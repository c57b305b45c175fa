//! `K6xxx`: reports and templates.

codes! {
    /// A template fails.
    TEMPLATE = "K6001" "template" Error;
}
