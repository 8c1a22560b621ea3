use super::submit::Outgoing;
use super::*;
use crate::submission::{NotSent, Reference, Rejection};
use leptos::prelude::Owner;
use partner_case_core::{FieldError, NotSentReason};

pub(super) fn with_form(prefill: CaseDraft, test: impl FnOnce(CaseForm)) {
    let owner = Owner::new();
    owner.with(|| test(CaseForm::new(prefill)));
}

fn valid() -> CaseDraft {
    CaseDraft {
        user_id: "1234".to_owned(),
        subject: "s".to_owned(),
        description: "d".to_owned(),
        ..CaseDraft::default()
    }
}

fn unknown() -> Submission {
    Submission::OutcomeUnknown(Reference::default())
}

fn created() -> Submission {
    Submission::Created(serde_json::from_str(r#"{"id":1}"#).unwrap())
}

fn not_sent() -> Submission {
    Submission::NotSent(NotSent {
        reason: NotSentReason::SessionExpired,
        retry_after_secs: None,
        reference: Reference::default(),
    })
}

fn submit(form: CaseForm, key: &str) -> Outgoing {
    form.begin_submit(|| key.to_owned()).unwrap()
}

#[test]
fn an_invalid_draft_is_not_sent_and_keeps_its_text() {
    with_form(CaseDraft::default(), |form| {
        form.typed(Field::Subject, "late".to_owned());
        assert!(form.begin_submit(|| panic!("no key is needed")).is_none());
        assert_eq!(form.errors.get_untracked().get(Field::UserId), Some(&FieldError::Required));
        assert_eq!(form.draft().subject, "late");
        assert_eq!(form.shown.get_untracked(), 1);
    });
}

#[test]
fn a_second_submit_while_sending_is_ignored() {
    with_form(valid(), |form| {
        assert!(form.begin_submit(|| "k".to_owned()).is_some());
        assert!(form.begin_submit(|| "k2".to_owned()).is_none());
    });
}

#[test]
fn a_created_case_is_not_sent_again() {
    with_form(valid(), |form| {
        let outgoing = submit(form, "k");
        form.settle(&outgoing.key, created()).unwrap();
        assert!(form.begin_submit(|| "k2".to_owned()).is_none());
    });
}

#[test]
fn an_unknown_outcome_is_sent_again_only_when_a_person_asks() {
    with_form(valid(), |form| {
        let outgoing = submit(form, "k");
        form.settle(&outgoing.key, unknown()).unwrap();
        assert!(form.begin_submit(|| "k2".to_owned()).is_none());
        form.reconsider();
        assert_eq!(submit(form, "k2").key, "k");
    });
}

#[test]
fn the_key_stays_with_the_text_until_its_outcome_is_certain() {
    with_form(valid(), |form| {
        let first = submit(form, "first");
        form.settle(&first.key, not_sent()).unwrap();
        let second = submit(form, "second");
        assert_eq!(second.key, "first");
        let rejected = Submission::Rejected(Rejection {
            final_for_key: true,
            errors: ValidationErrors::default(),
            reference: Reference::default(),
        });
        form.settle(&second.key, rejected).unwrap();
        assert_eq!(submit(form, "third").key, "third");
    });
}

/// A proxy that remembers keys would answer another text under the same key with the first text's case.
#[test]
fn another_text_is_another_submission_with_a_key_of_its_own() {
    with_form(valid(), |form| {
        let first = submit(form, "first");
        form.settle(&first.key, unknown()).unwrap();
        form.reconsider();
        form.typed(Field::Subject, "another".to_owned());
        assert_eq!(submit(form, "second").key, "second");
    });
}

/// The first try may have made a case, so "not created" would be wrong however certain it is of the second.
#[test]
fn a_second_try_that_is_not_sent_leaves_the_outcome_unknown() {
    with_form(valid(), |form| {
        let first = submit(form, "k");
        form.settle(&first.key, unknown()).unwrap();
        form.reconsider();
        let second = submit(form, "k2");
        form.settle(&second.key, not_sent()).unwrap();
        assert!(matches!(form.submission.get_untracked(), Submission::OutcomeUnknown(_)));
    });
}

/// A stricter proxy refuses the second try before it looks at the key, under which the first may have made a case.
#[test]
fn a_second_try_that_the_proxy_refuses_leaves_the_outcome_unknown() {
    with_form(valid(), |form| {
        let first = submit(form, "k");
        form.settle(&first.key, unknown()).unwrap();
        form.reconsider();
        let second = submit(form, "k2");
        let refused = |final_for_key| {
            Submission::Rejected(Rejection {
                errors: ValidationErrors::default(),
                final_for_key,
                reference: Reference::default(),
            })
        };
        form.settle(&second.key, refused(false)).unwrap();
        assert!(matches!(form.submission.get_untracked(), Submission::OutcomeUnknown(_)));
        form.settle(&second.key, refused(true)).unwrap();
        assert!(matches!(form.submission.get_untracked(), Submission::Rejected(_)));
    });
}

/// A host that resets the form while a case is on its way must not see the old answer settle the new draft.
#[test]
fn a_late_answer_does_not_settle_a_new_draft() {
    with_form(valid(), |form| {
        let old = submit(form, "old");
        form.reset();
        form.typed(Field::Subject, "new".to_owned());
        assert!(form.settle(&old.key, created()).is_err());
        assert_eq!(
            (form.submission.get_untracked(), form.draft().subject.as_str()),
            (Submission::Editing, "new")
        );
    });
}

#[test]
fn what_a_person_typed_wins_over_a_later_prefill() {
    with_form(valid(), |form| {
        form.typed(Field::TransferId, "77".to_owned());
        form.prefill(CaseDraft {
            user_id: "5678".to_owned(),
            transfer_id: "88".to_owned(),
            ..valid()
        });
        assert_eq!(
            (form.draft().user_id.as_str(), form.draft().transfer_id.as_str()),
            ("5678", "77")
        );
    });
}

/// The portal goes on to another customer while the case is on its way: that is for the next case.
#[test]
fn a_prefill_while_sending_is_for_the_next_case() {
    with_form(valid(), |form| {
        let outgoing = submit(form, "k");
        form.prefill(CaseDraft {
            user_id: "5678".to_owned(),
            ..valid()
        });
        assert_eq!(form.draft().user_id, "1234");
        form.settle(&outgoing.key, created()).unwrap();
        form.reset();
        assert_eq!(form.draft().user_id, "5678");
    });
}

#[test]
fn a_reset_form_has_the_prefilled_text_and_a_key_of_its_own() {
    with_form(
        CaseDraft {
            user_id: "1234".to_owned(),
            ..CaseDraft::default()
        },
        |form| {
            for key in ["first", "second"] {
                form.typed(Field::Subject, "s".to_owned());
                form.typed(Field::Description, "d".to_owned());
                assert_eq!(submit(form, key).key, key);
                form.reset();
                assert_eq!((form.draft().user_id.as_str(), form.draft().subject.as_str()), ("1234", ""));
            }
        },
    );
}

#[test]
fn the_key_that_was_made_with_the_draft_is_the_one_it_is_sent_with() {
    with_form(valid(), |form| {
        form.ensure_key(|| Some("the draft's".to_owned()));
        form.ensure_key(|| panic!("it has one"));
        assert_eq!(submit(form, "new").key, "the draft's");
    });
}

#[test]
fn a_key_that_belongs_to_another_text_is_not_used_again() {
    with_form(valid(), |form| {
        let outgoing = submit(form, "used");
        let Submission::NotSent(reused) = not_sent() else { panic!() };
        let reused = Submission::NotSent(NotSent {
            reason: NotSentReason::KeyReused,
            ..reused
        });
        form.settle(&outgoing.key, reused).unwrap();
        assert_eq!(submit(form, "new").key, "new");
    });
}

#[test]
fn the_review_comes_before_the_sending_and_leads_back_to_the_text() {
    with_form(valid(), |form| {
        form.set_review(true);
        assert!(form.begin_submit(|| panic!("nothing is sent yet")).is_none());
        assert_eq!(form.submission.get_untracked(), Submission::Reviewing(None));
        form.stop_reviewing();
        assert_eq!(form.submission.get_untracked(), Submission::Editing);
        form.begin_submit(|| panic!("nothing is sent yet"));
        assert_eq!(submit(form, "k").key, "k");
    });
}

/// The doubt about an earlier text must not be forgotten by looking at the new one.
#[test]
fn the_review_does_not_forget_an_earlier_doubt() {
    with_form(valid(), |form| {
        form.set_review(true);
        form.begin_submit(|| panic!("nothing is sent yet"));
        let outgoing = submit(form, "k");
        form.settle(&outgoing.key, unknown()).unwrap();
        form.reconsider();
        form.typed(Field::Subject, "another".to_owned());
        form.begin_submit(|| panic!("nothing is sent yet"));
        form.stop_reviewing();
        assert!(matches!(form.submission.get_untracked(), Submission::Reconsidering(_)));
    });
}

#[test]
fn a_draft_comes_back_with_its_decisions_and_its_key() {
    let saved = std::cell::RefCell::new(None);
    with_form(CaseDraft::default(), |form| {
        form.prefill(CaseDraft {
            user_id: "1234".to_owned(),
            ..CaseDraft::default()
        });
        assert!(form.snapshot().is_none(), "what the host has prefilled is no draft");
        form.typed(Field::Subject, "Refund for Anna Schmidt".to_owned());
        form.typed(Field::Description, "d".to_owned());
        let find = form.guard.finds.get_untracked()[0].range.clone();
        form.keep_in_subject(&find);
        form.ensure_key(|| Some("k".to_owned()));
        saved.replace(form.snapshot());
    });
    let json = serde_json::to_string(&saved.take().unwrap()).unwrap();
    with_form(CaseDraft::default(), |form| {
        form.restore(&serde_json::from_str(&json).unwrap());
        assert_eq!(submit(form, "new").key, "k");
        assert_eq!(form.draft().subject, "Refund for Anna Schmidt");
    });
}

/// A page that is closed while the case is on its way does not know what became of it.
#[test]
fn a_draft_that_was_on_its_way_comes_back_as_an_open_question_with_the_same_key() {
    let saved = std::cell::RefCell::new(None);
    with_form(valid(), |form| {
        submit(form, "k");
        saved.replace(form.snapshot());
    });
    let saved = saved.take().unwrap();
    with_form(CaseDraft::default(), |form| {
        form.restore(&saved);
        assert_eq!(form.open_key().as_deref(), Some("k"));
        assert!(form.begin_submit(|| "second".to_owned()).is_none());
        // A late "not sent" cannot take back the doubt, a record of the proxy's can.
        assert!(matches!(form.settle("k", not_sent()), Ok(Submission::OutcomeUnknown(_))));
        assert!(matches!(form.settle_by_record("k", not_sent()), Some(Submission::NotSent(_))));
        assert_eq!(submit(form, "second").key, "k");
    });
}

#[test]
fn a_created_case_leaves_no_draft_and_its_status_is_followed() {
    with_form(CaseDraft::default(), |form| {
        form.restore(&crate::drafts::SavedDraft {
            texts: valid(),
            ..Default::default()
        });
        let outgoing = submit(form, "k");
        form.settle(&outgoing.key, created()).unwrap();
        assert!(form.snapshot().is_none());
        let now = |id: i64, status: &str| serde_json::from_str(&format!(r#"{{"id":{id},"status":"{status}"}}"#)).unwrap();
        assert!(!form.follow(&now(2, "OPEN")), "another case");
        assert!(form.follow(&now(1, "FAILED")));
        form.edit_failed();
        assert_eq!(form.draft().description, "d");
        assert_eq!(submit(form, "second").key, "second");
    });
}

#[test]
fn two_texts_of_one_customer_become_one_and_neither_is_lost() {
    with_form(valid(), |form| {
        form.append(&CaseDraft {
            subject: "typed here".to_owned(),
            description: "d".to_owned(),
            ..CaseDraft::default()
        });
        // What the host prefilled gives way to what a person typed.
        assert_eq!(
            (form.draft().subject.as_str(), form.draft().description.as_str()),
            ("typed here", "d")
        );
    });
}

/// The portal may move on while the receipt is shown; what it says was sent must stay what was sent.
#[test]
fn a_prefill_does_not_change_a_receipt() {
    with_form(valid(), |form| {
        let outgoing = submit(form, "k");
        form.settle(&outgoing.key, created()).unwrap();
        form.prefill(CaseDraft {
            user_id: "5678".to_owned(),
            ..valid()
        });
        assert_eq!(form.draft().user_id, "1234");
        form.reset();
        assert_eq!(form.draft().user_id, "5678");
    });
}

#[test]
fn a_submission_that_the_host_holds_back_can_be_sent_again_with_the_same_key() {
    with_form(valid(), |form| {
        submit(form, "first");
        form.hold_back("other");
        assert_eq!(form.submission.get_untracked(), Submission::Sending);
        form.hold_back("first");
        assert_eq!(form.submission.get_untracked(), Submission::Editing);
        assert_eq!(submit(form, "second").key, "first");
    });
}

#[test]
fn holding_back_a_second_try_does_not_forget_the_doubt_about_the_first() {
    with_form(valid(), |form| {
        submit(form, "k");
        form.settle("k", unknown()).unwrap();
        form.reconsider();
        submit(form, "k");
        form.hold_back("k");
        assert!(matches!(form.submission.get_untracked(), Submission::Reconsidering(_)));
        submit(form, "k");
        assert_eq!(form.settle("k", not_sent()).unwrap(), unknown());
    });
}

#[test]
fn a_field_with_an_error_is_neither_fixed_nor_hidden() {
    with_form(CaseDraft::default(), |form| {
        form.layout.set(Layout {
            readonly: vec![Field::UserId],
            hidden: vec![Field::UserId, Field::ExternalId],
        });
        assert!(form.is_readonly(Field::UserId) && form.is_hidden(Field::UserId));
        let errors = form.validate();
        assert_eq!(errors.get(Field::UserId), Some(&FieldError::Required));
        assert!(!form.is_readonly(Field::UserId) && !form.is_hidden(Field::UserId));
        assert!(form.is_hidden(Field::ExternalId));
    });
}
