//! Every rule of the grammar in the user's words, for "expected …".

use super::grammar::Rule;

/// What a rule is called in a message, whole slices by what they begin with; none for rules that a user would not know. There is no
/// wildcard arm, so that a new rule does not compile before it is named here.
pub(super) fn describe(rule: Rule) -> Option<&'static str> {
    let words = match rule {
        Rule::plain_name
        | Rule::quoted_name
        | Rule::name
        | Rule::path
        | Rule::plain
        | Rule::named_head
        | Rule::titled_head
        | Rule::channels_head
        | Rule::list_head
        | Rule::measure_head
        | Rule::review_head
        | Rule::note_head
        | Rule::name_value
        | Rule::names_value
        | Rule::on_error_value
        | Rule::path_value
        | Rule::paths_value
        | Rule::key_value
        | Rule::lookup_value
        | Rule::unpivot_value
        | Rule::channel_line
        | Rule::figure_value
        | Rule::test_line => "a name",
        Rule::names | Rule::paths => "names",
        Rule::comma => "`,`",
        Rule::number | Rule::number_value | Rule::span_value => "a number",
        Rule::date | Rule::event_head | Rule::date_value | Rule::dates_value => {
            "a date like `2026-12-31`"
        }
        Rule::period | Rule::when => "a period like `2026-06`",
        Rule::year => "a year",
        Rule::text
        | Rule::localized
        | Rule::list_member
        | Rule::project_head
        | Rule::use_head
        | Rule::text_head
        | Rule::text_value
        | Rule::texts_value
        | Rule::localized_value
        | Rule::questions_value => "a text in quotes",
        Rule::texts => "texts in quotes",
        Rule::language | Rule::language_value => "a language like `fa`",
        Rule::regex => "a regular expression like `/^a/`",
        Rule::expression
        | Rule::prefix
        | Rule::primary
        | Rule::amount
        | Rule::truth
        | Rule::null
        | Rule::brackets
        | Rule::call
        | Rule::expression_value
        | Rule::target_value
        | Rule::baseline_value
        | Rule::benchmark_value => "a value",
        Rule::infix
        | Rule::symbol
        | Rule::match_op
        | Rule::null_test
        | Rule::match_test
        | Rule::membership => "an operator",
        Rule::claim_op | Rule::claim => "a comparison like `==`",
        Rule::members => "`(`",
        Rule::duration => "a word like `days`",
        Rule::currency => "a currency like `USD`",
        Rule::argument | Rule::argument_name => "an argument",
        Rule::filter | Rule::kw_where => "`where`",
        Rule::kw_is => "`is`",
        Rule::kw_not => "`not`",
        Rule::kw_null => "`null`",
        Rule::kw_in => "`in`",
        Rule::kw_if => "`if`",
        Rule::equals | Rule::computed => "`=`",
        Rule::colon => "`:`",
        Rule::kw_additive => "`additive`",
        Rule::kw_around => "`around`",
        Rule::kw_as | Rule::date_format | Rule::figure_as => "`as`",
        Rule::kw_baseline => "`baseline`",
        Rule::kw_because | Rule::because_clause => "`because`",
        Rule::kw_by | Rule::by_clause | Rule::figure_by | Rule::test_by => "`by`",
        Rule::kw_file => "`file`",
        Rule::kw_for | Rule::scope_clause | Rule::test_scopes => "`for`",
        Rule::kw_from | Rule::from_clause | Rule::column_from => "`from`",
        Rule::kw_jalali => "`jalali`",
        Rule::kw_keep => "`keep`",
        Rule::kw_named => "`named`",
        Rule::kw_none => "`none`",
        Rule::kw_on => "`on`",
        Rule::kw_only => "`only`",
        Rule::kw_or => "`or`",
        Rule::kw_otherwise => "`otherwise`",
        Rule::kw_over => "`over`",
        Rule::kw_per | Rule::per_clause => "`per`",
        Rule::kw_points => "`points`",
        Rule::kw_preamble => "`preamble`",
        Rule::kw_previous => "`previous`",
        Rule::kw_starting | Rule::starting_clause => "`starting`",
        Rule::kw_starts | Rule::week_value | Rule::fiscal_value => "`starts`",
        Rule::kw_to => "`to`",
        Rule::kw_top | Rule::figure_top => "`top`",
        Rule::kw_when => "`when`",
        Rule::or_earlier => "`or earlier`",
        Rule::last_year => "`last year`",
        Rule::not_additive => "`not additive over`",
        Rule::column_type | Rule::column_value => "a type like `count`",
        Rule::direction => "`increase` or `decrease`",
        Rule::sign | Rule::relative => "a signed number",
        Rule::comparison | Rule::compare_value => {
            "`previous`, `last year` or a span like `28 days around`"
        }
        Rule::scope => "a dimension and its value",
        Rule::EOI => "the end of the line",
        Rule::unit_value => "a unit",
        Rule::date_rule_value => "a column, or `in`, `file` or `preamble`",
        Rule::header_value => "a number or `none`",
        Rule::footer_value => "a number or a regular expression",
        Rule::WHITESPACE
        | Rule::COMMENT
        | Rule::invisible
        | Rule::word_rest
        | Rule::reserved
        | Rule::digit
        | Rule::digits
        | Rule::paragraph
        | Rule::line_text
        | Rule::typographic
        | Rule::clause => return None,
    };
    Some(words)
}
