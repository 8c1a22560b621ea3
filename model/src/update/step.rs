//! One step of a form: the model that changes, the world around it, and what the browser has to do.

use partner_case_core::Field;

use crate::announcement::{Announcement, PortalEvent};
use crate::command::{Command, Control};
use crate::draft::{DraftPlace, Snapshot};
use crate::env::Env;
use crate::focus::FocusTarget;
use crate::model::Model;
use crate::submission::Submission;

/// One step. The other files of this crate add what can happen in it, each about its own part of the model.
pub(crate) struct Step<'a> {
    pub(crate) model: &'a mut Model,
    pub(crate) env: &'a dyn Env,
    pub(crate) commands: Vec<Command>,
}

impl<'a> Step<'a> {
    pub(crate) fn new(model: &'a mut Model, env: &'a dyn Env) -> Self {
        Self {
            model,
            env,
            commands: Vec::new(),
        }
    }

    pub(crate) fn run(&mut self, command: Command) {
        self.commands.push(command);
    }

    /// The draft that is stored under a name, if there is one that this version can read. What this step has stored or deleted counts: the
    /// browser carries it out afterwards.
    pub(crate) fn stored(&self, place: DraftPlace, name: &str) -> Option<Snapshot> {
        match self.done_to(place, name) {
            Some(done) => done.cloned(),
            None => Snapshot::read(&self.env.stored(place, name)?),
        }
    }

    /// Whether anything is stored under a name.
    pub(crate) fn is_stored(&self, place: DraftPlace, name: &str) -> bool {
        let done = self.done_to(place, name).map(|done| done.is_some());
        done.unwrap_or_else(|| self.env.stored(place, name).is_some())
    }

    /// The names under which a draft is stored that start with `prefix`, in order.
    pub(crate) fn stored_names(&self, of: DraftPlace, prefix: &str) -> Vec<String> {
        let mut names = self.env.stored_names(of, prefix);
        names.extend(self.commands.iter().filter_map(|command| match command {
            Command::Store { place, name, .. } if *place == of && name.starts_with(prefix) => Some(name.clone()),
            _ => None,
        }));
        names.sort_unstable();
        names.dedup();
        names.retain(|name| self.is_stored(of, name));
        names
    }

    /// What this step has done to a name: stored a draft, or deleted what was there.
    fn done_to(&self, of: DraftPlace, under: &str) -> Option<Option<&Snapshot>> {
        self.commands.iter().rev().find_map(|command| match command {
            Command::Store { place, name, snapshot } if *place == of && name == under => Some(Some(&**snapshot)),
            Command::Delete { place, name } if *place == of && name == under => Some(None),
            _ => None,
        })
    }

    pub(crate) fn focus(&mut self, target: FocusTarget) {
        self.run(Command::Focus(target));
    }

    pub(crate) fn notify(&mut self, event: PortalEvent) {
        self.run(Command::Notify(event));
    }

    pub(crate) fn announce(&mut self, announcement: Announcement) {
        self.model.announcement = Some(announcement);
    }

    /// Replaces a field's text otherwise than by typing.
    pub(crate) fn set_text(&mut self, field: Field, text: &str) {
        if self.model.input[field] != *text {
            self.model.input.set(field, text);
        }
        self.run(Command::WriteControl(Control::Field(field)));
    }

    /// Notes that what is stored of the draft has changed.
    pub(crate) fn edited(&mut self) {
        self.model.revision = self.model.revision.wrapping_add(1);
        self.model.is_unsaved = true;
    }

    pub(crate) fn set_submission(&mut self, submission: Submission) {
        self.model.submission = submission;
        self.model.is_unsaved = true;
    }
}
