//! Experiments in the report, against plain floating point.

#![allow(
    clippy::cast_precision_loss,
    clippy::format_push_string,
    clippy::many_single_char_names,
    clippy::manual_midpoint,
    reason = "formulas as the books have them, of small counts"
)]

use sanjeh::report::tree::{Experiment, ExperimentRow, Quantity};

use super::{report_of, text_of};

const Z: f64 = 1.959_963_984_540_054;

fn spec(rows: &str, formula: &str) -> String {
    format!(
        r#"source web {{
  inline: """
    day,variant,tries,hits,amount
{rows}  """
  date: day
  columns {{
    variant: text
    tries:   count
    hits:    count
    amount:  number
  }}
}}

kpi rate "Rate" {{
  formula: {formula}
}}

experiment "Shorter <form>" {{
  kpi:     rate
  variant: web.variant
  values:  "A", "B"
  from:    2026-06-01 to 2026-06-30
}}
"#
    )
}

fn experiment(rows: &str, formula: &str) -> Experiment {
    report_of(&spec(rows, formula)).document.experiments.remove(0)
}

fn raw(quantity: Option<&Quantity>) -> f64 {
    quantity.and_then(|q| q.raw.as_ref()).unwrap().parse().unwrap()
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-9 * (1.0 + b.abs())
}

/// A small generator of numbers: the same ones in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

fn wilson(hits: f64, tries: f64) -> (f64, f64) {
    let p = hits / tries;
    let middle = 2.0 * tries * p + Z * Z;
    let half = Z * (Z * Z + 4.0 * tries * p * (1.0 - p)).sqrt();
    let below = 2.0 * (tries + Z * Z);
    ((middle - half) / below, (middle + half) / below)
}

#[test]
fn shares_have_newcombe_s_interval() {
    let mut dice = Dice(7);
    for _ in 0..25 {
        let (mut rows, mut sums) = (Vec::new(), [[0u64; 2]; 2]);
        for row in 0..12 {
            let variant = row % 2;
            let tries = 1 + dice.below(400);
            let hits = dice.below(tries + 1) / (1 + dice.below(30));
            sums[variant][0] += tries;
            sums[variant][1] += hits;
            let name = ["A", "B"][variant];
            rows.push(format!("    2026-06-{:02},{name},{tries},{hits},1\n", 1 + dice.below(30)));
        }
        let found = experiment(&rows.concat(), "sum(web.hits) / sum(web.tries)");
        let [(n, x), (m, y)] = sums.map(|[tries, hits]| (tries as f64, hits as f64));
        let (control_low, control_high) = wilson(x, n);
        let (low, high) = wilson(y, m);
        let (q, p) = (x / n, y / m);
        let row: &ExperimentRow = &found.rows[1];
        assert!(found.rows[0].control && !row.control);
        assert_eq!(row.sample.as_ref().unwrap().raw, sums[1][0]);
        assert!(close(raw(row.difference.as_ref()), p - q));
        let down = ((p - low).powi(2) + (control_high - q).powi(2)).sqrt();
        let up = ((high - p).powi(2) + (q - control_low).powi(2)).sqrt();
        assert!(close(raw(row.low.as_ref()), p - q - down), "{row:?}");
        assert!(close(raw(row.high.as_ref()), p - q + up), "{row:?}");
        if p.to_bits() != q.to_bits() {
            let middle = (p + q) / 2.0;
            let root = Z * (2.0 * middle * (1.0 - middle)).sqrt()
                + 0.841_621_233_572_914 * (p * (1.0 - p) + q * (1.0 - q)).sqrt();
            let needed = (root / (p - q)).powi(2).ceil();
            let told = row.needed.as_ref().unwrap().raw as f64;
            assert!((told - needed).abs() <= 1.0, "{told} {needed}");
        }
        // The order of the rows and the split into days change nothing.
        rows.reverse();
        assert_eq!(experiment(&rows.concat(), "sum(web.hits) / sum(web.tries)").rows, found.rows);
    }
}

/// Student's distribution function, by Simpson's rule over its density without the constant.
fn student(t: f64, freedom: f64) -> f64 {
    let density = |x: f64| (1.0 + x * x / freedom).powf(-(freedom + 1.0) / 2.0);
    let area = |from: f64, to: f64| {
        let steps = 40_000;
        let h = (to - from) / f64::from(steps);
        let inner: f64 = (1..steps)
            .map(|i| density(from + h * f64::from(i)) * if i % 2 == 0 { 2.0 } else { 4.0 })
            .sum();
        h / 3.0 * (density(from) + density(to) + inner)
    };
    0.5 + area(0.0, t) / (2.0 * area(0.0, 400.0))
}

#[test]
fn means_have_welch_s_interval() {
    let mut dice = Dice(11);
    for _ in 0..8 {
        let (mut rows, mut values) = (String::new(), [Vec::new(), Vec::new()]);
        for row in 0..30 {
            let variant = usize::from(row % 3 == 0);
            let amount = dice.below(1000) as f64 / 10.0 * (1.0 + variant as f64);
            values[variant].push(amount);
            let name = ["A", "B"][variant];
            rows.push_str(&format!("    2026-06-{:02},{name},1,0,{amount}\n", 1 + dice.below(30)));
        }
        let found = experiment(&rows, "avg(web.amount)");
        let [(a, v, n), (b, w, m)] = values.map(|all| {
            let n = all.len() as f64;
            let mean = all.iter().sum::<f64>() / n;
            let spread = all.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (n - 1.0);
            (mean, spread, n)
        });
        let error = v / n + w / m;
        let freedom = error.powi(2) / ((v / n).powi(2) / (n - 1.0) + (w / m).powi(2) / (m - 1.0));
        let row = &found.rows[1];
        assert!(close(raw(row.difference.as_ref()), b - a));
        let (low, high) = (raw(row.low.as_ref()), raw(row.high.as_ref()));
        assert!(close((low + high) / 2.0, b - a));
        let at = student((high - low) / 2.0 / error.sqrt(), freedom);
        assert!((at - 0.975).abs() < 2e-5, "{at} at {freedom}");
    }
}

#[test]
fn what_has_no_interval_says_why() {
    let rows = "    2026-06-01,A,100,120,3\n    2026-06-02,B,100,5,4\n";
    for (formula, why) in [
        ("sum(web.hits) / sum(web.tries)", "are no share"),
        ("sum(web.amount) / sum(web.tries)", "sums do not tell"),
        ("sum(web.tries)", "a total grows"),
        ("avg(web.amount)", "one of the two has no value"),
    ] {
        let rows = if formula.contains("avg") { &rows.replace(",4", ",") } else { rows };
        let found = experiment(rows, formula);
        assert!(found.rows[1].verdict.contains(why), "{formula}: {}", found.rows[1].verdict);
        assert_eq!((&found.rows[1].low, &found.rows[1].needed), (&None, &None));
    }
}

#[test]
fn html_and_markdown_show_it() {
    let rows = "    2026-06-01,A,1000,30,3\n    2026-06-02,B,1100,80,4\n    2026-06-02,C,1,1,4\n";
    let built = report_of(&spec(rows, "sum(web.hits) / sum(web.tries)\n  unit: percent"));
    let (html, markdown) = (text_of(&built.files, ".html"), text_of(&built.files, ".md"));
    for text in [&html, &markdown] {
        assert!(text.contains("Shorter &lt;form&gt;"), "{text}");
        assert!(text.contains("Rows of other variants take no part: C."), "{text}");
        assert!(text.contains("The data cover 2 of its 30 days"), "{text}");
        assert!(text.contains("95% interval"), "{text}");
    }
    assert!(built.document.experiments[0].rows[1].verdict.contains("the sample suffices"));
}
