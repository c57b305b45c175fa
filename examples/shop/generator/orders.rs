//! The order book, as the shop system exports it.

use super::calendar::{Day, LAST, by_year};
use super::catalogue::{COUNTRIES, LETTER, ORIGINS, PRODUCTS, cost, price};
use super::random::Random;
use super::story;

/// An order of one product. Money in pence.
pub(super) struct Order {
    pub(super) day: Day,
    second: i64,
    /// 0 is the test account.
    customer: usize,
    returning: bool,
    pub(super) origin: usize,
    product: usize,
    quantity: i64,
    unit_cost: i64,
    pub(super) amount: i64,
    pub(super) status: Status,
    country: usize,
}

/// What became of an order.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Status {
    Paid,
    Shipped,
    Refunded,
    Cancelled,
    Test,
}

/// Collects orders day by day.
pub(super) struct Book {
    random: Random,
    orders: Vec<Order>,
    /// Orders before this one are sorted.
    closed: usize,
    customers: usize,
}

/// Customers from before July 2024.
const EARLIER: usize = 2600;

impl Book {
    /// An empty book; the shop has customers already.
    pub(super) fn new() -> Self {
        Self {
            random: Random::of("pamchal orders"),
            orders: Vec::new(),
            closed: 0,
            customers: EARLIER,
        }
    }

    /// Books an order that is paid.
    pub(super) fn sell(&mut self, day: Day, origin: usize, country: usize) {
        let status = if self.random.happens(refunds(day)) {
            Status::Refunded
        } else if LAST.since(day) < self.random.below(4) + 1 {
            Status::Paid
        } else {
            Status::Shipped
        };
        self.book(day, origin, country, status);
    }

    /// Books an order whose payment failed.
    pub(super) fn fail(&mut self, day: Day, origin: usize, country: usize) {
        self.book(day, origin, country, Status::Cancelled);
    }

    fn book(&mut self, day: Day, origin: usize, country: usize, status: Status) {
        let returning = self.random.happens(ORIGINS[origin].returning * 1000);
        let customer = self.customer(returning);
        let weights = PRODUCTS.map(|p| p.weight);
        let product = self.random.weighted(&weights);
        let piece = price(&PRODUCTS[product], day);
        let quantity = if piece < 5000 { 1 + self.random.weighted(&[70, 22, 8]) } else { 1 };
        let quantity = i64::try_from(quantity).unwrap_or(1);
        let coupon = origin == LETTER && self.random.happens(240_000);
        let discount = story::discount(day).max(if coupon { 100 } else { 0 });
        self.orders.push(Order {
            day,
            second: self.random.weighted(&HOURS_AS_WEIGHTS).try_into().unwrap_or(0) * 3600
                + self.random.below(3600),
            customer,
            returning,
            origin,
            product,
            quantity,
            unit_cost: cost(&PRODUCTS[product], day),
            amount: piece * quantity * (1000 - discount) / 1000,
            status,
            country,
        });
    }

    /// One of the customers, later ones likelier, or a new one.
    fn customer(&mut self, returning: bool) -> usize {
        if returning {
            self.random.index(self.customers).max(self.random.index(self.customers)) + 1
        } else {
            self.customers += 1;
            self.customers
        }
    }

    /// Ends a day: the developers may have tried the checkout; the orders are put in order.
    pub(super) fn close(&mut self, day: Day) {
        let busy = day.within(story::RELAUNCH.plus(-10), story::RELAUNCH.plus(6));
        if self.random.happens(if busy { 800_000 } else { 45_000 }) {
            self.orders.push(Order {
                day,
                second: 36_000 + self.random.below(20_000),
                customer: 0,
                returning: true,
                origin: 2,
                product: 1,
                quantity: 1,
                unit_cost: cost(&PRODUCTS[1], day),
                amount: 100,
                status: Status::Test,
                country: 0,
            });
        }
        self.orders[self.closed..].sort_by_key(|order| order.second);
        self.closed = self.orders.len();
    }

    /// All orders by time.
    pub(super) fn into_orders(self) -> Vec<Order> {
        self.orders
    }
}

/// How often each hour of the day is chosen.
const HOURS_AS_WEIGHTS: [i64; 24] =
    [8, 4, 2, 1, 1, 2, 6, 14, 24, 32, 38, 42, 46, 44, 40, 38, 38, 42, 50, 60, 68, 66, 48, 24];

/// Refunds per million orders; parcels of the last days have not come back yet.
fn refunds(day: Day) -> i64 {
    match LAST.since(day) {
        0..=4 => 0,
        5..=14 => 18_000,
        _ => 34_000,
    }
}

/// `orders-2024.csv` and so on.
pub(super) fn files(orders: &[Order]) -> Vec<(String, String)> {
    let lines = orders.iter().enumerate().map(|(n, order)| (order.day, line(n, order)));
    let header = "order_id,created_at,customer_id,customer_type,utm_source,utm_medium,country,\
                  product,category,quantity,unit_cost,amount,status\n";
    by_year(lines, |_| header.to_owned())
        .into_iter()
        .map(|(year, text)| (format!("orders-{year}.csv"), text))
        .collect()
}

fn line(n: usize, order: &Order) -> String {
    let (origin, product) = (&ORIGINS[order.origin], &PRODUCTS[order.product]);
    let second = order.second;
    let customer = match order.customer {
        0 => "TEST".to_owned(),
        number => format!("C{number:05}"),
    };
    let kind = if order.returning { "returning" } else { "new" };
    let name = quoted(product.name);
    let status = match order.status {
        Status::Paid => "paid",
        Status::Shipped => "shipped",
        Status::Refunded => "refunded",
        Status::Cancelled => "cancelled",
        Status::Test => "test",
    };
    format!(
        "P{},{} {:02}:{:02}:{:02},{customer},{kind},{},{},{},{name},{},{},{},{},{status}",
        20_001 + n,
        order.day.iso(),
        second / 3600,
        second / 60 % 60,
        second % 60,
        origin.source,
        origin.medium,
        COUNTRIES[order.country].0,
        product.category,
        order.quantity,
        money(order.unit_cost),
        money(order.amount),
    )
}

fn quoted(text: &str) -> String {
    if text.contains(',') { format!("\"{text}\"") } else { text.to_owned() }
}

/// Pence as pounds: `54.60`.
pub(super) fn money(pence: i64) -> String {
    format!("{}.{:02}", pence / 100, pence % 100)
}
