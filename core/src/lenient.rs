//! Reading an answer whose shape may change: a member of another type than expected is as good as none.

use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer};

#[derive(Deserialize)]
#[serde(untagged)]
enum Lenient {
    Text(String),
    Other(IgnoredAny),
}

/// Reads a text; none for a value of any other type, `null` among them.
pub(crate) fn optional_text<'de, D: Deserializer<'de>, T: From<String>>(deserializer: D) -> Result<Option<T>, D::Error> {
    Ok(match Lenient::deserialize(deserializer)? {
        Lenient::Text(text) => Some(text.into()),
        Lenient::Other(_) => None,
    })
}

/// Reads a text; the default for a value of any other type.
pub(crate) fn text_or_default<'de, D: Deserializer<'de>, T: From<String> + Default>(deserializer: D) -> Result<T, D::Error> {
    optional_text(deserializer).map(Option::unwrap_or_default)
}
