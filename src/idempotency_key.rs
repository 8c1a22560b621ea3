//! The idempotency key: a random UUID.

use web_sys::js_sys::Uint8Array;

/// A new UUID of version 4 (RFC 9562).
///
/// Not `crypto.randomUUID()`, which pages without TLS do not have; partner portals on an intranet are such pages.
///
/// # Errors
/// When the browser gives no random numbers.
pub(crate) fn new_key() -> Result<String, wasm_bindgen::JsValue> {
    let window = web_sys::window().ok_or("no window")?;
    let random = Uint8Array::new_with_length(16);
    window.crypto()?.get_random_values_with_array_buffer_view(&random)?;
    let mut bytes = [0; 16];
    random.copy_to(&mut bytes);
    Ok(uuid_v4(bytes))
}

fn uuid_v4(mut bytes: [u8; 16]) -> String {
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let mut text = String::with_capacity(36);
    for (at, byte) in bytes.into_iter().enumerate() {
        if matches!(at, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        for nibble in [byte >> 4, byte & 0x0f] {
            text.extend(char::from_digit(u32::from(nibble), 16));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn version_and_variant_are_set() {
        assert_eq!(uuid_v4([0xff; 16]), "ffffffff-ffff-4fff-bfff-ffffffffffff");
        assert_eq!(uuid_v4([0; 16]), "00000000-0000-4000-8000-000000000000");
    }
}
