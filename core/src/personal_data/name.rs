//! Names of persons: after a title, after a word for a person, or at the start of a line that goes on about them.

use super::Certainty;
use super::PersonalDataKind::Name;
use super::label::Label;
use super::scan::Scan;
use super::token::Class;
use super::word;

/// The most tokens a name has.
const NAME_TOKENS_MAX: usize = 9;

/// What mail programs write before a subject, in the languages of the form.
const REPLY_MARKS: &[&str] = &[
    "fw",
    "fwd",
    "re",
    "aw",
    "wg",
    "tr",
    "rv",
    "sv",
    "vs",
    "vb",
    "enc",
    "res",
    "r",
    "i",
    "odp",
    "pd",
    "ynt",
    "ilt",
    "va",
    "vl",
    "antw",
    "ext",
    "urgent",
    "urgente",
    "dringend",
    "הועבר",
    "转发",
    "回复",
    "答复",
    "転送",
    "返信",
    "전달",
    "회신",
];

/// How much speaks for a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cue {
    /// A form of address: one word is enough.
    Title,
    /// A word for a person: two words are needed.
    Person,
    /// A word after which much else may follow, or a name known as a first name.
    Preposition,
    /// The start of the line, or of what a mail program has left of it.
    Opening,
    /// Nothing but a mark before it.
    Start,
}

impl Cue {
    /// Whether what follows is a person, however it is written.
    const fn is_strong(self) -> bool {
        matches!(self, Self::Title | Self::Person)
    }
}

/// A name, or what looks like one.
struct Candidate {
    last: usize,
    /// Its words, without particles and initials.
    words: usize,
    initials: usize,
    /// "Schmidt, Anna"
    is_reversed: bool,
}

impl Candidate {
    /// Whether it has two parts, as a person's full name does.
    const fn is_full(&self) -> bool {
        self.words >= 2 || self.words == 1 && self.initials >= 1
    }
}

pub(super) fn find(scan: &mut Scan<'_>) {
    for range in std::mem::take(&mut scan.east_asian_names) {
        let first = scan.tokens.partition_point(|token| token.start < range.start);
        let end = scan.tokens.partition_point(|token| token.start < range.end);
        if first < end {
            scan.note(first, end - 1, Name, Certainty::Probable);
        }
    }
    for at in 0..scan.tokens.len() {
        let cue = match scan.labels[at] {
            Some(Label::Title) => Cue::Title,
            Some(Label::Person) => Cue::Person,
            // A number after it is one of Wise's, a name is a person's.
            Some(Label::Harmless) if scan.word(at) == "user" => Cue::Person,
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
    let opening = opening(scan);
    for at in 0..scan.tokens.len() {
        let cue = if at == opening {
            Cue::Opening
        } else if at > 0 && (scan.tokens[at - 1].is_mark(':') || scan.tokens[at - 1].is_mark('-')) {
            Cue::Start
        } else {
            Cue::Person
        };
        if cue != Cue::Person || word::is_first_name(scan.word(at)) {
            note_unlabelled(scan, at, cue);
        }
    }
}

/// The first token that is no mark of a mail program: "FW: RE: [EXT] Anna Schmidt".
fn opening(scan: &Scan<'_>) -> usize {
    let is_mark = |at: usize| scan.tokens[at].is_any_mark();
    let is_reply = |at: usize| {
        REPLY_MARKS.contains(&scan.word(at))
            && scan
                .tokens
                .get(at + 1)
                .is_some_and(|next| next.is_mark(':') || next.is_mark(']'))
    };
    (0..scan.tokens.len())
        .find(|at| !is_mark(*at) && !is_reply(*at))
        .unwrap_or_default()
}

/// Notes a name that a cue announces.
fn note(scan: &mut Scan<'_>, start: usize, cue: Cue) {
    // "customer Mr Smith": the title has a turn of its own.
    let Some(name) = candidate(scan, start, cue) else { return };
    let first = &scan.tokens[start];
    let is_known = (start..=name.last).any(|at| word::is_first_name(scan.word(at)));
    let enough = match cue {
        Cue::Title => name.words >= 1,
        // A script without capitals says nothing of a word: one of them must be a name that is known.
        _ if first.caseless => is_known || name.words >= 2 && !tells_nothing(scan.word(start)),
        Cue::Person | Cue::Preposition | Cue::Opening | Cue::Start => name.is_full(),
    };
    let looks = first.capitalized || first.caseless || cue == Cue::Person || word::is_first_name(&first.folded);
    if enough && looks && !is_organisation(scan, start, name.last) {
        scan.note(start, name.last, Name, Certainty::Probable);
    }
}

/// Whether a word is Arabic or Hebrew, where what follows a person is as often a verb as a name, or East Asian, where names have a file of
/// their own.
fn tells_nothing(folded: &str) -> bool {
    folded.starts_with(
        |c| matches!(c, '\u{590}'..='\u{6ff}' | '\u{3040}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}'),
    )
}

/// Notes a name that no word announces: a known first name and one more, or two names at the start that go on as a person does.
fn note_unlabelled(scan: &mut Scan<'_>, start: usize, cue: Cue) {
    let Some(name) = candidate(scan, start, cue) else { return };
    let last = name.last;
    if !name.is_full() || scan.tokens[start].caseless || is_organisation(scan, start, last) {
        return;
    }
    let is_start = matches!(cue, Cue::Start | Cue::Opening);
    let known = word::is_first_name(scan.word(start)) || is_start && (start..=last).any(|at| word::is_first_name(scan.word(at)));
    let goes_on = scan.tokens.get(last + 1).is_none_or(|next| match next.class {
        Class::Mark(mark) => matches!(mark, ':' | '(' | ',' | '-' | '\'' | '/' | '|'),
        _ => word::is_verb(&next.folded) && !next.capitalized,
    });
    let mixed_case = !scan.is_one_case;
    // "KYC review: X Y", and nothing after it.
    let alone = start > 0 && scan.tokens[start - 1].is_mark(':') && last + 1 == scan.tokens.len();
    let opens = cue == Cue::Opening && goes_on && (last + 1 < scan.tokens.len() || name.is_reversed);
    let telling = is_start && mixed_case && (opens || alone || cue == Cue::Opening && (name.is_reversed || name.initials > 0));
    if known && (mixed_case || goes_on) || telling {
        scan.note(start, last, Name, Certainty::Probable);
    }
}

/// What looks like a name from here: capitalised words and initials, with particles, hyphens and one comma between them.
fn candidate(scan: &Scan<'_>, start: usize, cue: Cue) -> Option<Candidate> {
    let first = scan.tokens.get(start)?;
    let is_small = is_small_name(scan, start, cue);
    let opens = first.class == Class::Word
        && (is_name_word(scan, start, cue) || is_initial(scan, start, cue) || is_small || opens_with_particle(scan, start, cue));
    if !opens || scan.is_one_case && !first.caseless && !cue.is_strong() && !word::is_first_name(&first.folded) {
        return None;
    }
    let mut name = Candidate {
        last: start,
        words: 0,
        initials: 0,
        is_reversed: false,
    };
    let mut at = start;
    while at < scan.tokens.len().min(start + NAME_TOKENS_MAX) {
        let token = &scan.tokens[at];
        let next = scan.tokens.get(at + 1);
        match token.class {
            Class::Word if is_initial(scan, at, cue) || is_small && token.len() == 1 => {
                (name.last, name.initials) = (at, name.initials + 1)
            }
            Class::Word if is_name_word(scan, at, cue) || is_small && is_plain_word(scan, at) => {
                name.last = at;
                if !word::is_particle(&token.folded) {
                    name.words += 1;
                }
            }
            Class::Word if word::is_particle(&token.folded) && (token.spaced || at == start) => {}
            // "Jean-Luc", "O'Brien", "J. Smith"
            Class::Mark('-' | '\'') if !token.spaced && next.is_some_and(|next| !next.spaced) => {}
            Class::Mark('.') if scan.tokens[at.saturating_sub(1)].len() == 1 => {}
            Class::Mark(',') if is_comma_of_name(scan, at, cue) && name.words >= 1 && !name.is_reversed => {
                name.is_reversed = true
            }
            _ => break,
        }
        at += 1;
    }
    name.is_reversed &= scan.tokens[start..=name.last].iter().any(|token| token.is_mark(','));
    (name.words > 0).then_some(name)
}

/// "Schmidt, Anna": a comma right after a name, and another name after a space.
fn is_comma_of_name(scan: &Scan<'_>, at: usize, cue: Cue) -> bool {
    let is_spaced = !scan.tokens[at].spaced && scan.tokens.get(at + 1).is_some_and(|next| next.spaced);
    let may_be = cue.is_strong() || matches!(cue, Cue::Opening | Cue::Preposition);
    may_be
        && is_spaced
        && (is_name_word(scan, at + 1, cue) || is_initial(scan, at + 1, cue) || word::is_first_name(scan.word(at + 1)))
}

/// One letter in the place of a first name: "J. Smith", "Anna K Lee". A small one only with its dot, after a word for a person.
fn is_initial(scan: &Scan<'_>, at: usize, cue: Cue) -> bool {
    let Some(token) = scan.tokens.get(at) else { return false };
    let has_dot = scan.tokens.get(at + 1).is_some_and(|next| next.is_mark('.') && !next.spaced);
    let before = at.checked_sub(1).map(|before| &scan.tokens[before]);
    let is_apart = token.spaced || before.is_none_or(|before| before.is_mark('.') || before.is_mark('('));
    token.class == Class::Word
        && token.len() == 1
        && !token.caseless
        && is_apart
        && scan.is_free(at, at)
        && (token.capitalized && (!scan.is_one_case || has_dot || cue.is_strong())
            || has_dot && cue.is_strong() && before.is_none_or(|before| !before.capitalized || before.len() <= 1))
}

/// A particle that a name begins with: "van der Merwe", "de la Fuente".
fn opens_with_particle(scan: &Scan<'_>, start: usize, cue: Cue) -> bool {
    let mut words = (start..scan.tokens.len())
        .take(4)
        .skip_while(|at| word::is_particle(scan.word(*at)));
    (cue.is_strong() || cue == Cue::Opening)
        && word::is_particle(scan.word(start))
        && words
            .next()
            .is_some_and(|at| is_name_word(scan, at, cue) && scan.tokens[at].len() >= 3)
}

/// Whether a name in small letters starts here, after a word for a person: one of two words is a first name, or an initial with its dot.
fn is_small_name(scan: &Scan<'_>, start: usize, cue: Cue) -> bool {
    if cue != Cue::Person || scan.is_one_case || scan.tokens[start].capitalized || scan.tokens[start].caseless {
        return false;
    }
    let second = (start + 1..scan.tokens.len())
        .take(2)
        .find(|at| !scan.tokens[*at].is_mark(',') && !scan.tokens[*at].is_mark('.'));
    let Some(second) = second else { return false };
    let is_telling = |at: usize| word::is_first_name(scan.word(at)) && !word::is_ambiguous_name(scan.word(at));
    is_initial(scan, start, cue)
        || is_plain_word(scan, start) && is_plain_word(scan, second) && (is_telling(start) || is_telling(second))
}

/// A word that is not one of support desks.
fn is_plain_word(scan: &Scan<'_>, at: usize) -> bool {
    let token = &scan.tokens[at];
    token.class == Class::Word
        && token.len() >= 2
        && scan.is_free(at, at)
        && scan.labels[at].is_none()
        && !word::is_common(&token.folded)
        && !word::is_verb(&token.folded)
}

fn is_name_word(scan: &Scan<'_>, at: usize, cue: Cue) -> bool {
    let Some(token) = scan.tokens.get(at) else { return false };
    let one_case = scan.is_one_case;
    let looks = token.capitalized || token.caseless || one_case;
    let is_abbreviation = token.len() >= 2
        && !one_case
        && scan.text[token.start..token.end].chars().all(char::is_uppercase)
        && !is_shouted(scan, at, cue);
    token.class == Class::Word
        && looks
        && scan.is_free(at, at)
        && !word::is_common(&token.folded)
        && !is_abbreviation
        && token.len() >= 2
        && scan.labels[at]
            .is_none_or(|label| matches!(label, Label::Person | Label::WeakPerson | Label::Title) && !is_cue_word(&token.folded))
}

/// A word in capitals among others in capitals is a name written so, and so is one beside a first name: "TVEIT Solveig". Alone it is an
/// abbreviation.
fn is_shouted(scan: &Scan<'_>, at: usize, cue: Cue) -> bool {
    let word_at = |at: usize| scan.tokens.get(at).filter(|token| token.class == Class::Word);
    let is_capital = |at: usize| {
        word_at(at).is_some_and(|token| token.len() >= 3 && scan.text[token.start..token.end].chars().all(char::is_uppercase))
    };
    let is_mixed = |at: usize| {
        word_at(at).is_some_and(|token| {
            token.capitalized
                && token.len() >= 2
                && !scan.text[token.start..token.end].chars().all(char::is_uppercase)
                && !word::is_common(&token.folded)
                && scan.labels[at].is_none()
        })
    };
    let is_beside = |is: &dyn Fn(usize) -> bool| {
        is(at + 1)
            || at > 0 && is(at - 1)
            || scan
                .tokens
                .get(at + 1)
                .is_some_and(|next| next.is_mark(',') || next.is_mark('\'') || next.is_mark('-'))
                && is(at + 2)
            || at > 1 && word_at(at - 1).is_none() && is(at - 2)
    };
    let is_particle = word_at(at).is_some_and(|token| word::is_particle(&token.folded));
    (is_capital(at) || is_particle) && is_beside(&is_capital)
        || is_capital(at) && cue != Cue::Start && is_beside(&is_mixed)
        || is_capital(at) && cue.is_strong() && (at > 0 && is_initial(scan, at - 1, cue) || is_initial(scan, at + 1, cue))
}

/// Cues that are never part of a name.
fn is_cue_word(folded: &str) -> bool {
    folded.len() > 3
}

/// What companies write behind their names in single letters.
const COMPANY_FORMS: &[&str] = &[
    "spa", "srl", "sa", "sl", "slu", "sas", "bv", "nv", "as", "ag", "ab", "kk", "doo", "zoo", "sro", "kft", "sia", "oy", "ltd",
    "inc", "rl", "pa",
];

/// The single letters after the first word of a name, with dots and slashes between them: "Luigi Rossi S.p.A.", "Škoda Auto a.s.".
fn letters_after(scan: &Scan<'_>, start: usize) -> String {
    let mut letters = String::new();
    for at in (start + 1..scan.tokens.len()).take(NAME_TOKENS_MAX + 4) {
        let token = &scan.tokens[at];
        match token.class {
            Class::Word if token.len() == 1 => letters.push_str(&token.folded),
            Class::Word if letters.len() < 2 => letters.clear(),
            Class::Mark('.' | '/') => {}
            _ => break,
        }
    }
    letters
}

/// Whether a word in or right after it says that it is a company, a bank, a place or a product.
fn is_organisation(scan: &Scan<'_>, start: usize, last: usize) -> bool {
    let is_word = (start..=last + 2).filter(|at| *at < scan.tokens.len()).any(|at| {
        let near = at <= last || scan.tokens[at].capitalized;
        near && scan.tokens[at].len() >= 2 && word::is_organisation(scan.word(at))
    });
    let is_form = COMPANY_FORMS.contains(&letters_after(scan, start).as_str());
    let first = (start..=last).find(|at| scan.tokens[*at].len() > 0).unwrap_or(start);
    let second = (first + 1..=last + 3)
        .find(|at| scan.tokens.get(*at).is_some_and(|token| token.len() > 0))
        .unwrap_or(first);
    is_word || is_form || word::starts_place(scan.word(start)) || word::is_brand(scan.word(first), scan.word(second))
}
