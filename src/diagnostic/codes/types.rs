//! `K3xxx`: types, units, additivity.

codes! {
    /// Two sides of an operator have units that do not go together.
    UNIT_MISMATCH = "K3001" "unit-mismatch" Error;
    /// Something is of another type than is due.
    TYPE_MISMATCH = "K3002" "type-mismatch" Error;
    /// A function is called with arguments that it does not take.
    BAD_ARGUMENTS = "K3003" "bad-arguments" Error;
    /// The mean or the sum of a rate.
    RATE_AVERAGED = "K3004" "rate-averaged" Error;
    /// A sum that counts twice.
    NOT_ADDITIVE = "K3005" "not-additive" Error;
    /// The opening level of a flow.
    OPENING_OF_FLOW = "K3006" "opening-of-flow" Error;
    /// A breakdown that a source lacks.
    MISSING_DIMENSION = "K3007" "missing-dimension" Error;
    /// A target in another unit than its KPI.
    TARGET_UNIT = "K3008" "target-unit" Error;
    /// A target that says nothing that can be held to.
    BAD_TARGET = "K3009" "bad-target" Error;
    /// A day that no calendar has.
    IMPOSSIBLE_DATE = "K3010" "impossible-date" Error;
    /// A period that the project's calendar has not.
    IMPOSSIBLE_PERIOD = "K3011" "impossible-period" Error;
    /// A pattern that dates cannot be read with.
    BAD_PATTERN = "K3012" "bad-pattern" Error;
    /// A regular expression that is none.
    BAD_REGEX = "K3013" "bad-regex" Error;
    /// A column of rows where one value is due.
    BARE_COLUMN = "K3014" "bare-column" Error;
    /// Rows without a date in an aggregate.
    NO_DATE = "K3015" "no-date" Error;
    /// A way of writing files that there is not.
    BAD_DIALECT = "K3016" "bad-dialect" Error;
    /// Money of no currency.
    NO_CURRENCY = "K3017" "no-currency" Error;
    /// What decides which rows count leans on a row's place among them.
    CIRCULAR_RANK = "K3034" "circular-rank" Error;
    /// An input that is needed with two types.
    NEEDS_DIFFER = "K3065" "needs-differ" Error;
    /// A test's period that is too short for the rows of a source.
    TEST_PERIOD = "K3079" "test-period" Error;
    /// A line of a test that claims nothing that can be held to.
    BAD_CLAIM = "K3080" "bad-claim" Error;
    /// An experiment that decides nothing.
    BAD_EXPERIMENT = "K3081" "bad-experiment" Error;
}
