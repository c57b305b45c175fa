//! `K4xxx`: the data.

codes! {
    /// A cell is not of its column's type.
    BAD_CELL = "K4001" "bad-cell" Error;
}
