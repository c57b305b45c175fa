//! Items from the splitter to the syntax tree, one file a construct.

pub(super) mod allow;
mod atom;
mod channels;
pub(in crate::syntax) mod context;
mod expression;
mod item;
mod measure;
mod property;
mod report;
mod source;
mod target;
mod test;

pub(super) use item::item;
