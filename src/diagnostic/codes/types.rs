//! `K3xxx`: types, units, additivity.

codes! {
    /// Two sides of an operator have units that do not go together.
    UNIT_MISMATCH = "K3001" "unit-mismatch" Error;
}
