//! The boosted trees and the detector of several metrics in pipelines of [linfa](https://docs.rs/linfa), behind the feature `linfa`.
//!
//! - [`Boosting`] and [`MultivariateTrainer`] are linfa's `Fit`: a `Dataset` goes in, the crate's own model comes out, the same to the
//!   bit as without linfa. Targets are anything that is an `f64` without loss: `bool`, `f64`, small integers. Weights of the data set
//!   count for the trees, and its feature names become the schema; features are numeric. The detector looks at the records alone.
//! - [`Booster`] and [`MultivariateModel`] are linfa's `Predict`: a number for each row, [`Booster::answer`] or the p-value of the row
//!   for itself. That trait has no place for an error: `NaN` stands for a row that is refused, because of another number of columns
//!   or an infinite value. [`Predictor`](crate::model::Predictor) and [`Detector`] tell why.
//! - [`MultivariateModel`] is linfa's `Transformer`: each value becomes its contribution to the score of its row, or the
//!   error tells why not.
//!
//! Take in the traits of linfa or those of [`model`](crate::model), not both: their methods have the same names.
//!
//! ```
//! use dharmagraph_aiops::boost::Parameters;
//! use linfa::prelude::*;
//! use ndarray::Array2;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let records = Array2::from_shape_fn((400, 2), |(row, column)| (row * (column + 3) % 17) as f64);
//! let failed = records.column(0).mapv(|load| load > 8.0);
//! let data = Dataset::new(records, failed).with_feature_names(vec!["load", "queue"]);
//! let (training, rest) = data.split_with_ratio(0.75);
//!
//! let booster = Parameters::default().check()?.fit(&training)?;
//! let probabilities = booster.predict(&rest).mapv(|probability| Pr::new(probability as f32));
//! assert!(probabilities.roc(&rest.targets.to_vec())?.area_under_curve() > 0.99);
//! # Ok(())
//! # }
//! ```

use ::linfa::dataset::{AsSingleTargets, DatasetBase};
use ::linfa::traits::{Fit, PredictInplace, Transformer};
use ndarray::{Array1, Array2, ArrayBase, ArrayView1, Axis, Data, Ix2};

use crate::anomaly::{AnomalyPoint, MultivariateModel, MultivariateTrainer};
use crate::boost::{Booster, Boosting, Examples};
use crate::data::{Schema, Table};
use crate::error::{Error, Result};
use crate::model::{Detector, Trainer};

impl From<::linfa::Error> for Error {
    fn from(error: ::linfa::Error) -> Self {
        Self::data("data set", "one that linfa can work with", error.to_string())
    }
}

impl<D, T> Fit<ArrayBase<D, Ix2>, T, Error> for Boosting
where
    D: Data<Elem = f64>,
    T: AsSingleTargets,
    T::Elem: Copy + Into<f64>,
{
    type Object = Booster;

    /// As [`Trainer::fit`]. Features without names are called `feature 1`, `feature 2`, ...
    fn fit(&self, dataset: &DatasetBase<ArrayBase<D, Ix2>, T>) -> Result<Booster> {
        let schema = match dataset.feature_names() {
            [] => Schema::numeric((1..=dataset.records.ncols()).map(|number| format!("feature {number}"))),
            names => Schema::numeric(names),
        }?;
        let targets = dataset.targets.as_single_targets().iter().map(|target| (*target).into()).collect();
        let mut examples = Examples::new(schema, Table::from_array(dataset.records.view())?, targets)?;
        if !dataset.weights.is_empty() {
            examples = examples.with_weights(dataset.weights.iter().map(|weight| f64::from(*weight)).collect())?;
        }
        Trainer::fit(self, &examples)
    }
}

impl<D: Data<Elem = f64>, T> Fit<ArrayBase<D, Ix2>, T, Error> for MultivariateTrainer {
    type Object = MultivariateModel;

    /// As [`Trainer::fit`], from the records alone.
    fn fit(&self, dataset: &DatasetBase<ArrayBase<D, Ix2>, T>) -> Result<MultivariateModel> {
        Trainer::fit(self, &Table::from_array(dataset.records.view())?)
    }
}

impl<D: Data<Elem = f64>> PredictInplace<ArrayBase<D, Ix2>, Array1<f64>> for Booster {
    fn predict_inplace(&self, x: &ArrayBase<D, Ix2>, y: &mut Array1<f64>) {
        answer(x, y, |row| self.answer(one(row)?.row(0)));
    }

    fn default_target(&self, x: &ArrayBase<D, Ix2>) -> Array1<f64> {
        Array1::zeros(x.nrows())
    }
}

impl<D: Data<Elem = f64>> PredictInplace<ArrayBase<D, Ix2>, Array1<f64>> for MultivariateModel {
    fn predict_inplace(&self, x: &ArrayBase<D, Ix2>, y: &mut Array1<f64>) {
        answer(x, y, |row| Ok(self.score(&one(row)?)?[0].p_value));
    }

    fn default_target(&self, x: &ArrayBase<D, Ix2>) -> Array1<f64> {
        Array1::zeros(x.nrows())
    }
}

impl<D: Data<Elem = f64>> Transformer<ArrayBase<D, Ix2>, Result<Array2<f64>>> for MultivariateModel {
    /// # Errors
    /// As [`Table::from_array`] and [`Detector::score`].
    fn transform(&self, x: ArrayBase<D, Ix2>) -> Result<Array2<f64>> {
        let points = self.score(&Table::from_array(x.view())?)?;
        let contributions = points.iter().flat_map(|point: &AnomalyPoint| point.contributions.iter().copied());
        Ok(Array2::from_shape_vec(x.dim(), contributions.collect()).map_err(::linfa::Error::from)?)
    }
}

/// The table of one row.
fn one(row: ArrayView1<'_, f64>) -> Result<Table> {
    Table::from_array(row.insert_axis(Axis(0)))
}

/// The answer for each row, `NaN` where there is none.
fn answer<D: Data<Elem = f64>>(
    rows: &ArrayBase<D, Ix2>,
    answers: &mut Array1<f64>,
    ask: impl Fn(ArrayView1<'_, f64>) -> Result<f64>,
) {
    answers.fill(f64::NAN);
    for (row, answer) in rows.outer_iter().zip(answers) {
        *answer = ask(row).unwrap_or(f64::NAN);
    }
}

#[cfg(test)]
mod tests;
