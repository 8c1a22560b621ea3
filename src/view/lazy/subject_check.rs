//! What is said below the subject about personal data in it, and the ways out.

use leptos::prelude::*;
use partner_case_core::{Certainty, Field, PersonalDataFinding};
use partner_case_model::{Event, FINDINGS_SHOWN_MAX};

use super::buttons::button;
use super::undo;
use crate::messages::FormState;
use crate::view::context::FormContext;

/// A finding as the panel shows it.
type Shown = (PersonalDataFinding, String);

fn shown(state: &FormState) -> Vec<Shown> {
    let subject = &state.model.input[Field::Subject];
    let findings = state.model.subject_check.findings.iter();
    findings
        .take(FINDINGS_SHOWN_MAX)
        .map(|finding| {
            let key = match finding.certainty {
                Certainty::Certain => "guard.certain",
                Certainty::Probable => "guard.probable",
            };
            let value = subject.get(finding.range.clone()).unwrap_or_default();
            let values = [("value", value), ("kind", state.catalogue.kind(finding.kind))];
            (finding.clone(), state.catalogue.with(key, &values))
        })
        .collect()
}

fn announced(state: &FormState) -> Option<String> {
    let findings = state.model.subject_check.findings.iter();
    let kinds = state
        .catalogue
        .list(findings.map(|finding| state.catalogue.kind(finding.kind)));
    (!kinds.is_empty()).then(|| state.catalogue.with("guard.announce", &[("kind", &kinds)]))
}

/// Shows the subject with the words marked, says why, and offers what can be done.
pub(super) fn panel(ctx: FormContext) -> AnyView {
    let any = move || {
        ctx.when(
            |model| !model.subject_check.findings.is_empty() && !model.is_locked(),
            move || findings(ctx),
        )
    };
    view! { class="pc",
        // There before it is needed, and said once for each change.
        <div role="status" class="visually-hidden">{move || ctx.with(announced)}</div>
        {any()}
        {undo::offer(ctx, |field| field == Field::Subject)}
    }
    .into_any()
}

fn findings(ctx: FormContext) -> AnyView {
    let pieces = Memo::new(move |_| {
        ctx.with(|state| {
            let pieces = state.model.subject_pieces().into_iter();
            pieces
                .map(|(text, kind)| (text.to_owned(), kind.is_some()))
                .collect::<Vec<_>>()
        })
    });
    let piece = |(text, is_found): (String, bool)| match is_found {
        true => view! { class="pc", <mark class="mark">{text}</mark> }.into_any(),
        false => text.into_any(),
    };
    let findings = Memo::new(move |_| ctx.with(shown));
    let more = ctx.worked_out(
        |model| model.subject_check.findings.len().saturating_sub(FINDINGS_SHOWN_MAX),
        |more, catalogue| (*more > 0).then(|| catalogue.with("guard.more", &[("n", &catalogue.number(*more))])),
    );
    let more = move || more().map(|text| view! { class="pc", <p class="hint">{text}</p> });
    view! { class="pc",
        <div class="guard" part="subject-guard" role="group" aria-labelledby="guard-title">
            <p class="guard-title" id="guard-title">{move || ctx.text("guard.title")}</p>
            <p class="guard-subject" dir="auto">{move || pieces.get().into_iter().map(piece).collect_view()}</p>
            <p class="hint">{move || ctx.text("guard.why")}</p>
            <ul class="guard-finds">{move || findings.get().into_iter().map(|shown| finding(ctx, shown)).collect_view()}</ul>
            {more}
        </div>
    }
    .into_any()
}

fn finding(ctx: FormContext, (finding, text): Shown) -> AnyView {
    let (moved, dismissed) = (finding.clone(), finding.clone());
    let keep = (finding.certainty == Certainty::Probable).then(|| {
        button(ctx, "button small", "guard.keep", move || {
            Event::FindingDismissed(dismissed.clone())
        })
    });
    view! { class="pc",
        <li class="guard-find">
            <span class="guard-value">{text}</span>
            <span class="guard-actions">
                {button(ctx, "button small", "guard.move", move || Event::FindingMoved(moved.clone()))}
                {keep}
            </span>
        </li>
    }
    .into_any()
}
