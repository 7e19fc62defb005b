//! What is remembered of series that go on.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use dharmagraph_aiops::anomaly::AnomalyPoint;
use dharmagraph_aiops::data::{Series, Table};
use dharmagraph_aiops::{Error, Result};

use super::Current;
use super::judge::{Judge, Lesson, table};

/// How many streams are remembered: those that were asked about last. Each is of bounded size.
const STREAMS: usize = 1000;
/// The most characters of a name.
const NAME: usize = 200;

/// What is remembered of streams, in memory.
#[derive(Debug, Default)]
pub(crate) struct Streams(Mutex<Shelf>);

#[derive(Debug, Default)]
struct Shelf {
    streams: BTreeMap<String, (u64, Arc<Mutex<Stream>>)>,
    /// Counts the questions.
    turn: u64,
}

#[derive(Debug, Default)]
struct Stream {
    judge: Option<Judge>,
    /// The earliest time of the next point.
    next: Option<i64>,
    /// The distance of its points.
    step: u32,
}

/// The answer about the points that came.
#[derive(Debug)]
pub(crate) struct Heard {
    pub(crate) points: Vec<AnomalyPoint>,
    pub(crate) metrics: Vec<String>,
    pub(crate) rows: Table,
    /// The model that judged, where one was trained.
    pub(crate) trained: Option<Arc<Current>>,
}

impl Streams {
    /// Judges the next points of a stream, which begins with the first that come under its name.
    ///
    /// # Errors
    /// [`Error::Data`] for points that are not after those that came, of another step or other metrics, and what
    /// [`Judge::new`] says. The stream is then as it was.
    pub(crate) fn go_on(
        &self,
        name: &str,
        series: &[Series],
        training_points: Option<usize>,
        rate: f64,
        current: Option<&Arc<Current>>,
    ) -> Result<Heard> {
        let length = name.chars().count();
        if !(1..=NAME).contains(&length) {
            return Err(Error::data("stream_id", format!("1 to {NAME} characters"), length.to_string()));
        }
        let stream = self.stream(name);
        let mut stream = stream.lock().unwrap_or_else(PoisonError::into_inner);
        let first = &series[0];
        if let Some(next) = stream.next {
            if first.step() != stream.step {
                return Err(Error::data("step_seconds", format!("{}, as the stream has", stream.step), first.step().to_string()));
            }
            if first.start < next {
                let what = format!("start of stream {name}");
                let (expected, found) =
                    (format!("{next} s since 1970 or later: after the points that came"), first.start.to_string());
                return Err(Error::data(what, expected, found));
            }
        }
        let mut judge = match stream.judge.take() {
            Some(judge) => judge,
            None => Judge::new(series, training_points.map_or(Lesson::None, Lesson::Points), rate, current)?,
        };
        let judged = table(series, &judge.metrics).and_then(|rows| Ok((judge.points(&rows, rate)?, rows)));
        let (metrics, trained) = (judge.metrics.clone(), judge.trained().cloned());
        // A judge that was refused its rows is as it was: they are checked before the first is judged.
        stream.judge = Some(judge);
        let (points, rows) = judged?;
        stream.next = Some(first.time(rows.rows()));
        stream.step = first.step();
        Ok(Heard { points, metrics, rows, trained })
    }

    /// The stream of this name; the one that was asked about longest ago makes room for a new one.
    fn stream(&self, name: &str) -> Arc<Mutex<Stream>> {
        let mut shelf = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        shelf.turn += 1;
        let turn = shelf.turn;
        if let Some((last, stream)) = shelf.streams.get_mut(name) {
            *last = turn;
            return Arc::clone(stream);
        }
        if shelf.streams.len() >= STREAMS {
            let oldest = shelf.streams.iter().min_by_key(|(_, (last, _))| *last).map(|(name, _)| name.clone());
            oldest.and_then(|name| shelf.streams.remove(&name));
        }
        let stream = Arc::default();
        shelf.streams.insert(name.to_owned(), (turn, Arc::clone(&stream)));
        stream
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series(start: i64, values: impl Iterator<Item = f64>) -> Vec<Series> {
        vec![Series::new("load", None, start, 60, values.collect()).unwrap()]
    }

    fn values(from: u32, to: u32) -> impl Iterator<Item = f64> {
        (from..to).map(|place| f64::from(place * 37 % 100))
    }

    #[test]
    fn a_stream_in_parts_is_judged_as_in_one() {
        let streams = Streams::default();
        let whole = streams.go_on("whole", &series(0, values(0, 300)), None, 0.01, None).unwrap().points;
        let mut parts = streams.go_on("parts", &series(0, values(0, 100)), None, 0.01, None).unwrap().points;
        parts.extend(streams.go_on("parts", &series(100 * 60, values(100, 300)), None, 0.01, None).unwrap().points);
        assert_eq!(parts, whole);
    }

    #[test]
    fn points_that_came_before_and_other_steps_are_refused() {
        let streams = Streams::default();
        streams.go_on("a", &series(0, values(0, 10)), None, 0.01, None).unwrap();
        assert!(streams.go_on("a", &series(9 * 60, values(0, 10)), None, 0.01, None).is_err());
        let other = vec![Series::new("load", None, 600, 30, vec![1.0]).unwrap()];
        assert!(streams.go_on("a", &other, None, 0.01, None).unwrap_err().to_string().contains("60"));
        assert!(streams.go_on("", &series(0, values(0, 1)), None, 0.01, None).is_err());
        streams.go_on("a", &series(600, values(0, 10)), None, 0.01, None).unwrap();
    }

    #[test]
    fn the_stream_that_was_asked_about_longest_ago_makes_room() {
        let streams = Streams::default();
        for name in 0..=STREAMS {
            streams.stream(&name.to_string());
            streams.stream("0");
        }
        let shelf = streams.0.lock().unwrap();
        assert!(shelf.streams.len() == STREAMS && shelf.streams.contains_key("0") && !shelf.streams.contains_key("1"));
    }
}
