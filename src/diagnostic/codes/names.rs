//! `K2xxx`: names.

codes! {
    /// A formula names something that is not there.
    UNKNOWN_NAME = "K2001" "unknown-name" Error;
}
