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

/// The largest create body that is read, in bytes, as JSON or as a plain form.
///
/// As JSON, the largest legitimate description is 65,535 UTF-16 units that a client escapes in six bytes each (`\u6f22`): 393,210 bytes. As a
/// plain form it is 65,535 characters of three UTF-8 bytes, each percent-encoded: 589,815 bytes. The rest of the mebibyte is room for the
/// other fields: Wise documents no limit of the subject. It is also nginx's default `client_max_body_size`.
pub const CREATE_BODY_MAX_BYTES: usize = 1024 * 1024;
