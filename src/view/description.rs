//! The description's text field. What is said below it comes with the rest of the form.

use leptos::html;
use leptos::prelude::*;
use partner_case_core::Field;

use super::below_description::LIMIT_ID;
use super::changing::changing;
use super::field::{FieldGroup, Ids};
use super::{Part, Surroundings};

/// The description's field, its counter and what is offered when it is too long.
#[component]
pub(crate) fn DescriptionField(around: Surroundings) -> impl IntoView {
    let Surroundings { form, locked, .. } = around;
    let field = Field::Description;
    let ids = Ids(field);
    let invalid = move || form.has_error(field);
    let element: NodeRef<html::Textarea> = NodeRef::new();
    let described_by = move || format!("{} {LIMIT_ID}", ids.described_by(invalid()));
    let over = Memo::new(move |_| form.description_length.get().excess() > 0);
    view! { class="pc",
        <div class="subject">
            <FieldGroup form=form field=field>
                // No maxlength: it would cut a pasted text without a word.
                <textarea
                    node_ref=element
                    class=changing(move || if over.get() { "pc control over" } else { "pc control" })
                    part="control"
                    id=ids.control()
                    // No dir="auto": in a text field Chromium looks at all lines for each line, 17 s for 68,000 of them. The style
                    // `unicode-bidi: plaintext` lets each paragraph have its own direction at no cost.
                    rows="8"
                    aria-describedby=changing(described_by)
                    aria-invalid=changing(move || invalid().then_some("true"))
                    readonly=changing(move || locked.get() || form.is_readonly(field))
                    prop:value=changing(move || form.value(field).get())
                    on:input:target=move |event| form.typed(field, event.target().value())
                    on:focus=move |_| form.in_description.set(true)
                    on:blur=move |_| form.in_description.set(false)
                ></textarea>
            </FieldGroup>
            {around.part(Part::BelowDescription(element))}
        </div>
    }
}
