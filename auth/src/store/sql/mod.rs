//! What the stores on SQL databases have in common: how rows become records, and how failures become errors.
//!
//! Their statements differ in types and casts alone; both name the columns that they select alike.

mod columns;
mod fault;
mod records;
mod rotation;

pub(in crate::store) use columns::Columns;
pub(in crate::store) use fault::Fault;
#[cfg(feature = "sqlite")]
pub(in crate::store) use records::json_names;
pub(in crate::store) use records::{api_key, audit_record, audit_row, findable, session, signing_key, sized, totp, user};
pub(in crate::store) use rotation::{Verdict, judge};
