//! What the shop sells, where its visitors come from and what they are like.

use super::calendar::Day;
use super::story;

/// A product. Prices in pence, before the price list of September 2025.
pub(super) struct Product {
    pub(super) name: &'static str,
    pub(super) category: &'static str,
    pub(super) price: i64,
    pub(super) cost: i64,
    /// How often it is bought.
    pub(super) weight: i64,
}

/// The catalogue.
pub(super) const PRODUCTS: [Product; 11] = [
    product("Saffron gift tin", "Pantry", 2450, 1150, 14),
    product("Pistachio gaz box", "Pantry", 1450, 680, 9),
    product("Calligraphy print", "Prints", 2900, 990, 9),
    product("Kilim cushion", "Textiles", 3600, 1690, 14),
    product("Ghalamkar tablecloth", "Textiles", 4200, 1980, 12),
    product("Termeh table runner", "Textiles", 5400, 2610, 10),
    product("Tea glasses, set of six", "Table", 3800, 1900, 8),
    product("Copper tea tray", "Table", 6400, 3120, 6),
    product("Khatam jewellery box", "Woodwork", 8900, 4150, 9),
    product("Minakari vase", "Enamel", 11_800, 5680, 4),
    product("Gabbeh rug 60 x 90", "Rugs", 26_500, 13_600, 2),
];

const fn product(
    name: &'static str,
    category: &'static str,
    price: i64,
    cost: i64,
    weight: i64,
) -> Product {
    Product { name, category, price, cost, weight }
}

/// The price on a day.
pub(super) fn price(product: &Product, day: Day) -> i64 {
    if day < story::PRICES { product.price } else { product.price * 104 / 100 / 10 * 10 }
}

/// What a piece costs the shop on a day: freight has grown dearer ever since.
pub(super) fn cost(product: &Product, day: Day) -> i64 {
    story::grown(product.cost, 70, day)
}

/// Where visits come from. Thousandths where no unit is named.
pub(super) struct Origin {
    pub(super) source: &'static str,
    pub(super) medium: &'static str,
    /// Visits on an average day in July 2024, and by how much that grows over the two years.
    pub(super) visits: i64,
    pub(super) growth: i64,
    /// Orders per million visits before the relaunch, over all devices and countries.
    pub(super) conversion: i64,
    pub(super) engaged: i64,
    /// Share of buyers who bought before.
    pub(super) returning: i64,
    /// Desktop, mobile, tablet.
    pub(super) devices: [i64; 3],
    /// As [`COUNTRIES`].
    pub(super) countries: [i64; 4],
}

/// The devices, as Analytics writes them, and how readily their users buy.
pub(super) const DEVICES: [(&str, i64); 3] = [("desktop", 1340), ("mobile", 800), ("tablet", 1080)];
/// The countries and how readily their visitors buy.
pub(super) const COUNTRIES: [(&str, i64); 4] =
    [("United Kingdom", 1130), ("United States", 610), ("Germany", 560), ("Ireland", 940)];

const EVERYWHERE: [i64; 4] = [700, 130, 90, 80];
const AT_HOME: [i64; 4] = [900, 0, 0, 100];
const MIXED: [i64; 3] = [370, 590, 40];

/// The index of Google Ads in [`ORIGINS`].
pub(super) const PAID: usize = 1;
/// The index of Google's organic results.
pub(super) const ORGANIC: usize = 0;
/// The index of the newsletter.
pub(super) const LETTER: usize = 3;

/// The origins.
pub(super) const ORIGINS: [Origin; 9] = [
    Origin {
        source: "google",
        medium: "organic",
        visits: 195,
        growth: 620,
        conversion: 18_600,
        engaged: 610,
        returning: 230,
        devices: MIXED,
        countries: EVERYWHERE,
    },
    Origin {
        source: "google",
        medium: "cpc",
        visits: 158,
        growth: 180,
        conversion: 22_800,
        engaged: 560,
        returning: 160,
        devices: [340, 620, 40],
        countries: AT_HOME,
    },
    Origin {
        source: "(direct)",
        medium: "(none)",
        visits: 132,
        growth: 160,
        conversion: 24_500,
        engaged: 580,
        returning: 430,
        devices: [480, 500, 20],
        countries: EVERYWHERE,
    },
    Origin {
        source: "mailchimp",
        medium: "email",
        visits: 46,
        growth: 520,
        conversion: 37_000,
        engaged: 660,
        returning: 700,
        devices: [410, 560, 30],
        countries: [800, 80, 40, 80],
    },
    Origin {
        source: "instagram.com",
        medium: "social",
        visits: 98,
        growth: 240,
        conversion: 9_400,
        engaged: 450,
        returning: 140,
        devices: [60, 930, 10],
        countries: EVERYWHERE,
    },
    Origin {
        source: "facebook.com",
        medium: "social",
        visits: 30,
        growth: -250,
        conversion: 10_800,
        engaged: 440,
        returning: 260,
        devices: [180, 790, 30],
        countries: AT_HOME,
    },
    Origin {
        source: "pinterest.com",
        medium: "referral",
        visits: 42,
        growth: 150,
        conversion: 11_500,
        engaged: 480,
        returning: 110,
        devices: [260, 690, 50],
        countries: EVERYWHERE,
    },
    Origin {
        source: "bing",
        medium: "organic",
        visits: 24,
        growth: 340,
        conversion: 22_000,
        engaged: 600,
        returning: 230,
        devices: [800, 170, 30],
        countries: AT_HOME,
    },
    Origin {
        source: "houzz.co.uk",
        medium: "referral",
        visits: 17,
        growth: 120,
        conversion: 15_500,
        engaged: 540,
        returning: 120,
        devices: [520, 420, 60],
        countries: AT_HOME,
    },
];
