use super::*;
use crate::submission::{NotSent, NotSentReason, Reference, Rejection};
use partner_case_core::FieldError;

fn with_form(prefill: CaseDraft, test: impl FnOnce(CaseForm)) {
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
        form.settle(&outgoing, created());
        assert!(form.begin_submit(|| "k2".to_owned()).is_none());
    });
}

#[test]
fn an_unknown_outcome_is_sent_again_only_when_a_person_asks() {
    with_form(valid(), |form| {
        let outgoing = submit(form, "k");
        form.settle(&outgoing, unknown());
        assert!(form.begin_submit(|| "k2".to_owned()).is_none());
        form.reconsider();
        assert_eq!(submit(form, "k2").key, "k");
    });
}

#[test]
fn the_key_stays_with_the_text_until_its_outcome_is_certain() {
    with_form(valid(), |form| {
        let first = submit(form, "first");
        form.settle(&first, not_sent());
        let second = submit(form, "second");
        assert_eq!(second.key, "first");
        form.settle(
            &second,
            Submission::Rejected(Rejection {
                errors: ValidationErrors::default(),
                reference: Reference::default(),
            }),
        );
        assert_eq!(submit(form, "third").key, "third");
    });
}

/// A proxy that remembers keys would answer another text under the same key with the first text's case.
#[test]
fn another_text_is_another_submission_with_a_key_of_its_own() {
    with_form(valid(), |form| {
        let first = submit(form, "first");
        form.settle(&first, unknown());
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
        form.settle(&first, unknown());
        form.reconsider();
        let second = submit(form, "k2");
        form.settle(&second, not_sent());
        assert!(matches!(form.submission.get_untracked(), Submission::OutcomeUnknown(_)));
    });
}

/// A host that resets the form while a case is on its way must not see the old answer settle the new draft.
#[test]
fn a_late_answer_does_not_settle_a_new_draft() {
    with_form(valid(), |form| {
        let old = submit(form, "old");
        form.reset();
        form.typed(Field::Subject, "new".to_owned());
        form.settle(&old, created());
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
        form.settle(&outgoing, created());
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
