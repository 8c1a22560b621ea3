//! The limits of a case, each with the place its number comes from.

/// The longest description, in UTF-16 code units after CRLF has become LF.
///
/// Wise documents "65,535 characters" and cuts silently beyond them, without saying what a character is. UTF-16 code units are the
/// strictest reading: no text that passes has more Unicode code points or more graphemes than this.
/// Source: `description` of `POST /v1/cases`.
pub const DESCRIPTION_MAX_UTF16: usize = 65_535;

/// The longest external id, in UTF-16 code units.
///
/// The create request documents no limit; the case object of Wise's 2026Q3 API gives `externalId` a `maxLength` of 255, so a longer
/// one could not be read back.
pub const EXTERNAL_ID_MAX_UTF16: usize = 255;

/// The largest id: Wise's ids are `int64`, and an id below 1 identifies nothing.
pub const ID_MAX: i64 = i64::MAX;

/// The largest create body that is read, in bytes.
///
/// The largest legitimate body is a description of 65,535 UTF-16 units in which each is a control character that JSON escapes in six
/// bytes (`\u0001`): 393,210 bytes. The rest of the 512 KiB is room for the other fields.
pub const CREATE_BODY_MAX_BYTES: usize = 512 * 1024;
