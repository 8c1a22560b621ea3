//! What was received, byte for byte.

use std::time::Instant;

use partner_case_core::{CaseStatus, Timestamp};
use serde::Serialize;

/// A case that was created, with what it was created from.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LedgerEntry {
    /// The number given to the case.
    pub case_id: i64,
    /// The path it was posted to.
    pub path: String,
    /// The `Authorization` header it came with.
    pub authorization: String,
    /// The names of all headers it came with, in lower case, sorted.
    pub header_names: Vec<String>,
    /// The `X-External-Correlation-Id` it came with.
    pub correlation_id: Option<String>,
    /// The body exactly as received, in base64.
    pub body_base64: String,
    /// The body as text.
    pub body: String,
    /// The description as stored: cut at 65,535 characters without a word, as Wise does.
    pub stored_description: String,
    /// The partner's id of the case.
    pub external_id: Option<String>,
    /// When it was created.
    pub created_at: Timestamp,
    /// What it is once it is set up.
    #[serde(skip)]
    pub(crate) becomes: CaseStatus,
    /// Whether its setting-up was ended on demand.
    #[serde(skip)]
    pub(crate) set_up: bool,
    #[serde(skip)]
    pub(crate) created: Instant,
}

/// How often each call was heard, faults included.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// `POST /oauth/token`
    pub token: u64,
    /// `POST /v1/cases`
    pub create: u64,
    /// `GET /v1/cases/{id}`
    pub get: u64,
}
