//! What is said below the description: the truth about its length, and what must not be sent.

use leptos::prelude::*;
use partner_case_core::limits::DESCRIPTION_MAX_UTF16;
use partner_case_core::{DescriptionLength, Field};

use super::{secret_check, too_long, undo};
use crate::messages::Catalogue;
use crate::view::context::FormContext;

/// The ID of the text that tells the limit to a screen reader when the field gets the focus.
const LIMIT_ID: &str = "description-limit";

/// The count in words, once it is worth showing.
fn count(length: &DescriptionLength, catalogue: &Catalogue) -> String {
    if length.excess() > 0 {
        catalogue.count("length.over", length.excess(), &[])
    } else if length.is_near_limit() {
        catalogue.count("length.left", length.left(), &[])
    } else {
        String::new()
    }
}

/// The description's counter and what is offered when it is too long, or holds what must not be sent.
pub(super) fn below_description(ctx: FormContext) -> AnyView {
    let limit = ctx.worked_out(
        |_| (),
        |(), catalogue| {
            let max = catalogue.number(DESCRIPTION_MAX_UTF16);
            catalogue.with("length.limit", &[("max", &max)])
        },
    );
    let class = move || {
        let over = ctx.with(|state| state.model.description.length.excess() > 0);
        if over { "pc counter error" } else { "pc counter hint" }
    };
    let seen = ctx.worked_out(|model| model.description.length, count);
    let heard = ctx.worked_out(
        |model| model.description.announced,
        |length, catalogue| length.as_ref().map_or_else(String::new, |length| count(length, catalogue)),
    );
    view! { class="pc",
        // Three elements, as in GOV.UK's character count: the limit, read with the field; the count that is seen; the count that is heard.
        <div class="visually-hidden" id=LIMIT_ID>{limit}</div>
        <div class=class part="counter" aria-hidden="true">{seen}</div>
        <div class="visually-hidden" role="status">{heard}</div>
        {too_long::panel(ctx)}
        {secret_check::panel(ctx)}
        {undo::offer(ctx, |field| field == Field::Description)}
    }
    .into_any()
}
