//! Email addresses: `local@domain.tld`, with international letters.

use super::PersonalDataKind::Email;
use super::scan::Scan;
use super::token::{Class, Token, fold};

/// Mailboxes of an organisation, not of a person.
const ROLES: &[&str] = &[
    "abuse",
    "accounting",
    "accounts",
    "admin",
    "api",
    "billing",
    "care",
    "compliance",
    "contact",
    "customerservice",
    "enquiries",
    "finance",
    "hello",
    "help",
    "helpdesk",
    "hr",
    "info",
    "invoices",
    "it",
    "legal",
    "mail",
    "marketing",
    "no-reply",
    "noreply",
    "office",
    "operations",
    "ops",
    "payments",
    "press",
    "privacy",
    "sales",
    "security",
    "service",
    "services",
    "support",
    "team",
    "webmaster",
];

pub(super) fn find(scan: &mut Scan<'_>) {
    for at in 0..scan.tokens.len() {
        if !scan.tokens[at].is_mark('@') {
            continue;
        }
        let (first, last) = (local_start(&scan.tokens, at), domain_end(&scan.tokens, at));
        let (Some(first), Some(last)) = (first, last) else { continue };
        let local = &scan.text[scan.tokens[first].start..scan.tokens[at].start];
        let address = fold(&scan.text[scan.tokens[first].start..scan.tokens[last].end]);
        let is_known = scan
            .context
            .known
            .is_some_and(|known| known.emails.iter().any(|email| fold(email.trim()) == address));
        if is_known || !ROLES.contains(&fold(local).as_str()) {
            scan.certain(first, last, Email);
        }
    }
}

/// The first token of the part before the `@`.
fn local_start(tokens: &[Token], at: usize) -> Option<usize> {
    let mut first = None;
    for before in (0..at).rev() {
        let adjacent = !tokens[before + 1].spaced;
        let part = match tokens[before].class {
            Class::Mark(mark) => matches!(mark, '.' | '_' | '-' | '+' | '\'' | '%' | '&' | '~' | '=' | '*' | '!' | '$'),
            Class::Word | Class::Digits | Class::Mixed => true,
        };
        if !adjacent || !part || changes_script(&tokens[before], &tokens[before + 1]) {
            break;
        }
        if !tokens[before].is_any_mark() {
            first = Some(before);
        }
    }
    first
}

/// Whether two words side by side are of different scripts: where words are written without spaces, an address stands in the middle of others.
fn changes_script(one: &Token, other: &Token) -> bool {
    let is_word = |token: &Token| matches!(token.class, Class::Word | Class::Mixed);
    is_word(one) && is_word(other) && one.caseless != other.caseless
}

/// The last token of the part after the `@`: names between dots, the last of letters.
fn domain_end(tokens: &[Token], at: usize) -> Option<usize> {
    let mut end = None;
    let mut dotted = false;
    for after in at + 1..tokens.len() {
        let token = &tokens[after];
        if token.spaced || changes_script(&tokens[after - 1], token) {
            break;
        }
        match token.class {
            Class::Mark('.') => dotted = true,
            Class::Mark('-') => {}
            Class::Mark(_) => break,
            Class::Word if dotted && tokens[after - 1].is_mark('.') && token.len() >= 2 => end = Some(after),
            Class::Mixed if dotted && token.folded.starts_with("xn") => end = Some(after),
            Class::Word | Class::Digits | Class::Mixed => {}
        }
    }
    end
}
