//! What becomes of what the agent typed: through a change of customer, a reload, a second tab.
//!
//! There is one draft for each customer, which is the user and the transfer that the portal has prefilled. It is stored while there is
//! something to store, and deleted when the case is created, when the agent deletes it, or when its time is over.

mod lock;
mod place;
mod sign_out;
mod snapshot;
mod state;

pub use self::lock::{LockGrant, LockMode, LockScope};
pub use self::place::{DraftAddress, DraftPlace, DraftSettings};
pub(crate) use self::place::{PREFIX, beside_name, prefix_of};
pub use self::sign_out::SignOut;
pub(crate) use self::sign_out::mark_name;
pub(crate) use self::snapshot::Stage;
pub use self::snapshot::{Snapshot, StoredSubmission};
pub use self::state::{Draft, DraftEvent, DraftStatus, ParkedOf};
pub(crate) use self::state::{PageTime, SaveTimer};
