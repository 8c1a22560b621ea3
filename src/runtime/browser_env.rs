//! The browser as the model asks it.

use partner_case_model::{DraftPlace, Env, Words};
use uuid::Uuid;
use web_sys::js_sys::Date;

use super::storage;
use crate::messages::Catalogue;

pub(super) struct BrowserEnv<'a> {
    catalogue: &'a Catalogue,
}

impl<'a> BrowserEnv<'a> {
    pub(super) const fn new(catalogue: &'a Catalogue) -> Self {
        Self { catalogue }
    }
}

/// A time in whole milliseconds.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a time that is not negative"
)]
const fn whole(millis: f64) -> u64 {
    millis as u64
}

impl Env for BrowserEnv<'_> {
    fn now_millis(&self) -> u64 {
        whole(Date::now())
    }

    fn page_millis(&self) -> u64 {
        let performance = web_sys::window().and_then(|window| window.performance());
        performance.map_or_else(|| self.now_millis(), |performance| whole(performance.now()))
    }

    /// Not by `crypto.randomUUID()`, which pages without TLS do not have; partner portals on an intranet are such pages.
    fn new_key(&self) -> Option<String> {
        let crypto = web_sys::window().and_then(|window| window.crypto().ok());
        crypto.map(|_| Uuid::new_v4().to_string())
    }

    fn stored(&self, place: DraftPlace, name: &str) -> Option<String> {
        storage::read(place, name)
    }

    fn stored_names(&self, place: DraftPlace, prefix: &str) -> Vec<String> {
        storage::names(place, prefix)
    }

    fn words(&self) -> &dyn Words {
        self.catalogue
    }
}
