//! The description: a text field that tells the truth about its length.

use std::time::Duration;

use leptos::html;
use leptos::leptos_dom::helpers::IntervalHandle;
use leptos::prelude::*;
use partner_case_core::limits::DESCRIPTION_MAX_UTF16;
use partner_case_core::{Field, cut_position};

use super::description_stop::DescriptionStopPanel;
use super::field::{FieldGroup, Ids};
use super::too_long::TooLongPanel;
use crate::form::CaseForm;
use crate::messages::Message;

/// How often the length is looked at for being announced.
const POLL: Duration = Duration::from_secs(1);

/// How long a person must have paused before the length is announced: half a second, as GOV.UK's character count has it.
const PAUSE_MILLIS: f64 = 500.0;

/// The id of the text that tells the limit to a screen reader when the field gets the focus.
const LIMIT_ID: &str = "description-limit";

/// The description's field, its counter and what is offered when it is too long.
#[component]
pub(crate) fn DescriptionField(form: CaseForm, locked: Memo<bool>) -> impl IntoView {
    let field = Field::Description;
    let ids = Ids(field);
    let invalid = move || form.has_error(field);
    let element: NodeRef<html::Textarea> = NodeRef::new();
    let announced = RwSignal::new(None::<String>);
    let poll = poll(form, element, announced);
    let described_by = move || format!("{} {LIMIT_ID}", ids.described_by(invalid()));
    let over = Memo::new(move |_| form.description_length.get().excess() > 0);
    view! { class="pc",
        <div class="subject">
            <FieldGroup form=form field=field>
                // No maxlength: it would cut a pasted text without a word.
                <textarea
                    node_ref=element
                    class=move || if over.get() { "pc control over" } else { "pc control" }
                    part="control"
                    id=ids.control()
                    // No dir="auto": in a text field Chromium looks at all lines for each line, 17 s for 68,000 of them. The style
                    // `unicode-bidi: plaintext` lets each paragraph have its own direction at no cost.
                    rows="8"
                    aria-describedby=described_by
                    aria-invalid=move || invalid().then_some("true")
                    readonly=move || locked.get() || form.is_readonly(field)
                    prop:value=move || form.value(field).get()
                    on:input:target=move |event| poll.typed(event.target().value())
                    on:focus=move |_| poll.start()
                    on:blur=move |_| {
                        poll.stop();
                        form.check_description();
                    }
                ></textarea>
            </FieldGroup>
            // Three elements, as in GOV.UK's character count: the limit, read with the field; the count that is seen; the count that is heard.
            <div class="visually-hidden" id=LIMIT_ID>{limit_text(form)}</div>
            <div class=move || if over.get() { "pc counter error" } else { "pc counter hint" } part="counter" aria-hidden="true">
                {move || count_text(form)}
            </div>
            <div class="visually-hidden" role="status">{move || announced.get()}</div>
            <TooLongPanel form=form locked=locked element=element />
            <DescriptionStopPanel form=form locked=locked />
        </div>
    }
}

fn limit_text(form: CaseForm) -> String {
    form.texts
        .with(Message::LengthLimit, &[("max", &form.texts.number(DESCRIPTION_MAX_UTF16))])
}

/// The count in words, once it is worth showing.
fn count_text(form: CaseForm) -> Option<String> {
    let length = form.description_length.get();
    let text = if length.excess() > 0 {
        form.texts.count(Message::LengthOver, length.excess(), &[])
    } else if length.is_near_limit() {
        form.texts.count(Message::LengthLeft, length.left(), &[])
    } else {
        return None;
    };
    Some(text)
}

/// Looks after a text field that has the focus: announces its count after a pause, and notices text that came without an event, as
/// dictation software puts it in.
#[derive(Clone, Copy)]
struct Poll {
    form: CaseForm,
    element: NodeRef<html::Textarea>,
    announced: RwSignal<Option<String>>,
    last_input_millis: StoredValue<f64>,
    handle: StoredValue<Option<IntervalHandle>>,
}

fn poll(form: CaseForm, element: NodeRef<html::Textarea>, announced: RwSignal<Option<String>>) -> Poll {
    let poll = Poll {
        form,
        element,
        announced,
        last_input_millis: StoredValue::new(0.0),
        handle: StoredValue::new(None),
    };
    on_cleanup(move || poll.stop());
    poll
}

impl Poll {
    fn typed(self, text: String) {
        self.last_input_millis.set_value(web_sys::js_sys::Date::now());
        self.form.typed(Field::Description, text);
    }

    fn start(self) {
        self.stop();
        self.handle
            .set_value(set_interval_with_handle(move || self.look(), POLL).ok());
    }

    fn stop(self) {
        if let Some(Some(handle)) = self.handle.try_update_value(Option::take) {
            handle.clear();
        }
    }

    fn look(self) {
        let Some(element) = self.element.try_get_untracked().flatten() else {
            return;
        };
        let value = element.value();
        if self.form.value(Field::Description).with_untracked(|text| *text != value) {
            self.typed(value);
            return;
        }
        if web_sys::js_sys::Date::now() - self.last_input_millis.get_value() >= PAUSE_MILLIS {
            let text = untrack(|| count_text(self.form));
            if self.announced.with_untracked(|before| *before != text) {
                self.announced.set(text);
            }
        }
    }
}

/// Puts the caret where Wise would cut, and shows the place.
pub(crate) fn go_to_cut(form: CaseForm, element: NodeRef<html::Textarea>) {
    let Some(element) = element.get_untracked() else { return };
    let cut = form.value(Field::Description).with_untracked(|text| cut_position(text));
    let end = u32::try_from(element.value().encode_utf16().count()).unwrap_or(u32::MAX);
    if let Some(start) = cut.and_then(|(_, units)| u32::try_from(units).ok()) {
        // Browsers scroll to the selection when the field gets the focus.
        let _ = element.blur();
        let _ = element.set_selection_range(start, end);
        let _ = element.focus();
    }
}
