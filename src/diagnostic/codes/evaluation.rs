//! `K5xxx`: evaluation.

codes! {
    /// The language has it, this version does not evaluate it.
    NOT_YET = "K5001" "not-yet" Error;
}
