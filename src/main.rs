//! The `kpi` program.

fn main() {}
