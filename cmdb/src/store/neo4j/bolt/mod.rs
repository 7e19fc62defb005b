//! The Bolt protocol: how one speaks with Neo4j.
//!
//! Versions 5.1 to 5.4, which every Neo4j from 5.5 on speaks. Written here because what the store promises needs what no
//! released driver has: columns in the order of RETURN, transactions that the server itself holds to reading and to a
//! time, and connections that end, with whatever they were doing, when their future is dropped.

mod address;
mod connection;
mod fault;
mod pack;
mod pool;
mod transport;
mod value;

pub(super) use address::Address;
pub(super) use connection::{Access, Answer, Connection, Terms};
pub(super) use fault::Fault;
pub(super) use pool::{Login, Pool, Pooled};
pub(super) use value::{Fields, Map, Value};
