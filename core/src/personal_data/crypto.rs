//! Addresses of crypto wallets, recognised by their alphabets, lengths and first characters.

use super::PersonalDataKind::Crypto;
use super::label::Label;
use super::scan::Scan;

pub(super) fn find(scan: &mut Scan<'_>) {
    for at in 0..scan.tokens.len() {
        let token = &scan.tokens[at];
        let text = &scan.text[token.start..token.end];
        let labelled = (25..=110).contains(&text.len()) && is_base58(text) && scan.label_before(at) == Some(Label::Wallet);
        if labelled || is_address(text) {
            scan.certain(at, at, Crypto);
        }
    }
}

fn is_address(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    match text.as_bytes() {
        // Ethereum: 20 bytes in hexadecimal. 32 bytes are the hash of a transaction.
        [b'0', b'x' | b'X', hex @ ..] => hex.len() == 40 && hex.iter().all(u8::is_ascii_hexdigit),
        // Bitcoin and Litecoin, BIP 173: the alphabet leaves out 1, b, i, o.
        _ if lower.starts_with("bc1") || lower.starts_with("ltc1") || lower.starts_with("tb1") => {
            let data = lower.split_once('1').map_or("", |(_, data)| data);
            (14..=71).contains(&data.len())
                && data
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() && !matches!(byte, b'1' | b'b' | b'i' | b'o'))
        }
        // Bitcoin, Base58Check.
        [b'1' | b'3', ..] => (26..=35).contains(&text.len()) && is_base58(text),
        // Tron, Ripple.
        [b'T', ..] => text.len() == 34 && is_base58(text),
        [b'r', ..] => (29..=35).contains(&text.len()) && is_base58(text),
        _ => lower.starts_with("addr1") && text.len() > 50,
    }
}

/// Base58 leaves out 0, O, I and l. A real address mixes digits and both cases.
fn is_base58(text: &str) -> bool {
    let has = |test: fn(&u8) -> bool| text.as_bytes().iter().any(test);
    text.bytes()
        .all(|byte| byte.is_ascii_alphanumeric() && !matches!(byte, b'0' | b'O' | b'I' | b'l'))
        && has(u8::is_ascii_digit)
        && has(u8::is_ascii_uppercase)
        && has(u8::is_ascii_lowercase)
}
