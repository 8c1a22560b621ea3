//! What tells one submission from another.

use partner_case_core::NewCase;
use uuid::Uuid;

use crate::idempotency_key::IdempotencyKey;
use crate::staff::StaffId;
use crate::store::{DigestKind, Digests};

/// What tells one submission from another.
#[derive(Debug, Clone)]
pub(crate) enum SubmissionKey {
    /// The key that the form made.
    Header(IdempotencyKey),
    /// A plain form can carry no key: the same text of the same agent is the same submission, unless the nonce tells it from another.
    Text { nonce: String },
}

impl SubmissionKey {
    /// The key itself. That of a text depends on the store's key, so that nobody can tell by trying who has sent what.
    pub(super) fn uuid(&self, digests: &Digests, staff: &StaffId, case: &NewCase) -> Uuid {
        match self {
            Self::Header(IdempotencyKey(uuid)) => *uuid,
            Self::Text { nonce } => {
                let staff = digests.of(DigestKind::Staff, staff.0.as_bytes());
                let nonce = digests.of(DigestKind::PlainForm, nonce.as_bytes());
                let text = [&staff[..], &nonce[..], case.to_json().as_bytes()].concat();
                let digest = digests.of(DigestKind::PlainForm, &text);
                let mut bytes = [0; 16];
                bytes.copy_from_slice(&digest[..16]);
                Uuid::from_bytes(bytes)
            }
        }
    }
}
