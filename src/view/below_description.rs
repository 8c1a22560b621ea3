//! What is said below the description: the truth about its length, and what must not be sent.

use std::time::Duration;

use leptos::leptos_dom::helpers::IntervalHandle;
use leptos::prelude::*;
use partner_case_core::limits::DESCRIPTION_MAX_UTF16;
use partner_case_core::{Field, cut_position};

use super::description;
use super::description_stop::DescriptionStopPanel;
use super::painted::Place;
use super::too_long::TooLongPanel;
use crate::form::CaseForm;
use crate::messages::Message;
use crate::watched::Derived;

/// How often the length is looked at for being announced.
const POLL: Duration = Duration::from_secs(1);

/// How long a person must have paused before the length is announced: half a second, as GOV.UK's character count has it.
const PAUSE_MILLIS: f64 = 500.0;

/// The id of the text that tells the limit to a screen reader when the field gets the focus.
pub(super) const LIMIT_ID: &str = "description-limit";

/// The description's counter and what is offered when it is too long, or holds what must not be sent.
#[component]
pub(crate) fn BelowDescription(form: CaseForm, locked: Derived<bool>, place: Place) -> impl IntoView {
    let announced = RwSignal::new(None::<String>);
    poll(form, place, announced);
    let over = Memo::new(move |_| form.description_length.get().excess() > 0);
    view! { class="pc",
        // Three elements, as in GOV.UK's character count: the limit, read with the field; the count that is seen; the count that is heard.
        <div class="visually-hidden" id=LIMIT_ID>{limit_text(form)}</div>
        <div class=move || if over.get() { "pc counter error" } else { "pc counter hint" } part="counter" aria-hidden="true">
            {move || count_text(form)}
        </div>
        <div class="visually-hidden" role="status">{move || announced.get()}</div>
        <TooLongPanel form=form locked=locked place=place />
        <DescriptionStopPanel form=form locked=locked />
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
    place: Place,
    announced: RwSignal<Option<String>>,
    last_input_millis: StoredValue<f64>,
    handle: StoredValue<Option<IntervalHandle>>,
}

fn poll(form: CaseForm, place: Place, announced: RwSignal<Option<String>>) {
    let poll = Poll {
        form,
        place,
        announced,
        last_input_millis: StoredValue::new(0.0),
        handle: StoredValue::new(None),
    };
    Effect::new(move |before| {
        let inside = form.in_description.get();
        if inside {
            poll.start();
        } else if before == Some(true) {
            poll.stop();
            form.check_description();
        }
        inside
    });
    Effect::watch(
        move || form.edits.get(),
        move |_, _, _| poll.last_input_millis.set_value(web_sys::js_sys::Date::now()),
        false,
    );
    on_cleanup(move || poll.stop());
}

impl Poll {
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
        let Some(area) = description::area(self.place) else {
            return;
        };
        let value = area.value();
        if self.form.value(Field::Description).with_untracked(|text| *text != value) {
            self.form.typed(Field::Description, value);
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
pub(crate) fn go_to_cut(form: CaseForm, place: Place) {
    let Some(area) = description::area(place) else { return };
    let cut = form.value(Field::Description).with_untracked(|text| cut_position(text));
    let end = u32::try_from(area.value().encode_utf16().count()).unwrap_or(u32::MAX);
    if let Some(start) = cut.and_then(|(_, units)| u32::try_from(units).ok()) {
        // Browsers scroll to the selection when the field gets the focus.
        let _ = area.blur();
        let _ = area.set_selection_range(start, end);
        let _ = area.focus();
    }
}
