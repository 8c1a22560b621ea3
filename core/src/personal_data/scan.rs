//! A text being scanned: its tokens, its numbers, its labels, and what was found so far.

use std::ops::Range;

use super::known_run::known_breaks;
use super::label::{self, Label};
use super::number::{self, Number};
use super::token::{Class, Token, tokens};
use super::{Certainty, PersonalDataContext, PersonalDataFinding, PersonalDataKind, east_asian_name};

/// How many words may stand between a label and what it labels ("passport *of the customer* X123").
const GAP_WORDS: usize = 3;

/// How many digits a state's number has at the least that is told by its check digits alone. Wise's IDs have fewer.
const STATE_DIGITS_MIN: usize = 11;

/// How many tokens are looked at around another one. It is more than people write, and keeps the time linear in a text of nothing but
/// marks, labels or fillers.
pub(super) const REACH: usize = 40;

pub(super) struct Scan<'a> {
    pub(super) text: &'a str,
    pub(super) context: PersonalDataContext<'a>,
    pub(super) tokens: Vec<Token>,
    /// Runs of digits with the marks between them.
    pub(super) numbers: Vec<Number>,
    /// The label that ends at each token, if one does.
    pub(super) labels: Vec<Option<Label>>,
    /// Whether the text is written in capitals or small letters only, so that capitals tell nothing.
    pub(super) is_one_case: bool,
    /// Whether the text speaks of a bank's code.
    pub(super) has_bank_code: bool,
    /// Whether a token is part of a find.
    taken: Vec<bool>,
    finds: Vec<PersonalDataFinding>,
    /// Where names stand in Chinese, Japanese and Korean.
    pub(super) east_asian_names: Vec<Range<usize>>,
}

impl<'a> Scan<'a> {
    pub(super) fn new(text: &'a str, context: PersonalDataContext<'a>) -> Self {
        let east_asian_names = east_asian_name::spans(text);
        let mut breaks = known_breaks(text, context.known);
        breaks.extend(east_asian_names.iter().flat_map(|name| [name.start, name.end]));
        breaks.sort_unstable();
        let tokens = tokens(text, &breaks);
        let numbers = number::numbers(&tokens);
        let labels = label::labels(&tokens);
        let taken = vec![false; tokens.len()];
        let mut scan = Self {
            text,
            context,
            tokens,
            numbers,
            is_one_case: is_one_case(text),
            has_bank_code: labels.contains(&Some(Label::BankCode)),
            labels,
            taken,
            finds: Vec::new(),
            east_asian_names,
        };
        scan.pass_over_own_ids();
        scan
    }

    /// The ids of the form's own fields are no finds, however they look.
    fn pass_over_own_ids(&mut self) {
        for at in 0..self.numbers.len() {
            let number = &self.numbers[at];
            let own = self.context.own_ids.iter().any(|id| {
                let digits = id.bytes().filter(u8::is_ascii_digit);
                !id.is_empty() && digits.eq(number.digits.bytes())
            });
            if own {
                self.taken[number.first..=number.last].fill(true);
            }
        }
        for at in 0..self.tokens.len() {
            let token = &self.tokens[at];
            if token.class == Class::Mixed && self.context.own_ids.contains(&&self.text[token.start..token.end]) {
                self.taken[at] = true;
            }
        }
    }

    /// Whether none of the tokens is part of a find.
    pub(super) fn is_free(&self, first: usize, last: usize) -> bool {
        self.taken.get(first..=last).is_some_and(|taken| !taken.contains(&true))
    }

    /// Notes that the tokens are personal data, unless some of them already are.
    pub(super) fn note(&mut self, first: usize, last: usize, kind: PersonalDataKind, certainty: Certainty) {
        if first <= last && self.is_free(first, last) {
            self.taken[first..=last].fill(true);
            let range = self.tokens[first].start..self.tokens[last].end;
            self.finds.push(PersonalDataFinding { range, kind, certainty });
        }
    }

    pub(super) fn certain(&mut self, first: usize, last: usize, kind: PersonalDataKind) {
        self.note(first, last, kind, Certainty::Certain);
    }

    pub(super) fn probable(&mut self, first: usize, last: usize, kind: PersonalDataKind) {
        self.note(first, last, kind, Certainty::Probable);
    }

    /// The nearest label before a token, if it is near enough to label it.
    pub(super) fn label_before(&self, at: usize) -> Option<Label> {
        let mut words = 0;
        for before in (0..at).rev().take(REACH) {
            match self.labels[before] {
                // A word for a person says nothing of a number: "Teléfono del cliente 93757658".
                None | Some(Label::Person | Label::WeakPerson | Label::Title) => {}
                Some(label) => return Some(label),
            }
            match self.tokens[before].class {
                Class::Mark(';' | '|') => return None,
                Class::Mark(_) => {}
                Class::Word if label::is_filler(&self.tokens[before].folded) => {}
                Class::Word | Class::Digits | Class::Mixed => words += 1,
            }
            if words > GAP_WORDS {
                return None;
            }
        }
        None
    }

    /// Whether a harmless label stands directly before a token: "transfer 58114690", "ref: #123". A `#` is one where no other label is.
    pub(super) fn is_harmless(&self, at: usize) -> bool {
        let mut has_hash = false;
        let before = (0..at).rev().take(REACH).find(|before| {
            let token = &self.tokens[*before];
            has_hash |= token.is_mark('#');
            let skipped = matches!(token.class, Class::Mark(':' | '.' | '(' | '-' | '"' | '\'' | '#'))
                || label::is_number_word(&token.folded);
            !skipped || self.labels[*before].is_some()
        });
        match before.and_then(|before| self.labels[before]) {
            Some(Label::Harmless) => true,
            // "id 58114690" is one of Wise's; "ID 054-5876257-1" a state's.
            Some(Label::Document) => {
                let is_run = self.number_at(at).is_none_or(|number| number.groups.len() == 1);
                is_run && self.tokens[at].is_digits() && self.tokens[at].folded.len() < STATE_DIGITS_MIN
            }
            None | Some(Label::Person | Label::WeakPerson | Label::Title) => has_hash,
            Some(_) => false,
        }
    }

    /// The number whose first group is this token.
    pub(super) fn number_at(&self, token: usize) -> Option<&Number> {
        let first_group = |number: &Number| number.groups.first().copied();
        let at = self.numbers.partition_point(|number| first_group(number) < Some(token));
        self.numbers.get(at).filter(|number| first_group(number) == Some(token))
    }

    pub(super) fn word(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", |token| &token.folded)
    }

    pub(super) fn into_finds(mut self) -> Vec<PersonalDataFinding> {
        self.finds.sort_by_key(|find| find.range.start);
        self.finds
    }
}

fn is_one_case(text: &str) -> bool {
    let letters = || text.chars().filter(|c| c.is_alphabetic());
    letters().all(|c| !c.is_lowercase()) || letters().all(|c| !c.is_uppercase())
}
