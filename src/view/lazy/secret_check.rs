//! What is said below the description about what must not be sent, and the ways out.

use leptos::prelude::*;
use partner_case_core::{SecretFinding, SecretKind};
use partner_case_model::Event;

use super::buttons::button;
use crate::messages::FormState;
use crate::view::context::FormContext;

/// A finding as the panel shows it.
type Shown = (SecretFinding, String);

/// A card number as it stands; of a token or password only its beginning, as somebody may look over the shoulder.
fn excerpt(finding: &SecretFinding, value: &str) -> String {
    match finding.kind {
        SecretKind::Card => value.to_owned(),
        SecretKind::Token | SecretKind::Password => format!("{}…", value.chars().take(2).collect::<String>()),
    }
}

fn shown(state: &FormState) -> Vec<Shown> {
    let findings = state.model.secret_check.findings.iter();
    findings
        .map(|finding| {
            let value = excerpt(finding, state.model.secret_value(finding));
            let values = [("value", value.as_str()), ("kind", state.catalogue.secret(finding.kind))];
            (finding.clone(), state.catalogue.with("stop.find", &values))
        })
        .collect()
}

fn announced(state: &FormState) -> Option<String> {
    let findings = state.model.secret_check.findings.iter();
    let kinds = state
        .catalogue
        .list(findings.map(|finding| state.catalogue.secret(finding.kind)));
    (!kinds.is_empty()).then(|| state.catalogue.with("stop.announce", &[("kind", &kinds)]))
}

/// Names what was found and offers to mask it.
pub(super) fn panel(ctx: FormContext) -> AnyView {
    let any = ctx.when(
        |model| !model.secret_check.findings.is_empty() && !model.is_locked(),
        move || findings(ctx),
    );
    view! { class="pc",
        <div role="status" class="visually-hidden">{move || ctx.with(announced)}</div>
        {any}
    }
    .into_any()
}

fn findings(ctx: FormContext) -> AnyView {
    let findings = Memo::new(move |_| ctx.with(shown));
    view! { class="pc",
        <div class="guard" part="description-stop" role="group" aria-labelledby="stop-title">
            <p class="guard-title" id="stop-title">{move || ctx.text("stop.title")}</p>
            <p class="hint">{move || ctx.text("stop.why")}</p>
            <ul class="guard-finds">{move || findings.get().into_iter().map(|shown| finding(ctx, shown)).collect_view()}</ul>
        </div>
    }
    .into_any()
}

fn finding(ctx: FormContext, (finding, text): Shown) -> AnyView {
    let (masked, dismissed) = (finding.clone(), finding);
    view! { class="pc",
        <li class="guard-find">
            <span class="guard-value">{text}</span>
            <span class="guard-actions">
                {button(ctx, "button small", "stop.mask", move || Event::SecretMasked(masked.clone()))}
                {button(ctx, "button small", "stop.keep", move || Event::SecretDismissed(dismissed.clone()))}
            </span>
        </li>
    }
    .into_any()
}
