//! Aggregates. All but `count(*)` leave null out.

mod collected;
mod deviation;
mod extremes;
mod percentile;
mod total;

use self::collected::Collected;
use self::deviation::Deviation;
use self::extremes::Extreme;
use self::percentile::Percentile;
use self::total::{Mean, Total};
use super::{Accumulator, Aggregate, Kinds};
use crate::error::Result;
use crate::evaluate::Context;
use crate::value::Value;

const ADDABLE: Kinds = Kinds::NUMBER.or(Kinds::TEMPORAL);

pub(super) static AGGREGATES: &[Aggregate] = &[
    Aggregate { name: "avg", parameters: &[ADDABLE], result: ADDABLE, start: || Box::new(Mean::default()) },
    Aggregate { name: "collect", parameters: &[Kinds::ANY], result: Kinds::LIST, start: || Box::new(Collected::default()) },
    Aggregate { name: "count", parameters: &[Kinds::ANY], result: Kinds::INTEGER, start: || Box::new(Count::default()) },
    Aggregate { name: "max", parameters: &[Kinds::ANY], result: Kinds::ANY, start: || Box::new(Extreme::largest()) },
    Aggregate { name: "min", parameters: &[Kinds::ANY], result: Kinds::ANY, start: || Box::new(Extreme::smallest()) },
    Aggregate {
        name: "percentilecont",
        parameters: &[Kinds::NUMBER, Kinds::NUMBER],
        result: Kinds::FLOAT,
        start: || Box::new(Percentile::continuous()),
    },
    Aggregate {
        name: "percentiledisc",
        parameters: &[Kinds::NUMBER, Kinds::NUMBER],
        result: Kinds::NUMBER,
        start: || Box::new(Percentile::discrete()),
    },
    Aggregate { name: "stdev", parameters: &[Kinds::NUMBER], result: Kinds::FLOAT, start: || Box::new(Deviation::of_sample()) },
    Aggregate {
        name: "stdevp",
        parameters: &[Kinds::NUMBER],
        result: Kinds::FLOAT,
        start: || Box::new(Deviation::of_population()),
    },
    Aggregate { name: "sum", parameters: &[ADDABLE], result: ADDABLE, start: || Box::new(Total::default()) },
];

/// `count(*)`.
pub(super) static COUNT_ROWS: Aggregate =
    Aggregate { name: "count", parameters: &[], result: Kinds::INTEGER, start: || Box::new(Count::default()) };

/// Counts values, or rows where there is no argument.
#[derive(Debug, Default)]
struct Count(i64);

impl Accumulator for Count {
    fn add(&mut self, arguments: &[Value], _: &Context<'_>) -> Result<()> {
        self.0 += i64::from(arguments.first().is_none_or(|value| !value.is_null()));
        Ok(())
    }

    fn finish(&mut self) -> Result<Value> {
        Ok(Value::Integer(self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::super::{aggregate, count_rows};
    use super::*;
    use crate::evaluate::testing::with_context;

    /// The aggregate of rows with one argument, as JSON.
    fn of<const N: usize>(name: &str, rows: [Value; N]) -> Result<String> {
        of_rows(aggregate(name).unwrap(), &rows.map(|value| vec![value]))
    }

    fn of_rows(aggregate: &Aggregate, rows: &[Vec<Value>]) -> Result<String> {
        with_context(|context| {
            let mut accumulator = (aggregate.start)();
            rows.iter().try_for_each(|row| accumulator.add(row, context))?;
            accumulator.finish().map(|value| value.to_json(context.graph).to_string())
        })
    }

    #[test]
    fn values_are_counted_without_nulls_and_rows_with_them() {
        assert_eq!(of("count", [Value::Null, 1.into(), 1.into()]).unwrap(), "2");
        assert_eq!(of_rows(count_rows(), &[vec![], vec![]]).unwrap(), "2");
    }

    #[test]
    fn sums_stay_integers_as_long_as_they_can_and_do_not_wrap_around() {
        assert_eq!(of("sum", [1.into(), Value::Null, 2.into()]).unwrap(), "3");
        assert_eq!(of("sum", [Value::from(1), 0.5.into()]).unwrap(), "1.5");
        assert_eq!(of("sum", []).unwrap(), "0");
        assert!(of("sum", [Value::from(i64::MAX), 1.into()]).unwrap_err().to_string().contains("64 bits"));
        assert!(of("sum", ["a".into()]).unwrap_err().to_string().contains("found the string 'a'"));
    }

    #[test]
    fn means_are_floats_and_nothing_has_none() {
        assert_eq!(of("avg", [Value::from(100), 500.into(), 64.into(), 20.into()]).unwrap(), "171.0");
        assert_eq!(of("avg", [Value::from(i64::MAX), i64::MAX.into()]).unwrap(), "9.223372036854776e+18");
        assert_eq!(of("avg", [Value::Null]).unwrap(), "null");
    }

    #[test]
    fn durations_are_added_but_dates_and_numbers_are_not_added_to_them() {
        let temporal = |function: &str, text: &str| {
            with_context(|context| (crate::functions::function(function).unwrap().call)(&[text.into()], context).unwrap())
        };
        let days = || [temporal("duration", "P1D"), Value::Null, temporal("duration", "P3D")];
        assert_eq!(of("sum", days()).unwrap(), r#""P4D""#);
        assert_eq!(of("avg", days()).unwrap(), r#""P2D""#);
        let mixed = || [temporal("duration", "P1D"), 1.into()];
        for rows in [mixed(), [temporal("date", "2024-01-01"), Value::Null]] {
            assert!(of("avg", rows.clone()).unwrap_err().to_string().contains("only durations"));
            assert!(of("sum", rows).is_err());
        }
    }

    #[test]
    fn extremes_follow_the_order_of_all_values() {
        let mixed = || [Value::from(1), "a".into(), Value::Null, Value::from(vec![1, 2]), 0.2.into(), "b".into()];
        assert_eq!(of("max", mixed()).unwrap(), "1");
        assert_eq!(of("min", mixed()).unwrap(), "[1,2]");
        assert_eq!(of("min", []).unwrap(), "null");
    }

    #[test]
    fn what_is_collected_is_not_null() {
        assert_eq!(of("collect", [1.into(), Value::Null, "a".into()]).unwrap(), r#"[1,"a"]"#);
        assert_eq!(of("collect", [Value::Null]).unwrap(), "[]");
    }

    #[test]
    fn deviations_are_of_a_sample_or_of_all() {
        let values = || [2, 4, 4, 4, 5, 5, 7, 9].map(Value::from);
        assert_eq!(of("stDevP", values()).unwrap(), "2.0");
        assert_eq!(of("stDev", values()).unwrap(), "2.138089935299395");
        assert_eq!(of("stDev", [1.into()]).unwrap(), "0.0");
    }

    #[test]
    fn percentiles_are_one_of_the_values_or_between_two() {
        let rows = |percentile: f64| [100, 500, 64, 20].map(|value| vec![Value::from(value), percentile.into()]);
        let percentile = |name, at| of_rows(aggregate(name).unwrap(), &rows(at));
        assert_eq!(percentile("percentileDisc", 0.5).unwrap(), "64");
        assert_eq!(percentile("percentileDisc", 0.0).unwrap(), "20");
        assert_eq!(percentile("percentileDisc", 1.0).unwrap(), "500");
        assert_eq!(percentile("percentileCont", 0.5).unwrap(), "82.0");
        assert!(percentile("percentileCont", 1.1).unwrap_err().to_string().contains("from 0.0 to 1.0"));
    }
}
