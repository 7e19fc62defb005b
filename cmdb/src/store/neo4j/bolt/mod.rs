//! The Bolt protocol, as far as people's queries need it.
//!
//! The store itself goes through neo4rs. For somebody else's Cypher its newest release lacks what is promised: a transaction
//! that the server itself holds to reading and to a time, columns in the order of RETURN, durations with their months, and
//! a connection that ends, with whatever it was doing, when its future is dropped. Versions 5.1 to 5.4 are spoken, which
//! every Neo4j from 5.5 on knows.

mod address;
mod connection;
mod pack;
mod pool;
mod transport;

pub(super) use address::Address;
pub(super) use connection::{Answer, Connection, Terms};
pub(super) use pool::{Login, Pool, Pooled};

use super::fault::Fault;
use super::value::{Map, Value};
