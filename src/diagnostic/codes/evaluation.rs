//! `K5xxx`: evaluation.

codes! {
    /// The language has it, and this program was built without what reads it.
    NOT_BUILT_IN = "K5001" "not-built-in" Error;
    /// No source of any formula has a row, and no as-of date is given.
    NO_ROWS_AT_ALL = "K5002" "no-rows-at-all" Error;
    /// A complete log of events whose rows end a week or more before the as-of date.
    LOG_ENDS_EARLY = "K5003" "log-ends-early" Warning;
    /// Rows before or after the days that their source covers.
    ROWS_OUTSIDE_COVERAGE = "K5004" "rows-outside-coverage" Warning;
    /// Rows left out or cells taken for null because of bad cells.
    CELLS_REJECTED = "K5005" "cells-rejected" Warning;
    /// A value is asked for by name, and nothing defines what it is computed from.
    MISSING_INPUT = "K5065" "missing-input" Error;
    /// Rows whose variant is none of an experiment's.
    EXPERIMENT_MEMBERS = "K5079" "experiment-members" Warning;
    /// An experiment whose variants were not shown equally often.
    UNEVEN_SPLIT = "K5080" "uneven-split" Warning;
    /// A variant that no row has.
    MISSING_VARIANT = "K5081" "missing-variant" Warning;
    /// A KPI whose sources cover different days of the period that is shown.
    UNEVEN_COVERAGE = "K5095" "uneven-coverage" Warning;
}
