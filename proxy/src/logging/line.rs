//! One line of the log, as JSON: the time, the level, the event's own fields, and where it comes from.
//!
//! The library's own JSON takes some ten microseconds for a line, of which two are written for each case (docs/performance.md). This writes
//! the same members in the same order.

use std::fmt::{self, Debug, Write};

use time::OffsetDateTime;
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::registry::LookupSpan;

/// Writes an event as one JSON object in one line.
#[derive(Debug, Clone, Copy)]
pub(super) struct JsonLine;

impl<S, N> FormatEvent<S, N> for JsonLine
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(&self, _context: &FmtContext<'_, S, N>, mut writer: Writer<'_>, event: &Event<'_>) -> fmt::Result {
        let metadata = event.metadata();
        writer.write_str("{\"timestamp\":\"")?;
        timestamp(&mut writer, OffsetDateTime::now_utc())?;
        write!(writer, "\",\"level\":\"{}\"", metadata.level())?;
        let mut members = Members {
            writer: &mut writer,
            written: Ok(()),
        };
        event.record(&mut members);
        members.written?;
        writer.write_str(",\"target\":")?;
        text(&mut writer, metadata.target())?;
        writer.write_str("}\n")
    }
}

/// As RFC 3339 has it, in UTC, with microseconds.
fn timestamp(writer: &mut impl Write, time: OffsetDateTime) -> fmt::Result {
    let (year, month, day) = time.to_calendar_date();
    let (hour, minute, second, micros) = time.to_hms_micro();
    let month = u8::from(month);
    write!(
        writer,
        "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{micros:06}Z"
    )
}

fn text(writer: &mut impl Write, text: &str) -> fmt::Result {
    writer.write_char('"')?;
    Escaped(writer).write_str(text)?;
    writer.write_char('"')
}

/// Writes what goes between two quotes. Whatever it holds, the line stays one object in one line.
struct Escaped<'a, W>(&'a mut W);

impl<W: Write> Write for Escaped<'_, W> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let mut rest = text;
        while let Some(at) = rest.bytes().position(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1f)) {
            let (plain, from) = rest.split_at(at);
            self.0.write_str(plain)?;
            // What was found is one byte long.
            let (found, after) = from.split_at(1);
            match found {
                "\"" => self.0.write_str("\\\"")?,
                "\\" => self.0.write_str("\\\\")?,
                "\n" => self.0.write_str("\\n")?,
                _ => write!(self.0, "\\u{:04x}", found.as_bytes()[0])?,
            }
            rest = after;
        }
        self.0.write_str(rest)
    }
}

/// Writes an event's fields, one member after the other.
struct Members<'a, W> {
    writer: &'a mut W,
    written: fmt::Result,
}

impl<W: Write> Members<'_, W> {
    fn member(&mut self, field: &Field, value: impl FnOnce(&mut W) -> fmt::Result) {
        let name = field.name();
        let written = self.written.and_then(|()| {
            self.writer.write_char(',')?;
            text(self.writer, name.strip_prefix("r#").unwrap_or(name))?;
            self.writer.write_char(':')?;
            value(self.writer)
        });
        self.written = written;
    }
}

impl<W: Write> Visit for Members<'_, W> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.member(field, |writer| {
            writer.write_char('"')?;
            write!(Escaped(writer), "{value:?}")?;
            writer.write_char('"')
        });
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.member(field, |writer| text(writer, value));
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.member(field, |writer| write!(writer, "{value}"));
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.member(field, |writer| write!(writer, "{value}"));
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.member(field, |writer| write!(writer, "{value}"));
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        // JSON has no infinity.
        self.member(field, |writer| {
            if value.is_finite() {
                write!(writer, "{value}")
            } else {
                writer.write_str("null")
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use proptest::prelude::*;
    use serde_json::{Value, json};
    use tracing_subscriber::layer::SubscriberExt as _;

    use super::*;

    /// The lines that `log` writes.
    fn lines(log: impl FnOnce()) -> String {
        #[derive(Clone, Default)]
        struct Kept(Arc<Mutex<Vec<u8>>>);
        impl std::io::Write for Kept {
            fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
                self.0.lock().unwrap().extend_from_slice(bytes);
                Ok(bytes.len())
            }
            fn flush(&mut self) -> std::io::Result<()> {
                Ok(())
            }
        }
        let kept = Kept::default();
        let writer = kept.clone();
        let layer = tracing_subscriber::fmt::layer()
            .event_format(JsonLine)
            .with_writer(move || writer.clone());
        tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), log);
        String::from_utf8(kept.0.lock().unwrap().clone()).unwrap()
    }

    fn read(line: &str) -> Value {
        serde_json::from_str(line).unwrap()
    }

    #[test]
    fn a_line_has_its_time_its_fields_as_what_they_are_and_its_target() {
        let error: Result<u8, _> = "x".parse();
        let error = error.unwrap_err();
        let line = lines(
            || tracing::error!(target: "audit", %error, count = 7_u64, below = -7, all = true, part = 0.5, none = f64::NAN, r#type = "t", "it {}", "failed"),
        );
        let mut object = read(&line);
        let time = object["timestamp"].take();
        let expected = json!({
            "timestamp": null, "level": "ERROR", "message": "it failed", "error": "invalid digit found in string", "count": 7, "below": -7,
            "all": true, "part": 0.5, "none": null, "type": "t", "target": "audit",
        });
        assert_eq!(object, expected);
        let time = time.as_str().unwrap();
        assert!(
            time::OffsetDateTime::parse(time, &time::format_description::well_known::Rfc3339).is_ok(),
            "{time}"
        );
        assert!(
            line.starts_with("{\"timestamp\":\"") && line.ends_with("\"target\":\"audit\"}\n"),
            "{line}"
        );
    }

    #[test]
    fn the_time_is_written_as_it_is() {
        let mut written = String::new();
        timestamp(
            &mut written,
            OffsetDateTime::from_unix_timestamp_nanos(1_700_000_000_000_001_000).unwrap(),
        )
        .unwrap();
        assert_eq!(written, "2023-11-14T22:13:20.000001Z");
    }

    proptest! {
        /// Whatever a value holds, it stays a value: nobody writes a line of their own into the log.
        #[test]
        fn every_text_is_one_value_in_one_line(words in "\\PC*", control in "[\\x00-\\x1f\"\\\\\u{7f}\u{2028}]{0,8}") {
            let value = format!("{words}{control}{words}");
            let line = lines(|| tracing::info!(value, shown = %value, "text"));
            prop_assert_eq!(line.matches('\n').count(), 1);
            let object = read(&line);
            prop_assert_eq!(object["value"].as_str(), Some(value.as_str()));
            prop_assert_eq!(object["shown"].as_str(), Some(value.as_str()));
        }
    }
}
