//! Which cases an agent may look up.

use serde::Deserialize;

/// Which cases an agent may look up.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema, serde::Serialize))]
#[serde(rename_all = "kebab-case")]
pub enum Visible {
    /// Those that the agent raised.
    Own,
    /// Those that were raised through this proxy's store.
    #[default]
    RaisedHere,
    /// Those that Wise shows.
    All,
}
