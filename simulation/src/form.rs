//! A form on a page: the real model, and what the runtime in the browser does for it.

use std::collections::VecDeque;

use partner_case_core::{CaseInput, Field};
use partner_case_model::{Command, Control, Event, Face, Model, RawOptions, Submission, Timer, update};

use crate::browser::FormEnv;

/// A form.
#[derive(Debug)]
pub(crate) struct Form {
    pub(crate) tab: usize,
    pub(crate) options: RawOptions,
    /// Whose the drafts were until the portal took that away.
    pub(crate) scope_before: Option<String>,
    pub(crate) model: Model,
    /// What the controls show.
    pub(crate) controls: CaseInput,
    /// When each timer fires, by the steady clock.
    pub(crate) timers: Vec<(Timer, u64)>,
    /// What the browser has not told it yet.
    pub(crate) inbox: VecDeque<Event>,
    /// Whether the browser asks before the page is closed.
    pub(crate) warns: bool,
    /// Whether it is on the page. One that has left it still hears how its calls end.
    pub(crate) is_mounted: bool,
    /// Whether the page is there.
    pub(crate) is_alive: bool,
}

impl Form {
    pub(crate) fn new(tab: usize, options: RawOptions) -> Self {
        let model = Model::new(options.clone().sanitize().0);
        Self {
            tab,
            controls: model.input.clone(),
            options,
            scope_before: None,
            model,
            timers: Vec::new(),
            inbox: VecDeque::new(),
            warns: false,
            is_mounted: true,
            is_alive: true,
        }
    }

    /// Lets an event happen to the model, and returns what the browser has to do.
    pub(crate) fn update(&mut self, event: Event, env: &FormEnv<'_>) -> Vec<Command> {
        let face = self.model.face();
        let commands = update(&mut self.model, event, env);
        // Controls that come back are made anew.
        if face != Face::Form && self.model.face() == Face::Form {
            self.controls = self.model.input.clone();
        }
        commands
    }

    /// What the controls show and the model does not know, as the runtime reads them before it lets an event happen.
    pub(crate) fn changed(&self) -> Option<Event> {
        if !self.is_mounted || self.model.face() != Face::Form || self.model.is_locked() {
            return None;
        }
        let changed = Field::ALL
            .into_iter()
            .filter(|field| self.controls[*field] != self.model.input[*field]);
        let changed: Vec<_> = changed.map(|field| (field, self.controls[field].to_owned())).collect();
        (!changed.is_empty()).then_some(Event::ControlsRead(changed))
    }

    /// Writes the model's text into a control.
    pub(crate) fn write(&mut self, control: Control) {
        if let Control::Field(field) = control
            && self.model.face() == Face::Form
        {
            self.controls.set(field, &self.model.input[field]);
        }
    }

    /// Whether the agent can change a text.
    pub(crate) fn is_open(&self) -> bool {
        self.is_mounted && self.model.face() == Face::Form && !self.model.is_locked()
    }

    /// All that it shows.
    pub(crate) fn shown(&self) -> impl Iterator<Item = &str> {
        let controls = (self.model.face() == Face::Form).then_some(&self.controls);
        let texts = [Some(&self.model.input), controls].into_iter().flatten();
        texts.flat_map(|input| Field::ALL.map(|field| &input[field]))
    }

    /// What the form shows to be sent.
    pub(crate) fn to_be_sent(&self) -> &CaseInput {
        if self.is_open() { &self.controls } else { &self.model.input }
    }
}

/// The name of the state of a submission.
pub(crate) fn state(submission: &Submission) -> &'static str {
    match submission {
        Submission::Editing => "Editing",
        Submission::Reviewing(_) => "Reviewing",
        Submission::Sending => "Sending",
        Submission::Created(_) => "Created",
        Submission::Rejected(_) => "Rejected",
        Submission::NotSent(_) => "NotSent",
        Submission::OutcomeUnknown(_) => "OutcomeUnknown",
        Submission::Reconsidering(_) => "Reconsidering",
    }
}
