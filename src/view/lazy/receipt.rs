//! What is said when Wise has the case.

use leptos::prelude::*;
use partner_case_core::{Case, CasePhase};
use partner_case_model::{CopyTarget, Event, FocusTarget};

use super::buttons::{button, copy_button};
use crate::messages::{FormState, ReceiptParts};
use crate::view::context::FormContext;

fn case(state: &FormState) -> Option<&Case> {
    state.model.submission.case()
}

fn text(state: &FormState, parts: ReceiptParts) -> String {
    case(state).map_or_else(String::new, |case| state.receipt(case, parts))
}

fn copied(state: &FormState) -> String {
    text(state, ReceiptParts::Case)
}

fn whole(ctx: FormContext) -> String {
    ctx.with_untracked(|state| text(state, ReceiptParts::All))
}

fn file_name(ctx: FormContext) -> String {
    ctx.with_untracked(|state| case(state).map_or_else(String::new, |case| format!("case-{}.txt", case.id)))
}

/// The receipt of a created case. The form follows its status; the rest stays.
pub(super) fn receipt(ctx: FormContext) -> AnyView {
    let failed = Memo::new(move |_| ctx.with(|state| state.model.submission.phase() == Some(CasePhase::Failed)));
    let key = move |failed_key: &'static str, key: &'static str| move || ctx.text(if failed.get() { failed_key } else { key });
    let number = move || ctx.with(|state| case(state).map(|case| case.id.to_string()));
    let status = move || ctx.with(|state| case(state).map(|case| state.catalogue.status(&case.status).to_owned()));
    let rows = Memo::new(move |_| ctx.with(|state| case(state).map_or_else(Vec::new, |case| state.receipt_rows(case))));
    let row = |(name, value)| view! { class="pc", <div class="row"><dt>{name}</dt><dd><bdi>{value}</bdi></dd></div> };
    let next_title =
        move || (!failed.get()).then(|| view! { class="pc", <h3 class="next-title">{ctx.text("created.next_title")}</h3> });
    let edit = move || {
        failed
            .get()
            .then(|| button(ctx, "button", "unknown.edit", || Event::EditRequested))
    };
    view! { class="pc",
        <div class=move || if failed.get() { "pc notice bad" } else { "pc notice good" } part="receipt">
            <h2 class="notice-title" id=FocusTarget::Heading.element_id() tabindex="-1">{key("created.failed_title", "created.title")}</h2>
            <dl class="receipt">
                <div class="row number">
                    <dt>{move || ctx.text("created.number")}</dt>
                    <dd><bdi dir="ltr">{number}</bdi></dd>
                </div>
                <div class="row">
                    <dt>{move || ctx.text("created.status")}</dt>
                    // Announced when it changes.
                    <dd><span role="status">{status}</span></dd>
                </div>
                {move || rows.get().into_iter().map(row).collect_view()}
            </dl>
            <div class="next">
                {next_title}
                <p class="text">{key("created.failed_text", "created.next")}</p>
            </div>
            <div class="actions">
                {copy_button(ctx, CopyTarget::Receipt, "created.copy", copied)}
                {button(ctx, "button small", "created.print", move || Event::PrintRequested(whole(ctx)))}
                {button(ctx, "button small", "created.download", move || Event::DownloadRequested(file_name(ctx), whole(ctx)))}
            </div>
            <div class="actions">
                {edit}
                {button(ctx, "button", "created.another", || Event::AnotherCaseRequested)}
            </div>
        </div>
    }
    .into_any()
}
