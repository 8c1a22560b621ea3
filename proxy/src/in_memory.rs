//! Connections that stay in the memory of this process, for the simulation of form, proxy and Wise. Not in the program that ships.

use std::fmt;
use std::sync::Arc;

use tokio::io::DuplexStream;

/// Where the proxy's calls to Wise go instead of the network.
#[derive(Clone)]
pub struct InMemoryNetwork(Arc<dyn Fn() -> DuplexStream + Send + Sync>);

impl InMemoryNetwork {
    /// A network whose connections are made by `connect`: it returns the proxy's end.
    pub fn new(connect: impl Fn() -> DuplexStream + Send + Sync + 'static) -> Self {
        Self(Arc::new(connect))
    }

    pub(crate) fn connect(&self) -> DuplexStream {
        (self.0)()
    }
}

impl fmt::Debug for InMemoryNetwork {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InMemoryNetwork")
    }
}
