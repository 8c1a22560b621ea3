//! What the case form is and what happens to it.
//!
//! [`Model`] is all that one form is. [`Event`] is everything that can happen to it: the agent types, the portal shows another customer, an
//! answer arrives, a timer fires. [`update`] changes the model and returns the [`Command`]s that the browser has to carry out. The answer to
//! a command comes back as an event that names what it answers, so a late one is recognised and dropped.
//!
//! Nothing here knows a browser, a clock or a random number: [`Env`] hands them in. So every order of events can be tried natively.

mod announcement;
mod command;
mod draft;
mod env;
mod event;
mod focus;
mod interpret;
mod model;
mod options;
mod paste;
mod reason;
mod submission;
mod update;

pub use self::announcement::{Announcement, CopyTarget, PortalEvent};
pub use self::command::{Command, Control, Poll, Timer};
pub use self::draft::{
    Draft, DraftAddress, DraftEvent, DraftPlace, DraftSettings, DraftStatus, LockGrant, LockMode, LockScope, ParkedOf, SignOut,
    Snapshot, StoredSubmission,
};
pub use self::env::{Env, Words};
pub use self::event::{Event, Prepared, Shortening};
pub use self::focus::FocusTarget;
pub use self::interpret::{Answer, FetchOutcome};
pub use self::model::{Description, FINDINGS_SHOWN_MAX, Face, Model, Polls, SecretCheck, SubjectCheck, SubjectSuggestion, Undo};
pub use self::options::{FieldLayout, FormOptions, RawOptions};
pub use self::paste::pasted_ids_for;
pub use self::reason::Reason;
pub use self::submission::{NotSent, PollStatus, Rejection, SendTicket, Submission, SupportIds};
pub use self::update::update;
