//! What Wise tells by webhook: who has signed it, and what it says.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use partner_case_core::{Case, CaseId};
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use serde::Deserialize;
use thiserror::Error;

use crate::config::{ConfigError, rsa_key};

/// The event that tells of cases.
pub(crate) const CASE_CHANGED: &str = "partner-support#case-changed";

/// The keys that a webhook may be signed with. Several, so that a key can be replaced without a gap.
#[derive(Debug)]
pub(crate) struct Verifier {
    keys: Vec<UnparsedPublicKey<Vec<u8>>>,
}

impl Verifier {
    /// Reads keys in PEM.
    ///
    /// # Errors
    /// Which key is not an RSA public key, and why.
    pub(crate) fn new<'a>(pems: impl IntoIterator<Item = &'a str>) -> Result<Self, ConfigError> {
        let keys = pems.into_iter().enumerate().map(|(index, pem)| {
            rsa_key(pem)
                .map(|key| UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, key))
                .map_err(|reason| ConfigError::new(&format!("webhook.public_key_files[{index}]"), reason))
        });
        Ok(Self {
            keys: keys.collect::<Result<_, _>>()?,
        })
    }

    /// Whether Wise has signed exactly these bytes: RSASSA-PKCS1-v1_5 with SHA-256, the signature in base64.
    pub(crate) fn is_genuine(&self, body: &[u8], signature: &str) -> bool {
        let Ok(signature) = STANDARD.decode(signature.trim()) else {
            return false;
        };
        self.keys.iter().any(|key| key.verify(body, &signature).is_ok())
    }
}

/// What an event tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Told {
    /// A case as it stands, with the external id by which it is matched.
    Case { external_id: String, case: Case },
    /// A case without an external id: the older schemas have none, and the newest may have `null`.
    Unmatched,
    /// Another event. It was subscribed to by mistake, or is for somebody else.
    Other,
}

/// Why an event cannot be understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the event cannot be understood")]
pub(crate) struct NotUnderstood;

#[derive(Deserialize)]
struct Envelope<'a> {
    // Not always a piece of the body: JSON may write any letter as an escape.
    #[serde(borrow)]
    event_type: Cow<'a, str>,
    #[serde(borrow, default)]
    subscription_id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    data: Data<'a>,
}

#[derive(Deserialize)]
struct Data<'a> {
    #[serde(borrow)]
    resource: &'a serde_json::value::RawValue,
}

/// The resource of schema 5.0.0, or that of 4.0.0 and 2.0.0, which name the case otherwise.
#[derive(Deserialize)]
#[serde(untagged)]
enum Resource {
    Current {
        #[serde(flatten)]
        case: Case,
    },
    Older {
        case_id: CaseId,
    },
}

/// Reads an event. With `subscriptions`, one of another subscription is another event: Wise signs the webhooks of all partners with one key.
///
/// # Errors
/// When it has none of the shapes that Wise documents.
pub(crate) fn read(body: &[u8], subscriptions: &[String]) -> Result<Told, NotUnderstood> {
    let envelope: Envelope<'_> = serde_json::from_slice(body).map_err(|_| NotUnderstood)?;
    let is_ours = subscriptions.is_empty()
        || subscriptions
            .iter()
            .any(|id| Some(id.as_str()) == envelope.subscription_id.as_deref());
    if envelope.event_type != CASE_CHANGED || !is_ours {
        return Ok(Told::Other);
    }
    match serde_json::from_str(envelope.data.resource.get()).map_err(|_| NotUnderstood)? {
        Resource::Current { case } => Ok(match case.external_id.clone() {
            Some(external_id) => Told::Case { external_id, case },
            None => Told::Unmatched,
        }),
        Resource::Older { case_id } => {
            tracing::debug!(case_id = case_id.0, "an event of an older schema has no external id");
            Ok(Told::Unmatched)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{PRODUCTION_KEY, SANDBOX_KEY};

    /// A genuine webhook of Wise's sandbox, from transferwise/digital-signatures-examples (MIT licence).
    const BODY: &str = r#"{"data":{"resource":{"id":49983981,"profile_id":16055450,"account_id":14124090,"type":"transfer"},"current_state":"incoming_payment_waiting","previous_state":null,"occurred_at":"2021-08-23T10:12:50Z"},"subscription_id":"90aa8e14-4ef1-4a56-861c-f3c9cde097ea","event_type":"transfers#state-change","schema_version":"2.0.0","sent_at":"2021-08-23T10:12:50Z"}"#;
    const SIGNATURE: &str = "wKcKCYXAzxNgiu7xmoDm943NUni7Rz33QN8JkEA9dWSGebgndonabgSj18Y4C08OrwVmueGsED2s00M7DtJVcYKOS1i3G4TMVx+mgM3aL9djMBkQtiYNBFUd6wrPI7ZUNHv/TrlKSjTMc+6JFvUvJ7owY3z85e3I4jLRLJowMFvO8kvCJ60+1pY9wDwZvtZ//WS93LrwGjk9Dvwzpmu0w+P4J75tETT5qC3Uv0y5G2yO8SEoO3yNP/tg/BOli02niHb53vEOUWUb9bly6thnfMoXoiV/osoGxgF20R58RlvkAmezyyl1Sv542TfS2DpiwVnmjjjkCyXeSUcKookYLQ==";

    #[test]
    fn a_genuine_webhook_is_genuine_and_one_flipped_bit_is_not() {
        let sandbox = Verifier::new([SANDBOX_KEY]).unwrap();
        assert!(sandbox.is_genuine(BODY.as_bytes(), SIGNATURE));
        for at in [0, BODY.len() / 2, BODY.len() - 1] {
            let mut body = BODY.as_bytes().to_vec();
            body[at] ^= 1;
            assert!(!sandbox.is_genuine(&body, SIGNATURE), "{at}");
        }
        let mut signature = STANDARD.decode(SIGNATURE).unwrap();
        signature[100] ^= 1;
        assert!(!sandbox.is_genuine(BODY.as_bytes(), &STANDARD.encode(signature)));
        for wrong in ["", "=", "abc", "AAAA"] {
            assert!(!sandbox.is_genuine(BODY.as_bytes(), wrong), "{wrong}");
        }
        assert!(
            !Verifier::new([PRODUCTION_KEY])
                .unwrap()
                .is_genuine(BODY.as_bytes(), SIGNATURE)
        );
        assert!(
            Verifier::new([PRODUCTION_KEY, SANDBOX_KEY])
                .unwrap()
                .is_genuine(BODY.as_bytes(), SIGNATURE)
        );
        assert_eq!(read(BODY.as_bytes(), &[]), Ok(Told::Other));
    }

    #[test]
    fn what_is_no_key_is_refused() {
        let private = SANDBOX_KEY.replace("PUBLIC", "PRIVATE");
        for wrong in [
            "",
            "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n",
            private.as_str(),
        ] {
            assert!(Verifier::new([wrong]).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_three_schemas_are_understood() {
        let current = r#"{"data":{"resource":{"id":136,"profileId":5,"status":"IN_REVIEW","externalId":"pcf-1","createdAt":"2026-04-28T14:30:00.000Z","updatedAt":"2026-04-28T14:31:00.000Z","type":"SANCTION","subType":null,"reference":{"type":"TRANSFER","referenceId":"7"},"messages":[]}},"subscription_id":"x","event_type":"partner-support#case-changed","schema_version":"5.0.0","sent_at":"2026-04-28T14:31:01.000Z"}"#;
        let Ok(Told::Case { external_id, case }) = read(current.as_bytes(), &[]) else {
            panic!()
        };
        assert_eq!(
            (external_id.as_str(), case.id, case.status.as_str()),
            ("pcf-1", CaseId(136), "IN_REVIEW")
        );
        for version in ["4.0.0", "2.0.0"] {
            let older = format!(
                r#"{{"data":{{"resource":{{"case_id":136,"case_type":"GENERAL_ENQUIRY","details":{{"transfer_id":null,"user_id":1,"profile_id":2}},"status":"PENDING","type":"partner-support-case"}},"type":"NEW_CASE","occurred_at":"2023-06-23T09:45:34Z"}},"subscription_id":"x","event_type":"partner-support#case-changed","schema_version":"{version}","sent_at":"2023-06-23T09:45:36Z"}}"#
            );
            assert_eq!(read(older.as_bytes(), &[]), Ok(Told::Unmatched), "{version}");
        }
        assert_eq!(
            read(current.replace("\"pcf-1\"", "null").as_bytes(), &[]),
            Ok(Told::Unmatched)
        );
        for wrong in [
            "",
            "{}",
            r#"{"event_type":"partner-support#case-changed","data":{"resource":{}}}"#,
        ] {
            assert_eq!(read(wrong.as_bytes(), &[]), Err(NotUnderstood), "{wrong}");
        }
    }

    #[test]
    fn an_event_of_a_subscription_that_is_not_ours_is_another_event() {
        let event = |id: &str| {
            let text = format!(
                r#"{{"data":{{"resource":{{"id":136,"externalId":"pcf-1"}}}},{id}"event_type":"partner-support#case-changed"}}"#
            );
            read(text.as_bytes(), &["ours".to_owned()]).unwrap()
        };
        assert!(matches!(event(r#""subscription_id":"ours","#), Told::Case { .. }));
        assert_eq!(event(r#""subscription_id":"theirs","#), Told::Other);
        assert_eq!(event(""), Told::Other);
    }
}
