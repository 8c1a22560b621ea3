//! The form's signals and what is worked out from them, in one type of Leptos' for all kinds of value.
//!
//! Leptos has its code for signals once for each type of value, some two kilobytes of wasm each, and the form has two dozen types before
//! its first paint. Here one signal holds a value of any type, and these handles know which (docs/decisions/size.md). They are used as
//! Leptos' own are.

use std::any::Any;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use leptos::prelude::*;

/// A value of any type.
type Anything = Box<dyn Any + Send + Sync>;

/// A value that the view follows: a signal that can be read and written. It is a handle, so it is copied freely.
pub(crate) struct Watched<T> {
    signal: RwSignal<Anything>,
    of: PhantomData<fn() -> T>,
}

/// A value that nobody follows. It is a handle, so it is copied freely.
pub(crate) struct Stored<T> {
    value: StoredValue<Anything>,
    of: PhantomData<fn() -> T>,
}

/// A value that is worked out from others, and is news only when it has changed. It is a handle, so it is copied freely.
pub(crate) struct Derived<T> {
    memo: Memo<Made>,
    of: PhantomData<fn() -> T>,
}

macro_rules! handle {
    ($name:ident) => {
        impl<T> Clone for $name<T> {
            fn clone(&self) -> Self {
                *self
            }
        }

        impl<T> Copy for $name<T> {}

        impl<T> fmt::Debug for $name<T> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(stringify!($name))
            }
        }
    };
}

handle!(Watched);
handle!(Stored);
handle!(Derived);

/// What reads a value of type `T`, as something that reads any value.
fn reading<T: 'static, U>(read: impl FnOnce(&T) -> U, with: impl FnOnce(&mut dyn FnMut(&dyn Any))) -> Option<U> {
    let (mut read, mut answer) = (Some(read), None);
    with(&mut |value| {
        if let (Some(value), Some(read)) = (value.downcast_ref(), read.take()) {
            answer = Some(read(value));
        }
    });
    answer
}

/// What changes a value of type `T`, as something that changes any value.
fn writing<T: 'static, U>(write: impl FnOnce(&mut T) -> U, with: impl FnOnce(&mut dyn FnMut(&mut dyn Any))) -> Option<U> {
    let (mut write, mut answer) = (Some(write), None);
    with(&mut |value| {
        if let (Some(value), Some(write)) = (value.downcast_mut(), write.take()) {
            answer = Some(write(value));
        }
    });
    answer
}

/// The answer of a handle that is used while the form is there.
#[expect(
    clippy::panic,
    reason = "a handle that is used after its form has gone is a bug, as it is with Leptos' own"
)]
fn there<U>(answer: Option<U>) -> U {
    match answer {
        Some(answer) => answer,
        None => panic!("a signal was used after its form had gone"),
    }
}

// The only places where Leptos' code for signals is made.

fn read_signal(signal: RwSignal<Anything>, read: &mut dyn FnMut(&dyn Any)) {
    let _ = signal.try_with_untracked(|value| read(&**value));
}

fn write_signal(signal: RwSignal<Anything>, write: &mut dyn FnMut(&mut dyn Any)) {
    let _ = signal.try_update_untracked(|value| write(&mut **value));
}

fn read_stored(stored: StoredValue<Anything>, read: &mut dyn FnMut(&dyn Any)) {
    let _ = stored.try_with_value(|value| read(&**value));
}

fn write_stored(stored: StoredValue<Anything>, write: &mut dyn FnMut(&mut dyn Any)) {
    let _ = stored.try_update_value(|value| write(&mut **value));
}

fn read_memo(memo: Memo<Made>, read: &mut dyn FnMut(&dyn Any)) {
    let _ = memo.try_with(|made| read(made.0.as_any()));
}

impl<T: Send + Sync + 'static> Watched<T> {
    pub(crate) fn new(value: T) -> Self {
        Self {
            signal: RwSignal::new(Box::new(value)),
            of: PhantomData,
        }
    }

    /// Has whoever runs now run again when the value changes.
    pub(crate) fn track(self) {
        self.signal.track();
    }

    /// Reads the value, and follows it.
    pub(crate) fn with<U>(self, read: impl FnOnce(&T) -> U) -> U {
        self.track();
        self.with_untracked(read)
    }

    pub(crate) fn with_untracked<U>(self, read: impl FnOnce(&T) -> U) -> U {
        there(self.try_with_untracked(read))
    }

    /// Reads the value, if the form is still there.
    pub(crate) fn try_with_untracked<U>(self, read: impl FnOnce(&T) -> U) -> Option<U> {
        reading(read, |any| read_signal(self.signal, any))
    }

    pub(crate) fn update_untracked(self, write: impl FnOnce(&mut T)) {
        writing(write, |any| write_signal(self.signal, any));
    }

    /// Changes the value, and tells whoever follows it.
    pub(crate) fn update(self, write: impl FnOnce(&mut T)) {
        if writing(write, |any| write_signal(self.signal, any)).is_some() {
            self.signal.notify();
        }
    }

    pub(crate) fn set(self, value: T) {
        self.update(|before| *before = value);
    }
}

impl<T: Clone + Send + Sync + 'static> Watched<T> {
    /// The value, which is followed.
    pub(crate) fn get(self) -> T {
        self.with(T::clone)
    }

    pub(crate) fn get_untracked(self) -> T {
        self.with_untracked(T::clone)
    }

    /// The value, if the form is still there.
    pub(crate) fn try_get_untracked(self) -> Option<T> {
        self.try_with_untracked(T::clone)
    }
}

impl<T: Default + Send + Sync + 'static> Default for Watched<T> {
    fn default() -> Self {
        Self::new(T::default())
    }
}

impl<T: Send + Sync + 'static> Stored<T> {
    pub(crate) fn new(value: T) -> Self {
        Self {
            value: StoredValue::new(Box::new(value)),
            of: PhantomData,
        }
    }

    pub(crate) fn with_value<U>(self, read: impl FnOnce(&T) -> U) -> U {
        there(reading(read, |any| read_stored(self.value, any)))
    }

    /// Changes the value, if the form is still there.
    pub(crate) fn try_update_value<U>(self, write: impl FnOnce(&mut T) -> U) -> Option<U> {
        writing(write, |any| write_stored(self.value, any))
    }

    pub(crate) fn update_value(self, write: impl FnOnce(&mut T)) {
        self.try_update_value(write);
    }

    pub(crate) fn set_value(self, value: T) {
        self.update_value(|before| *before = value);
    }
}

impl<T: Clone + Send + Sync + 'static> Stored<T> {
    pub(crate) fn get_value(self) -> T {
        self.with_value(T::clone)
    }
}

impl<T: Default + Send + Sync + 'static> Default for Stored<T> {
    fn default() -> Self {
        Self::new(T::default())
    }
}

/// What a [`Derived`] value was worked out to be.
#[derive(Clone)]
struct Made(Arc<dyn Compared>);

/// A value of any type that can be compared with another of its type.
trait Compared: Send + Sync {
    fn as_any(&self) -> &dyn Any;
    fn equals(&self, other: &dyn Any) -> bool;
}

impl<T: PartialEq + Send + Sync + 'static> Compared for T {
    fn as_any(&self) -> &dyn Any {
        self
    }

    fn equals(&self, other: &dyn Any) -> bool {
        other.downcast_ref() == Some(self)
    }
}

impl PartialEq for Made {
    fn eq(&self, other: &Self) -> bool {
        self.0.equals(other.0.as_any())
    }
}

/// What works a value out anew; Leptos hands it the value before.
type Work = Box<dyn Fn(Option<&Made>) -> Made + Send + Sync>;

impl<T: PartialEq + Clone + Send + Sync + 'static> Derived<T> {
    pub(crate) fn new(work: impl Fn() -> T + Send + Sync + 'static) -> Self {
        let work: Work = Box::new(move |_| Made(Arc::new(work())));
        Self {
            memo: Memo::new(work),
            of: PhantomData,
        }
    }

    /// The value, which is followed.
    pub(crate) fn get(self) -> T {
        there(reading(T::clone, |any| read_memo(self.memo, any)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_read_and_written_as_what_it_is() {
        Owner::new().with(|| {
            let (text, number) = (Watched::new("a".to_owned()), Watched::new(1_u32));
            text.update(|text| text.push('b'));
            number.set(2);
            assert_eq!((text.get_untracked(), number.get_untracked()), ("ab".to_owned(), 2));
            let stored = Stored::<Vec<u8>>::default();
            assert_eq!(stored.try_update_value(|bytes| bytes.push(7)), Some(()));
            assert_eq!(stored.get_value(), [7]);
        });
    }

    #[test]
    fn what_is_derived_follows_what_it_is_made_of() {
        Owner::new().with(|| {
            let number = Watched::new(1_u32);
            let even = Derived::new(move || number.get().is_multiple_of(2));
            assert!(!even.get());
            number.set(2);
            assert!(even.get());
        });
    }

    #[test]
    fn what_is_derived_is_news_only_when_it_has_changed() {
        use std::sync::atomic::{AtomicU32, Ordering};
        static WORKED: AtomicU32 = AtomicU32::new(0);
        Owner::new().with(|| {
            let number = Watched::new(2_u32);
            let even = Derived::new(move || number.get().is_multiple_of(2));
            let told = Derived::new(move || {
                WORKED.fetch_add(1, Ordering::Relaxed);
                even.get()
            });
            assert!(told.get());
            number.set(4);
            assert!(told.get());
            assert_eq!(WORKED.load(Ordering::Relaxed), 1);
        });
    }

    #[test]
    fn a_form_that_has_gone_is_not_read() {
        let owner = Owner::new();
        let number = owner.with(|| Watched::new(1_u32));
        assert_eq!(number.try_get_untracked(), Some(1));
        owner.cleanup();
        assert_eq!(number.try_get_untracked(), None);
        // Nobody is told, and nothing breaks.
        number.set(2);
    }
}
