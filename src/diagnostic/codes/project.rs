//! `K7xxx`: the project.

codes! {
    /// A folder without a `.kpi` file.
    NO_SPEC = "K7001" "no-spec" Error;
    /// A `.kpi` file that is not UTF-8.
    SPEC_NOT_UTF8 = "K7002" "spec-not-utf8" Error;
    /// A path that leads out of the project.
    PATH_OUTSIDE = "K7003" "path-outside" Error;
    /// A `use` of what is not there.
    UNKNOWN_LIBRARY = "K7065" "unknown-library" Error;
}
