//! What must not stand even in the description: full card numbers, tokens and passwords.
//!
//! Personal data may stand in a description. A full card number may not (PCI DSS 3.3 asks for no more than its first six and last four
//! digits to be shown), nor may what opens an account for whoever reads it.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::personal_data::find_cards;

/// What kind of secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(inline))]
#[serde(rename_all = "snake_case")]
pub enum SecretKind {
    /// A full payment card number.
    Card,
    /// An access token or a private key.
    Token,
    /// A password, PIN or card verification code.
    Password,
}

/// A secret in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretFinding {
    /// Where it stands, in bytes, on character borders.
    pub range: Range<usize>,
    /// What it is.
    pub kind: SecretKind,
}

/// The words before a password, in lower case. A colon, an equals sign or "is" must follow: "password reset" is none.
const PASSWORD_WORDS: &[&str] = &[
    "password",
    "passwd",
    "passphrase",
    "passcode",
    "passwort",
    "kennwort",
    "mot de passe",
    "contraseña",
    "senha",
    "palavra-passe",
    "wachtwoord",
    "hasło",
    "lösenord",
    "adgangskode",
    "passord",
    "salasana",
    "heslo",
    "jelszó",
    "parola",
    "şifre",
    "пароль",
    "密码",
    "パスワード",
    "비밀번호",
    "كلمة المرور",
    "סיסמה",
];

/// The words before a number that opens something, in lower case.
const NUMBER_WORDS: &[&str] = &["cvv", "cvc", "pin code", "pin"];

/// What a word of a list announces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ValueKind {
    /// Anything but a plain word.
    Any,
    /// Digits.
    Digits,
}

/// All words before a secret.
const SECRET_WORDS: [(&[&str], ValueKind); 2] = [(PASSWORD_WORDS, ValueKind::Any), (NUMBER_WORDS, ValueKind::Digits)];

/// The fewest digits of a PIN or a card's code, and the fewest characters of a password.
const DIGITS_MIN: usize = 3;

/// The beginnings of tokens that tell themselves.
const TOKEN_STARTS: &[&str] = &["eyJ", "sk_live_", "sk_test_", "ghp_", "xoxb-", "AKIA"];

/// The fewest characters of a token. Shorter ones are words.
const TOKEN_MIN: usize = 20;

/// Finds secrets in a text of many lines. The draft's own ids are none.
///
/// # Examples
/// ```
/// use partner_case_core::{SecretKind, find_secrets};
///
/// let text = "The card 4111 1111 1111 1111 was charged twice for transfer 58114690.";
/// let finds = find_secrets(text, &[]);
/// assert_eq!((&text[finds[0].range.clone()], finds[0].kind), ("4111 1111 1111 1111", SecretKind::Card));
/// ```
pub fn find_secrets(text: &str, own_ids: &[&str]) -> Vec<SecretFinding> {
    let mut finds: Vec<SecretFinding> = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        finds.extend(find_cards(line, own_ids).into_iter().map(|range| SecretFinding {
            range: at + range.start..at + range.end,
            kind: SecretKind::Card,
        }));
        finds.extend(tokens(line).map(|range| SecretFinding {
            range: at + range.start..at + range.end,
            kind: SecretKind::Token,
        }));
        finds.extend(passwords(line).map(|range| SecretFinding {
            range: at + range.start..at + range.end,
            kind: SecretKind::Password,
        }));
        at += line.len();
    }
    finds.sort_by_key(|find| find.range.start);
    // A token after "password:" is one find, not two.
    finds.dedup_by(|later, earlier| later.range.start < earlier.range.end);
    finds
}

/// A text with a find made harmless: a card keeps its last four digits, everything else goes.
pub fn masked(text: &str, find: &SecretFinding) -> String {
    let value = text.get(find.range.clone()).unwrap_or_default();
    let mask = match find.kind {
        SecretKind::Card => {
            let digits: Vec<char> = value.chars().filter(|c| c.is_numeric()).collect();
            let last: String = digits[digits.len().saturating_sub(4)..].iter().collect();
            format!("•••• {last}")
        }
        SecretKind::Token | SecretKind::Password => "••••".to_owned(),
    };
    let (before, after) = (
        text.get(..find.range.start).unwrap_or_default(),
        text.get(find.range.end..).unwrap_or_default(),
    );
    format!("{before}{mask}{after}")
}

/// The words of a line with their places.
fn words(line: &str) -> impl Iterator<Item = (usize, &str)> {
    line.split_whitespace()
        .map(move |word| (word.as_ptr() as usize - line.as_ptr() as usize, word))
}

fn tokens(line: &str) -> impl Iterator<Item = Range<usize>> {
    let mut after_bearer = false;
    words(line).filter_map(move |(at, word)| {
        let bare = word.trim_matches(['"', '\'', ',', ';', '(', ')', '<', '>', '`']);
        let start = at + word.find(bare).unwrap_or_default();
        let opaque = bare.len() >= TOKEN_MIN
            && bare.bytes().all(|byte| byte.is_ascii_graphic())
            && bare.bytes().any(|byte| byte.is_ascii_digit());
        let is_token = opaque && (after_bearer || TOKEN_STARTS.iter().any(|beginning| bare.starts_with(beginning)));
        after_bearer = bare.eq_ignore_ascii_case("bearer") || bare.eq_ignore_ascii_case("basic");
        is_token.then(|| start..start + bare.len())
    })
}

/// What stands after each word for a password and a sign that says so.
fn passwords(line: &str) -> impl Iterator<Item = Range<usize>> {
    let lower = lower_case(line);
    let words = SECRET_WORDS
        .iter()
        .flat_map(|(words, kind)| words.iter().map(move |word| (*word, *kind)));
    let found: Vec<Range<usize>> = words
        .flat_map(|(word, kind)| {
            let places = lower.match_indices(word).map(|(start, _)| start);
            places
                .filter_map(|start| value_after(line, &lower, start, word, kind))
                .collect::<Vec<_>>()
        })
        .collect();
    found.into_iter()
}

/// The value that a word at a place announces, if it can be what the word says.
fn value_after(line: &str, lower: &str, start: usize, word: &str, kind: ValueKind) -> Option<Range<usize>> {
    let own_word = lower[..start].chars().next_back().is_none_or(|c| !c.is_alphanumeric());
    let after = lower.get(start + word.len()..)?;
    let rest = after.trim_start();
    let rest = rest
        .strip_prefix([':', '=', '：'])
        .or_else(|| after.strip_prefix(" is "))?
        .trim_start();
    let whole = rest.split_whitespace().next()?;
    // What a sentence ends with tells nothing.
    let value = whole.trim_end_matches(['.', ',', ';', ':', '!', '?', ')', '"', '\'', '。', '、', '，']);
    let digits = value.chars().filter(|c| c.is_numeric()).count();
    let (telling, length) = match kind {
        // "PIN: n/a", "His PIN is blocked"
        ValueKind::Digits => (digits >= DIGITS_MIN, value.len()),
        // "password: please reset" is a sentence, and "password: ••••" is hidden already.
        ValueKind::Any => {
            let letters = value.chars().filter(|c| c.is_alphanumeric()).count();
            let marks = value
                .chars()
                .filter(|c| !c.is_alphanumeric() && !matches!(c, '/' | '.' | '\'' | '’'))
                .count();
            let telling = letters > 0 && value.chars().count() >= DIGITS_MIN && (digits > 0 || marks > 0);
            // A password may end with any mark.
            (telling, whole.len())
        }
    };
    let at = line.len() - rest.len();
    (own_word && telling).then(|| at..at + length)
}

/// A line in lower case that is as long as the line: a letter whose lower case is longer or shorter stays as it is.
fn lower_case(line: &str) -> String {
    let lower = |c: char| {
        let mut lower = c.to_lowercase();
        match (lower.next(), lower.next()) {
            (Some(only), None) if only.len_utf8() == c.len_utf8() => only,
            _ => c,
        }
    };
    line.chars().map(lower).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn found(text: &str) -> Vec<(&str, SecretKind)> {
        find_secrets(text, &[])
            .into_iter()
            .map(|find| (&text[find.range], find.kind))
            .collect()
    }

    #[test]
    fn each_kind_is_found_on_any_line() {
        let text = "Hello,\ncard 4111-1111-1111-1111 was charged.\nAuthorization: Bearer 2f9e61c0-aaaa-bbbb-cccc-1234567890ab\npassword: Tr0ub4dor\nCVV=123";
        assert_eq!(
            found(text),
            [
                ("4111-1111-1111-1111", SecretKind::Card),
                ("2f9e61c0-aaaa-bbbb-cccc-1234567890ab", SecretKind::Token),
                ("Tr0ub4dor", SecretKind::Password),
                ("123", SecretKind::Password),
            ]
        );
    }

    #[test]
    fn each_of_several_on_a_line_is_found() {
        let text = "The PIN is blocked, the PIN: 4711, CVC is 123. İ passcode: tiger-7";
        assert_eq!(
            found(text),
            [
                ("4711", SecretKind::Password),
                ("123", SecretKind::Password),
                ("tiger-7", SecretKind::Password),
            ]
        );
    }

    #[test]
    fn what_a_description_is_for_is_let_through() {
        for text in [
            "IBAN GB29 NWBK 6016 1331 9268 19 of the customer, a@example.com, +44 20 7946 0958",
            "Transfer 4012888888881881 is late",
            "The customer forgot the password and asks for a reset",
            "Password: please reset",
            "The card ending in 1111 was declined",
            "The bearer of this letter",
            "Pinned: 12 May",
            "PIN: n/a",
            "Password: n/a",
            "His PIN is blocked.",
            "The password is wrong!",
            "PIN: unknown, CVV: none",
            "Passwort: vergessen.",
            "Trace fba501b6d453b96789f52338f019341f",
        ] {
            assert_eq!(found(text), [], "{text}");
        }
    }

    #[test]
    fn a_masked_card_keeps_its_last_four_digits_and_the_text_around_it() {
        let text = "Ärger: 4111 1111 1111 1111 twice";
        assert_eq!(masked(text, &find_secrets(text, &[])[0]), "Ärger: •••• 1111 twice");
        let text = "password = hunter2!";
        assert_eq!(masked(text, &find_secrets(text, &[])[0]), "password = ••••");
        assert_eq!(found("Card •••• 1111, password: ••••"), []);
    }

    proptest! {
        #[test]
        fn finds_stand_on_character_borders_and_do_not_overlap(text in "[a-zA-Z0-9 :=\nİéß•-]{0,80}|(password: |Bearer |4111111111111111|İ|eyJ0123456789abcdefghij\n){0,8}") {
            let mut end = 0;
            for find in find_secrets(&text, &[]) {
                prop_assert!(find.range.start >= end && text.get(find.range.clone()).is_some());
                end = find.range.end;
            }
        }
    }
}
