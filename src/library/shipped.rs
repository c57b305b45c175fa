//! The library that comes with the program: the files of `specs/`, compiled in.
//!
//! A test holds this table against the folder, so that no file can be forgotten.

/// A file of the library.
#[derive(Clone, Copy, Debug)]
pub struct Shipped {
    /// Its path without ending: `marketing/website` is used as `std:marketing/website`.
    pub name: &'static str,
    /// What it says.
    pub text: &'static str,
}

macro_rules! shipped {
    ($($name:literal)*) => {
        &[$(Shipped { name: $name, text: include_str!(concat!("../../specs/", $name, ".kpi")) }),*]
    };
}

/// All files, sorted by name.
pub const ALL: &[Shipped] = shipped! {
    "channels/ga4"
    "channels/ua"
    "lists"
    "marketing/ads"
    "marketing/agency"
    "marketing/areas"
    "marketing/automation"
    "marketing/brand"
    "marketing/content"
    "marketing/customers"
    "marketing/ecommerce"
    "marketing/email"
    "marketing/finance"
    "marketing/seo"
    "marketing/social"
    "marketing/website"
};

/// The file that holds the lists behind `std.`.
pub(super) const LISTS: &str = "lists";

/// The files of channel rules, by the name that calls them.
pub(super) const CHANNELS: [(&str, &str); 2] = [("ga4", "channels/ga4"), ("ua", "channels/ua")];

/// How a list of the library is told from one of the project: `std.search_engines`.
pub(super) fn list_key(name: &str) -> String {
    format!("std.{name}")
}

/// A file by its name.
pub fn find(name: &str) -> Option<&'static Shipped> {
    ALL.iter().find(|s| s.name == name)
}

/// The files below a folder, at any depth.
pub(super) fn below(folder: &str) -> impl Iterator<Item = &'static Shipped> {
    ALL.iter().filter(move |s| s.name.strip_prefix(folder).is_some_and(|r| r.starts_with('/')))
}

/// The files that stand beside one, itself included.
pub(super) fn beside(name: &str) -> impl Iterator<Item = &'static Shipped> {
    let home = |name: &'static str| name.rsplit_once('/').map_or("", |(home, _)| home);
    let own = name.rsplit_once('/').map_or("", |(home, _)| home).to_owned();
    ALL.iter().filter(move |s| home(s.name) == own)
}

/// Everything that `use` may name behind `std:`: files and folders.
pub(super) fn names() -> Vec<&'static str> {
    let mut names: Vec<&str> = ALL.iter().map(|s| s.name).collect();
    names.extend(ALL.iter().filter_map(|s| s.name.rsplit_once('/').map(|(home, _)| home)));
    names.sort_unstable();
    names.dedup();
    names
}
