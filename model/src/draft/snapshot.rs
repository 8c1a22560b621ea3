//! A draft as it is stored: JSON with a version, and a reader for each earlier version.

use partner_case_core::{CaseInput, Field};
use serde::{Deserialize, Serialize};

use crate::reason::Reason;
use crate::submission::{SupportIds, digest};

/// The version that is written.
const VERSION: u32 = 2;

/// All that is needed to go on with a draft. Members that a newer version adds are ignored.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Snapshot {
    pub(crate) version: u32,
    /// When the agent changed it last, in milliseconds since 1970.
    #[serde(alias = "savedAtMillis")]
    pub(crate) changed_at_millis: u64,
    /// When it is deleted, in milliseconds since 1970.
    pub(crate) expires_at_millis: u64,
    /// What was typed.
    pub(crate) texts: CaseInput,
    /// The reason that was chosen.
    pub(crate) reason: Option<Reason>,
    /// The subject that was suggested for it.
    #[serde(alias = "proposedSubject")]
    pub(crate) suggested_subject: String,
    /// What the agent has said is no personal data.
    #[serde(alias = "keptInSubject")]
    pub(crate) dismissed_in_subject: Vec<String>,
    /// What the agent has said is no secret.
    #[serde(alias = "keptInDescription")]
    pub(crate) dismissed_in_description: Vec<String>,
    /// The agent's last sign-out before it was stored.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) sign_out_mark: Option<u64>,
    /// The key of the next text that is sent.
    pub(crate) next_key: Option<String>,
    /// What was sent, if its outcome is not certain. Apart from the text, so that no later rule about texts can make it forgotten.
    #[serde(alias = "sent")]
    pub(crate) pending: Option<StoredSubmission>,
}

/// Shows nothing of what was typed.
impl std::fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Snapshot")
            .field("pending", &self.pending)
            .finish_non_exhaustive()
    }
}

/// A submission as it is stored with its draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StoredSubmission {
    pub(crate) key: String,
    /// The digest of what was sent, in hexadecimal: JavaScript rounds large numbers.
    #[serde(default)]
    digest: String,
    pub(crate) stage: Stage,
    /// Whether it may have made a case.
    #[serde(alias = "doubtful", default)]
    pub(crate) may_exist: bool,
    #[serde(alias = "reference", default)]
    pub(crate) ids: SupportIds,
    /// Version 1 only, in the place of the digest: whether the text is still the one that was sent.
    #[serde(default, skip_serializing)]
    is_current: bool,
}

/// How far a stored submission came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Stage {
    /// It did not reach Wise.
    NotSent,
    /// It may have reached Wise.
    Open,
    /// It may have reached Wise, and the agent has gone back to the text.
    Reconsidered,
}

impl StoredSubmission {
    pub(crate) fn new(key: &str, digest: u64, stage: Stage, may_exist: bool, ids: SupportIds) -> Self {
        Self {
            key: key.to_owned(),
            digest: format!("{digest:016x}"),
            stage,
            may_exist,
            ids,
            is_current: false,
        }
    }

    pub(crate) fn digest(&self) -> u64 {
        u64::from_str_radix(&self.digest, 16).unwrap_or_default()
    }
}

impl Snapshot {
    /// Reads a stored draft of this version or an earlier one. None for anything else: a newer form's, or another program's.
    pub(crate) fn read(json: &str) -> Option<Self> {
        let mut snapshot: Self = serde_json::from_str(json).ok()?;
        match snapshot.version {
            // Version 1 had no number, and always wrote when it was stored.
            0 if snapshot.changed_at_millis > 0 => snapshot.upgrade(),
            VERSION => {}
            _ => return None,
        }
        Some(snapshot)
    }

    /// Version 1 did not store what was sent, only whether it was the text as it stands.
    fn upgrade(&mut self) {
        self.version = VERSION;
        let body = self.texts.validate().map(|case| case.to_json());
        if let Some(pending) = &mut self.pending {
            let digest = body.ok().filter(|_| pending.is_current).map(|body| digest(&body));
            pending.digest = format!("{:016x}", digest.unwrap_or_default());
            pending.may_exist |= pending.stage != Stage::NotSent;
        }
    }

    /// The JSON that is stored.
    pub fn to_json(&self) -> String {
        // A struct of strings and integers has no value that serde_json cannot write.
        serde_json::to_string(&Self {
            version: VERSION,
            ..self.clone()
        })
        .unwrap_or_default()
    }

    /// Takes the description out: it holds what must be stored nowhere.
    pub(crate) fn withhold_description(&mut self) {
        self.texts.set(Field::Description, "");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn valid() -> CaseInput {
        CaseInput::from([(Field::UserId, "1234"), (Field::Subject, "s"), (Field::Description, "d")])
    }

    #[test]
    fn a_draft_of_version_1_is_read_with_its_submission() {
        let json = r#"{"savedAtMillis":5,"expiresAtMillis":9,"texts":{"type":"GENERAL_ENQUIRY","userId":"1234","transferId":"","profileId":"",
            "subject":"s","description":"d","externalId":""},"reason":"other","proposedSubject":"p","keptInSubject":["a"],
            "keptInDescription":["b"],"nextKey":"n",
            "sent":{"key":"k","stage":"open","doubtful":false,"isCurrent":true,"reference":{"requestId":"r","traceId":null}}}"#;
        let snapshot = Snapshot::read(json).unwrap();
        assert_eq!((snapshot.changed_at_millis, snapshot.texts.clone()), (5, valid()));
        assert_eq!(snapshot.dismissed_in_subject, ["a"]);
        let pending = snapshot.pending.clone().unwrap();
        assert_eq!(
            (pending.key.as_str(), pending.may_exist, pending.ids.request_id.as_deref()),
            ("k", true, Some("r"))
        );
        assert_eq!(pending.digest(), digest(&valid().validate().unwrap().to_json()));
        assert_eq!(
            Snapshot::read(&snapshot.to_json()).unwrap().pending.unwrap().digest(),
            pending.digest()
        );
    }

    #[test]
    fn what_is_no_draft_of_a_known_version_is_not_read() {
        for json in [
            "",
            "7",
            "null",
            "{}",
            r#"{"version":3,"changedAtMillis":5}"#,
            r#"{"savedAtMillis":5,"texts":7}"#,
        ] {
            assert_eq!(Snapshot::read(json), None, "{json}");
        }
    }

    #[test]
    fn what_was_typed_is_not_in_the_debug_output() {
        let snapshot = Snapshot {
            texts: valid(),
            dismissed_in_subject: vec!["canary".to_owned()],
            ..Snapshot::default()
        };
        let shown = format!("{snapshot:?}");
        assert!(
            !shown.contains("canary") && shown.starts_with("Snapshot { pending: None"),
            "{shown}"
        );
    }
}
