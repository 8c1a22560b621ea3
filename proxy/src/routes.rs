//! One module per path.

mod body;
pub(crate) mod cases;
pub(crate) mod lookups;
pub(crate) mod plain_form;
mod submit;
pub(crate) mod webhooks;
pub(crate) mod widget;
