//! Readers of rows take whatever they are given.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;

use dharmagraph_reference_server::frame::{Cell, Frame, Strangers, align};
use dharmagraph_reference_server::models::{ModelKind, TrainingOptions, train};
use proptest::collection::vec;
use proptest::prelude::*;

/// Everything that is done with a frame before and after a model is there.
fn used(frame: Frame) {
    let names = frame.names().to_vec();
    assert!(names.iter().all(|name| frame.column(name).unwrap().values().len() == frame.rows()));
    for kind in ModelKind::ALL {
        let options =
            TrainingOptions { target: names.first().cloned(), group: names.get(1).cloned(), ..TrainingOptions::default() };
        if let Err(error) = train(kind, frame.clone(), &options) {
            assert!(!error.to_string().is_empty());
        }
    }
    let Ok((schema, table)) = frame.clone().into_table() else { return };
    let (aligned, warnings) = align(&frame, &schema, Strangers::Refused).unwrap();
    assert!(warnings.is_empty(), "{warnings:?}");
    let same = |(one, other): (&f64, &f64)| one.to_bits() == other.to_bits() || one.is_nan() && other.is_nan();
    assert!(table.values().iter().zip(aligned.values()).all(same), "a frame is aligned with itself");
}

fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(String::new()),
        "[a-z]{0,3}",
        "-?[0-9]{1,5}(\\.[0-9]{1,3})?",
        Just("NaN".into()),
        Just("1e308".into()),
        Just("inf".into()),
        "\"[^\"]{0,4}\"",
        "\\PC{0,3}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(256) })]

    #[test]
    fn any_bytes_are_a_frame_or_an_error(bytes in vec(any::<u8>(), 0..400)) {
        if let Ok(frame) = Frame::from_csv(&bytes) {
            used(frame);
        }
    }

    #[test]
    fn any_rows_are_a_frame_or_an_error(rows in vec(vec(cell(), 3), 0..12), names in vec("[a-c ]{0,2}", 3), end in "\r?\n") {
        let lines = std::iter::once(&names).chain(&rows).map(|cells| cells.join(",") + &end);
        if let Ok(frame) = Frame::from_csv(lines.collect::<String>().as_bytes()) {
            used(frame);
        }
    }

    #[test]
    fn any_cells_are_a_frame_or_an_error(rows in vec(vec(prop_oneof![
        Just(Cell::Missing), any::<f64>().prop_map(Cell::Number), "\\PC{0,3}".prop_map(Cell::Word),
    ], 0..4), 0..12)) {
        let named = |cells: Vec<Cell>| cells.into_iter().enumerate().map(|(at, cell)| (format!("c{at}"), cell)).collect();
        let rows: Vec<BTreeMap<String, Cell>> = rows.into_iter().map(named).collect();
        if let Ok(frame) = Frame::from_rows(&rows) {
            let _ = frame.into_table();
        }
    }
}
