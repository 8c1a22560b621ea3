//! Postal addresses: a house number with a street, a postcode, or what follows "lives at".

use super::PersonalDataKind::Address;
use super::label::{self, Label};
use super::scan::{REACH, Scan};
use super::token::Class;
use super::word;

pub(super) fn find(scan: &mut Scan<'_>) {
    for at in 0..scan.tokens.len() {
        let found = match scan.labels[at] {
            Some(Label::LivesAt) => after_label(scan, at, false),
            Some(Label::PostBox) => post_box(scan, at),
            // "Proof of address: …" announces one; "address …" alone may be about addresses.
            Some(Label::Address) => after_label(scan, at, !scan.tokens.get(at + 1).is_some_and(|next| next.is_mark(':'))),
            _ => None,
        };
        if let Some((first, last)) = found {
            scan.certain(first, last, Address);
        }
    }
    for at in 0..scan.tokens.len() {
        if let Some((first, last)) = east_asian(scan, at)
            .or_else(|| unit(scan, at))
            .or_else(|| street(scan, at))
            .or_else(|| uk_postcode(scan, at))
        {
            let last = extended(scan, last);
            scan.probable(first, last, Address);
        }
    }
}

/// "Flat 602, Sai Kripa, Mumbai": a part of a house with its number, and a name and another number after it.
fn unit(scan: &Scan<'_>, at: usize) -> Option<(usize, usize)> {
    let number = (at + 1..scan.tokens.len()).take(3).find(|at| has_digit(scan, *at))?;
    let is_unit = word::is_unit(scan.word(at))
        && scan.tokens[number].len() <= 5
        && (at + 1..number).all(|at| scan.tokens[at].is_any_mark());
    let has_comma = scan.tokens.get(number + 1).is_some_and(|token| token.is_mark(','));
    let name = scan
        .tokens
        .get(number + 2)
        .is_some_and(|token| token.class == Class::Word && (token.capitalized || scan.is_one_case));
    (is_unit && has_comma && name).then(|| (at, extended(scan, number)))
}

/// "PO Box 24018, Dar es Salaam", "private bag X70": the label and the number, and the town.
fn post_box(scan: &Scan<'_>, label: usize) -> Option<(usize, usize)> {
    let number = (label + 1..scan.tokens.len()).take(4).find(|at| has_digit(scan, *at))?;
    let between = (label + 1..number)
        .all(|at| scan.tokens[at].is_any_mark() || label::is_number_word(scan.word(at)) || scan.tokens[at].len() <= 2);
    let first = (label.saturating_sub(4)..label)
        .rev()
        .take_while(|at| scan.tokens[*at].is_mark('.') || scan.tokens[*at].len() == 1)
        .last();
    between.then(|| (first.unwrap_or(label), extended(scan, number)))
}

/// "80676 münchen", "4729-295 braga", "111 22 Stockholm": a postcode and a town, however it is written.
fn is_postcode_and_town(scan: &Scan<'_>, at: usize) -> bool {
    let Some(number) = scan.number_at(at) else { return false };
    let shape = number.shape(&scan.tokens);
    let is_postcode = matches!(shape[..], [4..=6] | [4, 3] | [2, 3] | [3, 2] | [5, 3]) && !scan.is_harmless(at);
    let town = number.last + 1;
    let is_town = scan
        .tokens
        .get(town)
        .is_some_and(|token| token.class == Class::Word && token.spaced && token.len() >= 3);
    is_postcode && is_town && !word::is_common(scan.word(town)) && !word::is_verb(scan.word(town)) && scan.labels[town].is_none()
}

/// A number between the signs of an address in Chinese or Japanese: "朝阳区建国路88号", "渋谷区神南1-2-3".
fn east_asian(scan: &Scan<'_>, at: usize) -> Option<(usize, usize)> {
    const PLACES: &[char] = &['市', '区', '區', '县', '縣', '省', '県', '都', '府', '町', '村', '郡'];
    const STREETS: &[char] = &[
        '路', '街', '道', '巷', '弄', '号', '號', '丁', '番', '町', '区', '區', '室', '楼', '村',
    ];
    if !scan.tokens[at].is_digits() || scan.is_harmless(at) {
        return None;
    }
    let text = |at: usize| {
        scan.tokens
            .get(at)
            .filter(|token| token.caseless)
            .map_or("", |token| token.folded.as_str())
    };
    let before = at.checked_sub(1).map_or("", text);
    let (place, street) = (
        before.contains(PLACES),
        before.ends_with(STREETS) || text(at + 1).starts_with(STREETS),
    );
    let numbered = scan.number_at(at).map_or(at, |number| number.last);
    let is_block = matches!(scan.number_at(at).map(|number| number.groups.len()), Some(2 | 3));
    (place && (street || is_block)).then(|| (at - 1, numbered + usize::from(text(numbered + 1).starts_with(STREETS))))
}

/// What follows a label, to the end of the address: it must have a number and a name in it.
fn after_label(scan: &Scan<'_>, label: usize, needs_street: bool) -> Option<(usize, usize)> {
    let skipped = |at: usize| {
        matches!(scan.tokens[at].class, Class::Mark(':' | '.' | '-' | ',' | '"'))
            || label::is_filler(scan.word(at)) && !scan.tokens[at].capitalized
    };
    let first = (label + 1..scan.tokens.len()).take(REACH).find(|at| !skipped(*at))?;
    let last = (first..scan.tokens.len())
        .take(REACH)
        .take_while(|at| !ends_address(scan, *at))
        .last()?;
    let tokens = &scan.tokens[first..=last];
    let numbered = (first..=last)
        .any(|at| matches!(scan.tokens[at].class, Class::Digits | Class::Mixed) && !scan.is_harmless(at) && has_digit(scan, at));
    let named = tokens
        .iter()
        .any(|token| token.class == Class::Word && (token.capitalized || token.caseless) && token.len() > 1);
    let street = (first..=last).any(|at| is_street_word(scan, at) || uk_postcode(scan, at).is_some());
    let comma = tokens.iter().any(|token| token.is_mark(','));
    let postcode = (first..=last).any(|at| is_postcode_and_town(scan, at));
    let enough = street || postcode || (named && (!needs_street || comma)) || (!needs_street && comma);
    (numbered && enough && scan.is_free(first, last)).then_some((first, last))
}

fn has_digit(scan: &Scan<'_>, at: usize) -> bool {
    scan.word(at).bytes().any(|byte| byte.is_ascii_digit())
}

/// Where an address is over: a dash with spaces, a semicolon, a harmless label, a word about the case.
fn ends_address(scan: &Scan<'_>, at: usize) -> bool {
    let token = &scan.tokens[at];
    let next_spaced = scan.tokens.get(at + 1).is_none_or(|next| next.spaced);
    token.is_mark(';')
        || token.is_mark('-') && token.spaced && next_spaced
        || scan.labels[at] == Some(Label::Harmless) && scan.tokens.get(at + 1).is_some_and(|next| next.class == Class::Digits)
        || token.class == Class::Word && !token.capitalized && word::is_verb(&token.folded)
}

/// A street with its number that starts at this token.
fn street(scan: &Scan<'_>, at: usize) -> Option<(usize, usize)> {
    number_first(scan, at).or_else(|| street_first(scan, at))
}

/// "24 Old Church Road", "12 rue de Rivoli", "89, rue Audrey Samson"
fn number_first(scan: &Scan<'_>, at: usize) -> Option<(usize, usize)> {
    let is_number =
        matches!(scan.tokens[at].class, Class::Digits | Class::Mixed) && scan.word(at).len() <= 5 && has_digit(scan, at);
    if !is_number || !scan.word(at).starts_with(|c: char| c.is_ascii_digit()) || scan.is_harmless(at) {
        return None;
    }
    let mut next = at + 1;
    if scan.tokens.get(next)?.is_mark(',') {
        next += 1;
    }
    if word::is_street_prefix(scan.word(next)) && scan.tokens.get(next + 1)?.class == Class::Word {
        let last = (next + 1..scan.tokens.len())
            .take(4)
            .take_while(|at| {
                scan.tokens[*at].class == Class::Word && (scan.tokens[*at].capitalized || word::is_particle(scan.word(*at)))
            })
            .last()?;
        return Some((at, last));
    }
    // One to four names, the last of which says what kind of street it is.
    let names = (next..scan.tokens.len())
        .take(4)
        .take_while(|at| scan.tokens[*at].class == Class::Word && scan.tokens[*at].capitalized);
    let suffix = names.skip(1).filter(|at| word::is_street_suffix(scan.word(*at))).last()?;
    Some((at, suffix))
}

/// "Hauptstraße 12", "ul. Marszałkowska 84/92", "Calle Mayor 5", "Via Roma, 12"
fn street_first(scan: &Scan<'_>, at: usize) -> Option<(usize, usize)> {
    let word = scan.word(at);
    if scan.tokens[at].class != Class::Word {
        return None;
    }
    let number_at = if word::has_street_ending(word) {
        at + 1
    } else if word::is_street_prefix(word) {
        let mut next = at + 1;
        while (scan.tokens.get(next)?.is_mark('.') || scan.tokens.get(next)?.is_mark('/')) && next - at <= REACH {
            next += 1;
        }
        let names = (next..scan.tokens.len()).take(4).take_while(|at| {
            scan.tokens[*at].class == Class::Word && (scan.tokens[*at].capitalized || word::is_particle(scan.word(*at)))
        });
        names.last()? + 1
    } else {
        return None;
    };
    let mut number_at = number_at;
    if scan.tokens.get(number_at)?.is_mark(',') || scan.tokens.get(number_at)?.is_mark('.') {
        number_at += 1;
    }
    let number = scan.tokens.get(number_at)?;
    let is_number =
        matches!(number.class, Class::Digits | Class::Mixed) && number.folded.len() <= 5 && has_digit(scan, number_at);
    (is_number && (scan.tokens[at].capitalized || word::is_street_prefix(word))).then_some((at, number_at))
}

fn is_street_word(scan: &Scan<'_>, at: usize) -> bool {
    let word = scan.word(at);
    word::is_street_prefix(word)
        || word::is_street_suffix(word) && scan.tokens[at].capitalized
        || word::has_street_ending(word)
        || scan.tokens[at].caseless
            && (word.contains("丁目")
                || word.contains("番地")
                || word.contains('路')
                || word.contains('街')
                || word.contains('号'))
}

/// A British postcode: "EC5V 0DR".
fn uk_postcode(scan: &Scan<'_>, at: usize) -> Option<(usize, usize)> {
    let (outward, inward) = (scan.tokens[at].folded.as_bytes(), scan.tokens.get(at + 1)?.folded.as_bytes());
    let letters = outward.iter().take_while(|byte| byte.is_ascii_lowercase()).count();
    let outward_fits = matches!(letters, 1 | 2) && matches!(outward.len() - letters, 1 | 2) && outward[letters].is_ascii_digit();
    let inward_fits = inward.len() == 3 && inward[0].is_ascii_digit() && inward[1..].iter().all(u8::is_ascii_lowercase);
    (outward_fits && inward_fits && scan.tokens[at].capitalized && scan.tokens[at + 1].spaced).then_some((at, at + 1))
}

/// The rest of the address after its street: town, postcode, state.
fn extended(scan: &Scan<'_>, street_end: usize) -> usize {
    let mut last = street_end;
    let mut after_comma = false;
    for at in (street_end + 1..scan.tokens.len()).take(REACH) {
        let token = &scan.tokens[at];
        match token.class {
            Class::Mark(',') => after_comma = true,
            Class::Mark('/' | '-' | '.') if !token.spaced => {}
            Class::Digits | Class::Mixed if after_comma || !token.spaced => last = at,
            Class::Word if after_comma && token.capitalized => last = at,
            _ => break,
        }
    }
    last
}
