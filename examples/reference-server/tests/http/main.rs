//! The server over HTTP, as a caller meets it.

#[cfg(test)]
mod discovery;
#[cfg(test)]
mod graph;
#[cfg(test)]
mod inventory;
#[cfg(test)]
mod problems;
#[cfg(test)]
mod process;
#[cfg(test)]
mod service;
#[cfg(test)]
mod support;
