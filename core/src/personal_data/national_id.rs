//! Numbers by which states know a person, where the form alone tells: letters and check characters, or a pattern of marks.

use super::PersonalDataKind::{BankAccount, DrivingLicence, NationalId};
use super::checksum;
use super::number::Number;
use super::scan::Scan;
use super::token::Class;

pub(super) fn find(scan: &mut Scan<'_>) {
    for at in 0..scan.tokens.len() {
        let token = &scan.tokens[at];
        if !matches!(token.class, Class::Mixed | Class::Digits) || !token.folded.is_ascii() || scan.is_harmless(at) {
            continue;
        }
        if is_lettered(&token.folded) {
            scan.certain(at, at, NationalId);
        } else if is_uk_driving_licence(&token.folded) {
            scan.certain(at, at, DrivingLicence);
        }
    }
    for at in 0..scan.numbers.len() {
        let number = scan.numbers[at].clone();
        if scan.is_harmless(number.first) {
            continue;
        }
        if is_sort_code_and_account(scan, &number) {
            scan.certain(number.first, number.last, BankAccount);
        } else if let Some(last) = punctuated(scan, &number) {
            scan.certain(number.first, last, NationalId);
        }
        if let Some((first, last)) = spaced_nino(scan, &number) {
            scan.certain(first, last, NationalId);
        }
    }
}

/// Whether letters and digits have this form: `l` a letter, `d` a digit, `a` either.
fn has_form(folded: &str, form: &str) -> bool {
    folded.len() == form.len()
        && folded.bytes().zip(form.bytes()).all(|(byte, form)| match form {
            b'l' => byte.is_ascii_lowercase(),
            b'd' => byte.is_ascii_digit(),
            _ => byte.is_ascii_alphanumeric(),
        })
}

fn is_lettered(folded: &str) -> bool {
    let number = |range: std::ops::Range<usize>| {
        folded
            .get(range)
            .and_then(|part| part.parse::<u32>().ok())
            .unwrap_or_default()
    };
    let byte = |at: usize| folded.as_bytes()[at];
    match folded.len() {
        // United Kingdom, National Insurance number.
        9 if has_form(folded, "llddddddl") => is_nino(folded),
        // Spain, NIF.
        9 if has_form(folded, "ddddddddl") => byte(8) == checksum::spanish_letter(number(0..8)),
        // Spain, NIE; Singapore, NRIC and FIN.
        9 if has_form(folded, "ldddddddl") || has_form(folded, "ldddddddl") => match byte(0) {
            first @ (b'x' | b'y' | b'z') => {
                byte(8) == checksum::spanish_letter(u32::from(first - b'x') * 10_000_000 + number(1..8))
            }
            _ => checksum::singapore_nric(folded),
        },
        // India, PAN: the fourth letter tells the kind of holder.
        10 if has_form(folded, "lllllddddl") => b"abcfghljpt".contains(&byte(3)),
        // Finland, with a letter for the century.
        11 if has_form(folded, "ddddddlddda") => byte(10) == checksum::finnish_letter(number(0..6) * 1000 + number(7..10)),
        // Germany, pension insurance: the day and month of birth are inside.
        12 if has_form(folded, "ddddddddlddd") => (1..=31).contains(&number(2..4)) && (1..=12).contains(&number(4..6)),
        // France, social security.
        15 if has_form(folded, "ddddddddddddddd") => matches!(byte(0), b'1' | b'2') && checksum::french_nir(folded),
        // Italy.
        16 if has_form(folded, "llllllaalaalaaal") => checksum::codice_fiscale(folded),
        // Mexico, CURP; China.
        18 if has_form(folded, "llllddddddllllllad") => matches!(byte(10), b'h' | b'm' | b'x'),
        18 => (1900..=2035).contains(&number(6..10)) && checksum::chinese_id(folded),
        _ => false,
    }
}

/// The prefixes that HM Revenue & Customs does not give out, and the suffixes it does.
fn is_nino(folded: &str) -> bool {
    let (prefix, suffix) = (&folded[..2], folded.as_bytes()[folded.len() - 1]);
    let [first, second] = [prefix.as_bytes()[0], prefix.as_bytes()[1]];
    !b"dfiquv".contains(&first)
        && !b"dfioquv".contains(&second)
        && !matches!(prefix, "bg" | "gb" | "nk" | "kn" | "tn" | "nt" | "zz")
        && (b'a'..=b'd').contains(&suffix)
}

/// "AB 12 34 56 C"
fn spaced_nino(scan: &Scan<'_>, number: &Number) -> Option<(usize, usize)> {
    let before = number.first.checked_sub(1)?;
    let after = number.last + 1;
    let (prefix, suffix) = (scan.word(before), scan.word(after));
    let fits = number.digits.len() == 6 && prefix.len() == 2 && suffix.len() == 1 && scan.tokens[before].class == Class::Word;
    (fits && prefix.is_ascii() && is_nino(&format!("{prefix}{}{suffix}", number.digits))).then_some((before, after))
}

/// Five characters of the surname, a coded date of birth, initials and check characters.
fn is_uk_driving_licence(folded: &str) -> bool {
    let bytes = folded.as_bytes();
    bytes.len() == 16
        && bytes[0].is_ascii_lowercase()
        && bytes[..5].iter().all(|byte| byte.is_ascii_lowercase() || *byte == b'9')
        && bytes[5..11].iter().all(u8::is_ascii_digit)
        && bytes[11..13].iter().all(|byte| byte.is_ascii_lowercase() || *byte == b'9')
        && matches!(folded[6..8].parse::<u32>(), Ok(1..=12 | 51..=62))
}

/// "09-90-27 48400028"
fn is_sort_code_and_account(scan: &Scan<'_>, number: &Number) -> bool {
    number.shape(&scan.tokens) == [2, 2, 2, 8] && number.separators == ['-', '-', ' ']
}

/// A pattern of marks that only national ids have; the answer is the last token.
fn punctuated(scan: &Scan<'_>, number: &Number) -> Option<usize> {
    let shape = number.shape(&scan.tokens);
    let digits = number.digits.as_str();
    let separators: String = number.separators.iter().collect();
    let found = match (&shape[..], separators.as_str()) {
        // United States: social security and taxpayer numbers.
        ([3, 2, 4], "--") => match &digits[..3] {
            "000" | "666" => false,
            area if area.starts_with('9') => matches!(digits.as_bytes()[3], b'5'..=b'9'),
            _ => &digits[3..5] != "00" && &digits[5..] != "0000",
        },
        // Brazil.
        ([3, 3, 3, 2], "..-") => checksum::brazilian_cpf(digits),
        // Switzerland, AHV.
        ([3, 4, 4, 2], "...") => digits.starts_with("756"),
        // Belgium.
        ([2, 2, 2, 3, 2], "..-.") => true,
        // France.
        ([1, 2, 2, 2, 3, 3, 2], _) => checksum::french_nir(digits),
        // Chile.
        ([1 | 2, 3, 3, 1], "..-") => checksum::chilean_rut(&digits[..digits.len() - 1], digits.as_bytes()[digits.len() - 1]),
        // United Arab Emirates.
        ([3, 4, 7, 1], "---") => digits.starts_with("784"),
        _ => false,
    };
    if found {
        return Some(number.last);
    }
    // A letter after a dash: Spain 12345678-Z, Finland 131052-308T, Chile 12.345.678-K.
    let (mark, letter) = (scan.tokens.get(number.last + 1)?, scan.tokens.get(number.last + 2)?);
    if !mark.is_mark('-') || mark.spaced || letter.spaced {
        return None;
    }
    let value = digits.parse::<u32>().unwrap_or_default();
    let found = match (&shape[..], letter.folded.as_bytes()) {
        ([8], [letter]) => *letter == checksum::spanish_letter(value),
        ([1 | 2, 3, 3], b"k") => checksum::chilean_rut(digits, b'k'),
        ([6], [serial @ .., letter]) if serial.len() == 3 => {
            let serial = letter_free(serial)?;
            *letter == checksum::finnish_letter(value * 1000 + serial)
        }
        _ => false,
    };
    found.then_some(number.last + 2)
}

fn letter_free(bytes: &[u8]) -> Option<u32> {
    std::str::from_utf8(bytes).ok()?.parse().ok()
}
