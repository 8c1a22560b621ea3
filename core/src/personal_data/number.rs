//! Numbers as people write them: runs of digits with spaces and marks between.

use super::token::{Class, Token};

/// The digits of a group. A phone's extension, "8851x13115", ends it.
fn group_digits(token: &Token) -> Option<&str> {
    match token.class {
        Class::Digits => Some(&token.folded),
        Class::Mixed => {
            let (digits, extension) = token.folded.split_once('x')?;
            let all_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            (digits.len() >= 3 && all_digits(digits) && all_digits(extension)).then_some(digits)
        }
        Class::Word | Class::Mark(_) => None,
    }
}

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
        self.groups
            .iter()
            .map(|at| group_digits(&tokens[*at]).map_or(0, str::len))
            .collect()
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
        if group_digits(&tokens[at]).is_some() {
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
        digits: group_digits(&tokens[first_group])
            .unwrap_or_default()
            .chars()
            .take(DIGITS_MAX)
            .collect(),
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
        let digits = group_digits(&tokens[group]).unwrap_or_default();
        if number.digits.len() + digits.len() > DIGITS_MAX {
            break;
        }
        number.parenthesis |= matches!(separator, '(' | ')');
        number.separators.push(separator);
        number.digits.push_str(digits);
        number.groups.push(group);
        number.last = group;
        at = group + 1;
    }
    number
}

/// The next group, if only a space or the marks of a number stand before it.
fn next_group(tokens: &[Token], at: usize) -> Option<(char, usize)> {
    let token = tokens.get(at)?;
    if group_digits(token).is_some() {
        return token.spaced.then_some((' ', at));
    }
    let Class::Mark(mark @ ('-' | '.' | '/' | ')' | '(')) = token.class else {
        return None;
    };
    let next = tokens.get(at + 1)?;
    match next.class {
        // "01 - 02" is a range, "12. 34" the end of a sentence; only parentheses may have spaces around them.
        Class::Digits | Class::Mixed
            if group_digits(next).is_some() && (matches!(mark, '(' | ')') || !token.spaced && !next.spaced) =>
        {
            Some((mark, at + 1))
        }
        Class::Mark('-' | '(') if mark == ')' && tokens.get(at + 2)?.is_digits() => Some((mark, at + 2)),
        _ => None,
    }
}
