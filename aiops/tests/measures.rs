//! The measures against the figures of the programs that define them, on numbers that anyone can make again.

use dharmagraph_aiops::evaluate::classification::average_precision;
use dharmagraph_aiops::evaluate::{
    NabSeries, coverage, mean_interval_score, nab_score, naive2, range_areas, scaled_error, seasonal_scale,
    symmetric_percentage_error,
};

#[track_caller]
fn near(found: f64, expected: f64) {
    assert!((found - expected).abs() < 1e-9, "expected {expected}, found {found}");
}

/// Scores that look like chance.
fn scores(count: usize, factor: usize, modulus: usize) -> Vec<f64> {
    (0..count).map(|place| (place * factor % modulus) as f64 / modulus as f64).collect()
}

fn labels(count: usize, ranges: &[(usize, usize)]) -> Vec<bool> {
    (0..count).map(|place| ranges.iter().any(|(begin, end)| (*begin..*end).contains(&place))).collect()
}

/// TSB-AD 1.5, `generate_curve(label, score, window, 'opt', 250)`, and scikit-learn 1.9's `average_precision_score`.
#[test]
fn areas_are_those_of_tsb_ad() {
    type Case = ([usize; 3], Vec<(usize, usize)>, f64, Vec<(usize, f64, f64)>);
    let cases: [Case; 3] = [
        (
            [1000, 7919, 1009],
            vec![(100, 130), (400, 405), (700, 701), (900, 960)],
            0.0936083782131277,
            vec![
                (0, 0.4912022953539824, 0.09468501492307058),
                (10, 0.5398712125137467, 0.10985926396680744),
                (25, 0.6086024640474625, 0.1379761961447947),
                (100, 0.7688811450725646, 0.26082805551761906),
            ],
        ),
        // Many equal scores, and ranges at both ends.
        (
            [600, 577, 61],
            vec![(0, 20), (250, 300), (590, 600)],
            0.13804904229179518,
            vec![
                (0, 0.509707532051282, 0.13867404229179517),
                (16, 0.5591972974218009, 0.1583306071870953),
                (125, 0.755155409817895, 0.31497297471475816),
            ],
        ),
        ([300, 7919, 307], vec![(150, 160)], 0.057753576533622494, vec![(40, 0.7404199331880499, 0.11380608300236138)]),
    ];
    for ([count, factor, modulus], ranges, precision, windows) in cases {
        let (scores, labels) = (scores(count, factor, modulus), labels(count, &ranges));
        near(average_precision(&scores, &labels), precision);
        for (window, operating, precision) in windows {
            let areas = range_areas(&labels, &scores, window).unwrap();
            near(areas.receiver_operating, operating);
            near(areas.precision_recall, precision);
        }
    }
}

/// The sweeper of numenta/NAB, version 1.1, with the weights of the standard profile, over the three series at once.
#[test]
fn the_nab_score_is_that_of_the_benchmark() {
    let raised = |count, factor, modulus, windows: &[(usize, usize)], by: f64| -> Vec<f64> {
        let mut scores: Vec<f64> = scores(count, factor, modulus).into_iter().map(|score| 0.6 * score).collect();
        for (begin, end) in windows {
            let late = begin + (end - begin - 1) / 3;
            (late..*end).step_by(7).for_each(|place| scores[place] += by);
        }
        scores
    };
    let (first, second) = ([(200, 240), (600, 660), (900, 910)], [(400, 450)]);
    for (by, expected, false_alarms) in [((0.3, 0.2), 67.62428455921773, 0), ((0.02, 0.015), 11.043025439670783, 9)] {
        let scores =
            [raised(1000, 7919, 1009, &first, by.0), raised(700, 577, 701, &second, by.1), raised(6000, 3571, 6007, &[], 0.0)];
        let labels = [labels(1000, &first), labels(700, &second), labels(6000, &[])];
        let series = [0, 1, 2].map(|at| NabSeries { scores: &scores[at], labels: &labels[at], probation: [150, 105, 750][at] });
        let found = nab_score(&series).unwrap();
        near(found.score, expected);
        assert_eq!((found.windows, found.false_alarms), (4, false_alarms));
    }
}

/// The competition's R functions (`Benchmarks and Evaluation.R` of M4-methods) followed in numpy.
#[test]
fn forecasts_are_measured_as_the_m4_competition_does() {
    let value = |place: usize| {
        let noise = (place * 7919 % 101) as f64 / 101.0;
        100.0 + 50.0 * ((place % 24) as f64 / 24.0) + 20.0 * noise + 0.1 * place as f64
    };
    let history: Vec<f64> = (0..221).map(value).collect();
    let truth: Vec<f64> = (221..251).map(value).collect();
    let forecast = naive2(&history, 24, 30);
    near(forecast[0], 139.36257169609283);
    near(forecast[7], 155.29127621391694);
    near(forecast[29], 148.58506239661438);
    let scale = seasonal_scale(&history, 24);
    near(scale, 6.503090918228879);
    near(symmetric_percentage_error(&forecast, &truth), 3.874341553935319);
    near(scaled_error(&forecast, &truth, scale), 0.9184725067831285);
    let intervals: Vec<(f64, f64)> = forecast.iter().map(|value| (value - 10.0, value + 12.0)).collect();
    near(mean_interval_score(&intervals, &truth, 0.95, scale), 4.112495420141328);
    near(coverage(&intervals, &truth), 26.0 / 30.0);
}
