//! Numbers by which states know a person, where the form alone tells: letters and check characters, or a pattern of marks.

use super::PersonalDataKind::{BankAccount, DrivingLicence, NationalId};
use super::checksum;
use super::number::Number;
use super::scan::Scan;
use super::token::Class;

pub(super) fn find(scan: &mut Scan<'_>) {
    for at in 0..scan.tokens.len() {
        if let Some(last) = ghanaian(scan, at) {
            scan.certain(at, last, NationalId);
        }
        let token = &scan.tokens[at];
        if !matches!(token.class, Class::Mixed | Class::Digits) || !token.folded.is_ascii() || scan.is_harmless(at) {
            continue;
        }
        if is_lettered(&token.folded) {
            scan.certain(at, at, NationalId);
        } else if let Some(last) = bracketed(scan, at) {
            scan.certain(at, last, NationalId);
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

/// How states group the digits of their numbers, and the marks between the groups. Each is found next to a word for a document alone.
const STATE_FORMS: &[(&[usize], &[u8])] = &[
    // Argentina, Colombia, Paraguay, Venezuela; Chile and Uruguay with a check digit; Brazil.
    (&[1, 3, 3], b".."),
    (&[2, 3, 3], b".."),
    (&[1, 3, 3, 3], b"..."),
    (&[1, 3, 3, 1], b"..-"),
    (&[2, 3, 3, 1], b"..-"),
    (&[3, 3, 3, 2], b"..-"),
    // Argentina's CUIL, the Dominican Republic, El Salvador, Ecuador, Honduras, Chile without dots.
    (&[2, 8, 1], b"--"),
    (&[3, 7, 1], b"--"),
    (&[8, 1], b"-"),
    (&[9, 1], b"-"),
    (&[7, 1], b"-"),
    (&[4, 4, 5], b"--"),
    // Thailand, Malaysia, Korea, Denmark and Sweden, Pakistan, the Emirates, Nepal, Tanzania.
    (&[1, 4, 5, 2, 1], b"----"),
    (&[6, 2, 4], b"--"),
    (&[6, 7], b"-"),
    (&[6, 4], b"-"),
    (&[8, 4], b"-"),
    (&[5, 7, 1], b"--"),
    (&[3, 4, 7, 1], b"---"),
    (&[2, 2, 2, 5], b"---"),
    (&[8, 5, 5, 2], b"---"),
    // The Philippines: PhilSys, SSS, TIN.
    (&[4, 4, 4, 4], b"---"),
    (&[2, 7, 1], b"--"),
    (&[3, 3, 3, 3], b"---"),
    (&[3, 3, 3], b"--"),
    (&[3, 3, 3], b"  "),
    // Latvia, Norway; Czechia; Russia's SNILS; Germany's tax number.
    (&[6, 5], b"-"),
    (&[6, 5], b" "),
    (&[6, 4], b"/"),
    (&[3, 3, 3, 2], b"-- "),
    (&[2, 3, 3, 3], b"   "),
    // New Zealand; the United States; India, Japan; Senegal; Zambia; Zimbabwe.
    (&[2, 3, 3], b"--"),
    (&[3, 2, 4], b"--"),
    (&[4, 4, 4], b"  "),
    (&[4, 4, 4], b"--"),
    (&[1, 3, 4, 5], b"   "),
    (&[6, 2, 1], b"//"),
    (&[2, 7], b"-"),
    (&[2, 6], b"-"),
    // Bosnia to Slovenia write none; Switzerland's AHV, Belgium.
    (&[3, 4, 4, 2], b"..."),
    (&[2, 2, 2, 3, 2], b"..-."),
];

/// Letters and digits of documents: `l` a letter, `d` a digit, `a` either.
const DOCUMENT_FORMS: &[&str] = &[
    "lddddddd",
    "ldddddddd",
    "lddddddddd",
    "lddddddddl",
    "ldddddddl",
    "ldddddddddl",
    "ldddddd",
    "lldddddd",
    "llddddddd",
    "lldddddddd",
    "llddddddddd",
    "llddddddddlalll",
    "llddddddddllll",
    "llldddddd",
    "llldddddddddl",
    "ddddddddl",
    "dddddddddl",
    "dddddddl",
    "dddddddldddlld",
    "lllldddddd",
    "lllldddddddddd",
    "lllldddddddaa",
    "llllddddddaaa",
    "llllddddddaaaaaaaa",
    "llllllddlddlaaal",
];

/// Whether what stands at these tokens has the form of a state's number, as it is written next to a word for a document.
pub(super) fn has_state_form(scan: &Scan<'_>, first: usize, last: usize) -> bool {
    if let Some(number) = scan.number_at(first) {
        let shape = number.shape(&scan.tokens);
        let has_marks = |marks: &[u8]| {
            number
                .separators
                .iter()
                .copied()
                .eq(marks.iter().map(|mark| char::from(*mark)))
        };
        let is_checked = shape.len() == 1 && number.last == last && is_checked(&number.digits);
        if is_checked || STATE_FORMS.iter().any(|(groups, marks)| shape == *groups && has_marks(marks)) {
            return true;
        }
    }
    if (first..=last).any(|at| scan.tokens[at].is_mark('/')) {
        return false;
    }
    let joined: String = (first..=last)
        .filter(|at| !scan.tokens[*at].is_any_mark())
        .map(|at| scan.word(at))
        .collect();
    let digits = joined.bytes().filter(u8::is_ascii_digit).count();
    digits >= 3 && digits < joined.len() && DOCUMENT_FORMS.iter().any(|form| has_form(&joined, form))
}

/// Ghana: "GHA-123456789-0".
fn ghanaian(scan: &Scan<'_>, at: usize) -> Option<usize> {
    let is_dash = |at: usize| scan.tokens.get(at).is_some_and(|token| token.is_mark('-') && !token.spaced);
    let has = scan.word(at) == "gha"
        && is_dash(at + 1)
        && scan.word(at + 2).len() == 9
        && is_dash(at + 3)
        && scan.word(at + 4).len() == 1;
    has.then_some(at + 4)
}

/// Hong Kong: "A123456(3)". Myanmar: "12/OuKaMa(N)123456".
fn bracketed(scan: &Scan<'_>, at: usize) -> Option<usize> {
    let mark = |at: usize, mark: char| scan.tokens.get(at).is_some_and(|token| token.is_mark(mark));
    if mark(at + 1, '(') && mark(at + 3, ')') && checksum::hong_kong_id(scan.word(at), scan.word(at + 2)) {
        return Some(at + 3);
    }
    let is_myanmar = scan.tokens[at].is_digits()
        && scan.word(at).len() <= 2
        && mark(at + 1, '/')
        && mark(at + 3, '(')
        && mark(at + 5, ')')
        && scan.word(at + 4).len() == 1
        && scan.word(at + 6).len() == 6
        && scan.tokens.get(at + 6).is_some_and(|token| token.is_digits());
    is_myanmar.then_some(at + 6)
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
/// Year, month and day in two digits each.
fn is_short_date(digits: &str) -> bool {
    let two = |at: usize| digits[at..at + 2].parse::<u32>().unwrap_or_default();
    (1..=12).contains(&two(2)) && (1..=31).contains(&two(4))
}

/// Whether a run of digits is a state's number by its check digits, where a word for a document stands before it. Wise's own IDs are shorter.
fn is_checked(digits: &str) -> bool {
    let sum = |weights: &[u32]| -> u32 {
        digits
            .bytes()
            .zip(weights)
            .map(|(digit, weight)| u32::from(digit - b'0') * weight)
            .sum()
    };
    let at = |at: usize| u32::from(digits.as_bytes()[at] - b'0');
    match digits.len() {
        11 => {
            let pesel = sum(&[1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]).is_multiple_of(10) && is_short_date_of_century(digits);
            let kimlik = at(0) != 0
                && ((at(0) + at(2) + at(4) + at(6) + at(8)) * 7 + 90 - (at(1) + at(3) + at(5) + at(7))) % 10 == at(9)
                && (0..10).map(at).sum::<u32>() % 10 == at(10);
            let greek = checksum::luhn(digits) && is_short_date(&[&digits[4..6], &digits[2..4], &digits[..2]].concat());
            let belgian = digits.parse::<u64>().is_ok_and(|value| {
                let (body, check) = (value / 100, value % 100);
                check == 97 - body % 97 || check == 97 - (2_000_000_000 + body) % 97
            });
            let baltic = matches!(at(0), 1..=6) && is_short_date(&digits[1..7]) && {
                let (first, second) = (
                    sum(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 1]) % 11,
                    sum(&[3, 4, 5, 6, 7, 8, 9, 1, 2, 3]) % 11,
                );
                at(10) == if first < 10 { first } else { second % 10 }
            };
            let norwegian = sum(&[3, 7, 6, 1, 8, 9, 4, 5, 2, 1]).is_multiple_of(11)
                && sum(&[5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]).is_multiple_of(11);
            greek
                || belgian
                || baltic
                || norwegian
                || pesel
                || kimlik
                || checksum::iso_7064_mod_11_10(digits)
                || checksum::brazilian_cpf(digits)
        }
        12 => checksum::verhoeff(digits),
        13 => {
            let thai = (11 - sum(&[13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11) % 10 == at(12);
            let romanian = matches!(at(0), 1..=8)
                && matches!(sum(&[2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9]) % 11, check if check % 10 == at(12));
            let yugoslav = matches!((11 - sum(&[7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11) % 11, check if check == at(12));
            thai || romanian && is_short_date(&digits[1..7]) || yugoslav || is_short_date(&digits[..6]) && checksum::luhn(digits)
        }
        // Egypt; Indonesia, where the day of a woman's birth has 40 added.
        14 => matches!(at(0), 2 | 3) && is_short_date(&digits[1..7]),
        16 => (1..=12).contains(&(at(8) * 10 + at(9))) && matches!(at(6) * 10 + at(7), 1..=31 | 41..=71),
        _ => false,
    }
}

/// A date of birth in which the month tells the century, as in Poland.
fn is_short_date_of_century(digits: &str) -> bool {
    let two = |at: usize| digits[at..at + 2].parse::<u32>().unwrap_or_default();
    (1..=12).contains(&(two(2) % 20)) && (1..=31).contains(&two(4))
}

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
        // Pakistan; Thailand.
        ([5, 7, 1], "--") => true,
        ([1, 4, 5, 2, 1], "----") => true,
        // Korea and Malaysia: the date of birth comes first.
        ([6, 7], "-") => is_short_date(&digits[..6]) && matches!(digits.as_bytes()[6], b'1'..=b'8'),
        ([6, 2, 4], "--") => is_short_date(&digits[..6]),
        // Argentina's CUIL.
        ([2, 8, 1], "--") => matches!(&digits[..2], "20" | "23" | "24" | "25" | "26" | "27"),
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
