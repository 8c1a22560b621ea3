//! Loading the lazy part: all that the first paint does not need, in a wasm of its own that comes right after the first.
//!
//! The first wasm reaches it through what [`load`] returns and nothing else, so that the build can cut the two apart. Where the wasm is not
//! cut, as in tests and with `trunk serve`, the lazy part is there from the start. docs/decisions/size.md says what that gains.

use std::rc::Rc;

use crate::runtime::Surroundings;
use crate::view::{FormContext, LazyPart};

/// What makes a painted form work.
pub(super) type Start = fn(FormContext, Surroundings) -> Rc<dyn LazyPart>;

#[cfg(not(all(feature = "split", target_arch = "wasm32")))]
mod place {
    use super::Start;

    /// Waits for the lazy part.
    ///
    /// # Errors
    /// Never: it is in the same wasm.
    pub(in crate::element) async fn load() -> Result<Start, leptos::wasm_split::SplitLoaderError> {
        Ok(crate::element::interactive::start)
    }
}

#[cfg(all(feature = "split", target_arch = "wasm32"))]
mod place {
    use leptos::wasm_split::{SplitLoaderError, wasm_split};

    use super::Start;

    /// Waits for the lazy part; the first call asks for it. A failure is forgotten, so that the next call is another try.
    ///
    /// # Errors
    /// When its file cannot be had, or is not the one that belongs to this wasm.
    pub(in crate::element) async fn load() -> Result<Start, SplitLoaderError> {
        fetched().await
    }

    #[wasm_split(lazy, wasm_split_path = leptos::wasm_split, fallible)]
    fn fetched() -> Result<Start, SplitLoaderError> {
        Ok(crate::element::interactive::start)
    }
}

pub(super) use self::place::load;
