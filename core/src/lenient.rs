//! Reading an answer whose shape may change.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserializer;
use serde::de::{IgnoredAny, MapAccess, SeqAccess, Visitor};

/// Reads a text; a value of any other type, `null` among them, is as good as none.
pub(crate) fn text_or_default<'de, D: Deserializer<'de>, T: Default + FromText>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_any(TextOrDefault(PhantomData))
}

/// What a text is read into.
pub(crate) trait FromText {
    fn from_text(text: String) -> Self;
}

impl<T: From<String>> FromText for Option<T> {
    fn from_text(text: String) -> Self {
        Some(T::from(text))
    }
}

impl FromText for crate::CaseStatus {
    fn from_text(text: String) -> Self {
        Self::from(text)
    }
}

impl FromText for crate::CaseType {
    fn from_text(text: String) -> Self {
        Self::from(text)
    }
}

struct TextOrDefault<T>(PhantomData<T>);

impl<'de, T: Default + FromText> Visitor<'de> for TextOrDefault<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text")
    }

    fn visit_str<E>(self, text: &str) -> Result<T, E> {
        Ok(T::from_text(text.to_owned()))
    }

    fn visit_unit<E>(self) -> Result<T, E> {
        Ok(T::default())
    }

    fn visit_bool<E>(self, _: bool) -> Result<T, E> {
        Ok(T::default())
    }

    fn visit_i64<E>(self, _: i64) -> Result<T, E> {
        Ok(T::default())
    }

    fn visit_u64<E>(self, _: u64) -> Result<T, E> {
        Ok(T::default())
    }

    fn visit_f64<E>(self, _: f64) -> Result<T, E> {
        Ok(T::default())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<T, A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(T::default())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<T, A::Error> {
        while entries.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(T::default())
    }
}
