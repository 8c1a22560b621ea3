//! Numbers as people write them: runs of digits with spaces and marks between.

use super::token::{Class, Token};

/// The longest number that is looked at, in digits. Longer ones are no form of personal data.
const DIGITS_MAX: usize = 40;

/// Runs of digits that belong together.
#[derive(Debug, Clone)]
pub(super) struct Number {
    /// The first token, a leading `+` or `(` included.
    pub(super) first: usize,
    /// The last token.
    pub(super) last: usize,
    pub(super) digits: String,
    /// The token of each group.
    pub(super) groups: Vec<usize>,
    pub(super) plus: bool,
    pub(super) parenthesis: bool,
    /// The marks between the groups, a space where there is nothing else.
    pub(super) separators: Vec<char>,
}

impl Number {
    /// The lengths of the groups.
    pub(super) fn shape(&self, tokens: &[Token]) -> Vec<usize> {
        self.groups.iter().map(|at| tokens[*at].folded.len()).collect()
    }

    /// Whether the groups have these lengths, all with this mark between them.
    pub(super) fn has_shape(&self, tokens: &[Token], shape: &[usize], separator: char) -> bool {
        self.separators.iter().all(|found| *found == separator) && self.shape(tokens) == shape
    }
}

/// All numbers of a text, from left to right. A token belongs to one number at most.
pub(super) fn numbers(tokens: &[Token]) -> Vec<Number> {
    let mut numbers = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        if tokens[at].is_digits() {
            let number = number_from(tokens, at);
            at = number.last + 1;
            numbers.push(number);
        } else {
            at += 1;
        }
    }
    numbers
}

fn number_from(tokens: &[Token], first_group: usize) -> Number {
    let mut number = Number {
        first: first_group,
        last: first_group,
        digits: tokens[first_group].folded.chars().take(DIGITS_MAX).collect(),
        groups: vec![first_group],
        plus: false,
        parenthesis: false,
        separators: Vec::new(),
    };
    // What leads the first group: "+", "(", "(+", "+(".
    for _ in 0..2 {
        match number
            .first
            .checked_sub(1)
            .map(|before| (before, tokens[before].class, tokens[number.first].spaced))
        {
            Some((before, Class::Mark('+'), false)) if !number.plus => (number.first, number.plus) = (before, true),
            Some((before, Class::Mark('('), false)) if !number.parenthesis => (number.first, number.parenthesis) = (before, true),
            _ => break,
        }
    }
    let mut at = first_group + 1;
    while let Some((separator, group)) = next_group(tokens, at) {
        if number.digits.len() + tokens[group].folded.len() > DIGITS_MAX {
            break;
        }
        number.parenthesis |= matches!(separator, '(' | ')');
        number.separators.push(separator);
        number.digits.push_str(&tokens[group].folded);
        number.groups.push(group);
        number.last = group;
        at = group + 1;
    }
    number
}

/// The next group, if only a space or the marks of a number stand before it.
fn next_group(tokens: &[Token], at: usize) -> Option<(char, usize)> {
    let token = tokens.get(at)?;
    if token.is_digits() {
        return token.spaced.then_some((' ', at));
    }
    let Class::Mark(mark @ ('-' | '.' | '/' | ')' | '(')) = token.class else {
        return None;
    };
    let next = tokens.get(at + 1)?;
    match next.class {
        // "01 - 02" is a range, "12. 34" the end of a sentence; only parentheses may have spaces around them.
        Class::Digits if matches!(mark, '(' | ')') || !token.spaced && !next.spaced => Some((mark, at + 1)),
        Class::Mark('-' | '(') if mark == ')' && tokens.get(at + 2)?.is_digits() => Some((mark, at + 2)),
        _ => None,
    }
}
