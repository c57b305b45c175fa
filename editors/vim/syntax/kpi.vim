" Syntax of .kpi files.
scriptencoding utf-8
if exists('b:current_syntax')
  finish
endif

let s:cpo = &cpo
set cpo&vim

" An item begins with its keyword at the first column.
let s:items = [
      \ 'project', 'use', 'connection', 'source', 'channels', 'list', 'metric', 'goal', 'kpi',
      \ 'review', 'note', 'event', 'experiment', 'report', 'test',
      \ ]
let s:nameless = ['project', 'use', 'event', 'experiment', 'test']

" What stands before a colon.
let s:keys = [
      \ 'currency', 'timezone', 'calendar', 'week', 'fiscal_year', 'locale',
      \ 'dialect',
      \ 'csv', 'jsonl', 'parquet', 'table', 'inline', 'preset', 'unpivot', 'date', 'where', 'rows',
      \ 'grain', 'covers', 'lookup', 'key', 'on_error', 'delimiter', 'quote', 'encoding', 'header',
      \ 'skip', 'comment', 'footer', 'decimal', 'thousands', 'nulls',
      \ 'formula', 'variant_of', 'unit', 'better', 'target', 'baseline', 'benchmark', 'tolerance',
      \ 'cadence', 'review', 'channels', 'by', 'goal', 'owner', 'about', 'title', 'improve',
      \ 'due', 'decision', 'note', 'affects',
      \ 'kpi', 'variant', 'values', 'from',
      \ 'purpose', 'questions', 'compare', 'history', 'time_axis',
      \ 'text', 'kpis', 'chart',
      \ ]

" The names of arguments: avg(rate, weight: visits).
let s:arguments = ['on', 'weight', 'per', 'each', 'of', 'over', 'at_least']

" What stands before a bracket.
let s:functions = [
      \ 'sum', 'count', 'count_distinct', 'avg', 'min', 'max', 'median', 'percentile', 'stddev',
      \ 'first', 'last', 'previous', 'growth', 'rolling', 'to_date', 'cumulative', 'opening',
      \ 'share', 'total', 'attainment', 'new', 'returning', 'lost', 'retained', 'nth',
      \ 'first_seen', 'convert', 'if', 'lower', 'upper', 'trim', 'contains', 'starts_with',
      \ 'ends_with', 'replace', 'extract', 'length', 'year', 'quarter', 'month', 'week', 'weekday',
      \ 'day', 'hour', 'hours', 'days', 'days_between', 'number', 'date', 'text', 'abs', 'round',
      \ 'least', 'greatest',
      \ ]

" The language's own words as values.
let s:values = [
      \ 'percent', 'money', 'duration', 'count', 'number', 'higher', 'lower', 'within', 'daily',
      \ 'weekly', 'monthly', 'quarterly', 'yearly', 'events', 'snapshot', 'day', 'week', 'month',
      \ 'quarter', 'year', 'stop', 'skip', 'null', 'gregorian', 'persian', 'keep', 'change',
      \ 'retire', 'ltr', 'rtl', 'duckdb', 'postgres', 'spark', 'clickhouse', 'none', 'auto', 'ga4',
      \ 'ga4_snapshot', 'ga4_exploration', 'ua', 'firebase', 'search_console', 'google_ads',
      \ 'google_trends', 'business_profile', 'meta_business', 'meta_ads', 'facebook_page', 'x',
      \ 'semrush', 'seranking', 'ahrefs', 'mailchimp', 'salesforce', 'tableau', 'hubspot',
      \ 'mixpanel', 'kissmetrics', 'hotjar', 'clarity', 'hootsuite', 'buffer',
      \ ]
let s:valued = [
      \ 'unit', 'better', 'cadence', 'review', 'rows', 'grain', 'on_error', 'calendar', 'decision',
      \ 'time_axis', 'dialect', 'header', 'preset', 'footer',
      \ ]

" Types of columns.
let s:types = [
      \ 'count', 'number', 'money', 'percent', 'duration', 'text', 'bool', 'date', 'timestamp', 'id',
      \ ]

" The words of clauses; a name may be one of them, which colours cannot tell.
let s:clauses = [
      \ 'from', 'to', 'by', 'for', 'on', 'as', 'per', 'over', 'because', 'starting', 'starts',
      \ 'named', 'only', 'keep', 'around', 'top', 'last year', 'or earlier', 'increase',
      \ 'decrease', 'points', 'baseline', 'additive',
      \ ]

function! s:any(words) abort
  return '\%(' .. join(a:words, '\|') .. '\)'
endfunction

let s:name = '\%(\h\|[^\x00-\x7f]\)\%(\w\|[^\x00-\x7f]\)*'
let s:digit = '[0-9\u06f0-\u06f9\u0660-\u0669]'
let s:digits = s:digit .. '[0-9_\u06f0-\u06f9\u0660-\u0669\u066c]*'
let s:number = s:digits .. '\%([.\u066b]' .. s:digits .. '\)\?[kMB]\?'

" At one place the rule that stands last wins: what is general stands first.
execute 'syn match kpiName /' .. s:name .. '/'
syn match kpiOperator /[-+*\/=<>!?~]\+\|\.\./
execute 'syn match kpiChannelCall /' .. s:name .. '\ze(/'
execute 'syn match kpiClause /\<' .. s:any(s:clauses) .. '\>/'
syn match kpiRule /\<\%(when\|otherwise\)\>/
syn match kpiWordOperator /\<\%(and\|or\|not\|in\|between\|is\|if\|where\)\>/
syn match kpiConstant /\<\%(null\|true\|false\)\>/
execute 'syn match kpiFunction /\<' .. s:any(s:functions) .. '\ze\s*(/'
execute 'syn match kpiArgument /\<' .. s:any(s:arguments) .. '\ze\s*:/'
execute 'syn match kpiKey /\<' .. s:any(s:keys) .. '\ze\%(\s\+\a\{2,3}\%(-\w\+\)*\)\?\s*:/ nextgroup=kpiKeyLanguage skipwhite'
syn match kpiKeyLanguage /\a\{2,3}\%(-\w\+\)*\ze\s*:/ contained
execute 'syn match kpiKey /\<' .. s:any(s:valued) .. '\ze\s*:/ nextgroup=kpiIs'
syn match kpiIs /\s*:/ contained nextgroup=kpiValue,kpiRegex skipwhite
execute 'syn match kpiValue /' .. s:any(s:values) .. '\>\%(\s*,\s*' .. s:any(s:values) .. '\>\)*/ contained'
syn match kpiKey /\<date\ze\s*:\s*\%(in\|file\|preamble\)\>/ nextgroup=kpiDateIs
syn match kpiDateIs /\s*:/ contained nextgroup=kpiDateValue skipwhite
syn match kpiDateValue /\%(in\|file\|preamble\)\>/ contained
syn match kpiMatch /=\~\|!\~/ nextgroup=kpiRegex skipwhite
syn match kpiOpen /[(,]/ nextgroup=kpiRegex skipwhite
syn match kpiQuoted /`[^`]\+`/
syn match kpiRegex /\/\%(\\.\|[^\/\\]\)\+\/i\?/ contained

execute 'syn match kpiNumber /' .. s:number .. '/ nextgroup=kpiUnit skipwhite'
syn match kpiUnit /[%\u066a]\|\u\{3}\>\|\<\%(ms\|min\|s\|h\|\%(day\|week\|month\|quarter\|year\)s\?\)\>/ contained
execute 'syn match kpiDate /' .. s:digit .. '\{4}-\%([Qq]' .. s:digit .. '\|[Ww]' .. s:digit .. '\{1,2}\|' .. s:digit .. '\{1,2}\%(-' .. s:digit .. '\{1,2}\)\?\)/'

execute 'syn match kpiItem /^' .. s:any(s:items) .. '\>/ nextgroup=kpiDeclared skipwhite'
execute 'syn match kpiItem /^' .. s:any(s:nameless) .. '\>/'
syn match kpiItem /\<section\ze\s*"/
execute 'syn match kpiDeclared /' .. s:name .. '\|`[^`]\+`/ contained nextgroup=kpiColon skipwhite'

" columns { name: type }
execute 'syn region kpiColumns matchgroup=kpiItem start=/\<columns\s*{/ end=/}/ end=/^\ze' .. s:any(s:items) .. '\>/ contains=kpiColumn,kpiComment,kpiString,kpiParagraph,kpiQuoted,kpiMatch,kpiOpen,kpiNumber,kpiDate,kpiFunction,kpiChannelCall,kpiClause,kpiWordOperator,kpiConstant,kpiOperator,kpiName'
execute 'syn match kpiColumn /\%(' .. s:name .. '\|`[^`]\+`\)\ze\s*:/ contained nextgroup=kpiColon skipwhite'
syn match kpiColon /:/ contained nextgroup=kpiType skipwhite
execute 'syn match kpiType /' .. s:any(s:types) .. '\>/ contained'

syn match kpiEscape /\\\%(["\\nt]\|u{\x\{1,6}}\)/ contained
syn match kpiBadEscape /\\\%(["\\nt]\|u{\x\{1,6}}\)\@!./ contained
" Marks that turn the writing direction: what is seen may not be what is read.
syn match kpiBidi /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/ containedin=ALL
syn region kpiString start=/"/ end=/"/ skip=/\\./ oneline contains=kpiEscape,kpiBadEscape,@Spell nextgroup=kpiTextLanguage skipwhite
" "SEO" fa "..."
syn match kpiTextLanguage /\%(\%(and\|or\|not\|in\|is\|by\|on\|as\|for\)\>\)\@!\a\{2,3}\%(-\w\+\)*\ze\s\+"/ contained
syn region kpiParagraph start=/"""/ end=/"""/ contains=@Spell

syn match kpiComment /#.*$/ contains=kpiAllow,@Spell
syn match kpiAllow /\<kpi\s*:\s*allow\s*(\s*[a-z-]*\s*)/ contained

" A paragraph may be long: look back far enough for its beginning.
syn sync minlines=200

hi def link kpiAllow PreProc
hi def link kpiArgument Identifier
hi def link kpiBadEscape Error
hi def link kpiBidi Error
hi def link kpiChannelCall Function
hi def link kpiClause Statement
hi def link kpiColumn Identifier
hi def link kpiComment Comment
hi def link kpiConstant Constant
hi def link kpiDate Number
hi def link kpiDateValue Constant
hi def link kpiDeclared Type
hi def link kpiEscape SpecialChar
hi def link kpiFunction Function
hi def link kpiItem Keyword
hi def link kpiKey Identifier
hi def link kpiKeyLanguage StorageClass
hi def link kpiMatch Operator
hi def link kpiNumber Number
hi def link kpiOperator Operator
hi def link kpiParagraph String
hi def link kpiQuoted Special
hi def link kpiRegex String
hi def link kpiRule Statement
hi def link kpiString String
hi def link kpiTextLanguage StorageClass
hi def link kpiType Type
hi def link kpiUnit Special
hi def link kpiValue Constant
hi def link kpiWordOperator Operator

let b:current_syntax = 'kpi'

let &cpo = s:cpo
unlet s:cpo
delfunction s:any
