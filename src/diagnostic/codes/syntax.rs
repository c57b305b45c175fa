//! `K1xxx`: the text is not of the language.

codes! {
    /// A block has no property of that name.
    UNKNOWN_PROPERTY = "K1001" "unknown-property" Error;
}
