//! Phone numbers: in international form (ITU-T E.164), in the forms of national plans, or next to a label.

use super::PersonalDataKind::Phone;
use super::label::Label;
use super::number::Number;
use super::scan::Scan;

pub(super) fn find(scan: &mut Scan<'_>) {
    for at in 0..scan.numbers.len() {
        let number = &scan.numbers[at];
        let (first, last, digits) = (number.first, number.last, number.digits.len());
        if scan.is_harmless(first) || super::labelled::is_amount(scan, number) || super::labelled::is_date(scan, number) {
            continue;
        }
        let labelled = scan.label_before(first) == Some(Label::Phone);
        if is_international(number) || leads_with_area(number) || labelled && (7..=15).contains(&digits) {
            scan.certain(first, last, Phone);
        } else if number.has_shape(&scan.tokens, &[3, 3, 4], '-') || number.has_shape(&scan.tokens, &[3, 3, 4], '.') {
            scan.probable(first, last, Phone);
        }
    }
}

/// `+` or `00` and 8 to 15 digits. With `00` it must be in groups: many a reference starts with zeros.
fn is_international(number: &Number) -> bool {
    let grouped_zeros = number.digits.starts_with("00") && number.groups.len() >= 3 && (10..=17).contains(&number.digits.len());
    (number.plus && !number.digits.starts_with('0') && (8..=15).contains(&number.digits.len())) || grouped_zeros
}

/// `(02) 3234 5678`, `(784) 430-1234`
fn leads_with_area(number: &Number) -> bool {
    number.parenthesis && number.separators.contains(&')') && (8..=12).contains(&number.digits.len())
}
