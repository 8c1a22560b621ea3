//! Wise's times as instants.

use partner_case_core::Timestamp;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// The instant that a time of Wise's names, read as UTC where it has no zone; `None` when it is no time.
pub(crate) fn instant(time: &Timestamp) -> Option<OffsetDateTime> {
    OffsetDateTime::parse(&time.to_rfc3339()?, &Rfc3339).ok()
}

/// The same in milliseconds since 1970.
pub(crate) fn millis(time: &Timestamp) -> Option<i64> {
    i64::try_from(instant(time)?.unix_timestamp_nanos() / 1_000_000).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_instant_is_the_same_however_it_is_written() {
        let at = |text: &str| instant(&Timestamp::from(text)).unwrap();
        for same in [
            "2026-04-28T13:30:13Z",
            "2026-04-28T13:30:13",
            "2026-04-28T13:30:13.000",
            "2026-04-28T15:30:13+02:00",
            "2026-04-28T13:30:13.000000Z",
        ] {
            assert_eq!(at(same), at("2026-04-28T13:30:13.0Z"), "{same}");
        }
        assert!(at("2026-04-28T13:30:13.901Z") > at("2026-04-28T13:30:13Z"));
        assert!(at("2026-04-28T15:30:13+02:00") < at("2026-04-28T13:30:14"));
        assert_eq!(instant(&Timestamp::from("yesterday")), None);
        assert_eq!(millis(&Timestamp::from("2026-04-28T14:30:00.000Z")), Some(1_777_386_600_000));
    }
}
