//! `K7xxx`: the project.

codes! {
    /// A folder without a `.kpi` file.
    NO_SPEC = "K7001" "no-spec" Error;
}
