//! Names of persons: after a title, after a word for a person, or at the start of a line that goes on about them.

use super::Certainty;
use super::PersonalDataKind::Name;
use super::label::Label;
use super::scan::Scan;
use super::token::Class;
use super::word;

/// The most tokens a name has.
const NAME_TOKENS_MAX: usize = 7;

/// How much speaks for a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cue {
    /// A form of address: one word is enough.
    Title,
    /// A word for a person: two words are needed.
    Person,
    /// A word after which much else may follow, or a name known as a first name.
    Preposition,
    /// Nothing but its place at the start of the line.
    Start,
}

pub(super) fn find(scan: &mut Scan<'_>) {
    for at in 0..scan.tokens.len() {
        let cue = match scan.labels[at] {
            Some(Label::Title) => Cue::Title,
            Some(Label::Person) => Cue::Person,
            Some(Label::WeakPerson | Label::Phone | Label::LivesAt) => Cue::Preposition,
            _ => continue,
        };
        // "customer: X", "sender (X"
        let start = (at + 1..scan.tokens.len())
            .take(3)
            .find(|next| !matches!(scan.tokens[*next].class, Class::Mark(':' | '.' | '(' | '"' | '-' | '\'')));
        if let Some(start) = start {
            note(scan, start, cue);
        }
    }
    for at in 0..scan.tokens.len() {
        let cue = if at == 0 || scan.tokens[at - 1].is_mark(':') || scan.tokens[at - 1].is_mark('-') {
            Cue::Start
        } else {
            Cue::Person
        };
        if cue == Cue::Start || word::is_first_name(scan.word(at)) {
            note_unlabelled(scan, at, cue);
        }
    }
}

/// Notes a name that a cue announces.
fn note(scan: &mut Scan<'_>, start: usize, cue: Cue) {
    // "customer Mr Smith": the title has a turn of its own.
    let Some(last) = name_end(scan, start, cue) else { return };
    let words = words_of(scan, start, last);
    let enough = match cue {
        Cue::Title => words >= 1,
        Cue::Person | Cue::Preposition | Cue::Start => words >= 2 || scan.tokens[start].caseless,
    };
    if enough
        && !is_organisation(scan, start, last)
        && (scan.tokens[start].capitalized
            || scan.tokens[start].caseless
            || cue == Cue::Person
            || word::is_first_name(scan.word(start)))
    {
        scan.note(start, last, Name, Certainty::Probable);
    }
}

/// Notes a name that no word announces: a known first name and one more, or two names at the start that go on as a person does.
fn note_unlabelled(scan: &mut Scan<'_>, start: usize, cue: Cue) {
    let Some(last) = name_end(scan, start, cue) else { return };
    if words_of(scan, start, last) < 2 || is_organisation(scan, start, last) {
        return;
    }
    let known =
        word::is_first_name(scan.word(start)) || (start..=last).any(|at| word::is_first_name(scan.word(at)) && cue == Cue::Start);
    let goes_on = scan.tokens.get(last + 1).is_none_or(|next| match next.class {
        Class::Mark(mark) => matches!(mark, ':' | '(' | ',' | '-' | '\''),
        _ => word::is_verb(&next.folded) && !scan.tokens[last + 1].capitalized,
    });
    let mixed_case = !scan.is_one_case || scan.tokens[start].caseless;
    // "KYC review: X Y", and nothing after it.
    let alone = start > 0 && scan.tokens[start - 1].is_mark(':') && last + 1 == scan.tokens.len();
    let opens = start == 0 && goes_on && last + 1 < scan.tokens.len();
    if known && (mixed_case || goes_on) || cue == Cue::Start && mixed_case && (opens || alone) {
        scan.note(start, last, Name, Certainty::Probable);
    }
}

fn words_of(scan: &Scan<'_>, start: usize, last: usize) -> usize {
    (start..=last)
        .filter(|at| scan.tokens[*at].class == Class::Word && !word::is_particle(scan.word(*at)))
        .count()
}

/// The last token of a name that starts here: capitalised words, with particles and hyphens between them.
fn name_end(scan: &Scan<'_>, start: usize, cue: Cue) -> Option<usize> {
    let one_case = scan.is_one_case;
    let first = scan.tokens.get(start)?;
    if first.class != Class::Word
        || !is_name_word(scan, start, one_case)
        || word::is_particle(&first.folded) && !first.capitalized
    {
        return None;
    }
    if one_case && !first.caseless && !matches!(cue, Cue::Title | Cue::Person) && !word::is_first_name(&first.folded) {
        return None;
    }
    let mut last = start;
    let mut at = start + 1;
    while at < scan.tokens.len().min(start + NAME_TOKENS_MAX) {
        let token = &scan.tokens[at];
        match token.class {
            Class::Word if is_name_word(scan, at, one_case) => last = at,
            Class::Word if word::is_particle(&token.folded) && token.spaced => {}
            // "Jean-Luc", "O'Brien", "J. Smith"
            Class::Mark('-' | '\'') if !token.spaced && scan.tokens.get(at + 1).is_some_and(|next| !next.spaced) => {}
            Class::Mark('.') if scan.tokens[at - 1].len() == 1 => {}
            _ => break,
        }
        at += 1;
    }
    Some(last)
}

fn is_name_word(scan: &Scan<'_>, at: usize, one_case: bool) -> bool {
    let token = &scan.tokens[at];
    let looks = token.capitalized || token.caseless || one_case;
    let initials = token.len() >= 2
        && !one_case
        && scan.text[token.start..token.end].chars().all(char::is_uppercase)
        && !is_shouted(scan, at);
    looks
        && scan.is_free(at, at)
        && !word::is_common(&token.folded)
        && !initials
        && (token.len() >= 2 || at > 0)
        && scan.labels[at]
            .is_none_or(|label| matches!(label, Label::Person | Label::WeakPerson | Label::Title) && !is_cue_word(&token.folded))
}

/// A word in capitals among others in capitals is a name written so; alone it is an abbreviation.
fn is_shouted(scan: &Scan<'_>, at: usize) -> bool {
    let capitals = |at: usize| {
        scan.tokens.get(at).is_some_and(|token| {
            token.class == Class::Word && token.len() >= 3 && scan.text[token.start..token.end].chars().all(char::is_uppercase)
        })
    };
    capitals(at) && (capitals(at + 1) || at > 0 && capitals(at - 1))
}

/// Cues that are never part of a name.
fn is_cue_word(folded: &str) -> bool {
    folded.len() > 3
}

/// Whether a word in or right after it says that it is a company, a bank, a place or a product.
fn is_organisation(scan: &Scan<'_>, start: usize, last: usize) -> bool {
    (start..=last + 2).filter(|at| *at < scan.tokens.len()).any(|at| {
        let near = at <= last || scan.tokens[at].capitalized;
        near && word::is_organisation(scan.word(at))
    }) || word::starts_place(scan.word(start))
}
