//! One module per path.

pub(crate) mod cases;
pub(crate) mod lookups;
pub(crate) mod plain_form;
pub(crate) mod webhooks;
pub(crate) mod widget;
