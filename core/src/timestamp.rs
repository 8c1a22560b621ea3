//! Times as Wise writes them.

use serde::{Deserialize, Serialize};

/// A time as Wise wrote it, with or without a zone.
///
/// Case objects carry `2023-06-28T15:21:24.901`, which is no RFC 3339 time for want of a zone; webhooks carry a `Z`. Wise documents its
/// server time as UTC. A text of another shape is kept and shown as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(inline))]
#[serde(transparent)]
pub struct Timestamp(String);

impl Timestamp {
    /// The time as Wise wrote it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The time in RFC 3339, read as UTC where it has no zone; `None` when it has another shape.
    pub fn to_rfc3339(&self) -> Option<String> {
        let text = self.0.trim();
        let (date, time) = text.split_once(['T', ' '])?;
        let (clock, zone) = match time.find(['Z', 'z', '+', '-']) {
            Some(at) => time.split_at(at),
            None => (time, "Z"),
        };
        let (whole, fraction) = clock.split_once('.').unwrap_or((clock, ""));
        let ok = digits_between(date, '-', &[4, 2, 2])
            && digits_between(whole, ':', &[2, 2, 2])
            && fraction.bytes().all(|byte| byte.is_ascii_digit())
            && (zone.eq_ignore_ascii_case("z") || digits_between(&zone[1..], ':', &[2, 2]));
        ok.then(|| format!("{date}T{clock}{}", zone.to_ascii_uppercase()))
    }
}

impl<T: Into<String>> From<T> for Timestamp {
    fn from(text: T) -> Self {
        Self(text.into())
    }
}

fn digits_between(text: &str, separator: char, lengths: &[usize]) -> bool {
    let parts: Vec<&str> = text.split(separator).collect();
    parts.len() == lengths.len()
        && parts
            .iter()
            .zip(lengths)
            .all(|(part, length)| part.len() == *length && part.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_without_a_zone_is_read_as_utc() {
        for (given, read) in [
            ("2023-06-28T15:21:24.901", Some("2023-06-28T15:21:24.901Z")),
            ("2023-06-28T15:21:24", Some("2023-06-28T15:21:24Z")),
            ("2026-04-28T14:30:00.000Z", Some("2026-04-28T14:30:00.000Z")),
            ("2026-04-28T14:30:00+02:00", Some("2026-04-28T14:30:00+02:00")),
            ("2023-06-28 15:21:24", Some("2023-06-28T15:21:24Z")),
            ("yesterday", None),
            ("2023-06-28", None),
            ("2023-06-28T15:21", None),
            ("", None),
            ("2023-06-28Té", None),
        ] {
            assert_eq!(Timestamp::from(given).to_rfc3339().as_deref(), read, "{given}");
        }
    }
}
