//! What each member would have said in the past, and how far off it was.

use super::members::Member;
use super::order::weighted_quantile;
use super::shift::Shift;

/// From how many origins in the past forecasts are made, if the series is long enough: for a short reach from more.
const ORIGINS: (usize, usize) = (14, 56);
/// How many steps these forecasts make together at least, if [`ORIGINS`] allows it.
const STEPS: usize = 336;
/// How many parts of the horizon have weights of their own: a member may be good at first and bad later.
const BLOCKS: usize = 12;
/// Weights are one over the mean absolute error to this power.
const POWER: i32 = 4;
/// Errors within this share of the best are taken as equally small.
const CLOSE: f64 = 1e-3;
/// Members below this weight are not heard in a block: some tens of them do not move the median.
const HEARD: f64 = 1e-3;
/// Below this, in units of the largest value, an error is rounding.
const ROUNDING: f64 = 1e-12;
/// What an origin before a level shift counts.
const BEFORE_SHIFT: f64 = 0.25;

/// Forecasts of every member from rolling origins (Tashman, 2000), and from the end.
#[derive(Debug)]
pub(super) struct Backtest {
    /// The members' names, in order.
    pub(super) names: Vec<String>,
    /// For how many steps the past can tell; the horizon, or less for a short series.
    pub(super) reach: usize,
    origins: Vec<Origin>,
    /// One forecast over the whole horizon for each member; `None` for one that could not.
    ahead: Vec<Option<Vec<f64>>>,
}

/// One origin: what it counts, and what each member said.
#[derive(Debug)]
struct Origin {
    weight: f64,
    /// What came, `None` where it is missing.
    truth: Vec<Option<f64>>,
    forecasts: Vec<Option<Vec<f64>>>,
    /// The mean absolute error for each member and block; `None` where there is none.
    errors: Vec<[Option<f64>; BLOCKS]>,
    /// Whether anything came in each block.
    known: [bool; BLOCKS],
}

/// What was off by how much, from one origin.
#[derive(Debug)]
pub(super) struct Residuals {
    /// What the origin counts.
    pub(super) weight: f64,
    /// What came minus what the ensemble of weights from the other origins said; `None` where nothing came.
    pub(super) errors: Vec<Option<f64>>,
}

impl Backtest {
    /// Lets every member forecast from each origin and from the end. The series has at least four values; its seasons come
    /// shortest first.
    pub(super) fn new(
        mut members: Vec<Box<dyn Member>>,
        values: &[f64],
        observed: &[bool],
        horizon: usize,
        seasons: &[usize],
        shift: Option<Shift>,
    ) -> Self {
        let count = values.len();
        let reach = horizon.min((count / 3).max(1));
        let learnt = (2 * seasons.last().copied().unwrap_or(1) + 2).min(count / 2).max(3);
        let number = (STEPS / reach).clamp(ORIGINS.0, ORIGINS.1);
        // Each phase of the shortest season has its turn.
        let step = (reach / 2).max(2 * seasons.first().copied().unwrap_or(1) / number).max(1);
        let mut starts: Vec<usize> =
            (0..number).map_while(|back| (count - reach).checked_sub(back * step)).filter(|start| *start >= learnt).collect();
        starts.reverse();
        let mut origins = Vec::with_capacity(starts.len());
        for start in starts {
            let forecasts = all(&mut members, &values[..start], reach);
            let truth: Vec<Option<f64>> = (start..start + reach).map(|place| observed[place].then_some(values[place])).collect();
            let errors: Vec<_> = forecasts.iter().map(|forecast| errors(forecast.as_deref(), &truth)).collect();
            let known = std::array::from_fn(|block| errors.iter().any(|errors| errors[block].is_some()));
            let weight = if shift.is_some_and(|shift| start < shift.at) { BEFORE_SHIFT } else { 1.0 };
            origins.push(Origin { weight, truth, forecasts, errors, known });
        }
        let names = members.iter().map(|member| member.name()).collect();
        let ahead = all(&mut members, values, horizon);
        Self { names, reach, origins, ahead }
    }

    /// The forecast of the ensemble, and the mean weight of each member in it.
    pub(super) fn forecast(&self, horizon: usize) -> (Vec<f64>, Vec<f64>) {
        let weights = self.weights(None, &self.ahead);
        let forecast = self.combine(&self.ahead, &weights, horizon);
        let steps = || (0..horizon).map(|step| block(step, self.reach));
        let mean = weights.iter().map(|blocks| steps().map(|block| blocks[block]).sum::<f64>() / horizon as f64).collect();
        (forecast, mean)
    }

    /// How far off the ensemble was from each origin, with the weights that the other origins give: those of its own would look
    /// better than they are.
    pub(super) fn residuals(&self) -> Vec<Residuals> {
        let of = |(number, origin): (usize, &Origin)| {
            let weights = self.weights(Some(number), &origin.forecasts);
            let forecast = self.combine(&origin.forecasts, &weights, self.reach);
            let errors = origin.truth.iter().zip(forecast).map(|(truth, said)| truth.map(|truth| truth - said)).collect();
            Residuals { weight: origin.weight, errors }
        };
        self.origins.iter().enumerate().map(of).collect()
    }

    /// Weights for each member and block, which sum to 1 for each block, of those that can forecast and could from at least half
    /// of the origins; from all origins but one.
    fn weights(&self, without: Option<usize>, forecasts: &[Option<Vec<f64>>]) -> Vec<[f64; BLOCKS]> {
        let mut weights = vec![[0.0; BLOCKS]; forecasts.len()];
        for block in 0..BLOCKS {
            let error = |member: usize| {
                forecasts[member].as_ref()?;
                let (mut sum, mut counted, mut whole) = (0.0, 0.0, 0.0);
                for (number, origin) in self.origins.iter().enumerate() {
                    if Some(number) == without || !origin.known[block] {
                        continue;
                    }
                    whole += origin.weight;
                    if let Some(error) = origin.errors[member][block] {
                        sum += error * origin.weight;
                        counted += origin.weight;
                    }
                }
                (counted > 0.0 && counted >= 0.5 * whole).then_some(sum / counted)
            };
            let errors: Vec<Option<f64>> = (0..forecasts.len()).map(error).collect();
            let least = errors.iter().flatten().copied().fold(f64::INFINITY, f64::min);
            // Nothing to tell members apart by: all alike.
            let blind = !least.is_finite();
            let floor = CLOSE * least + ROUNDING;
            for (member, weight) in weights.iter_mut().enumerate() {
                weight[block] = match errors[member] {
                    Some(error) => ((least + floor) / (error + floor)).powi(POWER),
                    None => f64::from(u8::from(blind && forecasts[member].is_some())),
                };
            }
            let sum: f64 = weights.iter().map(|weight| weight[block]).sum();
            weights.iter_mut().for_each(|weight| weight[block] /= sum.max(f64::MIN_POSITIVE));
        }
        weights
    }

    /// The weighted median, which a member that goes wild does not move; beyond the reach with the weights of its last block.
    fn combine(&self, forecasts: &[Option<Vec<f64>>], weights: &[[f64; BLOCKS]], horizon: usize) -> Vec<f64> {
        let mut said = Vec::with_capacity(forecasts.len());
        let median = |step: usize| {
            let block = block(step, self.reach);
            said.clear();
            said.extend(forecasts.iter().zip(weights).filter_map(|(forecast, weights)| {
                let forecast = forecast.as_ref().filter(|_| weights[block] >= HEARD)?;
                Some((forecast[step], weights[block]))
            }));
            weighted_quantile(&mut said, 0.5).unwrap_or(0.0)
        };
        (0..horizon).map(median).collect()
    }
}

/// The block of a step.
fn block(step: usize, reach: usize) -> usize {
    (step * BLOCKS / reach).min(BLOCKS - 1)
}

/// The forecast of each member.
fn all(members: &mut [Box<dyn Member>], history: &[f64], horizon: usize) -> Vec<Option<Vec<f64>>> {
    let forecast = |member: &mut Box<dyn Member>| {
        let mut out = vec![0.0; horizon];
        (member.forecast(history, &mut out) && out.iter().all(|value| value.is_finite())).then_some(out)
    };
    members.iter_mut().map(forecast).collect()
}

/// The mean absolute error in each block.
fn errors(forecast: Option<&[f64]>, truth: &[Option<f64>]) -> [Option<f64>; BLOCKS] {
    let (mut sums, mut counts) = ([0.0; BLOCKS], [0.0; BLOCKS]);
    for (step, (said, came)) in forecast.unwrap_or_default().iter().zip(truth).enumerate() {
        if let Some(came) = came {
            sums[block(step, truth.len())] += (said - came).abs();
            counts[block(step, truth.len())] += 1.0;
        }
    }
    std::array::from_fn(|block| (counts[block] > 0.0).then(|| sums[block] / counts[block]))
}

#[cfg(test)]
mod tests {
    use super::super::members::{Adjusted, Adjustment, Last};
    use super::*;

    /// Says what it is told to.
    #[derive(Debug)]
    struct Always(f64);

    impl Member for Always {
        fn name(&self) -> String {
            self.0.to_string()
        }

        fn forecast(&mut self, _: &[f64], out: &mut [f64]) -> bool {
            out.fill(self.0);
            true
        }
    }

    fn season() -> Box<dyn Member> {
        Box::new(Adjusted { season: 4, repeats: 1, adjustment: Adjustment::None })
    }

    fn wave(count: usize) -> Vec<f64> {
        (0..count).map(|place| [0.0, 0.5, 1.0, 0.5][place % 4]).collect()
    }

    #[test]
    fn the_member_that_was_right_is_heard() {
        let values = wave(80);
        let backtest = Backtest::new(vec![Box::new(Last), season()], &values, &[true; 80], 7, &[4], None);
        let (forecast, weights) = backtest.forecast(7);
        assert_eq!(forecast, values[..7]);
        // A whole season ahead, the last value is as right.
        assert!(weights[1] > 0.9, "{weights:?}");
        assert!(backtest.residuals().iter().all(|origin| origin.errors.iter().flatten().all(|error| *error == 0.0)));
    }

    #[test]
    fn a_wild_or_infinite_member_moves_nothing() {
        let values = wave(80);
        let members: Vec<Box<dyn Member>> = vec![season(), Box::new(Always(1e9)), Box::new(Always(f64::INFINITY))];
        let (forecast, weights) = Backtest::new(members, &values, &[true; 80], 30, &[4], None).forecast(30);
        assert_eq!(forecast, wave(30));
        assert_eq!(weights[2], 0.0);
    }

    #[test]
    fn the_reach_of_a_short_series_is_less_than_the_horizon_and_missing_values_are_no_errors() {
        let values = wave(12);
        let mut observed = [true; 12];
        observed[10] = false;
        let backtest = Backtest::new(vec![season()], &values, &observed, 10, &[], None);
        assert_eq!(backtest.reach, 4);
        let residuals = backtest.residuals();
        assert_eq!(residuals.last().unwrap().errors, [Some(0.0), Some(0.0), None, Some(0.0)]);
        assert_eq!(backtest.forecast(10).0, wave(10));
    }

    #[test]
    fn origins_before_a_shift_count_less() {
        let backtest = Backtest::new(vec![season()], &wave(80), &[true; 80], 8, &[4], Some(Shift { at: 60, by: 1.0 }));
        let weights: Vec<f64> = backtest.residuals().iter().map(|origin| origin.weight).collect();
        assert_eq!((weights.first(), weights.last()), (Some(&BEFORE_SHIFT), Some(&1.0)));
    }
}
