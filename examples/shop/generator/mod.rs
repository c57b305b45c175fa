//! Two years of an invented shop, 2024-07-01 to 2026-06-30: Pamchal sells Persian crafts from
//! London. All arithmetic is on integers, so that every machine makes the same bytes.
//!
//! [`story`] says what happens when; [`traffic`] draws visits and, from them, orders, so that the
//! files agree with one another; [`ads`], [`mail`] and [`search`] write the other tools' exports.

mod ads;
mod calendar;
mod catalogue;
mod mail;
mod orders;
mod random;
mod search;
mod story;
mod traffic;

/// Every file of `examples/shop/data`: its name and its content.
pub(crate) fn files() -> Vec<(String, String)> {
    let world = traffic::draw();
    let mut files = traffic::files(&world.visits);
    files.extend(orders::files(&world.orders));
    files.extend(ads::files(&world));
    files.push(mail::file());
    files.push(search::file(&world.visits));
    files
}
