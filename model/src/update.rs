//! What an event does to a form.

mod aside;
mod customer;
mod lock;
mod outcome;
mod parked;
mod polls;
mod save;
mod secret_check;
mod sending;
mod sign_out;
mod step;
mod subject_check;
mod suggestion;
mod text;
mod undo;

use partner_case_core::{Field, cut_position};

use self::step::Step;
use crate::announcement::PortalEvent;
use crate::command::{Command, Timer};
use crate::draft::{LockMode, PageTime};
use crate::env::Env;
use crate::event::Event;
use crate::focus::FocusTarget;
use crate::model::Model;
use crate::options::FormOptions;

/// Lets something happen to a form, and returns what the browser has to do.
pub fn update(model: &mut Model, event: Event, env: &dyn Env) -> Vec<Command> {
    let before = model.revision;
    let was_interactive = model.is_interactive;
    if event.is_change_by_agent() {
        model.draft.changed_at = Some(PageTime::now(env));
    }
    let mut step = Step::new(model, env);
    step.handle(event);
    step.follow_submission();
    step.save_soon();
    step.warn_before_loss();
    if step.model.revision != before && was_interactive {
        let filled = Field::ALL.into_iter().filter(|field| !step.model.input[*field].is_empty());
        let filled = filled.collect();
        step.notify(PortalEvent::Changed(filled));
    }
    step.commands
}

impl Step<'_> {
    fn handle(&mut self, event: Event) {
        let before = event.can_be_undone().then(|| self.before_change());
        self.handle_one(event);
        if let Some(before) = before {
            self.remember_change(before);
        }
    }

    fn handle_one(&mut self, event: Event) {
        match event {
            Event::Started => self.start(),
            Event::OptionsChanged(options) => self.set_options(*options),
            Event::Unmounted => self.unmount(),

            Event::Typed { field, text } => self.typed_into(vec![(field, text)]),
            Event::ControlsRead(texts) => self.typed_into(texts),
            Event::ReasonChosen(reason) => self.choose_reason(reason),
            Event::IdsPasted(ids) => self.paste_ids(ids),
            Event::DescriptionEntered => self.description_entered(),
            Event::DescriptionLeft => self.description_left(),
            Event::FindingMoved(finding) => self.move_finding(&finding),
            Event::FindingDismissed(finding) => self.dismiss_finding(&finding),
            Event::SecretMasked(finding) => self.mask_secret(&finding),
            Event::SecretDismissed(finding) => self.dismiss_secret(&finding),
            Event::DescriptionShortened(shortening) => self.shorten_description(shortening),
            Event::UndoRequested => self.undo(),

            Event::ValidateRequested => self.validate(),
            Event::SubmitRequested => self.submit(),
            Event::ReviewLeft => self.leave_review(),
            Event::EditRequested => self.edit(),
            Event::SendAgainConfirmed => self.send_again(),
            Event::OutcomeCheckRequested => self.check_outcome(),
            Event::AnotherCaseRequested => {
                self.reset();
                self.take_beside();
                // A draft that had to wait for the receipt.
                if !self.model.draft.is_writer {
                    self.request_lock(LockMode::Wait);
                }
                self.focus(FocusTarget::Field(Field::CaseType));
            }
            Event::CopyRequested(target, text) => self.run(Command::Copy(target, text)),
            Event::PrintRequested(text) => self.run(Command::Print(text)),
            Event::DownloadRequested(name, text) => self.run(Command::Download(name, text)),
            Event::ErrorFollowed(field) => self.run(Command::ShowField(field)),
            Event::CutRequested => {
                if let Some((_, utf16)) = cut_position(&self.model.input[Field::Description]) {
                    self.run(Command::SelectDescriptionFrom(utf16));
                }
            }
            Event::Copied(target, worked) => self.model.copied = Some((target, worked)),

            Event::ResetRequested => self.clear_draft(),
            Event::SignedOut { elsewhere } => self.sign_out(elsewhere),
            Event::DraftDeleted => self.delete_draft(),
            Event::DraftRestoreRequested => self.restore_deleted(),
            Event::LockStealRequested => self.steal_lock(),
            Event::PageLeft => self.save(),
            Event::LockGranted { request, grant } => self.lock_granted(request, grant),
            Event::LockLost { request } => self.lock_lost(request),
            Event::LockRefused { request } => self.lock_refused(request),
            Event::StoreRefused { place, name, snapshot } => self.store_refused(place, name, snapshot),

            Event::TimerFired(timer) => self.timer_fired(timer),
            Event::SendPrepared(ticket, prepared) => self.send_prepared(ticket, prepared),
            Event::Posted(ticket, outcome) => self.posted(&ticket, outcome),
            Event::OutcomeFetched { key, outcome } => self.outcome_fetched(&key, outcome),
            Event::CaseFetched { id, outcome } => self.case_fetched(id, outcome),
        }
    }

    /// The lazy part is there. What the agent has done until then counts.
    fn start(&mut self) {
        self.suggest_subject();
        self.look_again();
        let options = self.model.options.clone();
        self.show_customer(&options);
        self.model.options = options;
        self.check_subject();
        self.model.is_interactive = true;
        self.notify(PortalEvent::Ready);
    }

    /// Takes over what the portal has set. A portal that sets the same again has changed nothing.
    fn set_options(&mut self, options: FormOptions) {
        if self.model.options == options {
            return;
        }
        self.show_customer(&options);
        self.model.options = options;
        self.check_subject();
    }

    fn unmount(&mut self) {
        self.park();
        self.model.is_unmounted = true;
    }

    fn timer_fired(&mut self, timer: Timer) {
        if self.model.is_unmounted {
            return;
        }
        match timer {
            Timer::Save => self.pause_is_over(),
            Timer::Expiry => self.save(),
            Timer::LockPatience => self.lock_patience_is_over(),
            Timer::Description => self.look_at_description(),
            Timer::RetryCountdown => self.second_passed(),
            Timer::Poll(poll) => self.ask(poll),
        }
    }
}
