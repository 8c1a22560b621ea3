//! One module per path.

pub(crate) mod cases;
pub(crate) mod widget;
