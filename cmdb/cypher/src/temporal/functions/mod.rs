//! The functions that make temporal values.

mod duration;
mod point;

use duration::{between, duration};
use point::{construct, current, from_epoch, truncate};

use super::between::Units;
use super::parts::Kind;
use crate::error::Result;
use crate::evaluate::Context;
use crate::functions::{Function, Kinds};
use crate::value::Value;

/// What a constructor takes.
const SOURCE: &[Kinds] = &[Kinds::STRING.or(Kinds::MAP).or(Kinds::TEMPORAL)];

/// A time zone.
const ZONE: &[Kinds] = &[Kinds::STRING];

/// The unit, the value and other components.
const TRUNCATION: &[Kinds] = &[Kinds::STRING, Kinds::TEMPORAL, Kinds::MAP];

/// Two points in time.
const PAIR: &[Kinds] = &[Kinds::TEMPORAL, Kinds::TEMPORAL];

/// All of them, names in lower case. A null among the arguments gives null.
pub(crate) static FUNCTIONS: &[Function] = &[
    function("date", SOURCE, 0, |arguments, context| construct(Kind::Date, arguments, context)),
    function("date.transaction", ZONE, 0, |arguments, context| current(Kind::Date, arguments, context)),
    function("date.statement", ZONE, 0, |arguments, context| current(Kind::Date, arguments, context)),
    function("date.realtime", ZONE, 0, |arguments, context| current(Kind::Date, arguments, context)),
    function("date.truncate", TRUNCATION, 1, |arguments, context| truncate(Kind::Date, arguments, context)),
    function("localtime", SOURCE, 0, |arguments, context| construct(Kind::LocalTime, arguments, context)),
    function("localtime.transaction", ZONE, 0, |arguments, context| current(Kind::LocalTime, arguments, context)),
    function("localtime.statement", ZONE, 0, |arguments, context| current(Kind::LocalTime, arguments, context)),
    function("localtime.realtime", ZONE, 0, |arguments, context| current(Kind::LocalTime, arguments, context)),
    function("localtime.truncate", TRUNCATION, 1, |arguments, context| truncate(Kind::LocalTime, arguments, context)),
    function("time", SOURCE, 0, |arguments, context| construct(Kind::Time, arguments, context)),
    function("time.transaction", ZONE, 0, |arguments, context| current(Kind::Time, arguments, context)),
    function("time.statement", ZONE, 0, |arguments, context| current(Kind::Time, arguments, context)),
    function("time.realtime", ZONE, 0, |arguments, context| current(Kind::Time, arguments, context)),
    function("time.truncate", TRUNCATION, 1, |arguments, context| truncate(Kind::Time, arguments, context)),
    function("localdatetime", SOURCE, 0, |arguments, context| construct(Kind::LocalDateTime, arguments, context)),
    function("localdatetime.transaction", ZONE, 0, |arguments, context| current(Kind::LocalDateTime, arguments, context)),
    function("localdatetime.statement", ZONE, 0, |arguments, context| current(Kind::LocalDateTime, arguments, context)),
    function("localdatetime.realtime", ZONE, 0, |arguments, context| current(Kind::LocalDateTime, arguments, context)),
    function("localdatetime.truncate", TRUNCATION, 1, |arguments, context| truncate(Kind::LocalDateTime, arguments, context)),
    function("datetime", SOURCE, 0, |arguments, context| construct(Kind::DateTime, arguments, context)),
    function("datetime.transaction", ZONE, 0, |arguments, context| current(Kind::DateTime, arguments, context)),
    function("datetime.statement", ZONE, 0, |arguments, context| current(Kind::DateTime, arguments, context)),
    function("datetime.realtime", ZONE, 0, |arguments, context| current(Kind::DateTime, arguments, context)),
    function("datetime.truncate", TRUNCATION, 1, |arguments, context| truncate(Kind::DateTime, arguments, context)),
    function("datetime.fromepoch", &[Kinds::INTEGER, Kinds::INTEGER], 2, |arguments, _| from_epoch(1_000_000_000, arguments)),
    function("datetime.fromepochmillis", &[Kinds::INTEGER], 1, |arguments, _| from_epoch(1_000_000, arguments)),
    function("duration", SOURCE, 1, |arguments, _| duration(arguments)),
    function("duration.between", PAIR, 2, |arguments, _| between(Units::All, arguments)),
    function("duration.inmonths", PAIR, 2, |arguments, _| between(Units::Months, arguments)),
    function("duration.indays", PAIR, 2, |arguments, _| between(Units::Days, arguments)),
    function("duration.inseconds", PAIR, 2, |arguments, _| between(Units::Seconds, arguments)),
];

const fn function(
    name: &'static str,
    parameters: &'static [Kinds],
    least: usize,
    call: fn(&[Value], &Context<'_>) -> Result<Value>,
) -> Function {
    Function { name, parameters, least, repeats: false, result: Kinds::TEMPORAL, call }
}
