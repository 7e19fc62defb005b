//! What the stores on SQL databases have in common: how rows become records, and how failures become errors.
//!
//! Their statements differ in types and casts alone; both name the columns that they select alike.

mod columns;
mod fault;
mod records;
mod rotation;

pub(in crate::store) use columns::Columns;
pub(in crate::store) use fault::Fault;
pub(in crate::store) use records::{
    api_key, audit_record, audit_row, findable, json_names, session, signing_key, sized, totp, user,
};
pub(in crate::store) use rotation::{Verdict, judge};
