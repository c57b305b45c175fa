//! Currencies by their codes.

use std::fmt;

/// A currency, by its ISO 4217 code; also `IRT`, the toman, which is ten rial (`IRR`).
///
/// ```
/// use sanjeh::value::Currency;
/// let dinar = Currency::from_code("KWD").unwrap();
/// assert_eq!((dinar.code(), dinar.minor_digits()), ("KWD", 3));
/// assert_eq!(Currency::from_code("ABC"), None);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
// The place in the table of codes, whose order is that of the alphabet.
pub struct Currency(u8);

/// The active codes of ISO 4217 that name money in circulation (no metals, funds or test codes),
/// and the toman. In the order of the alphabet.
const CODES: &[&str] = &[
    "AED", "AFN", "ALL", "AMD", "AOA", "ARS", "AUD", "AWG", "AZN", "BAM", "BBD", "BDT", "BGN",
    "BHD", "BIF", "BMD", "BND", "BOB", "BRL", "BSD", "BTN", "BWP", "BYN", "BZD", "CAD", "CDF",
    "CHF", "CLF", "CLP", "CNY", "COP", "CRC", "CUP", "CVE", "CZK", "DJF", "DKK", "DOP", "DZD",
    "EGP", "ERN", "ETB", "EUR", "FJD", "FKP", "GBP", "GEL", "GHS", "GIP", "GMD", "GNF", "GTQ",
    "GYD", "HKD", "HNL", "HTG", "HUF", "IDR", "ILS", "INR", "IQD", "IRR", "IRT", "ISK", "JMD",
    "JOD", "JPY", "KES", "KGS", "KHR", "KMF", "KPW", "KRW", "KWD", "KYD", "KZT", "LAK", "LBP",
    "LKR", "LRD", "LSL", "LYD", "MAD", "MDL", "MGA", "MKD", "MMK", "MNT", "MOP", "MRU", "MUR",
    "MVR", "MWK", "MXN", "MYR", "MZN", "NAD", "NGN", "NIO", "NOK", "NPR", "NZD", "OMR", "PAB",
    "PEN", "PGK", "PHP", "PKR", "PLN", "PYG", "QAR", "RON", "RSD", "RUB", "RWF", "SAR", "SBD",
    "SCR", "SDG", "SEK", "SGD", "SHP", "SLE", "SOS", "SRD", "SSP", "STN", "SVC", "SYP", "SZL",
    "THB", "TJS", "TMT", "TND", "TOP", "TRY", "TTD", "TWD", "TZS", "UAH", "UGX", "USD", "UYU",
    "UZS", "VED", "VES", "VND", "VUV", "WST", "XAF", "XCD", "XCG", "XOF", "XPF", "YER", "ZAR",
    "ZMW", "ZWG",
];

impl Currency {
    /// The currency of that code, in capitals; none for any other text.
    pub fn from_code(code: &str) -> Option<Self> {
        Some(Self(CODES.binary_search(&code).ok()? as u8))
    }

    /// The code, in capitals.
    pub fn code(self) -> &'static str {
        CODES[usize::from(self.0)]
    }

    /// All codes, in order: the candidates for "did you mean".
    pub fn codes() -> &'static [&'static str] {
        CODES
    }

    /// The digits after the point in which amounts are usually given. As in ISO 4217, save that
    /// the rial and the toman have none, for nobody writes their dinars.
    pub fn minor_digits(self) -> u8 {
        match self.code() {
            "BIF" | "CLP" | "DJF" | "GNF" | "IRR" | "IRT" | "ISK" | "JPY" | "KMF" | "KRW"
            | "PYG" | "RWF" | "UGX" | "VND" | "VUV" | "XAF" | "XOF" | "XPF" => 0,
            "BHD" | "IQD" | "JOD" | "KWD" | "LYD" | "OMR" | "TND" => 3,
            "CLF" => 4,
            _ => 2,
        }
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// The symbols and words that stand beside amounts, each with the currencies that it may mean.
/// A symbol of many currencies says nothing about which one it is.
const SYMBOLS: &[(&str, &[&str])] = &[
    (
        "$",
        &[
            "USD", "CAD", "AUD", "NZD", "SGD", "HKD", "TWD", "MXN", "ARS", "CLP", "COP", "UYU",
            "DOP", "JMD", "TTD", "BBD", "BSD", "BMD", "BZD", "BND", "FJD", "GYD", "KYD", "LRD",
            "NAD", "SBD", "SRD", "XCD", "CUP", "CVE", "MOP",
        ],
    ),
    ("US$", &["USD"]),
    ("CA$", &["CAD"]),
    ("C$", &["CAD", "NIO"]),
    ("A$", &["AUD"]),
    ("AU$", &["AUD"]),
    ("NZ$", &["NZD"]),
    ("S$", &["SGD"]),
    ("HK$", &["HKD"]),
    ("NT$", &["TWD"]),
    ("MX$", &["MXN"]),
    ("R$", &["BRL"]),
    ("€", &["EUR"]),
    ("£", &["GBP", "EGP", "LBP", "SYP", "SDG", "SSP", "GIP", "FKP", "SHP"]),
    ("¥", &["JPY", "CNY"]),
    ("￥", &["JPY", "CNY"]),
    ("JP¥", &["JPY"]),
    ("CN¥", &["CNY"]),
    ("円", &["JPY"]),
    ("元", &["CNY", "TWD", "HKD"]),
    ("₹", &["INR"]),
    ("₨", &["PKR", "LKR", "NPR", "MUR", "SCR"]),
    ("Rs", &["INR", "PKR", "LKR", "NPR", "MUR", "SCR"]),
    ("Rs.", &["INR", "PKR", "LKR", "NPR", "MUR", "SCR"]),
    ("₩", &["KRW", "KPW"]),
    ("₽", &["RUB"]),
    ("₺", &["TRY"]),
    ("TL", &["TRY"]),
    ("₴", &["UAH"]),
    ("₪", &["ILS"]),
    ("₫", &["VND"]),
    ("₦", &["NGN"]),
    ("₱", &["PHP"]),
    ("฿", &["THB"]),
    ("₸", &["KZT"]),
    ("₾", &["GEL"]),
    ("₼", &["AZN"]),
    ("Rp", &["IDR"]),
    ("RM", &["MYR"]),
    ("R", &["ZAR"]),
    ("zł", &["PLN"]),
    ("Kč", &["CZK"]),
    ("Ft", &["HUF"]),
    ("kr", &["SEK", "NOK", "DKK", "ISK"]),
    ("kr.", &["DKK", "ISK", "SEK", "NOK"]),
    ("Fr.", &["CHF"]),
    ("lei", &["RON", "MDL"]),
    ("﷼", &["IRR", "OMR", "QAR", "SAR", "YER"]),
    ("ریال", &["IRR", "OMR", "QAR", "SAR", "YER"]),
    ("ريال", &["IRR", "OMR", "QAR", "SAR", "YER"]),
    ("تومان", &["IRT"]),
    ("تومن", &["IRT"]),
    ("د.إ", &["AED"]),
];

/// The currencies that a code or symbol may mean; none if it is neither.
pub(super) fn meanings(mark: &str) -> Option<Vec<Currency>> {
    if let Some((_, codes)) = SYMBOLS.iter().find(|(symbol, _)| *symbol == mark) {
        return Some(codes.iter().filter_map(|code| Currency::from_code(code)).collect());
    }
    Some(vec![Currency::from_code(&mark.to_ascii_uppercase())?])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_in_order_and_symbols_name_known_ones() {
        assert!(CODES.is_sorted_by(|a, b| a < b), "binary search needs order");
        assert!(CODES.len() <= 256, "a byte tells the place");
        for (symbol, codes) in SYMBOLS {
            assert_eq!(meanings(symbol).unwrap().len(), codes.len(), "{symbol}");
        }
    }

    #[test]
    fn minor_digits_follow_the_standard() {
        let digits = |code: &str| Currency::from_code(code).unwrap().minor_digits();
        assert_eq!(["USD", "EUR", "TRY", "AED"].map(digits), [2; 4]);
        assert_eq!(["IRR", "IRT", "JPY", "KRW"].map(digits), [0; 4]);
        assert_eq!(["KWD", "BHD", "OMR", "TND"].map(digits), [3; 4]);
    }

    #[test]
    fn a_code_is_three_capitals() {
        for text in ["usd", "US", "USDT", "", "XXX", "ریال"] {
            assert_eq!(Currency::from_code(text), None, "{text}");
        }
    }
}
