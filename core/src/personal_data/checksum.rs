//! Check digits. Each function takes digits or characters in ASCII and tells whether they pass.

fn values(digits: &str) -> impl DoubleEndedIterator<Item = u32> + Clone + '_ {
    digits.bytes().map(|digit| u32::from(digit.wrapping_sub(b'0')))
}

/// ISO 7064, mod 11,10, as in Germany's tax number and Croatia's OIB: the last of eleven digits is a check digit.
pub(super) fn iso_7064_mod_11_10(digits: &str) -> bool {
    let rest = digits.bytes().take(10).fold(10, |product, digit| {
        let sum = (u32::from(digit - b'0') + product) % 10;
        (if sum == 0 { 10 } else { sum }) * 2 % 11
    });
    digits.len() == 11 && (11 - rest) % 10 == u32::from(digits.as_bytes()[10] - b'0')
}

/// Verhoeff's check digit, as in India's Aadhaar: the last digit closes a walk through the group of a pentagon's symmetries.
pub(super) fn verhoeff(digits: &str) -> bool {
    /// One turn or reflection of the pentagon after another: 0 to 4 are turns, 5 to 9 reflections.
    fn product(one: u32, other: u32) -> u32 {
        match (one < 5, other < 5) {
            (true, true) => (one + other) % 5,
            (true, false) => (one + other - 5) % 5 + 5,
            (false, true) => (one - 5 + 5 - other) % 5 + 5,
            (false, false) => (one + 5 - other) % 5,
        }
    }
    const PERMUTATION: [u32; 10] = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
    let walked = digits.bytes().rev().zip(0..).fold(0, |sum, (digit, position): (u8, u32)| {
        let permuted = (0..position % 8).fold(u32::from(digit - b'0'), |digit, _| PERMUTATION[digit as usize]);
        product(sum, permuted)
    });
    walked == 0 && !digits.starts_with(['0', '1'])
}

/// Hong Kong's identity card: one or two letters, six digits, and a check character in brackets, all weighted and divided by 11.
pub(super) fn hong_kong_id(folded: &str, check: &str) -> bool {
    let letters = folded.bytes().take_while(u8::is_ascii_lowercase).count();
    let check = match check.as_bytes() {
        [digit @ b'0'..=b'9'] => u32::from(digit - b'0'),
        b"a" => 10,
        _ => return false,
    };
    if !matches!(letters, 1 | 2) || folded.len() != letters + 6 || !folded.bytes().skip(letters).all(|byte| byte.is_ascii_digit())
    {
        return false;
    }
    // A missing first letter counts as a space, which has the value 36.
    let value = |byte: u8| match byte {
        b'0'..=b'9' => u32::from(byte - b'0'),
        _ => u32::from(byte - b'a') + 10,
    };
    let space = (letters == 1).then_some(36);
    let values = space.into_iter().chain(folded.bytes().map(value));
    let sum: u32 = values.zip((2..=9).rev()).map(|(value, weight)| value * weight).sum();
    (sum + check).is_multiple_of(11)
}

/// ISO/IEC 7812-1, "Luhn": cards.
pub(super) fn luhn(digits: &str) -> bool {
    let sum: u32 = values(digits)
        .rev()
        .enumerate()
        .map(|(at, digit)| if at % 2 == 0 { digit } else { digit * 2 / 10 + digit * 2 % 10 })
        .sum();
    !digits.is_empty() && sum.is_multiple_of(10)
}

/// ISO 7064 mod 97-10 over letters and digits, with the first four characters moved to the end: IBAN (ISO 13616).
pub(super) fn iban(folded: &str) -> bool {
    if folded.len() < 5 || !folded.is_ascii() {
        return false;
    }
    let (head, tail) = folded.split_at(4);
    let remainder = tail.bytes().chain(head.bytes()).fold(0_u32, |remainder, byte| match byte {
        b'0'..=b'9' => (remainder * 10 + u32::from(byte - b'0')) % 97,
        _ => (remainder * 100 + u32::from(byte.wrapping_sub(b'a')) + 10) % 97,
    });
    remainder == 1
}

/// The letter of a Spanish NIF or NIE.
pub(super) fn spanish_letter(number: u32) -> u8 {
    b"trwagmyfpdxbnjzsqvhlcke"[(number % 23) as usize]
}

/// The control character of a Finnish personal identity code.
pub(super) fn finnish_letter(number: u32) -> u8 {
    b"0123456789abcdefhjklmnprstuvwxy"[(number % 31) as usize]
}

/// ISO 7064 mod 11-2: the Chinese resident identity number of 17 digits and a check character.
pub(super) fn chinese_id(folded: &str) -> bool {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let Some((digits, check)) = folded.split_at_checked(17) else {
        return false;
    };
    if folded.len() != 18 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return false;
    }
    let sum: u32 = values(digits).zip(WEIGHTS).map(|(digit, weight)| digit * weight).sum();
    b"10x98765432"[(sum % 11) as usize] == check.as_bytes()[0]
}

/// The check letter of a Singapore NRIC or FIN: a prefix, seven digits, a letter.
pub(super) fn singapore_nric(folded: &str) -> bool {
    let bytes = folded.as_bytes();
    if bytes.len() != 9 || !bytes[1..8].iter().all(u8::is_ascii_digit) {
        return false;
    }
    let sum: u32 = values(&folded[1..8])
        .zip([2, 7, 6, 5, 4, 3, 2])
        .map(|(digit, weight)| digit * weight)
        .sum();
    let (offset, letters): (u32, &[u8; 11]) = match bytes[0] {
        b's' => (0, b"jzihgfedcba"),
        b't' => (4, b"jzihgfedcba"),
        b'f' => (0, b"xwutrqpnmlk"),
        b'g' => (4, b"xwutrqpnmlk"),
        b'm' => (3, b"klj nprtuwx"),
        _ => return false,
    };
    // The M series turns its table round; a letter of its range is enough.
    if bytes[0] == b'm' {
        return letters.contains(&bytes[8]);
    }
    letters[((sum + offset) % 11) as usize] == bytes[8]
}

/// The check character of an Italian codice fiscale of 16 characters.
pub(super) fn codice_fiscale(folded: &str) -> bool {
    const ODD: [u32; 26] = [
        1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23,
    ];
    let bytes = folded.as_bytes();
    if bytes.len() != 16 || !bytes.iter().all(u8::is_ascii_alphanumeric) {
        return false;
    }
    let place = |byte: u8| u32::from(if byte.is_ascii_digit() { byte - b'0' } else { byte - b'a' });
    let sum: u32 = bytes[..15]
        .iter()
        .enumerate()
        .map(|(at, byte)| {
            if at % 2 == 0 {
                ODD[place(*byte) as usize]
            } else {
                place(*byte)
            }
        })
        .sum();
    place(bytes[15]) == sum % 26
}

/// The French NIR: 13 digits and a key of two, 97 less the remainder.
pub(super) fn french_nir(digits: &str) -> bool {
    let Some((number, key)) = digits.split_at_checked(13) else {
        return false;
    };
    match (number.parse::<u64>(), key.parse::<u64>()) {
        (Ok(number), Ok(key)) => key == 97 - number % 97,
        _ => false,
    }
}

/// The Chilean RUT: mod 11, with a digit or K.
pub(super) fn chilean_rut(digits: &str, check: u8) -> bool {
    let sum: u32 = values(digits)
        .rev()
        .zip((2..=7).cycle())
        .map(|(digit, weight)| digit * weight)
        .sum();
    check == b"0k987654321"[(sum % 11) as usize]
}

/// The Brazilian CPF: nine digits and two check digits, mod 11.
pub(super) fn brazilian_cpf(digits: &str) -> bool {
    let check = |length: usize| {
        let weights = (2..=length as u32 + 1).rev();
        let sum: u32 = values(&digits[..length])
            .zip(weights)
            .map(|(digit, weight)| digit * weight)
            .sum();
        (sum * 10 % 11) % 10
    };
    digits.len() == 11 && values(digits).skip(9).eq([check(9), check(10)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_digits_of_states_notice_one_wrong_digit() {
        assert!(iso_7064_mod_11_10("86095742719") && !iso_7064_mod_11_10("86095742718"));
        assert!(verhoeff("2363") && !verhoeff("2364") && !verhoeff("2633"));
        assert!(hong_kong_id("a123456", "3") && !hong_kong_id("a123457", "3"));
    }

    #[test]
    fn published_examples_pass_and_a_changed_digit_does_not() {
        // The test card number of the schemes, the examples of ISO 13616's registry and of the issuing authorities.
        assert!(luhn("4111111111111111") && !luhn("4111111111111112") && !luhn(""));
        assert!(iban("gb29nwbk60161331926819") && !iban("gb29nwbk60161331926818"));
        assert_eq!(spanish_letter(12_345_678), b'z');
        assert_eq!(finnish_letter(131_052_308), b't');
        assert!(chinese_id("11010519491231002x") && !chinese_id("11010519491231003x"));
        assert!(singapore_nric("s0000001i") && !singapore_nric("s0000001a"));
        assert!(codice_fiscale("rssmra85t10a562s") && !codice_fiscale("rssmra85t10a562t"));
        assert!(french_nir("255081416802538") && !french_nir("255081416802539"));
        assert!(chilean_rut("30686957", b'4') && !chilean_rut("30686957", b'5'));
        assert!(brazilian_cpf("11144477735") && !brazilian_cpf("11144477734"));
    }
}
