//! Specs in, diagnostics or a compact dump of the model out.

mod corpus;
mod dump;
mod fixtures;
mod hostile;
mod pages;
mod rows;
mod support;
mod targets;
