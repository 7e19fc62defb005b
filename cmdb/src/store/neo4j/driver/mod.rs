//! What the store itself sends and reads, through neo4rs.
//!
//! neo4rs gives the columns of a row in no order, so each statement returns one list, named [`RECORD`].

mod convert;
mod fault;
mod server;
mod session;

pub(super) use server::Server;
pub(super) use session::Session;

/// The only column of every statement that returns something.
const RECORD: &str = "record";
