//! `partner-support#case-changed`, signed as Wise signs its webhooks.

use std::time::Duration;

use axum::body::Body;
use axum::http::Request;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use partner_case_core::CaseStatus;
use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use serde::Deserialize;
use serde_json::json;

use crate::LedgerEntry;

/// The simulator's own key. It opens nothing anywhere else.
const PRIVATE_KEY: &str = include_str!("../keys/webhook-private.pem");

/// The key that verifies what the simulator signs.
pub const WEBHOOK_PUBLIC_KEY: &str = include_str!("../keys/webhook-public.pem");

/// How events about the next cases are delivered.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct Delivery {
    /// How late the first event comes.
    pub(crate) delay_millis: u64,
    pub(crate) order: DeliveryOrder,
    /// How often the later event comes.
    pub(crate) copies: u8,
}

impl Default for Delivery {
    fn default() -> Self {
        Self {
            delay_millis: 0,
            order: DeliveryOrder::AsHappened,
            // Wise says that an event may come more than once.
            copies: 2,
        }
    }
}

/// Which event comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum DeliveryOrder {
    AsHappened,
    /// The later event before the earlier.
    Reversed,
}

/// A webhook: the exact bytes, and the signature over them for `X-Signature-SHA256`.
#[derive(Debug, Clone)]
pub struct Webhook {
    /// The body.
    pub body: String,
    /// RSASSA-PKCS1-v1_5 with SHA-256, in base64.
    pub signature: String,
}

impl Webhook {
    /// An event of schema 5.0.0 about a case.
    pub fn case_changed(entry: &LedgerEntry, status: &CaseStatus, updated_at: &str) -> Self {
        Self::signed(
            json!({
                "data": { "resource": {
                    "id": entry.case_id,
                    "profileId": 14_556_049,
                    "status": status.as_str(),
                    "externalId": entry.external_id,
                    "createdAt": format!("{}Z", entry.created_at.as_str()),
                    "updatedAt": updated_at,
                    "type": "GENERAL_ENQUIRY",
                    "subType": null,
                    "reference": null,
                    "messages": [],
                } },
                "subscription_id": "017631af-326c-4a69-93f3-bd1ce987a743",
                "event_type": "partner-support#case-changed",
                "schema_version": "5.0.0",
                "sent_at": updated_at,
            })
            .to_string(),
        )
    }

    /// Any body, signed.
    pub fn signed(body: String) -> Self {
        Self {
            signature: sign(body.as_bytes()).unwrap_or_default(),
            body,
        }
    }

    /// Delivers it, and tries again with growing pauses where it is not taken, as Wise does (in seconds here, not minutes).
    pub(crate) async fn deliver(self, url: String) {
        let client: Client<_, Body> = Client::builder(TokioExecutor::new()).build_http();
        for pause in [1, 2, 4, 8] {
            let request = Request::post(&url)
                .header("content-type", "application/json")
                .header("x-signature-sha256", &self.signature)
                .header("x-delivery-id", uuid::Uuid::new_v4().to_string())
                .body(Body::from(self.body.clone()));
            let Ok(request) = request else { return };
            if client.request(request).await.is_ok_and(|answer| answer.status().is_success()) {
                return;
            }
            tokio::time::sleep(Duration::from_secs(pause)).await;
        }
    }
}

/// None if the key in this repository cannot be read, which a test would show.
fn sign(body: &[u8]) -> Option<String> {
    let base64: String = PRIVATE_KEY.lines().filter(|line| !line.starts_with('-')).collect();
    let key = RsaKeyPair::from_pkcs8(&STANDARD.decode(base64).ok()?).ok()?;
    let mut signature = vec![0; key.public().modulus_len()];
    key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), body, &mut signature).ok()?;
    Some(STANDARD.encode(signature))
}
