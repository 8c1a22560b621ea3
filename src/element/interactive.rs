//! A form that works: the runtime and the lazy views, behind the one object by which the first part reaches them.

use std::rc::Rc;
use std::sync::Arc;

use leptos::prelude::*;
use partner_case_model::Event;
use wasm_bindgen::JsValue;

use crate::messages::add_lazy_texts;
use crate::runtime::{self, Runtime, Surroundings};
use crate::view::{FormContext, LazyPart, Slot, render_slot};

struct Interactive {
    ctx: FormContext,
    runtime: Rc<Runtime>,
}

impl LazyPart for Interactive {
    fn handle(&self, event: Event) {
        self.runtime.handle(event);
    }

    fn replay(&self, events: Vec<Event>) {
        self.runtime.replay(events);
    }

    fn invalid_fields(&self) -> JsValue {
        self.ctx.with_untracked(|state| runtime::invalid_fields(&state.model.errors))
    }

    fn render_slot(&self, slot: Slot) -> AnyView {
        render_slot(self.ctx, slot)
    }
}

/// Makes a painted form work.
pub(super) fn start(ctx: FormContext, around: Surroundings) -> Rc<dyn LazyPart> {
    if let Some(root) = around.host.shadow_root() {
        // The first sheet was taken, so this one is.
        let _ = runtime::adopt(&root, runtime::LAZY);
    }
    add_lazy_texts();
    ctx.state()
        .update_untracked(|state| Arc::make_mut(&mut state.catalogue).complete());
    let runtime = Runtime::new(ctx.state(), around);
    Rc::new(Interactive { ctx, runtime })
}
