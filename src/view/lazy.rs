//! What the first paint does not show, written with `view!`.

mod below_description;
mod buttons;
mod draft;
mod error_summary;
mod notice;
mod receipt;
mod review;
mod secret_check;
mod subject_check;
mod too_long;
mod undo;

use leptos::prelude::*;
use partner_case_core::Field;

use super::context::{FormContext, Slot};

/// Renders what belongs into a slot.
pub(crate) fn render_slot(ctx: FormContext, slot: Slot) -> AnyView {
    match slot {
        Slot::Announcement => announcement(ctx),
        Slot::ErrorSummary => error_summary::error_summary(ctx),
        Slot::Notice => notice::notice(ctx),
        Slot::FieldError(field) => error_summary::field_error(ctx, field),
        Slot::BelowIds => undo::offer(ctx, |field| !matches!(field, Field::Subject | Field::Description)),
        Slot::SubjectCheck => subject_check::panel(ctx),
        Slot::BelowDescription => below_description::below_description(ctx),
        Slot::Draft => draft::line(ctx),
        Slot::Review => review::review(ctx),
        Slot::Receipt => receipt::receipt(ctx),
    }
}

fn announcement(ctx: FormContext) -> AnyView {
    let text = move || {
        ctx.with(|state| {
            let announcement = state.model.announcement.as_ref();
            announcement.map(|announcement| state.catalogue.announcement(announcement))
        })
    };
    text.into_any()
}
