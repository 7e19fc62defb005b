//! What stores promise that outlive a process.

pub(crate) mod crash;
pub(crate) mod every;
