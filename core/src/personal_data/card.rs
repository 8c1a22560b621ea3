//! Payment card numbers: 13 to 19 digits with a known first part and Luhn's check digit (ISO/IEC 7812).

use super::PersonalDataKind::Card;
use super::checksum;
use super::label::Label;
use super::scan::Scan;

pub(super) fn find(scan: &mut Scan<'_>) {
    for at in 0..scan.numbers.len() {
        let number = &scan.numbers[at];
        if scan.is_harmless(number.first) {
            continue;
        }
        let labelled = scan.label_before(number.first) == Some(Label::Card);
        let groups = number.groups.clone();
        // A card may be followed or preceded by another number: "4111 1111 1111 1111 12/27".
        let found = (0..groups.len()).find_map(|first| {
            let last = card_from(scan, &groups[first..], labelled)?;
            Some((groups[first], last))
        });
        if let Some((first, last)) = found {
            scan.certain(first, last, Card);
        }
    }
}

/// The last token of a card number that starts with the first of these groups.
fn card_from(scan: &Scan<'_>, groups: &[usize], labelled: bool) -> Option<usize> {
    let shortest = if labelled { 13 } else { 14 };
    let mut digits = String::new();
    let mut found = None;
    for group in groups {
        let part = &scan.tokens[*group].folded;
        // Cards are written in groups of three to six, or in one.
        if !digits.is_empty() && !(3..=7).contains(&part.len()) || digits.len() + part.len() > 19 {
            break;
        }
        digits.push_str(part);
        if digits.len() >= shortest && is_issued(&digits) && checksum::luhn(&digits) {
            found = Some(*group);
        }
    }
    found
}

/// Whether the first digits are those of a card scheme.
fn is_issued(digits: &str) -> bool {
    let head = |length: usize| {
        digits
            .get(..length)
            .and_then(|head| head.parse::<u32>().ok())
            .unwrap_or_default()
    };
    match head(1) {
        // JCB's older cards have 15 digits.
        1 => head(4) == 1_800 && digits.len() == 15,
        2 if head(4) == 2_131 => digits.len() == 15,
        2 => (2_221..=2_720).contains(&head(4)),
        3 => matches!(head(2), 30 | 34..=39),
        4 => true,
        5 => matches!(head(2), 50..=58),
        6 => matches!(head(2), 60 | 62..=67),
        _ => false,
    }
}
